/* view_stream.c: what the programs at both ends received, in order, as text or bytes: of one end,
 * or of both as it happened. What the selected row has not yet brought is dim. Only the lines of
 * the rows on the screen are read. */
#include <string.h>

#include "amount.h"
#include "base/i18n.h"
#include "model_parts.h"
#include "stream_rows.h"
#include "view.h"

enum { DRAW_BUDGET = 8192, WORK_BUDGET = 65536, BOTH = N_SIDES, TIME_FROM = 72 };

/* A row of the view: row `row` of the chunk at `place` among those that are shown. */
struct place {
	uint32_t place;
	unsigned row;
};

struct stream_state {
	struct series series;
	struct assembly assembly;
	unsigned side; /* enum side, or BOTH */
	bool hex, has_side, drawn, more;
	struct place top, cursor;
	uint32_t current; /* the selected record that the cursor has followed */
	int columns;      /* for bytes, as last drawn */
};

/* The rows of one chunk. */
struct block {
	const struct chunk *chunk;
	struct chunk_bytes bytes;
	struct stream_row rows[STREAM_ROWS_MAX];
	unsigned n;
};

/* ---- which chunks ---- */

/* Takes more segments; another connection begins anew. True: not done. */
static bool follow(struct stream_state *state, const struct model *model,
                   const struct conn_entry *conn, uint32_t budget)
{
	if (!state->series.known || state->series.key != conn->key) {
		assembly_release(&state->assembly);
		state->top = state->cursor = (struct place){0, 0};
		state->current = NO_RECORD;
	}
	bool more = series_follow(&state->series, &model->log, conn, budget);
	struct assembly *a = &state->assembly;
	for (; a->next < state->series.n; a->next++) {
		if (budget-- == 0)
			return true;
		struct series_segment s = series_at(&state->series, &model->log, a->next);
		(void)assembly_add(a, &s); /* without memory, less is shown */
	}
	return more;
}

