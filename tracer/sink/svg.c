/* svg.c: the ladder as a picture for slides: one file that needs nothing else, light or dark as the
 * screen is, its text can be selected. Which rows there are; drawing.c draws them. */
#include <errno.h>
#include <string.h>

#include "base/i18n.h"
#include "sink/drawing.h"
#include "sink/label.h"
#include "sink/ladder_words.h"
#include "sink/notation.h"
#include "sink/sinks.h"
#include "sink/talks.h"
#include "sink/timeline.h"

enum { MOST_ROWS = 1000, WORDS_MAX = 8 * EVENT_TEXT_MAX + 256 };

struct svg_state {
	struct timeline timeline;
	struct drawing drawing;
	struct talks talks; /* of datagrams and ICMP */
	uint64_t n_rows;
	char source[EVENT_TEXT_MAX];
	char lab[EVENT_NAME_MAX];
};

static void add_when(const struct svg_state *state, struct text *t, const struct event *event,
                     int64_t stream)
{
	if (state->timeline.numbered && stream >= 0) {
		text_add_char(t, '#');
		text_add_int(t, stream);
		text_add_char(t, ' ');
	}
	if (state->timeline.has_origin)
		text_add_ms(t, timeline_elapsed(&state->timeline, event));
}

/* ---- rows ---- */

/* The label is marks, flags and the rest: what stands in front of the flags is the marks. */
static void split_label(const struct event *event, struct text *marks, struct text *label)
{
	TEXT(whole, 512);
	TEXT(flags, 64);
	label_add(&whole, event, DRAWING_COLUMNS);
	text_add_flags(&flags, event->segment.flags);
	const char *at = strstr(whole.bytes, flags.bytes);
	size_t n = at ? (size_t)(at - whole.bytes) : 0;
	text_add_bytes(marks, whole.bytes, n > 0 ? n - 1 : 0); /* without the space */
	text_add_bytes(label, whole.bytes + n, whole.len - n);
}

/* What an arrow means: the title below it, all of it for who points at it. */
static void explain(const struct sink *sink, const struct event *event, struct text *below,
                    struct text *hint)
{
	struct explanation explanation;
	if (!sink->options.explain)
		return;
	explain_event(&explanation, event);
	text_add_bytes(below, explanation.title.bytes, explanation.title.len);
	explain_join(&explanation, hint);
}

static void segment_row(struct sink *sink, const struct event *event)
{
	struct svg_state *state = sink->state;
	const struct segment *s = &event->segment;
	TEXT(time, 64);
	TEXT(marks, 128);
	TEXT(label, 512);
	TEXT(below, 512);
	TEXT(hint, 4096);
	add_when(state, &time, event, s->stream);
	struct beside beside = {&time, ladder_state(s, CLIENT), ladder_state(s, SERVER)};
	split_label(event, &marks, &label);
	explain(sink, event, &below, &hint);
	drawing_arrow(&state->drawing, s->from, &beside, &marks, &label, &below, &hint);
}

static void add_heads(struct drawing *d, const struct endpoint ends[N_SIDES], bool guessed)
{
	TEXT(left, 128);
	TEXT(right, 128);
	ladder_head(&left, ends, CLIENT, guessed);
	ladder_head(&right, ends, SERVER, guessed);
	drawing_heads(d, &left, &right);
}

static void connection_row(struct sink *sink, const struct event *event)
{
	struct svg_state *state = sink->state;
	const struct connection *c = &event->connection;
	enum side side;
	TEXT(words, WORDS_MAX);
	(void)talks_side(&state->talks, event, &side); /* remembers who began */
	if (c->action == CONNECTION_OPENED) {
		add_heads(&state->drawing, c->ends, c->roles_guessed);
		return;
	}
	notation_event(&words, event);
	drawing_words(&state->drawing, &words, INK_DIM);
	for (side = CLIENT; side < N_SIDES; side++) {
		text_clear(&words);
		notation_direction(&words, c, side);
		drawing_words(&state->drawing, &words, INK_DIM);
	}
}

