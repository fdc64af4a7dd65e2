/* program.c: one lab program; see program.h. Knows nothing of stages: supervisor.c decides when. */
#include "runner/program.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/io.h"
#include "base/text.h"
#include "runner/clock.h"
#include "runner/files.h"
#include "runner/limits.h"
#include "runner/privilege.h"
#include "runner/spawn.h"

enum { OUT = 0, ERR = 1, SIGNAL_STATUS = 128, READS_AT_ONCE = 256, OPTIONS_BYTES = 4096 };

/* Stands for a zero byte, at which the event's text would end; shown as U+FFFD. */
static const char NOT_UTF8 = (char)0xff;

struct environment {
	const struct program_options *options;
	enum side side;
};

void program_init(struct program *program, enum side side)
{
	*program = (struct program){.side = side};
	program->output[OUT].fd = -1;
	program->output[ERR].fd = -1;
	program->output[ERR].is_stderr = true;
}

/* The search for leaks traces the program by itself, which it cannot while we do; it would end with
 * an error. What the person has set stays. */
static int add_asan_option(void)
{
	char value[OPTIONS_BYTES];
	const char *old = getenv("ASAN_OPTIONS");
	int n = snprintf(value, sizeof value, "%s%sdetect_leaks=0", old ? old : "",
	                 old && old[0] ? ":" : "");
	if (n < 0 || (size_t)n >= sizeof value)
		return 0; /* then it is that long, and none of ours */
	return setenv("ASAN_OPTIONS", value, 1);
}

