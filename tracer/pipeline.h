/* pipeline.h: one way through the tracer: a frame is decoded, flow makes segments and connections
 * of it, these become numbered events, and each event goes to every sink. Event lines from the
 * runner join on the way. Knows no clock: times come with frames and lines. */
#ifndef WIRELAB_TRACER_PIPELINE_H
#define WIRELAB_TRACER_PIPELINE_H

#include "capture/filter.h"
#include "capture/record.h"
#include "causes.h"
#include "compare.h"
#include "crowd.h"
#include "flow/flow.h"
#include "flow/fragments.h"
#include "outputs.h"
#include "stream/messages.h"

struct pipeline {
	/* set by the caller; the pipeline borrows them */
	struct filter *filter; /* NULL: everything passes */
	struct keylog *keylog; /* NULL: there is none */
	uint64_t count;        /* end after so many frames; 0: no limit */
	int64_t stream;        /* show only this connection; -1: all */
	enum messages_when look_for_messages;
	struct outputs out; /* its upper half */

	/* its own */
	struct flow *flow;
	struct fragments *fragments;
	struct fragment_news fragment_news; /* scratch */
	const struct fragment_news *news;   /* of the frame at hand; NULL: it is no fragment */
	struct messages *messages;          /* NULL: nobody looks at them */
	struct secrets *secrets;            /* that make some of them readable; NULL likewise */
	const struct packet *packet;        /* of the frame at hand */
	struct crowd crowd;
	struct causes causes;
	struct compare compare;
	bool shown; /* the frame at hand belongs to what is asked for */
	uint64_t n_events, n_frames, n_passed;
	int64_t time_ns; /* of the frame or line at hand */
	const struct record *record;
	struct passage passage; /* of the frame at hand */
	char comment[2048];
	struct event event; /* scratch */
};

/* Makes the table of connections, and reads the key log, which may grow. 0, or -1 with a message in
 * pipeline->out.err. */
int pipeline_start(struct pipeline *p, uint32_t max_connections, uint64_t seed);

/* The first event of the stream. `lab` may be NULL. */
void pipeline_session(struct pipeline *p, const char *lab, int64_t time_ns);

/* One frame. True if the trace goes on; false when the count is reached or an output failed. */
bool pipeline_frame(struct pipeline *p, const struct record *record);

/* A block of the file that is read (reader_on_meta()), for the copy that is saved; TLS secrets in
 * it are used at once. */
void pipeline_meta(void *pipeline, const struct meta *meta);

/* An event made elsewhere (a line from the runner, the capture's own); gets its number here. */
void pipeline_event(struct pipeline *p, const struct event *event);

/* The same for a sample of a kernel's socket, which is compared with the segments so far. `later`:
 * a segment of its connection was captured after it, and comes after it. */
void pipeline_sample(struct pipeline *p, const struct event *event, bool later);

/* Nothing but what comes from now on is earlier than that: tells which sockets have come to rest in
 * another state than the segments say. */
void pipeline_rest(struct pipeline *p, int64_t time_ns);

/* Reports the connections that are still open. */
void pipeline_end(struct pipeline *p);

/* Closes sinks and writer and frees what start made. 0, or -1: an output failed, see out.err. */
int pipeline_close(struct pipeline *p);

#endif
