/* stream.c: puts pieces of a stream in order. Knows no connection and no protocol. */
#include "stream/stream.h"

#include <stdlib.h>

struct held {
	struct held *next;
	struct piece piece; /* its bytes lie behind this */
	uint8_t copy[];
};

enum { FAR = 1 << 24 }; /* farther from `next` than any window: not of this stream's present */

void stream_start(struct stream *s, uint32_t next)
{
	s->started = true;
	s->next = next;
}

/* Leaves out the first n bytes. */
static void drop_front(struct piece *p, uint32_t n)
{
	uint32_t captured = n < p->captured ? n : p->captured;
	p->seq += n;
	p->len -= n;
	p->captured -= captured;
	if (p->bytes)
		p->bytes += captured;
}

/* Leaves out what was taken before. False: all of it was. */
static bool trim(const struct stream *s, struct piece *p)
{
	if (seq_lt(p->seq, s->next)) {
		uint32_t old = s->next - p->seq;
		if (old >= p->len)
			return false;
		drop_front(p, old);
	}
	return p->len > 0;
}

static void take_gap(struct stream *s, uint32_t n, int64_t time_ns, stream_take *take, void *arg)
{
	const struct piece gap = {.seq = s->next, .len = n, .time_ns = time_ns};
	s->next += n;
	take(arg, &gap);
}

/* The piece has its turn. What the capture cut off its end is a gap. */
static void take_now(struct stream *s, const struct piece *p, stream_take *take, void *arg)
{
	struct piece part = *p;
	part.len = p->captured;
	s->next += part.len;
	if (part.len > 0)
		take(arg, &part);
	if (p->captured < p->len)
		take_gap(s, p->len - p->captured, p->time_ns, take, arg);
}

/* Takes the first piece that waits out of the list; the caller frees it. */
static struct held *unhold_first(struct stream *s)
{
	struct held *first = s->first;
	s->first = first->next;
	s->n_held--;
	s->held_bytes -= first->piece.captured;
	s->budget->used -= sizeof *first + first->piece.captured;
	return first;
}

/* Tells the pieces whose turn has come. Who takes one may release the whole stream. */
static void drain(struct stream *s, stream_take *take, void *arg)
{
	while (s->first && seq_le(s->first->piece.seq, s->next)) {
		struct held *first = unhold_first(s);
		if (trim(s, &first->piece))
			take_now(s, &first->piece, take, arg);
		free(first);
	}
}

static void give_up_hole(struct stream *s, stream_take *take, void *arg)
{
	const struct piece *first = &s->first->piece;
	take_gap(s, first->seq - s->next, first->time_ns, take, arg);
	drain(s, take, arg);
}

static bool has_room(const struct stream *s, const struct piece *p)
{
	return s->n_held < STREAM_PIECES_MAX && p->captured <= STREAM_HELD_MAX - s->held_bytes &&
	       p->captured + sizeof(struct held) <= s->budget->limit &&
	       s->budget->used <= s->budget->limit - p->captured - sizeof(struct held);
}

/* Keeps a piece that came early, in order of its number. False: no room. */
static bool hold(struct stream *s, const struct piece *p)
{
	struct held **at = &s->first;
	while (*at && seq_lt((*at)->piece.seq, p->seq))
		at = &(*at)->next;
	if (*at && (*at)->piece.seq == p->seq && (*at)->piece.len >= p->len)
		return true; /* it waits already */
	if (!has_room(s, p))
		return false;
	struct held *held = malloc(sizeof *held + p->captured);
	if (!held)
		return false;
	held->piece = *p;
	if (p->captured > 0)
		memcpy(held->copy, p->bytes, p->captured);
	held->piece.bytes = held->copy;
	held->next = *at;
	*at = held;
	s->n_held++;
	s->held_bytes += p->captured;
	s->budget->used += sizeof *held + p->captured;
	return true;
}

/* Takes a piece that begins at or before `next`. */
static void take_and_drain(struct stream *s, struct piece *p, stream_take *take, void *arg)
{
	if (trim(s, p))
		take_now(s, p, take, arg);
	drain(s, take, arg);
}

/* Keeps a piece, if need be by giving up what is missing before others. False: it has been taken
 * instead, or nothing can be kept. */
static bool hold_early(struct stream *s, struct piece *p, stream_take *take, void *arg)
{
	while (!hold(s, p)) {
		if (s->first)
			give_up_hole(s, take, arg);
		else
			take_gap(s, p->seq - s->next, p->time_ns, take, arg);
		if (seq_gt(p->seq, s->next))
			continue;
		take_and_drain(s, p, take, arg);
		return false;
	}
	return true;
}

void stream_add(struct stream *s, const struct piece *piece, stream_take *take, void *arg)
{
	struct piece p = *piece;
	bool waited = s->first != NULL;
	if (!s->started)
		stream_start(s, p.seq);
	if (seq_diff(p.seq, s->next) > FAR)
		return;
	if (seq_le(p.seq, s->next)) {
		take_and_drain(s, &p, take, arg);
		return;
	}
	/* One more segment goes by, and the receiver has what is missing here: the capture has not.
	 */
	if (hold_early(s, &p, take, arg) && waited && s->has_acked &&
	    seq_ge(s->acked, s->first->piece.seq))
		give_up_hole(s, take, arg);
}

bool stream_is_over(const struct stream *s)
{
	return s->has_fin && seq_ge(s->next, s->fin);
}

void stream_fin(struct stream *s, uint32_t end)
{
	if (!s->started)
		stream_start(s, end);
	s->has_fin = true;
	s->fin = end;
}

void stream_acked(struct stream *s, uint32_t ack)
{
	if (!s->has_acked || seq_gt(ack, s->acked))
		s->acked = ack;
	s->has_acked = true;
}

void stream_flush(struct stream *s, stream_take *take, void *arg)
{
	while (s->first)
		give_up_hole(s, take, arg);
}

void stream_release(struct stream *s)
{
	while (s->first)
		free(unhold_first(s));
}
