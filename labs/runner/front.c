/* front.c: see front.h. Ctrl-C once asks the supervisor to end the run; twice kills it, and all
 * with it. Whatever kills this process ends the run too: the supervisor dies with it. */
#include "runner/front.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/io.h"
#include "runner/hostmode.h"
#include "runner/hosts.h"
#include "runner/screen.h"
#include "runner/supervisor.h"

enum { OURS = 0, THEIRS = 1 };
enum { FAILED = 1, ENVIRONMENT = 2 }; /* exit statuses */

#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC 4
#endif

struct front {
	pid_t supervisor;
	int control_fd;
	int signal_fd;
	int stops; /* how often the person has asked to stop */
	bool has_screen;
	struct screen screen;
	bool ended; /* the supervisor has; how is in wait_status */
	int wait_status;
};

int front_tidy_descriptors(void)
{
	int fd;
	do {
		fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	} while (fd >= 0 && fd <= 2 && fcntl(fd, F_SETFD, 0) == 0);
	if (fd < 0)
		return -1;
	(void)close(fd);
#ifdef SYS_close_range
	(void)syscall(SYS_close_range, 3U, ~0U, CLOSE_RANGE_CLOEXEC); /* since 5.11; else no harm */
#endif
	return 0;
}

/* From here on the signals come from a descriptor. A SIGHUP that nohup has made us ignore stays
 * ignored; a SIGCHLD that somebody has made us ignore would hide how the supervisor ended. */
static int open_signals(struct front *front)
{
	sigset_t set;
	struct sigaction now, as_usual = {.sa_handler = SIG_DFL};
	if (sigemptyset(&set) < 0 || sigaddset(&set, SIGINT) < 0 || sigaddset(&set, SIGTERM) < 0 ||
	    sigaddset(&set, SIGCHLD) < 0 || sigaction(SIGCHLD, &as_usual, NULL) < 0 ||
	    sigaction(SIGHUP, NULL, &now) < 0)
		return -1;
	if (now.sa_handler != SIG_IGN && sigaddset(&set, SIGHUP) < 0)
		return -1;
	if (sigprocmask(SIG_SETMASK, &set, NULL) < 0)
		return -1;
	front->signal_fd = signalfd(-1, &set, SFD_CLOEXEC);
	return front->signal_fd;
}

static void on_stop(struct front *front)
{
	front->stops++;
	if (front->stops == 1)
		(void)send(front->control_fd, SUPERVISOR_STOP, 1,
		           MSG_NOSIGNAL); /* it may have ended */
	else
		(void)kill(front->supervisor,
		           SIGKILL); /* not reaped yet: the id is still its own */
}

/* The run's exit status, when the supervisor has ended. */
static int status_of(const struct front *front, int wait_status)
{
	if (WIFEXITED(wait_status))
		return WEXITSTATUS(wait_status);
	if (front->stops > 1) {
		(void)fprintf(stderr, _("wirelab: ended at once; its output is not complete\n"));
		return FAILED;
	}
	(void)fprintf(
	        stderr,
	        _("wirelab: the supervisor was killed by signal %d (%s), and the run with it; "
	          "its output is not complete\n"),
	        WTERMSIG(wait_status), strsignal(WTERMSIG(wait_status)));
	return ENVIRONMENT;
}

/* A child has ended: the supervisor, or the TUI, which ends the run too. */
static void on_child(struct front *front)
{
	struct screen *screen = &front->screen;
	if (!front->ended &&
	    waitpid(front->supervisor, &front->wait_status, WNOHANG) == front->supervisor)
		front->ended = true;
	if (screen->pid <= 0 || waitpid(screen->pid, NULL, WNOHANG) != screen->pid)
		return;
	screen->pid = 0;
	if (!front->ended && front->stops == 0)
		on_stop(front);
}

/* A signal asks to end: so must the TUI. */
static void on_signal(struct front *front)
{
	if (front->screen.pid > 0)
		(void)kill(front->screen.pid, SIGTERM); /* it may just have ended */
	if (!front->ended)
		on_stop(front);
}

/* Until the supervisor has ended, and the person has seen enough. */
static int wait_for_supervisor(struct front *front)
{
	while (!front->ended || front->screen.pid > 0) {
		struct signalfd_siginfo info;
		if (io_read_full(front->signal_fd, &info, sizeof info) != (ssize_t)sizeof info)
			return ENVIRONMENT; /* cannot happen: the descriptor is ours and blocks */
		if (info.ssi_signo == SIGCHLD)
			on_child(front);
		else
			on_signal(front);
	}
	return status_of(front, front->wait_status);
}

static _Noreturn void become_supervisor(const struct run_plan *plan,
                                        const struct identity *identity, struct front *front,
                                        const int *control)
{
	if (front->has_screen && screen_redirect(&front->screen) < 0)
		_exit(ENVIRONMENT);
	(void)close(control[OURS]); /* so that its end of file tells that front.c has died */
	(void)close(front->signal_fd);
	int status = supervisor_main(plan, plan->host ? NULL : identity, control[THEIRS]);
	(void)fflush(NULL); /* stderr is unbuffered; nothing else was written */
	_exit(status);
}

/* Makes the supervisor: process 1 of new namespaces, or in host mode a plain child. */
static int start_supervisor(struct front *front, const struct run_plan *plan, struct err *err)
{
	int control[2];
	struct identity identity;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, control) < 0)
		return err_errno(err, _("cannot make a socket pair"));
	front->supervisor = plan->host ? fork() : hosts_fork(&identity);
	if (front->supervisor == 0)
		become_supervisor(plan, &identity, front, control);
	int error = errno;
	(void)close(control[THEIRS]);
	front->control_fd = control[OURS];
	if (front->supervisor > 0)
		return 0;
	errno = error;
	return plan->host ? err_errno(err, _("cannot start a process")) : hosts_refused(error, err);
}

/* With a screen: the pipe before the supervisor, the TUI when there is something to show. */
static int start(struct front *front, struct run_plan *plan, struct err *err)
{
	front->has_screen = plan->screen;
	if (plan->screen && screen_prepare(&front->screen, plan, err) < 0)
		return -1;
	if (start_supervisor(front, plan, err) < 0)
		return -1;
	/* in host mode the programs see this process: it is closed to them (supervisor.c too) */
	if (plan->host && prctl(PR_SET_DUMPABLE, 0) < 0)
		return err_errno(err, _("cannot prepare the run"));
	if (!plan->screen || screen_start(&front->screen, plan, err) == 0)
		return 0;
	(void)kill(front->supervisor, SIGKILL); /* and all that it has started */
	return -1;
}

int front_run(struct run_plan *plan, struct err *err)
{
	struct front front = {.supervisor = -1};
	if (plan->host && (hostmode_port_is_free(plan->port, err) < 0))
		return -1;
	if (plan->host && hostmode_adopt_orphans() < 0)
		return err_errno(err, _("cannot prepare the run"));
	if (open_signals(&front) < 0)
		return err_errno(err, _("cannot wait for signals"));
	if (start(&front, plan, err) < 0)
		return -1;
	int status = wait_for_supervisor(&front);
	if (front.has_screen)
		screen_release(&front.screen);
	if (plan->host)
		hostmode_end_children(); /* if the supervisor was killed, they have fallen to us */
	return status;
}
