/* view_ladder.c: the home screen: the client's lane left, the server's right; the head above the
 * rows, which of them are shown, the mouse. How a row looks: ladder_rows.h. Reads only the events
 * of the rows that are shown. */
#include "base/i18n.h"
#include "ladder_flights.h"
#include "ladder_rows.h"
#include "sink/ladder_words.h"
#include "view.h"

enum {
	LANES_FROM = 60, /* columns; below, a list */
	LONG_STATES_FROM = 100,
	OFFERS_FROM = 12, /* rows; below, no second line of the head */
	CURSOR = 1,       /* columns in front of the time */
};

struct ladder_state {
	uint32_t top; /* first row that is shown */
	int head;     /* lines above the rows, as last drawn */
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
	while (row > 0 && used + ladder_idle_rows(l->model, row) + 1 <= height) {
		used += ladder_idle_rows(l->model, row) + 1;
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
		int idle = ladder_idle_rows(l.model, row);
		if (row == state->top && l.area.h <= idle)
			idle = 0;
		/* a line that cannot be read any more is an empty note: its row stays */
		(void)model_event(l.model, model_record_of_row(l.model, row), &event);
		if (idle > 0 && row > state->top)
			ladder_draw_idle(&l, y, row, &event, idle);
		y += row > state->top ? idle : 0;
		ladder_draw_row(&l, y++, row, &event);
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
		y += row > state->top ? ladder_idle_rows(pane->model, row) : 0;
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
