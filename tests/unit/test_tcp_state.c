/* test_tcp_state.c: RFC 9293 figure 5, written down a second time from the RFC, against the table.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "flow/tcp_state.h"

/* One column for each input, one row for each state; empty: the state stays. */
static const char *const figure[N_TCP_STATES][N_TCP_INPUTS] = {
        [TCP_STATE_UNKNOWN] =
                {
                        [SEND_RST] = "CLOSED",
                        [RECEIVE_RST] = "CLOSED",
                },
        [TCP_CLOSED] =
                {
                        [SEND_SYN] = "SYN-SENT", /* active OPEN */
                },
        [TCP_LISTEN] =
                {
                        [SEND_SYN] = "SYN-SENT",        /* SEND */
                        [RECEIVE_SYN] = "SYN-RECEIVED", /* rcv SYN, snd SYN,ACK */
                        [SEND_RST] = "CLOSED",          /* nobody listened after all */
                },
        [TCP_SYN_SENT] =
                {
                        [RECEIVE_SYN] = "SYN-RECEIVED",    /* simultaneous open */
                        [RECEIVE_SYN_ACK] = "ESTABLISHED", /* rcv SYN,ACK, snd ACK */
                        [RECEIVE_RST] = "CLOSED",
                },
        [TCP_SYN_RECEIVED] =
                {
                        [RECEIVE_ACK_OF_SYN] = "ESTABLISHED",
                        [RECEIVE_SYN_ACK] = "ESTABLISHED", /* figure 7, line 6 */
                        [SEND_FIN] = "FIN-WAIT-1",         /* CLOSE, snd FIN */
                        [RECEIVE_FIN] = "CLOSE-WAIT",
                        [SEND_RST] = "CLOSED",
                        [RECEIVE_RST] = "CLOSED",
                },
        [TCP_ESTABLISHED] =
                {
                        [SEND_FIN] = "FIN-WAIT-1",
                        [SEND_FIN_BLIND] = "FIN-WAIT-1",
                        [RECEIVE_FIN] = "CLOSE-WAIT",
                        [SEND_RST] = "CLOSED",
                        [RECEIVE_RST] = "CLOSED",
                },
        [TCP_FIN_WAIT_1] =
                {
                        [RECEIVE_ACK_OF_FIN] = "FIN-WAIT-2",
                        [RECEIVE_FIN] = "CLOSING",
                        [SEND_RST] = "CLOSED",
                        [RECEIVE_RST] = "CLOSED",
                },
        [TCP_FIN_WAIT_2] =
                {
                        [RECEIVE_FIN] = "TIME-WAIT",
                        [SEND_RST] = "CLOSED",
                        [RECEIVE_RST] = "CLOSED",
                },
        [TCP_CLOSE_WAIT] =
                {
                        [SEND_FIN] = "LAST-ACK",
                        [SEND_FIN_BLIND] = "CLOSING", /* the first FIN had not arrived yet */
                        [SEND_RST] = "CLOSED",
                        [RECEIVE_RST] = "CLOSED",
                },
        [TCP_CLOSING] =
                {
                        [RECEIVE_ACK_OF_FIN] = "TIME-WAIT",
                        [SEND_RST] = "CLOSED",
                        [RECEIVE_RST] = "CLOSED",
                },
        [TCP_LAST_ACK] =
                {
                        [RECEIVE_ACK_OF_FIN] = "CLOSED",
                        [SEND_RST] = "CLOSED",
                        [RECEIVE_RST] = "CLOSED",
                },
        [TCP_TIME_WAIT] =
                {
                        [SEND_RST] = "CLOSED",
                        [RECEIVE_RST] = "CLOSED",
                },
};

static void each_state_and_input_lead_where_the_figure_says(void **state)
{
	(void)state;
	for (int from = 0; from < N_TCP_STATES; from++) {
		for (int input = 0; input < N_TCP_INPUTS; input++) {
			const struct transition *t =
			        tcp_transition((enum tcp_state)from, (enum tcp_input)input);
			const char *to = figure[from][input];
			if (!to != !t)
				fail_msg("%s, input %d: %s", tcp_state_name((enum tcp_state)from),
				         input, to ? "no transition" : "a transition too many");
			if (!to || !t)
				continue;
			assert_int_equal(t->from, from);
			assert_int_equal(t->input, input);
			assert_string_equal(tcp_state_name(t->to), to);
		}
	}
}

static void each_line_of_the_table_is_found_and_names_its_section(void **state)
{
	(void)state;
	size_t n = 0;
	const struct transition *table = tcp_transitions(&n);
	assert_true(n > 0);
	for (size_t i = 0; i < n; i++) {
		/* found under its key: so no key stands there twice */
		assert_ptr_equal(tcp_transition(table[i].from, table[i].input), &table[i]);
		assert_int_equal(table[i].rfc[0], '3');
		assert_int_equal(table[i].rfc[1], '.');
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(each_state_and_input_lead_where_the_figure_says),
	        cmocka_unit_test(each_line_of_the_table_is_found_and_names_its_section),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
