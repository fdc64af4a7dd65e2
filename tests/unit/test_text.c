/* test_text.c: the bounded string, numbers and addresses without printf, and what is made safe. */
#include <locale.h>
#include <arpa/inet.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "base/utf8.h"

#define assert_text(t, expected)                                                                   \
	do {                                                                                       \
		assert_string_equal((t).bytes, expected);                                          \
		assert_int_equal((t).len, strlen(expected));                                       \
		assert_false((t).cut);                                                             \
	} while (0)

static void what_does_not_fit_is_cut_and_remembered(void **state)
{
	(void)state;
	TEXT(t, 6);
	text_add(&t, "abc");
	assert_text(t, "abc");
	text_add(&t, "de");
	assert_text(t, "abcde");
	text_add_char(&t, 'f');
	assert_true(t.cut);
	assert_string_equal(t.bytes, "abcde");
	text_clear(&t);
	assert_text(t, "");
	text_add(&t, "abcdefgh");
	assert_true(t.cut);
	assert_string_equal(t.bytes, "abcde");
}

static void nothing_is_added_after_a_cut(void **state)
{
	(void)state;
	TEXT(t, 4);
	text_add(&t, "ab\xE4\xB8\xAD"); /* a character of three bytes: only one byte of room */
	assert_true(t.cut);
	assert_string_equal(t.bytes, "ab");
	text_add_char(&t, 'c');
	text_add_chars(&t, 'c', 1);
	text_addf(&t, "%d", 1);
	assert_string_equal(t.bytes, "ab");
	assert_int_equal(t.len, 2);
}

static void one_byte_of_storage_holds_the_empty_string(void **state)
{
	(void)state;
	TEXT(t, 1);
	text_add(&t, "");
	assert_text(t, "");
	text_add_uint(&t, 0);
	assert_true(t.cut);
	assert_string_equal(t.bytes, "");
}

static void every_cut_point_of_a_long_line_is_terminated(void **state)
{
	(void)state;
	struct addr addr = {.version = 6, .bytes = {0x20, 1, 0x0d, 0xb8, [15] = 1}};
	for (size_t size = 1; size < 120; size++) {
		char *storage = malloc(size);
		assert_non_null(storage);
		struct text t = text_of(storage, size);
		text_add_seconds(&t, INT64_MIN);
		text_add_addr(&t, &addr);
		text_add_hex_bytes(&t, addr.bytes, 16);
		text_add_chars(&t, '-', 7);
		text_addf(&t, "%s", "\xE4\xB8\xAD\xE4\xB8\xAD");
		text_add_safe(&t, "\x01\x02", 2);
		assert_true(t.len < size);
		assert_int_equal(storage[t.len], '\0');
		free(storage);
	}
}

static void many_chars_fill_what_room_there_is(void **state)
{
	(void)state;
	TEXT(t, 5);
	text_add_chars(&t, '-', 0);
	assert_text(t, "");
	text_add_chars(&t, '-', 4);
	assert_text(t, "----");
	text_clear(&t);
	text_add_chars(&t, '=', 5);
	assert_true(t.cut);
	assert_string_equal(t.bytes, "====");
}

static void integers_are_what_printf_writes(void **state)
{
	(void)state;
	char expected[32];
	for (int digits = 0; digits <= 19; digits++) {
		uint64_t power = 1;
		for (int i = 0; i < digits; i++)
			power *= 10;
		uint64_t values[] = {power - 1, power, power + 1, power * 9, UINT64_MAX - power};
		for (size_t i = 0; i < 5; i++) {
			TEXT(t, 64);
			text_add_uint(&t, values[i]);
			(void)snprintf(expected, sizeof expected, "%" PRIu64, values[i]);
			assert_text(t, expected);
			text_clear(&t);
			text_add_int(&t, (int64_t)values[i]);
			(void)snprintf(expected, sizeof expected, "%" PRId64, (int64_t)values[i]);
			assert_text(t, expected);
			text_clear(&t);
			text_add_hex(&t, values[i], 9);
			(void)snprintf(expected, sizeof expected, "%09" PRIx64, values[i]);
			assert_text(t, expected);
			text_clear(&t);
			text_add_uint_pad(&t, values[i], 12);
			(void)snprintf(expected, sizeof expected, "%012" PRIu64, values[i]);
			assert_text(t, expected);
		}
	}
}

