/* outputs.h: where everything goes: each event to every sink, and the frames to the copy that -w
 * saves. An output that fails is left out from then on; whether the trace goes on without it is
 * decided here. Knows nothing of packets and connections. */
#ifndef WIRELAB_TRACER_OUTPUTS_H
#define WIRELAB_TRACER_OUTPUTS_H

#include "keylog.h"
#include "save.h"
#include "sink/sink.h"

enum { OUTPUT_SINKS = 3, OUTPUT_SAID_MAX = 1024, OUTPUT_COMMENT_MAX = 4096 };

struct outputs {
	/* set by the caller, who owns `save` */
	struct save *save; /* its writer is NULL: nothing is saved as a capture */
	struct sink sinks[OUTPUT_SINKS];
	bool sink_open[OUTPUT_SINKS];
	const char *sink_name[OUTPUT_SINKS]; /* for messages; NULL: standard output */
	bool reader_may_leave; /* who reads standard output may go at any time: no failure */

	/* its own */
	bool sink_failed[OUTPUT_SINKS];
	struct err err;             /* the first failure */
	bool failed;                /* that failure ends the trace */
	bool broken;                /* an output failed, but others go on */
	bool left;                  /* the reader has gone, who may */
	uint64_t frame;             /* the latest one */
	char said[OUTPUT_SAID_MAX]; /* the messages that ended with it: a line each, for its comment
	                             */
};

/* Is there a sink that looks at more than connections, or a comment in the copy to be made? */
bool outputs_want_frames(const struct outputs *outputs);

/* Is there a sink to which messages matter, or a comment to be made? */
bool outputs_want_messages(const struct outputs *outputs);

/* One event, to every sink. The messages that a frame completes come behind its own event. */
void outputs_event(struct outputs *outputs, const struct event *event);

/* The frame of the latest event, to the copy, with what the messages that it completes say behind
 * `comment` (may be ""). `keylog` may be NULL: what it holds goes first. */
void outputs_frame(struct outputs *outputs, const struct record *record, const char *comment,
                   struct keylog *keylog);

/* What has come to the key log, to the copy. */
void outputs_secrets(struct outputs *outputs, struct keylog *keylog);

/* A block that the copy is to have, too. False: it contradicts itself and is left out. */
bool outputs_meta(struct outputs *outputs, const struct meta *meta);

/* The frames that --ring keeps, to the copy. */
void outputs_ring(struct outputs *outputs);

/* Brings everything out that is held back. */
void outputs_flush(struct outputs *outputs);

/* A failure that is no output's own: told at the end, if it is the first. */
void outputs_complain(struct outputs *outputs, const struct err *err);

/* Ends sinks and copy. 0, or -1: one of them failed, see err. */
int outputs_close(struct outputs *outputs);

#endif
