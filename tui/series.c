/* series.c: see series.h. */
#include "series.h"

#include <stdlib.h>
#include <string.h>

void series_release(struct series *series)
{
	free(series->points);
	memset(series, 0, sizeof *series);
}

/* The number nearest to `near` that is `number` modulo 2^32. */
static int64_t widen(int64_t near, uint32_t number)
{
	return near + seq_diff(number, (uint32_t)near);
}

static int16_t high_of(int64_t number)
{
	return (int16_t)(number >> 32);
}

static int64_t wide(uint32_t number, int16_t high)
{
	return (int64_t)high * (INT64_C(1) << 32) + number;
}

static uint32_t used_by(const struct record *r)
{
	return r->len + ((r->flags & TCP_SYN) != 0) + ((r->flags & TCP_FIN) != 0);
}

/* The numbers that each end has used, without what a reset claims: it may be anybody's. */
static void widen_range(struct series *series, const struct record *r, int64_t seq)
{
	enum side side = (enum side)r->side;
	int64_t end = seq + used_by(r);
	if (r->flags & TCP_RST)
		return;
	if (!series->begun[side]) {
		series->begun[side] = true;
		series->least[side] = seq;
		series->most[side] = end;
	}
	series->latest[side] = end;
	if (used_by(r) > 0 && seq < series->least[side])
		series->least[side] = seq;
	if (end > series->most[side])
		series->most[side] = end;
}

static int add_point(struct series *series, uint32_t i, const struct record *r)
{
	if (series->n == series->room) {
		uint32_t room = series->room ? 2 * series->room : 256;
		struct series_point *points = reallocarray(series->points, room, sizeof *points);
		if (!points)
			return -1;
		series->points = points;
		series->room = room;
	}
	int64_t seq = widen(series->latest[r->side], r->seq);
	int64_t ack = widen(series->latest[side_other((enum side)r->side)], r->ack);
	series->points[series->n++] = (struct series_point){
	        .record = i, .seq_high = high_of(seq), .ack_high = high_of(ack)};
	widen_range(series, r, seq);
	if (series->n == 1 || r->time_ns < series->least_ns)
		series->least_ns = r->time_ns;
	if (series->n == 1 || r->time_ns > series->most_ns)
		series->most_ns = r->time_ns;
	return 0;
}

bool series_follow(struct series *series, const struct log *log, const struct conn_entry *conn,
                   uint32_t budget)
{
	if (!series->known || series->key != conn->key) {
		series_release(series);
		series->known = true;
		series->stream = conn->stream;
		series->key = conn->key;
		series->next = conn->first;
	}
	if (conn->first == NO_RECORD)
		return false;
	if (series->next == NO_RECORD)
		series->next = conn->first;
	for (; series->next <= conn->last; series->next++) {
		const struct record *r = log_record(log, series->next);
		if (budget-- == 0)
			return true;
		if (r->kind == EVENT_SEGMENT && r->stream == series->stream &&
		    add_point(series, series->next, r) < 0)
			return true; /* no memory: tried again when there may be some */
	}
	return false;
}

uint32_t series_count(const struct series *series, uint32_t until)
{
	uint32_t low = 0, high = series->n;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (series->points[middle].record < until)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct series_segment series_at(const struct series *series, const struct log *log, uint32_t i)
{
	const struct series_point *point = &series->points[i];
	const struct record *r = log_record(log, point->record);
	struct series_segment segment = {
	        .record = point->record,
	        .side = (enum side)r->side,
	        .time_ns = r->time_ns,
	        .seq = wide(r->seq, point->seq_high),
	        .ack = wide(r->ack, point->ack_high),
	        .len = r->len,
	        .window = r->window,
	        .analysis = r->analysis,
	        .flags = r->flags,
	        .bits = r->bits,
	};
	segment.end = segment.seq + used_by(r);
	return segment;
}