static void output_row(struct sink *sink, const struct event *event)
{
	struct svg_state *state = sink->state;
	const struct output_event *o = &event->output;
	const char *verb = o->is_stderr ? "stderr" : "prints";
	TEXT(time, 64);
	TEXT(words, 4 * EVENT_TEXT_MAX);
	add_when(state, &time, event, -1);
	text_add_safe(&words, o->text, strlen(o->text));
	struct beside beside = {&time, o->host == CLIENT ? verb : NULL,
	                        o->host == SERVER ? verb : NULL};
	drawing_box(&state->drawing, o->host, &beside, &words,
	            o->is_stderr ? INK_ALERT : ink_of(o->host));
}

static void message_row(struct sink *sink, const struct event *event)
{
	struct svg_state *state = sink->state;
	const struct message *m = &event->message;
	TEXT(time, 64);
	TEXT(name, 32);
	TEXT(words, WORDS_MAX);
	add_when(state, &time, event, m->stream);
	text_add_safe(&name, m->protocol, strlen(m->protocol));
	notation_message(&words, m);
	struct beside beside = {&time, m->from == CLIENT ? name.bytes : NULL,
	                        m->from == SERVER ? name.bytes : NULL};
	drawing_box(&state->drawing, m->from, &beside, &words,
	            m->trouble[0] ? INK_ALERT : ink_of(m->from));
}

static void program_row(struct sink *sink, const struct event *event)
{
	struct svg_state *state = sink->state;
	const struct program_event *p = &event->program;
	TEXT(time, 64);
	TEXT(fate, 32);
	TEXT(words, 4 * EVENT_TEXT_MAX + 64);
	add_when(state, &time, event, -1);
	ladder_fate(&fate, p);
	ladder_fate_details(&words, p);
	struct beside beside = {&time, p->host == CLIENT ? fate.bytes : NULL,
	                        p->host == SERVER ? fate.bytes : NULL};
	drawing_box(&state->drawing, p->host, &beside, &words, INK_DIM);
}

static void call_row(struct sink *sink, const struct event *event)
{
	struct svg_state *state = sink->state;
	const struct call_event *c = &event->call;
	TEXT(time, 64);
	TEXT(words, WORDS_MAX);
	add_when(state, &time, event, -1);
	notation_call(&words, event);
	struct beside beside = {&time, c->host == CLIENT ? ladder_call(c) : NULL,
	                        c->host == SERVER ? ladder_call(c) : NULL};
	drawing_box(&state->drawing, c->host, &beside, &words, INK_DIM);
}

static void kernel_row(struct sink *sink, const struct event *event)
{
	struct svg_state *state = sink->state;
	const struct kernel_event *k = &event->kernel;
	const char *short_name = tcp_state_short(k->state);
	TEXT(time, 64);
	TEXT(words, WORDS_MAX);
	add_when(state, &time, event, k->stream);
	ladder_kernel(&words, k);
	struct beside beside = {&time, k->host == CLIENT ? short_name : NULL,
	                        k->host == SERVER ? short_name : NULL};
	drawing_box(&state->drawing, k->host, &beside, &words, k->differs ? INK_ALERT : INK_DIM);
}

static void plain_row(struct sink *sink, const struct event *event)
{
	struct svg_state *state = sink->state;
	TEXT(words, WORDS_MAX);
	add_when(state, &words, event, -1);
	text_add(&words, words.len > 0 ? " ms: " : "");
	notation_event(&words, event);
	drawing_words(&state->drawing, &words, event->kind == EVENT_NOTE ? INK_ALERT : INK_DIM);
}

