/* compare.h: the state that a host's kernel says its socket is in, beside the state that the
 * segments so far say. The two can be held against each other only while nothing of the connection
 * is under way: a segment that has left one end and not reached the other changes only the first.
 */
#ifndef WIRELAB_TRACER_COMPARE_H
#define WIRELAB_TRACER_COMPARE_H

#include "capture/record.h"
#include "event/event.h"

enum { COMPARE_FRAMES = 256, COMPARE_SOCKETS = 128 };

/* A socket, as its last sample had it: it is so until the next one. */
struct compare_socket {
	enum side host;
	struct endpoint local, remote;
	enum tcp_state state;
	uint32_t send_queue;
	int64_t sampled_ns;
	int64_t compared_ns; /* the connection's last segment when it was compared at rest */
	enum tcp_state told; /* by the segments, when the difference was told; UNKNOWN: not */
};

struct compare {
	/* the frames on the emulated wire, as its events tell: it tells of those that take long */
	int n_under_way;
	uint64_t under_way[COMPARE_FRAMES]; /* ids, in no order */

	int n_sockets;
	bool crowded; /* there were more: the runner cannot follow all of them, either */
	struct compare_socket sockets[COMPARE_SOCKETS];
	int64_t looked_ns; /* when they were last looked at */
	bool waits;        /* some have not been compared at rest yet */
};

/* A frame of that id is on the wire; its fate is known. */
void compare_sent(struct compare *compare, uint64_t id);
void compare_ended(struct compare *compare, uint64_t id);

/* Fills stream, inferred, differs and reason of a sample taken at that time. `later`: a segment of
 * its connection was captured after it. */
void compare_sample(struct compare *compare, struct flow *flow, struct kernel_event *sample,
                    int64_t time_ns, bool later);

/* A segment has come: what was at rest is not any more. */
void compare_disturb(struct compare *compare);

/* Is there a socket that has come to rest by that time in another state than the segments say,
 * which was not told yet? Fills *sample, a short one. Ask again until there is none. */
bool compare_at_rest(struct compare *compare, struct flow *flow, int64_t now_ns,
                     struct kernel_event *sample);

/* Is the frame a segment between the two ends of that sample (a struct kernel_event)? */
bool compare_is_of(const struct record *frame, const void *sample);

#endif
