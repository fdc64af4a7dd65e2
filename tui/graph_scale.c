/* graph_scale.c: from times and sequence numbers to places on the grid, and back. */
#include <stdlib.h>

#include "graph.h"

/* ---- places ---- */

/* From a to b, which is not smaller. */
static uint64_t distance(int64_t a, int64_t b)
{
	return (uint64_t)b - (uint64_t)a;
}

int graph_place(int64_t value, int64_t from, int64_t to, int n)
{
	if (value < from)
		return -1;
	if (value > to)
		return n;
	return (int)((double)distance(from, value) / (double)distance(from, to) * (n - 1) + 0.5);
}

int64_t graph_value(int place, int64_t from, int64_t to, int n)
{
	if (n < 2)
		return from;
	return from + (int64_t)((double)place / (n - 1) * (double)distance(from, to));
}

/* ---- axes ---- */

int64_t graph_step(int64_t span, int most)
{
	static const int64_t steps[] = {1, 2, 5};
	most = most < 1 ? 1 : most;
	for (int64_t power = 1; power <= INT64_MAX / 10; power *= 10)
		for (int i = 0; i < 3; i++)
			if (span / (steps[i] * power) < most)
				return steps[i] * power;
	return INT64_MAX / 9; /* centuries, or more than 32 bits can count */
}

void graph_add_number(struct text *t, int64_t number)
{
	if (llabs(number) >= 10000000 && number % 1000000 == 0)
		text_addf(t, "%lldM", (long long)(number / 1000000));
	else if (llabs(number) >= 10000 && number % 1000 == 0)
		text_addf(t, "%lldk", (long long)(number / 1000));
	else
		text_add_int(t, number);
}

void graph_add_time(struct text *t, int64_t ns, int64_t step_ns)
{
	static const struct {
		int64_t ns;
		const char *name;
	} units[] = {{NS_PER_SECOND, "s"}, {NS_PER_MS, "ms"}, {NS_PER_US, "us"}, {1, "ns"}};
	int i = 0;
	while (step_ns % units[i].ns != 0)
		i++;
	text_addf(t, "%lld %s", (long long)(ns / units[i].ns), units[i].name);
}

/* ---- all of it ---- */

/* While more comes there is some room at the end, so that not every segment changes the scale. */
static int64_t roomy(int64_t from, int64_t needed, int64_t kept, bool grows)
{
	int64_t span = needed - from;
	if (!grows)
		return needed + span / 50;
	if (kept >= needed && kept - from <= 2 * span)
		return kept;
	return needed + span / 4;
}

static int64_t limit(int64_t value, int64_t least, int64_t most)
{
	if (value < least)
		return least;
	return value > most ? most : value;
}

/* A hostile file can claim any time: it must not make the sums here overflow. */
static void fit(struct graph_view *view, const struct series *series, bool grows)
{
	struct graph_scale *w = &view->whole;
	int64_t last_ns = limit(series->most_ns, INT64_MIN / 2, INT64_MAX / 2);
	int64_t last = series->most[view->side];
	w->t0 = limit(series->least_ns, INT64_MIN / 2, INT64_MAX / 2);
	w->s0 = series->least[view->side];
	if (last_ns < w->t0 + NS_PER_US)
		last_ns = w->t0 + NS_PER_US;
	w->t1 = roomy(w->t0, last_ns, w->t1, grows);
	w->s1 = roomy(w->s0, last < w->s0 + 4 ? w->s0 + 4 : last, w->s1, grows);
}

/* ---- a part of it ---- */

/* The first segment at that time or later; times that step back make it only a guess. */
static uint32_t at_time(const struct series *series, const struct log *log, int64_t time_ns)
{
	uint32_t low = 0, high = series->n;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (log_record(log, series->points[middle].record)->time_ns < time_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

enum { NEAR = 1024 }; /* segments that are looked at on either side */

/* What was acknowledged before segment i: nothing below it will be seen again. */
static int64_t lowest(const struct graph_view *view, const struct series *series,
                      const struct log *log, uint32_t i)
{
	for (uint32_t back = 0; back < i && back < NEAR; back++) {
		struct series_segment s = series_at(series, log, i - 1 - back);
		if (s.side != view->side && (s.flags & TCP_ACK) && !(s.flags & TCP_RST))
			return s.ack;
	}
	return view->whole.s0;
}

/* The highest number that was used shortly before segment i. */
static int64_t highest(const struct graph_view *view, const struct series *series,
                       const struct log *log, uint32_t i, int64_t least)
{
	int64_t most = least;
	for (uint32_t back = 0; back < i && back < NEAR; back++) {
		struct series_segment s = series_at(series, log, i - 1 - back);
		if (s.side == view->side && s.end > most && !(s.flags & TCP_RST))
			most = s.end;
	}
	return most;
}

struct graph_scale graph_scale_of(struct graph_view *view, const struct series *series,
                                  const struct log *log, bool grows)
{
	fit(view, series, grows);
	struct graph_scale part = view->whole;
	if (!view->zoomed)
		return part;
	if (view->span_ns >= part.t1 - part.t0) {
		view->zoomed = false;
		return part;
	}
	part.t0 = view->middle_ns - view->span_ns / 2;
	part.t1 = part.t0 + view->span_ns;
	part.s0 = lowest(view, series, log, at_time(series, log, part.t0));
	part.s1 = highest(view, series, log, at_time(series, log, part.t1 + 1), part.s0);
	if (part.s1 < part.s0 + 4)
		part.s1 = part.s0 + 4;
	part.s1 += (part.s1 - part.s0) / 20;
	return part;
}

/* ---- looking around ---- */

void graph_zoom(struct graph_view *view, const struct graph_scale *scale, int64_t around_ns,
                bool nearer)
{
	int64_t span = scale->t1 - scale->t0;
	bool is_inside = around_ns >= scale->t0 && around_ns <= scale->t1;
	view->middle_ns = is_inside && nearer ? around_ns : scale->t0 + span / 2;
	view->span_ns = nearer ? span / 2 : span <= INT64_MAX / 2 ? span * 2 : span;
	if (view->span_ns < NS_PER_US)
		view->span_ns = NS_PER_US;
	view->zoomed = true;
}

void graph_pan(struct graph_view *view, const struct graph_scale *scale, int eighths)
{
	int64_t span = scale->t1 - scale->t0;
	if (!view->zoomed)
		return;
	view->middle_ns = limit(view->middle_ns + span / 8 * eighths, view->whole.t0 + span / 2,
	                        view->whole.t1 - span / 2);
}
