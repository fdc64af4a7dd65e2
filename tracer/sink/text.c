/* text.c: one line for each segment, in the spirit of tcpdump, then its explanation indented. Times
 * count from the first frame. Without explanations it is exactly one line a segment. The path of a
 * segment must stay cheap: no printf, one pass. */
#include <errno.h>
#include <string.h>
#include <time.h>

#include "base/i18n.h"
#include "explain/elapsed.h"
#include "sink/columns.h"
#include "sink/ladder_words.h"
#include "sink/marks.h"
#include "sink/notation.h"
#include "sink/paint.h"
#include "sink/sinks.h"

enum {
	ROOM = 32 * 1024, /* the longest event, escaped and painted, with its sentences */
	TIME_COLUMNS = 12,
	INDENT = TIME_COLUMNS + 1,
	SENTENCES_MIN = 30,  /* columns of sentences, on the narrowest terminal */
	SENTENCES_MAX = 100, /* longer lines are hard to read */
	PARAGRAPH_MAX = 1024,
};

struct text_state {
	bool has_origin;
	int64_t origin_ns; /* the first frame's time */
};

/* A line under construction, which may be broken between its items. */
struct line {
	struct text *t;
	const struct sink_options *options;
	size_t start;  /* of the current line in t */
	size_t hidden; /* bytes of it that take no column */
	size_t item;   /* where the current item starts, with the space before it */
	size_t gap;    /* columns of that space */
	size_t item_hidden;
};

/* ---- times ---- */

/* Seconds and microseconds, right-aligned in TIME_COLUMNS. */
static void add_time(struct text *t, int64_t ns)
{
	TEXT(number, 32);
	uint64_t us = (ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns) / 1000;
	if (ns < 0 && us > 0)
		text_add_char(&number, '-');
	text_add_uint(&number, us / 1000000);
	text_add_char(&number, '.');
	text_add_uint_pad(&number, us % 1000000, 6);
	if (number.len < TIME_COLUMNS)
		text_add_chars(t, ' ', TIME_COLUMNS - number.len);
	text_add_bytes(t, number.bytes, number.len);
}

/* When time 0 was, in UTC, so that the output does not depend on the machine. */
static void add_date(struct text *t, int64_t ns)
{
	time_t seconds = (time_t)(ns / NS_PER_SECOND);
	struct tm utc;
	text_add_chars(t, ' ', INDENT);
	text_add(t, "time 0 is ");
	if (ns >= 0 && gmtime_r(&seconds, &utc))
		text_addf(t, "%04d-%02d-%02d %02d:%02d:%02d UTC, ", utc.tm_year + 1900,
		          utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec);
	text_add_seconds(t, ns);
	text_add_char(t, '\n');
}

static bool is_from_wire(const struct event *event)
{
	return event->kind == EVENT_SEGMENT || event->kind == EVENT_DATAGRAM ||
	       event->kind == EVENT_FRAME;
}

/* The first frame, or the connection that it opens, sets time 0. */
static void start_clock(struct text_state *state, struct text *t, const struct event *event)
{
	bool opens = event->kind == EVENT_CONNECTION;
	if (state->has_origin || (!is_from_wire(event) && !opens))
		return;
	state->has_origin = true;
	state->origin_ns = event->time_ns;
	add_date(t, event->time_ns);
}

static void add_when(const struct text_state *state, struct line *line, const struct event *event)
{
	line->hidden += paint_on(line->t, line->options, PAINT_DIM);
	if (state->has_origin)
		add_time(line->t, elapsed_ns(state->origin_ns, event->time_ns));
	else
		text_add_chars(line->t, ' ', TIME_COLUMNS);
	line->hidden += paint_off(line->t, line->options);
}

/* ---- lines of items ---- */

static struct line line_begin(struct text *t, const struct sink_options *options)
{
	return (struct line){.t = t, .options = options, .start = t->len, .item = t->len};
}

static void item_begin(struct line *line, size_t gap)
{
	line->item = line->t->len;
	line->gap = gap;
	line->item_hidden = line->hidden;
	text_add_chars(line->t, ' ', gap);
}

