/* samples.h: what the kernels said of the sockets, in order: a record of fixed size for each
 * sample, beside the log, since most samples have no row. Fed by the model. */
#ifndef WIRELAB_TUI_SAMPLES_H
#define WIRELAB_TUI_SAMPLES_H

#include "event/event.h"

enum { SAMPLES_REASONS = 24, SAMPLES_REASON_MAX = 160 };

struct sample {
	int64_t time_ns, timer_ns, rtt_ns, rto_ns;
	uint32_t at;     /* records that were in the log when it came */
	uint32_t stream; /* NO_STREAM: of no connection */
	uint32_t cwnd, ssthresh, unacked, lost, total_retrans, send_queue, receive_queue;
	struct endpoint local; /* which end of it */
	uint8_t state, inferred, timer;
	uint8_t reason; /* index + 1, 0: none */
	bool has_info, differs;
};

struct samples {
	struct sample *all;
	uint32_t n, room;
	char reasons[SAMPLES_REASONS][SAMPLES_REASON_MAX]; /* they are few, each is kept once */
	int n_reasons;
};

void samples_release(struct samples *samples);

/* 0, or -1 without memory. */
int samples_add(struct samples *samples, uint32_t at, int64_t time_ns,
                const struct kernel_event *kernel);

/* The last sample of that end of the stream that had come with record `until`, or NULL. Looks at so
 * many at most. Valid until the next one is added. */
const struct sample *samples_find(const struct samples *samples, uint32_t stream,
                                  const struct endpoint *local, uint32_t until);

/* Why it may differ, English; "" if there is no reason. */
const char *samples_reason(const struct samples *samples, const struct sample *sample);

#endif
