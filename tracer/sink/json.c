/* json.c: the event stream as it is, one JSON object a line. The stream is always English, whatever
 * the user's language: sentences are made under the C locale, for this thread and this moment. */
#include <locale.h>

#include "base/i18n.h"
#include "sink/sinks.h"

enum {
	LINE_MAX_BYTES = 32 * 1024, /* an event's members with every byte escaped, and its bytes */
	SENTENCES_MAX = 4096,
	WHY_MAX = 512,
};

struct json_state {
	locale_t english; /* (locale_t)0: not to be had, then the sentences stay as they come */
};

static void json_start(struct sink *sink)
{
	struct json_state *state = sink->state;
	state->english = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

/* All sentences of one event. */
struct sentences {
	char explanation[SENTENCES_MAX];
	char why[DIAGNOSES_MAX][WHY_MAX];
	struct event_words words;
};

static void explain_in_english(const struct json_state *state, const struct event *event,
                               struct sentences *s)
{
	struct explanation explanation;
	struct text text = text_of(s->explanation, sizeof s->explanation);
	unsigned n = event->kind == EVENT_SEGMENT ? event->segment.n_diagnoses : 0;
	locale_t before = uselocale(state->english); /* with 0 it only asks */
	s->words = (struct event_words){.explanation = s->explanation};
	explain_event(&explanation, event);
	text_clear(&explanation.why); /* it stands with the diagnoses */
	explain_join(&explanation, &text);
	for (unsigned i = 0; i < n && i < DIAGNOSES_MAX; i++) {
		struct text why = text_of(s->why[i], sizeof s->why[i]);
		explain_diagnosis(&why, event, i);
		s->words.why[i] = s->why[i];
	}
	(void)uselocale(before); /* what was in use cannot be refused */
}

static void json_event(struct sink *sink, const struct event *event)
{
	struct text *t = out_room(&sink->out, LINE_MAX_BYTES);
	struct sentences sentences;
	if (!sink->options.explain) {
		event_write(t, event, NULL);
		return;
	}
	explain_in_english(sink->state, event, &sentences);
	event_write_words(t, event, &sentences.words);
}

static void json_finish(struct sink *sink)
{
	struct json_state *state = sink->state;
	if (state->english != (locale_t)0)
		freelocale(state->english);
}

const struct sink_type sink_json = {
        .name = "json",
        .help = N_("one JSON object a line, for programs"),
        .state_size = sizeof(struct json_state),
        .start = json_start,
        .event = json_event,
        .finish = json_finish,
};
