/* test_report.c: event lines go into a pipe that may be full or closed, and never block or break.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "event/event.h"
#include "runner/program.h"
#include "runner/report.h"

enum { MANY = 1 << 16, LONG_LINE = LINE_BYTES };

struct channel {
	struct report report;
	int reader;
	char bytes[REPORT_BYTES * 2];
	size_t len;
};

static int setup(void **state)
{
	static struct channel channel;
	int ends[2];
	memset(&channel, 0, sizeof channel);
	if (pipe2(ends, O_CLOEXEC) < 0 || fcntl(ends[0], F_SETFL, O_NONBLOCK) < 0)
		return -1;
	channel.reader = ends[0];
	*state = &channel;
	return report_init(&channel.report, ends[1]);
}

static int teardown(void **state)
{
	struct channel *channel = *state;
	report_close(&channel->report);
	return channel->reader < 0 ? 0 : close(channel->reader);
}

static void read_some(struct channel *channel)
{
	ssize_t n;
	while ((n = read(channel->reader, channel->bytes + channel->len,
	                 sizeof channel->bytes - channel->len)) > 0)
		channel->len += (size_t)n;
}

/* Reads one line back as an event; the position after it. */
static const char *event_at(struct event *event, const char *line)
{
	char fault[128];
	const char *end = strchr(line, '\n');
	assert_non_null(end);
	assert_int_equal(event_read(event, line, (size_t)(end - line), fault, sizeof fault), 0);
	return end + 1;
}

static void each_event_is_a_line_that_reads_back(void **state)
{
	struct channel *channel = *state;
	static struct event event;
	struct program program;
	program_init(&program, SERVER);
	program.pid = 70;
	program.own_id = 7;
	program.asked = SIGTERM;
	report_program(&channel->report, PROGRAM_SIGNALLED, &program);
	report_output(&channel->report, CLIENT, true, "a \"b\"\x01", 6);
	report_note(&channel->report, "%d things", 3);
	read_some(channel);
	const char *at = event_at(&event, channel->bytes);
	assert_int_equal(event.kind, EVENT_PROGRAM);
	assert_int_equal(event.program.pid, 7);
	assert_int_equal(event.program.signal, SIGTERM);
	assert_true(event.program.by_runner);
	assert_true(event.time_ns > 0);
	at = event_at(&event, at);
	assert_int_equal(event.kind, EVENT_OUTPUT);
	assert_true(event.output.is_stderr);
	assert_string_equal(event.output.text, "a \"b\"\x01");
	at = event_at(&event, at);
	assert_string_equal(event.note.text, "3 things");
	assert_string_equal(at, "");
}

static void an_end_that_the_lab_wants_is_told_as_expected(void **state)
{
	struct channel *channel = *state;
	struct program program;
	struct event event;
	program_init(&program, CLIENT);
	program.expected = 1;
	for (int status = 0; status < 3; status++) {
		program.wait_status = status << 8; /* as wait() has it */
		report_program(&channel->report, PROGRAM_EXITED, &program);
	}
	read_some(channel);
	const char *at = channel->bytes;
	for (int status = 0; status < 3; status++) {
		at = event_at(&event, at);
		assert_int_equal(event.program.status, status);
		assert_int_equal(event.program.expected, status == 1);
	}
}

static void a_full_pipe_makes_programs_wait_and_loses_nothing(void **state)
{
	struct channel *channel = *state;
	static char line[LONG_LINE];
	static struct event event;
	int written = 0, seen = 0;
	memset(line, 1, sizeof line); /* a control byte is six bytes of JSON */
	for (; report_has_room(&channel->report); written++) {
		assert_in_range(written, 0, MANY);
		report_output(&channel->report, CLIENT, false, line, sizeof line);
	}
	assert_true(report_waits(&channel->report));
	report_note(&channel->report, "still has room"); /* what is not output always fits */
	while (report_waits(&channel->report)) {
		read_some(channel);
		report_flush(&channel->report);
	}
	read_some(channel);
	assert_true(report_has_room(&channel->report));
	const char *at = channel->bytes;
	while (*at) {
		at = event_at(&event, at);
		seen++;
	}
	assert_int_equal(seen, written + 1);
	assert_string_equal(event.note.text, "still has room");
}

static void a_read_full_of_newlines_fits_whenever_there_is_room(void **state)
{
	struct channel *channel = *state;
	static struct event event;
	static char line[LONG_LINE];
	int written = 0, seen = 0;
	memset(line, 'x', sizeof line);
	for (; report_has_room(&channel->report); written++)
		report_output(&channel->report, CLIENT, false, line, sizeof line);
	size_t before = channel->report.len - channel->report.at;
	for (int i = 0; i < LINE_BYTES; i++, written++)
		report_output(&channel->report, SERVER, true, "", 0);
	assert_true(channel->report.len - channel->report.at > before);
	while (report_waits(&channel->report)) {
		read_some(channel);
		report_flush(&channel->report);
	}
	read_some(channel);
	for (const char *at = channel->bytes; *at; seen++)
		at = event_at(&event, at);
	assert_int_equal(seen, written);
}

static void without_a_reader_lines_are_thrown_away(void **state)
{
	struct channel *channel = *state;
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	assert_int_equal(sigaction(SIGPIPE, &ignore, NULL), 0);
	assert_int_equal(close(channel->reader), 0);
	channel->reader = -1;
	report_note(&channel->report, "nobody hears this");
	assert_false(report_waits(&channel->report));
	assert_true(report_has_room(&channel->report));
	report_note(&channel->report, "nor this");
	report_flush(&channel->report);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(each_event_is_a_line_that_reads_back, setup,
	                                        teardown),
	        cmocka_unit_test_setup_teardown(an_end_that_the_lab_wants_is_told_as_expected,
	                                        setup, teardown),
	        cmocka_unit_test_setup_teardown(a_full_pipe_makes_programs_wait_and_loses_nothing,
	                                        setup, teardown),
	        cmocka_unit_test_setup_teardown(a_read_full_of_newlines_fits_whenever_there_is_room,
	                                        setup, teardown),
	        cmocka_unit_test_setup_teardown(without_a_reader_lines_are_thrown_away, setup,
	                                        teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
