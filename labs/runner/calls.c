/* calls.c: see calls.h. The stops of a traced thread, one function each; man 2 ptrace has their
 * forms under "Stopped states" and "PTRACE_SEIZE". It must not know what arguments mean. */
#include "runner/calls.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "runner/calls_memory.h"
#include "runner/calls_regs.h"

enum { TRACE_CALL_STOP = SIGTRAP | 0x80 };

/* ---- going on ---- */

/* A thread in a call stops again when that returns. ESRCH: it has been killed, and that is told by
 * waitpid(). */
static void go_on(const struct call_task *task, int signal)
{
	(void)ptrace(task->inside ? PTRACE_SYSCALL : PTRACE_CONT, task->tid, 0,
	             (unsigned long)signal);
}

/* ---- telling ---- */

static void tell(struct calls *calls, struct call_task *task, const struct call_view *view,
                 int64_t time_ns, bool interrupted)
{
	struct call_event event = {
	        .action = view->returned ? CALL_RETURNED : CALL_ENTERED,
	        .host = task->side,
	        .id = task->id,
	        .pid = task->own_pid,
	        .tid = task->own_tid,
	        .fd = task->fd,
	        .enter_ns = task->enter_ns,
	        .result = view->result,
	        .error = view->error,
	        .is_transfer = (task->kind->flags & CALL_TRANSFER) != 0,
	        .local = task->local,
	        .remote = task->remote,
	};
	struct text name = text_of(event.name, sizeof event.name);
	struct text program = text_of(event.program, sizeof event.program);
	struct text words = text_of(event.arguments, sizeof event.arguments);
	text_add(&name, task->kind->name);
	text_add(&program, task->name);
	task->kind->say(&words, view);
	if (interrupted)
		text_add(&words,
		         words.len > 0 ? ", interrupted by a signal" : "interrupted by a signal");
	report_call(calls->report, &event, time_ns);
}

static struct call_view view_of(const struct call_task *task)
{
	struct call_view view = {.tid = task->tid};
	memcpy(view.args, task->args, sizeof view.args);
	return view;
}

/* ---- a call begins ---- */

static struct call_socket *socket_at(struct calls *calls, const struct call_task *task, int fd)
{
	struct call_descriptor descriptor = {task->tid, task->tgid, fd};
	struct call_socket *socket = calls_socket(calls->sockets, &descriptor);
	return socket && socket->internet ? socket : NULL;
}

static void take_socket(struct call_task *task, const struct call_socket *socket, int fd)
{
	task->fd = fd;
	task->inode = socket->inode;
	task->local = socket->local;
	task->remote = socket->remote;
}

static void take_none(struct call_task *task)
{
	task->fd = -1;
	task->inode = 0;
	task->local = task->remote = (struct endpoint){.port = 0};
}

/* The one socket that is waited for is what the call is about; of several none is. */
static bool is_about_polled(struct calls *calls, struct call_task *task)
{
	int fds[CALL_POLLED_MAX], n_sockets = 0;
	struct call_view view = view_of(task);
	int n = task->kind->polled(&view, calls->tasks.proc_fd, fds);
	for (int i = 0; i < n; i++) {
		const struct call_socket *socket = socket_at(calls, task, fds[i]);
		if (socket && n_sockets++ == 0)
			take_socket(task, socket, fds[i]);
	}
	if (n_sockets > 1)
		take_none(task);
	return n_sockets > 0;
}

static bool is_about_argument(struct calls *calls, struct call_task *task, int argument)
{
	if (argument < 0)
		return false;
	int fd = (int)task->args[argument];
	struct call_socket *socket = socket_at(calls, task, fd);
	if (!socket)
		return false;
	if (task->kind->flags & CALL_CONNECTS) {
		struct endpoint to = calls_memory_endpoint(task->tid, task->args[1], task->args[2]);
		if (to.addr.version != 0)
			socket->remote = to;
	}
	take_socket(task, socket, fd);
	return true;
}

/* True if the call is about a socket of the Internet's families. */
static bool is_to_be_told(struct calls *calls, struct call_task *task)
{
	const struct call_kind *kind = task->kind;
	take_none(task);
	if (kind->polled)
		return is_about_polled(calls, task);
	if (kind->fd_argument < 0) /* socket() */
		return task->args[0] == AF_INET || task->args[0] == AF_INET6;
	return is_about_argument(calls, task, kind->fd_argument) ||
	       is_about_argument(calls, task, kind->other_argument);
}

/* The rest of a call that a signal cut short is that call again, with its old arguments. */
static const struct call_kind *kind_of(struct calls *calls, const struct call_task *task,
                                       uint64_t number)
{
	if (number == SYS_restart_syscall)
		return task->kind;
#ifdef SYS_io_uring_setup
	if (number == SYS_io_uring_setup)
		calls_note(calls, CALL_NOTE_IO_URING, 0);
#endif
	return calls_kind(number);
}

static void call_begins(struct calls *calls, struct call_task *task)
{
	struct call_regs regs;
	if (calls_regs_read(task->tid, &regs) < 0) {
		if (errno == EIO)
			calls_note(calls, CALL_NOTE_OLD_KERNEL, 0);
		return;
	}
	task->kind = kind_of(calls, task, regs.number);
	memcpy(task->args, regs.args, sizeof task->args);
	if (!task->kind || !is_to_be_told(calls, task))
		return;
	if (!report_has_room(calls->report)) {
		calls->n_dropped++; /* `dropping`: else it would have waited */
		return;
	}
	struct call_view view = view_of(task);
	task->inside = true;
	task->id = ++calls->last_id;
	task->enter_ns = report_now();
	tell(calls, task, &view, task->enter_ns, false);
}

