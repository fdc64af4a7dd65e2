/* test_json.c: JSON written for a terminal's safety, and read without trust. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"

/* Reads all members of a line that lies in a block of its own, so that a read past its end is
 * found. Their number, or -1 when the line is refused. */
static int count_members(const char *line, size_t n)
{
	char *copy = malloc(n > 0 ? n : 1);
	assert_non_null(copy);
	memcpy(copy, line, n);
	struct json_reader r = json_read(copy, n);
	struct json_member m;
	int count = 0;
	while (json_next(&r, &m)) {
		char text[16];
		(void)json_get_string(&m, text, sizeof text); /* must not read past the line */
		count++;
	}
	assert_false(json_next(&r, &m)); /* the end stays the end */
	free(copy);
	return r.failed ? -1 : count;
}

static int members(const char *line)
{
	return count_members(line, strlen(line));
}

/* The first member of a line that must have one. */
static struct json_member first(const char *line)
{
	struct json_reader r = json_read(line, strlen(line));
	struct json_member m = {0};
	assert_true(json_next(&r, &m));
	return m;
}

static void members_are_written_in_order(void **state)
{
	(void)state;
	TEXT(t, 256);
	json_open(&t);
	json_string(&t, "event", "note");
	json_uint(&t, "u", UINT64_MAX);
	json_int(&t, "i", INT64_MIN);
	json_bool(&t, "b", true);
	json_bool(&t, "c", false);
	json_seconds(&t, "s", 1500000000);
	json_close(&t);
	assert_string_equal(t.bytes, "{\"event\":\"note\",\"u\":18446744073709551615,"
	                             "\"i\":-9223372036854775808,\"b\":true,\"c\":false,"
	                             "\"s\":1.500000000}\n");
}

static void strings_are_escaped(void **state)
{
	(void)state;
	static const struct {
		const char *bytes;
		size_t n;
		const char *expected;
	} cases[] = {
#define CASE(bytes, expected) {(bytes), sizeof(bytes) - 1, (expected)}
	        CASE("", "\"\""),
	        CASE("plain", "\"plain\""),
	        CASE("a\"b\\c/", "\"a\\\"b\\\\c/\""),
	        CASE("\n\r\t\b\f", "\"\\n\\r\\t\\b\\f\""),
	        CASE("\x1b[0m\x00\x7f", "\"\\u001b[0m\\u0000\\u007f\""),
	        CASE("\xc2\x9b", "\"\\u009b\""),
	        CASE("\xe2\x80\xa8\xe2\x80\xa9", "\"\\u2028\\u2029\""),
	        CASE("\xe2\x80\xae", "\"\\u202e\""),
	        CASE("\xe4\xb8\xad\xf0\x9f\x98\x80", "\"\xe4\xb8\xad\xf0\x9f\x98\x80\""),
	        CASE("\xff\xc0\xaf", "\"\\ufffd\\ufffd\\ufffd\""),
	        CASE("x\xe4\xb8", "\"x\\ufffd\\ufffd\""),
	        CASE("\xed\xa0\x80", "\"\\ufffd\\ufffd\\ufffd\""),
#undef CASE
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		TEXT(t, 128);
		json_quote(&t, cases[i].bytes, cases[i].n);
		assert_string_equal(t.bytes, cases[i].expected);
	}
}

