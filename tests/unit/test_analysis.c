/* test_analysis.c: when a segment gets which of Wireshark's labels, and the figures beside them.
 * What is expected here was measured with tshark 4.0.17. */
#include "flow_stories.h"

/* Two more words than in segments.h: the labels, "-" for none. */
struct label_row {
	const char *line, *labels;
};

static void check_labels(enum story_start start, const struct label_row *rows)
{
	struct wire w;
	char said[256];
	story_begin(&w, start);
	for (; rows->line; rows++) {
		(void)wire_send(&w, rows->line);
		wire_labels(&w, said, sizeof said);
		if (strcmp(said, rows->labels) != 0)
			print_error("after %s\n", rows->line);
		assert_string_equal(said, rows->labels);
	}
	wire_close(&w);
}

#define LABELS(name, start, ...)                                                                   \
	static void name(void **state)                                                             \
	{                                                                                          \
		static const struct label_row rows[] = {__VA_ARGS__, {NULL, NULL}};                \
		(void)state;                                                                       \
		check_labels(start, rows);                                                         \
	}

/* clang-format off */
LABELS(healthy_connection_has_no_label, START_EMPTY,
	{"C S 0:0(0) win 64240 <mss 1460,wscale 7>", "-"},
	{"S SA 0:0(0) ack 1 win 65160 <mss 1460,wscale 7>", "-"},
	{"C A 1:1(0) ack 1 win 502", "-"},
	{"C PA 1:101(100) ack 1 win 502", "-"},
	{"S A 1:1(0) ack 101 win 509", "-"},
	{"C FA 101:101(0) ack 1 win 502", "-"},
	{"S FA 1:1(0) ack 102 win 509", "-"},
	{"C A 102:102(0) ack 2 win 502", "-"})

LABELS(lost_segment_is_a_gap_before_this_one, START_OPEN,
	{"C PA 101:201(100) ack 1 win 1000", "lost_segment"},
	{"C PA 201:301(100) ack 1 win 1000", "-"},
	{"C R 900:900(0) win 0", "-"})

LABELS(hole_in_what_is_acknowledged_is_said_each_time, START_OPEN,
	{"C PA 101:201(100) ack 1 win 1000", "lost_segment"},
	{"S A 1:1(0) ack 201 win 2000", "ack_lost_segment"},
	{"C PA 301:401(100) ack 1 win 1000", "lost_segment"},
	{"S A 1:1(0) ack 401 win 2000", "ack_lost_segment"})

LABELS(acknowledgment_beyond_all_that_was_seen_is_said_once, START_OPEN,
	{"S A 1:1(0) ack 500 win 2000", "ack_lost_segment"},
	{"S A 1:1(0) ack 600 win 2000", "-"},
	{"C PA 600:700(100) ack 1 win 1000", "lost_segment"},
	{"S A 1:1(0) ack 700 win 2000", "ack_lost_segment"},
	{"S A 1:1(0) ack 800 win 2000", "-"})

LABELS(keep_alive_is_one_byte_back_and_its_answer_repeats, START_OPEN,
	{"+5 C A 0:0(0) ack 1 win 1000", "keep_alive"},
	{"S A 1:1(0) ack 1 win 2000", "keep_alive_ack"},
	{"+5 C A 0:1(1) ack 1 win 1000", "keep_alive"},
	{"S A 1:1(0) ack 1 win 2000", "keep_alive_ack"},
	{"S A 1:1(0) ack 1 win 2000", "keep_alive_ack"},
	{"C PA 1:11(10) ack 1 win 1000", "-"},
	{"S A 1:1(0) ack 1 win 2000", "duplicate_ack"})

LABELS(window_update_changes_nothing_but_the_window, START_OPEN,
	{"C PA 1:101(100) ack 1 win 1000", "-"},
	{"S A 1:1(0) ack 101 win 1900", "-"},
	{"S A 1:1(0) ack 101 win 2000", "window_update"},
	{"S A 1:1(0) ack 101 win 0", "zero_window"},
	{"S A 1:1(0) ack 101 win 500", "window_update"})

