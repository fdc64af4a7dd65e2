/* ranges.c: two lists for each sender. New data goes to the end of the first, which is therefore
 * sorted by number and by time, and is acknowledged from its start. What was resent or came late
 * goes to the second, short and bounded, which is searched. So a segment costs the same in a
 * connection of any length. */
#include "flow/ranges.h"

#include <stdlib.h>

enum {
	BLOCK = 1024,   /* pieces in one allocation */
	MOST = 10000,   /* pieces of one sender: a capture of one direction sees no ACK */
	ODD_MAX = 256,  /* resent or late pieces among them */
	FIND_MAX = 512, /* pieces that a search looks at, besides these */
};

struct ranges {
	struct range *blocks[RANGES_MAX / BLOCK];
	uint32_t n_blocks;
	uint32_t n_made; /* indices handed out, 0 included */
	uint32_t free_list;
};

struct ranges *ranges_new(void)
{
	struct ranges *r = calloc(1, sizeof *r);
	if (r)
		r->n_made = 1;
	return r;
}

void ranges_free(struct ranges *r)
{
	if (!r)
		return;
	for (uint32_t i = 0; i < r->n_blocks; i++)
		free(r->blocks[i]);
	free(r);
}

struct range *ranges_at(const struct ranges *r, uint32_t index)
{
	return &r->blocks[index / BLOCK][index % BLOCK];
}

static uint32_t take(struct ranges *r)
{
	uint32_t index = r->free_list;
	if (index) {
		r->free_list = ranges_at(r, index)->next;
		return index;
	}
	if (r->n_made / BLOCK >= r->n_blocks) {
		struct range *block = r->n_made < RANGES_MAX ? calloc(BLOCK, sizeof *block) : NULL;
		if (!block)
			return 0;
		r->blocks[r->n_blocks++] = block;
	}
	return r->n_made++;
}

static void give_back(struct ranges *r, uint32_t index)
{
	ranges_at(r, index)->next = r->free_list;
	r->free_list = index;
}

void ranges_add(struct ranges *r, struct trail *trail, const struct range *piece)
{
	bool in_order = !trail->last || seq_ge(piece->seq, ranges_at(r, trail->last)->end);
	if (trail->n_pieces >= MOST || (!in_order && trail->n_odd >= ODD_MAX))
		return;
	uint32_t index = take(r);
	if (!index)
		return;
	uint32_t *first = in_order ? &trail->first : &trail->odd_first;
	uint32_t *last = in_order ? &trail->last : &trail->odd_last;
	*ranges_at(r, index) = *piece;
	ranges_at(r, index)->next = 0;
	if (*last)
		ranges_at(r, *last)->next = index;
	else
		*first = index;
	*last = index;
	trail->n_pieces++;
	if (!in_order)
		trail->n_odd++;
}

/* What an acknowledgment does to one piece: true if the piece is gone. */
static bool is_covered(struct range *piece, uint32_t ack, struct range *matched)
{
	if (piece->end == ack && (!matched->frame || piece->frame < matched->frame))
		*matched = *piece;
	if (seq_le(piece->end, ack))
		return true;
	if (seq_lt(piece->seq, ack))
		piece->seq = ack;
	return false;
}

static void acknowledge_in_order(struct ranges *r, struct trail *trail, uint32_t ack,
                                 struct range *matched)
{
	while (trail->first) {
		uint32_t index = trail->first;
		struct range *piece = ranges_at(r, index);
		if (!is_covered(piece, ack, matched))
			return;
		trail->first = piece->next;
		trail->n_pieces--;
		give_back(r, index);
	}
	trail->last = 0;
}

static void acknowledge_odd(struct ranges *r, struct trail *trail, uint32_t ack,
                            struct range *matched)
{
	uint32_t kept = 0;
	for (uint32_t i = trail->odd_first, next; i; i = next) {
		struct range *piece = ranges_at(r, i);
		next = piece->next;
		if (!is_covered(piece, ack, matched)) {
			kept = i;
			continue;
		}
		if (kept)
			ranges_at(r, kept)->next = next;
		else
			trail->odd_first = next;
		give_back(r, i);
		trail->n_pieces--;
		trail->n_odd--;
	}
	trail->odd_last = kept;
}

void ranges_acknowledge(struct ranges *r, struct trail *trail, uint32_t ack, struct range *matched)
{
	*matched = (struct range){0};
	acknowledge_in_order(r, trail, ack, matched);
	if (trail->odd_first)
		acknowledge_odd(r, trail, ack, matched);
}

static void widen(struct span *span, const struct range *piece, uint32_t zero)
{
	uint32_t low = piece->seq - zero, high = piece->end - zero;
	if (!span->oldest.frame || low < span->low)
		span->low = low;
	if (!span->oldest.frame || high > span->high)
		span->high = high;
	if (!span->oldest.frame || piece->frame < span->oldest.frame)
		span->oldest = *piece;
}

bool ranges_span(const struct ranges *r, const struct trail *trail, uint32_t zero,
                 struct span *span)
{
	*span = (struct span){0};
	if (trail->first) {
		widen(span, ranges_at(r, trail->first), zero);
		widen(span, ranges_at(r, trail->last), zero);
	}
	for (uint32_t i = trail->odd_first; i; i = ranges_at(r, i)->next)
		widen(span, ranges_at(r, i), zero);
	return span->oldest.frame != 0;
}

static void count_copy(const struct range *piece, uint32_t seq, struct sent_before *found)
{
	if (seq_lt(seq, piece->seq) || seq_ge(seq, piece->end))
		return;
	if (found->copies == 0 || piece->frame < found->first.frame)
		found->first = *piece;
	if (found->copies == 0 || piece->frame > found->latest.frame)
		found->latest = *piece;
	found->copies++;
}

void ranges_find(const struct ranges *r, const struct trail *trail, uint32_t seq,
                 struct sent_before *found)
{
	unsigned steps = 0;
	*found = (struct sent_before){.copies = 0};
	for (uint32_t i = trail->first; i && steps < FIND_MAX; i = ranges_at(r, i)->next, steps++) {
		if (seq_gt(ranges_at(r, i)->seq, seq))
			break;
		count_copy(ranges_at(r, i), seq, found);
	}
	for (uint32_t i = trail->odd_first; i; i = ranges_at(r, i)->next)
		count_copy(ranges_at(r, i), seq, found);
}

static void clear_list(struct ranges *r, uint32_t *first, uint32_t *last)
{
	for (uint32_t i = *first, next; i; i = next) {
		next = ranges_at(r, i)->next;
		give_back(r, i);
	}
	*first = *last = 0;
}

void ranges_clear(struct ranges *r, struct trail *trail)
{
	clear_list(r, &trail->first, &trail->last);
	clear_list(r, &trail->odd_first, &trail->odd_last);
	trail->n_pieces = trail->n_odd = 0;
}