static void well_formed_objects_are_read(void **state)
{
	(void)state;
	assert_int_equal(members("{}"), 0);
	assert_int_equal(members(" { } \r\n"), 0);
	assert_int_equal(members("{\"a\":1}"), 1);
	assert_int_equal(members("{\"a\":1,\"b\":[1,[2,{}],{\"c\":null}],\"d\":{\"e\":[]}}"), 3);
	assert_int_equal(members(" { \"a\" : -0.5e+10 , \"b\" : true , \"c\" : [ ] } "), 3);
	assert_int_equal(members("{\"\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"}"), 1);
}

static void malformed_objects_are_refused(void **state)
{
	(void)state;
	static const char *const lines[] = {
	        "",
	        " ",
	        "{",
	        "}",
	        "[]",
	        "1",
	        "null",
	        "{]",
	        "{,}",
	        "{\"a\"}",
	        "{\"a\":}",
	        "{\"a\":1,}",
	        "{\"a\":1 \"b\":2}",
	        "{\"a\":1}}",
	        "{\"a\":1}{}",
	        "{\"a\":1} x",
	        "{a:1}",
	        "{'a':1}",
	        "{\"a\":tru}",
	        "{\"a\":truee}",
	        "{\"a\":nul",
	        "{\"a\":NaN}",
	        "{\"a\":Infinity}",
	        "{\"a\":01}",
	        "{\"a\":+1}",
	        "{\"a\":-}",
	        "{\"a\":1.}",
	        "{\"a\":.5}",
	        "{\"a\":1e}",
	        "{\"a\":1e+}",
	        "{\"a\":0x10}",
	        "{\"a\":\"\\x\"}",
	        "{\"a\":\"\\u12\"}",
	        "{\"a\":\"\\u12g4\"}",
	        "{\"a\":\"\\u",
	        "{\"a\":\"\\",
	        "{\"a\":\"tab\there\"}",
	        "{\"a\":\"\xff\"}",
	        "{\"a\":\"\xc0\xaf\"}",
	        "{\"a\":\"\xed\xa0\x80\"}",
	        "{\"\xff\":1}",
	        "{\"a\":[1,]}",
	        "{\"a\":[,1]}",
	        "{\"a\":[1 2]}",
	        "{\"a\":[1}",
	        "{\"a\":{\"b\"}}",
	        "{\"a\":{\"b\":1,}}",
	        "{\"a\":{1:1}}",
	        "\xef\xbb\xbf{}",
	};
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		if (members(lines[i]) != -1)
			fail_msg("accepted: %s", lines[i]);
	assert_int_equal(count_members("{\"a\":\"\0\"}", 9), -1);
	assert_int_equal(count_members("{}\0", 3), -1);
}

static void every_truncation_is_refused(void **state)
{
	(void)state;
	static const char line[] =
	        "{\"a\":\"x\\u00e9\\n\xe4\xb8\xad\",\"b\":[1,{\"c\":[true,null]}],"
	        "\"d\":-12.5e-3,\"e\":false}";
	assert_int_equal(count_members(line, sizeof line - 1), 4);
	for (size_t n = 0; n < sizeof line - 1; n++)
		assert_int_equal(count_members(line, n), -1);
}

static void nesting_is_bounded(void **state)
{
	(void)state;
	assert_int_equal(members("{\"a\":[[[[[[[[1]]]]]]]]}"), 1);
	assert_int_equal(members("{\"a\":[[[[[[[[[1]]]]]]]]]}"), -1);
	assert_int_equal(members("{\"a\":[{\"b\":[{\"c\":[{\"d\":[{}]}]}]}]}"), 1);
	assert_int_equal(members("{\"a\":[{\"b\":[{\"c\":[{\"d\":[{\"e\":{}}]}]}]}]}"), -1);
	enum { HUGE_DEPTH = 1000000 };
	char *line = malloc(HUGE_DEPTH);
	assert_non_null(line);
	struct text t = text_of(line, HUGE_DEPTH);
	text_add(&t, "{\"a\":");
	text_add_chars(&t, '[', HUGE_DEPTH);
	assert_int_equal(count_members(line, t.len), -1);
	free(line);
}

static void members_have_key_type_and_raw_value(void **state)
{
	(void)state;
	struct json_member m = first("{\"key\":\"va\\nlue\"}");
	assert_true(json_is(&m, "key"));
	assert_false(json_is(&m, "ke"));
	assert_false(json_is(&m, "keys"));
	assert_int_equal(m.type, JSON_STRING);
	assert_int_equal(m.value_len, 7);
	assert_memory_equal(m.value, "va\\nlue", 7);
	m = first("{\"k\": [1, 2] }");
	assert_int_equal(m.type, JSON_ARRAY);
	assert_int_equal(m.value_len, 6);
	assert_int_equal(first("{\"k\":{}}").type, JSON_OBJECT);
	assert_int_equal(first("{\"k\":true}").type, JSON_TRUE);
	assert_int_equal(first("{\"k\":false}").type, JSON_FALSE);
	assert_int_equal(first("{\"k\":null}").type, JSON_NULL);
	assert_int_equal(first("{\"k\":-1}").type, JSON_NUMBER);
}

static void unsigned_numbers_are_strict(void **state)
{
	(void)state;
	uint64_t value = 0;
	struct json_member m = first("{\"k\":18446744073709551615}");
	assert_true(json_get_uint(&m, &value));
	assert_true(value == UINT64_MAX);
	static const char *const refused[] = {
	        "{\"k\":18446744073709551616}",
	        "{\"k\":99999999999999999999999}",
	        "{\"k\":-1}",
	        "{\"k\":1.0}",
	        "{\"k\":1e3}",
	        "{\"k\":\"1\"}",
	        "{\"k\":true}",
	        "{\"k\":null}",
	};
	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
		m = first(refused[i]);
		assert_false(json_get_uint(&m, &value));
	}
}

