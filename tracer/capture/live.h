/* live.h: live capture by libpcap. Opening needs CAP_NET_RAW; nothing after it does. */
#ifndef WIRELAB_CAPTURE_LIVE_H
#define WIRELAB_CAPTURE_LIVE_H

#include <stdbool.h>

#include "base/err.h"
#include "capture/record.h"

struct live_options {
	const char *interface; /* "lo", "eth0", "any" */
	const char *filter;    /* BPF expression or NULL; compiled and attached by the kernel */
	int snaplen;           /* bytes of each frame */
	int buffer_kib;        /* kernel buffer */
	bool immediate;        /* deliver each frame at once (a smaller ring: see README) */
	bool promiscuous;      /* ignored on loopback and veth */
};

struct live_statistics {
	uint64_t received; /* by the filter, those dropped for want of buffer included */
	uint64_t dropped, dropped_by_interface;
};

struct live;

/* NULL with a message that names the mend (no such interface, no permission, bad filter). */
struct live *live_open(const struct live_options *options, struct err *err);

/* A descriptor to poll for reading. */
int live_fd(const struct live *live);

/* The next frame that is already there. 1, or 0: none now, or -1: the capture has ended (interface
 * down or gone), once the frames before that are delivered. Never blocks (at the end, 30 ms for
 * what the kernel still holds). */
int live_next(struct live *live, struct record *record, struct err *err);

/* Hands at most `most` frames that are already there to `take`, each borrowed for that call only,
 * in place: nothing is copied. Stops early when `take` returns false. The number of frames, or -1
 * as live_next(). */
typedef bool live_take_fn(void *arg, const struct record *record);
int live_read(struct live *live, int most, live_take_fn *take, void *arg, struct err *err);

int live_linktype(const struct live *live);

/* Counts since the opening. Ask at least once in 2^32 frames: the kernel's counters are 32 bits. */
struct live_statistics live_statistics(struct live *live);
void live_close(struct live *live);

/* Lists the interfaces that can be captured on, one a line with addresses and state, to fd.
 * 0, or -1 with a message. */
int live_list(int fd, struct err *err);

#endif
