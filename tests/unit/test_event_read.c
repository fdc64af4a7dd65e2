/* test_event_read.c: lines that are no event are refused with a reason, and do no harm. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "event/event.h"

/* Reads a copy that ends where its block ends, so that a read beyond is found. */
static int read_bytes(const char *line, size_t n)
{
	char *copy = malloc(n > 0 ? n : 1);
	assert_non_null(copy);
	memcpy(copy, line, n);
	static struct event event;
	char err[64] = "";
	int result = event_read(&event, copy, n, err, sizeof err);
	assert_true(event.kind < N_EVENT_KINDS);
	assert_true(result == 0 || (result == -1 && err[0] != '\0'));
	free(copy);
	return result;
}

static int read_string(const char *line)
{
	return read_bytes(line, strlen(line));
}

#define SEGMENT(member) "{\"event\":\"segment\",\"number\":1,\"time\":\"1.5\"," member "}"
static const char *const wrong_lines[] = {
        SEGMENT("\"tcp.stream\":-1"),
        SEGMENT("\"tcp.stream\":4294967296"),
        SEGMENT("\"tcp.stream\":\"1\""),
        SEGMENT("\"tcp.stream\":1.5"),
        SEGMENT("\"tcp.srcport\":65536"),
        SEGMENT("\"from\":\"nobody\""),
        SEGMENT("\"from\":1"),
        SEGMENT("\"ip.src\":\"1.2.3\""),
        SEGMENT("\"ip.src\":\"::1\""),
        SEGMENT("\"ip.src\":[]"),
        SEGMENT("\"ipv6.src\":\"1.2.3.4\""),
        SEGMENT("\"ipv6.src\":\"1:2:3:4:5:6:7:8:9:10:11:12:13:14:15:16:17:18:19:20:21:22:"
                "23\""),
        SEGMENT("\"tcp.flags\":18"),
        SEGMENT("\"tcp.flags\":\"0x12\""),
        SEGMENT("\"tcp.flags\":\"0x0012\""),
        SEGMENT("\"tcp.flags\":\"0x01g\""),
        SEGMENT("\"tcp.flags\":\"1x012\""),
        SEGMENT("\"flags\":[]"),
        SEGMENT("\"tcp.window_size_scalefactor\":3"),
        SEGMENT("\"tcp.window_size_scalefactor\":32768"),
        SEGMENT("\"tcp.window_size_scalefactor\":-3"),
        SEGMENT("\"tcp.options.sack_perm\":false"),
        SEGMENT("\"tcp.options.sack_le\":[1,2,3,4,5]"),
        SEGMENT("\"tcp.options.sack_le\":[1,\"2\"]"),
        SEGMENT("\"tcp.options.sack_le\":[4294967296]"),
        SEGMENT("\"tcp.options.unknown\":[256]"),
        SEGMENT("\"tcp.options.unknown\":{}"),
        SEGMENT("\"tcp.options.tfo.cookie\":\"abc\""),
        SEGMENT("\"tcp.options.tfo.cookie\":\"zz\""),
        SEGMENT("\"tcp.options.tfo.cookie\":\"0000000000000000000000000000000000\""),
        SEGMENT("\"tcp.analysis\":[1]"),
        SEGMENT("\"tcp.analysis\":\"duplicate_ack\""),
        SEGMENT("\"tcp.analysis.ack_rtt\":\"soon\""),
        SEGMENT("\"tcp.analysis.ack_rtt\":9223372037"),
        SEGMENT("\"phase\":\"noon\""),
        SEGMENT("\"step\":\"\""),
        SEGMENT("\"step\":\"handshake\""),
        SEGMENT("\"step\":\"handshake \""),
        SEGMENT("\"step\":\"handshake 2/\""),
        SEGMENT("\"step\":\"handshake 256\""),
        SEGMENT("\"step\":\"handshake 2/3/4\""),
        SEGMENT("\"step\":2"),
        SEGMENT("\"client.state\":\"ESTAB\""),
        SEGMENT("\"client.iss\":null"),
        SEGMENT("\"client.iss_before\":\"1\""),
        SEGMENT("\"client.iss_before\":4294967296"),
        SEGMENT("\"bytes\":\"0\""),
        SEGMENT("\"bytes\":\"0g\""),
        SEGMENT("\"bytes\":12"),
        SEGMENT("\"frame.linktype\":32768"),
        SEGMENT("\"frame.linktype\":-32769"),
        "{\"event\":\"frame\",\"number\":1,\"time\":\"1\",\"arp.src.hw_mac\":\"00:11:22:33:"
        "44\"}",
        "{\"event\":\"frame\",\"number\":1,\"time\":\"1\",\"arp.src.hw_mac\":\"00-11-22-33-"
        "44-55\"}",
        "{\"event\":\"frame\",\"number\":1,\"time\":\"1\",\"arp.src.hw_mac\":\"00:11:22:33:"
        "44:5g\"}",
        "{\"event\":\"frame\",\"number\":1,\"time\":\"1\",\"ip.flags.df\":1}",
        "{\"event\":\"note\",\"number\":1,\"time\":\"1\",\"text\":1}",
        "{\"event\":\"note\",\"number\":1,\"time\":\"x\"}",
        "{\"event\":\"note\",\"number\":-1,\"time\":\"1\"}",
        "{\"event\":\"note\",\"number\":1}",
        "{\"event\":\"note\",\"time\":\"1\"}",
        "{\"event\":\"nothing\",\"number\":1,\"time\":\"1\"}",
        "{\"event\":7,\"number\":1,\"time\":\"1\"}",
        "{\"number\":1,\"time\":\"1\"}",
        "{}",
        "[]",
        "",
};

