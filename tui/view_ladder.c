/* view_ladder.c: the home screen: the client's lane left, the server's right, a row an event, the
 * words of sink/ladder_words.h. Reads only the events of the rows that are shown. */
#include <string.h>

#include "base/i18n.h"
#include "explain/elapsed.h"
#include "ladder_flights.h"
#include "sink/label.h"
#include "sink/ladder_words.h"
#include "sink/lanes.h"
#include "sink/notation.h"
#include "view.h"

enum {
	ROW_ROOM = 4096,
	WORDS_ROOM = 8 * EVENT_TEXT_MAX + 256,
	LANES_FROM = 60, /* columns; below, a list */
	LONG_STATES_FROM = 100,
	OFFERS_FROM = 12, /* rows; below, no second line of the head */
	MAX_IDLE_ROWS = 6,
	CURSOR = 1, /* columns in front of the time */
};

struct ladder_state {
	uint32_t top; /* first row that is shown */
	int head;     /* lines above the rows, as last drawn */
};

/* One drawing of the ladder. */
struct ladder {
	const struct model *model;
	struct canvas *canvas;
	struct rect area;
	struct sink_options options;
	struct lanes lanes;
	int margin; /* columns in front of the left state */
	bool is_list;
	uint32_t selected;
};

static struct ladder ladder_of(struct pane *pane, struct canvas *canvas, struct rect area)
{
	const struct model *model = pane->model;
	struct ladder l = {.model = model, .canvas = canvas, .area = area};
	l.lanes.numbered = model->conns.n > 1 && model->only_stream == NO_STREAM;
	l.lanes.bare = true;
	l.lanes.long_states = area.w >= LONG_STATES_FROM;
	l.is_list = area.w < LANES_FROM;
	l.margin = CURSOR + TIME_COLUMNS + 1 + (l.lanes.numbered ? LANES_NUMBER : 0);
	if (model->time_mode == TIME_OF_DAY)
		l.margin += TIME_OF_DAY_COLUMNS - TIME_COLUMNS;
	l.options = (struct sink_options){
	        .width = area.w - l.margin, .marks = true, .unicode = !canvas->ascii};
	l.selected = model_row(model);
	return l;
}

/* ---- silences ---- */

/* Rows that the silence before this row takes. */
static int idle_rows(const struct model *model, uint32_t row)
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

static void draw_idle(const struct ladder *l, int y, uint32_t row, const struct event *event, int n)
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

static void draw_row(struct ladder *l, int y, uint32_t row, struct event *event)
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

/* ---- the head ---- */

static void draw_head_end(const struct ladder *l, const struct conn_entry *conn, enum side side)
{
	const struct program_state *program = &l->model->programs[side];
	TEXT(head, 256);
	ladder_head(&head, conn->ends, side, conn->roles_guessed);
	if (program->started && l->area.w >= LONG_STATES_FROM)
		text_addf(&head, " pid %d", (int)program->pid);
	struct pen pen = PEN(side == CLIENT ? ROLE_CLIENT : ROLE_SERVER);
	if (side == CLIENT)
		(void)canvas_text(l->canvas, l->area, l->margin, 0, pen, head.bytes);
	else
		(void)canvas_right(l->canvas, l->area, 0, pen, head.bytes);
}

static void draw_offer(const struct ladder *l, const struct conn_entry *conn, enum side side)
{
	struct event event;
	TEXT(offer, 96);
	if (conn->syn[side] == NO_RECORD || conn->syn[side] > model_current(l->model) ||
	    !model_event(l->model, conn->syn[side], &event))
		return;
	const struct tcp_options *o = &event.segment.options;
	const struct direction direction = {
	        .mss = o->present & OPT_MSS ? o->mss : 0,
	        .window_scale = o->present & OPT_WINDOW_SCALE ? (int8_t)o->window_scale : -2,
	        .sack_permitted = (o->present & OPT_SACK_PERMITTED) != 0,
	        .timestamps = (o->present & OPT_TIMESTAMPS) != 0,
	};
	ladder_offer(&offer, &direction);
	if (side == CLIENT)
		(void)canvas_text(l->canvas, l->area, l->margin, 1, PEN(ROLE_DIM), offer.bytes);
	else
		(void)canvas_right(l->canvas, l->area, 1, PEN(ROLE_DIM), offer.bytes);
}

