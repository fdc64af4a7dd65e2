/* report.c: event lines; see report.h. The time is taken here, from the clock that stamps the
 * frames too (CLOCK_REALTIME). */
#include "runner/report.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "runner/clock.h"
#include "runner/program.h"

/* One read() of LINE_BYTES can hold as many newlines: each an event of this size. Events other than
 * output are few, so a reserve of some lines is enough for them. */
enum { EMPTY_LINE_BYTES = 128, RESERVE = 64 * REPORT_LINE_MAX };

int report_init(struct report *report, int fd)
{
	*report = (struct report){.fd = fd, .bytes = malloc(REPORT_BYTES)};
	if (!report->bytes)
		return -1;
	return fcntl(fd, F_SETFL, O_NONBLOCK);
}

int64_t report_now(void)
{
	return clock_ns(CLOCK_REALTIME);
}

/* Moves what waits to the front, when the space behind it is short. */
static void make_room(struct report *report)
{
	if (REPORT_BYTES - report->len >= REPORT_LINE_MAX)
		return;
	memmove(report->bytes, report->bytes + report->at, report->len - report->at);
	report->len -= report->at;
	report->at = 0;
}

static void put(struct report *report, struct event *event)
{
	if (report->fd < 0 || !report->bytes)
		return;
	if (event->time_ns == 0)
		event->time_ns = report_now();
	make_room(report);
	struct text line = text_of(report->bytes + report->len, REPORT_BYTES - report->len);
	event_write(&line, event, NULL);
	if (!line.cut) /* half a line would spoil the stream */
		report->len += line.len;
	report_flush(report);
}

static void copy_text(char *to, size_t size, const char *bytes, size_t n)
{
	struct text t = text_of(to, size);
	text_add_bytes(&t, bytes, n);
}

void report_program(struct report *report, enum program_action action,
                    const struct program *program)
{
	struct event event = {.kind = EVENT_PROGRAM};
	struct program_event *told = &event.program;
	event.time_ns = action == PROGRAM_STARTED ? program->start_ns : 0; /* 0: now */
	told->action = action;
	told->host = program->side;
	told->pid = program->own_id;
	told->status = -1;
	copy_text(told->command, sizeof told->command, program->command, strlen(program->command));
	if (action == PROGRAM_SIGNALLED)
		told->signal = program->asked;
	if (action == PROGRAM_EXITED && WIFSIGNALED(program->wait_status))
		told->signal = WTERMSIG(program->wait_status);
	else if (action == PROGRAM_EXITED)
		told->status = WEXITSTATUS(program->wait_status);
	told->by_runner = program->asked != 0;
	if (action == PROGRAM_EXITED && !told->by_runner && program_status(program) != 0)
		told->expected = program_status(program) == program->expected;
	put(report, &event);
}

void report_output(struct report *report, enum side side, bool is_stderr, const char *bytes,
                   size_t n)
{
	struct event event = {.kind = EVENT_OUTPUT};
	event.output.host = side;
	event.output.is_stderr = is_stderr;
	copy_text(event.output.text, sizeof event.output.text, bytes, n);
	put(report, &event);
}

void report_wire(struct report *report, const struct wire_event *wire, int64_t time_ns)
{
	struct event event = {.kind = EVENT_WIRE, .time_ns = time_ns, .wire = *wire};
	put(report, &event);
}

void report_call(struct report *report, const struct call_event *call, int64_t time_ns)
{
	struct event event = {.kind = EVENT_CALL, .time_ns = time_ns, .call = *call};
	put(report, &event);
	report->n_returned += call->action == CALL_RETURNED;
}

void report_kernel(struct report *report, const struct kernel_event *sample, int64_t time_ns)
{
	struct event event = {.kind = EVENT_KERNEL, .time_ns = time_ns, .kernel = *sample};
	put(report, &event);
}

void report_note(struct report *report, const char *format, ...)
{
	struct event event = {.kind = EVENT_NOTE};
	struct text t = text_of(event.note.text, sizeof event.note.text);
	va_list args;
	va_start(args, format);
	text_addv(&t, format, args);
	va_end(args);
	put(report, &event);
}

bool report_has_room(const struct report *report)
{
	if (report->fd < 0)
		return true;
	size_t used = report->len - report->at;
	return REPORT_BYTES - used > RESERVE + LINE_BYTES * EMPTY_LINE_BYTES;
}

bool report_waits(const struct report *report)
{
	return report->fd >= 0 && report->at < report->len;
}

void report_flush(struct report *report)
{
	while (report_waits(report)) {
		ssize_t n = write(report->fd, report->bytes + report->at, report->len - report->at);
		if (n < 0 && errno == EAGAIN)
			return;
		if (n < 0 && errno != EINTR) {
			report_close(
			        report); /* EPIPE: the tracer has ended; the supervisor knows */
			return;
		}
		if (n > 0)
			report->at += (size_t)n;
	}
	report->at = report->len = 0;
}

void report_close(struct report *report)
{
	if (report->fd >= 0)
		(void)close(report->fd); /* a pipe; its reader decides what it got */
	report->fd = -1;
	report->at = report->len = 0;
	free(report->bytes);
	report->bytes = NULL;
}