static void signed_numbers_are_strict(void **state)
{
	(void)state;
	int64_t value = 0;
	struct json_member m = first("{\"k\":-9223372036854775808}");
	assert_true(json_get_int(&m, &value));
	assert_true(value == INT64_MIN);
	m = first("{\"k\":9223372036854775807}");
	assert_true(json_get_int(&m, &value));
	assert_true(value == INT64_MAX);
	m = first("{\"k\":-0}");
	assert_true(json_get_int(&m, &value));
	assert_int_equal(value, 0);
	static const char *const refused[] = {
	        "{\"k\":-9223372036854775809}",
	        "{\"k\":9223372036854775808}",
	        "{\"k\":0.5}",
	        "{\"k\":\"-1\"}",
	        "{\"k\":[]}",
	};
	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
		m = first(refused[i]);
		assert_false(json_get_int(&m, &value));
	}
}

static void booleans_are_true_or_false(void **state)
{
	(void)state;
	bool value = false;
	struct json_member m = first("{\"k\":true}");
	assert_true(json_get_bool(&m, &value));
	assert_true(value);
	m = first("{\"k\":false}");
	assert_true(json_get_bool(&m, &value));
	assert_false(value);
	m = first("{\"k\":1}");
	assert_false(json_get_bool(&m, &value));
}

static void seconds_are_read_to_the_nanosecond(void **state)
{
	(void)state;
	static const struct {
		const char *line;
		int64_t ns;
	} cases[] = {
	        {"{\"k\":\"1700000000.000000001\"}", INT64_C(1700000000000000001)},
	        {"{\"k\":1.5}", 1500000000},
	        {"{\"k\":3}", 3000000000},
	        {"{\"k\":\"-0.000000001\"}", -1},
	        {"{\"k\":0.1234567899}", 123456789},
	        {"{\"k\":9223372036.854775807}", INT64_MAX},
	        {"{\"k\":-9223372036.854775808}", INT64_MIN},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		int64_t ns = 0;
		struct json_member m = first(cases[i].line);
		assert_true(json_get_seconds(&m, &ns));
		assert_true(ns == cases[i].ns);
	}
	static const char *const refused[] = {
	        "{\"k\":9223372036.854775808}",
	        "{\"k\":-9223372036.854775809}",
	        "{\"k\":1e3}",
	        "{\"k\":\"\"}",
	        "{\"k\":\"-\"}",
	        "{\"k\":\"1.\"}",
	        "{\"k\":\".5\"}",
	        "{\"k\":\" 1\"}",
	        "{\"k\":\"1x\"}",
	        "{\"k\":\"1.5x\"}",
	        "{\"k\":99999999999999999999}",
	        "{\"k\":true}",
	};
	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
		int64_t ns = 0;
		struct json_member m = first(refused[i]);
		assert_false(json_get_seconds(&m, &ns));
	}
}

