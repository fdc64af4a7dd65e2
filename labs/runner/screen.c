/* screen.c: see screen.h. */
#include "runner/screen.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/io.h"

enum { READ_END = 0, WRITE_END = 1, NUMBER_TEXT = 16, MAX_WORDS = 8 };

int screen_prepare(struct screen *screen, struct run_plan *plan, struct err *err)
{
	*screen = (struct screen){.events = {-1, -1}, .words_fd = -1, .wire = {-1, -1}};
	if (pipe2(screen->events, O_CLOEXEC) < 0)
		return err_errno(err, _("cannot make a pipe"));
	screen->words_fd = memfd_create("wirelab-words", MFD_CLOEXEC);
	if (screen->words_fd < 0)
		return err_errno(err, _("cannot make a file in memory"));
	if (!plan->wire)
		return 0;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, screen->wire) < 0)
		return err_errno(err, _("cannot make a socket pair"));
	plan->wire_control_fd = screen->wire[WRITE_END];
	return 0;
}

static void close_end(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd); /* a pipe or memory: nothing can be lost */
	*fd = -1;
}

int screen_redirect(struct screen *screen)
{
	if (dup2(screen->events[WRITE_END], STDOUT_FILENO) < 0 ||
	    dup2(screen->words_fd, STDERR_FILENO) < 0)
		return -1;
	close_end(&screen->events[READ_END]); /* so that a write tells when the TUI has gone */
	close_end(&screen->wire[READ_END]);   /* likewise */
	close_end(&screen->events[WRITE_END]);
	close_end(&screen->words_fd);
	return 0;
}

/* In the child: signals as usual, the read end stays open, and it ends when we do. */
static _Noreturn void become_tui(const struct screen *screen, const struct run_plan *plan,
                                 pid_t parent)
{
	static char name[] = "wirelab-tui", events[] = "--events-fd", pace[] = "--pace";
	static char wire[] = "--wire-fd", hold[] = "--hold";
	char number[NUMBER_TEXT], wire_number[NUMBER_TEXT];
	char *words[MAX_WORDS + 1] = {name, events, number};
	int n = 3;
	sigset_t none;
	(void)snprintf(number, sizeof number, "%d", screen->events[READ_END]); /* always fits */
	(void)snprintf(wire_number, sizeof wire_number, "%d", screen->wire[READ_END]);
	if (screen->wire[READ_END] >= 0) {
		words[n++] = wire;
		words[n++] = wire_number;
	}
	if (plan->step)
		words[n++] = hold;
	if (plan->pace) {
		words[n++] = pace;
		words[n++] = plan->pace;
	}
	(void)sigemptyset(&none); /* cannot fail */
	if (sigprocmask(SIG_SETMASK, &none, NULL) == 0 && prctl(PR_SET_PDEATHSIG, SIGTERM) == 0 &&
	    getppid() == parent && fcntl(screen->events[READ_END], F_SETFD, 0) == 0 &&
	    (screen->wire[READ_END] < 0 || fcntl(screen->wire[READ_END], F_SETFD, 0) == 0))
		(void)execv(plan->tui, words); /* returns only when it has failed */
	perror(plan->tui);
	_exit(2);
}

int screen_start(struct screen *screen, const struct run_plan *plan, struct err *err)
{
	pid_t parent = getpid();
	close_end(&screen->events[WRITE_END]); /* the supervisor has it */
	close_end(&screen->wire[WRITE_END]);   /* likewise */
	screen->pid = fork();
	if (screen->pid == 0)
		become_tui(screen, plan, parent);
	if (screen->pid < 0) {
		screen->pid = 0;
		return err_errno(err, _("cannot start a process"));
	}
	close_end(&screen->events[READ_END]);
	close_end(&screen->wire[READ_END]);
	return 0;
}

void screen_release(struct screen *screen)
{
	char bytes[4096];
	ssize_t n;
	off_t at = 0;
	while (screen->words_fd >= 0 &&
	       (n = pread(screen->words_fd, bytes, sizeof bytes, at)) > 0) {
		(void)io_write_all(STDERR_FILENO, bytes,
		                   (size_t)n); /* stderr: nowhere to complain */
		at += n;
	}
	close_end(&screen->events[READ_END]);
	close_end(&screen->events[WRITE_END]);
	close_end(&screen->words_fd);
	close_end(&screen->wire[READ_END]);
	close_end(&screen->wire[WRITE_END]);
}
