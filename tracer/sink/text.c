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
#include "sink/items.h"
#include "sink/notation.h"
#include "sink/paint.h"
#include "sink/sinks.h"
#include "sink/text_segment.h"

enum {
	ROOM = 32 * 1024, /* the longest event, escaped and painted, with its sentences */
	TIME_COLUMNS = ITEMS_INDENT - 1,
	SENTENCES_MIN = 30,  /* columns of sentences, on the narrowest terminal */
	SENTENCES_MAX = 100, /* longer lines are hard to read */
	PARAGRAPH_MAX = 1024,
};

struct text_state {
	bool has_origin;
	int64_t origin_ns; /* the first frame's time */
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
	text_add_chars(t, ' ', ITEMS_INDENT);
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

static void add_when(const struct text_state *state, struct items *items, const struct event *event)
{
	items->hidden += paint_on(items->t, items->options, PAINT_DIM);
	if (state->has_origin)
		add_time(items->t, elapsed_ns(state->origin_ns, event->time_ns));
	else
		text_add_chars(items->t, ' ', TIME_COLUMNS);
	items->hidden += paint_off(items->t, items->options);
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

static void add_other(struct items *items, const struct event *event)
{
	text_add_char(items->t, ' ');
	(void)paint_on(items->t, items->options, paint_of(event)); /* such a line is never broken */
	notation_event(items->t, event);
	(void)paint_off(items->t, items->options);
}

/* The figures of both directions, once a connection is over. */
static void add_figures(struct text *t, const struct event *event)
{
	if (event->kind != EVENT_CONNECTION || event->connection.action == CONNECTION_OPENED)
		return;
	for (enum side side = CLIENT; side < N_SIDES; side++) {
		text_add_chars(t, ' ', ITEMS_INDENT);
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
	int columns = options->width - ITEMS_INDENT;
	if (columns < SENTENCES_MIN)
		columns = SENTENCES_MIN;
	if (columns > SENTENCES_MAX)
		columns = SENTENCES_MAX;
	struct lines lines = lines_of(paragraph);
	const char *line;
	size_t n;
	while ((n = lines_next(&lines, (size_t)columns, &line)) > 0) {
		text_add_chars(t, ' ', ITEMS_INDENT);
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
	struct items items = items_begin(t, &sink->options);
	add_when(state, &items, event);
	if (event->kind == EVENT_SEGMENT)
		text_segment(&items, event);
	else
		add_other(&items, event);
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
