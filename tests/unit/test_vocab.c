/* test_vocab.c: names of states and sides, and arithmetic of sequence numbers modulo 2^32. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/vocab.h"

static void every_state_name_is_parsed_back(void **state)
{
	(void)state;
	for (enum tcp_state s = TCP_STATE_UNKNOWN; s < N_TCP_STATES; s++)
		assert_int_equal(tcp_state_parse(tcp_state_name(s)), s);
	assert_int_equal(tcp_state_parse("ESTAB"), TCP_STATE_UNKNOWN);
	assert_int_equal(tcp_state_parse(""), TCP_STATE_UNKNOWN);
}

static void state_names_are_the_rfcs(void **state)
{
	(void)state;
	assert_string_equal(tcp_state_name(TCP_SYN_RECEIVED), "SYN-RECEIVED");
	assert_string_equal(tcp_state_name(TCP_TIME_WAIT), "TIME-WAIT");
	assert_string_equal(tcp_state_short(TCP_SYN_RECEIVED), "SYN-RCVD");
	assert_string_equal(tcp_state_short(TCP_STATE_UNKNOWN), "?");
}

static void short_state_names_fit_a_lane_and_differ(void **state)
{
	(void)state;
	for (enum tcp_state a = TCP_STATE_UNKNOWN; a < N_TCP_STATES; a++) {
		assert_in_range(strlen(tcp_state_short(a)), 1, 8);
		for (enum tcp_state b = TCP_STATE_UNKNOWN; b < a; b++)
			assert_string_not_equal(tcp_state_short(a), tcp_state_short(b));
	}
}

static void each_side_has_a_name_and_another_side(void **state)
{
	(void)state;
	assert_string_equal(side_name(CLIENT), "client");
	assert_string_equal(side_name(SERVER), "server");
	assert_int_equal(side_other(CLIENT), SERVER);
	assert_int_equal(side_other(SERVER), CLIENT);
}

static void sequence_numbers_wrap_around(void **state)
{
	(void)state;
	static const uint32_t bases[] = {0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF};
	for (size_t i = 0; i < sizeof bases / sizeof bases[0]; i++) {
		uint32_t a = bases[i];
		assert_true(seq_lt(a, a + 1) && seq_gt(a + 1, a));
		assert_true(seq_lt(a, a + 0x7FFFFFFF) && !seq_lt(a + 0x7FFFFFFF, a));
		assert_true(seq_le(a, a) && seq_ge(a, a) && !seq_lt(a, a) && !seq_gt(a, a));
		assert_int_equal(seq_diff(a + 1000, a), 1000);
		assert_int_equal(seq_diff(a, a + 1000), -1000);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(every_state_name_is_parsed_back),
	        cmocka_unit_test(state_names_are_the_rfcs),
	        cmocka_unit_test(short_state_names_fit_a_lane_and_differ),
	        cmocka_unit_test(each_side_has_a_name_and_another_side),
	        cmocka_unit_test(sequence_numbers_wrap_around),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