/* ---- a call returns ---- */

/* A new socket: accept() is about the listening one, but its ends are those of the connection. */
static void look_at_new(struct calls *calls, struct call_task *task, int fd)
{
	const struct call_socket *socket = socket_at(calls, task, fd);
	if (!socket) /* another thread has closed it */
		return;
	task->local = socket->local;
	task->remote = socket->remote;
	if (task->fd < 0)
		task->fd = fd;
}

/* What the call may have changed: the ends of its socket. */
static void look_again(struct calls *calls, struct call_task *task)
{
	struct call_socket *socket = socket_at(calls, task, task->fd);
	if (!socket || socket->inode != task->inode) /* closed */
		return;
	bool known = socket->local.port != 0 && socket->remote.port != 0;
	if (!known || task->kind->flags & CALL_NAMES) {
		struct call_descriptor descriptor = {task->tid, task->tgid, task->fd};
		calls_socket_refresh(socket, &descriptor);
	}
	task->local = socket->local;
	task->remote = socket->remote;
}

static void call_returns(struct calls *calls, struct call_task *task)
{
	struct call_regs regs;
	int64_t now = report_now(); /* before we look at what has changed */
	if (calls_regs_read(task->tid, &regs) < 0 || regs.stop != CALL_STOP_EXIT)
		return; /* it goes on to the call's end */
	struct call_view view = view_of(task);
	bool interrupted = calls_is_restart(regs.error);
	view.returned = true;
	view.result = regs.result;
	view.error = interrupted ? EINTR : regs.error;
	task->inside = false;
	if (!report_has_room(calls->report)) {
		calls->n_dropped++;
		return;
	}
	if (!(task->kind->flags & CALL_CREATES))
		look_again(calls, task);
	else if (view.error == 0)
		look_at_new(calls, task, (int)view.result);
	tell(calls, task, &view, now, interrupted);
}

/* ---- stops ---- */

/* Lets it go on from whatever stop this is. Stopped by a signal that stops, it stays so until
 * SIGCONT, which stops it here again. */
static void pass(const struct call_task *task, int wait_status)
{
	int signal = WSTOPSIG(wait_status), event = wait_status >> 16;
	bool stays =
	        signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
	if (event == PTRACE_EVENT_STOP && stays)
		(void)ptrace(PTRACE_LISTEN, task->tid, 0, 0); /* ESRCH: it has been killed */
	else
		go_on(task, event == 0 && signal != TRACE_CALL_STOP ? signal : 0);
}

static void executed(struct calls *calls, struct call_task *task)
{
	struct call_regs regs;
	calls_task_executed(&calls->tasks, task);
	if (calls_regs_read(task->tid, &regs) == 0 && regs.arch != CALLS_ARCH)
		calls_note(calls, CALL_NOTE_OTHER_ARCH, 0);
}

static void act(struct calls *calls, struct call_task *task, int wait_status)
{
	int event = wait_status >> 16;
	if (event == PTRACE_EVENT_SECCOMP)
		call_begins(calls, task);
	else if (event == PTRACE_EVENT_EXEC)
		executed(calls, task);
	else if (event == 0 && WSTOPSIG(wait_status) == TRACE_CALL_STOP)
		call_returns(calls, task);
	pass(task, wait_status);
}

static bool may_tell(int wait_status)
{
	return wait_status >> 16 == PTRACE_EVENT_SECCOMP ||
	       (wait_status >> 16 == 0 && WSTOPSIG(wait_status) == TRACE_CALL_STOP);
}

/* The thread, made if it is new; NULL: it is not followed. */
static struct call_task *task_of(struct calls *calls, pid_t tid)
{
	if (!calls->sockets) /* after calls_end() */
		return NULL;
	struct call_task *task = calls_task(&calls->tasks, tid);
	if (!task)
		task = calls_task_add(&calls->tasks, tid, calls->last_side);
	if (!task)
		calls_note(calls, CALL_NOTE_TOO_MANY, 0);
	return task;
}

void calls_stopped(struct calls *calls, pid_t tid, int wait_status)
{
	struct call_task *task = task_of(calls, tid);
	if (!task) {
		struct call_task unknown = {.tid = tid};
		pass(&unknown, wait_status);
		return;
	}
	if (may_tell(wait_status) && !calls->dropping && !report_has_room(calls->report)) {
		task->held_status = wait_status;
		calls->holding = true;
		return;
	}
	act(calls, task, wait_status);
}

void calls_ended(struct calls *calls, pid_t tid)
{
	calls_task_remove(&calls->tasks, tid);
}

static void release_one(void *data, struct call_task *task)
{
	struct calls *calls = data;
	if (!calls->dropping && !report_has_room(calls->report)) {
		calls->holding = true;
		return;
	}
	int wait_status = task->held_status;
	task->held_status = 0;
	act(calls, task, wait_status);
}

void calls_release_held(struct calls *calls)
{
	if (!calls->holding)
		return;
	calls->holding = false;
	calls_tasks_held(&calls->tasks, release_one, calls);
}

void calls_hold_no_more(struct calls *calls)
{
	calls->dropping = true;
	calls_release_held(calls);
}

void calls_end(struct calls *calls)
{
	if (calls->n_dropped > 0)
		report_note(calls->report,
		            "%llu calls are not shown: the output was not read fast enough",
		            (unsigned long long)calls->n_dropped);
	calls_tasks_release(&calls->tasks);
	free(calls->sockets);
	calls->sockets = NULL;
	calls->n_dropped = 0;
	calls->on = false;
}
