/* crowd.h: what a person should know when more connections come than are remembered: a few notes
 * instead of a line for each one forgotten. Above all: that most of them never answered, which is
 * how a SYN flood looks (RFC 4987), or a scan. Constant memory. */
#ifndef WIRELAB_TRACER_CROWD_H
#define WIRELAB_TRACER_CROWD_H

#include "base/text.h"
#include "flow/flow.h"

struct crowd {
	uint64_t n_evicted;     /* forgotten to make room */
	uint64_t n_over;        /* connections that have ended in any way */
	uint64_t n_half_open;   /* of these, without the end of a handshake */
	struct endpoint target; /* the server of most half-open ones, if one has more than half */
	uint64_t target_votes;
};

/* Counts a connection's report. True if that is a moment for a note: its text is appended. */
bool crowd_count(struct crowd *crowd, const struct connection *connection, struct text *note);

/* At the end of the trace. True if there is something to say. */
bool crowd_sum(const struct crowd *crowd, struct text *note);

#endif