static void the_smallest_integer_has_its_sign(void **state)
{
	(void)state;
	TEXT(t, 64);
	text_add_int(&t, INT64_MIN);
	assert_text(t, "-9223372036854775808");
}

static void hex_bytes_are_two_digits_each(void **state)
{
	(void)state;
	TEXT(t, 64);
	text_add_hex_bytes(&t, (const uint8_t[]){0x0a, 0xff, 0x00}, 3);
	assert_text(t, "0aff00");
}

static void ipv4_is_dotted(void **state)
{
	(void)state;
	struct addr addr = {.version = 4, .bytes = {127, 0, 10, 255}};
	TEXT(t, 64);
	text_add_addr(&t, &addr);
	assert_text(t, "127.0.10.255");
	text_clear(&t);
	text_add_endpoint(&t, &(struct endpoint){addr, 80});
	assert_text(t, "127.0.10.255:80");
}

static void no_address_is_a_dash(void **state)
{
	(void)state;
	TEXT(t, 64);
	text_add_addr(&t, &(struct addr){0});
	assert_text(t, "-");
}

static void ipv6_follows_rfc_5952(void **state)
{
	(void)state;
	static const char *const names[] = {
	        "::",
	        "::1",
	        "1::",
	        "fe80::1",
	        "2001:db8::1",
	        "2001:db8:0:1:1:1:1:1",
	        "1:0:0:2::3",
	        "1::2:0:0:0:3",
	        "::ffff:1.2.3.4",
	        "::1.2.3.4",
	        "::ffff:0:1:2",
	        "1:2:3:4:5:6:7:8",
	        "0:1:2:3:4:5:6:7",
	        "1:2:3:4:5:6:7:0",
	        "abcd:ef01::",
	};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		struct addr addr = {.version = 6};
		assert_int_equal(inet_pton(AF_INET6, names[i], addr.bytes), 1);
		TEXT(t, 64);
		text_add_addr(&t, &addr);
		char expected[INET6_ADDRSTRLEN];
		assert_non_null(inet_ntop(AF_INET6, addr.bytes, expected, sizeof expected));
		assert_text(t, expected);
	}
}

static void every_pattern_of_zero_words_reads_as_inet_ntop(void **state)
{
	(void)state;
	static const uint16_t fill[] = {0xFFFF, 0x1, 0xA0B, 0xF00};
	for (unsigned pattern = 0; pattern < 256 * 4; pattern++) {
		struct addr addr = {.version = 6};
		for (unsigned i = 0; i < 8; i++) {
			uint16_t word = pattern & 1U << i ? fill[pattern >> 8] : 0;
			addr.bytes[2 * i] = (uint8_t)(word >> 8);
			addr.bytes[2 * i + 1] = (uint8_t)word;
		}
		TEXT(t, 64);
		text_add_addr(&t, &addr);
		char expected[INET6_ADDRSTRLEN];
		assert_non_null(inet_ntop(AF_INET6, addr.bytes, expected, sizeof expected));
		assert_text(t, expected);
	}
}

static void an_ipv6_endpoint_has_brackets(void **state)
{
	(void)state;
	struct endpoint end = {.addr = {.version = 6, .bytes = {[15] = 1}}, .port = 65535};
	TEXT(t, 64);
	text_add_endpoint(&t, &end);
	assert_text(t, "[::1]:65535");
}

