/* test_tui_canvas.c: cells, layout, looks, keys and the prompt: all that needs no model. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "sink/paint.h"
#include "tui/commands.h"
#include "tui/layout.h"
#include "tui/prompt.h"
#include "tui/theme.h"

static struct canvas canvas_new(int width, int height, bool ascii)
{
	struct canvas canvas;
	struct err err;
	assert_int_equal(canvas_init(&canvas, width, height, ascii, &err), 0);
	return canvas;
}

static void row_is(const struct canvas *canvas, int y, const char *expected)
{
	TEXT(row, 1024);
	canvas_dump_row(canvas, y, &row);
	assert_string_equal(row.bytes, expected);
}

static const struct pen plain = {ROLE_TEXT, 0};

/* ---- canvas ---- */

static void text_is_clipped_to_its_area(void **state)
{
	(void)state;
	struct canvas c = canvas_new(10, 3, false);
	struct rect area = {2, 1, 5, 1};
	assert_int_equal(canvas_text(&c, area, -2, 0, plain, "abcdefghijk"), 9);
	(void)canvas_text(&c, area, 0, 1, plain, "below");
	(void)canvas_text(&c, (struct rect){-5, -5, 100, 100}, 13, 7, plain, "zz");
	row_is(&c, 0, "");
	row_is(&c, 1, "  cdefg");
	row_is(&c, 2, "        zz");
	canvas_release(&c);
}

static void wide_characters_take_two_cells_or_none(void **state)
{
	(void)state;
	struct canvas c = canvas_new(6, 1, false);
	struct rect all = {0, 0, 6, 1};
	(void)canvas_text(&c, all, 0, 0, plain, "a中文字");
	row_is(&c, 0, "a中文");                       /* half of the third would stick out */
	(void)canvas_text(&c, all, 2, 0, plain, "x"); /* over the right half of the first */
	row_is(&c, 0, "a x文");
	(void)canvas_text(&c, all, 0, 0, plain, "e\xcc\x81");
	row_is(&c, 0, "e\xcc\x81 x文");
	canvas_release(&c);
}

static void what_terminals_measure_in_different_ways_is_left_out(void **state)
{
	(void)state;
	struct canvas c = canvas_new(12, 1, false);
	struct rect all = {0, 0, 12, 1};
	/* a family of two, a heart in colour, a thumb in brown */
	int x = canvas_text(&c, all, 0, 0, plain,
	                    "\U0001F469\u200D\U0001F467\u2764\uFE0F\U0001F44D\U0001F3FDx");
	row_is(&c, 0, "\U0001F469\U0001F467\u2764\U0001F44Dx");
	assert_int_equal(x, 8);
	canvas_release(&c);
}

static void nothing_dangerous_reaches_the_cells(void **state)
{
	(void)state;
	struct canvas c = canvas_new(12, 1, false);
	(void)canvas_text(&c, (struct rect){0, 0, 12, 1}, 0, 0, plain, "a\033[2J\xff\xe2\x80\xae.");
	row_is(&c, 0, "a?[2J??.");
	canvas_release(&c);
}

static void ascii_has_a_form_for_every_symbol(void **state)
{
	(void)state;
	struct canvas c = canvas_new(12, 3, true);
	struct rect all = {0, 0, 12, 3};
	canvas_hline(&c, all, 0, 0, 12, plain);
	canvas_vline(&c, all, 11, 1, 2, plain);
	(void)canvas_text(&c, all, 2, 1, plain, "◄─►…");
	(void)canvas_text(&c, all, 2, 2, plain, "é中");
	row_is(&c, 0, "------------");
	row_is(&c, 1, "  <->.     |");
	row_is(&c, 2, "  ??       |");
	canvas_release(&c);
}

static void what_is_cut_says_so(void **state)
{
	(void)state;
	struct canvas c = canvas_new(10, 2, false);
	struct rect all = {0, 0, 10, 2};
	assert_int_equal(canvas_cut(&c, all, 0, 0, 5, plain, "abcdefgh"), 5);
	(void)canvas_cut(&c, all, 0, 1, 5, plain, "abcde");
	row_is(&c, 0, "abcd…");
	row_is(&c, 1, "abcde");
	TEXT(words, 64);
	text_add(&words, "中文字");
	canvas_cut_text(&c, &words, 4);
	assert_string_equal(words.bytes, "中…");
	canvas_release(&c);
}

