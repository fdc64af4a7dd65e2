/* spawn.c: fork, prepare, exec; see spawn.h. The child tells its id, and why it could not execute,
 * through a pipe that the exec closes: no last word means that it runs. */
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
#include "runner/descriptors.h"

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

/* What the child tells: that it is ready, or why not; then, before it executes, how its
 * confinement went; and then, only if it could not execute, why. */
struct ready {
	int own_id, error;
};
struct last_words {
	int confine_error, exec_error;
};

/* The pipes between the two: ends of ours and of the child. */
struct talk {
	int tell[2], go[2];
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

/* Who is to seize us must be allowed to look into us, and then any process of our user is: nothing
 * of the runner's may be left here but these two ends and what the program is to have. */
static int open_up(const struct spawn *spawn, int a, int b)
{
	int kept[SPAWN_MAX_PASS + 5] = {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO, a, b};
	size_t n = 5;
	for (int i = 0; i < spawn->n_pass; i++)
		kept[n++] = spawn->pass[i];
	descriptors_close_but(kept, n);
	return prctl(PR_SET_DUMPABLE, 1);
}

/* Waits to be seized. Why the confinement failed, 0: it did not, or there is none. */
static int wait_for_go(const struct spawn *spawn, int go_fd)
{
	char go = SPAWN_GO_ALONE;
	if (!spawn->attach || io_read_full(go_fd, &go, 1) != 1 || go != SPAWN_GO_TRACED)
		return 0;
	return spawn->confine() < 0 ? errno : 0;
}

static int prepare(const struct spawn *spawn, pid_t parent, const struct talk *talk)
{
	if (setsid() < 0 || reset_signals() < 0 || place_descriptors(spawn) < 0)
		return -1;
	if (spawn->set_environment && spawn->set_environment(spawn->data) < 0)
		return -1;
	if (spawn->elsewhere && setns(spawn->network_fd, CLONE_NEWNET) < 0)
		return -1;
	if (spawn->prepare && spawn->prepare() < 0)
		return -1;
	if (die_with_parent(parent) < 0)
		return -1;
	return spawn->attach ? open_up(spawn, talk->tell[1], talk->go[0]) : 0;
}

static _Noreturn void become(const struct spawn *spawn, pid_t parent, const struct talk *talk)
{
	struct ready ready = {.own_id = getpid()};
	if (prepare(spawn, parent, talk) < 0)
		ready.error = errno;
	(void)io_write_all(talk->tell[1], &ready, sizeof ready); /* the parent may be gone */
	if (ready.error == 0) {
		int error = wait_for_go(spawn, talk->go[0]);
		(void)io_write_all(talk->tell[1], &error, sizeof error);
		execute(spawn);
		error = errno;
		(void)io_write_all(talk->tell[1], &error, sizeof error);
	}
	_exit(EXEC_FAILED);
}

/* Hears how the child's start went. 0, or why it does not run. */
static int listen_to(const struct spawn *spawn, pid_t pid, const struct talk *talk,
                     struct spawn_told *told)
{
	struct ready ready = {0, 0};
	struct last_words last = {0, 0};
	ssize_t n = io_read_full(talk->tell[0], &ready, sizeof ready);
	if (n != (ssize_t)sizeof ready || ready.error != 0)
		return ready.error ? ready.error : ECHILD; /* killed before it could say why */
	bool there = !spawn->attach || spawn->attach(spawn->tracer, pid, talk->go[1]);
	n = io_read_full(talk->tell[0], &last, sizeof last);
	*told = (struct spawn_told){.own_id = ready.own_id, .confine_error = last.confine_error};
	if (n == (ssize_t)sizeof last)
		return last.exec_error;
	return there ? 0 : ECHILD;
}

static int open_talk(struct talk *talk)
{
	if (pipe2(talk->tell, O_CLOEXEC) < 0)
		return -1;
	if (pipe2(talk->go, O_CLOEXEC) == 0)
		return 0;
	(void)close(talk->tell[0]); /* pipes: nothing to lose, here and below */
	(void)close(talk->tell[1]);
	return -1;
}

pid_t spawn_start(const struct spawn *spawn, struct spawn_told *told)
{
	struct talk talk;
	struct spawn_told unused;
	if (open_talk(&talk) < 0)
		return -1;
	pid_t parent = getpid();
	pid_t pid = fork();
	if (pid == 0)
		become(spawn, parent, &talk);
	int error = pid < 0 ? errno : 0;
	(void)close(talk.tell[1]);
	if (pid > 0)
		error = listen_to(spawn, pid, &talk, told ? told : &unused);
	if (pid > 0 && error != 0)
		(void)waitpid(pid, NULL, 0); /* it is about to exit, or has been reaped */
	(void)close(talk.tell[0]);
	(void)close(talk.go[0]);
	(void)close(talk.go[1]);
	errno = error;
	return error ? -1 : pid;
}
