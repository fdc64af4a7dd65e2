/* ladder_rows.c: see ladder_rows.h. */
#include "ladder_rows.h"

#include <string.h>

#include "explain/elapsed.h"
#include "sink/label.h"
#include "sink/ladder_words.h"
#include "sink/notation.h"

enum {
	ROW_ROOM = 4096,
	WORDS_ROOM = 8 * EVENT_TEXT_MAX + 256,
	MAX_IDLE_ROWS = 6,
};

int ladder_idle_rows(const struct model *model, uint32_t row)
{
	if (row == 0)
		return 0;
	const struct record *before = log_record(&model->log, model_record_of_row(model, row - 1));
	const struct record *record = log_record(&model->log, model_record_of_row(model, row));
	int64_t silence_ns = elapsed_ns(before->time_ns, record->time_ns);
	bool counts = before->kind != EVENT_SESSION && before->kind != EVENT_CAPTURE &&
	              record->kind != EVENT_CAPTURE;
	if (!counts || silence_ns < LADDER_IDLE_NS)
		return 0;
	int64_t n = model->proportional ? silence_ns / LADDER_IDLE_NS : 1;
	return n > MAX_IDLE_ROWS ? MAX_IDLE_ROWS : (int)n;
}

void ladder_draw_idle(const struct ladder *l, int y, uint32_t row, const struct event *event, int n)
{
	const struct record *before =
	        log_record(&l->model->log, model_record_of_row(l->model, row - 1));
	TEXT(words, 256);
	ladder_idle(&words, event, elapsed_ns(before->time_ns, event->time_ns));
	for (int i = 0; i < n - 1; i++)
		(void)canvas_text(l->canvas, l->area, l->margin, y + i, PEN(ROLE_DIM), "~");
	(void)canvas_cut(l->canvas, l->area, l->margin, y + n - 1, l->area.w - l->margin,
	                 PEN(ROLE_DIM), words.bytes);
}

/* ---- rows ---- */

/* The first line of what lanes.h has made, onto the canvas. */
static void put_line(const struct ladder *l, int y, struct text *t)
{
	char *end = memchr(t->bytes, '\n', t->len);
	if (end)
		t->len = (size_t)(end - t->bytes);
	(void)canvas_painted(l->canvas, l->area, l->margin, y, PEN(ROLE_TEXT), t);
}

/* Sequence numbers as they were sent. */
static void make_raw(struct segment *s)
{
	s->seq = s->seq_raw;
	s->ack = s->ack_raw;
}

static const char *state_of(const struct ladder *l, const struct segment *s, enum side side)
{
	const char *brief = ladder_state(s, side);
	return brief && l->lanes.long_states ? tcp_state_name(s->after[side].state) : brief;
}

static void segment_row(const struct ladder *l, int y, struct event *event)
{
	struct segment *s = &event->segment;
	const struct arrow arrow = {s->from, ladder_is_lost(event)};
	TEXT(t, ROW_ROOM);
	TEXT(label, 512);
	struct row row = {.stream = -1};
	row.left = state_of(l, s, CLIENT);
	row.right = state_of(l, s, SERVER);
	if (l->model->raw_numbers)
		make_raw(s);
	label_add(&label, event, lanes_label_room(&l->lanes));
	lanes_arrow(&t, &l->lanes, &row, arrow, &label);
	put_line(l, y, &t);
}

static void host_row(const struct ladder *l, int y, enum side host, const char *verb,
                     struct text *words, enum paint paint)
{
	TEXT(t, ROW_ROOM);
	struct row row = {.stream = -1};
	if (host == CLIENT)
		row.left = verb;
	else
		row.right = verb;
	canvas_cut_text(l->canvas, words, lanes_inner(&l->lanes) - 2);
	lanes_words(&t, &l->lanes, &row, host, words, paint);
	put_line(l, y, &t);
}

static void output_row(const struct ladder *l, int y, struct event *event)
{
	const struct output_event *o = &event->output;
	TEXT(words, WORDS_ROOM);
	text_add_safe(&words, o->text, strlen(o->text));
	host_row(l, y, o->host, o->is_stderr ? "stderr" : "prints", &words,
	         o->is_stderr ? PAINT_ALERT : paint_side(o->host));
}

static void message_row(const struct ladder *l, int y, struct event *event)
{
	const struct message *m = &event->message;
	TEXT(words, WORDS_ROOM);
	TEXT(name, LANES_STATE + 1);
	notation_message(&words, m);
	notation_protocol(&name, m);
	host_row(l, y, m->from, name.bytes, &words,
	         m->trouble[0] ? PAINT_ALERT : paint_side(m->from));
}

static void program_row(const struct ladder *l, int y, struct event *event)
{
	const struct program_event *p = &event->program;
	TEXT(words, WORDS_ROOM);
	TEXT(fate, LANES_STATE + 1);
	ladder_fate(&fate, p);
	ladder_fate_details(&words, p);
	host_row(l, y, p->host, fate.bytes, &words, PAINT_DIM);
}

static void call_row(const struct ladder *l, int y, struct event *event)
{
	TEXT(words, WORDS_ROOM);
	if (event->call.action == CALL_ENTERED)
		notation_call(&words, event);
	else
		notation_return(&words, event);
	host_row(l, y, event->call.host, ladder_call(&event->call), &words, PAINT_DIM);
}

