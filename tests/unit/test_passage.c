/* test_passage.c: what the wire's comment on a frame says, and what it must not make us believe. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "passage.h"
#include "story.h"

enum { OPTION_COMMENT = 1, ROOM = 512 };

/* A block's options: one comment, its numbers little-endian. */
static size_t options_of(uint8_t *bytes, const char *comment)
{
	size_t n = strlen(comment), padded = (n + 3) & ~(size_t)3;
	memset(bytes, 0, padded + 8);
	bytes[0] = OPTION_COMMENT;
	bytes[2] = (uint8_t)n;
	bytes[3] = (uint8_t)(n >> 8);
	memcpy(bytes + 4, comment, n);
	return padded + 8;
}

static struct passage passage_of(const char *comment)
{
	uint8_t bytes[ROOM];
	struct passage passage = {.id = 99, .by = "left over"};
	struct record record = {.time_ns = 5 * NS_PER_SECOND, .options = bytes};
	record.options_len = (uint32_t)options_of(bytes, comment);
	passage_read(&passage, &record);
	return passage;
}

static void a_frame_that_arrived(void **state)
{
	(void)state;
	struct passage p = passage_of("wire: sent=4.980000001 fate=arrived id=7");
	assert_int_equal(p.id, 7);
	assert_int_equal(p.fate, FATE_ARRIVED);
	assert_int_equal(p.sent_ns, 4980000001);
	assert_int_equal(p.arrived_ns, 5 * NS_PER_SECOND);
	assert_false(p.reordered);
	assert_string_equal(p.by, "");
}

static void a_frame_that_was_lost_did_not_arrive(void **state)
{
	(void)state;
	struct passage p = passage_of("wire: sent=4.0000000 fate=dropped id=7");
	assert_int_equal(p.id, 0); /* the fraction has nine digits */
	p = passage_of(
	        "wire: sent=4.000000000 fate=dropped id=8 by=drop client data 2, loss 5% seed 7");
	assert_int_equal(p.id, 8);
	assert_int_equal(p.fate, FATE_DROPPED);
	assert_int_equal(p.arrived_ns, 0);
	assert_string_equal(p.by, "drop client data 2, loss 5% seed 7");
}

static void one_that_was_overtaken(void **state)
{
	(void)state;
	struct passage p = passage_of("wire: sent=4.000000000 fate=duplicate,reordered id=3");
	assert_int_equal(p.fate, FATE_DUPLICATE);
	assert_true(p.reordered);
}

static void other_comments_say_nothing(void **state)
{
	(void)state;
	static const char *const comments[] = {
	        "",
	        "wire: ",
	        "a comment of somebody",
	        "wire: sent=1 fate=arrived id=1",
	        "wire: sent=1.000000000 fate=assumed id=1",
	        "wire: sent=1.000000000 fate=arrived id=0",
	        "wire: sent=1.000000000 fate=arrived",
	        "wire: sent=99999999999999999999.000000000 fate=arrived id=1",
	        "wire: sent=9999999999999.000000000 fate=arrived id=1",
	        "wire: sent=1.000000000 fate=arrived id=1234567890123456789",
	};
	for (size_t i = 0; i < sizeof comments / sizeof comments[0]; i++) {
		struct passage p = passage_of(comments[i]);
		assert_int_equal(p.id, 0);
		assert_int_equal(p.fate, FATE_ASSUMED);
		assert_string_equal(p.by, "");
	}
}

static void control_bytes_do_not_pass(void **state)
{
	(void)state;
	struct passage p = passage_of("wire: sent=1.000000000 fate=dropped id=1 by=\x1b[2J");
	assert_string_equal(p.by, "\\x1b[2J");
}

static void options_that_lie_are_not_followed(void **state)
{
	(void)state;
	const uint8_t bytes[] = {OPTION_COMMENT, 0, 200, 0, 'w', 'i', 'r', 'e'};
	for (uint32_t n = 0; n <= sizeof bytes; n++) {
		struct passage p;
		struct record record = {.options = bytes, .options_len = n};
		passage_read(&p, &record);
		assert_int_equal(p.id, 0);
	}
}

static void a_lost_segment_is_explained_as_lost(void **state)
{
	(void)state;
	struct event e = story_hello(0);
	struct explanation x;
	e.passage = passage_of("wire: sent=4.000000000 fate=dropped id=8 by=drop client data 1");
	explain_event(&x, &e);
	assert_non_null(strstr(x.title.bytes, ": lost on the wire"));
	assert_non_null(strstr(x.what.bytes, "the wire loses it (drop client data 1)"));
	assert_non_null(strstr(x.next.bytes, "Nothing answers it."));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_frame_that_arrived),
	        cmocka_unit_test(a_frame_that_was_lost_did_not_arrive),
	        cmocka_unit_test(one_that_was_overtaken),
	        cmocka_unit_test(other_comments_say_nothing),
	        cmocka_unit_test(control_bytes_do_not_pass),
	        cmocka_unit_test(options_that_lie_are_not_followed),
	        cmocka_unit_test(a_lost_segment_is_explained_as_lost),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