/* A datagram or an ICMP message: an arrow where it is known which end sent it. */
static void frame_row(struct sink *sink, const struct event *event)
{
	struct svg_state *state = sink->state;
	const struct datagram_event *d = &event->datagram;
	uint32_t n_talks = state->talks.n;
	enum side from;
	TEXT(time, 64);
	TEXT(none, 1);
	TEXT(label, 512);
	TEXT(below, 512);
	TEXT(hint, 4096);
	if (!talks_side(&state->talks, event, &from)) {
		plain_row(sink, event);
		return;
	}
	if (state->talks.n != n_talks && event->kind == EVENT_DATAGRAM)
		add_heads(&state->drawing, (struct endpoint[]){d->src, d->dst}, false);
	add_when(state, &time, event, -1);
	notation_arrow(&label, event);
	explain(sink, event, &below, &hint);
	drawing_arrow(&state->drawing, from, &(struct beside){.time = &time}, &none, &label, &below,
	              &hint);
}

/* Where the frames come from becomes the heading. */
static void remember(struct sink *sink, const struct event *event)
{
	struct svg_state *state = sink->state;
	if (event->kind == EVENT_CAPTURE && event->capture.action == CAPTURE_STARTED) {
		struct text source = text_of(state->source, sizeof state->source);
		text_add_safe(&source, event->capture.source, strlen(event->capture.source));
	} else if (event->kind == EVENT_SESSION) {
		struct text lab = text_of(state->lab, sizeof state->lab);
		text_add_safe(&lab, event->session.lab, strlen(event->session.lab));
	}
}

static void add_gap(struct sink *sink, const struct event *event, int64_t silence_ns)
{
	struct svg_state *state = sink->state;
	TEXT(words, 256);
	ladder_idle(&words, event, silence_ns);
	drawing_gap(&state->drawing, &words);
}

static void svg_event(struct sink *sink, const struct event *event)
{
	static void (*const rows[N_EVENT_KINDS])(struct sink *, const struct event *) = {
	        [EVENT_SEGMENT] = segment_row, [EVENT_DATAGRAM] = frame_row,
	        [EVENT_FRAME] = frame_row,     [EVENT_CONNECTION] = connection_row,
	        [EVENT_MESSAGE] = message_row, [EVENT_PROGRAM] = program_row,
	        [EVENT_OUTPUT] = output_row,   [EVENT_CALL] = call_row,
	        [EVENT_KERNEL] = kernel_row,   [EVENT_WIRE] = plain_row,
	        [EVENT_NOTE] = plain_row,
	};
	struct svg_state *state = sink->state;
	if (ladder_is_repetition(event))
		return;
	int64_t silence_ns = timeline_next(&state->timeline, event);
	if ((unsigned)event->kind >= N_EVENT_KINDS || !rows[event->kind]) {
		remember(sink, event);
		return;
	}
	if (++state->n_rows > MOST_ROWS)
		return;
	if (silence_ns > 0)
		add_gap(sink, event, silence_ns);
	rows[event->kind](sink, event);
}

static void add_heading(const struct svg_state *state, struct text *heading)
{
	if (state->lab[0])
		text_addf(heading, "lab %s", state->lab);
	else
		text_add(heading, state->source[0] ? state->source : "wirelab");
}

static void svg_finish(struct sink *sink)
{
	struct svg_state *state = sink->state;
	TEXT(heading, EVENT_TEXT_MAX + 64);
	TEXT(words, 256);
	add_heading(state, &heading);
	drawing_end_lanes(&state->drawing);
	if (state->n_rows > MOST_ROWS) {
		uint64_t n = state->n_rows - MOST_ROWS;
		text_addf(&words,
		          ngettext("… and %llu more row; --stream, -c or a filter choose what is "
		                   "drawn",
		                   "… and %llu more rows; --stream, -c or a filter choose what is "
		                   "drawn",
		                   (unsigned long)n),
		          (unsigned long long)n);
		drawing_words(&state->drawing, &words, INK_ALERT);
	}
	drawing_write(&state->drawing, &sink->out, &heading);
	if (state->drawing.failed && sink->out.error == 0)
		sink->out.error = ENOMEM;
	drawing_release(&state->drawing);
}

const struct sink_type sink_svg = {
        .name = "svg",
        .help = N_("the ladder as a picture, for slides (1000 rows at most)"),
        .for_people = true,
        .state_size = sizeof(struct svg_state),
        .event = svg_event,
        .finish = svg_finish,
};
