/* view_connections.c: the list of connections at the moment of the screen. Left and right choose
 * the column that orders it, v turns the order round, Enter shows one connection alone. */
#include <string.h>

#include "amount.h"
#include "base/i18n.h"
#include "conn_list.h"
#include "explain/elapsed.h"
#include "model_parts.h"
#include "view.h"

enum { DRAW_BUDGET = 8192, WORK_BUDGET = 65536, HEAD_ROWS = 1, GAP = 1, ENDS_MIN = 9, NARROW = 16 };

struct connections_state {
	struct conn_list list;
	uint32_t version; /* of the order that `selected` belongs to */
	uint32_t selected, top;
	uint32_t stream; /* of the selected one */
	bool has_stream, drawn;
};

/* One row's data while it is drawn. */
struct row {
	bool narrow; /* no room for addresses */
	const struct model *model;
	const struct conn_entry *entry;
	const struct conn_figures *figures;
};

/* ---- columns ---- */

struct column {
	const char *title; /* marked English */
	int width;         /* 0: shares what is left */
	int from;          /* drawn on screens of at least that many columns */
	bool right;
	enum role role;
	void (*words)(struct text *t, const struct row *row);
};

static void add_number(struct text *t, const struct row *row)
{
	text_addf(t, "#%u", row->entry->stream);
}

static void add_end(struct text *t, const struct row *row, enum side side)
{
	if (row->narrow)
		text_addf(t, ":%u", row->entry->ends[side].port);
	else
		text_add_endpoint(t, &row->entry->ends[side]);
	if (row->entry->roles_guessed)
		text_add_char(t, '?');
}

static void add_client(struct text *t, const struct row *row)
{
	add_end(t, row, CLIENT);
}

static void add_server(struct text *t, const struct row *row)
{
	add_end(t, row, SERVER);
}

static void add_start(struct text *t, const struct row *row)
{
	int64_t since_ns = elapsed_ns(row->model->origin_ns, row->figures->first_ns);
	if (since_ns < 0)
		text_add_char(t, '-');
	text_add_span(t, since_ns < 0 ? -since_ns : since_ns);
}

static void add_duration(struct text *t, const struct row *row)
{
	int64_t ns = elapsed_ns(row->figures->first_ns, row->figures->last_ns);
	text_add_span(t, ns < 0 ? 0 : ns);
}

static void add_bytes(struct text *t, const struct row *row)
{
	amount_add(t, row->figures->n_bytes);
}

static void add_segments(struct text *t, const struct row *row)
{
	amount_add(t, row->figures->n_segments);
}

static void add_alerts(struct text *t, const struct row *row)
{
	if (row->figures->n_alerts > 0)
		amount_add(t, row->figures->n_alerts);
}

static void add_states(struct text *t, const struct row *row)
{
	const uint8_t *states = row->figures->states;
	text_add(t, tcp_state_short((enum tcp_state)states[CLIENT]));
	if (states[CLIENT] == states[SERVER])
		return;
	text_add_char(t, '/');
	text_add(t, tcp_state_short((enum tcp_state)states[SERVER]));
}

/* How it began and ended, as far as that has been seen. */
static void add_close(struct text *t, const struct row *row)
{
	const struct conn_entry *e = row->entry;
	bool was_seen = e->syn[CLIENT] != NO_RECORD;
	if (row->figures->is_closed && e->close != CLOSE_NONE)
		text_add(t, close_kind_name((enum close_kind)e->close));
	else if (row->figures->is_closed)
		text_add(t, _("unfinished"));
	else
		text_add(t, was_seen ? _("open") : _("in progress"));
}

