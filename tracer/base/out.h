/* out.h: buffered output to a file descriptor, for sinks and writers. An error sticks: later calls
 * do nothing, and the caller looks at `error` when it suits. */
#ifndef WIRELAB_BASE_OUT_H
#define WIRELAB_BASE_OUT_H

#include "base/text.h"

struct out {
	int fd;
	int error;        /* errno of the first write that failed, 0: none */
	struct text text; /* what waits to be written; append here after out_room() */
};

/* Prepares buffered output to fd with a buffer of `size` bytes. 0, or -1 without memory. */
int out_init(struct out *out, int fd, size_t size);

/* Returns the text with room for at least n more bytes, flushed first if need be (n is less than
 * the buffer's size). */
struct text *out_room(struct out *out, size_t n);

/* Any number of bytes as they are. */
void out_bytes(struct out *out, const void *bytes, size_t n);

/* Writes what waits. 0, or -1 and out->error. */
int out_flush(struct out *out);

/* Flushes and frees the buffer; does not close the descriptor. 0, or -1 and out->error. */
int out_release(struct out *out);

#endif
