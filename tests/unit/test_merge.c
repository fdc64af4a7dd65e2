/* test_merge.c: frames and event lines in one order of time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "merge.h"

static bool add_frame(struct merge *m, int64_t time_ns, const char *bytes)
{
	struct record r = {.time_ns = time_ns,
	                   .caplen = (uint32_t)strlen(bytes),
	                   .wirelen = (uint32_t)strlen(bytes),
	                   .data = (const uint8_t *)bytes};
	return merge_add_frame(m, &r);
}

static bool add_event(struct merge *m, int64_t time_ns, uint64_t about)
{
	struct event e = {.kind = EVENT_NOTE, .time_ns = time_ns, .note = {.about = about}};
	return merge_add_event(m, &e);
}

static void expect_frame(struct merge *m, int64_t until_ns, const char *bytes)
{
	struct record r = {0};
	const struct event *e = NULL;
	assert_int_equal(merge_take(m, until_ns, &r, &e), MERGE_FRAME);
	assert_int_equal(r.caplen, strlen(bytes));
	assert_memory_equal(r.data, bytes, strlen(bytes));
}

static void options_of_a_frame_are_copied_too(void **state)
{
	(void)state;
	struct merge *m = merge_new();
	uint8_t data[] = "abc", options[] = "opt";
	struct record r = {
	        .caplen = 3, .wirelen = 3, .data = data, .options = options, .options_len = 3};
	const struct event *e = NULL;
	assert_true(merge_add_frame(m, &r));
	memset(data, 'x', 3);
	memset(options, 'x', 3);
	assert_int_equal(merge_take(m, 1, &r, &e), MERGE_FRAME);
	assert_memory_equal(r.data, "abc", 3);
	assert_memory_equal(r.options, "opt", 3);
	merge_free(m);
}

static void expect_event(struct merge *m, int64_t until_ns, uint64_t about)
{
	struct record r = {0};
	const struct event *e = NULL;
	assert_int_equal(merge_take(m, until_ns, &r, &e), MERGE_EVENT);
	assert_int_equal(e->note.about, about);
}

static void expect_none(struct merge *m, int64_t until_ns)
{
	struct record r;
	const struct event *e = NULL;
	assert_int_equal(merge_take(m, until_ns, &r, &e), MERGE_NONE);
}

static void earlier_item_goes_first(void **state)
{
	(void)state;
	struct merge *m = merge_new();
	assert_true(merge_is_empty(m));
	assert_true(add_frame(m, 10, "a"));
	assert_true(add_frame(m, 30, "b"));
	assert_true(add_event(m, 20, 1));
	assert_true(add_event(m, 40, 2));
	assert_false(merge_is_empty(m));
	expect_frame(m, 100, "a");
	expect_event(m, 100, 1);
	expect_frame(m, 100, "b");
	expect_event(m, 100, 2);
	expect_none(m, 100);
	assert_true(merge_is_empty(m));
	merge_free(m);
}

static void at_the_same_time_the_frame_goes_first(void **state)
{
	(void)state;
	struct merge *m = merge_new();
	assert_true(add_event(m, 10, 1));
	assert_true(add_frame(m, 10, "a"));
	expect_frame(m, 10, "a");
	expect_event(m, 10, 1);
	merge_free(m);
}

static void item_waits_until_its_time(void **state)
{
	(void)state;
	struct merge *m = merge_new();
	assert_true(add_frame(m, 10, "a"));
	assert_true(add_event(m, 12, 1));
	expect_none(m, 9);
	expect_frame(m, 10, "a");
	expect_none(m, 11);
	expect_event(m, 12, 1);
	merge_free(m);
}

static void items_of_one_source_keep_their_order_when_the_clock_goes_back(void **state)
{
	(void)state;
	struct merge *m = merge_new();
	assert_true(add_frame(m, 50, "a"));
	assert_true(add_frame(m, 10, "b"));
	assert_true(add_event(m, 20, 1));
	expect_event(m, 100, 1);
	expect_frame(m, 100, "a");
	expect_frame(m, 100, "b");
	merge_free(m);
}

static void copies_are_taken(void **state)
{
	(void)state;
	struct merge *m = merge_new();
	char bytes[] = "before";
	assert_true(add_frame(m, 1, bytes));
	memset(bytes, '?', strlen(bytes));
	expect_frame(m, 1, "before");
	assert_true(add_frame(m, 2, "")); /* a frame of no bytes */
	expect_frame(m, 2, "");
	merge_free(m);
}

/* Many items come and go: numbers in, the same numbers out. */
static void hundred_thousand_items_pass_in_order(void **state)
{
	(void)state;
	struct merge *m = merge_new();
	struct record r;
	const struct event *e;
	uint32_t rng = 7;
	int64_t next_in = 0, next_out = 0;
	while (next_out < 100000) {
		rng = rng * 1664525 + 1013904223;
		for (uint32_t n = rng >> 26; n > 0; n--, next_in++) {
			char text[32];
			(void)snprintf(text, sizeof text, "%lld", (long long)next_in);
			assert_true(next_in % 3 ? add_frame(m, next_in, text)
			                        : add_event(m, next_in, (uint64_t)next_in));
		}
		int64_t until = next_in - 40;
		for (;;) {
			enum merge_item item = merge_take(m, until, &r, &e);
			if (item == MERGE_NONE)
				break;
			assert_int_equal(item, next_out % 3 ? MERGE_FRAME : MERGE_EVENT);
			assert_int_equal(item == MERGE_FRAME ? r.time_ns : e->time_ns, next_out);
			next_out++;
		}
	}
	merge_free(m);
}

static void too_much_waiting_is_refused_and_goes_on_after_taking(void **state)
{
	(void)state;
	enum { BIG = 1 << 20, MOST = 70 };
	struct merge *m = merge_new();
	char *bytes = calloc(1, BIG + 1);
	int n = 0;
	assert_non_null(bytes);
	memset(bytes, 'x', BIG);
	while (n < MOST && add_frame(m, n, bytes))
		n++;
	assert_in_range(n, 30, MOST - 1);
	assert_true(add_event(m, 1000, 1)); /* the other source has room of its own */
	for (int i = 0; i < n; i++)
		expect_frame(m, 500, bytes);
	assert_true(add_frame(m, 1001, "small"));
	expect_event(m, 2000, 1);
	expect_frame(m, 2000, "small");
	free(bytes);
	merge_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(earlier_item_goes_first),
	        cmocka_unit_test(at_the_same_time_the_frame_goes_first),
	        cmocka_unit_test(item_waits_until_its_time),
	        cmocka_unit_test(items_of_one_source_keep_their_order_when_the_clock_goes_back),
	        cmocka_unit_test(copies_are_taken),
	        cmocka_unit_test(options_of_a_frame_are_copied_too),
	        cmocka_unit_test(hundred_thousand_items_pass_in_order),
	        cmocka_unit_test(too_much_waiting_is_refused_and_goes_on_after_taking),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
