/* view_graph.c: the time-sequence graph of the connection of the selected row: what one end sends
 * over time, and between which two lines: acknowledged, and allowed. The selected segment is the
 * cursor; up and down go along the connection. */
#include <string.h>

#include "base/i18n.h"
#include "explain/elapsed.h"
#include "graph.h"
#include "model_parts.h"
#include "sink/columns.h"
#include "sink/notation.h"
#include "view.h"

enum { DRAW_BUDGET = 8192, WORK_BUDGET = 65536 };

struct graph_state {
	struct series series;
	struct graph_view view;
	struct plot plot;
	bool has_side, drawn;
	uint32_t key;     /* of the connection that the rest belongs to */
	struct rect grid; /* as last drawn, relative to the pane */
};

/* What is drawn now. */
struct picture {
	struct graph_state *state;
	const struct model *model;
	struct canvas *canvas;
	struct rect area;  /* of the pane */
	struct rect cells; /* of the plot */
	uint32_t until;    /* segments that have happened */
	uint32_t selected; /* the last segment at or before the selected row; `until`: none */
};

/* ---- the data ---- */

static bool grows(const struct model *model)
{
	return !model->ended;
}

/* Another connection begins with all of the direction that carried more. */
static void choose(struct graph_state *state, const struct conn_entry *conn)
{
	if (state->has_side && state->key == conn->key)
		return;
	state->has_side = true;
	state->key = conn->key;
	state->view = (struct graph_view){
	        .side = conn->n_bytes[SERVER] > conn->n_bytes[CLIENT] ? SERVER : CLIENT};
}

static void find_moment(struct picture *p)
{
	const struct series *series = &p->state->series;
	uint32_t current = model_current(p->model);
	p->until = series_count(series, model_horizon(p->model));
	uint32_t before = current == NO_RECORD ? 0 : series_count(series, current + 1);
	p->selected = before > 0 && before <= p->until ? before - 1 : p->until;
}

/* Paints what has happened; when time has gone back, anew. True: not done. */
static bool paint(struct picture *p, uint32_t budget)
{
	struct graph_state *state = p->state;
	struct graph_scale scale =
	        graph_scale_of(&state->view, &state->series, &p->model->log, grows(p->model));
	if (state->plot.next > p->until)
		state->plot.columns = 0;
	if (plot_prepare(&state->plot, &scale, state->view.side, &state->series, &p->cells,
	                 !p->canvas->ascii) < 0)
		return false; /* no memory: nothing is drawn */
	return plot_paint(&state->plot, &state->series, &p->model->log, p->until, budget);
}

/* ---- the grid ---- */

static struct pen pen_of_layers(const struct plot *plot, unsigned layers)
{
	if (layers & 1 << LAYER_RESENT)
		return PEN(ROLE_ALERT);
	if (layers & 1 << LAYER_SENT)
		return PEN(plot->side == CLIENT ? ROLE_CLIENT : ROLE_SERVER);
	if (layers & 1 << LAYER_SACK)
		return PEN(ROLE_STATE);
	if (layers & 1 << LAYER_ACK)
		return PEN(plot->side == CLIENT ? ROLE_SERVER : ROLE_CLIENT);
	return PEN(ROLE_DIM);
}

static char letter_of_layers(unsigned layers)
{
	static const char letters[N_LAYERS] = {'.', '-', 's', '|', '#'};
	int layer = N_LAYERS - 1;
	while (layer > 0 && !(layers & 1U << layer))
		layer--;
	return letters[layer];
}

static void draw_cell(const struct picture *p, int column, int row)
{
	const struct plot *plot = &p->state->plot;
	char mark = plot->marks[row * plot->columns + column];
	unsigned braille, layers = plot_cell(plot, column, row, &braille);
	char bytes[4] = {mark};
	size_t n = 1;
	struct pen pen = pen_of_layers(plot, layers);
	if (mark)
		pen = PEN(strchr("SF", mark) ? ROLE_TITLE : ROLE_ALERT);
	else if (!layers)
		return;
	else if (p->canvas->ascii)
		bytes[0] = letter_of_layers(layers);
	else {
		bytes[0] = (char)0xe2;
		bytes[1] = (char)(0xa0 | braille >> 6);
		bytes[2] = (char)(0x80 | (braille & 0x3f));
		n = 3;
	}
	(void)canvas_bytes(p->canvas, p->cells, column, row, pen, bytes, n);
}

