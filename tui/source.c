/* source.c: see source.h. */
#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/io.h"
#include "base/text.h"

enum { READ_END = 0, WRITE_END = 1, PIPE_BYTES = 1 << 20 };

static void clear(struct source *source)
{
	source->fd = source->errors_fd = -1;
	source->pid = 0;
	source->is_file = source->skipping = false;
	source->size = source->at = 0;
	source->begin = source->end = source->n_said = 0;
	source->said[0] = '\0';
}

static int make_nonblocking(int fd)
{
	int flags = fcntl(fd, F_GETFL);
	return flags < 0 ? -1 : fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

/* ---- beginning ---- */

int source_adopt(struct source *source, int fd, struct err *err)
{
	struct stat status;
	clear(source);
	if (fstat(fd, &status) < 0 || make_nonblocking(fd) < 0)
		return err_errno(err, _("cannot read events from descriptor %d"), fd);
	source->fd = fd;
	source->is_file = S_ISREG(status.st_mode);
	source->size = status.st_size > 0 ? (uint64_t)status.st_size : 0;
	return 0;
}

int source_open(struct source *source, const char *path, struct err *err)
{
	clear(source);
	int fd = strcmp(path, "-") == 0 ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
	                                : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return err_errno(err, _("cannot read %s"), path);
	if (source_adopt(source, fd, err) == 0)
		return 0;
	(void)close(fd); /* nothing was read */
	return -1;
}

/* In the child. It stands in a process group of its own: what is typed here does not reach it. */
static _Noreturn void become_tracer(const char *const argv[], int out, int errors)
{
	sigset_t none;
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	(void)sigemptyset(&none); /* cannot fail */
	(void)setpgid(0, 0);      /* not vital */
	if (sigprocmask(SIG_SETMASK, &none, NULL) == 0 && dup2(null, STDIN_FILENO) >= 0 &&
	    dup2(out, STDOUT_FILENO) >= 0 && dup2(errors, STDERR_FILENO) >= 0)
		(void)execv(
		        argv[0],
		        (char *const *)(const void *)argv); /* returns only when it has failed */
	static const char words[] = "cannot be run\n";
	(void)io_write_all(STDERR_FILENO, words, sizeof words - 1); /* the last that we can do */
	_exit(127);
}

static void close_pipe(const int *ends)
{
	(void)close(ends[READ_END]); /* nothing was written */
	(void)close(ends[WRITE_END]);
}

int source_start(struct source *source, const char *const argv[], struct err *err)
{
	int out[2], errors[2];
	clear(source);
	if (pipe2(out, O_CLOEXEC) < 0)
		return err_errno(err, _("cannot make a pipe"));
	if (pipe2(errors, O_CLOEXEC) < 0) {
		close_pipe(out);
		return err_errno(err, _("cannot make a pipe"));
	}
	source->pid = fork();
	if (source->pid == 0)
		become_tracer(argv, out[WRITE_END], errors[WRITE_END]);
	if (source->pid < 0 || make_nonblocking(out[READ_END]) < 0 ||
	    make_nonblocking(errors[READ_END]) < 0) {
		(void)err_errno(err, _("cannot start %s"), argv[0]);
		close_pipe(out);
		close_pipe(errors);
		source->pid = source->pid < 0 ? 0 : source->pid;
		return -1;
	}
	(void)fcntl(out[READ_END], F_SETPIPE_SZ, PIPE_BYTES); /* fewer turns; less will do too */
	(void)close(out[WRITE_END]);                          /* the tracer has them now */
	(void)close(errors[WRITE_END]);
	source->fd = out[READ_END];
	source->errors_fd = errors[READ_END];
	return 0;
}

/* ---- lines ---- */

static void end_of_input(struct source *source)
{
	(void)close(source->fd); /* it was only read */
	source->fd = -1;
}

/* Makes room and reads once. False: nothing came. */
static bool fill(struct source *source)
{
	memmove(source->bytes, source->bytes + source->begin, source->end - source->begin);
	source->end -= source->begin;
	source->begin = 0;
	if (source->end == sizeof source->bytes) { /* longer than any event */
		source->skipping = true;
		source->end = 0;
	}
	ssize_t n;
	do {
		n = read(source->fd, source->bytes + source->end,
		         sizeof source->bytes - source->end);
	} while (n < 0 && errno == EINTR);
	if (n > 0) {
		source->end += (size_t)n;
		source->at += (uint64_t)n;
		return true;
	}
	if (n == 0 || errno != EAGAIN)
		end_of_input(source);
	return false;
}

/* A whole line of what has been read, or NULL. */
static const char *take(struct source *source, size_t *n)
{
	const char *line = source->bytes + source->begin;
	const char *end = memchr(line, '\n', source->end - source->begin);
	if (!end)
		return NULL;
	*n = (size_t)(end - line);
	source->begin += *n + 1;
	if (!source->skipping)
		return line;
	source->skipping = false; /* the end of the line that was too long: no event either */
	*n = 0;
	return line;
}

const char *source_line(struct source *source, size_t *n)
{
	for (;;) {
		const char *line = take(source, n);
		if (line)
			return line;
		if (source->fd < 0 || !fill(source))
			break;
	}
	if (source->fd >= 0 || source->begin == source->end)
		return NULL;
	*n = source->end - source->begin; /* the last line may lack its newline */
	const char *line = source->bytes + source->begin;
	source->begin = source->end;
	return line;
}

/* ---- the tracer's own words, and its end ---- */

void source_listen(struct source *source)
{
	char bytes[256];
	ssize_t n;
	while (source->errors_fd >= 0) {
		n = read(source->errors_fd, bytes, sizeof bytes);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n <= 0) {
			(void)close(source->errors_fd); /* at its end */
			source->errors_fd = -1;
			return;
		}
		size_t room = sizeof source->said - 1 - source->n_said;
		size_t used = (size_t)n < room ? (size_t)n : room;
		memcpy(source->said + source->n_said, bytes, used);
		source->n_said += used;
		source->said[source->n_said] = '\0';
	}
}

/* The first line of what the tracer said, without its name. */
static void add_said(struct text *t, const struct source *source)
{
	static const char name[] = "wirelab-trace: ";
	const char *said = source->said;
	if (strncmp(said, name, sizeof name - 1) == 0)
		said += sizeof name - 1;
	text_add_safe(t, said, strcspn(said, "\n"));
}

int source_finish(struct source *source, struct err *err)
{
	int status;
	TEXT(said, 512);
	source_listen(source);
	add_said(&said, source);
	if (source->pid == 0)
		return 0;
	pid_t pid;
	do {
		pid = waitpid(source->pid, &status, 0);
	} while (pid < 0 && errno == EINTR);
	source->pid = 0;
	if (pid < 0)
		return err_errno(err, _("cannot wait for the tracer"));
	if (WIFSIGNALED(status))
		return err_set(
		        err, _("the tracer was killed by signal %d (%s): what is shown ends here"),
		        WTERMSIG(status), strsignal(WTERMSIG(status)));
	if (WEXITSTATUS(status) == 0)
		return 0;
	return err_set(err, "%s", said.len > 0 ? said.bytes : _("the tracer has failed"));
}

void source_release(struct source *source)
{
	if (source->fd >= 0)
		end_of_input(source);
	if (source->errors_fd >= 0)
		(void)close(source->errors_fd); /* it was only read */
	source->errors_fd = -1;
	if (source->pid <= 0)
		return;
	(void)kill(source->pid, SIGTERM); /* it may have ended by itself */
	while (waitpid(source->pid, NULL, 0) < 0 && errno == EINTR)
		;
	source->pid = 0;
}
