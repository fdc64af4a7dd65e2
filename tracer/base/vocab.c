/* vocab.c: the names of sides and TCP states (RFC 9293 section 3.3.2). Knows no packet. */
#include "base/vocab.h"

#include <assert.h>
#include <string.h>

static const struct {
	const char *name;
	const char *lane; /* at most 8 columns */
} states[N_TCP_STATES] = {
        [TCP_STATE_UNKNOWN] = {"UNKNOWN", "?"},
        [TCP_CLOSED] = {"CLOSED", "CLOSED"},
        [TCP_LISTEN] = {"LISTEN", "LISTEN"},
        [TCP_SYN_SENT] = {"SYN-SENT", "SYN-SENT"},
        [TCP_SYN_RECEIVED] = {"SYN-RECEIVED", "SYN-RCVD"},
        [TCP_ESTABLISHED] = {"ESTABLISHED", "ESTAB"},
        [TCP_FIN_WAIT_1] = {"FIN-WAIT-1", "FIN-WT-1"},
        [TCP_FIN_WAIT_2] = {"FIN-WAIT-2", "FIN-WT-2"},
        [TCP_CLOSE_WAIT] = {"CLOSE-WAIT", "CLOSE-WT"},
        [TCP_CLOSING] = {"CLOSING", "CLOSING"},
        [TCP_LAST_ACK] = {"LAST-ACK", "LAST-ACK"},
        [TCP_TIME_WAIT] = {"TIME-WAIT", "TIME-WT"},
};

const char *side_name(enum side side)
{
	assert(side == CLIENT || side == SERVER);
	return side == CLIENT ? "client" : "server";
}

const char *tcp_state_name(enum tcp_state state)
{
	assert(state < N_TCP_STATES);
	return states[state].name;
}

const char *tcp_state_short(enum tcp_state state)
{
	assert(state < N_TCP_STATES);
	return states[state].lane;
}

enum tcp_state tcp_state_parse(const char *name)
{
	for (enum tcp_state state = TCP_CLOSED; state < N_TCP_STATES; state++)
		if (strcmp(states[state].name, name) == 0)
			return state;
	return TCP_STATE_UNKNOWN;
}
