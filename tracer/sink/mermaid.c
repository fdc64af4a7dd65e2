/* mermaid.c: a sequence diagram in Mermaid's language, for Markdown pages
 * (https://mermaid.js.org/syntax/sequenceDiagram.html). Each connection has two participants of its
 * own, so that both ends of loopback stay apart. */
#include <string.h>

#include "base/i18n.h"
#include "sink/label.h"
#include "sink/ladder_words.h"
#include "sink/notation.h"
#include "sink/sinks.h"
#include "sink/talks.h"
#include "sink/timeline.h"

enum { ROOM = 32 * 1024, LABEL_COLUMNS = 60, WORDS_MAX = 8 * EVENT_TEXT_MAX + 256 };

struct mermaid_state {
	struct timeline timeline;
	bool any;           /* connection: there are participants */
	uint32_t stream;    /* the latest that was opened: where notes go */
	struct talks talks; /* of datagrams and ICMP */
};

/* The number of the participants that exchange datagrams. */
static const uint32_t no_connection = UINT32_MAX;

/* Characters that mean something to Mermaid, or to the HTML that it makes, as entities by number.
 */
static void add_escaped(struct text *t, const struct text *words)
{
	for (size_t i = 0; i < words->len; i++) {
		char c = words->bytes[i];
		if (memchr("#;%&<>\"`\\{}", c, 11)) {
			text_add_char(t, '#');
			text_add_uint(t, (unsigned char)c);
			text_add_char(t, ';');
		} else {
			text_add_char(t, c);
		}
	}
}

static void add_participant(struct text *t, enum side side, uint32_t stream)
{
	text_add(t, side_name(side));
	if (stream != no_connection)
		text_add_uint(t, stream);
}

/* ---- notes ---- */

static void note_over(struct text *t, const struct mermaid_state *state, const struct text *words)
{
	if (!state->any || words->len == 0)
		return; /* there is nobody yet to hang it on */
	text_add(t, "    Note over ");
	add_participant(t, CLIENT, state->stream);
	text_add_char(t, ',');
	add_participant(t, SERVER, state->stream);
	text_add(t, ": ");
	add_escaped(t, words);
	text_add_char(t, '\n');
}

static void note_beside(struct text *t, uint32_t stream, enum side side, const struct text *words)
{
	text_add(t, side == CLIENT ? "    Note left of " : "    Note right of ");
	add_participant(t, side, stream);
	text_add(t, ": ");
	add_escaped(t, words);
	text_add_char(t, '\n');
}

/* ---- rows ---- */

static void declare(struct text *t, uint32_t stream, const struct endpoint ends[N_SIDES],
                    bool guessed)
{
	for (enum side side = CLIENT; side < N_SIDES; side++) {
		TEXT(head, 128);
		ladder_head(&head, ends, side, guessed);
		text_add(t, "    participant ");
		add_participant(t, side, stream);
		text_add(t, " as ");
		add_escaped(t, &head);
		text_add_char(t, '\n');
	}
}

static void connection_row(struct mermaid_state *state, struct text *t, const struct event *event)
{
	const struct connection *c = &event->connection;
	enum side side;
	TEXT(words, WORDS_MAX);
	(void)talks_side(&state->talks, event, &side); /* remembers who began */
	if (c->action == CONNECTION_OPENED) {
		state->any = true;
		state->stream = c->stream;
		declare(t, c->stream, c->ends, c->roles_guessed);
		return;
	}
	struct mermaid_state own = {.any = state->any, .stream = c->stream};
	notation_event(&words, event);
	note_over(t, &own, &words);
}

static void arrow(struct text *t, uint32_t stream, enum side from, bool lost,
                  const struct text *words)
{
	text_add(t, "    ");
	add_participant(t, from, stream);
	text_add(t, lost ? "-x" : "->>");
	add_participant(t, side_other(from), stream);
	text_add(t, ": ");
	add_escaped(t, words);
	text_add_char(t, '\n');
}

static void segment_row(struct mermaid_state *state, struct text *t, const struct event *event)
{
	const struct segment *s = &event->segment;
	TEXT(words, 512);
	text_add_ms(&words, timeline_elapsed(&state->timeline, event));
	text_add(&words, " ms ");
	label_add(&words, event, LABEL_COLUMNS);
	arrow(t, s->stream, s->from, ladder_is_lost(event), &words);
	for (enum side side = CLIENT; side < N_SIDES; side++) {
		const char *new_state = ladder_state(s, side);
		if (!new_state)
			continue;
		text_clear(&words);
		text_add(&words, new_state);
		note_beside(t, s->stream, side, &words);
	}
}

