/* test_manual.c: what the manual says of keys, marks and labels is what the tables say. Where it is
 * not, the test prints the text that belongs there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "flow/diagnosis_names.h"
#include "sink/marks.h"
#include "tui/commands.h"

enum { FILE_MAX = 1 << 17, PART_MAX = 1 << 14 };

/* The file must hold the text as it stands. */
static void assert_says(const char *path, const struct text *part)
{
	static char bytes[FILE_MAX];
	FILE *file = fopen(path, "r");
	if (!file)
		fail_msg("cannot read %s: run the tests in the root of the source", path);
	size_t n = fread(bytes, 1, sizeof bytes - 1, file);
	assert_int_equal(fclose(file), 0);
	bytes[n] = '\0';
	assert_false(part->cut);
	if (strstr(bytes, part->bytes))
		return;
	(void)fprintf(stderr, "%s should say:\n%s", path, part->bytes); /* whole, however long */
	fail();
}

static bool is_marked(size_t label, const char *mark)
{
	return strcmp(diagnosis_mark((enum diagnosis_label)label), mark) == 0;
}

/* " (rto, after_rto)": the labels that have this mark; nothing without one. */
static void add_labels(struct text *t, const char *mark, const char *quote)
{
	bool any = false;
	for (size_t label = 1; label < N_DIAGNOSES; label++) {
		if (!is_marked(label, mark))
			continue;
		text_addf(t, "%s%s%s%s", any ? ", " : " (", quote,
		          diagnosis_name((enum diagnosis_label)label), quote);
		any = true;
	}
	text_add(t, any ? ")" : "");
}

static void every_mark_is_explained_and_every_explained_mark_exists(void **state)
{
	(void)state;
	for (size_t label = 1; label < N_DIAGNOSES; label++) {
		const char *mark = diagnosis_mark((enum diagnosis_label)label);
		if (mark[0] && !mark_find(mark))
			fail_msg("%s is not in tracer/sink/marks.c", mark);
	}
	for (size_t i = 0; i < n_marks; i++) {
		bool found = strcmp(marks[i].mark, MARK_REUSED_PORTS) == 0 ||
		             strcmp(marks[i].mark, MARK_LATE) == 0 ||
		             strcmp(marks[i].mark, MARK_KERNEL) == 0;
		for (enum fate fate = 0; fate < N_FATES; fate++)
			found = found || strcmp(mark_of_fate(fate), marks[i].mark) == 0;
		for (size_t label = 1; label < N_DIAGNOSES; label++)
			found = found || is_marked(label, marks[i].mark);
		if (!found)
			fail_msg("%s marks nothing", marks[i].mark);
		assert_ptr_equal(mark_find(marks[i].mark), &marks[i]);
	}
}

static void the_pages_of_the_manual_explain_the_marks(void **state)
{
	(void)state;
	TEXT(part, PART_MAX);
	text_add(&part, ".Bl -tag -width OOO?\n");
	for (size_t i = 0; i < n_marks; i++) {
		text_addf(&part, ".It Li %s\n%s", marks[i].shown, marks[i].meaning);
		add_labels(&part, marks[i].mark, "");
		text_add(&part, "\n");
	}
	text_add(&part, ".El\n");
	assert_says("tracer/wirelab-trace.1", &part);
	assert_says("tui/wirelab-tui.1", &part);
}

static void the_readme_of_the_sinks_explains_the_marks(void **state)
{
	(void)state;
	TEXT(part, PART_MAX);
	text_add(&part, "| mark | means (labels) |\n|---|---|\n");
	for (size_t i = 0; i < n_marks; i++) {
		TEXT(labels, 512);
		add_labels(&labels, marks[i].mark, "`");
		text_addf(&part, "| `%s` | %s%s |\n", marks[i].shown, marks[i].meaning,
		          labels.bytes);
	}
	assert_says("tracer/sink/README.md", &part);
}

/* A key as mdoc takes it: punctuation is text, not a delimiter. */
static void add_key(struct text *t, int key)
{
	TEXT(name, 32);
	key_add_name(&name, key);
	text_add(t, " Ic \\&");
	for (size_t i = 0; i < name.len; i++) {
		char c = name.bytes[i];
		text_add(t, c == '\'' ? "\\(aq" : c == '-' ? "\\-" : "");
		if (c != '\'' && c != '-')
			text_add_char(t, c);
	}
}

static void the_page_of_the_tui_lists_every_key(void **state)
{
	(void)state;
	TEXT(part, PART_MAX);
	for (enum command_group group = 0; group < N_GROUPS; group++) {
		text_addf(&part, ".Ss %s\n.Bl -tag -width Ds\n", command_group_title(group));
		for (int i = COMMAND_NONE + 1; i < N_COMMANDS; i++) {
			const struct command_info *info = command_info((enum command)i);
			if (info->group != group)
				continue;
			text_add(&part, ".It");
			add_key(&part, info->letter);
			if (info->key != K_NONE) {
				text_add(&part, " ,");
				add_key(&part, info->key);
			}
			text_addf(&part, "\n%s\n", info->help);
		}
		text_add(&part, ".El\n");
	}
	assert_says("tui/wirelab-tui.1", &part);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(every_mark_is_explained_and_every_explained_mark_exists),
	        cmocka_unit_test(the_pages_of_the_manual_explain_the_marks),
	        cmocka_unit_test(the_readme_of_the_sinks_explains_the_marks),
	        cmocka_unit_test(the_page_of_the_tui_lists_every_key),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
