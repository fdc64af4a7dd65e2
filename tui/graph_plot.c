/* graph_plot.c: segments as dots. A segment is an upright line from its first number to the one
 * behind its last; what the receiver says makes two staircases. Each segment costs some dots, once:
 * a plot is only begun anew when its scale has changed. */
#include <stdlib.h>
#include <string.h>

#include "graph.h"

#define RESENT (A_RETRANSMISSION | A_FAST_RETRANSMISSION | A_SPURIOUS_RETRANSMISSION)

enum { LINE_COST = 16 }; /* reading a line back costs as much as so many segments */

void plot_release(struct plot *plot)
{
	free(plot->dots);
	free(plot->marks);
	*plot = (struct plot){.columns = 0};
}

static int width(const struct plot *plot)
{
	return plot->columns * plot->across;
}

static int height(const struct plot *plot)
{
	return plot->rows * plot->down;
}

/* ---- preparing ---- */

static int make_room(struct plot *plot, size_t cells, size_t dots)
{
	if (!plot->dots || dots > plot->room) {
		uint8_t *bytes = realloc(plot->dots, dots);
		if (!bytes)
			return -1;
		plot->dots = bytes;
		plot->room = dots;
	}
	if (!plot->marks || cells > plot->room_marks) {
		char *marks = realloc(plot->marks, cells);
		if (!marks)
			return -1;
		plot->marks = marks;
		plot->room_marks = cells;
	}
	return 0;
}

static bool is_same(const struct plot *plot, const struct graph_scale *scale, enum side side,
                    const struct series *series, const struct rect *cells, bool braille)
{
	return plot->scale.t0 == scale->t0 && plot->scale.t1 == scale->t1 &&
	       plot->scale.s0 == scale->s0 && plot->scale.s1 == scale->s1 && plot->side == side &&
	       plot->key == series->key && plot->columns == cells->w && plot->rows == cells->h &&
	       plot->across == (braille ? 2 : 1);
}

int plot_prepare(struct plot *plot, const struct graph_scale *scale, enum side side,
                 const struct series *series, const struct rect *cells, bool braille)
{
	size_t n = (size_t)cells->w * (size_t)cells->h;
	if (plot->dots && is_same(plot, scale, side, series, cells, braille))
		return 0;
	if (n == 0 || make_room(plot, n, n * (braille ? 8 : 1)) < 0)
		return -1;
	plot->columns = cells->w;
	plot->rows = cells->h;
	plot->across = braille ? 2 : 1;
	plot->down = braille ? 4 : 1;
	plot->scale = *scale;
	plot->side = side;
	plot->key = series->key;
	plot->next = 0;
	plot->has_ack = false;
	memset(plot->dots, 0, n * (braille ? 8 : 1));
	memset(plot->marks, 0, n);
	return 0;
}

/* ---- dots ---- */

static int x_of(const struct plot *plot, int64_t time_ns)
{
	return graph_place(time_ns, plot->scale.t0, plot->scale.t1, width(plot));
}

/* From the top; -1 above the grid, its height below. */
static int y_of(const struct plot *plot, int64_t number)
{
	return height(plot) - 1 - graph_place(number, plot->scale.s0, plot->scale.s1, height(plot));
}

static void dot(struct plot *plot, int x, int y, enum plot_layer layer)
{
	if (x >= 0 && x < width(plot) && y >= 0 && y < height(plot))
		plot->dots[y * width(plot) + x] |= (uint8_t)(1 << layer);
}

static void upright(struct plot *plot, int x, int64_t from, int64_t to, enum plot_layer layer)
{
	int low = y_of(plot, from), high = y_of(plot, to);
	if (x < 0 || x >= width(plot))
		return;
	if (low < high) {
		int swap = low;
		low = high;
		high = swap;
	}
	if (high >= height(plot) || low < 0)
		return;
	for (int y = high < 0 ? 0 : high; y <= low && y < height(plot); y++)
		dot(plot, x, y, layer);
}

/* The window's line is dotted, so that it differs without colours too. */
static void level(struct plot *plot, int from, int to, int64_t number, enum plot_layer layer)
{
	int y = y_of(plot, number), every = layer == LAYER_WINDOW && plot->across > 1 ? 3 : 1;
	from = from < 0 ? 0 : from;
	to = to >= width(plot) ? width(plot) - 1 : to;
	for (int x = from; x <= to; x++)
		if (x % every == 0)
			dot(plot, x, y, layer);
}