/* Puts the item on a line of its own when it does not fit; -q leaves the line whole. */
static void item_end(struct line *line)
{
	struct text *t = line->t;
	size_t columns = t->len - line->start - line->hidden;
	if (!line->options->explain || columns <= (size_t)line->options->width)
		return;
	char *item = t->bytes + line->item;
	size_t len = t->len - line->item - line->gap;
	text_add_chars(t, ' ', INDENT + 1 - line->gap);
	if (t->cut)
		return;
	memmove(item + 1 + INDENT, item + line->gap, len);
	*item = '\n';
	memset(item + 1, ' ', INDENT);
	line->start = line->item + 1;
	line->hidden -= line->item_hidden;
}

static void add_item(struct line *line, const char *word, uint64_t value)
{
	item_begin(line, 1);
	text_add(line->t, word);
	text_add_uint(line->t, value);
	item_end(line);
}

static void painted_item(struct line *line, size_t gap, enum paint paint, const struct text *words)
{
	item_begin(line, gap);
	line->hidden += paint_on(line->t, line->options, paint);
	text_add_bytes(line->t, words->bytes, words->len);
	line->hidden += paint_off(line->t, line->options);
	item_end(line);
}

/* ---- a segment ---- */

static void add_ends(struct line *line, const struct segment *s)
{
	TEXT(ends, 128);
	text_add_endpoint(&ends, &s->src);
	text_add(&ends, " > ");
	text_add_endpoint(&ends, &s->dst);
	painted_item(line, 1, paint_side(s->from), &ends);
}

static void add_flag_item(struct line *line, const struct segment *s)
{
	item_begin(line, 1);
	text_add_char(line->t, '[');
	notation_flags(line->t, s->flags);
	text_add_char(line->t, ']');
	item_end(line);
}

static void add_seq_item(struct line *line, const struct segment *s)
{
	if (s->len == 0 && !(s->flags & (TCP_SYN | TCP_FIN | TCP_RST)))
		return;
	item_begin(line, 1);
	text_add(line->t, "seq ");
	text_add_uint(line->t, s->seq);
	if (s->len > 0) {
		text_add_char(line->t, ':');
		text_add_uint(line->t, s->seq + s->len);
	}
	item_end(line);
}

static void add_options_item(struct line *line, const struct segment *s)
{
	TEXT(options, 320);
	notation_options(&options, s);
	if (options.len == 0)
		return;
	item_begin(line, 1);
	text_add_char(line->t, '<');
	text_add_bytes(line->t, options.bytes, options.len);
	text_add_char(line->t, '>');
	item_end(line);
}

static void add_labels_item(struct line *line, const struct segment *s)
{
	if (s->analysis.flags == 0)
		return;
	TEXT(labels, 320);
	text_add_char(&labels, '!');
	notation_labels(&labels, &s->analysis);
	painted_item(line, 1, PAINT_ALERT, &labels);
}

static void add_diagnoses_item(struct line *line, const struct segment *s)
{
	if (s->n_diagnoses == 0)
		return;
	TEXT(words, 128);
	text_add_char(&words, '=');
	notation_diagnoses(&words, s);
	painted_item(line, 1, PAINT_ALERT, &words);
}

/* "client ESTAB, server ESTAB (handshake 3/3)" */
static void add_states_item(struct line *line, const struct segment *s)
{
	TEXT(states, 96);
	text_add(&states, "client ");
	text_add(&states, tcp_state_short(s->after[CLIENT].state));
	text_add(&states, ", server ");
	text_add(&states, tcp_state_short(s->after[SERVER].state));
	if (s->step > 0) {
		text_add(&states, " (");
		text_add(&states, phase_name(s->phase));
		text_add_char(&states, ' ');
		text_add_uint(&states, s->step);
		if (s->step_total > 0) {
			text_add_char(&states, '/');
			text_add_uint(&states, s->step_total);
		}
		text_add_char(&states, ')');
	}
	painted_item(line, 2, PAINT_STATE, &states);
}