LABELS(window_full_ends_exactly_at_the_edge, START_OPEN,
	{"C A 1:1001(1000) ack 1 win 1000", "-"},
	{"C A 1001:2000(999) ack 1 win 1000", "-"},
	{"C A 2000:2001(1) ack 1 win 1000", "window_full"},
	{"C A 2001:2002(1) ack 1 win 1000", "-"})

LABELS(window_full_counts_in_scaled_bytes, START_EMPTY,
	{"C S 0:0(0) win 64240 <wscale 2>", "-"},
	{"S SA 0:0(0) ack 1 win 1000 <wscale 3>", "-"},
	{"C A 1:1(0) ack 1 win 500", "-"},
	{"C A 1:1001(1000) ack 1 win 500", "window_full"}, /* a SYN's window is not scaled */
	{"S A 1:1(0) ack 1001 win 100", "-"},
	{"C A 1001:1801(800) ack 1 win 500", "window_full"})

LABELS(zero_window_is_probed_and_opened, START_OPEN,
	{"C PA 1:101(100) ack 1 win 1000", "-"},
	{"S A 1:1(0) ack 101 win 0", "zero_window"},
	{"+0.2 C A 101:102(1) ack 1 win 1000", "zero_window_probe"},
	{"S A 1:1(0) ack 101 win 0", "zero_window,zero_window_probe_ack"},
	{"+0.4 C A 101:102(1) ack 1 win 1000", "zero_window_probe"},
	{"S A 1:1(0) ack 101 win 900", "window_update"},
	{"C PA 101:201(100) ack 1 win 1000", "-"})

LABELS(no_probe_while_the_other_window_is_not_known, START_EMPTY,
	{"C PA 1:101(100) ack 1 win 1000", "-"},
	{"C PA 101:102(1) ack 1 win 1000", "-"})

LABELS(two_duplicate_acks_make_a_fast_retransmission, START_OPEN,
	{"C A 1:101(100) ack 1 win 1000", "-"},
	{"C A 101:201(100) ack 1 win 1000", "-"},
	{"C A 201:301(100) ack 1 win 1000", "-"},
	{"S A 1:1(0) ack 1 win 2000 <sack 101:201>", "duplicate_ack"},
	{"S A 1:1(0) ack 1 win 2000 <sack 101:301>", "duplicate_ack"},
	{"+0.019 C A 1:101(100) ack 1 win 1000", "fast_retransmission,retransmission"},
	{"+0.1 C A 1:101(100) ack 1 win 1000", "retransmission"})

LABELS(one_duplicate_ack_does_not, START_OPEN,
	{"C A 1:101(100) ack 1 win 1000", "-"},
	{"C A 101:201(100) ack 1 win 1000", "-"},
	{"S A 1:1(0) ack 1 win 2000", "duplicate_ack"},
	{"+0.010 C A 1:101(100) ack 1 win 1000", "retransmission"})

LABELS(what_comes_sooner_than_the_rtt_is_out_of_order, START_EMPTY,
	{"C S 0:0(0) win 1000", "-"},
	{"+0.020 S SA 0:0(0) ack 1 win 2000", "-"},
	{"C A 1:1(0) ack 1 win 1000", "-"},
	{"C A 101:201(100) ack 1 win 1000", "lost_segment"},
	{"+0.020 C A 1:101(100) ack 1 win 1000", "out_of_order"},
	{"C A 301:401(100) ack 1 win 1000", "lost_segment"},
	{"+0.022 C A 201:301(100) ack 1 win 1000", "retransmission"})

LABELS(without_rtt_three_milliseconds_are_the_limit, START_EMPTY,
	{"C A 101:201(100) ack 1 win 1000", "-"},
	{"+0.0029 C A 1:101(100) ack 1 win 1000", "out_of_order"},
	{"+0.0011 C A 1:101(100) ack 1 win 1000", "retransmission"})