/* A letter; that something was sent again is never covered. */
static void mark(struct plot *plot, int x, int64_t number, char letter)
{
	int y = y_of(plot, number);
	if (x < 0 || x >= width(plot) || y < 0 || y >= height(plot))
		return;
	char *cell = &plot->marks[y / plot->down * plot->columns + x / plot->across];
	if (*cell != 'R')
		*cell = letter;
}

/* ---- segments ---- */

static void paint_sent(struct plot *plot, const struct series_segment *s)
{
	int x = x_of(plot, s->time_ns);
	bool resent = s->analysis & RESENT;
	if (s->end > s->seq)
		upright(plot, x, s->seq, s->end, resent ? LAYER_RESENT : LAYER_SENT);
	if (s->flags & TCP_SYN)
		mark(plot, x, s->end, 'S');
	if (s->flags & TCP_FIN)
		mark(plot, x, s->end, 'F');
	if (s->flags & TCP_RST)
		mark(plot, x, s->seq, 'X');
	if (s->analysis & A_OUT_OF_ORDER)
		mark(plot, x, s->end, 'O');
	if (resent)
		mark(plot, x, s->end, 'R');
}

static void paint_sacks(struct plot *plot, const struct series_segment *s, const struct log *log)
{
	struct event event;
	if (log_event(log, s->record, &event) < 0 || event.kind != EVENT_SEGMENT)
		return;
	const struct segment *full = &event.segment;
	for (unsigned i = 0; i < full->options.n_sack && i < TCP_MAX_SACK; i++) {
		int64_t left = s->ack + seq_diff(full->options.sack_left[i], full->ack_raw);
		int64_t right = s->ack + seq_diff(full->options.sack_right[i], full->ack_raw);
		upright(plot, x_of(plot, s->time_ns), left, right, LAYER_SACK);
	}
}

/* The staircases go on as they were until this acknowledgment, and then up to it. */
static void paint_ack(struct plot *plot, const struct series_segment *s, const struct log *log)
{
	int64_t allowed = s->ack + s->window;
	int x = x_of(plot, s->time_ns);
	if (plot->has_ack) {
		int from = x_of(plot, plot->ack_ns);
		level(plot, from, x, plot->ack, LAYER_ACK);
		level(plot, from, x, plot->allowed, LAYER_WINDOW);
		upright(plot, x, plot->ack, s->ack, LAYER_ACK);
	}
	dot(plot, x, y_of(plot, s->ack), LAYER_ACK);
	dot(plot, x, y_of(plot, allowed), LAYER_WINDOW);
	if (s->analysis & A_ZERO_WINDOW)
		mark(plot, x, s->ack, 'Z');
	if (s->bits & RECORD_SACK)
		paint_sacks(plot, s, log);
	plot->has_ack = true;
	plot->ack_ns = s->time_ns;
	plot->ack = s->ack;
	plot->allowed = allowed;
}

bool plot_paint(struct plot *plot, const struct series *series, const struct log *log,
                uint32_t until, uint32_t budget)
{
	for (; plot->next < until && plot->next < series->n; plot->next++) {
		struct series_segment s = series_at(series, log, plot->next);
		uint32_t cost = s.bits & RECORD_SACK ? LINE_COST : 1;
		if (budget < cost)
			return true;
		budget -= cost;
		if (s.side == plot->side)
			paint_sent(plot, &s);
		else if (s.flags & TCP_RST)
			mark(plot, x_of(plot, s.time_ns), plot->ack, 'X');
		else if (s.flags & TCP_ACK)
			paint_ack(plot, &s, log);
	}
	return false;
}

unsigned plot_cell(const struct plot *plot, int column, int row, unsigned *braille)
{
	/* the dots of U+2800 and up, row by row */
	static const uint8_t bits[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
	unsigned layers = 0;
	*braille = 0;
	for (int y = 0; y < plot->down; y++)
		for (int x = 0; x < plot->across; x++) {
			int at = (row * plot->down + y) * width(plot) + column * plot->across + x;
			layers |= plot->dots[at];
			*braille |= plot->dots[at] ? bits[y][x] : 0U;
		}
	return layers;
}
