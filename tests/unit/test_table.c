/* test_table.c: connections found from both ends, forgotten in the order of use, against a naive
 * model. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "flow/table.h"

static struct endpoint end_of(uint32_t host, uint16_t port)
{
	return (struct endpoint){
	        .addr = {.version = 4,
	                 .bytes = {10, (uint8_t)(host >> 16), (uint8_t)(host >> 8), (uint8_t)host}},
	        .port = port};
}

static struct conn *add(struct table *t, uint32_t host)
{
	struct endpoint a = end_of(host, 40000), b = end_of(0xffffff, 80);
	return table_add(t, &a, &b);
}

static struct conn *find(struct table *t, uint32_t host)
{
	struct endpoint a = end_of(host, 40000), b = end_of(0xffffff, 80);
	return table_find(t, &a, &b);
}

static void connection_is_found_from_both_ends(void **state)
{
	(void)state;
	struct table *t = table_new(10, 1);
	struct endpoint a = end_of(1, 40000), b = end_of(2, 80);
	assert_null(table_find(t, &a, &b));
	struct conn *c = table_add(t, &a, &b);
	assert_non_null(c);
	assert_ptr_equal(table_find(t, &a, &b), c);
	assert_ptr_equal(table_find(t, &b, &a), c);
	assert_int_equal(c->ends[CLIENT].port, 40000);
	assert_int_equal(c->ends[SERVER].port, 80);
	table_free(t);
}

static void each_part_of_the_tuple_counts(void **state)
{
	(void)state;
	struct table *t = table_new(10, 1);
	struct endpoint a = end_of(1, 40000), b = end_of(2, 80), other;
	assert_non_null(table_add(t, &a, &b));
	other = end_of(1, 40001);
	assert_null(table_find(t, &other, &b));
	other = end_of(3, 40000);
	assert_null(table_find(t, &other, &b));
	other = end_of(2, 81);
	assert_null(table_find(t, &a, &other));
	other = b;
	other.addr.version = 6; /* the same bytes as an IPv6 address */
	assert_null(table_find(t, &a, &other));
	struct endpoint swapped_a = end_of(1, 80), swapped_b = end_of(2, 40000);
	assert_null(table_find(t, &swapped_a, &swapped_b));
	table_free(t);
}

static void two_ends_may_have_the_same_address_and_port(void **state)
{
	(void)state;
	struct table *t = table_new(10, 1);
	struct endpoint a = end_of(1, 40000);
	struct conn *c = table_add(t, &a, &a);
	assert_ptr_equal(table_find(t, &a, &a), c);
	table_remove(t, c);
	assert_null(table_find(t, &a, &a));
	table_free(t);
}

static void full_table_offers_the_least_recently_used(void **state)
{
	(void)state;
	struct table *t = table_new(3, 1);
	for (uint32_t i = 1; i <= 3; i++) {
		assert_null(table_victim(t));
		assert_non_null(add(t, i));
	}
	assert_null(add(t, 4));          /* no room */
	struct conn *first = find(t, 1); /* which uses it */
	struct conn *second = table_victim(t);
	assert_ptr_equal(find(t, 2), second);
	table_remove(t, table_victim(t));
	assert_null(find(t, 3));
	assert_non_null(add(t, 4));
	assert_ptr_equal(table_victim(t), first);
	assert_int_equal(table_count(t), 3);
	table_free(t);
}

static void walk_goes_from_the_oldest_to_the_newest_use(void **state)
{
	(void)state;
	struct table *t = table_new(10, 1);
	struct conn *made[4] = {NULL};
	for (uint32_t i = 0; i < 4; i++)
		made[i] = add(t, i);
	(void)find(t, 1);
	table_remove(t, made[2]);
	struct conn *c = table_newer(t, NULL);
	assert_ptr_equal(c, made[0]);
	c = table_newer(t, c);
	assert_ptr_equal(c, made[3]);
	c = table_newer(t, c);
	assert_ptr_equal(c, made[1]);
	assert_null(table_newer(t, c));
	table_free(t);
}

static void removed_connection_comes_back_zeroed(void **state)
{
	(void)state;
	struct table *t = table_new(1, 1);
	struct conn *c = add(t, 1);
	c->stream = 77;
	c->opened = true;
	table_remove(t, c);
	assert_int_equal(table_count(t), 0);
	c = add(t, 2);
	assert_non_null(c);
	assert_int_equal(c->stream, 0);
	assert_false(c->opened);
	table_free(t);
}

/* A model: which hosts are in, and when each was used last. */
static void hundred_thousand_connections_agree_with_a_model(void **state)
{
	(void)state;
	enum { HOSTS = 100000, MAX = 60000, STEPS = 600000 };
	struct table *t = table_new(MAX, 42);
	uint64_t *used = calloc(HOSTS, sizeof *used); /* 0: not in */
	uint32_t count = 0, rng = 12345;
	assert_non_null(t);
	assert_non_null(used);
	for (uint64_t step = 1; step <= STEPS; step++) {
		rng = rng * 1664525 + 1013904223;
		uint32_t host = (rng >> 8) % HOSTS;
		struct conn *c = find(t, host);
		if ((c != NULL) != (used[host] != 0))
			fail_msg("step %llu", (unsigned long long)step);
		if (c) {
			assert_int_equal(c->stream, host);
			used[host] = step;
			if (rng % 5 == 0) {
				table_remove(t, c);
				used[host] = 0;
				count--;
			}
			continue;
		}
		struct conn *victim = table_victim(t);
		assert_int_equal(victim != NULL, count == MAX);
		if (victim) {
			used[victim->stream] = 0;
			table_remove(t, victim);
			count--;
		}
		c = add(t, host);
		assert_non_null(c);
		c->stream = host;
		used[host] = step;
		count++;
	}
	assert_int_equal(table_count(t), count);
	uint64_t last = 0; /* what is left is in the order of use */
	for (struct conn *c = table_newer(t, NULL); c; c = table_newer(t, c)) {
		assert_true(used[c->stream] > last);
		last = used[c->stream];
		count--;
	}
	assert_int_equal(count, 0);
	free(used);
	table_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(connection_is_found_from_both_ends),
	        cmocka_unit_test(each_part_of_the_tuple_counts),
	        cmocka_unit_test(two_ends_may_have_the_same_address_and_port),
	        cmocka_unit_test(full_table_offers_the_least_recently_used),
	        cmocka_unit_test(walk_goes_from_the_oldest_to_the_newest_use),
	        cmocka_unit_test(removed_connection_comes_back_zeroed),
	        cmocka_unit_test(hundred_thousand_connections_agree_with_a_model),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
