/* test_tui_summary.c: a connection in figures. */
#include "tui_model.h"

#include "tui/summary.h"

static void figures_are_added_up_by_end(void **state)
{
	(void)state;
	struct summary s = {.n_segments = 0};
	struct event events[] = {story_syn(0),      story_syn_ack(17),     story_third_ack(36),
	                         story_hello(1000), story_hello_ack(1030), story_hello(2000)};
	events[4].segment.analysis.ack_rtt_ns = 30 * NS_PER_US;
	events[5].segment.analysis.flags = A_RETRANSMISSION;
	events[5].segment.n_diagnoses = 1;
	events[5].segment.diagnoses[0].label = D_RTO;
	for (uint32_t i = 0; i < 6; i++)
		summary_add(&s, i, &events[i]);
	assert_int_equal(s.n_segments, 6);
	assert_int_equal(s.sent[CLIENT].n_segments, 4);
	assert_int_equal(s.sent[CLIENT].n_data, 2);
	assert_int_equal(s.sent[CLIENT].n_bytes, 26);
	assert_int_equal(s.sent[CLIENT].n_resent, 1);
	assert_int_equal(s.sent[CLIENT].resent_bytes, 13);
	assert_int_equal(s.sent[CLIENT].n_rtts, 1);
	assert_int_equal(s.sent[CLIENT].rtt_max_ns, 30 * NS_PER_US);
	assert_int_equal(s.sent[SERVER].n_rtts, 0);
	assert_int_equal(s.sent[CLIENT].window_min, 64256); /* not the SYN's */
	assert_true(s.sent[SERVER].has_syn);
	assert_int_equal(s.sent[SERVER].options.mss, 1460);
	assert_true(s.has_data);
	assert_int_equal(s.first_data, CLIENT);
	assert_int_equal(s.phases[PHASE_HANDSHAKE].n_segments, 3);
	assert_int_equal(s.phases[PHASE_HANDSHAKE].last_ns - START_NS, 36 * NS_PER_US);
	assert_true(summary_rate(&s.sent[CLIENT]) == 208000.0); /* 208 bits in a millisecond */
	assert_true(summary_rate(&s.sent[SERVER]) == 0);
}

static void findings_stand_in_order_of_their_first_case(void **state)
{
	(void)state;
	struct summary s = {.n_segments = 0};
	struct finding findings[FINDINGS_MAX];
	struct event events[] = {story_hello(0), story_hello(1), story_hello(2)};
	events[1].segment.analysis.flags = A_OUT_OF_ORDER | A_ACK_LOST_SEGMENT;
	events[1].segment.n_diagnoses = 1;
	events[1].segment.diagnoses[0].label = D_OUT_OF_ORDER;
	events[2].segment.analysis.flags = A_OUT_OF_ORDER;
	events[2].segment.n_diagnoses = 1;
	events[2].segment.diagnoses[0].label = D_RTO;
	for (uint32_t i = 0; i < 3; i++)
		summary_add(&s, 10 + i, &events[i]);
	assert_int_equal(summary_findings(&s, findings), 4);
	assert_true(findings[0].is_diagnosis);
	assert_int_equal(findings[0].label, D_OUT_OF_ORDER);
	assert_int_equal(findings[1].label, AI_ACK_LOST_SEGMENT);
	assert_int_equal(findings[2].label, AI_OUT_OF_ORDER);
	assert_int_equal(findings[2].count.n, 2);
	assert_int_equal(findings[2].count.first, 11);
	assert_int_equal(findings[3].label, D_RTO);
	assert_int_equal(findings[3].count.first, 12);
}

static void other_events_are_no_segments(void **state)
{
	(void)state;
	struct summary s = {.n_segments = 0};
	struct event event = story_opened(0);
	summary_add(&s, 0, &event);
	assert_int_equal(s.n_segments, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(figures_are_added_up_by_end),
	        cmocka_unit_test(findings_stand_in_order_of_their_first_case),
	        cmocka_unit_test(other_events_are_no_segments),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
