/* test_out.c: buffered output keeps order, flushes when full, and its error sticks. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/io.h"
#include "base/out.h"

/* A pipe small enough for these tests' output; what was written is read back at the end. */
struct fixture {
	int ends[2];
	struct out out;
	char got[1024];
};

static struct fixture start(size_t size)
{
	struct fixture f = {0};
	assert_int_equal(pipe2(f.ends, O_CLOEXEC), 0);
	assert_int_equal(out_init(&f.out, f.ends[1], size), 0);
	return f;
}

/* What has come out so far (the pipe's writing end is closed by it). */
static const char *finish(struct fixture *f)
{
	assert_int_equal(close(f->ends[1]), 0);
	ssize_t n = io_read_full(f->ends[0], f->got, sizeof f->got - 1);
	assert_true(n >= 0);
	f->got[n] = '\0';
	assert_int_equal(close(f->ends[0]), 0);
	return f->got;
}

static void nothing_is_written_before_the_buffer_is_full(void **state)
{
	(void)state;
	struct fixture f = start(16);
	text_add(out_room(&f.out, 8), "12345678");
	assert_int_equal(io_wait_readable(f.ends[0], 0), 0);
	text_add(out_room(&f.out, 7), "abcdefg"); /* 15 bytes and the terminator: just fits */
	assert_int_equal(io_wait_readable(f.ends[0], 0), 0);
	text_add(out_room(&f.out, 1), "!");
	assert_int_equal(io_wait_readable(f.ends[0], 0), 1);
	assert_int_equal(out_release(&f.out), 0);
	assert_string_equal(finish(&f), "12345678abcdefg!");
}

static void bytes_of_any_number_keep_their_order(void **state)
{
	(void)state;
	struct fixture f = start(8);
	out_bytes(&f.out, "ab", 2);
	out_bytes(&f.out, "0123456789", 10); /* larger than the buffer */
	out_bytes(&f.out, "", 0);
	out_bytes(&f.out, "cdefghi", 7);
	out_bytes(&f.out, "jklmnopq", 8);
	assert_int_equal(out_flush(&f.out), 0);
	assert_int_equal(out_flush(&f.out), 0);
	assert_int_equal(out_release(&f.out), 0);
	assert_string_equal(finish(&f), "ab0123456789cdefghijklmnopq");
}

static void an_error_sticks_and_later_calls_do_nothing(void **state)
{
	(void)state;
	struct out out;
	int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
	assert_true(full >= 0);
	assert_int_equal(out_init(&out, full, 16), 0);
	out_bytes(&out, "abc", 3);
	assert_int_equal(out.error, 0);
	assert_int_equal(out_flush(&out), -1);
	assert_int_equal(out.error, ENOSPC);
	for (int i = 0; i < 10; i++)
		text_add(out_room(&out, 10), "0123456789"); /* always finds room */
	assert_false(out.text.cut);
	out_bytes(&out, "01234567890123456789", 20);
	assert_int_equal(out.error, ENOSPC);
	assert_int_equal(out_release(&out), -1);
	assert_int_equal(out.error, ENOSPC);
	assert_int_equal(close(full), 0);
}

static void a_line_longer_than_its_room_is_an_error(void **state)
{
	(void)state;
	struct fixture f = start(8);
	text_add(out_room(&f.out, 4), "more than was asked for");
	assert_int_equal(out_release(&f.out), -1);
	assert_int_equal(f.out.error, ENOBUFS);
	assert_string_equal(finish(&f), "more th");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(nothing_is_written_before_the_buffer_is_full),
	        cmocka_unit_test(bytes_of_any_number_keep_their_order),
	        cmocka_unit_test(an_error_sticks_and_later_calls_do_nothing),
	        cmocka_unit_test(a_line_longer_than_its_room_is_an_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
