/* graph_axes.c: the two axes of the graph, with round numbers. */
#include "explain/elapsed.h"
#include "graph.h"

enum { ROWS_PER_MARK = 4, COLUMNS_PER_MARK = 14 };

/* The first mark at `from` or behind it. */
static int64_t first_mark(int64_t from, int64_t step)
{
	int64_t over = from % step;
	return over == 0 ? from : over > 0 ? from - over + step : from - over;
}

/* Goes on to the next mark; false: that lies behind `to`. */
static bool next_mark(int64_t *at, int64_t to, int64_t step)
{
	if ((uint64_t)to - (uint64_t)*at < (uint64_t)step)
		return false;
	*at += step;
	return true;
}

void graph_draw_numbers(const struct graph_axes *p)
{
	const struct graph_scale *scale = p->scale;
	int64_t step = graph_step(scale->s1 - scale->s0, p->cells.h / ROWS_PER_MARK);
	struct rect left = {p->area.x, p->cells.y, p->cells.x - p->area.x - 1, p->cells.h};
	canvas_vline(p->canvas, p->area, left.w, p->cells.y - p->area.y, p->cells.h, PEN(ROLE_DIM));
	int64_t s = first_mark(scale->s0, step);
	for (bool more = s <= scale->s1; more; more = next_mark(&s, scale->s1, step)) {
		TEXT(number, 32);
		int y = p->cells.h - 1 - graph_place(s, scale->s0, scale->s1, p->cells.h);
		graph_add_number(&number, s);
		(void)canvas_right(p->canvas, left, y, PEN(ROLE_DIM), number.bytes);
		(void)canvas_text(p->canvas, p->area, left.w, p->cells.y - p->area.y + y,
		                  PEN(ROLE_DIM), "┤");
	}
}

void graph_draw_times(const struct graph_axes *p, int64_t origin)
{
	const struct graph_scale *scale = p->scale;
	int y = p->cells.y - p->area.y + p->cells.h;
	int64_t from = elapsed_ns(origin, scale->t0), to = elapsed_ns(origin, scale->t1);
	int64_t step = graph_step(scale->t1 - scale->t0, p->cells.w / COLUMNS_PER_MARK);
	struct rect axis = {p->cells.x, p->area.y, p->cells.w, p->area.h};
	canvas_hline(p->canvas, axis, -1, y, p->cells.w + 1, PEN(ROLE_DIM));
	(void)canvas_text(p->canvas, axis, -1, y, PEN(ROLE_DIM), "└");
	int64_t t = first_mark(from, step);
	for (bool more = t <= to && t >= from; more; more = next_mark(&t, to, step)) {
		TEXT(time, 32);
		int x = graph_place(t, from, to, p->cells.w);
		graph_add_time(&time, t, step);
		int least = x - (int)time.len / 2;
		least = least + (int)time.len > p->cells.w ? p->cells.w - (int)time.len : least;
		(void)canvas_text(p->canvas, axis, x, y, PEN(ROLE_DIM), "┬");
		(void)canvas_text(p->canvas, axis, least < 0 ? 0 : least, y + 1, PEN(ROLE_DIM),
		                  time.bytes);
	}
}

int graph_margin(const struct graph_scale *scale, int height)
{
	TEXT(number, 32);
	int64_t step = graph_step(scale->s1 - scale->s0, height / ROWS_PER_MARK);
	graph_add_number(&number, first_mark(scale->s0, step));
	size_t first = number.len;
	text_clear(&number);
	graph_add_number(&number, scale->s1 - scale->s1 % step);
	return (int)(number.len > first ? number.len : first) + 1;
}