static void output_row(struct mermaid_state *state, struct text *t, const struct event *event)
{
	const struct output_event *o = &event->output;
	TEXT(words, WORDS_MAX);
	if (!state->any)
		return;
	text_add(&words, o->is_stderr ? "stderr: " : "prints: ");
	text_add_safe(&words, o->text, strlen(o->text));
	note_beside(t, state->stream, o->host, &words);
}

static void message_row(struct mermaid_state *state, struct text *t, const struct event *event)
{
	const struct message *m = &event->message;
	TEXT(words, WORDS_MAX);
	text_add_safe(&words, m->protocol, strlen(m->protocol));
	text_add(&words, ": ");
	notation_message(&words, m);
	if (m->stream >= 0 && state->any)
		note_beside(t, (uint32_t)m->stream, m->from, &words);
	else
		note_over(t, state, &words);
}

static void program_row(struct mermaid_state *state, struct text *t, const struct event *event)
{
	const struct program_event *p = &event->program;
	TEXT(words, WORDS_MAX);
	if (!state->any)
		return;
	ladder_fate(&words, p);
	text_add_char(&words, ' ');
	ladder_fate_details(&words, p);
	note_beside(t, state->stream, p->host, &words);
}

static void call_row(struct mermaid_state *state, struct text *t, const struct event *event)
{
	TEXT(words, WORDS_MAX);
	if (!state->any)
		return;
	text_add(&words, ladder_call(&event->call));
	text_add_char(&words, ' ');
	notation_call(&words, event);
	note_beside(t, state->stream, event->call.host, &words);
}

static void kernel_row(struct mermaid_state *state, struct text *t, const struct event *event)
{
	const struct kernel_event *k = &event->kernel;
	TEXT(words, WORDS_MAX);
	if (!state->any)
		return;
	ladder_kernel(&words, k);
	note_beside(t, k->stream < 0 ? state->stream : (uint32_t)k->stream, k->host, &words);
}

static void plain_row(struct mermaid_state *state, struct text *t, const struct event *event)
{
	TEXT(words, WORDS_MAX);
	notation_event(&words, event);
	note_over(t, state, &words);
}

/* A datagram or an ICMP message: an arrow where it is known which end sent it. It goes between the
 * participants of the latest connection, if there is one, else between two of its own. */
static void frame_row(struct mermaid_state *state, struct text *t, const struct event *event)
{
	const struct datagram_event *d = &event->datagram;
	enum side from;
	TEXT(words, WORDS_MAX);
	if (!talks_side(&state->talks, event, &from) ||
	    (!state->any && event->kind != EVENT_DATAGRAM)) {
		plain_row(state, t, event);
		return;
	}
	if (!state->any) {
		state->any = true;
		state->stream = no_connection;
		declare(t, state->stream, (struct endpoint[]){d->src, d->dst}, false);
	}
	text_add_ms(&words, timeline_elapsed(&state->timeline, event));
	text_add(&words, " ms ");
	notation_arrow(&words, event);
	arrow(t, state->stream, from, ladder_is_lost(event), &words);
}

static void mermaid_start(struct sink *sink)
{
	text_add(out_room(&sink->out, ROOM), "sequenceDiagram\n");
}

static void mermaid_event(struct sink *sink, const struct event *event)
{
	static void (*const rows[N_EVENT_KINDS])(struct mermaid_state *, struct text *,
	                                         const struct event *) = {
	        [EVENT_SEGMENT] = segment_row, [EVENT_DATAGRAM] = frame_row,
	        [EVENT_FRAME] = frame_row,     [EVENT_CONNECTION] = connection_row,
	        [EVENT_MESSAGE] = message_row, [EVENT_PROGRAM] = program_row,
	        [EVENT_OUTPUT] = output_row,   [EVENT_CALL] = call_row,
	        [EVENT_KERNEL] = kernel_row,   [EVENT_WIRE] = plain_row,
	        [EVENT_NOTE] = plain_row,
	};
	struct mermaid_state *state = sink->state;
	if ((unsigned)event->kind >= N_EVENT_KINDS || !rows[event->kind] ||
	    ladder_is_repetition(event))
		return;
	struct text *t = out_room(&sink->out, ROOM);
	int64_t silence_ns = timeline_next(&state->timeline, event);
	if (silence_ns > 0) {
		TEXT(words, 256);
		ladder_idle(&words, event, silence_ns);
		note_over(t, state, &words);
	}
	rows[event->kind](state, t, event);
}

const struct sink_type sink_mermaid = {
        .name = "mermaid",
        .help = N_("a sequence diagram for Markdown pages"),
        .for_people = true,
        .state_size = sizeof(struct mermaid_state),
        .start = mermaid_start,
        .event = mermaid_event,
};
