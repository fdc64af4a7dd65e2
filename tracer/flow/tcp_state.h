/* tcp_state.h: the state diagram of RFC 9293 (section 3.3.2, figure 5) as a table. Pure. */
#ifndef WIRELAB_FLOW_TCP_STATE_H
#define WIRELAB_FLOW_TCP_STATE_H

#include "base/vocab.h"

/* What can happen to one end, as far as a wire shows it. */
enum tcp_input {
	SEND_SYN,       /* it sent a SYN without ACK */
	SEND_FIN,       /* it sent its FIN */
	SEND_FIN_BLIND, /* its FIN does not acknowledge the other's FIN: the two have crossed */
	SEND_RST,
	RECEIVE_SYN,     /* a SYN without ACK arrived */
	RECEIVE_SYN_ACK, /* a SYN arrived that acknowledges its own SYN */
	RECEIVE_ACK_OF_SYN,
	RECEIVE_FIN,
	RECEIVE_ACK_OF_FIN,
	RECEIVE_RST, /* one that it must obey (RFC 9293 section 3.5.3) */
	N_TCP_INPUTS
};

struct transition {
	enum tcp_state from;
	enum tcp_input input;
	enum tcp_state to;
	const char *rfc; /* the section that says so */
};

/* The transition for this input in this state, or NULL: the state stays. */
const struct transition *tcp_transition(enum tcp_state from, enum tcp_input input);

/* The whole table, for tests and screens; *n gets its length. */
const struct transition *tcp_transitions(size_t *n);

#endif
