/* wire.c: see wire.h. The process is forked, not executed: its program is wire_io.c. Between the
 * two it gives up all that it does not need. */
#include "runner/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/i18n.h"
#include "capture/confine.h"
#include "runner/descriptors.h"
#include "runner/wire_io.h"

enum { OURS = 0, THEIRS = 1, READ_END = 0, WRITE_END = 1, N_KEPT = 6, ENVIRONMENT = 2 };
enum { LOG_PIPE_BYTES = 1024 * 1024 };

void wire_process_init(struct wire_process *process)
{
	*process = (struct wire_process){.told_fd = -1, .log_fd = -1};
}

/* In the child. Its name is what `ps` shows; it dies with the supervisor; it wakes up when it said,
 * not 50 us later. */
static int give_up_all_else(const struct wire_ends *ends, pid_t parent, struct err *err)
{
	int kept[N_KEPT] = {STDERR_FILENO, ends->cable_fd[CLIENT], ends->cable_fd[SERVER],
	                    ends->told_fd, ends->log_fd,           ends->control_fd};
	descriptors_close_but(kept, N_KEPT);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || (getppid() != parent && getppid() != 0) ||
	    prctl(PR_SET_NAME, "wirelab-wire") < 0 || prctl(PR_SET_TIMERSLACK, 1UL) < 0)
		return err_errno(err, _("cannot prepare the wire"));
	return 0;
}

static _Noreturn void become_wire(const struct run_plan *plan, const struct wire_ends *ends,
                                  pid_t parent)
{
	struct err err;
	int status = ENVIRONMENT;
	struct wire_io *io = NULL;
	if (give_up_all_else(ends, parent, &err) == 0)
		io = wire_io_new(&plan->faults, plan->step, ends, &err);
	if (io && confine_wire(&err) == 0)
		status = wire_io_run(io);
	else
		(void)fprintf(stderr, "wirelab: %s\n", err.message);
	_exit(status); /* frees and closes the rest */
}

static int make_pipes(int *told, int *log, struct err *err)
{
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, told) < 0)
		return err_errno(err, _("cannot make a socket pair"));
	if (pipe2(log, O_CLOEXEC) == 0) {
		(void)fcntl(log[WRITE_END], F_SETPIPE_SZ,
		            LOG_PIPE_BYTES); /* if it may be so large */
		return 0;
	}
	(void)err_errno(err, _("cannot make a pipe"));
	(void)close(told[OURS]); /* nothing was written */
	(void)close(told[THEIRS]);
	return -1;
}

int wire_process_start(struct wire_process *process, const struct run_plan *plan,
                       struct network *network, struct err *err)
{
	int told[2] = {-1, -1}, log[2] = {-1, -1};
	if (make_pipes(told, log, err) < 0)
		return -1;
	const struct wire_ends ends = {
	        .cable_fd = {network->cable_fd[CLIENT], network->cable_fd[SERVER]},
	        .told_fd = told[THEIRS],
	        .log_fd = log[WRITE_END],
	        .control_fd = plan->wire_control_fd,
	};
	pid_t parent = getpid();
	process->pid = fork();
	if (process->pid == 0)
		become_wire(plan, &ends, parent);
	int error = errno;
	(void)close(told[THEIRS]); /* the wire has them now */
	(void)close(log[WRITE_END]);
	if (plan->wire_control_fd >= 0)
		(void)close(plan->wire_control_fd);
	network_close_cables(network);
	process->told_fd = told[OURS];
	process->log_fd = log[READ_END];
	if (process->pid > 0)
		return 0;
	process->pid = 0;
	errno = error;
	return err_errno(err, _("cannot start a process"));
}

bool wire_process_read(struct wire_process *process, struct wire_told *told)
{
	ssize_t n = recv(process->told_fd, told, sizeof *told, 0);
	if (n == (ssize_t)sizeof *told)
		return true;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	(void)close(process->told_fd); /* at its end */
	process->told_fd = -1;
	return false;
}

void wire_process_stop(const struct wire_process *process)
{
	if (process->told_fd >= 0)
		(void)shutdown(process->told_fd, SHUT_WR); /* it may just have ended */
}

void wire_process_release(struct wire_process *process)
{
	if (process->told_fd >= 0)
		(void)close(process->told_fd);
	if (process->log_fd >= 0)
		(void)close(process->log_fd); /* not ours: the tracer's */
	process->told_fd = process->log_fd = -1;
}
