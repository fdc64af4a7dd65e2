/* test_words.c: a command line is split as a shell would split it, without a shell. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/text.h"
#include "runner/words.h"

/* The words of a command, each in brackets: "[a][b]"; or the message. */
static void assert_split(const char *command, const char *expected)
{
	struct words words;
	struct err err;
	TEXT(got, 1024);
	if (words_split(&words, command, "127.0.0.1", "8080", &err) < 0) {
		assert_string_equal(err.message, expected);
		return;
	}
	for (int i = 0; i < words.n; i++)
		text_addf(&got, "[%s]", words.argv[i]);
	assert_null(words.argv[words.n]);
	assert_string_equal(got.bytes, expected);
}

static void blanks_separate_words(void **state)
{
	(void)state;
	assert_split("a", "[a]");
	assert_split("  a\tb \n c  ", "[a][b][c]");
}

static void quotes_keep_blanks(void **state)
{
	(void)state;
	assert_split("a 'b c' \"d e\"f", "[a][b c][d ef]");
	assert_split("a '' \"\"", "[a][][]");
	assert_split("sh -c 'echo \"x y\"'", "[sh][-c][echo \"x y\"]");
}

static void a_backslash_keeps_the_next_character(void **state)
{
	(void)state;
	assert_split("a\\ b \\'c \\\\", "[a b]['c][\\]");
	assert_split("\"a\\\"b\\\\c\\n\"", "[a\"b\\c\\n]");
	assert_split("'a\\b'", "[a\\b]");
	assert_split("a\\", "[a\\]");
}

static void host_and_port_are_replaced(void **state)
{
	(void)state;
	assert_split("client {host} {port}", "[client][127.0.0.1][8080]");
	assert_split("client {host}:{port} '{port}' {hos} {",
	             "[client][127.0.0.1:8080][8080][{hos}][{]");
}

static void nothing_else_is_special(void **state)
{
	(void)state;
	assert_split("a $HOME *.c ; b | c > d `e`", "[a][$HOME][*.c][;][b][|][c][>][d][`e`]");
}

static void a_command_needs_a_word(void **state)
{
	(void)state;
	static const char message[] = "the command is empty: it needs the name of a program";
	assert_split("", message);
	assert_split("  \t", message);
	assert_split("''", message);
}

static void an_open_quote_is_an_error(void **state)
{
	(void)state;
	assert_split("a 'b", "a quote (') is not closed in the command: a 'b");
	assert_split("a \"b\\\"", "a quote (\") is not closed in the command: a \"b\\\"");
}

static void too_many_words_are_an_error(void **state)
{
	(void)state;
	struct words words;
	struct err err;
	TEXT(command, 1024);
	for (int i = 0; i < WORDS_MAX; i++)
		text_add(&command, "a ");
	assert_int_equal(words_split(&words, command.bytes, "h", "1", &err), 0);
	assert_int_equal(words.n, WORDS_MAX);
	text_add(&command, "a");
	assert_int_equal(words_split(&words, command.bytes, "h", "1", &err), -1);
	assert_non_null(strstr(err.message, "too long"));
}

/* WORDS_BYTES hold the words and a terminator each: at every length around it, no byte more. */
static void too_many_bytes_are_an_error(void **state)
{
	(void)state;
	static char command[WORDS_BYTES + 8];
	struct words words;
	struct err err;
	for (size_t n = WORDS_BYTES - 4; n < WORDS_BYTES + 4; n++) {
		memset(command, 'a', n);
		command[n] = '\0';
		int result = words_split(&words, command, "h", "1", &err);
		assert_int_equal(result, n < WORDS_BYTES ? 0 : -1);
		if (result == 0)
			assert_int_equal(strlen(words.argv[0]), n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(blanks_separate_words),
	        cmocka_unit_test(quotes_keep_blanks),
	        cmocka_unit_test(a_backslash_keeps_the_next_character),
	        cmocka_unit_test(host_and_port_are_replaced),
	        cmocka_unit_test(nothing_else_is_special),
	        cmocka_unit_test(a_command_needs_a_word),
	        cmocka_unit_test(an_open_quote_is_an_error),
	        cmocka_unit_test(too_many_words_are_an_error),
	        cmocka_unit_test(too_many_bytes_are_an_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
