/* test_progress.c: the learner's progress: its text form, its file, and what may happen to it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runner/files.h"
#include "runner/progress_file.h"

struct fixture {
	char root[64];
	char file[PATH_MAX]; /* of lab 01-hello */
	struct progress progress;
	struct err err;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	assert_non_null(f);
	(void)snprintf(f->root, sizeof f->root, "/tmp/wirelab-test-XXXXXX");
	assert_non_null(mkdtemp(f->root));
	assert_int_equal(setenv("XDG_STATE_HOME", f->root, 1), 0);
	(void)snprintf(f->file, sizeof f->file, "%s/wirelab/01-hello", f->root);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	char path[PATH_MAX + 16];
	(void)unlink(f->file); /* not every test has made all of these */
	(void)snprintf(path, sizeof path, "%s.damaged", f->file);
	(void)unlink(path);
	(void)snprintf(path, sizeof path, "%s/wirelab", f->root);
	(void)rmdir(path);
	assert_int_equal(rmdir(f->root), 0); /* nothing else was left there */
	free(f);
	return 0;
}

static void write_file(struct fixture *f, const char *text)
{
	char folder[128];
	(void)snprintf(folder, sizeof folder, "%s/wirelab", f->root);
	assert_int_equal(files_make_folder(folder, 0700), 0);
	assert_int_equal(files_replace(f->file, text, strlen(text), &f->err), 0);
}

static void assert_file(const char *path, const char *expected)
{
	struct buffer text = {.bytes = NULL};
	struct err err;
	assert_int_equal(files_read(&text, path, &err), 0);
	buffer_add_chars(&text, '\0', 1);
	assert_string_equal(text.bytes, expected);
	buffer_release(&text);
}

static void parse(struct progress *progress, const char *text)
{
	progress_parse(progress, text, strlen(text));
}

#define HEAD "wirelab-progress 1\n"
#define WHOLE                                                                                      \
	HEAD "seen 1 2026-11-21T07:10:35Z 2026-11-21T07:10:35Z\n"                                  \
	     "hint 2 2026-11-21T07:10:35Z 2026-11-21T08:00:00Z\n"                                  \
	     "failed 3 1970-01-01T00:00:01Z 1970-01-01T00:00:02Z\n"                                \
	     "failure handshakes = 1\n"                                                            \
	     "prediction segments right: 10 | 10\n"                                                \
	     "prediction who wrong: the client | the server\n"

static void what_was_written_is_read_back(void **state)
{
	(void)state;
	struct progress progress;
	struct buffer out = {.bytes = NULL};
	parse(&progress, WHOLE);
	assert_false(progress.damaged);
	assert_int_equal(progress.marks[PROGRESS_SEEN].count, 1);
	assert_int_equal(progress.marks[PROGRESS_HINT].count, 2);
	assert_int_equal(progress.marks[PROGRESS_FAILED].first_s, 1);
	assert_int_equal(progress.marks[PROGRESS_FAILED].last_s, 2);
	assert_int_equal(progress.marks[PROGRESS_RUN].count, 0);
	assert_string_equal(progress.failure, "handshakes = 1");
	assert_int_equal(progress.n_predictions, 2);
	assert_true(progress.predictions[0].right);
	assert_string_equal(progress.predictions[1].name, "who");
	assert_string_equal(progress.predictions[1].answer, "the client");
	assert_string_equal(progress.predictions[1].reality, "the server");
	assert_false(progress.predictions[1].right);
	progress_format(&progress, &out);
	buffer_add_chars(&out, '\0', 1);
	assert_string_equal(out.bytes, WHOLE);
	buffer_release(&out);
}

static void a_line_that_means_nothing_is_passed_over_and_noticed(void **state)
{
	(void)state;
	static const char *const damaged[] = {
	        "",
	        "something else\n",
	        HEAD "run\n",
	        HEAD "run 0 2026-11-21T07:10:35Z 2026-11-21T07:10:35Z\n",
	        HEAD "run -1 2026-11-21T07:10:35Z 2026-11-21T07:10:35Z\n",
	        HEAD "run x 2026-11-21T07:10:35Z 2026-11-21T07:10:35Z\n",
	        HEAD "run 1 yesterday 2026-11-21T07:10:35Z\n",
	        HEAD "run 1 2026-11-21T07:10:35Z\n",
	        HEAD "run 1 2026-11-21T07:10:35Z 2026-11-21T07:10:35Z more\n",
	        HEAD "run 1 2026-11-21T07:10:35Z 2026-11-21T07:10:35Z", /* cut off */
	        HEAD "ran 1 2026-11-21T07:10:35Z 2026-11-21T07:10:35Z\n",
	        HEAD "prediction a\n",
	        HEAD "prediction a right: 1\n",
	        HEAD "\n",
	};
	for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++) {
		struct progress progress;
		parse(&progress, damaged[i]);
		if (!progress.damaged)
			fail_msg("not noticed: %s", damaged[i]);
	}
	struct progress progress;
	parse(&progress, HEAD "\xff\xfe\nseen 1 2026-11-21T07:10:35Z 2026-11-21T07:10:35Z\n");
	assert_true(progress.damaged);
	assert_int_equal(progress.marks[PROGRESS_SEEN].count, 1);
}

