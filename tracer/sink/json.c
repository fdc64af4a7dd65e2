/* json.c: the event stream as it is, one JSON object a line. The stream is always English, whatever
 * the user's language: sentences are made under the C locale, for this thread and this moment. */
#include <locale.h>

#include "base/i18n.h"
#include "sink/sinks.h"

enum {
	LINE_MAX_BYTES = 32 * 1024, /* an event's members with every byte escaped, and its bytes */
	SENTENCES_MAX = 4096,
};

struct json_state {
	locale_t english; /* (locale_t)0: not to be had, then the sentences stay as they come */
};

static void json_start(struct sink *sink)
{
	struct json_state *state = sink->state;
	state->english = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

static void explain_in_english(const struct json_state *state, const struct event *event,
                               struct text *t)
{
	struct explanation explanation;
	locale_t before = uselocale(state->english); /* with 0 it only asks */
	explain_event(&explanation, event);
	explain_join(&explanation, t);
	(void)uselocale(before); /* what was in use cannot be refused */
}

static void json_event(struct sink *sink, const struct event *event)
{
	struct text *t = out_room(&sink->out, LINE_MAX_BYTES);
	if (!sink->options.explain) {
		event_write(t, event, NULL);
		return;
	}
	TEXT(sentences, SENTENCES_MAX);
	explain_in_english(sink->state, event, &sentences);
	event_write(t, event, sentences.len > 0 ? sentences.bytes : NULL);
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
