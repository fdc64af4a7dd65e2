/* test_explain_reset.c: what is said of a RST, word for word, in conversations that once were told
 * untruly. Each is played through flow, so that its diagnosis is the real one. */
#include "unit/segments.h"

#include "explain/explain.h"

static const char *const handshake[] = {
        "C S 0:0(0) win 65535 <mss 1000,sackOK>",
        "+0.020 S SA 0:0(0) ack 1 win 65535 <mss 1000,sackOK>",
        "+0 C A 1:1(0) ack 1 win 50000",
        NULL,
};

/* Explains the last of the lines that come behind the handshake; `call` is the one behind it. */
static void tell(struct explanation *x, const char *const *lines, const char *call)
{
	struct wire w;
	wire_open(&w);
	for (const char *const *line = handshake; *line; line++)
		(void)wire_send(&w, *line);
	for (; *lines; lines++)
		(void)wire_send(&w, *lines);
	struct event e = {.kind = EVENT_SEGMENT, .segment = w.last};
	if (call) {
		e.cause.call = 7;
		(void)snprintf(e.cause.name, sizeof e.cause.name, "%s", call);
	}
	explain_event(x, &e);
	assert_false(x->what.cut || x->why.cut || x->next.cut);
	wire_close(&w);
}

#define READ_FAILS                                                                                 \
	"Nothing: a RST is not acknowledged, and there is no TIME-WAIT. At the client the next "   \
	"call, read() or write(), fails with ECONNRESET, and each write() after it with EPIPE"
#define QUEUE_FIRST                                                                                \
	"; but what had arrived before and was not yet read, read() still returns first (on "      \
	"Linux)"

/* ---- a connection that no program has accepted ---- */

static const char *const silent_server[] = {
        "C PA 1:6(5) ack 1 win 50000",
        "+0 S A 1:1(0) ack 6 win 65535",
        "+0.1 S RA 1:1(0) ack 6 win 65535",
        NULL,
};

static void a_server_that_said_nothing_may_not_have_accepted(void **state)
{
	(void)state;
	struct explanation x;
	tell(&x, silent_server, NULL);
	assert_string_equal(
	        x.what.bytes,
	        "The program at the server closed its socket while data from the client was "
	        "unread, or asked for an abort (SO_LINGER with time 0); or no program had "
	        "accepted the connection yet, and the listening socket was closed. An end with "
	        "unread data must not look like a clean one, so the kernel sends RST and not "
	        "FIN.");
	assert_string_equal(
	        x.why.bytes,
	        "Certain: the server ends the connection at once in state ESTABLISHED; it had "
	        "received 5 bytes. Undecidable: it closed with some of them unread, or asked "
	        "for an abort (SO_LINGER with time 0): the wire shows no difference. Or no "
	        "program had accepted the connection yet, and the listening socket was closed.");
	assert_string_equal(x.next.bytes, READ_FAILS ".");
}

static void the_same_where_it_had_received_nothing(void **state)
{
	(void)state;
	static const char *const lines[] = {"+0.1 S RA 1:1(0) ack 1 win 65535", NULL};
	struct explanation x;
	tell(&x, lines, NULL);
	assert_string_equal(
	        x.what.bytes,
	        "The server ends the connection at once. It had received no data, so unread "
	        "data is not the reason: its program asked for an abort (SO_LINGER with time "
	        "0), or no program had accepted the connection yet and the listening socket was"
	        " closed, or its kernel no longer knows the connection.");
	assert_string_equal(
	        x.why.bytes,
	        "Certain: a socket sent it in state ESTABLISHED, and the server had received no"
	        " data, so unread data is not the reason. Inferred: an abort (SO_LINGER with "
	        "time 0), or the program was ended that way. Or no program had accepted the "
	        "connection yet, and the listening socket was closed.");
}

static void who_calls_close_on_it_has_accepted_it(void **state)
{
	(void)state;
	struct explanation x;
	tell(&x, silent_server, "close");
	assert_non_null(strstr(x.why.bytes, "the server's program called close()."));
	assert_null(strstr(x.what.bytes, "accepted"));
	assert_null(strstr(x.why.bytes, "accepted"));
}