static void draw_grid(const struct picture *p)
{
	if (p->state->plot.columns != p->cells.w || p->state->plot.rows != p->cells.h)
		return; /* no memory for it */
	for (int row = 0; row < p->cells.h; row++)
		for (int column = 0; column < p->cells.w; column++)
			draw_cell(p, column, row);
}

/* The selected segment: its column is lit, and marked on the axis. */
static void draw_cursor(const struct picture *p, int y)
{
	const struct graph_scale *scale = &p->state->plot.scale;
	if (p->selected == p->until)
		return;
	struct series_segment s = series_at(&p->state->series, &p->model->log, p->selected);
	int x = graph_place(s.time_ns, scale->t0, scale->t1, p->cells.w);
	struct rect column = {p->cells.x + x, p->cells.y, 1, p->cells.h};
	if (x < 0 || x >= p->cells.w)
		return;
	canvas_style(p->canvas, column, STYLE_LIT);
	(void)canvas_text(p->canvas, p->area, p->cells.x - p->area.x + x, y, PEN(ROLE_TITLE), "▲");
}

/* ---- words ---- */

static void draw_head(const struct picture *p, const struct conn_entry *conn, bool more)
{
	TEXT(words, 256);
	enum side side = p->state->view.side;
	text_addf(&words, _("#%u: sequence numbers of the %s, %u segments"), conn->stream,
	          side_name(side), p->until);
	if (more)
		text_add(&words, _("; reading…"));
	text_add(&words, _("  (d: other end, + - a: zoom, ← →: move)"));
	(void)canvas_cut(p->canvas, p->area, 1, 0, p->area.w - 1, PEN(ROLE_TITLE), words.bytes);
}

/* The segment under the cursor in words. */
static void draw_point(const struct picture *p, int y)
{
	TEXT(words, 256);
	const struct log *log = &p->model->log;
	if (p->selected == p->until)
		return;
	struct series_segment s = series_at(&p->state->series, log, p->selected);
	const struct analysis analysis = {.flags = s.analysis};
	text_addf(&words, _("▲ frame %u at "), log_record(log, s.record)->frame);
	graph_add_time(&words, elapsed_ns(p->model->origin_ns, s.time_ns), NS_PER_US);
	text_addf(&words, ", %s: ", side_name(s.side));
	text_add_flags(&words, s.flags);
	if (s.len > 0)
		text_addf(&words, _(" %lld to %lld"), (long long)s.seq, (long long)s.end - 1);
	if (s.flags & TCP_ACK)
		text_addf(&words, _(", acknowledges up to %lld, allows up to %lld"),
		          (long long)s.ack, (long long)s.ack + s.window);
	if (s.analysis) {
		text_add(&words, ", ");
		notation_labels(&words, &analysis);
	}
	(void)canvas_cut(p->canvas, p->area, 1, y, p->area.w - 1, PEN(ROLE_TEXT), words.bytes);
}

