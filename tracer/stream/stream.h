/* stream.h: the bytes of one direction of a connection, in order (RFC 9293 section 3.4): what comes
 * again is left out, what comes early is kept until its turn, what never comes is a gap with a
 * length. Bounded: pieces that wait take at most STREAM_HELD_MAX bytes a direction, and all of them
 * together what the budget allows. */
#ifndef WIRELAB_STREAM_STREAM_H
#define WIRELAB_STREAM_STREAM_H

#include "base/vocab.h"

enum { STREAM_HELD_MAX = 256 * 1024, STREAM_PIECES_MAX = 512 };

/* Memory that all directions share. */
struct budget {
	size_t used, limit;
};

/* Some bytes of the stream that came in one segment. */
struct piece {
	uint32_t seq;         /* raw number of the first byte */
	uint32_t len;         /* bytes that were sent */
	uint32_t captured;    /* of them, in bytes[] */
	const uint8_t *bytes; /* borrowed; NULL: a gap, nobody knows what was sent here */
	uint64_t frame;       /* that carried it; 0: a gap */
	int64_t time_ns;
};

struct held; /* a piece that waits, with its bytes */

struct stream {
	bool started; /* `next` means something */
	bool has_fin; /* the number after its last byte is known */
	bool has_acked;
	uint32_t next; /* raw number of the next byte in order */
	uint32_t fin;
	uint32_t acked; /* the highest number that the other end acknowledged */
	struct held *first;
	uint32_t held_bytes, n_held;
	struct budget *budget;
};

/* Takes the bytes of a piece that has its turn; their order is that of the stream. */
typedef void stream_take(void *arg, const struct piece *piece);

/* Begins at that number. */
void stream_start(struct stream *s, uint32_t next);

/* A piece arrived. Calls `take` for all that can be told now. */
void stream_add(struct stream *s, const struct piece *piece, stream_take *take, void *arg);

/* Its FIN arrived; `end` is the number after the last byte. */
void stream_fin(struct stream *s, uint32_t end);

/* True once all before its FIN has been told. */
bool stream_is_over(const struct stream *s);

/* The other end acknowledged everything before `ack`: what is missing there will not come again. */
void stream_acked(struct stream *s, uint32_t ack);

/* Nothing more will come: tells what waits, with its gaps. */
void stream_flush(struct stream *s, stream_take *take, void *arg);

/* Frees what waits. */
void stream_release(struct stream *s);

#endif