LABELS(last_segment_again_is_resent_however_soon, START_OPEN,
	{"C A 1:101(100) ack 1 win 1000", "-"},
	{"+0.0001 C A 1:101(100) ack 1 win 1000", "retransmission"})

LABELS(acknowledged_data_again_is_spurious, START_OPEN,
	{"C PA 1:101(100) ack 1 win 1000", "-"},
	{"S A 1:1(0) ack 101 win 2000", "-"},
	{"+0.3 C PA 1:101(100) ack 1 win 1000", "retransmission,spurious_retransmission"})

LABELS(syn_and_fin_are_resent_like_data, START_EMPTY,
	{"C S 0:0(0) win 1000", "-"},
	{"+1 C S 0:0(0) win 1000", "retransmission"},
	{"S SA 0:0(0) ack 1 win 2000", "-"},
	{"C A 1:1(0) ack 1 win 1000", "-"},
	{"C FA 1:1(0) ack 1 win 1000", "-"},
	{"+0.3 C FA 1:1(0) ack 1 win 1000", "retransmission"})

LABELS(data_over_a_dropped_probe_is_new, START_OPEN,
	{"S A 1:1(0) ack 1 win 2000", "duplicate_ack"},
	{"C A 1:2(1) ack 1 win 1000", "-"},
	{"+0.2 C A 1:101(100) ack 1 win 1000", "-"})

LABELS(new_number_on_used_ports_is_a_new_connection, START_OPEN,
	{"C S 5000:5000(0) win 1000", "reused_ports"},
	{"S SA 7000:7000(0) ack 5001 win 1000", "-"},
	{"S SA 9000:9000(0) ack 5001 win 1000", "lost_segment,reused_ports"})

LABELS(refused_port_that_opens_is_reused, START_EMPTY,
	{"C S 0:0(0) win 1000", "-"},
	{"S RA 0:0(0) ack 1 win 0", "-"},
	{"+0.5 C S 0:0(0) win 1000", "retransmission"},
	{"S SA 900:900(0) ack 1 win 1000", "lost_segment,reused_ports"})

LABELS(fast_open_is_accepted, START_EMPTY,
	{"C S 0:50(50) win 1000 <FO 0102030405060708>", "tfo_syn"},
	{"S SA 0:0(0) ack 51 win 2000", "tfo_ack"})

LABELS(fast_open_is_ignored, START_EMPTY,
	{"C S 0:50(50) win 1000 <FO 0102030405060708>", "tfo_syn"},
	{"S SA 0:0(0) ack 1 win 2000", "tfo_ignored"})

LABELS(asking_for_a_cookie_is_no_fast_open, START_EMPTY,
	{"C S 0:0(0) win 1000 <FO>", "-"},
	{"S SA 0:0(0) ack 1 win 2000 <FO 0102030405060708>", "-"})

LABELS(cut_options_hide_the_labels_but_not_their_effect, START_OPEN,
	{"C PA 1:101(100) ack 1 win 1000", "-"},
	{"S A 1:1(0) ack 1 win 2000 <cut>", "-"},
	{"S A 1:1(0) ack 1 win 2000", "duplicate_ack"})
/* clang-format on */

/* ---- figures ---- */