/* "x LOST drop client data 2": what the wire did to it. */
static void add_passage_item(struct line *line, const struct event *event)
{
	const struct passage *p = &event->passage;
	TEXT(words, 512);
	text_add(&words, mark_of_fate(p->fate));
	text_add(&words, p->reordered ? (words.len > 0 ? " " MARK_LATE : MARK_LATE) : "");
	if (p->by[0]) {
		text_add(&words, words.len > 0 ? ": " : "");
		text_add_terminal(&words, p->by, strlen(p->by));
	}
	if (words.len == 0)
		return;
	text_add_char(&words, '}');
	TEXT(item, 520);
	text_add_char(&item, '{');
	text_add_bytes(&item, words.bytes, words.len);
	painted_item(line, 1, PAINT_ALERT, &item);
}

static void add_segment(struct line *line, const struct event *event)
{
	const struct segment *s = &event->segment;
	add_ends(line, s);
	add_flag_item(line, s);
	add_seq_item(line, s);
	if (s->flags & TCP_ACK)
		add_item(line, "ack ", s->ack);
	add_item(line, "win ", s->window);
	add_item(line, "len ", s->len);
	add_options_item(line, s);
	add_labels_item(line, s);
	add_diagnoses_item(line, s);
	add_passage_item(line, event);
	add_states_item(line, s);
}

/* ---- everything else ---- */

static bool is_alarming(const struct event *event)
{
	switch (event->kind) {
	case EVENT_FRAME:
		return event->frame_info.status == PACKET_TRUNCATED ||
		       event->frame_info.status == PACKET_MALFORMED;
	case EVENT_CAPTURE:
		return event->capture.dropped + event->capture.dropped_by_interface > 0;
	case EVENT_PROGRAM:
		return event->program.action == PROGRAM_EXITED && !event->program.by_runner &&
		       !event->program.expected &&
		       (event->program.status != 0 || event->program.signal != 0);
	case EVENT_OUTPUT:
		return event->output.is_stderr;
	case EVENT_CALL:
		return event->call.error != 0 && event->call.error != EAGAIN &&
		       event->call.error != EINPROGRESS;
	case EVENT_KERNEL:
		return event->kernel.differs;
	case EVENT_MESSAGE:
		return event->message.trouble[0] != '\0';
	case EVENT_NOTE:
		return true;
	case EVENT_SESSION:
	case EVENT_SEGMENT:
	case EVENT_DATAGRAM:
	case EVENT_CONNECTION:
	case EVENT_WIRE:
	case N_EVENT_KINDS:
		break;
	}
	return false;
}

static enum paint paint_of(const struct event *event)
{
	if (is_alarming(event))
		return PAINT_ALERT;
	if (event->kind == EVENT_OUTPUT)
		return paint_side(event->output.host);
	if (event->kind == EVENT_MESSAGE)
		return paint_side(event->message.from);
	if (event->kind == EVENT_CALL)
		return paint_side(event->call.host);
	if (event->kind == EVENT_KERNEL)
		return paint_side(event->kernel.host);
	return event->kind == EVENT_PROGRAM ? paint_side(event->program.host) : PAINT_DIM;
}

static void add_other(struct line *line, const struct event *event)
{
	text_add_char(line->t, ' ');
	(void)paint_on(line->t, line->options, paint_of(event)); /* such a line is never broken */
	notation_event(line->t, event);
	(void)paint_off(line->t, line->options);
}

/* The figures of both directions, once a connection is over. */
static void add_figures(struct text *t, const struct event *event)
{
	if (event->kind != EVENT_CONNECTION || event->connection.action == CONNECTION_OPENED)
		return;
	for (enum side side = CLIENT; side < N_SIDES; side++) {
		text_add_chars(t, ' ', INDENT);
		notation_direction(t, &event->connection, side);
		text_add_char(t, '\n');
	}
}

/* ---- sentences ---- */