static const struct column columns[N_CONN_COLUMNS] = {
        [COLUMN_NUMBER] = {N_("no."), 5, 0, true, ROLE_DIM, add_number},
        [COLUMN_CLIENT] = {N_("client"), 0, 0, false, ROLE_CLIENT, add_client},
        [COLUMN_SERVER] = {N_("server"), 0, 0, false, ROLE_SERVER, add_server},
        [COLUMN_START] = {N_("start"), 7, 92, true, ROLE_DIM, add_start},
        [COLUMN_DURATION] = {N_("lasted"), 7, 100, true, ROLE_TEXT, add_duration},
        [COLUMN_BYTES] = {N_("bytes"), 6, 56, true, ROLE_TEXT, add_bytes},
        [COLUMN_SEGMENTS] = {N_("segm."), 6, 108, true, ROLE_TEXT, add_segments},
        [COLUMN_ALERTS] = {N_("alerts"), 6, 70, true, ROLE_ALERT, add_alerts},
        [COLUMN_STATES] = {N_("states"), 17, 116, false, ROLE_STATE, add_states},
        [COLUMN_CLOSE] = {N_("end"), 12, 40, false, ROLE_STATE, add_close},
};

/* Both ends share what the other columns leave. */
static int width_of(enum conn_column column, int width)
{
	int left = width - 2 - 2 * GAP;
	if (columns[column].from > width)
		return 0;
	if (columns[column].width > 0)
		return columns[column].width;
	for (int i = 0; i < N_CONN_COLUMNS; i++)
		if (columns[i].width > 0 && columns[i].from <= width)
			left -= columns[i].width + GAP;
	left = left < 2 * ENDS_MIN ? 2 * ENDS_MIN : left;
	return left / 2 < 47 ? left / 2 : 47;
}

/* ---- drawing ---- */

static int draw_words(struct canvas *canvas, struct rect area, int x, int y,
                      enum conn_column column, struct pen pen, const char *words)
{
	int width = width_of(column, area.w);
	struct rect field = {area.x + x, area.y, width, area.h};
	if (width == 0)
		return x;
	if (columns[column].right)
		(void)canvas_right(canvas, rect_clip(field, area), y, pen, words);
	else
		(void)canvas_cut(canvas, area, x, y, width, pen, words);
	return x + width + GAP;
}

static void draw_head(const struct connections_state *state, struct canvas *canvas,
                      struct rect area)
{
	int x = 2;
	for (int i = 0; i < N_CONN_COLUMNS; i++) {
		TEXT(title, 64);
		bool lit = state->list.column == (enum conn_column)i;
		text_add(&title, _(columns[i].title));
		if (lit)
			text_add(&title, state->list.reverse ? "▲" : "▼");
		x = draw_words(canvas, area, x, 0, (enum conn_column)i,
		               pen_with(PEN(ROLE_TITLE), lit ? STYLE_LIT : 0), title.bytes);
	}
}

static void draw_row(const struct row *row, struct canvas *canvas, struct rect area, int y)
{
	int x = 2;
	for (int i = 0; i < N_CONN_COLUMNS; i++) {
		TEXT(words, 128);
		columns[i].words(&words, row);
		x = draw_words(canvas, area, x, y, (enum conn_column)i, PEN(columns[i].role),
		               words.bytes);
	}
}

/* "3 connections, 1 open …": what the list is about. */
static void draw_foot(const struct connections_state *state, const struct model *model, bool more,
                      struct canvas *canvas, struct rect area, int y)
{
	TEXT(words, 256);
	text_addf(&words, _("%u of %u connections"), state->list.n, model->conns.n);
	if (state->list.is_filtered)
		text_addf(&words, _(" with rows that match %s"), model->expression);
	else if (model->only_stream != NO_STREAM)
		text_addf(&words, _("; the ladder shows only #%u (o: all)"), model->only_stream);
	text_add(&words, more ? _(", counting…") : "");
	text_add(&words, _(". Enter: this one alone; ← →: order by; v: the other way round"));
	(void)canvas_cut(canvas, area, 2, y, area.w - 2, PEN(ROLE_DIM), words.bytes);
}

