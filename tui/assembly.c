/* assembly.c: see assembly.h. */
#include "assembly.h"

#include <stdlib.h>
#include <string.h>

/* No acknowledgment can be that far ahead: no window is larger (RFC 7323 section 2.3). */
static const int64_t farthest = INT64_C(1) << 30;

void assembly_release(struct assembly *assembly)
{
	free(assembly->chunks);
	for (int side = 0; side < N_SIDES; side++)
		free(assembly->of_side[side]);
	memset(assembly, 0, sizeof *assembly);
}

/* ---- the lists ---- */

static int add_to_side(struct assembly *a, enum side side, uint32_t chunk)
{
	if (a->n_of[side] == a->room_of[side]) {
		uint32_t room = a->room_of[side] ? 2 * a->room_of[side] : 64;
		uint32_t *list = reallocarray(a->of_side[side], room, sizeof *list);
		if (!list)
			return -1;
		a->of_side[side] = list;
		a->room_of[side] = room;
	}
	a->of_side[side][a->n_of[side]++] = chunk;
	return 0;
}

static int add_chunk(struct assembly *a, struct chunk chunk)
{
	if (a->n == a->room) {
		uint32_t room = a->room ? 2 * a->room : 64;
		struct chunk *chunks = reallocarray(a->chunks, room, sizeof *chunks);
		if (!chunks)
			return -1;
		a->chunks = chunks;
		a->room = room;
	}
	if (add_to_side(a, (enum side)chunk.side, a->n) < 0)
		return -1;
	a->chunks[a->n++] = chunk;
	return 0;
}

/* ---- one direction ---- */

/* What the receiver gets of data from seq on: all that is new. */
static int deliver(struct assembly *a, enum side side, const struct held *data, uint32_t at)
{
	struct flow_end *end = &a->ends[side];
	if (data->end <= end->next)
		return 0;
	struct chunk chunk = {
	        .record = data->record,
	        .at = at,
	        .skip = (uint32_t)(end->next - data->seq),
	        .len = (uint32_t)(data->end - end->next),
	        .side = (uint8_t)side,
	        .kind = CHUNK_DATA,
	};
	end->next = data->end;
	return add_chunk(a, chunk);
}

/* Bytes up to `until` were received and never seen. */
static int miss(struct assembly *a, enum side side, int64_t until, uint32_t at)
{
	struct flow_end *end = &a->ends[side];
	struct chunk chunk = {
	        .record = at,
	        .at = at,
	        .len = (uint32_t)(until - end->next),
	        .side = (uint8_t)side,
	        .kind = CHUNK_UNSEEN,
	};
	end->next = until;
	return add_chunk(a, chunk);
}

/* Delivers what waits no longer. */
static int release_held(struct assembly *a, enum side side, uint32_t at)
{
	struct flow_end *end = &a->ends[side];
	uint32_t n = 0;
	int status = 0;
	while (n < end->n_held && end->held[n].seq <= end->next)
		if (deliver(a, side, &end->held[n++], at) < 0)
			status = -1;
	end->n_held -= n;
	memmove(end->held, end->held + n, end->n_held * sizeof *end->held);
	return status;
}

/* There is no room for more that waits: what is missing before it is given up. */
static int give_up(struct assembly *a, enum side side, uint32_t at)
{
	int status = miss(a, side, a->ends[side].held[0].seq, at);
	return release_held(a, side, at) < 0 ? -1 : status;
}

/* Keeps data that came too early, in order of its numbers. */
static void hold(struct flow_end *end, const struct held *data)
{
	uint32_t at = end->n_held;
	while (at > 0 && end->held[at - 1].seq > data->seq)
		at--;
	memmove(end->held + at + 1, end->held + at, (end->n_held - at) * sizeof *end->held);
	end->held[at] = *data;
	end->n_held++;
}

static int take_data(struct assembly *a, const struct series_segment *s)
{
	struct flow_end *end = &a->ends[s->side];
	int64_t seq = s->seq + ((s->flags & TCP_SYN) != 0);
	const struct held data = {.seq = seq, .end = seq + s->len, .record = s->record};
	if (!end->begun) {
		end->begun = true;
		end->next = seq;
	}
	if (s->flags & TCP_FIN) {
		end->fin = true;
		end->fin_at = data.end;
	}
	if (s->len == 0 || data.end <= end->next || data.seq - end->next > farthest)
		return 0;
	int status = 0;
	if (data.seq > end->next && end->n_held == HELD_MAX)
		status = give_up(a, s->side, s->record);
	if (data.seq > end->next) {
		hold(end, &data);
		return status;
	}
	if (deliver(a, s->side, &data, s->record) < 0)
		status = -1;
	return release_held(a, s->side, s->record) < 0 ? -1 : status;
}

/* An acknowledgment of what was not seen: the capture has missed it. */
static int take_ack(struct assembly *a, const struct series_segment *s)
{
	enum side side = side_other(s->side);
	struct flow_end *end = &a->ends[side];
	int status = 0;
	if (!end->begun) {
		end->begun = true;
		end->next = s->ack;
	}
	int64_t ack = end->fin && s->ack > end->fin_at ? end->fin_at : s->ack;
	if (ack - end->next > farthest)
		return 0;
	while (ack > end->next) {
		bool waits = end->n_held > 0 && end->held[0].seq < ack;
		if (miss(a, side, waits ? end->held[0].seq : ack, s->record) < 0 ||
		    release_held(a, side, s->record) < 0)
			status = -1;
	}
	return status;
}

int assembly_add(struct assembly *assembly, const struct series_segment *segment)
{
	int status = 0;
	if (segment->flags & TCP_RST)
		return 0; /* its text, if any, is not data (RFC 9293 section 3.5.3) */
	if ((segment->flags & TCP_ACK) && take_ack(assembly, segment) < 0)
		status = -1;
	return take_data(assembly, segment) < 0 ? -1 : status;
}

uint32_t assembly_count(const struct assembly *assembly, uint32_t until)
{
	uint32_t low = 0, high = assembly->n;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (assembly->chunks[middle].at < until)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}