/* Chunks that are shown, before that record. */
static uint32_t count(const struct stream_state *state, uint32_t until)
{
	uint32_t all = assembly_count(&state->assembly, until);
	if (state->side == BOTH)
		return all;
	uint32_t low = 0, high = state->assembly.n_of[state->side];
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (state->assembly.of_side[state->side][middle] < all)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static uint32_t shown(const struct stream_state *state, const struct model *model)
{
	return count(state, model_horizon(model));
}

static const struct chunk *chunk_at(const struct stream_state *state, uint32_t place)
{
	const struct assembly *a = &state->assembly;
	return &a->chunks[state->side == BOTH ? place : a->of_side[state->side][place]];
}

static void load(const struct stream_state *state, const struct model *model, uint32_t place,
                 struct block *block)
{
	struct event event;
	block->chunk = chunk_at(state, place);
	(void)model_event(model, block->chunk->record, &event); /* else it is an empty event */
	chunk_read(&block->bytes, block->chunk, &event);
	block->n = stream_rows(block->rows, &block->bytes, state->hex, state->columns);
}

static unsigned rows_at(const struct stream_state *state, const struct model *model, uint32_t place)
{
	struct block block;
	load(state, model, place, &block);
	return block.n;
}

/* ---- places ---- */

static bool is_before(struct place a, struct place b)
{
	return a.place != b.place ? a.place < b.place : a.row < b.row;
}

/* The place so many rows further; stops at the ends. */
static struct place moved(const struct stream_state *state, const struct model *model,
                          struct place at, int by)
{
	uint32_t n = shown(state, model);
	if (n == 0)
		return (struct place){0, 0};
	if (at.place >= n)
		at = (struct place){n - 1, 0};
	for (; by > 0; by--) {
		if (at.row + 1 < rows_at(state, model, at.place))
			at.row++;
		else if (at.place + 1 < n)
			at = (struct place){at.place + 1, 0};
		else
			break;
	}
	for (; by < 0; by++) {
		if (at.row > 0)
			at.row--;
		else if (at.place > 0)
			at = (struct place){at.place - 1, rows_at(state, model, at.place - 1) - 1};
		else
			break;
	}
	return at;
}

static struct place last_place(const struct stream_state *state, const struct model *model)
{
	uint32_t n = shown(state, model);
	if (n == 0)
		return (struct place){0, 0};
	return (struct place){n - 1, rows_at(state, model, n - 1) - 1};
}

/* When another row has been selected, the cursor goes to what was received with it, or last. */
static void follow_row(struct stream_state *state, const struct model *model)
{
	uint32_t current = model_current(model);
	if (current == state->current || current == NO_RECORD)
		return;
	state->current = current;
	uint32_t n = count(state, current + 1);
	state->cursor = (struct place){n > 0 ? n - 1 : 0, 0};
}

static void keep_inside(struct stream_state *state, const struct model *model, int height)
{
	uint32_t n = shown(state, model);
	if (state->cursor.place >= n)
		state->cursor = (struct place){n ? n - 1 : 0, 0};
	if (n > 0 && state->cursor.row >= rows_at(state, model, state->cursor.place))
		state->cursor.row = 0;
	struct place lowest = moved(state, model, state->cursor, 1 - height);
	if (is_before(state->cursor, state->top))
		state->top = state->cursor;
	if (is_before(state->top, lowest))
		state->top = lowest;
}

/* ---- drawing ---- */

static struct pen pen_of(const struct stream_state *state, const struct chunk *chunk)
{
	if (state->current != NO_RECORD && chunk->at > state->current)
		return PEN(ROLE_DIM);
	return PEN(chunk->side == CLIENT ? ROLE_CLIENT : ROLE_SERVER);
}

/* The bytes of a row of text; its newline is written, but dim. */
static void draw_text(const struct block *block, const struct stream_row *row, struct pen pen,
                      struct canvas *canvas, struct rect area, int x, int y)
{
	TEXT(words, 4 * EVENT_BYTES_MAX + 1);
	TEXT(end, 16);
	const char *bytes = (const char *)block->bytes.bytes + row->begin;
	size_t n = row->n, tail = 0;
	if (n > 0 && bytes[n - 1] == '\n')
		tail = n > 1 && bytes[n - 2] == '\r' ? 2 : 1;
	text_add_safe(&words, bytes, n - tail);
	text_add_safe(&end, bytes + n - tail, tail);
	x = canvas_text(canvas, area, x, y, pen, words.bytes);
	(void)canvas_text(canvas, area, x, y, PEN(ROLE_DIM), end.bytes);
}

static void draw_bytes(const struct stream_state *state, const struct block *block,
                       const struct stream_row *row, struct canvas *canvas, struct rect area, int x,
                       int y)
{
	struct pen pen = pen_of(state, block->chunk);
	TEXT(words, 256);
	switch ((enum stream_row_kind)row->kind) {
	case ROW_TEXT:
		draw_text(block, row, pen, canvas, area, x, y);
		return;
	case ROW_HEX:
		stream_add_hex(&words, block->bytes.bytes + row->begin, row->n,
		               stream_hex_bytes(state->columns));
		break;
	case ROW_ABSENT:
		pen = PEN(ROLE_DIM);
		text_addf(&words, _("… %u more bytes (events carry the first %d of a frame)"),
		          block->bytes.absent, EVENT_BYTES_MAX);
		break;
	case ROW_UNSEEN:
		pen = PEN(ROLE_ALERT);
		text_addf(&words, _("~~ %u bytes: acknowledged, but not captured ~~"),
		          block->bytes.absent);
		break;
	}
	(void)canvas_cut(canvas, area, x, y, area.w - x, pen, words.bytes);
}

static int margin_of(struct rect area)
{
	return area.w >= TIME_FROM ? 14 : 4;
}

/* When it was received, and who sent it. */
static void draw_margin(const struct stream_state *state, const struct model *model,
                        const struct block *block, bool first, struct canvas *canvas,
                        struct rect area, int y)
{
	const struct chunk *chunk = block->chunk;
	int margin = margin_of(area);
	if (first && margin > 4) {
		TEXT(time, 32);
		uint32_t row = model_row_of_record(model, chunk->at);
		struct rect field = {area.x, area.y, 10, area.h};
		if (row < model_rows(model) && model_record_of_row(model, row) == chunk->at)
			model_add_time(model, row, &time);
		(void)canvas_right(canvas, field, y, PEN(ROLE_DIM), time.bytes);
	}
	(void)canvas_text(canvas, area, margin - 3, y, pen_of(state, chunk),
	                  chunk->side == CLIENT ? "C>" : "S>");
}

static void draw_rows(const struct stream_state *state, const struct model *model,
                      struct canvas *canvas, struct rect area)
{
	uint32_t n = shown(state, model);
	struct place at = state->top;
	for (int y = 0; y < area.h && at.place < n; at = (struct place){at.place + 1, 0}) {
		struct block block;
		load(state, model, at.place, &block);
		for (; at.row < block.n && y < area.h; at.row++, y++) {
			draw_margin(state, model, &block, at.row == 0, canvas, area, y);
			draw_bytes(state, &block, &block.rows[at.row], canvas, area,
			           margin_of(area), y);
			if (at.place == state->cursor.place && at.row == state->cursor.row)
				canvas_style(canvas, rect_row(area, y), STYLE_SELECTED);
		}
	}
}

static void draw_head(const struct stream_state *state, const struct conn_entry *conn,
                      struct canvas *canvas, struct rect area)
{
	static const char *const whose[] = {
	        N_("what the server received from the client"),
	        N_("what the client received from the server"),
	        N_("what both programs received, as it came"),
	};
	TEXT(words, 256);
	text_addf(&words, _("#%u: %s, as %s"), conn->stream, _(whose[state->side]),
	          state->hex ? _("bytes") : _("text"));
	if (state->more)
		text_add(&words, _("; reading…"));
	text_add(&words, _("  (d: end, v: form, Enter: the segment)"));
	(void)canvas_cut(canvas, area, 1, 0, area.w - 1, PEN(ROLE_TITLE), words.bytes);
}

/* Where the bytes under the cursor come from. */
static void draw_foot(const struct stream_state *state, const struct model *model,
                      struct canvas *canvas, struct rect area)
{
	TEXT(words, 256);
	if (state->cursor.place >= shown(state, model))
		return;
	const struct chunk *chunk = chunk_at(state, state->cursor.place);
	const struct record *sent = log_record(&model->log, chunk->record);
	const struct record *came = log_record(&model->log, chunk->at);
	if (chunk->kind == CHUNK_UNSEEN)
		text_addf(&words, _("acknowledged by frame %u; "), came->frame);
	else
		text_addf(&words, _("frame %u, %u of its %u bytes; "), sent->frame, chunk->len,
		          sent->len);
	if (chunk->skip > 0)
		text_addf(&words, _("the first %u had come before; "), chunk->skip);
	if (chunk->at != chunk->record)
		text_addf(&words, _("waited until frame %u filled the gap; "), came->frame);
	text_addf(&words, _("client %u, server %u pieces"), state->assembly.n_of[CLIENT],
	          state->assembly.n_of[SERVER]);
	(void)canvas_cut(canvas, area, 1, area.h - 1, area.w - 1, PEN(ROLE_DIM), words.bytes);
}

static void stream_draw(struct pane *pane, struct canvas *canvas, struct rect area)
{
	struct stream_state *state = pane->state;
	const struct model *model = pane->model;
	const struct conn_entry *conn = model_conn(model);
	int frame = area.h >= 4 ? 2 : 0;
	if (!conn) {
		(void)canvas_paragraph(canvas, area, 0, PEN(ROLE_DIM),
		                       _("No TCP connection yet; only TCP has a stream."));
		return;
	}
	if (!state->has_side)
		state->side = BOTH;
	state->has_side = state->drawn = true;
	state->columns = area.w - margin_of(area);
	state->more = follow(state, model, conn, DRAW_BUDGET);
	struct rect rows = {area.x, area.y + (frame > 0), area.w, area.h - frame};
	pane->height = rows.h > 0 ? rows.h : 1;
	follow_row(state, model);
	keep_inside(state, model, pane->height);
	draw_rows(state, model, canvas, rows);
	if (shown(state, model) == 0)
		(void)canvas_paragraph(canvas, rows, 0, PEN(ROLE_DIM),
		                       _("No program has received anything by then."));
	if (frame == 0)
		return;
	draw_head(state, conn, canvas, area);
	draw_foot(state, model, canvas, area);
}

static bool stream_work(struct pane *pane)
{
	struct stream_state *state = pane->state;
	const struct conn_entry *conn = state->drawn ? model_conn(pane->model) : NULL;
	uint32_t taken = state->assembly.next;
	state->drawn = conn && follow(state, pane->model, conn, WORK_BUDGET);
	if (taken != state->assembly.next)
		model_changed(pane->model);
	return state->drawn;
}

/* ---- keys ---- */

/* The ladder, at the segment whose bytes are under the cursor. */
static unsigned go_to_segment(struct pane *pane)
{
	const struct stream_state *state = pane->state;
	struct text t = text_of(pane->message, sizeof pane->message);
	if (state->cursor.place >= shown(state, pane->model))
		return VIEW_HANDLED;
	uint32_t record = chunk_at(state, state->cursor.place)->record;
	if (model_is_row(pane->model, record)) {
		model_select(pane->model, model_row_of_record(pane->model, record));
		return VIEW_HANDLED | VIEW_REDRAW | VIEW_CLOSE;
	}
	text_add(&t, _("the filter hides that segment"));
	return VIEW_HANDLED | VIEW_REDRAW;
}

static void next_side(struct stream_state *state)
{
	state->side = state->side == BOTH ? CLIENT : state->side + 1;
	uint32_t n = count(state, state->current == NO_RECORD ? 0 : state->current + 1);
	state->cursor = state->top = (struct place){n > 0 ? n - 1 : 0, 0};
}

static int distance(const struct pane *pane, const struct input *input)
{
	if (input->command == COMMAND_DOWN)
		return 1;
	if (input->command == COMMAND_UP)
		return -1;
	if (input->key == K_WHEEL_DOWN || input->key == K_WHEEL_UP)
		return input->key == K_WHEEL_DOWN ? 3 : -3;
	if (input->command == COMMAND_PAGE_DOWN)
		return pane->height;
	return input->command == COMMAND_PAGE_UP ? -pane->height : 0;
}

static unsigned stream_key(struct pane *pane, const struct input *input)
{
	struct stream_state *state = pane->state;
	int by = distance(pane, input);
	if (!state->has_side)
		return VIEW_IGNORED; /* never drawn */
	if (by != 0)
		state->cursor = moved(state, pane->model, state->cursor, by);
	else if (input->command == COMMAND_FIRST)
		state->cursor = (struct place){0, 0};
	else if (input->command == COMMAND_LAST)
		state->cursor = last_place(state, pane->model);
	else if (input->command == COMMAND_FORM) {
		state->hex = !state->hex;
		state->cursor.row = 0;
		state->top = state->cursor;
	} else if (input->command == COMMAND_DIRECTION)
		next_side(state);
	else if (input->command == COMMAND_ENTER)
		return go_to_segment(pane);
	else if (input->key == K_CLICK)
		state->cursor = moved(state, pane->model, state->top, input->y - 1);
	else
		return VIEW_IGNORED;
	return VIEW_HANDLED | VIEW_REDRAW;
}

static void stream_release(struct pane *pane)
{
	struct stream_state *state = pane->state;
	series_release(&state->series);
	assembly_release(&state->assembly);
}

const struct view view_stream = {
        .name = "stream",
        .title = N_("Stream"),
        .place = PLACE_MAIN,
        .command = COMMAND_FOLLOW,
        .state_size = sizeof(struct stream_state),
        .draw = stream_draw,
        .key = stream_key,
        .work = stream_work,
        .release = stream_release,
};