/* The cursor stays on its connection when the order changes. */
static void follow_order(struct connections_state *state, const struct model *model)
{
	const struct conn_list *list = &state->list;
	const struct conn_entry *now = model_conn(model);
	if (!state->has_stream && now) {
		state->stream = now->stream;
		state->has_stream = true;
	}
	if (state->version != list->version && state->has_stream) {
		uint32_t at = conn_list_find(list, model, state->stream);
		state->selected = at < list->n ? at : state->selected;
	}
	state->version = list->version;
	if (state->selected >= list->n)
		state->selected = list->n ? list->n - 1 : 0;
	if (state->selected < list->n)
		state->stream = model->conns.entries[list->order[state->selected]].stream;
}

static void scroll(struct connections_state *state, uint32_t height)
{
	if (state->top > state->selected)
		state->top = state->selected;
	if (height > 0 && state->selected - state->top >= height)
		state->top = state->selected - height + 1;
	if (state->list.n <= height)
		state->top = 0;
}

static void connections_draw(struct pane *pane, struct canvas *canvas, struct rect area)
{
	struct connections_state *state = pane->state;
	const struct model *model = pane->model;
	bool more = conn_list_update(&state->list, model, model_horizon(model), DRAW_BUDGET);
	int rows = area.h - HEAD_ROWS - (area.h >= 6);
	state->drawn = true;
	pane->height = rows > 0 ? rows : 1;
	follow_order(state, model);
	scroll(state, (uint32_t)pane->height);
	if (state->list.n == 0) {
		const char *words = state->list.is_filtered
		                            ? _("No connection has rows that match the filter (f).")
		                            : _("No TCP connection yet.");
		(void)canvas_paragraph(canvas, area, 0, PEN(ROLE_DIM), words);
		return;
	}
	draw_head(state, canvas, area);
	for (int y = 0; y < rows && state->top + (uint32_t)y < state->list.n; y++) {
		uint32_t i = state->list.order[state->top + (uint32_t)y];
		bool narrow = width_of(COLUMN_CLIENT, area.w) < NARROW;
		const struct row row = {narrow, model, &model->conns.entries[i],
		                        &state->list.figures[i]};
		draw_row(&row, canvas, area, y + HEAD_ROWS);
		if (state->top + (uint32_t)y != state->selected)
			continue;
		(void)canvas_text(canvas, area, 0, y + HEAD_ROWS, PEN(ROLE_TITLE), ">");
		canvas_style(canvas, rect_row(area, y + HEAD_ROWS), STYLE_SELECTED);
	}
	if (area.h >= 6)
		draw_foot(state, model, more, canvas, area, area.h - 1);
}

static bool connections_work(struct pane *pane)
{
	struct connections_state *state = pane->state;
	uint32_t version = state->list.version, until = state->list.until;
	if (!state->drawn)
		return false;
	state->drawn = conn_list_update(&state->list, pane->model, model_horizon(pane->model),
	                                WORK_BUDGET);
	if (version != state->list.version || until != state->list.until)
		model_changed(pane->model);
	return state->drawn;
}

/* ---- keys ---- */

/* The ladder shows this connection alone, from its beginning unless it is there already. */
static void open_selected(struct connections_state *state, struct model *model)
{
	const struct conn_entry *entry = &model->conns.entries[state->list.order[state->selected]];
	uint32_t first = entry->opened < entry->first ? entry->opened : entry->first;
	uint32_t current = model_current(model);
	bool is_there =
	        current != NO_RECORD && log_record(&model->log, current)->stream == entry->stream;
	model_set_stream(model, entry->stream);
	if (is_there || first == NO_RECORD)
		return;
	model->touched = true;
	model->now = entry->first != NO_RECORD ? entry->first : first;
}

static void move(struct connections_state *state, const struct model *model, int64_t by)
{
	int64_t at = (int64_t)state->selected + by, last = (int64_t)state->list.n - 1;
	at = at > last ? last : at;
	state->selected = at < 0 ? 0 : (uint32_t)at;
	if (state->selected < state->list.n)
		state->stream = model->conns.entries[state->list.order[state->selected]].stream;
	state->has_stream = true;
}