static void who_has_answered_has_accepted_it(void **state)
{
	(void)state;
	static const char *const lines[] = {
	        "C PA 1:6(5) ack 1 win 50000",       "+0 S PA 1:3(2) ack 6 win 65535",
	        "+0 C A 6:6(0) ack 3 win 50000",     "C PA 6:11(5) ack 3 win 50000",
	        "+0.1 S RA 3:3(0) ack 11 win 65535", NULL,
	};
	struct explanation x;
	tell(&x, lines, NULL);
	assert_null(strstr(x.what.bytes, "accepted"));
	assert_null(strstr(x.why.bytes, "accepted"));
	assert_string_equal(x.next.bytes, READ_FAILS QUEUE_FIRST ".");
}

static void a_client_has_accepted_nothing(void **state)
{
	(void)state;
	static const char *const lines[] = {
	        "S PA 1:6(5) ack 1 win 50000",
	        "+0 C A 1:1(0) ack 6 win 50000",
	        "+0.1 C RA 1:1(0) ack 6 win 50000",
	        NULL,
	};
	struct explanation x;
	tell(&x, lines, NULL);
	assert_null(strstr(x.what.bytes, "accepted"));
	assert_null(strstr(x.why.bytes, "accepted"));
}

/* ---- a connection that is no more ---- */

static void data_that_meets_no_socket_is_lost(void **state)
{
	(void)state;
	static const char *const lines[] = {
	        "C PA 1:6(5) ack 1 win 50000",
	        "+0.020 S RA 1:1(0) ack 6 win 65535 lost",
	        "+0.3 C PA 6:11(5) ack 1 win 50000",
	        "+0.020 S R 1:1(0) win 0",
	        NULL,
	};
	struct explanation x;
	tell(&x, lines, NULL);
	assert_string_equal(x.title.bytes, "RST for a connection that is no more");
	assert_string_equal(
	        x.what.bytes,
	        "The server has finished with this connection (state CLOSED), but the client "
	        "did not know and has sent data: no program will ever read it. The kernel "
	        "answers what belongs to no connection with RST.");
	assert_string_equal(
	        x.why.bytes,
	        "Certain: the server had closed (state CLOSED) when frame 6 of the client came."
	        " Inferred: its socket is gone, so the kernel answers data with RST; what that "
	        "frame carried (5 bytes) is lost.");
	assert_string_equal(x.next.bytes, READ_FAILS ".");
}

/* A FIN that the wire holds back, and data that meets it. */
#define LATE_FIN                                                                                   \
	"C PA 1:7(6) ack 1 win 50000", "+0.020 S PA 1:15(14) ack 7 win 65535",                     \
	        "+0.020 C A 7:7(0) ack 15 win 50000", "+0.1 C PA 7:20(13) ack 15 win 50000",       \
	        "+0.020 S R 15:15(0) win 0"

static void a_fin_that_is_still_under_way_is_a_cause_of_a_half_open_connection(void **state)
{
	(void)state;
	static const char *const lines[] = {LATE_FIN, NULL};
	struct explanation x;
	tell(&x, lines, NULL);
	assert_string_equal(
	        x.what.bytes,
	        "A segment of the client came for a connection that the server does not have "
	        "(any more): its kernel answers with RST.");
	assert_string_equal(
	        x.why.bytes,
	        "Certain: no ACK flag, and seq=15 repeats the number that the client "
	        "acknowledged last: this is how a kernel answers a segment of a connection that"
	        " it does not have (RFC 9293 section 3.10.7.1). Inferred: the server had "
	        "closed, and its FIN or RST is lost or still under way; or it crashed, was "
	        "restarted or timed out. Either way the connection was half-open (section "
	        "3.5.1). Or something between answers in its place.");
}

static void a_fin_behind_a_reset_is_too_late(void **state)
{
	(void)state;
	static const char *const lines[] = {LATE_FIN, "+0.3 S FA 15:15(0) ack 7 win 65535", NULL};
	struct explanation x;
	tell(&x, lines, NULL);
	assert_string_equal(x.title.bytes, "FIN after the connection had ended");
	assert_string_equal(
	        x.what.bytes,
	        "The server had closed its direction. But at the client the connection is over "
	        "already: this FIN (number 15) comes too late, or again.");
	assert_string_equal(x.next.bytes,
	                    "RST from the client, which no longer knows the connection.");
}