static void every_beginning_of_a_file_can_be_read(void **state)
{
	(void)state;
	struct progress progress;
	for (size_t n = 0; n < strlen(WHOLE); n++) {
		char *cut = malloc(n + 1); /* so that the sanitizer sees a read behind it */
		assert_non_null(cut);
		memcpy(cut, WHOLE, n);
		progress_parse(&progress, cut, n);
		bool ends_a_line = n > 0 && cut[n - 1] == '\n';
		assert_int_equal(progress.damaged, !ends_a_line);
		free(cut);
	}
}

static void a_long_or_broken_text_stays_in_its_line(void **state)
{
	struct fixture *f = *state;
	char detail[1024];
	memset(detail, 'x', sizeof detail - 1);
	detail[sizeof detail - 1] = '\0';
	detail[3] = '\n';
	assert_int_equal(progress_record("01-hello", PROGRESS_FAILED, detail, &f->err), 0);
	assert_int_equal(progress_load(&f->progress, "01-hello", &f->err), 0);
	assert_int_equal(strlen(f->progress.failure), PROGRESS_TEXT - 1);
	assert_memory_equal(f->progress.failure, "xxx xxx", 7);
}

static void marks_are_counted_and_kept(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(progress_load(&f->progress, "01-hello", &f->err), 0);
	assert_int_equal(progress_state(&f->progress, true), PROGRESS_UNTOUCHED);
	assert_int_equal(progress_record("01-hello", PROGRESS_RUN, NULL, &f->err), 0);
	assert_int_equal(progress_record("01-hello", PROGRESS_RUN, NULL, &f->err), 0);
	assert_int_equal(progress_record("01-hello", PROGRESS_FAILED, "fins = 2", &f->err), 0);
	assert_int_equal(progress_load(&f->progress, "01-hello", &f->err), 0);
	assert_int_equal(f->progress.marks[PROGRESS_RUN].count, 2);
	assert_string_equal(f->progress.failure, "fins = 2");
	assert_int_equal(progress_state(&f->progress, true), PROGRESS_TRIED);
	assert_int_equal(progress_state(&f->progress, false), PROGRESS_DONE);
	assert_int_equal(progress_record("01-hello", PROGRESS_PASSED, NULL, &f->err), 0);
	assert_int_equal(progress_load(&f->progress, "01-hello", &f->err), 0);
	assert_int_equal(progress_state(&f->progress, true), PROGRESS_DONE);
	assert_string_equal(f->progress.failure, "");
	assert_int_equal(progress_load(&f->progress, "02-handshake", &f->err), 0);
	assert_int_equal(progress_state(&f->progress, true), PROGRESS_UNTOUCHED);
}

static void a_lower_hint_does_not_close_a_higher_one(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(progress_record_hint("01-hello", 2, &f->err), 0);
	assert_int_equal(progress_record_hint("01-hello", 1, &f->err), 0);
	assert_int_equal(progress_load(&f->progress, "01-hello", &f->err), 0);
	assert_int_equal(f->progress.marks[PROGRESS_HINT].count, 2);
}

static void a_prediction_made_again_takes_the_place_of_the_first(void **state)
{
	struct fixture *f = *state;
	struct progress_prediction first[] = {{"a", true, "1", "1"}, {"b", false, "x", "y"}};
	struct progress_prediction again = {"a", false, "2", "1"};
	assert_int_equal(progress_record_predictions("01-hello", first, 2, &f->err), 0);
	assert_int_equal(progress_record_predictions("01-hello", &again, 1, &f->err), 0);
	assert_int_equal(progress_load(&f->progress, "01-hello", &f->err), 0);
	assert_int_equal(f->progress.n_predictions, 2);
	assert_string_equal(f->progress.predictions[0].answer, "2");
	assert_false(f->progress.predictions[0].right);
	assert_string_equal(f->progress.predictions[1].name, "b");
	assert_int_equal(f->progress.marks[PROGRESS_PREDICTED].count, 2);
}