/* What the lines and letters are. */
static void draw_legend(const struct picture *p, int y)
{
	enum side side = p->state->view.side;
	bool ascii = p->canvas->ascii;
	const struct {
		enum role role;
		const char *sign, *word;
	} items[] = {
	        {side == CLIENT ? ROLE_CLIENT : ROLE_SERVER, ascii ? "|" : "⢸", _("sent")},
	        {ROLE_ALERT, ascii ? "# R" : "⢸ R", _("again")},
	        {side == CLIENT ? ROLE_SERVER : ROLE_CLIENT, ascii ? "-" : "⠒⠒", _("acknowledged")},
	        {ROLE_DIM, ascii ? "." : "⠂⠐", _("window")},
	        {ROLE_STATE, ascii ? "s" : "⢸", _("SACK")},
	        {ROLE_ALERT, "O", _("out of order")},
	        {ROLE_ALERT, "Z", _("zero window")},
	        {ROLE_ALERT, "X", _("reset")},
	        {ROLE_TITLE, "S F", _("SYN, FIN")},
	};
	int x = 1;
	for (size_t i = 0; i < sizeof items / sizeof items[0]; i++) {
		int columns = (int)(columns_of(items[i].sign, strlen(items[i].sign)) +
		                    columns_of(items[i].word, strlen(items[i].word)) + 1);
		if (x + columns > p->area.w)
			break;
		x = canvas_text(p->canvas, p->area, x, y, PEN(items[i].role), items[i].sign);
		x = canvas_text(p->canvas, p->area, x + 1, y, PEN(ROLE_DIM), items[i].word) + 2;
	}
}

/* ---- the view ---- */

/* Head, grid, two rows for the axis, one for the point, one for the legend if there is room. */
static void lay_out(struct picture *p)
{
	struct graph_state *state = p->state;
	struct graph_scale scale =
	        graph_scale_of(&state->view, &state->series, &p->model->log, grows(p->model));
	int below = p->area.h >= 10 ? 4 : 3;
	int left = graph_margin(&scale, p->area.h - below - 1) + 1;
	p->cells = (struct rect){p->area.x + left, p->area.y + 1, p->area.w - left - 1,
	                         p->area.h - below - 1};
	state->grid = p->cells;
	state->grid.x -= p->area.x;
	state->grid.y -= p->area.y;
}

static void draw_picture(struct picture *p, const struct conn_entry *conn, bool more)
{
	lay_out(p);
	if (p->cells.w < 8 || p->cells.h < 2)
		return;
	int axis = p->cells.y - p->area.y + p->cells.h;
	more = paint(p, DRAW_BUDGET) || more;
	const struct graph_axes axes = {p->canvas, p->area, p->cells, &p->state->plot.scale};
	graph_draw_numbers(&axes);
	graph_draw_times(&axes, p->model->origin_ns);
	draw_grid(p);
	draw_cursor(p, axis);
	draw_head(p, conn, more);
	draw_point(p, axis + 2);
	if (p->area.h >= 10)
		draw_legend(p, axis + 3);
}

static void graph_draw(struct pane *pane, struct canvas *canvas, struct rect area)
{
	struct graph_state *state = pane->state;
	const struct conn_entry *conn = model_conn(pane->model);
	struct picture p = {.state = state, .model = pane->model, .canvas = canvas, .area = area};
	state->drawn = conn != NULL;
	if (!conn) {
		(void)canvas_paragraph(canvas, area, 0, PEN(ROLE_DIM),
		                       _("No TCP connection yet; only TCP has sequence numbers."));
		return;
	}
	choose(state, conn);
	bool more = series_follow(&state->series, &pane->model->log, conn, DRAW_BUDGET);
	find_moment(&p);
	if (state->series.n > 0)
		draw_picture(&p, conn, more);
}

/* Finds more segments; what is found is painted by the next drawing. */
static bool graph_work(struct pane *pane)
{
	struct graph_state *state = pane->state;
	const struct conn_entry *conn = state->drawn ? model_conn(pane->model) : NULL;
	uint32_t n = state->series.n, next = state->plot.next;
	if (!conn)
		return false;
	bool more = series_follow(&state->series, &pane->model->log, conn, WORK_BUDGET);
	uint32_t until = series_count(&state->series, model_horizon(pane->model));
	if (!more && state->plot.columns > 0 && state->plot.key == conn->key)
		more = plot_paint(&state->plot, &state->series, &pane->model->log, until,
		                  WORK_BUDGET);
	if (n != state->series.n || next != state->plot.next)
		model_changed(pane->model);
	state->drawn = more;
	return more;
}

/* ---- keys ---- */

