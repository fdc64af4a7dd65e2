/* quiet_run.c: see quiet_run.h. The child is what `wirelab run` would be; its standard output is a
 * pipe to us, and what it says goes to a file in memory. */
#include "runner/quiet_run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/io.h"
#include "runner/front.h"

enum { ENVIRONMENT = 2, ROOM = 2 * EVENT_LINE_MAX };

struct reader {
	struct run_record *record;
	int fd;        /* of the pipe */
	int said_fd;   /* of the file */
	int signal_fd; /* what a person asks for */
	pid_t child;
	size_t n;
	char bytes[ROOM]; /* of which n wait for their line's end */
};

/* It ends when we do, also when that was before it could ask for it. */
static _Noreturn void become_run(struct run_plan *plan, int out, int said, pid_t parent)
{
	struct err err;
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) < 0 || getppid() != parent || null < 0 ||
	    dup2(null, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 ||
	    dup2(said, STDERR_FILENO) < 0 || front_tidy_descriptors() < 0)
		_exit(ENVIRONMENT);
	int status = front_run(plan, &err);
	if (status < 0)
		(void)dprintf(STDERR_FILENO, "%s\n", err.message); /* a file in memory */
	_exit(status < 0 ? ENVIRONMENT : status);
}

/* Takes all whole lines out of the buffer. */
static int take_lines(struct reader *reader)
{
	char *line = reader->bytes, *end = reader->bytes + reader->n, *newline;
	while ((newline = memchr(line, '\n', (size_t)(end - line))) != NULL) {
		if (run_record_line(reader->record, line, (size_t)(newline - line)) < 0)
			return -1;
		line = newline + 1;
	}
	reader->n = (size_t)(end - line);
	memmove(reader->bytes, line, reader->n);
	return 0;
}

/* 1: there may be more; 0: the end; -1 with errno. */
static int read_more(struct reader *reader)
{
	if (reader->n == ROOM)
		reader->n = 0; /* no line of the stream is that long */
	ssize_t n = read(reader->fd, reader->bytes + reader->n, ROOM - reader->n);
	if (n < 0)
		return errno == EINTR ? 1 : -1;
	reader->n += (size_t)n;
	if (take_lines(reader) < 0)
		return -1;
	return n > 0;
}

static void end_child(struct reader *reader, bool *why)
{
	if (!*why)
		(void)kill(reader->child, SIGTERM); /* not reaped yet: the id is still its own */
	*why = true;
}

/* Taken from the descriptor, or it would be ours when signals are let through again. */
static void on_signal(struct reader *reader, struct quiet_end *end)
{
	struct signalfd_siginfo info;
	if (read(reader->signal_fd, &info, sizeof info) == (ssize_t)sizeof info)
		end_child(reader, &end->interrupted);
}

static int read_all(struct reader *reader, struct quiet_end *end)
{
	int result = 1;
	while (result > 0) {
		struct pollfd fds[] = {
		        {.fd = reader->fd, .events = POLLIN},
		        {.fd = end->interrupted ? -1 : reader->signal_fd, .events = POLLIN}};
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return -1;
		if (fds[1].revents)
			on_signal(reader, end);
		if (fds[0].revents)
			result = read_more(reader);
		if (run_record_is_full(reader->record))
			end_child(reader, &end->too_much);
	}
	return result;
}

/* Lines that begin with "wirelab: " lose it. The option is named in no other message. */
static void read_said(int fd, struct quiet_end *end)
{
	static const char name[] = "wirelab: ";
	ssize_t n = pread(fd, end->said, sizeof end->said - 1, 0);
	end->said[n > 0 ? n : 0] = '\0';
	size_t len = strlen(end->said);
	while (len > 0 && end->said[len - 1] == '\n')
		end->said[--len] = '\0';
	if (strncmp(end->said, name, strlen(name)) == 0)
		memmove(end->said, end->said + strlen(name), len - strlen(name) + 1);
	end->timed_out = end->status != 0 && strstr(end->said, "(--timeout)") != NULL;
}

static int reap(pid_t child)
{
	int status;
	while (waitpid(child, &status, 0) < 0) {
		if (errno != EINTR)
			return ENVIRONMENT;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : ENVIRONMENT;
}

/* The signals that ask us to end come from a descriptor until the run has ended. */
static int hold_signals(sigset_t *before, int *fd)
{
	sigset_t set;
	if (sigemptyset(&set) < 0 || sigaddset(&set, SIGINT) < 0 || sigaddset(&set, SIGTERM) < 0 ||
	    sigaddset(&set, SIGHUP) < 0 || sigprocmask(SIG_BLOCK, &set, before) < 0)
		return -1;
	*fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return *fd;
}

static int run(struct run_plan *plan, struct reader *reader, struct quiet_end *end)
{
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	(void)fflush(NULL); /* or the child would have a copy of what waits */
	pid_t parent = getpid();
	reader->child = fork();
	if (reader->child == 0)
		become_run(plan, ends[1], reader->said_fd, parent);
	(void)close(ends[1]); /* the child has it */
	reader->fd = ends[0];
	int result = reader->child < 0 ? -1 : read_all(reader, end);
	(void)close(ends[0]); /* only read from */
	if (reader->child > 0)
		end->status = reap(reader->child);
	return result;
}

int quiet_run(struct run_plan *plan, struct run_record *record, struct quiet_end *end,
              struct err *err)
{
	sigset_t before;
	struct reader *reader = calloc(1, sizeof *reader);
	*end = (struct quiet_end){.status = ENVIRONMENT};
	if (!reader)
		return err_errno(err, _("no memory"));
	reader->record = record;
	reader->said_fd = memfd_create("wirelab said", MFD_CLOEXEC);
	int result = -1;
	if (reader->said_fd >= 0 && hold_signals(&before, &reader->signal_fd) >= 0) {
		result = run(plan, reader, end);
		if (result < 0)
			(void)err_errno(err, _("cannot run the lab"));
		read_said(reader->said_fd, end);
		(void)close(reader->signal_fd); /* nothing is lost: signals stay pending */
		(void)sigprocmask(SIG_SETMASK, &before, NULL); /* valid: it was ours */
	} else {
		(void)err_errno(err, _("cannot prepare the run"));
	}
	if (reader->said_fd >= 0)
		(void)close(reader->said_fd); /* has been read */
	free(reader);
	return result;
}
