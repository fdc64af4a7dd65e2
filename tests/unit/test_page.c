/* test_page.c: pages as text for a terminal; exact output. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "runner/page.h"
#include "runner/wrap.h"

static void render(const char *markdown, size_t width, bool color, const char *expected)
{
	struct buffer out = {.bytes = NULL};
	const struct page_options options = {.width = width, .color = color};
	assert_int_equal(page_render(&out, markdown, strlen(markdown), &options), 0);
	buffer_add(&out, "", 1); /* terminates it */
	assert_false(out.failed);
	assert_string_equal(out.bytes, expected);
	buffer_release(&out);
}

static void running_text_is_folded_at_spaces(void **state)
{
	(void)state;
	render("one two three four\nfive six", 20, false, "one two three four\nfive six\n");
	render("one two three four five\n\nsix", 20, false, "one two three four\nfive\n\nsix\n");
	render("aaaaaaaaaaaaaaaaaaaaaaaaa", 20, false, "aaaaaaaaaaaaaaaaaaaa\naaaaa\n");
	render("hard  \nbreak", 20, false, "hard\nbreak\n");
}

static void headings_are_underlined(void **state)
{
	(void)state;
	render("# Title\n\ntext\n\n## Part\n### Small", 40, false,
	       "Title\n=====\n\ntext\n\nPart\n----\n\nSmall\n");
}

static void code_is_left_as_it_is(void **state)
{
	(void)state;
	render("text\n\n```\n  a   b\n\n\tc and a line that is longer than the width\n```\n", 20,
	       false, "text\n\n    a   b\n\n      c and a line that is longer than the width\n");
	render("    run 01\n    run 02 --long       what it does\n", 24, false,
	       "  run 01\n  run 02 --long\n        what it does\n");
	render("    run 02 --long       what\n", 28, false, "  run 02 --long       what\n");
	render("use `a  b`", 40, false, "use a  b\n");
}

static void lists_hang_behind_their_markers(void **state)
{
	(void)state;
	render("- one two three four five\n- six\n", 20, false,
	       "- one two three four\n  five\n- six\n");
	render("9. nine\n10. ten\n", 40, false, "9. nine\n10. ten\n");
	render("- a\n  - b\n    - c\n- d\n\nend", 40, false, "- a\n  - b\n    - c\n- d\n\nend\n");
	render("- a\n\n  b\n", 40, false, "- a\n\n  b\n");
	render("1. a\n\n       code\n", 40, false, "1. a\n\n     code\n");
}

static void lists_may_be_nested_deeper_than_we_keep_track_of(void **state)
{
	(void)state;
	char markdown[512];
	size_t n = 0;
	for (size_t depth = 0; depth < 20; depth++) {
		memset(markdown + n, ' ', depth);
		n += depth;
		markdown[n++] = '-';
		markdown[n++] = ' ';
		markdown[n++] = 'a';
		markdown[n++] = '\n';
	}
	struct buffer out = {.bytes = NULL};
	const struct page_options options = {.width = 40};
	assert_int_equal(page_render(&out, markdown, n, &options), 0);
	buffer_clear(&out);
	memset(markdown, '>', sizeof markdown);
	assert_int_equal(page_render(&out, markdown, sizeof markdown, &options), 0);
	memset(markdown, '-', sizeof markdown);
	for (size_t i = 1; i < sizeof markdown; i += 2)
		markdown[i] = ' ';
	markdown[sizeof markdown - 1] = 'x';
	assert_int_equal(page_render(&out, markdown, sizeof markdown, &options), 0);
	buffer_release(&out);
}

static void tables_are_aligned_and_folded(void **state)
{
	(void)state;
	render("| a | bb |\n|---|---|\n| ccc | d |\n| | e |\n", 40, false,
	       "a    bb\n---  --\nccc  d\n     e\n");
	render("| a | b |\n|---|---|\n| one | two three four five |\n", 20, false,
	       "a    b\n---  ---------------\none  two three four\n     five\n");
}

static void columns_of_a_table_beyond_the_limit_are_left_out(void **state)
{
	(void)state;
	render("|1|2|3|4|5|6|7|8|9|x|\n|---|---|---|---|---|---|---|---|---|---|\n"
	       "|1|2|3|4|5|6|7|8|9|y|\n|a|\n",
	       80, false,
	       "1  2  3  4  5  6  7  8\n-  -  -  -  -  -  -  -\n1  2  3  4  5  6  7  8\na\n");
}

static void links_show_addresses_that_can_be_followed(void **state)
{
	(void)state;
	render("[a](http://b/c) [d](../e.md) <http://f/>", 60, false,
	       "a (http://b/c) d http://f/\n");
}

static void styles_are_sequences_only_with_color(void **state)
{
	(void)state;
	render("a **b** `c` *d*", 40, false, "a b c d\n");
	render("a **b** `c`", 40, true, "a \033[1mb\033[0m \033[36mc\033[0m\n");
	render("**aaaaaaaaaaaa bbbbbbbbbbbb**", 20, true,
	       "\033[1maaaaaaaaaaaa\033[0m\n\033[1mbbbbbbbbbbbb\033[0m\n");
}

static void control_bytes_never_pass(void **state)
{
	(void)state;
	render("a\033[31mb\007c\177d\x11\xc2\x9b"
	       "e",
	       40, false, "a[31mbcde\n");
	render("`\033]0;x\007`\n\n```\n\033[2J\r\n```\n", 40, false, "]0;x\n\n  [2J\n");
	render("broken \xff\xc3( utf-8", 40, false,
	       "broken ?"
	       "?( utf-8\n");
	render("[a](<http://x/\033[31m>)", 60, false, "a (http://x/[31m)\n");
}

static void entities_and_raw_html_are_text(void **state)
{
	(void)state;
	render("a &amp; b &lt;c&gt; &quot; &unknown; <b>d</b>", 60, false,
	       "a & b <c> \" &unknown; <b>d</b>\n");
}

static void wide_characters_count_two_columns(void **state)
{
	(void)state;
	render("中文中文中文中文中文中文", 20, false, "中文中文中文中文中文\n中文\n");
	assert_int_equal(wrap_columns("中a", strlen("中a")), 3);
	assert_int_equal(wrap_columns("e\xcc\x81", 3), 1);
	assert_int_equal(wrap_columns("\x11"
	                              "a",
	                              2),
	                 1);
}

static void an_empty_page_is_empty(void **state)
{
	(void)state;
	render("", 40, false, "");
	render("\n\n\n", 40, false, "");
	render("|a|\n|---|\n", 40, false, "a\n-\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(running_text_is_folded_at_spaces),
	        cmocka_unit_test(headings_are_underlined),
	        cmocka_unit_test(code_is_left_as_it_is),
	        cmocka_unit_test(lists_hang_behind_their_markers),
	        cmocka_unit_test(lists_may_be_nested_deeper_than_we_keep_track_of),
	        cmocka_unit_test(tables_are_aligned_and_folded),
	        cmocka_unit_test(columns_of_a_table_beyond_the_limit_are_left_out),
	        cmocka_unit_test(links_show_addresses_that_can_be_followed),
	        cmocka_unit_test(styles_are_sequences_only_with_color),
	        cmocka_unit_test(control_bytes_never_pass),
	        cmocka_unit_test(entities_and_raw_html_are_text),
	        cmocka_unit_test(wide_characters_count_two_columns),
	        cmocka_unit_test(an_empty_page_is_empty),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