/* What would change which names are asked for, and how (man 5 resolv.conf). */
static int forget_resolver_options(void)
{
	static const char *const names[] = {"LOCALDOMAIN", "RES_OPTIONS", "HOSTALIASES"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (unsetenv(names[i]) < 0)
			return -1;
	return 0;
}

/* What libraries for TLS, curl and browsers know: a file to write their secrets to. */
static int set_keylog(int fd)
{
	char path[32];
	(void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd); /* always fits */
	return setenv("SSLKEYLOGFILE", path, 1);
}

static int set_environment(const void *data)
{
	const struct environment *environment = data;
	const struct program_options *options = environment->options;
	if (setenv("WIRELAB_HOST", options->host, 1) < 0 ||
	    setenv("WIRELAB_PORT", options->port, 1) < 0 ||
	    setenv("WIRELAB_ROLE", side_name(environment->side), 1) < 0)
		return -1;
	/* its output is a pipe: Python would keep it back, and lose it when it gets SIGTERM */
	if (setenv("PYTHONUNBUFFERED", "1", 0) < 0)
		return -1;
	if (options->calls->on && add_asan_option() < 0)
		return -1;
	if (options->keylog_fd >= 0 && set_keylog(options->keylog_fd) < 0)
		return -1;
	if (!options->private_tmp)
		return 0;
	/* the home is read-only: `go run` and the like keep their caches where they can write */
	if (setenv("TMPDIR", "/tmp", 1) < 0 || setenv("XDG_CACHE_HOME", "/tmp/.cache", 1) < 0)
		return -1;
	return forget_resolver_options();
}

/* A pipe that already holds the whole input (a lab.conf's line: far below a pipe's 64 KiB). */
static int input_open(const char *input)
{
	int ends[2];
	if (input[0] == '\0')
		return open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	int result = io_write_all(ends[1], input, strlen(input));
	(void)close(ends[1]); /* a pipe: the program sees end of file behind the input */
	if (result == 0)
		return ends[0];
	(void)close(ends[0]);
	return -1;
}

/* A pipe for one output: our end does not block, the program's does. Returns its end, or -1. */
static int output_open(struct lines *lines)
{
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	lines->fd = ends[0];
	if (fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0)
		return ends[1];
	(void)close(ends[1]);
	return -1;
}

/* The lab's own program of that name, or the name as it is. */
static const char *find_program(char *path, size_t size, const struct program_options *options)
{
	const char *name = options->words->argv[0];
	if (!options->folder || strchr(name, '/'))
		return name;
	int n = snprintf(path, size, "%s/%s", options->folder, name);
	return n > 0 && (size_t)n < size && access(path, F_OK) == 0 ? path : name;
}

static int cannot_run(const char *path, const struct program_options *options, struct err *err)
{
	if (errno == ENOENT && options->folder)
		return err_set(err, _("cannot run %s: it is not in %s; build it with `make`"), path,
		               options->folder);
	if (!strchr(path, '/') && (errno == ENOENT || errno == EACCES))
		return err_set(
		        err,
		        _("cannot run %s: PATH has no such program that you may run; one of this "
		          "folder is called ./%s"),
		        path, path);
	if (errno == ENOENT)
		return err_set(err,
		               _("cannot run %s: there is no such file, or its interpreter is "
		                 "missing; the path counts from where you call wirelab"),
		               path);
	if (errno == EACCES && files_is_c(path))
		return err_set(err, _("cannot run %s: it is a C file; run what cc makes of it"),
		               path);
	if (errno == EACCES)
		return err_set(err, _("cannot run %s: it may not be executed; try chmod +x"), path);
	if (errno == ENOEXEC)
		return err_set(err,
		               _("cannot run %s: it is neither a program of this machine nor a "
		                 "script that begins with #!"),
		               path);
	return err_errno(err, _("cannot run %s"), path);
}

static void remember_command(struct program *program, const struct words *words)
{
	struct text t = text_of(program->command, sizeof program->command);
	for (int i = 0; i < words->n; i++) {
		text_add(&t, i ? " " : "");
		text_add(&t, words->argv[i]);
	}
}

static void close_all(const int *fds, int n)
{
	for (int i = 0; i < n; i++) {
		if (fds[i] >= 0)
			(void)close(fds[i]); /* pipes and /dev/null: nothing to lose */
	}
}

int program_start(struct program *program, const struct program_options *options,
                  struct report *report, struct err *err)
{
	char found[PATH_MAX];
	const char *path = find_program(found, sizeof found, options);
	struct environment environment = {options, program->side};
	int ends[] = {input_open(options->input), output_open(&program->output[OUT]),
	              output_open(&program->output[ERR])};
	program->expected = options->expected;
	remember_command(program, options->words);
	if (ends[0] < 0 || ends[1] < 0 || ends[2] < 0) {
		close_all(ends, 3);
		return err_errno(err, _("cannot make a pipe for %s"), path);
	}
	program->start_ns = report_now(); /* it may be far ahead when we hear that it runs */
	struct spawn spawn = {
	        .path = path,
	        .argv = options->words->argv,
	        .in = ends[0],
	        .out = ends[1],
	        .err = ends[2],
	        .elsewhere = options->network_fd >= 0,
	        .network_fd = options->network_fd,
	        .prepare = options->confined ? limits_confine_self : privilege_none,
	        .set_environment = set_environment,
	        .data = &environment,
	        .attach = options->calls->on ? calls_attach : NULL,
	        .tracer = options->calls,
	        .confine = calls_confine_self,
	};
	if (options->keylog_fd >= 0)
		spawn.pass[spawn.n_pass++] = options->keylog_fd;
	struct spawn_told told;
	pid_t pid = spawn_start(&spawn, &told);
	int error = errno;
	close_all(ends, 3);
	errno = error;
	if (pid < 0)
		return cannot_run(path, options, err);
	program->pid = pid;
	program->own_id = told.own_id;
	report_program(report, PROGRAM_STARTED, program);
	calls_follow(options->calls, pid, program->side, told.confine_error);
	return 0;
}

static void flush_line(struct program *program, struct lines *lines, struct report *report)
{
	report_output(report, program->side, lines->is_stderr, lines->bytes, lines->len);
	lines->len = 0;
}

static void add_bytes(struct program *program, struct lines *lines, const char *bytes, size_t n,
                      struct report *report)
{
	for (size_t i = 0; i < n; i++) {
		if (bytes[i] == '\n') {
			flush_line(program, lines, report);
			continue;
		}
		if (lines->len == sizeof lines->bytes)
			flush_line(program, lines, report);
		lines->bytes[lines->len++] = bytes[i] ? bytes[i] : NOT_UTF8;
	}
}

static void end_output(struct program *program, struct lines *lines, struct report *report)
{
	if (lines->len > 0)
		flush_line(program, lines, report);
	(void)close(lines->fd); /* a pipe, read to its end */
	lines->fd = -1;
}

void program_read(struct program *program, int output, struct report *report)
{
	struct lines *lines = &program->output[output];
	char bytes[LINE_BYTES]; /* at worst all newlines: report_has_room() counts on it */
	for (int i = 0; i < READS_AT_ONCE && lines->fd >= 0 && report_has_room(report); i++) {
		ssize_t n = read(lines->fd, bytes, sizeof bytes);
		if (n > 0)
			add_bytes(program, lines, bytes, (size_t)n, report);
		else if (n < 0 && errno == EINTR)
			continue;
		else if (n < 0 && errno == EAGAIN)
			return;
		else
			end_output(program, lines, report);
	}
}

void program_ended(struct program *program, int wait_status, struct report *report)
{
	program->ended = true;
	program->wait_status = wait_status;
	for (int i = 0; i < 2; i++) {
		program_read(program, i, report);
		if (program->output[i].len > 0) /* a child of its may hold the pipe open */
			flush_line(program, &program->output[i], report);
	}
	report_program(report, PROGRAM_EXITED, program);
}

bool program_runs(const struct program *program)
{
	return program->pid > 0 && !program->ended;
}

void program_signal(struct program *program, int signal, struct report *report)
{
	if (!program_runs(program))
		return;
	program->asked = signal;
	report_program(report, PROGRAM_SIGNALLED, program);
	(void)kill(-program->pid, signal); /* its session's group; it may just have ended */
}

void program_kill_rest(const struct program *program)
{
	if (program->ended)
		(void)kill(-program->pid, SIGKILL); /* most often there is nobody left */
}

int program_status(const struct program *program)
{
	return WIFSIGNALED(program->wait_status) ? SIGNAL_STATUS + WTERMSIG(program->wait_status)
	                                         : WEXITSTATUS(program->wait_status);
}

bool program_proc_is_ours(int proc_fd)
{
	char self[16];
	ssize_t n = readlinkat(proc_fd, "self", self, sizeof self - 1);
	self[n > 0 ? n : 0] = '\0';
	return strtol(self, NULL, 10) == getpid();
}

bool program_sleeps(const struct program *program, int proc_fd)
{
	char path[32], stat[512];
	(void)snprintf(path, sizeof path, "%d/stat", (int)program->pid); /* always fits */
	int fd = program_proc_is_ours(proc_fd) ? openat(proc_fd, path, O_RDONLY | O_CLOEXEC) : -1;
	if (fd < 0)
		return true;
	ssize_t n = io_read_full(fd, stat, sizeof stat - 1);
	(void)close(fd); /* was only read */
	stat[n > 0 ? n : 0] = '\0';
	const char *name_end = strrchr(stat, ')'); /* "12 (name) S …": a name may hold anything */
	/* runs, waits for a disk, or is stopped for us at a call, which goes on at once */
	return !name_end || !strchr("RDt", name_end[1] ? name_end[2] : 'R');
}

int64_t program_busy_ns(const struct program *program)
{
	clockid_t clock;
	if (!program_runs(program) || clock_getcpuclockid(program->pid, &clock) != 0)
		return 0;
	return clock_ns(clock); /* not reaped yet: its clock is there */
}

bool program_is_open(const struct program *program)
{
	return program->output[OUT].fd >= 0 || program->output[ERR].fd >= 0;
}

void program_release(struct program *program)
{
	for (int i = 0; i < 2; i++) {
		if (program->output[i].fd >= 0)
			(void)close(program->output[i].fd); /* a pipe: nothing to lose */
		program->output[i].fd = -1;
	}
}
