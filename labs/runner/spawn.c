/* spawn.c: fork, prepare, exec; see spawn.h. The child tells its id, and why it could not execute,
 * through a pipe that the exec closes: no second message means that it runs. */
#include "runner/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"

enum { EXEC_FAILED = 127 }; /* the shell's exit status for it */

/* Back to what a program expects: we ignore SIGPIPE and take our signals from a descriptor. */
static int reset_signals(void)
{
	sigset_t none;
	struct sigaction as_usual = {.sa_handler = SIG_DFL};
	if (sigemptyset(&none) < 0 || sigaction(SIGPIPE, &as_usual, NULL) < 0)
		return -1;
	return sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Gives the three standard descriptors. All of ours are above 2 (front.c sees to it). */
static int place_descriptors(const struct spawn *spawn)
{
	const int standard[] = {spawn->in, spawn->out, spawn->err};
	for (int fd = 0; fd < 3; fd++) {
		if (standard[fd] != SPAWN_KEEP && dup2(standard[fd], fd) < 0)
			return -1;
	}
	for (int i = 0; i < spawn->n_pass; i++) {
		if (fcntl(spawn->pass[i], F_SETFD, 0) < 0) /* no longer close-on-exec */
			return -1;
	}
	return 0;
}

/* What the child tells. */
struct told {
	int own_id, error;
};

/* The kernel kills us when our parent dies; if it died before we asked, nobody would. A parent
 * outside our PID namespace has the id 0 here. */
static int die_with_parent(pid_t parent)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		return -1;
	if (getppid() == parent || getppid() == 0)
		return 0;
	errno = ESRCH;
	return -1;
}

/* Comes back only with errno set. A name is looked for in PATH; a path is executed as it is:
 * execvp() would hand a file that is no program to a shell. */
static void execute(const struct spawn *spawn)
{
	if (strchr(spawn->path, '/'))
		(void)execv(spawn->path, spawn->argv);
	else
		(void)execvp(spawn->path, spawn->argv);
}

static _Noreturn void become(const struct spawn *spawn, pid_t parent, int tell_fd)
{
	int own_id = getpid();
	(void)io_write_all(tell_fd, &own_id, sizeof own_id); /* the parent may be gone */
	if (setsid() >= 0 && reset_signals() == 0 && place_descriptors(spawn) == 0 &&
	    (!spawn->set_environment || spawn->set_environment(spawn->data) == 0) &&
	    (!spawn->elsewhere || setns(spawn->network_fd, CLONE_NEWNET) == 0) &&
	    (!spawn->prepare || spawn->prepare() == 0) && die_with_parent(parent) == 0)
		execute(spawn);
	int error = errno;
	(void)io_write_all(tell_fd, &error, sizeof error);
	_exit(EXEC_FAILED);
}

pid_t spawn_start(const struct spawn *spawn, pid_t *own_id)
{
	int tell[2], error = 0;
	struct told told = {0, 0};
	if (pipe2(tell, O_CLOEXEC) < 0)
		return -1;
	pid_t parent = getpid();
	pid_t pid = fork();
	if (pid == 0)
		become(spawn, parent, tell[1]);
	if (pid < 0)
		error = errno;
	(void)close(tell[1]); /* a pipe: nothing to lose */
	if (pid > 0 && io_read_full(tell[0], &told, sizeof told) == (ssize_t)sizeof told) {
		(void)waitpid(pid, NULL, 0); /* it is about to exit */
		error = told.error;
	}
	(void)close(tell[0]);
	if (own_id)
		*own_id = told.own_id;
	errno = error;
	return error ? -1 : pid;
}