static void round_trips_are_measured_and_the_oldest_copy_counts(void **state)
{
	struct wire w;
	(void)state;
	wire_open(&w);
	(void)wire_send(&w, "C S 0:0(0) win 1000");
	(void)wire_send(&w, "+1 C S 0:0(0) win 1000");
	const struct analysis *a = &wire_send(&w, "+0.010 S SA 0:0(0) ack 1 win 2000")->analysis;
	assert_int_equal(a->acks_frame, 1);
	assert_int_equal(a->ack_rtt_ns, 1010 * NS_PER_MS);
	assert_int_equal(a->initial_rtt_ns, -1);
	(void)wire_send(&w, "+0.002 C A 1:1(0) ack 1 win 1000");
	assert_int_equal(a->acks_frame, 3);
	assert_int_equal(a->ack_rtt_ns, 2 * NS_PER_MS);
	assert_int_equal(a->initial_rtt_ns, 12 * NS_PER_MS); /* since the latest SYN */
	(void)wire_send(&w, "C PA 1:101(100) ack 1 win 1000");
	assert_int_equal(a->acks_frame, 0);
	assert_int_equal(a->ack_rtt_ns, -1);
	(void)wire_send(&w, "+0.030 S A 1:1(0) ack 101 win 2000");
	assert_int_equal(a->acks_frame, 5);
	assert_int_equal(a->ack_rtt_ns, 30 * NS_PER_MS);
	wire_close(&w);
}

static void bytes_in_flight_grow_and_shrink(void **state)
{
	struct wire w;
	(void)state;
	story_begin(&w, START_OPEN);
	const struct analysis *a = &wire_send(&w, "C A 1:101(100) ack 1 win 1000")->analysis;
	assert_int_equal(a->bytes_in_flight, 100);
	assert_int_equal(a->push_bytes_sent, 100);
	(void)wire_send(&w, "C PA 101:301(200) ack 1 win 1000");
	assert_int_equal(a->bytes_in_flight, 300);
	assert_int_equal(a->push_bytes_sent, 300);
	(void)wire_send(&w, "S A 1:1(0) ack 101 win 2000 <sack 201:251>");
	assert_int_equal(a->bytes_in_flight, 0);
	(void)wire_send(&w, "C A 301:401(100) ack 1 win 1000");
	assert_int_equal(a->bytes_in_flight, 250); /* 101..401 without the 50 */
	assert_int_equal(a->push_bytes_sent, 100); /* after a PSH the count starts again */
	(void)wire_send(&w, "C FPA 401:411(10) ack 1 win 1000");
	assert_int_equal(a->bytes_in_flight, 260); /* the FIN is no byte */
	wire_close(&w);
}

static void bytes_in_flight_are_not_told_across_a_gap(void **state)
{
	struct wire w;
	(void)state;
	story_begin(&w, START_OPEN);
	const struct analysis *a = &wire_send(&w, "C A 101:201(100) ack 1 win 1000")->analysis;
	assert_int_equal(a->bytes_in_flight, 0);
	(void)wire_send(&w, "S A 1:1(0) ack 201 win 2000");
	(void)wire_send(&w, "C A 201:301(100) ack 1 win 1000");
	assert_int_equal(a->bytes_in_flight, 100);
	wire_close(&w);
}

static void duplicates_are_numbered_and_name_the_first(void **state)
{
	struct wire w;
	(void)state;
	story_begin(&w, START_OPEN);
	(void)wire_send(&w, "C A 1:101(100) ack 1 win 1000");
	(void)wire_send(&w, "S A 1:1(0) ack 101 win 2000"); /* frame 5 */
	const struct analysis *a = &w.last.analysis;
	for (uint32_t i = 1; i <= 4; i++) {
		(void)wire_send(&w, "S A 1:1(0) ack 101 win 2000");
		assert_int_equal(a->duplicate_ack_num, i);
		assert_int_equal(a->duplicate_ack_frame, 5);
	}
	(void)wire_send(&w, "C A 101:201(100) ack 1 win 1000");
	(void)wire_send(&w, "S A 1:1(0) ack 201 win 2000");
	assert_int_equal(a->duplicate_ack_num, 0);
	(void)wire_send(&w, "S A 1:1(0) ack 201 win 2000");
	assert_int_equal(a->duplicate_ack_num, 1);
	wire_close(&w);
}

