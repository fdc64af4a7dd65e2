/* assembly.h: what the programs at both ends received, in order, from the segments of a connection:
 * which bytes of which segment, each byte once, and when (RFC 9293 section 3.10.7.4: data is kept
 * until what is missing before it has come). Pure: knows no bytes, only numbers. */
#ifndef WIRELAB_TUI_ASSEMBLY_H
#define WIRELAB_TUI_ASSEMBLY_H

#include "series.h"

enum chunk_kind {
	CHUNK_DATA,
	CHUNK_UNSEEN, /* acknowledged, so it arrived; the capture does not have it */
};

/* Bytes that a program received at once. Chunks are in the order in which that happened, so what
 * was received before a moment is the first so many of them. */
struct chunk {
	uint32_t record; /* the segment that carries them */
	uint32_t at;     /* the segment with which they were received: it filled what was missing */
	uint32_t skip;   /* bytes of the segment's payload before them */
	uint32_t len;
	uint8_t side; /* enum side: who sent them */
	uint8_t kind; /* enum chunk_kind */
};

/* Data that waits for what is missing before it. */
struct held {
	int64_t seq, end; /* of its payload */
	uint32_t record;
};

enum { HELD_MAX = 1024 }; /* more than that, and what is missing is given up */

/* One direction, by its sender. */
struct flow_end {
	bool begun;
	bool fin;
	int64_t next;   /* the number that the receiver waits for */
	int64_t fin_at; /* the number of the FIN */
	uint32_t n_held;
	struct held held[HELD_MAX]; /* by number */
};

struct assembly {
	struct chunk *chunks;
	uint32_t n, room;
	uint32_t *of_side[N_SIDES]; /* the chunks that each end sent */
	uint32_t n_of[N_SIDES], room_of[N_SIDES];
	uint32_t next; /* first segment of the series that has not been taken */
	struct flow_end ends[N_SIDES];
};

void assembly_release(struct assembly *assembly);

/* Takes the next segment. 0, or -1 without memory: then some bytes are missing. */
int assembly_add(struct assembly *assembly, const struct series_segment *segment);

/* How many chunks were received before that record. */
uint32_t assembly_count(const struct assembly *assembly, uint32_t until);

#endif
