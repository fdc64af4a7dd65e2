/* talks.h: who is the client where no connection says so: of two ends that exchange datagrams or
 * ICMP messages, the one that sent first; of two hosts with a connection, its client. Remembers the
 * last few pairs, so that a week of traffic takes no more memory than a minute. */
#ifndef WIRELAB_SINK_TALKS_H
#define WIRELAB_SINK_TALKS_H

#include "event/event.h"

enum { TALKS = 64 };

struct talks {
	struct endpoint ends[TALKS][N_SIDES]; /* a ring */
	uint32_t n;                           /* that were ever added */
};

/* Which end sends the frame of this event: a datagram or a whole ICMP message. False for all else,
 * and where both ends are the same. An ICMP error belongs to the talk of the packet it quotes. */
bool talks_side(struct talks *talks, const struct event *event, enum side *side);

#endif