static void kernel_row(const struct ladder *l, int y, struct event *event)
{
	const struct kernel_event *k = &event->kernel;
	TEXT(words, WORDS_ROOM);
	ladder_kernel(&words, k);
	host_row(l, y, k->host, tcp_state_short(k->state), &words,
	         k->differs ? PAINT_ALERT : PAINT_DIM);
}

static enum role role_of(const struct event *event)
{
	if (event->kind == EVENT_NOTE)
		return ROLE_ALERT;
	return event->kind == EVENT_DATAGRAM || event->kind == EVENT_FRAME ? ROLE_TEXT : ROLE_DIM;
}

static void plain_row(const struct ladder *l, int y, struct event *event)
{
	TEXT(words, WORDS_ROOM);
	notation_event(&words, event);
	(void)canvas_cut(l->canvas, l->area, l->margin, y, l->area.w - l->margin,
	                 PEN(role_of(event)), words.bytes);
}

/* A datagram or an ICMP message: an arrow where it is known which end sent it. */
static void frame_row(const struct ladder *l, int y, const struct record *r, struct event *event)
{
	TEXT(t, ROW_ROOM);
	TEXT(words, WORDS_ROOM);
	struct row row = {.stream = -1};
	const struct arrow arrow = {(enum side)r->side, ladder_is_lost(event)};
	if (!(r->bits & RECORD_HAS_SIDE)) {
		plain_row(l, y, event);
		return;
	}
	notation_arrow(&words, event);
	canvas_cut_text(l->canvas, &words, lanes_label_room(&l->lanes));
	lanes_arrow(&t, &l->lanes, &row, arrow, &words);
	put_line(l, y, &t);
}

static bool is_datagram_or_frame(const struct event *event)
{
	return event->kind == EVENT_DATAGRAM || event->kind == EVENT_FRAME;
}

/* On a narrow screen: an arrow, the label, and the states that change. */
static void list_row(const struct ladder *l, int y, struct event *event)
{
	const struct segment *s = &event->segment;
	TEXT(states, 64);
	TEXT(label, 512);
	if (event->kind != EVENT_SEGMENT) {
		plain_row(l, y, event);
		return;
	}
	if (l->model->raw_numbers)
		make_raw(&event->segment);
	for (enum side side = CLIENT; side < N_SIDES; side++)
		if (ladder_state(s, side)) {
			text_add_char(&states, ' ');
			text_add(&states, ladder_state(s, side));
		}
	size_t room = (size_t)(l->area.w - l->margin) - 2;
	struct pen pen = PEN(s->from == CLIENT ? ROLE_CLIENT : ROLE_SERVER);
	int x = canvas_text(l->canvas, l->area, l->margin, y, pen, s->from == CLIENT ? "> " : "< ");
	label_add(&label, event, room > states.len ? room - states.len : room);
	x = canvas_text(l->canvas, l->area, x, y, pen, label.bytes);
	if (label.len + states.len <= room)
		(void)canvas_text(l->canvas, l->area, x, y, PEN(ROLE_STATE), states.bytes);
}

static void draw_margin(const struct ladder *l, int y, uint32_t row)
{
	const struct model *model = l->model;
	uint32_t record = model_record_of_row(model, row);
	const struct record *r = log_record(&model->log, record);
	TEXT(time, 32);
	int x = 0;
	if (l->lanes.numbered) {
		if (r->stream != NO_STREAM)
			(void)canvas_textf(l->canvas, l->area, 0, y, PEN(ROLE_DIM), "#%u",
			                   r->stream);
		x = LANES_NUMBER;
	}
	const char *cursor = record == model->mark ? "M" : row == l->selected ? ">" : " ";
	(void)canvas_text(l->canvas, l->area, x, y, PEN(ROLE_TITLE), cursor);
	if (r->kind == EVENT_SESSION || r->kind == EVENT_CAPTURE)
		return;
	model_add_time(model, row, &time);
	struct rect field = {l->area.x, l->area.y, l->margin - 1, l->area.h};
	(void)canvas_right(l->canvas, field, y, PEN(ROLE_DIM), time.bytes);
}

void ladder_draw_row(struct ladder *l, int y, uint32_t row, struct event *event)
{
	static void (*const rows[N_EVENT_KINDS])(const struct ladder *, int, struct event *) = {
	        [EVENT_SESSION] = plain_row,   [EVENT_CAPTURE] = plain_row,
	        [EVENT_SEGMENT] = segment_row, [EVENT_DATAGRAM] = plain_row,
	        [EVENT_FRAME] = plain_row,     [EVENT_CONNECTION] = plain_row,
	        [EVENT_MESSAGE] = message_row, [EVENT_PROGRAM] = program_row,
	        [EVENT_OUTPUT] = output_row,   [EVENT_CALL] = call_row,
	        [EVENT_KERNEL] = kernel_row,   [EVENT_WIRE] = plain_row,
	        [EVENT_NOTE] = plain_row,
	};
	const struct record *r = log_record(&l->model->log, model_record_of_row(l->model, row));
	l->lanes.busy[CLIENT] = r->bits & RECORD_CLIENT_CALLS;
	l->lanes.busy[SERVER] = r->bits & RECORD_SERVER_CALLS;
	draw_margin(l, y, row);
	if (l->is_list)
		list_row(l, y, event);
	else if (is_datagram_or_frame(event))
		frame_row(l, y, r, event);
	else
		rows[event->kind](l, y, event);
	if (row == l->selected)
		canvas_style(l->canvas, rect_row(l->area, y), STYLE_SELECTED);
}
