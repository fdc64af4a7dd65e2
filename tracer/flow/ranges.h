/* ranges.h: pieces of sequence space that were sent and not yet acknowledged, for all connections
 * together, in one bounded pool. When the pool is full, a piece is not remembered (its round trip
 * goes unmeasured); nothing else suffers. */
#ifndef WIRELAB_FLOW_RANGES_H
#define WIRELAB_FLOW_RANGES_H

#include "flow/conn.h"

enum { RANGES_MAX = 1 << 20 };

struct range {
	uint32_t seq, end; /* raw sequence numbers, end exclusive */
	uint32_t next;     /* index of the next piece, 0: none */
	uint64_t frame;
	int64_t time_ns;
};

struct ranges;

struct ranges *ranges_new(void);
void ranges_free(struct ranges *ranges);

/* The piece with that index; index 0 is none. */
struct range *ranges_at(const struct ranges *ranges, uint32_t index);

/* Remembers a piece that this sender has sent. */
void ranges_add(struct ranges *ranges, struct trail *trail, const struct range *piece);

/* Forgets what `ack` covers; of the pieces that end exactly there, *matched gets the oldest (frame
 * 0: none). A piece that is covered in part shrinks. */
void ranges_acknowledge(struct ranges *ranges, struct trail *trail, uint32_t ack,
                        struct range *matched);

/* What is remembered of one sender, taken together. */
struct span {
	uint32_t low, high; /* the lowest start and the highest end, relative to `zero` */
	struct range oldest;
};

/* Fills *span; `zero` is the raw number from which the sender's numbers are counted, so that
 * nothing lies below it. False: nothing is remembered. */
bool ranges_span(const struct ranges *ranges, const struct trail *trail, uint32_t zero,
                 struct span *span);

/* What is remembered of the number `seq`: how often it was sent, and when. */
struct sent_before {
	uint32_t copies; /* 0: it is not remembered */
	struct range first, latest;
};

/* Looks at a bounded number of pieces only. */
void ranges_find(const struct ranges *ranges, const struct trail *trail, uint32_t seq,
                 struct sent_before *found);

/* Forgets everything of this sender. */
void ranges_clear(struct ranges *ranges, struct trail *trail);

#endif