static void strings_are_unescaped(void **state)
{
	(void)state;
	static const struct {
		const char *line;
		const char *expected;
	} cases[] = {
	        {"{\"k\":\"\"}", ""},
	        {"{\"k\":\"a\\\"b\\\\c\\/d\"}", "a\"b\\c/d"},
	        {"{\"k\":\"\\b\\f\\n\\r\\t\"}", "\b\f\n\r\t"},
	        {"{\"k\":\"\\u0041\\u00e9\\u4E2D\"}", "A\xc3\xa9\xe4\xb8\xad"},
	        {"{\"k\":\"\\ud83d\\ude00!\"}", "\xf0\x9f\x98\x80!"},
	        {"{\"k\":\"\\uD83D\"}", "\xef\xbf\xbd"},
	        {"{\"k\":\"\\ud83dx\"}", "\xef\xbf\xbdx"},
	        {"{\"k\":\"\\ud83d\\u0041\"}", "\xef\xbf\xbd"
	                                       "A"},
	        {"{\"k\":\"\\ude00\\ud83d\"}", "\xef\xbf\xbd\xef\xbf\xbd"},
	        {"{\"k\":\"a\\u0000b\"}", "a\xef\xbf\xbd"
	                                  "b"},
	        {"{\"k\":\"\\uffff\\u007f\"}", "\xef\xbf\xbf\x7f"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char out[64];
		struct json_member m = first(cases[i].line);
		assert_int_equal(json_get_string(&m, out, sizeof out), strlen(cases[i].expected));
		assert_string_equal(out, cases[i].expected);
	}
	char out[8];
	struct json_member m = first("{\"k\":1}");
	assert_int_equal(json_get_string(&m, out, sizeof out), -1);
}

static void a_long_string_is_cut_between_characters(void **state)
{
	(void)state;
	struct json_member m = first("{\"k\":\"ab\\u4e2d\xe4\xb8\xad\"}");
	static const size_t kept[] = {0, 0, 1, 2, 2, 2, 5, 5, 5, 8, 8};
	for (size_t size = 1; size < sizeof kept / sizeof kept[0]; size++) {
		char out[16];
		assert_int_equal(json_get_string(&m, out, size), kept[size]);
		assert_int_equal(strlen(out), kept[size]);
	}
}

static void what_was_quoted_is_read_back(void **state)
{
	(void)state;
	char every[4 * 0x300];
	struct text source = text_of(every, sizeof every);
	for (unsigned c = 1; c < 0x80; c++)
		text_add_char(&source, (char)c);
	for (unsigned c = 0x80; c < 0x200; c++) {
		char two[2] = {(char)(0xC0 | c >> 6), (char)(0x80 | (c & 0x3F))};
		text_add_bytes(&source, two, 2);
	}
	TEXT(line, 8192);
	json_open(&line);
	json_string(&line, "k", every);
	json_close(&line);
	assert_false(line.cut);
	char back[sizeof every];
	struct json_member m = first(line.bytes);
	assert_int_equal(json_get_string(&m, back, sizeof back), source.len);
	assert_string_equal(back, every);
}

static void arrays_are_read_element_by_element(void **state)
{
	(void)state;
	struct json_member m = first("{\"k\":[ \"a\", 2 ,[3],{\"x\":4}]}");
	struct json_reader r = json_read_array(&m);
	struct json_member element;
	static const enum json_type types[] = {JSON_STRING, JSON_NUMBER, JSON_ARRAY, JSON_OBJECT};
	for (size_t i = 0; i < 4; i++) {
		assert_true(json_next(&r, &element));
		assert_int_equal(element.type, types[i]);
		assert_int_equal(element.key_len, 0);
	}
	assert_false(json_next(&r, &element));
	assert_false(r.failed);

	m = first("{\"k\":[]}");
	r = json_read_array(&m);
	assert_false(json_next(&r, &element));
	assert_false(r.failed);

	m = first("{\"k\":\"[1]\"}");
	r = json_read_array(&m);
	assert_false(json_next(&r, &element));
	assert_true(r.failed);
}

/* Strings are looked at eight bytes at a time: an odd byte is seen wherever it stands. */
static void each_byte_of_a_long_string_counts(void **state)
{
	(void)state;
	for (unsigned c = 0; c < 256; c++)
		for (size_t at = 0; at < 24; at++) {
			char line[] = "{\"k\":\"aaaaaaaaaaaaaaaaaaaaaaaaaa\"}";
			line[6 + at] = (char)c;
			struct json_reader r = json_read(line, sizeof line - 1);
			struct json_member m;
			bool is_plain = c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
			while (json_next(&r, &m))
				;
			assert_int_equal(!r.failed, is_plain);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(members_are_written_in_order),
	        cmocka_unit_test(strings_are_escaped),
	        cmocka_unit_test(well_formed_objects_are_read),
	        cmocka_unit_test(malformed_objects_are_refused),
	        cmocka_unit_test(every_truncation_is_refused),
	        cmocka_unit_test(nesting_is_bounded),
	        cmocka_unit_test(members_have_key_type_and_raw_value),
	        cmocka_unit_test(unsigned_numbers_are_strict),
	        cmocka_unit_test(signed_numbers_are_strict),
	        cmocka_unit_test(booleans_are_true_or_false),
	        cmocka_unit_test(seconds_are_read_to_the_nanosecond),
	        cmocka_unit_test(strings_are_unescaped),
	        cmocka_unit_test(a_long_string_is_cut_between_characters),
	        cmocka_unit_test(what_was_quoted_is_read_back),
	        cmocka_unit_test(arrays_are_read_element_by_element),
	        cmocka_unit_test(each_byte_of_a_long_string_counts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