static void a_damaged_file_is_told_and_kept(void **state)
{
	struct fixture *f = *state;
	char aside[PATH_MAX + 16];
	static const char text[] =
	        HEAD "seen 1 2026-11-21T07:10:35Z 2026-11-21T07:10:35Z\nrubbish\n";
	write_file(f, text);
	assert_int_equal(progress_load(&f->progress, "01-hello", &f->err), -1);
	assert_non_null(strstr(f->err.message, f->file));
	assert_int_equal(f->progress.marks[PROGRESS_SEEN].count, 1);
	assert_int_equal(progress_record("01-hello", PROGRESS_RUN, NULL, &f->err), 0);
	assert_int_equal(progress_load(&f->progress, "01-hello", &f->err), 0);
	assert_int_equal(f->progress.marks[PROGRESS_SEEN].count, 1);
	assert_int_equal(f->progress.marks[PROGRESS_RUN].count, 1);
	(void)snprintf(aside, sizeof aside, "%s.damaged", f->file);
	assert_file(aside, text);
}

static void two_commands_at_once_lose_nothing(void **state)
{
	struct fixture *f = *state;
	enum { CHILDREN = 4, EACH = 10 };
	for (int i = 0; i < CHILDREN; i++) {
		pid_t child = fork();
		assert_true(child >= 0);
		if (child != 0)
			continue;
		for (int n = 0; n < EACH; n++)
			if (progress_record("01-hello", PROGRESS_RUN, NULL, &f->err) < 0)
				_exit(1);
		_exit(0);
	}
	for (int i = 0; i < CHILDREN; i++) {
		int status;
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	assert_int_equal(progress_load(&f->progress, "01-hello", &f->err), 0);
	assert_int_equal(f->progress.marks[PROGRESS_RUN].count, CHILDREN * EACH);
}

static void without_a_home_there_is_a_message_that_says_what_to_set(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(unsetenv("XDG_STATE_HOME"), 0);
	char *home = getenv("HOME") ? strdup(getenv("HOME")) : NULL;
	assert_int_equal(unsetenv("HOME"), 0);
	assert_int_equal(progress_load(&f->progress, "01-hello", &f->err), -1);
	assert_int_equal(progress_record("01-hello", PROGRESS_RUN, NULL, &f->err), -1);
	assert_non_null(strstr(f->err.message, "XDG_STATE_HOME"));
	assert_int_equal(setenv("HOME", f->root, 1), 0); /* and ~/.local/state without the other */
	assert_int_equal(progress_record("01-hello", PROGRESS_RUN, NULL, &f->err), 0);
	(void)snprintf(f->file, sizeof f->file, "%s/.local/state/wirelab/01-hello", f->root);
	assert_int_equal(unlink(f->file), 0);
	static const char *const folders[] = {".local/state/wirelab", ".local/state", ".local"};
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		char path[PATH_MAX];
		(void)snprintf(path, sizeof path, "%s/%s", f->root, folders[i]);
		assert_int_equal(rmdir(path), 0);
	}
	assert_int_equal(home ? setenv("HOME", home, 1) : unsetenv("HOME"), 0);
	free(home);
}

static void a_relative_state_folder_is_ignored(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(setenv("XDG_STATE_HOME", "state", 1), 0);
	assert_int_equal(setenv("HOME", "/nowhere", 1), 0);
	assert_int_equal(progress_load(&f->progress, "01-hello", &f->err), 0);
	assert_int_equal(access("state", F_OK), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(what_was_written_is_read_back),
	        cmocka_unit_test(a_line_that_means_nothing_is_passed_over_and_noticed),
	        cmocka_unit_test(every_beginning_of_a_file_can_be_read),
	        cmocka_unit_test_setup_teardown(a_long_or_broken_text_stays_in_its_line, setup,
	                                        teardown),
	        cmocka_unit_test_setup_teardown(marks_are_counted_and_kept, setup, teardown),
	        cmocka_unit_test_setup_teardown(a_lower_hint_does_not_close_a_higher_one, setup,
	                                        teardown),
	        cmocka_unit_test_setup_teardown(
	                a_prediction_made_again_takes_the_place_of_the_first, setup, teardown),
	        cmocka_unit_test_setup_teardown(a_damaged_file_is_told_and_kept, setup, teardown),
	        cmocka_unit_test_setup_teardown(two_commands_at_once_lose_nothing, setup, teardown),
	        cmocka_unit_test_setup_teardown(
	                without_a_home_there_is_a_message_that_says_what_to_set, setup, teardown),
	        cmocka_unit_test_setup_teardown(a_relative_state_folder_is_ignored, setup,
	                                        teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
