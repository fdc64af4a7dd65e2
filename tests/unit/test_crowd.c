/* When many connections come: a few notes, and what they say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "crowd.h"

static struct connection over(enum connection_action action, enum tcp_state server, uint16_t port)
{
	return (struct connection){
	        .action = action,
	        .states = {TCP_ESTABLISHED, server},
	        .ends = {{.port = 1}, {.addr = {4, {192, 0, 2, 7}}, .port = port}},
	};
}

static bool count(struct crowd *crowd, const struct connection *connection, const char *words)
{
	TEXT(note, 512);
	bool speaks = crowd_count(crowd, connection, &note);
	if (speaks)
		assert_non_null(strstr(note.bytes, words));
	return speaks;
}

static void the_first_forgotten_connection_is_told(void **state)
{
	struct crowd crowd = {0};
	struct connection c = over(CONNECTION_EVICTED, TCP_ESTABLISHED, 80);
	(void)state;
	assert_true(count(&crowd, &c, "--max-connections"));
	for (int i = 0; i < 5000; i++)
		assert_false(count(&crowd, &c, ""));
	TEXT(note, 512);
	assert_true(crowd_sum(&crowd, &note));
	assert_string_equal(note.bytes, "5001 connections were forgotten to make room");
}

static void many_half_open_ones_towards_one_end_are_called_a_flood(void **state)
{
	struct crowd crowd = {0};
	struct connection c = over(CONNECTION_EVICTED, TCP_SYN_RECEIVED, 80);
	struct connection other = over(CONNECTION_CLOSED, TCP_CLOSED, 81);
	unsigned n_notes = 0;
	(void)state;
	for (int i = 0; i < 2000; i++) {
		n_notes += count(&crowd, &c,
		                 i == 0 ? "from now on" : "192.0.2.7:80: this is what a SYN flood");
		n_notes += i % 3 == 0 && count(&crowd, &other, "");
	}
	assert_int_equal(n_notes, 2);
	TEXT(note, 512);
	assert_true(crowd_sum(&crowd, &note));
	assert_non_null(strstr(note.bytes, "2000 of 2667 connections so far stayed half-open"));
	assert_non_null(strstr(note.bytes, "; 2000 connections were forgotten"));
}

static void half_open_ones_towards_many_ends_are_called_a_scan(void **state)
{
	struct crowd crowd = {0};
	(void)state;
	for (uint16_t port = 1; port <= 1500; port++) {
		struct connection c = over(CONNECTION_UNFINISHED, TCP_SYN_RECEIVED, port);
		assert_false(count(&crowd, &c, ""));
	}
	TEXT(note, 512);
	assert_true(crowd_sum(&crowd, &note));
	assert_non_null(strstr(note.bytes, "port scan"));
	assert_null(strstr(note.bytes, "forgotten"));
}

static void ordinary_traffic_is_not_spoken_of(void **state)
{
	struct crowd crowd = {0};
	struct connection good = over(CONNECTION_CLOSED, TCP_CLOSED, 80);
	struct connection bad = over(CONNECTION_UNFINISHED, TCP_SYN_RECEIVED, 80);
	TEXT(note, 512);
	(void)state;
	for (int i = 0; i < 5000; i++)
		assert_false(count(&crowd, i % 3 ? &good : &bad, ""));
	assert_false(crowd_sum(&crowd, &note));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(the_first_forgotten_connection_is_told),
	        cmocka_unit_test(many_half_open_ones_towards_one_end_are_called_a_flood),
	        cmocka_unit_test(half_open_ones_towards_many_ends_are_called_a_scan),
	        cmocka_unit_test(ordinary_traffic_is_not_spoken_of),
	};
	return cmocka_run_group_tests_name("crowd", tests, NULL, NULL);
}
