/* When the next file is due and how it is called, as tcpdump does it; and the helper that opens. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/io.h"
#include "capture/opener.h"

static void is_called(struct rotate_config config, uint32_t number, const char *expected)
{
	TEXT(name, 64);
	assert_true(rotate_name(&config, 86400 + 3661, number, &name));
	assert_string_equal(name.bytes, expected);
}

static void names_are_those_of_tcpdump(void **state)
{
	(void)state;
	struct rotate_config size = {.name = "x.pcap", .bytes = 1, .numbered = true};
	is_called(size, 0, "x.pcap");
	is_called(size, 1, "x.pcap1");
	is_called(size, 12, "x.pcap12");
	size.files = 10;
	is_called(size, 0, "x.pcap0");
	size.files = 11;
	is_called(size, 0, "x.pcap00");
	is_called(size, 10, "x.pcap10");
	size.files = 1;
	is_called(size, 0, "x.pcap");
	struct rotate_config timed = {.name = "%H%M%S.pcap", .seconds = 60};
	is_called(timed, 0, "010101.pcap");
	timed.bytes = 1;
	timed.numbered = true;
	is_called(timed, 2, "010101.pcap2");
	struct rotate_config literal = {.name = "100%H.pcap", .bytes = 1, .numbered = true};
	is_called(literal, 0, "100%H.pcap");
}

static void a_name_that_is_too_long_or_empty_is_refused(void **state)
{
	(void)state;
	struct rotate_config config = {.name = "too-long.pcap", .bytes = 1, .numbered = true};
	TEXT(name, 8);
	assert_false(rotate_name(&config, 0, 0, &name));
	struct rotate_config empty = {.name = "", .seconds = 1};
	TEXT(nothing, 64);
	assert_false(rotate_name(&empty, 0, 0, &nothing));
}

static void the_next_file_comes_once_one_is_too_long(void **state)
{
	struct rotate r = {.config = {.bytes = 1000, .files = 3, .numbered = true}};
	(void)state;
	assert_int_equal(rotate_step(&r, 0, 1000), ROTATE_STAY);
	for (uint32_t number = 1; number < 8; number++) {
		assert_int_equal(rotate_step(&r, 0, 1001), ROTATE_NEXT);
		assert_int_equal(r.number, number % 3);
		assert_int_equal(rotate_step(&r, 0, 24), ROTATE_STAY);
	}
}

static void the_next_file_comes_with_the_first_frame_after_its_time(void **state)
{
	struct rotate r = {.config = {.seconds = 10, .files = 2}};
	(void)state;
	assert_int_equal(rotate_step(&r, 5 * NS_PER_SECOND, 0), ROTATE_STAY);
	assert_int_equal(rotate_step(&r, 15 * NS_PER_SECOND - 1, 0), ROTATE_STAY);
	assert_int_equal(rotate_step(&r, 47 * NS_PER_SECOND, 0), ROTATE_NEXT);
	assert_int_equal(r.since_s, 47);
	assert_int_equal(rotate_step(&r, 57 * NS_PER_SECOND, 0), ROTATE_END);
}

static void time_goes_before_size_and_starts_the_numbers_again(void **state)
{
	struct rotate r = {.config = {.seconds = 10, .bytes = 100, .files = 2, .numbered = true}};
	(void)state;
	assert_int_equal(rotate_step(&r, 0, 0), ROTATE_STAY);
	assert_int_equal(rotate_step(&r, 0, 101), ROTATE_NEXT);
	assert_int_equal(r.number, 1);
	assert_int_equal(rotate_step(&r, 10 * NS_PER_SECOND, 101), ROTATE_NEXT);
	assert_int_equal(r.number, 0);
	assert_int_equal(rotate_step(&r, 20 * NS_PER_SECOND, 0), ROTATE_NEXT); /* no end */
}

static void the_helper_opens_what_the_pattern_says(void **state)
{
	char folder[] = "/tmp/wirelab-rotate-XXXXXX", pattern[64], path[128];
	struct err err = {""};
	TEXT(name, 128);
	(void)state;
	assert_non_null(mkdtemp(folder));
	(void)snprintf(pattern, sizeof pattern, "%s/x.pcap", folder);
	struct rotate_config config = {.name = pattern, .bytes = 1, .numbered = true};
	struct opener *opener = opener_start(&config, &err);
	assert_non_null(opener);
	for (uint32_t number = 0; number < 3; number++) {
		struct stat status;
		text_clear(&name);
		int fd = opener_open(opener, 0, number, &name, &err);
		if (fd < 0)
			fail_msg("%s", err.message);
		assert_int_equal(io_write_all(fd, "bytes", 5), 0);
		assert_int_equal(close(fd), 0);
		if (number > 0)
			(void)snprintf(path, sizeof path, "%s%u", pattern, number);
		else
			(void)snprintf(path, sizeof path, "%s", pattern);
		assert_string_equal(name.bytes, path);
		assert_int_equal(stat(path, &status), 0);
		assert_int_equal(status.st_size, 5);
		assert_int_equal(unlink(path), 0);
	}
	assert_int_equal(rmdir(folder), 0);
	text_clear(&name);
	assert_int_equal(opener_open(opener, 0, 0, &name, &err), -1);
	assert_non_null(strstr(err.message, "No such file or directory"));
	opener_close(opener);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(names_are_those_of_tcpdump),
	        cmocka_unit_test(a_name_that_is_too_long_or_empty_is_refused),
	        cmocka_unit_test(the_next_file_comes_once_one_is_too_long),
	        cmocka_unit_test(the_next_file_comes_with_the_first_frame_after_its_time),
	        cmocka_unit_test(time_goes_before_size_and_starts_the_numbers_again),
	        cmocka_unit_test(the_helper_opens_what_the_pattern_says),
	};
	(void)setenv("TZ", "UTC", 1); /* names are in local time */
	tzset();
	return cmocka_run_group_tests_name("rotate", tests, NULL, NULL);
}
