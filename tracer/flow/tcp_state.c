/* tcp_state.c: RFC 9293 figure 5, one line for each arrow, plus the arrows that the figure leaves
 * to the text: resets, and what only an onlooker can get wrong (a FIN that crossed another). */
#include "flow/tcp_state.h"

static const struct transition table[] = {
        /* opening */
        {TCP_CLOSED, SEND_SYN, TCP_SYN_SENT, "3.10.1"},
        {TCP_LISTEN, SEND_SYN, TCP_SYN_SENT, "3.10.2"},
        {TCP_LISTEN, RECEIVE_SYN, TCP_SYN_RECEIVED, "3.10.7.2"},
        {TCP_SYN_SENT, RECEIVE_SYN_ACK, TCP_ESTABLISHED, "3.10.7.3"},
        {TCP_SYN_SENT, RECEIVE_SYN, TCP_SYN_RECEIVED, "3.5 figure 7"},
        {TCP_SYN_RECEIVED, RECEIVE_ACK_OF_SYN, TCP_ESTABLISHED, "3.10.7.4"},
        {TCP_SYN_RECEIVED, RECEIVE_SYN_ACK, TCP_ESTABLISHED, "3.5 figure 7"},

        /* closing: this end first */
        {TCP_SYN_RECEIVED, SEND_FIN, TCP_FIN_WAIT_1, "3.10.4"},
        {TCP_ESTABLISHED, SEND_FIN, TCP_FIN_WAIT_1, "3.6 case 1"},
        {TCP_FIN_WAIT_1, RECEIVE_ACK_OF_FIN, TCP_FIN_WAIT_2, "3.10.7.4"},
        {TCP_FIN_WAIT_2, RECEIVE_FIN, TCP_TIME_WAIT, "3.10.7.4"},

        /* closing: the other end first */
        {TCP_SYN_RECEIVED, RECEIVE_FIN, TCP_CLOSE_WAIT, "3.10.7.4"},
        {TCP_ESTABLISHED, RECEIVE_FIN, TCP_CLOSE_WAIT, "3.6 case 2"},
        {TCP_CLOSE_WAIT, SEND_FIN, TCP_LAST_ACK, "3.10.4"},
        {TCP_LAST_ACK, RECEIVE_ACK_OF_FIN, TCP_CLOSED, "3.10.7.4"},

        /* closing: both at once. The onlooker thought that the first FIN had arrived (CLOSE-WAIT);
         * a FIN that does not acknowledge it shows that it had not. */
        {TCP_ESTABLISHED, SEND_FIN_BLIND, TCP_FIN_WAIT_1, "3.6 case 3"},
        {TCP_CLOSE_WAIT, SEND_FIN_BLIND, TCP_CLOSING, "3.6 case 3"},
        {TCP_FIN_WAIT_1, RECEIVE_FIN, TCP_CLOSING, "3.6 case 3"},
        {TCP_CLOSING, RECEIVE_ACK_OF_FIN, TCP_TIME_WAIT, "3.10.7.4"},

        /* a reset ends everything; an end in SYN-SENT that answers a stray ACK with a RST stays */
        {TCP_LISTEN, SEND_RST, TCP_CLOSED, "3.5.2"},
        {TCP_SYN_RECEIVED, SEND_RST, TCP_CLOSED, "3.10.5"},
        {TCP_ESTABLISHED, SEND_RST, TCP_CLOSED, "3.10.5"},
        {TCP_FIN_WAIT_1, SEND_RST, TCP_CLOSED, "3.10.5"},
        {TCP_FIN_WAIT_2, SEND_RST, TCP_CLOSED, "3.10.5"},
        {TCP_CLOSE_WAIT, SEND_RST, TCP_CLOSED, "3.10.5"},
        {TCP_CLOSING, SEND_RST, TCP_CLOSED, "3.10.5"},
        {TCP_LAST_ACK, SEND_RST, TCP_CLOSED, "3.10.5"},
        {TCP_TIME_WAIT, SEND_RST, TCP_CLOSED, "3.10.5"},
        {TCP_STATE_UNKNOWN, SEND_RST, TCP_CLOSED, "3.5.2"},
        {TCP_SYN_SENT, RECEIVE_RST, TCP_CLOSED, "3.10.7.3"},
        {TCP_SYN_RECEIVED, RECEIVE_RST, TCP_CLOSED, "3.10.7.4"},
        {TCP_ESTABLISHED, RECEIVE_RST, TCP_CLOSED, "3.10.7.4"},
        {TCP_FIN_WAIT_1, RECEIVE_RST, TCP_CLOSED, "3.10.7.4"},
        {TCP_FIN_WAIT_2, RECEIVE_RST, TCP_CLOSED, "3.10.7.4"},
        {TCP_CLOSE_WAIT, RECEIVE_RST, TCP_CLOSED, "3.10.7.4"},
        {TCP_CLOSING, RECEIVE_RST, TCP_CLOSED, "3.10.7.4"},
        {TCP_LAST_ACK, RECEIVE_RST, TCP_CLOSED, "3.10.7.4"},
        {TCP_TIME_WAIT, RECEIVE_RST, TCP_CLOSED, "3.10.7.4"},
        {TCP_STATE_UNKNOWN, RECEIVE_RST, TCP_CLOSED, "3.5.3"},
};

enum { N_TRANSITIONS = sizeof table / sizeof table[0] };

const struct transition *tcp_transition(enum tcp_state from, enum tcp_input input)
{
	for (size_t i = 0; i < N_TRANSITIONS; i++)
		if (table[i].from == from && table[i].input == input)
			return &table[i];
	return NULL;
}

const struct transition *tcp_transitions(size_t *n)
{
	*n = N_TRANSITIONS;
	return table;
}
