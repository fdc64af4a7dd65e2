/* wire_line.h: an end's line onto the wire: it sends one frame after the other at a rate, and those
 * that come meanwhile wait in a queue, whose length is limited. Pure. */
#ifndef WIRELAB_RUNNER_WIRE_LINE_H
#define WIRELAB_RUNNER_WIRE_LINE_H

#include "runner/wire_fault.h"

enum { WIRE_QUEUE_DEFAULT = 100, WIRE_QUEUE_MAX = 4096 };

struct wire_line {
	uint64_t rate;     /* bits a second; 0: any number at once */
	const char *why;   /* what to say of a frame that found the queue full */
	uint32_t limit;    /* frames that may wait */
	int64_t free_ns;   /* when the line has sent all that it was given */
	uint32_t first, n; /* of those that wait, in starts_ns as a ring */
	int64_t starts_ns[WIRE_QUEUE_MAX];
};

/* Each fault may be NULL. */
void wire_line_init(struct wire_line *line, const struct wire_fault *rate,
                    const struct wire_fault *queue);

/* A frame of so many bytes at *at_ns, which becomes the time when its last bit is on the wire.
 * NULL, or why there was no room; then it is the time of the last frame that had some. */
const char *wire_line_send(struct wire_line *line, uint32_t len, int64_t *at_ns);

#endif