static void paragraphs_break_at_spaces_and_can_be_measured(void **state)
{
	(void)state;
	struct canvas c = canvas_new(8, 3, false);
	assert_int_equal(
	        canvas_paragraph(&c, (struct rect){0, 0, 8, 2}, 0, plain, "one two three four"), 3);
	row_is(&c, 0, "one two");
	row_is(&c, 1, "three");
	row_is(&c, 2, ""); /* outside the area */
	canvas_release(&c);
}

static void marks_of_paint_become_roles(void **state)
{
	(void)state;
	const struct sink_options options = {.marks = true};
	struct canvas c = canvas_new(8, 1, false);
	TEXT(t, 64);
	text_add_char(&t, 'a');
	(void)paint_on(&t, &options, PAINT_SERVER);
	text_add_char(&t, 'b');
	(void)paint_off(&t, &options);
	text_add_char(&t, 'c');
	assert_int_equal(canvas_painted(&c, (struct rect){0, 0, 8, 1}, 0, 0, plain, &t), 3);
	row_is(&c, 0, "abc");
	assert_int_equal(c.cells[0].pen.role, ROLE_TEXT);
	assert_int_equal(c.cells[1].pen.role, ROLE_SERVER);
	assert_int_equal(c.cells[2].pen.role, ROLE_TEXT);
	canvas_release(&c);
}

/* ---- layout ---- */

static bool is_within(struct rect r, int width, int height)
{
	return r.x >= 0 && r.y >= 0 && r.w >= 0 && r.h >= 0 && r.x + r.w <= width &&
	       r.y + r.h <= height;
}

static void every_size_has_a_layout_that_fits(void **state)
{
	(void)state;
	for (int width = 1; width < 260; width += 3)
		for (int height = 1; height < 90; height++)
			for (int shift = -100; shift <= 100; shift += 50) {
				const struct layout_wish wish = {.shift = shift};
				struct layout l = layout_make(width, height, &wish);
				if (l.tier == TIER_TOO_SMALL)
					continue;
				assert_true(is_within(l.status, width, height));
				assert_true(is_within(l.main, width, height));
				assert_true(is_within(l.border, width, height));
				assert_true(is_within(l.side, width, height));
				assert_true(l.main.w > 0 && l.main.h > 0);
				assert_true(l.side.w > 0 && l.side.h > 0);
			}
}

static void the_tiers_begin_where_they_should(void **state)
{
	(void)state;
	const struct layout_wish both = {.shift = 0};
	assert_int_equal(layout_make(39, 24, &both).tier, TIER_TOO_SMALL);
	assert_int_equal(layout_make(40, 7, &both).tier, TIER_TOO_SMALL);
	assert_int_equal(layout_make(40, 8, &both).tier, TIER_LIST);
	assert_int_equal(layout_make(60, 20, &both).tier, TIER_SHORT);
	assert_int_equal(layout_make(80, 24, &both).tier, TIER_NORMAL);
	assert_int_equal(layout_make(120, 29, &both).tier, TIER_NORMAL);
	assert_int_equal(layout_make(120, 30, &both).tier, TIER_WIDE);
	const struct layout_wish alone = {.main_alone = true};
	assert_int_equal(layout_make(80, 24, &alone).main.h, 22);
	assert_int_equal(layout_make(80, 24, &alone).side.h, 0);
}

/* ---- looks ---- */

static void no_color_means_none(void **state)
{
	(void)state;
	assert_int_equal(theme_choose(256, NULL), THEME_256);
	assert_int_equal(theme_choose(8, ""), THEME_8);
	assert_int_equal(theme_choose(256, "1"), THEME_MONO);
	assert_int_equal(theme_choose(0, NULL), THEME_MONO);
	for (int role = 0; role < N_ROLES; role++)
		assert_int_equal(theme_look(THEME_MONO, PEN(role)).foreground, -1);
	assert_true(theme_look(THEME_MONO, (struct pen){ROLE_DIM, STYLE_SELECTED}).reverse);
}

