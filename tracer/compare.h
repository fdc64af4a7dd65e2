/* compare.h: the state that a host's kernel says its socket is in, beside the state that the
 * segments so far say. The two can be held against each other only while nothing of the connection
 * is under way: a segment that has left one end and not reached the other changes only the first.
 */
#ifndef WIRELAB_TRACER_COMPARE_H
#define WIRELAB_TRACER_COMPARE_H

#include "capture/record.h"
#include "event/event.h"

enum { COMPARE_FRAMES = 256 };

/* The frames on the emulated wire, as its events tell: it tells of frames that take long. */
struct compare {
	int n_under_way;
	uint64_t under_way[COMPARE_FRAMES]; /* ids, in no order */
};

/* A frame of that id is on the wire; its fate is known. */
void compare_sent(struct compare *compare, uint64_t id);
void compare_ended(struct compare *compare, uint64_t id);

/* Fills stream, inferred, differs and reason of a sample taken at that time. `later`: a segment of
 * its connection was captured after it. */
void compare_sample(const struct compare *compare, struct flow *flow, struct kernel_event *sample,
                    int64_t time_ns, bool later);

/* Is the frame a segment between the two ends of that sample (a struct kernel_event)? */
bool compare_is_of(const struct record *frame, const void *sample);

#endif
