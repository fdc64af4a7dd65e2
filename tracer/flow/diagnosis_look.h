/* diagnosis_look.h: one segment as the rules of the diagnosis look at it; private to them. F is its
 * sender, R the other end. */
#ifndef WIRELAB_FLOW_DIAGNOSIS_LOOK_H
#define WIRELAB_FLOW_DIAGNOSIS_LOOK_H

#include "flow/diagnosis.h"

struct look {
	struct segment *s;
	struct conn *conn;
	const struct ranges *ranges;
	struct peer *f, *r;
	const struct tcb *mine, *theirs; /* before the segment */
	uint32_t end;                    /* raw number behind all that it occupies */
	int64_t now;
	uint64_t frame;
	struct diagnosis spare; /* for what is one too many; not read */
};

/* The next free diagnosis of the segment, with that label and nothing else; a spare one, which is
 * lost, when there are three. */
struct diagnosis *look_add(struct look *look, enum diagnosis_label label);

static inline bool look_has(const struct look *look, unsigned flags)
{
	return (look->s->flags & flags) != 0;
}

/* Time between two frames; never negative, since some clocks step back. */
static inline int64_t look_elapsed(int64_t then, int64_t now)
{
	return now > then ? (int64_t)((uint64_t)now - (uint64_t)then) : 0;
}

/* The shortest time in which anything can come back to the sender that it reacts to; 0: unknown. */
static inline int64_t look_rtt(const struct look *look)
{
	return look->conn->initial_rtt_ns > 0 ? look->conn->initial_rtt_ns : 0;
}

void diagnose_reset(struct look *look);  /* diagnosis_reset.c: RST */
void diagnose_resend(struct look *look); /* diagnosis_resend.c: numbers below SND.NXT */

#endif
