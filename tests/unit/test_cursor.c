/* test_cursor.c: the checked reader never passes the end, and its error sticks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/cursor.h"

static const uint8_t bytes[] = {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x88};

static void numbers_are_big_endian(void **state)
{
	(void)state;
	struct cursor c = cursor_of(bytes, sizeof bytes);
	assert_int_equal(cursor_u8(&c), 0x01);
	assert_int_equal(cursor_u16(&c), 0x0203);
	assert_int_equal(cursor_u32(&c), 0x04050607);
	assert_int_equal(cursor_left(&c), 1);
	assert_int_equal(cursor_u8(&c), 0x88);
	assert_true(cursor_ok(&c));
	c = cursor_of(bytes, sizeof bytes);
	assert_true(cursor_u64(&c) == UINT64_C(0x0102030405060788));
	assert_true(cursor_ok(&c));
}

static void a_short_read_fails_and_sticks(void **state)
{
	(void)state;
	for (size_t n = 0; n < 4; n++) {
		struct cursor c = cursor_of(bytes, n);
		assert_int_equal(cursor_u32(&c), 0);
		assert_false(cursor_ok(&c));
		assert_int_equal(cursor_u8(&c), 0); /* though a byte would be there */
		assert_null(cursor_take(&c, 0));
		assert_false(cursor_ok(&c));
	}
}

static void a_short_64_bit_read_fails(void **state)
{
	(void)state;
	for (size_t n = 0; n < 8; n++) {
		struct cursor c = cursor_of(bytes, n);
		(void)cursor_u64(&c);
		assert_false(cursor_ok(&c));
	}
}

static void a_huge_length_does_not_wrap(void **state)
{
	(void)state;
	struct cursor c = cursor_of(bytes, sizeof bytes);
	cursor_skip(&c, 1);
	assert_null(cursor_take(&c, SIZE_MAX));
	assert_false(cursor_ok(&c));
	c = cursor_of(bytes, sizeof bytes);
	cursor_skip(&c, SIZE_MAX);
	assert_false(cursor_ok(&c));
}

static void nothing_can_be_read_from_nothing(void **state)
{
	(void)state;
	struct cursor c = cursor_of(NULL, 0);
	assert_true(cursor_ok(&c));
	assert_int_equal(cursor_left(&c), 0);
	assert_int_equal(cursor_u8(&c), 0);
	assert_false(cursor_ok(&c));
}

static void a_sub_cursor_has_bounds_and_an_error_of_its_own(void **state)
{
	(void)state;
	struct cursor c = cursor_of(bytes, sizeof bytes);
	struct cursor sub = cursor_sub(&c, 3);
	assert_int_equal(cursor_left(&c), 5);
	assert_int_equal(cursor_u16(&sub), 0x0102);
	assert_int_equal(cursor_u16(&sub), 0);
	assert_false(cursor_ok(&sub));
	assert_true(cursor_ok(&c));
	assert_int_equal(cursor_u8(&c), 0x04);
}

static void a_sub_cursor_that_does_not_fit_fails_both(void **state)
{
	(void)state;
	struct cursor c = cursor_of(bytes, sizeof bytes);
	struct cursor sub = cursor_sub(&c, sizeof bytes + 1);
	assert_false(cursor_ok(&c));
	assert_false(cursor_ok(&sub));
	assert_int_equal(cursor_left(&sub), 0);
}

static void a_limit_only_shortens(void **state)
{
	(void)state;
	struct cursor c = cursor_of(bytes, sizeof bytes);
	cursor_limit(&c, 100);
	assert_int_equal(cursor_left(&c), sizeof bytes);
	cursor_skip(&c, 2);
	cursor_limit(&c, 3);
	assert_int_equal(cursor_left(&c), 3);
	cursor_limit(&c, 4);
	assert_int_equal(cursor_left(&c), 3);
	assert_non_null(cursor_take(&c, 3));
	assert_null(cursor_take(&c, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(numbers_are_big_endian),
	        cmocka_unit_test(a_short_read_fails_and_sticks),
	        cmocka_unit_test(a_short_64_bit_read_fails),
	        cmocka_unit_test(a_huge_length_does_not_wrap),
	        cmocka_unit_test(nothing_can_be_read_from_nothing),
	        cmocka_unit_test(a_sub_cursor_has_bounds_and_an_error_of_its_own),
	        cmocka_unit_test(a_sub_cursor_that_does_not_fit_fails_both),
	        cmocka_unit_test(a_limit_only_shortens),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