static void timeout_counts_from_the_oldest_unacknowledged(void **state)
{
	struct wire w;
	(void)state;
	story_begin(&w, START_OPEN);
	(void)wire_send(&w, "C A 1:101(100) ack 1 win 1000");        /* frame 4 */
	(void)wire_send(&w, "+0.1 C A 101:201(100) ack 1 win 1000"); /* frame 5 */
	const struct analysis *a = &wire_send(&w, "+0.2 C A 101:201(100) ack 1 win 1000")->analysis;
	assert_int_equal(a->rto_ns, 300 * NS_PER_MS);
	assert_int_equal(a->rto_frame, 4);
	(void)wire_send(&w, "S A 1:1(0) ack 101 win 2000");
	(void)wire_send(&w, "+0.4 C A 101:201(100) ack 1 win 1000");
	assert_int_equal(a->rto_frame, 5);
	assert_int_equal(a->rto_ns, 601 * NS_PER_MS);
	wire_close(&w);
}

static void clock_that_goes_back_breaks_nothing(void **state)
{
	struct wire w;
	(void)state;
	story_begin(&w, START_OPEN);
	(void)wire_send(&w, "C A 1:101(100) ack 1 win 1000");
	(void)wire_send(&w, "C A 101:201(100) ack 1 win 1000");
	const struct analysis *a = &wire_send(&w, "-0.5 C A 1:101(100) ack 1 win 1000")->analysis;
	assert_int_equal(a->flags, A_RETRANSMISSION); /* not "soon": so not out of order */
	assert_true(a->rto_ns < 0);
	(void)wire_send(&w, "-0.5 S A 1:1(0) ack 201 win 2000");
	assert_int_equal(a->acks_frame, 5);
	wire_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(healthy_connection_has_no_label),
	        cmocka_unit_test(lost_segment_is_a_gap_before_this_one),
	        cmocka_unit_test(hole_in_what_is_acknowledged_is_said_each_time),
	        cmocka_unit_test(acknowledgment_beyond_all_that_was_seen_is_said_once),
	        cmocka_unit_test(keep_alive_is_one_byte_back_and_its_answer_repeats),
	        cmocka_unit_test(window_update_changes_nothing_but_the_window),
	        cmocka_unit_test(window_full_ends_exactly_at_the_edge),
	        cmocka_unit_test(window_full_counts_in_scaled_bytes),
	        cmocka_unit_test(zero_window_is_probed_and_opened),
	        cmocka_unit_test(no_probe_while_the_other_window_is_not_known),
	        cmocka_unit_test(two_duplicate_acks_make_a_fast_retransmission),
	        cmocka_unit_test(one_duplicate_ack_does_not),
	        cmocka_unit_test(what_comes_sooner_than_the_rtt_is_out_of_order),
	        cmocka_unit_test(without_rtt_three_milliseconds_are_the_limit),
	        cmocka_unit_test(last_segment_again_is_resent_however_soon),
	        cmocka_unit_test(acknowledged_data_again_is_spurious),
	        cmocka_unit_test(syn_and_fin_are_resent_like_data),
	        cmocka_unit_test(data_over_a_dropped_probe_is_new),
	        cmocka_unit_test(new_number_on_used_ports_is_a_new_connection),
	        cmocka_unit_test(refused_port_that_opens_is_reused),
	        cmocka_unit_test(fast_open_is_accepted),
	        cmocka_unit_test(fast_open_is_ignored),
	        cmocka_unit_test(asking_for_a_cookie_is_no_fast_open),
	        cmocka_unit_test(cut_options_hide_the_labels_but_not_their_effect),
	        cmocka_unit_test(round_trips_are_measured_and_the_oldest_copy_counts),
	        cmocka_unit_test(bytes_in_flight_grow_and_shrink),
	        cmocka_unit_test(bytes_in_flight_are_not_told_across_a_gap),
	        cmocka_unit_test(duplicates_are_numbered_and_name_the_first),
	        cmocka_unit_test(timeout_counts_from_the_oldest_unacknowledged),
	        cmocka_unit_test(clock_that_goes_back_breaks_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