static void seconds_have_nine_digits(void **state)
{
	(void)state;
	static const struct {
		int64_t ns;
		const char *expected;
	} cases[] = {
	        {INT64_C(1700000000000000001), "1700000000.000000001"},
	        {0, "0.000000000"},
	        {999999999, "0.999999999"},
	        {1000000000, "1.000000000"},
	        {-1, "-0.000000001"},
	        {-1500000000, "-1.500000000"},
	        {INT64_MAX, "9223372036.854775807"},
	        {INT64_MIN, "-9223372036.854775808"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		TEXT(t, 64);
		text_add_seconds(&t, cases[i].ns);
		assert_text(t, cases[i].expected);
	}
}

static void milliseconds_have_three_digits(void **state)
{
	(void)state;
	static const struct {
		int64_t ns;
		const char *expected;
	} cases[] = {
	        {0, "0.000"},       {17999, "0.017"}, {1020000000, "1020.000"},
	        {-17000, "-0.017"}, {-999, "0.000"},  {INT64_MIN, "-9223372036854.775"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		TEXT(t, 64);
		text_add_ms(&t, cases[i].ns);
		assert_text(t, cases[i].expected);
	}
}

static void spans_choose_their_unit(void **state)
{
	(void)state;
	static const struct {
		int64_t ns;
		const char *expected;
	} cases[] = {
	        {0, "0 ns"},
	        {850, "850 ns"},
	        {999, "999 ns"},
	        {1000, "1 us"},
	        {17400, "17 us"},
	        {999999, "999 us"},
	        {1000000, "1 ms"},
	        {1020000, "1.02 ms"},
	        {1200000, "1.2 ms"},
	        {1029999, "1.02 ms"},
	        {12340000, "12.3 ms"},
	        {12040000, "12 ms"},
	        {300000000, "300 ms"},
	        {999999999, "999 ms"},
	        {1000000000, "1 s"},
	        {1020000000, "1.02 s"},
	        {60000000000, "60 s"},
	        {1234567000000, "1234 s"},
	        {-1500000000, "-1.5 s"},
	        {INT64_MIN, "-9223372036 s"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		TEXT(t, 64);
		text_add_span(&t, cases[i].ns);
		assert_text(t, cases[i].expected);
	}
}

static void flags_are_listed_low_bit_first(void **state)
{
	(void)state;
	static const struct {
		unsigned flags;
		const char *expected;
	} cases[] = {
	        {0, "none"},
	        {0x012, "SYN,ACK"},
	        {0x019, "FIN,PSH,ACK"},
	        {0x1FF, "FIN,SYN,RST,PSH,ACK,URG,ECE,CWR,AE"},
	        {0xE00, "none"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		TEXT(t, 64);
		text_add_flags(&t, cases[i].flags);
		assert_text(t, cases[i].expected);
	}
}

static void a_format_that_does_not_fit_is_cut(void **state)
{
	(void)state;
	TEXT(t, 8);
	text_addf(&t, "%s=%d", "abc", 123);
	assert_text(t, "abc=123");
	text_clear(&t);
	text_addf(&t, "%s=%d", "abc", 1234);
	assert_true(t.cut);
	assert_string_equal(t.bytes, "abc=123");
	assert_int_equal(t.len, 7);
}

static void bytes_from_outside_are_made_safe(void **state)
{
	(void)state;
	static const struct {
		const char *bytes;
		size_t n;
		const char *expected;
	} cases[] = {
#define CASE(bytes, expected) {(bytes), sizeof(bytes) - 1, (expected)}
	        CASE("plain text ~!", "plain text ~!"),
	        CASE("", ""),
	        CASE("a\nb\tc\rd\\e", "a\\nb\\tc\\rd\\\\e"),
	        CASE("\x1b[2J\x00\x7f", "\\x1b[2J\\x00\\x7f"),
	        CASE("\xc2\x9b", "\\xc2\\x9b"), /* C1: CSI as UTF-8 */
	        CASE("\xc2\x80\xc2\x9f", "\\xc2\\x80\\xc2\\x9f"),
	        CASE("\xc2\xa0", "\xc2\xa0"), /* no-break space stays */
	        CASE("\x9b", "\\x9b"),        /* C1 as one byte is not UTF-8 */
	        CASE("\xe4\xb8\xad\xf0\x9f\x98\x80", "\xe4\xb8\xad\xf0\x9f\x98\x80"),
	        CASE("\xe4\xb8", "\\xe4\\xb8"),                   /* cut off */
	        CASE("\xe4\xb8x", "\\xe4\\xb8x"),                 /* broken off */
	        CASE("\xc0\xaf", "\\xc0\\xaf"),                   /* overlong */
	        CASE("\xe0\x9f\xbf", "\\xe0\\x9f\\xbf"),          /* overlong */
	        CASE("\xed\xa0\x80", "\\xed\\xa0\\x80"),          /* surrogate */
	        CASE("\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"), /* beyond U+10FFFF */
	        CASE("\xf8\x88\x80\x80\x80", "\\xf8\\x88\\x80\\x80\\x80"),
	        CASE("\xe2\x80\xae", "\\xe2\\x80\\xae"), /* right-to-left override */
	        CASE("\xe2\x81\xa6", "\\xe2\\x81\\xa6"), /* isolate */
	        CASE("\xd8\x9c", "\\xd8\\x9c"),          /* Arabic letter mark */
	        CASE("\xe2\x80\xa8", "\\xe2\\x80\\xa8"), /* line separator */
#undef CASE
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		TEXT(t, 128);
		text_add_safe(&t, cases[i].bytes, cases[i].n);
		assert_text(t, cases[i].expected);
	}
}

static void every_code_is_read_as_it_was_written(void **state)
{
	(void)state;
	for (uint32_t code = 0; code <= 0x10FFFF; code++) {
		char bytes[4];
		uint32_t back = 0;
		size_t n = utf8_write(code, bytes);
		if (code >= 0xD800 && code <= 0xDFFF) {
			assert_int_equal(utf8_read(bytes, n, &back), 0);
			continue;
		}
		assert_int_equal(utf8_read(bytes, n, &back), n);
		assert_int_equal(back, code);
		assert_int_equal(utf8_read(bytes, n - 1, &back), 0);
	}
}

static void a_terminal_of_single_bytes_gets_ascii_only(void **state)
{
	(void)state;
	TEXT(t, 64);
	assert_non_null(setlocale(LC_CTYPE, "C"));
	text_add_terminal(&t, "a\xc3\x9b", 3);
	assert_string_equal(t.bytes, "a\\xc3\\x9b");
	text_clear(&t);
	assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
	text_add_terminal(&t, "a\xc3\x9b", 3);
	assert_string_equal(t.bytes, "a\xc3\x9b");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_terminal_of_single_bytes_gets_ascii_only),
	        cmocka_unit_test(what_does_not_fit_is_cut_and_remembered),
	        cmocka_unit_test(nothing_is_added_after_a_cut),
	        cmocka_unit_test(one_byte_of_storage_holds_the_empty_string),
	        cmocka_unit_test(every_cut_point_of_a_long_line_is_terminated),
	        cmocka_unit_test(many_chars_fill_what_room_there_is),
	        cmocka_unit_test(integers_are_what_printf_writes),
	        cmocka_unit_test(the_smallest_integer_has_its_sign),
	        cmocka_unit_test(hex_bytes_are_two_digits_each),
	        cmocka_unit_test(ipv4_is_dotted),
	        cmocka_unit_test(no_address_is_a_dash),
	        cmocka_unit_test(ipv6_follows_rfc_5952),
	        cmocka_unit_test(every_pattern_of_zero_words_reads_as_inet_ntop),
	        cmocka_unit_test(an_ipv6_endpoint_has_brackets),
	        cmocka_unit_test(seconds_have_nine_digits),
	        cmocka_unit_test(milliseconds_have_three_digits),
	        cmocka_unit_test(spans_choose_their_unit),
	        cmocka_unit_test(flags_are_listed_low_bit_first),
	        cmocka_unit_test(a_format_that_does_not_fit_is_cut),
	        cmocka_unit_test(bytes_from_outside_are_made_safe),
	        cmocka_unit_test(every_code_is_read_as_it_was_written),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