static void wrong_types_and_numbers_out_of_range_are_refused(void **state)
{
	(void)state;
	assert_int_equal(read_string(SEGMENT("\"tcp.stream\":4294967295")), 0);
	for (size_t i = 0; i < sizeof wrong_lines / sizeof wrong_lines[0]; i++)
		if (read_string(wrong_lines[i]) != -1)
			fail_msg("accepted: %s", wrong_lines[i]);
}

static void huge_nesting_and_huge_lines_are_refused_quickly(void **state)
{
	(void)state;
	enum { HUGE_LINE = 4000000 };
	static const char start[] = "{\"event\":\"note\",\"number\":1,\"time\":\"1\",\"x\":";
	char *line = malloc(HUGE_LINE);
	assert_non_null(line);
	memset(line, '[', HUGE_LINE);
	memcpy(line, start, sizeof start - 1);
	assert_int_equal(read_bytes(line, HUGE_LINE), -1);
	memset(line + sizeof start - 1, '9', HUGE_LINE - sizeof start);
	line[HUGE_LINE - 1] = '}';
	assert_int_equal(read_bytes(line, HUGE_LINE), 0); /* one long number of a later format */
	free(line);
}

static void unknown_members_are_passed_over(void **state)
{
	(void)state;
	static struct event event;
	static const char line[] = "{\"a\":[{\"b\":1}],\"number\":7,\"event\":\"note\",\"text\":"
	                           "\"x\",\"time\":\"2.000000001\","
	                           "\"later\":null}";
	char err[64];
	assert_int_equal(event_read(&event, line, sizeof line - 1, err, sizeof err), 0);
	assert_int_equal(event.kind, EVENT_NOTE);
	assert_int_equal(event.number, 7);
	assert_int_equal(event.time_ns, 2000000001);
	assert_string_equal(event.note.text, "x");
}

static void the_fault_is_named(void **state)
{
	(void)state;
	static struct event event;
	char err[64];
	static const char line[] =
	        "{\"event\":\"note\",\"number\":1,\"time\":\"1\",\"about\":true}";
	assert_int_equal(event_read(&event, line, sizeof line - 1, err, sizeof err), -1);
	assert_string_equal(err, "a member has a wrong value: about");
	assert_int_equal(event_read(&event, "{\"event\":\"\\u001b\"}", 18, err, sizeof err), -1);
	assert_string_equal(err, "not an event of this format: \\\\u001b");
	assert_int_equal(event_read(&event, "x", 1, err, 8), -1);
	assert_string_equal(err, "not an ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(wrong_types_and_numbers_out_of_range_are_refused),
	        cmocka_unit_test(huge_nesting_and_huge_lines_are_refused_quickly),
	        cmocka_unit_test(unknown_members_are_passed_over),
	        cmocka_unit_test(the_fault_is_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