/* ---- keys and commands ---- */

static void no_key_means_two_things(void **state)
{
	(void)state;
	for (int i = COMMAND_NONE + 1; i < N_COMMANDS; i++) {
		const struct command_info *info = command_info((enum command)i);
		assert_int_equal(command_of_key(info->letter), i);
		if (info->key != K_NONE)
			assert_int_equal(command_of_key(info->key), i);
	}
	assert_int_equal(command_of_key(K_NONE), COMMAND_NONE);
	assert_int_equal(command_of_key('%'), COMMAND_NONE);
}

static void every_key_has_a_name_that_leads_back(void **state)
{
	(void)state;
	for (int i = COMMAND_NONE + 1; i < N_COMMANDS; i++) {
		TEXT(name, 32);
		key_add_name(&name, command_info((enum command)i)->letter);
		assert_true(name.len > 0);
		assert_int_equal(key_of_name(name.bytes, name.len),
		                 command_info((enum command)i)->letter);
	}
}

/* ---- the prompt ---- */

static enum prompt_result type(struct prompt *prompt, int key)
{
	const struct input input = {.key = key};
	return prompt_key(prompt, &input);
}

static void the_prompt_edits_whole_characters(void **state)
{
	(void)state;
	struct prompt p = {.command = COMMAND_NONE};
	prompt_open(&p, COMMAND_SEARCH, "/", "");
	assert_int_equal(type(&p, 'a'), PROMPT_OPEN);
	(void)type(&p, 0x4e2d);
	(void)type(&p, 'b');
	(void)type(&p, K_LEFT);
	(void)type(&p, K_LEFT);
	(void)type(&p, 0xe9);
	assert_string_equal(p.text, "aé中b");
	(void)type(&p, K_DELETE);
	(void)type(&p, K_BACKSPACE);
	assert_string_equal(p.text, "ab");
	assert_int_equal(type(&p, '\r'), PROMPT_DONE);
	(void)type(&p, K_CTRL('u'));
	assert_string_equal(p.text, "b");
	assert_int_equal(type(&p, K_ESCAPE), PROMPT_CANCELLED);
	assert_int_equal(p.command, COMMAND_NONE);
}

static void a_full_prompt_takes_no_more(void **state)
{
	(void)state;
	struct prompt p = {.command = COMMAND_NONE};
	prompt_open(&p, COMMAND_SEARCH, "/", "");
	for (int i = 0; i < 2 * PROMPT_MAX; i++)
		(void)type(&p, 0x4e2d);
	assert_true(p.len < PROMPT_MAX);
	struct canvas c = canvas_new(20, 1, false);
	int x;
	prompt_draw(&p, &c, (struct rect){0, 0, 20, 1}, &x);
	assert_in_range(x, 1, 19);
	canvas_release(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(text_is_clipped_to_its_area),
	        cmocka_unit_test(wide_characters_take_two_cells_or_none),
	        cmocka_unit_test(what_terminals_measure_in_different_ways_is_left_out),
	        cmocka_unit_test(nothing_dangerous_reaches_the_cells),
	        cmocka_unit_test(ascii_has_a_form_for_every_symbol),
	        cmocka_unit_test(what_is_cut_says_so),
	        cmocka_unit_test(paragraphs_break_at_spaces_and_can_be_measured),
	        cmocka_unit_test(marks_of_paint_become_roles),
	        cmocka_unit_test(every_size_has_a_layout_that_fits),
	        cmocka_unit_test(the_tiers_begin_where_they_should),
	        cmocka_unit_test(no_color_means_none),
	        cmocka_unit_test(no_key_means_two_things),
	        cmocka_unit_test(every_key_has_a_name_that_leads_back),
	        cmocka_unit_test(the_prompt_edits_whole_characters),
	        cmocka_unit_test(a_full_prompt_takes_no_more),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