/* What stands above the rows; returns its height. */
static int draw_head(const struct ladder *l)
{
	const struct conn_entry *conn = model_conn(l->model);
	if (l->is_list || l->area.h < 6 || !conn)
		return 0;
	if (l->lanes.numbered)
		(void)canvas_textf(l->canvas, l->area, 0, 0, PEN(ROLE_TITLE), "#%u", conn->stream);
	(void)canvas_text(l->canvas, l->area, l->lanes.numbered ? LANES_NUMBER + 1 : 1, 0,
	                  PEN(ROLE_DIM), l->model->time_mode == TIME_OF_DAY ? _("time") : "+ms");
	draw_head_end(l, conn, CLIENT);
	draw_head_end(l, conn, SERVER);
	if (l->area.h < OFFERS_FROM)
		return 1;
	draw_offer(l, conn, CLIENT);
	draw_offer(l, conn, SERVER);
	return 2;
}

/* ---- scrolling ---- */

/* The first row to show so that `row` stands on the last line at the lowest. */
static uint32_t lowest_top(const struct ladder *l, uint32_t row, int height)
{
	int used = 1;
	while (row > 0 && used + idle_rows(l->model, row) + 1 <= height) {
		used += idle_rows(l->model, row) + 1;
		row--;
	}
	return row;
}

/* Scrolls only when the selected row would be outside, or lines would stay empty below the last. */
static void scroll(struct ladder_state *state, const struct ladder *l, int height)
{
	uint32_t rows = model_rows(l->model);
	uint32_t least = lowest_top(l, l->selected, height);
	uint32_t most = rows > 0 ? lowest_top(l, rows - 1, height) : 0;
	if (state->top < least)
		state->top = least;
	if (state->top > most)
		state->top = most;
	if (state->top > l->selected)
		state->top = l->selected;
}

/* At the bottom, below the rows, which get less room. */
static void draw_flights(struct ladder *l)
{
	int rows = flights_rows(l->model, l->area.h);
	int state = l->lanes.long_states ? LANES_LONG_STATE : LANES_STATE;
	struct lane_columns columns = {.left = l->margin + state + 1, .is_list = l->is_list};
	l->area.h -= rows;
	if (!l->is_list)
		columns.right = columns.left + 1 + (int)lanes_inner(&l->lanes);
	if (rows > 0)
		flights_draw(l->model, l->canvas,
		             (struct rect){l->area.x, l->area.y + l->area.h, l->area.w, rows},
		             columns);
}

static void ladder_draw(struct pane *pane, struct canvas *canvas, struct rect area)
{
	struct ladder_state *state = pane->state;
	struct ladder l = ladder_of(pane, canvas, area);
	l.lanes.options = &l.options;
	state->head = draw_head(&l);
	l.area = rect_below(area, state->head);
	draw_flights(&l);
	uint32_t rows = model_rows(l.model);
	scroll(state, &l, l.area.h);
	pane->height = l.area.h;
	pane->width = l.area.w;
	int y = 0;
	for (uint32_t row = state->top; row < rows && y < l.area.h; row++) {
		struct event event;
		int idle = idle_rows(l.model, row);
		if (row == state->top && l.area.h <= idle)
			idle = 0;
		/* a line that cannot be read any more is an empty note: its row stays */
		(void)model_event(l.model, model_record_of_row(l.model, row), &event);
		if (idle > 0 && row > state->top)
			draw_idle(&l, y, row, &event, idle);
		y += row > state->top ? idle : 0;
		draw_row(&l, y++, row, &event);
	}
}

/* ---- the mouse ---- */

/* The row on that line of the rows' area; the selected one when there is none. */
static uint32_t row_at(const struct pane *pane, int line)
{
	const struct ladder_state *state = pane->state;
	uint32_t rows = model_rows(pane->model);
	int y = 0;
	for (uint32_t row = state->top; row < rows; row++) {
		y += row > state->top ? idle_rows(pane->model, row) : 0;
		if (y++ >= line)
			return row;
	}
	return model_row(pane->model);
}

static unsigned ladder_key(struct pane *pane, const struct input *input)
{
	const struct ladder_state *state = pane->state;
	if (input->key != K_CLICK)
		return VIEW_IGNORED;
	model_select(pane->model, row_at(pane, input->y - state->head));
	return VIEW_HANDLED | VIEW_REDRAW;
}

const struct view view_ladder = {
        .name = "ladder",
        .title = N_("Ladder"),
        .place = PLACE_MAIN,
        .command = COMMAND_NONE,
        .state_size = sizeof(struct ladder_state),
        .draw = ladder_draw,
        .key = ladder_key,
};