/* The next segment of this connection that is a row, in that direction. */
static void move(struct pane *pane, int by)
{
	struct graph_state *state = pane->state;
	uint32_t current = model_current(pane->model);
	uint32_t until = series_count(&state->series, model_horizon(pane->model));
	int64_t i = series_count(&state->series, current);
	bool is_on_one = i < until && state->series.points[i].record == current;
	i += by > 0 ? (is_on_one ? by : by - 1) : by;
	i = i < 0 ? 0 : i >= until ? (int64_t)until - 1 : i;
	if (until == 0 || current == NO_RECORD)
		return;
	uint32_t record = state->series.points[i].record;
	uint32_t row = model_row_of_record(pane->model, record);
	if (model_is_row(pane->model, record))
		model_select(pane->model, row);
}

/* Selects the segment that is nearest to a place on the grid. */
static void click(struct pane *pane, int x)
{
	struct graph_state *state = pane->state;
	const struct log *log = &pane->model->log;
	int64_t time_ns = graph_value(x - state->grid.x, state->plot.scale.t0, state->plot.scale.t1,
	                              state->grid.w);
	uint32_t low = 0, high = series_count(&state->series, model_horizon(pane->model));
	uint32_t n = high;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (log_record(log, state->series.points[middle].record)->time_ns < time_ns)
			low = middle + 1;
		else
			high = middle;
	}
	if (n == 0)
		return;
	uint32_t record = state->series.points[low < n ? low : n - 1].record;
	if (model_is_row(pane->model, record))
		model_select(pane->model, model_row_of_record(pane->model, record));
}

static void zoom(struct pane *pane, bool nearer)
{
	struct graph_state *state = pane->state;
	uint32_t current = model_current(pane->model);
	int64_t around_ns = state->plot.scale.t0;
	if (current != NO_RECORD)
		around_ns = log_record(&pane->model->log, current)->time_ns;
	graph_zoom(&state->view, &state->plot.scale, around_ns, nearer);
}

static bool move_key(struct pane *pane, const struct input *input)
{
	enum { FAR = 16 };
	if (input->command == COMMAND_DOWN || input->key == K_WHEEL_DOWN)
		move(pane, 1);
	else if (input->command == COMMAND_UP || input->key == K_WHEEL_UP)
		move(pane, -1);
	else if (input->command == COMMAND_PAGE_DOWN)
		move(pane, FAR);
	else if (input->command == COMMAND_PAGE_UP)
		move(pane, -FAR);
	else if (input->key == K_CLICK)
		click(pane, input->x);
	else
		return false;
	return true;
}

static unsigned graph_key(struct pane *pane, const struct input *input)
{
	struct graph_state *state = pane->state;
	if (!state->has_side || state->plot.columns == 0 || state->grid.w < 2)
		return VIEW_IGNORED; /* never drawn */
	if (move_key(pane, input))
		return VIEW_HANDLED | VIEW_REDRAW;
	if (input->command == COMMAND_LEFT || input->command == COMMAND_RIGHT)
		graph_pan(&state->view, &state->plot.scale,
		          input->command == COMMAND_LEFT ? -2 : 2);
	else if (input->command == COMMAND_NEARER || input->command == COMMAND_FARTHER)
		zoom(pane, input->command == COMMAND_NEARER);
	else if (input->command == COMMAND_WHOLE)
		state->view.zoomed = false;
	else if (input->command == COMMAND_DIRECTION)
		state->view = (struct graph_view){.side = side_other(state->view.side)};
	else if (input->command == COMMAND_ENTER)
		return VIEW_HANDLED | VIEW_REDRAW | VIEW_CLOSE; /* the ladder, at the cursor */
	else
		return VIEW_IGNORED;
	return VIEW_HANDLED | VIEW_REDRAW;
}

static void graph_release(struct pane *pane)
{
	struct graph_state *state = pane->state;
	series_release(&state->series);
	plot_release(&state->plot);
}

const struct view view_graph = {
        .name = "graph",
        .title = N_("Sequence numbers over time"),
        .place = PLACE_MAIN,
        .command = COMMAND_GRAPH,
        .state_size = sizeof(struct graph_state),
        .draw = graph_draw,
        .key = graph_key,
        .work = graph_work,
        .release = graph_release,
};
