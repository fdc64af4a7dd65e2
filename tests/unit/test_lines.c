/* test_lines.c: whole lines out of a pipe that delivers them in pieces. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "lines.h"

struct pair {
	struct lines lines;
	int in;
};

static void open_pair(struct pair *p)
{
	int fds[2];
	assert_int_equal(pipe2(fds, O_CLOEXEC | O_NONBLOCK), 0);
	p->lines = (struct lines){.fd = fds[0]};
	p->in = fds[1];
}

static void close_pair(struct pair *p)
{
	(void)close(p->lines.fd);
	if (p->in >= 0)
		(void)close(p->in);
}

static void write_text(struct pair *p, const char *text)
{
	assert_int_equal(write(p->in, text, strlen(text)), strlen(text));
}

static void expect_line(struct pair *p, const char *text)
{
	size_t n = 0;
	const char *line = lines_take(&p->lines, &n);
	assert_non_null(line);
	assert_int_equal(n, strlen(text));
	assert_memory_equal(line, text, n);
}

static void expect_no_line(struct pair *p)
{
	size_t n;
	assert_null(lines_take(&p->lines, &n));
}

static void several_lines_come_at_once(void **state)
{
	(void)state;
	struct pair p;
	open_pair(&p);
	write_text(&p, "one\n\nthree\n");
	assert_true(lines_fill(&p.lines));
	expect_line(&p, "one");
	expect_line(&p, "");
	expect_line(&p, "three");
	expect_no_line(&p);
	close_pair(&p);
}

static void line_comes_in_pieces(void **state)
{
	(void)state;
	struct pair p;
	open_pair(&p);
	write_text(&p, "zero\nfir");
	assert_true(lines_fill(&p.lines));
	expect_line(&p, "zero");
	expect_no_line(&p);
	write_text(&p, "st");
	assert_true(lines_fill(&p.lines));
	expect_no_line(&p);
	write_text(&p, "\nsec");
	assert_true(lines_fill(&p.lines));
	expect_line(&p, "first");
	expect_no_line(&p);
	close_pair(&p);
}

static void nothing_to_read_is_not_the_end(void **state)
{
	(void)state;
	struct pair p;
	open_pair(&p);
	assert_true(lines_fill(&p.lines));
	assert_false(p.lines.ended);
	expect_no_line(&p);
	close_pair(&p);
}

static void end_of_file_is_said_and_what_came_before_is_kept(void **state)
{
	(void)state;
	struct pair p;
	open_pair(&p);
	write_text(&p, "last\nunfinished");
	(void)close(p.in);
	p.in = -1;
	assert_true(lines_fill(&p.lines));
	assert_false(lines_fill(&p.lines));
	assert_true(p.lines.ended);
	expect_line(&p, "last");
	expect_no_line(&p);
	close_pair(&p);
}

/* A line of n letters and its newline. */
static void write_long(struct pair *p, size_t n)
{
	char *text = malloc(n + 2);
	assert_non_null(text);
	memset(text, 'x', n);
	text[n] = '\n';
	text[n + 1] = '\0';
	write_text(p, text);
	free(text);
}

static void longest_line_fits(void **state)
{
	(void)state;
	struct pair p;
	size_t n = 0;
	open_pair(&p);
	write_long(&p, LINE_MAX_BYTES - 1);
	assert_true(lines_fill(&p.lines));
	assert_non_null(lines_take(&p.lines, &n));
	assert_int_equal(n, LINE_MAX_BYTES - 1);
	close_pair(&p);
}

static void longer_line_is_dropped_whole_and_the_next_is_read(void **state)
{
	(void)state;
	for (size_t extra = 0; extra <= 2 * LINE_MAX_BYTES; extra += LINE_MAX_BYTES / 2) {
		struct pair p;
		size_t n = 0;
		const char *line = NULL;
		open_pair(&p);
		write_text(&p, "before\n");
		write_long(&p, LINE_MAX_BYTES + extra);
		write_text(&p, "after\n");
		assert_true(lines_fill(&p.lines));
		expect_line(&p, "before");
		for (int i = 0; i < 8 && !line; i++) {
			assert_true(lines_fill(&p.lines));
			line = lines_take(&p.lines, &n);
		}
		assert_non_null(line);
		assert_int_equal(n, 5);
		assert_memory_equal(line, "after", 5);
		close_pair(&p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(several_lines_come_at_once),
	        cmocka_unit_test(line_comes_in_pieces),
	        cmocka_unit_test(nothing_to_read_is_not_the_end),
	        cmocka_unit_test(end_of_file_is_said_and_what_came_before_is_kept),
	        cmocka_unit_test(longest_line_fits),
	        cmocka_unit_test(longer_line_is_dropped_whole_and_the_next_is_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