/* Calls that a learner asks about: a connection made or taken, the end of a stream, an error. */
static bool is_telling(const struct call_event *c)
{
	if (c->action == CALL_ENTERED)
		return false;
	bool ends_stream = c->result == 0 &&
	                   (strcmp(c->name, "read") == 0 || strncmp(c->name, "recv", 4) == 0);
	return c->error != 0 || ends_stream || strncmp(c->name, "accept", 6) == 0 ||
	       strcmp(c->name, "connect") == 0;
}

/* Most events need no more words than their line has. */
static bool wants_sentences(const struct event *event)
{
	return is_from_wire(event) || event->kind == EVENT_CONNECTION ||
	       event->kind == EVENT_MESSAGE ||
	       (event->kind == EVENT_CALL && is_telling(&event->call)) ||
	       (event->kind == EVENT_PROGRAM && event->program.expected) ||
	       (event->kind == EVENT_KERNEL && is_alarming(event) &&
	        event->kernel.news == KERNEL_NEWS_STATE) ||
	       ((event->kind == EVENT_PROGRAM || event->kind == EVENT_CAPTURE) &&
	        is_alarming(event));
}

static void add_paragraph(struct text *t, const struct sink_options *options,
                          const struct text *paragraph, enum paint paint)
{
	int columns = options->width - INDENT;
	if (columns < SENTENCES_MIN)
		columns = SENTENCES_MIN;
	if (columns > SENTENCES_MAX)
		columns = SENTENCES_MAX;
	struct lines lines = lines_of(paragraph);
	const char *line;
	size_t n;
	while ((n = lines_next(&lines, (size_t)columns, &line)) > 0) {
		text_add_chars(t, ' ', INDENT);
		if (paint != N_PAINTS)
			(void)paint_on(t, options, paint); /* no column is counted here */
		text_add_bytes(t, line, n);
		if (paint != N_PAINTS)
			(void)paint_off(t, options);
		text_add_char(t, '\n');
	}
}

static void add_sentences(struct text *t, const struct sink_options *options,
                          const struct event *event)
{
	struct explanation explanation;
	TEXT(last, PARAGRAPH_MAX);
	explain_event(&explanation, event);
	explain_add_next(&explanation, &last);
	if (explanation.rfc.len > 0) {
		text_add(&last, last.len > 0 ? " [" : "[");
		text_add_bytes(&last, explanation.rfc.bytes, explanation.rfc.len);
		text_add_char(&last, ']');
	}
	TEXT(title, NOTATION_TITLE);
	notation_title(&title, event, &explanation);
	add_paragraph(t, options, &title, PAINT_TITLE);
	add_paragraph(t, options, &explanation.what, N_PAINTS);
	add_paragraph(t, options, &explanation.why, N_PAINTS);
	add_paragraph(t, options, &explanation.change, N_PAINTS);
	add_paragraph(t, options, &last, N_PAINTS);
	text_add_char(t, '\n');
}

/* A round trip that was measured again is none, nor is a queue that drains. */
static bool is_worth_a_line(const struct kernel_event *k)
{
	return k->news != KERNEL_NEWS_FIGURES;
}

static void text_event(struct sink *sink, const struct event *event)
{
	bool passed_over = event->kind == EVENT_KERNEL ? !is_worth_a_line(&event->kernel)
	                                               : ladder_is_repetition(event);
	if (passed_over)
		return;
	struct text_state *state = sink->state;
	struct text *t = out_room(&sink->out, ROOM);
	start_clock(state, t, event);
	struct line line = line_begin(t, &sink->options);
	add_when(state, &line, event);
	if (event->kind == EVENT_SEGMENT)
		add_segment(&line, event);
	else
		add_other(&line, event);
	text_add_char(t, '\n');
	add_figures(t, event);
	if (sink->options.explain && wants_sentences(event))
		add_sentences(t, &sink->options, event);
}

const struct sink_type sink_text = {
        .name = "text",
        .help = N_("one line a segment, with its explanation"),
        .for_people = true,
        .state_size = sizeof(struct text_state),
        .event = text_event,
};
