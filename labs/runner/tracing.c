/* tracing.c: see tracing.h. The command line built here is the contract with tracer/main.c. */
#include "runner/tracing.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "base/i18n.h"
#include "runner/privilege.h"
#include "runner/spawn.h"

enum { MAX_ARGUMENTS = 30, NUMBER_TEXT = 16, READ_END = 0, WRITE_END = 1 };

struct arguments {
	const char *all[MAX_ARGUMENTS + 1];
	int n;
	char events[NUMBER_TEXT], ready[NUMBER_TEXT], save[NUMBER_TEXT], wire[NUMBER_TEXT];
	char keylog[NUMBER_TEXT];
};

static void add(struct arguments *arguments, const char *word)
{
	arguments->all[arguments->n++] = word;
}

static void add_number(struct arguments *arguments, const char *option, char *storage, int number)
{
	(void)snprintf(storage, NUMBER_TEXT, "%d", number); /* always fits */
	add(arguments, option);
	add(arguments, storage);
}

/* The tracer's ends of the pipes; -1: there is none. */
struct tracer_ends {
	int events_fd, ready_fd, wire_fd, keylog_fd;
};

static void build_arguments(struct arguments *arguments, const struct run_plan *plan,
                            const struct tracer_ends *ends)
{
	static const char *const loopback[] = {"-i", "lo", "-s", "0"};
	add(arguments, "wirelab-trace");
	for (size_t i = 0; ends->wire_fd < 0 && i < sizeof loopback / sizeof *loopback; i++)
		add(arguments, loopback[i]);
	if (ends->wire_fd >= 0)
		add_number(arguments, "--wire", arguments->wire, ends->wire_fd);
	add(arguments, "-o");
	add(arguments, plan->format);
	if (plan->quiet)
		add(arguments, "-q");
	if (plan->screen)
		add(arguments, "--screen");
	if (ends->keylog_fd >= 0)
		add_number(arguments, "--keylog-fd", arguments->keylog, ends->keylog_fd);
	if (plan->save) {
		add_number(arguments, "--write-fd", arguments->save, plan->save_fd);
		add(arguments, "-w");
		add(arguments, plan->save);
	}
	add_number(arguments, "--events", arguments->events, ends->events_fd);
	add_number(arguments, "--ready", arguments->ready, ends->ready_fd);
	add(arguments, "--session");
	add(arguments, plan->lab->id);
	if (plan->host) { /* on the machine's loopback others talk too */
		add(arguments, "port");
		add(arguments, plan->port_text);
	}
}

static pid_t spawn_tracer(const struct run_plan *plan, const struct tracer_ends *ends)
{
	struct arguments arguments = {.n = 0};
	build_arguments(&arguments, plan, ends);
	struct spawn spawn = {
	        .path = plan->tracer,
	        .argv = (char *const *)(const void *)arguments.all,
	        .in = SPAWN_KEEP,
	        .out = SPAWN_KEEP,
	        .err = SPAWN_KEEP,
	        .pass = {ends->events_fd, ends->ready_fd},
	        .n_pass = 2,
	        .prepare = plan->host ? privilege_capture_by_file : privilege_capture_only,
	};
	if (plan->save)
		spawn.pass[spawn.n_pass++] = plan->save_fd;
	if (ends->keylog_fd >= 0)
		spawn.pass[spawn.n_pass++] = ends->keylog_fd;
	if (ends->wire_fd >= 0) {
		spawn.pass[spawn.n_pass++] = ends->wire_fd;
		spawn.prepare = privilege_none;
	}
	return spawn_start(&spawn, NULL);
}

static void close_pipe(const int *ends)
{
	(void)close(ends[READ_END]); /* nothing was written */
	(void)close(ends[WRITE_END]);
}

int tracing_start(struct tracing *tracing, const struct run_plan *plan,
                  const struct tracing_inputs *inputs, struct report *report, struct err *err)
{
	int events[2], ready[2];
	if (pipe2(events, O_CLOEXEC) < 0)
		return err_errno(err, _("cannot make a pipe"));
	if (pipe2(ready, O_CLOEXEC) < 0) {
		close_pipe(events);
		return err_errno(err, _("cannot make a pipe"));
	}
	const struct tracer_ends ends = {events[READ_END], ready[WRITE_END], inputs->wire_fd,
	                                 inputs->keylog_fd};
	pid_t pid = spawn_tracer(plan, &ends);
	if (pid < 0) {
		(void)err_errno(err, _("cannot run %s (built with `make`?)"), plan->tracer);
		close_pipe(events);
		close_pipe(ready);
		return -1;
	}
	(void)close(events[READ_END]); /* the tracer has it now */
	(void)close(ready[WRITE_END]);
	tracing->pid = pid;
	tracing->ready_fd = ready[READ_END];
	if (report_init(report, events[WRITE_END]) < 0)
		return err_errno(err, _("cannot talk to the tracer"));
	return 0;
}

void tracing_read_ready(struct tracing *tracing)
{
	char bytes[16];
	ssize_t n = read(tracing->ready_fd, bytes, sizeof bytes);
	if (n < 0 && errno == EINTR)
		return;
	if (n > 0) {
		tracing->ready = true; /* the only thing it has to say */
		return;
	}
	(void)close(tracing->ready_fd); /* at its end */
	tracing->ready_fd = -1;
}

void tracing_signal(const struct tracing *tracing, int signal)
{
	if (tracing->pid > 0 && !tracing->ended)
		(void)kill(tracing->pid, signal); /* it may just have ended */
}