/* The next column that is on the screen, in that direction. */
static void next_column(struct pane *pane, int direction)
{
	struct connections_state *state = pane->state;
	int i = (int)state->list.column;
	do
		i += direction;
	while (i >= 0 && i < N_CONN_COLUMNS && width_of((enum conn_column)i, pane->width) == 0);
	if (i >= 0 && i < N_CONN_COLUMNS)
		conn_list_sort(&state->list, (enum conn_column)i);
}

static void click_head(struct pane *pane, int at)
{
	struct connections_state *state = pane->state;
	int x = 2;
	for (int i = 0; i < N_CONN_COLUMNS; i++) {
		int width = width_of((enum conn_column)i, pane->width);
		if (width > 0 && at >= x && at < x + width)
			conn_list_sort(&state->list, (enum conn_column)i);
		x += width + (width > 0 ? GAP : 0);
	}
}

static unsigned mouse(struct pane *pane, const struct input *input)
{
	struct connections_state *state = pane->state;
	uint32_t row = state->top + (uint32_t)(input->y - HEAD_ROWS);
	if (input->key == K_WHEEL_UP || input->key == K_WHEEL_DOWN)
		move(state, pane->model, input->key == K_WHEEL_UP ? -3 : 3);
	else if (input->key != K_CLICK)
		return VIEW_IGNORED;
	else if (input->y < HEAD_ROWS)
		click_head(pane, input->x);
	else if (input->y - HEAD_ROWS < pane->height && row < state->list.n) {
		if (row == state->selected) {
			open_selected(state, pane->model);
			return VIEW_HANDLED | VIEW_REDRAW | VIEW_CLOSE;
		}
		move(state, pane->model, (int64_t)row - state->selected);
	}
	return VIEW_HANDLED | VIEW_REDRAW;
}

/* By how many places a key moves the cursor; 0: it does not. */
static int64_t distance(const struct pane *pane, int command)
{
	const struct connections_state *state = pane->state;
	switch (command) {
	case COMMAND_DOWN:
		return 1;
	case COMMAND_UP:
		return -1;
	case COMMAND_PAGE_DOWN:
		return pane->height;
	case COMMAND_PAGE_UP:
		return -pane->height;
	case COMMAND_FIRST:
		return -(int64_t)state->list.n;
	case COMMAND_LAST:
		return state->list.n;
	default: /* the other commands do not move */
		return 0;
	}
}

static unsigned connections_key(struct pane *pane, const struct input *input)
{
	struct connections_state *state = pane->state;
	int64_t by = distance(pane, input->command);
	if (input->key >= K_CLICK && input->key <= K_WHEEL_DOWN)
		return mouse(pane, input);
	if (by != 0)
		move(state, pane->model, by);
	else if (input->command == COMMAND_LEFT || input->command == COMMAND_RIGHT)
		next_column(pane, input->command == COMMAND_LEFT ? -1 : 1);
	else if (input->command == COMMAND_FORM)
		conn_list_reverse(&state->list);
	else if (input->command == COMMAND_ENTER && state->selected < state->list.n) {
		open_selected(state, pane->model);
		return VIEW_HANDLED | VIEW_REDRAW | VIEW_CLOSE;
	} else
		return VIEW_IGNORED;
	return VIEW_HANDLED | VIEW_REDRAW;
}

static void connections_release(struct pane *pane)
{
	struct connections_state *state = pane->state;
	conn_list_release(&state->list);
}

const struct view view_connections = {
        .name = "connections",
        .title = N_("Connections"),
        .place = PLACE_MAIN,
        .command = COMMAND_CONNECTIONS,
        .state_size = sizeof(struct connections_state),
        .draw = connections_draw,
        .key = connections_key,
        .work = connections_work,
        .release = connections_release,
};