static void the_reset_that_answers_it_changes_nothing(void **state)
{
	(void)state;
	static const char *const lines[] = {LATE_FIN, "+0.3 S FA 15:15(0) ack 7 win 65535",
	                                    "+0.020 C R 7:7(0) win 0", NULL};
	struct explanation x;
	tell(&x, lines, NULL);
	assert_string_equal(
	        x.what.bytes,
	        "The client has finished with this connection (state CLOSED), and something "
	        "from the server still arrived: the kernel answers what belongs to no "
	        "connection with RST. At the server the connection is over too, so nothing is "
	        "changed by it.");
	assert_string_equal(
	        x.why.bytes,
	        "Certain: the client had closed (state CLOSED) when frame 9 of the server came."
	        " Inferred: its socket is gone, so the kernel answers with RST; that frame "
	        "carried no data, so nothing is lost by that.");
}

/* ---- a RST behind the own FIN ---- */

static void a_close_with_unread_data_behind_a_shutdown_answers_nothing(void **state)
{
	(void)state;
	static const char *const lines[] = {
	        "C PA 1:6(5) ack 1 win 50000",
	        "+0 S FA 1:1(0) ack 6 win 65535",
	        "+0.020 C A 6:6(0) ack 2 win 50000",
	        "+0.1 S RA 2:2(0) ack 6 win 65535",
	        NULL,
	};
	struct explanation x;
	tell(&x, lines, NULL);
	assert_string_equal(
	        x.why.bytes,
	        "Certain: the server ends the connection at once in state FIN-WAIT-2; it had "
	        "received 5 bytes. Undecidable: it closed with some of them unread, or asked "
	        "for an abort (SO_LINGER with time 0): the wire shows no difference.");
}

static void whether_data_behind_the_fin_met_a_socket_is_undecidable(void **state)
{
	(void)state;
	static const char *const lines[] = {
	        "S FA 1:1(0) ack 1 win 65535",      "+0.020 C A 1:1(0) ack 2 win 50000",
	        "C PA 1:6(5) ack 2 win 50000",      "+0 S A 2:2(0) ack 6 win 65535",
	        "+0.1 S RA 2:2(0) ack 6 win 65535", NULL,
	};
	struct explanation x;
	tell(&x, lines, NULL);
	assert_string_equal(
	        x.why.bytes,
	        "Certain: the server had sent its FIN (state FIN-WAIT-2) when frame 6 of the "
	        "client came. Undecidable: its program had closed before, or closes only now "
	        "and has not read that; either way what that frame carried (5 bytes) is lost.");
}

static void without_ack_no_socket_has_answered(void **state)
{
	(void)state;
	static const char *const lines[] = {
	        "S FA 1:1(0) ack 1 win 65535",
	        "+0.020 C A 1:1(0) ack 2 win 50000",
	        "C PA 1:6(5) ack 2 win 50000",
	        "+0 S R 2:2(0) win 0",
	        NULL,
	};
	struct explanation x;
	tell(&x, lines, NULL);
	assert_string_equal(
	        x.why.bytes,
	        "Certain: the server had closed (state FIN-WAIT-2) when frame 6 of the client "
	        "came. Inferred: its socket is gone, so the kernel answers data with RST; what "
	        "that frame carried (5 bytes) is lost.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_server_that_said_nothing_may_not_have_accepted),
	        cmocka_unit_test(the_same_where_it_had_received_nothing),
	        cmocka_unit_test(who_calls_close_on_it_has_accepted_it),
	        cmocka_unit_test(who_has_answered_has_accepted_it),
	        cmocka_unit_test(a_client_has_accepted_nothing),
	        cmocka_unit_test(data_that_meets_no_socket_is_lost),
	        cmocka_unit_test(
	                a_fin_that_is_still_under_way_is_a_cause_of_a_half_open_connection),
	        cmocka_unit_test(a_fin_behind_a_reset_is_too_late),
	        cmocka_unit_test(the_reset_that_answers_it_changes_nothing),
	        cmocka_unit_test(a_close_with_unread_data_behind_a_shutdown_answers_nothing),
	        cmocka_unit_test(whether_data_behind_the_fin_met_a_socket_is_undecidable),
	        cmocka_unit_test(without_ack_no_socket_has_answered),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
