/* calls_start.c: the part of calls.h that begins to trace: the notes where that fails, the seizing
 * of a child, and its first step. It must not know what stops a program later: calls.c does. */
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "runner/calls.h"
#include "runner/calls_filter.h"
#include "runner/program.h"
#include "runner/spawn.h"

/* No thread outlives us, all children are followed, a system call's stop is told from a SIGTRAP. */
static const unsigned long trace_options =
        PTRACE_O_EXITKILL | PTRACE_O_TRACESECCOMP | PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK |
        PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC;

static const char *const notes[N_CALL_NOTES] = {
        [CALL_NOTE_REFUSED] = "the programs' calls are not shown: ptrace is refused here",
        [CALL_NOTE_NO_FILTER] = "the programs' calls are not shown: no seccomp filter can be set",
        [CALL_NOTE_NO_PROC] = "the programs' calls are not shown: there is no /proc of this run",
        [CALL_NOTE_OLD_KERNEL] = "the programs' calls are not shown: Linux is older than 5.3",
        [CALL_NOTE_IO_URING] = "a program uses io_uring: calls made through it cannot be shown",
        [CALL_NOTE_OTHER_ARCH] = "a program of another architecture: its calls are not shown",
        [CALL_NOTE_TOO_MANY] = "too many threads and processes: not all of their calls are shown",
};

void calls_note(struct calls *calls, enum call_note note, int error)
{
	char storage[128];
	if (calls->noted[note])
		return;
	calls->noted[note] = true;
	if (error != 0)
		report_note(calls->report, "%s (%s)", notes[note],
		            strerror_r(error, storage, sizeof storage));
	else
		report_note(calls->report, "%s", notes[note]);
}

/* We stay where we are; what we start is there too. Not to be pinned costs only time. */
static void pin_here(void)
{
	cpu_set_t set;
	int cpu = sched_getcpu();
	CPU_ZERO(&set);
	if (cpu < 0)
		return;
	CPU_SET((unsigned)cpu, &set);
	(void)sched_setaffinity(0, sizeof set, &set);
}

void calls_begin(struct calls *calls, struct report *report, int proc_fd, bool pin)
{
	*calls = (struct calls){.report = report, .tasks.proc_fd = proc_fd};
	if (!program_proc_is_ours(proc_fd)) {
		calls_note(calls, CALL_NOTE_NO_PROC, 0);
		return;
	}
	calls->sockets = calloc(1, sizeof *calls->sockets);
	if (!calls->sockets)
		return;
	calls->sockets->proc_fd = proc_fd;
	calls->on = true;
	if (pin)
		pin_here();
}

int calls_confine_self(void)
{
	return calls_filter_install();
}

/* Until it executes there is nothing to see: what it does with our filter is our own doing. */
static bool wait_for_exec(pid_t pid)
{
	int status;
	while (waitpid(pid, &status, __WALL) == pid && WIFSTOPPED(status)) {
		if (status >> 16 == PTRACE_EVENT_EXEC)
			return true;
		(void)ptrace(PTRACE_CONT, pid, 0, 0); /* ESRCH: it has been killed */
	}
	return false;
}

bool calls_attach(void *data, pid_t pid, int go_fd)
{
	struct calls *calls = data;
	char go = SPAWN_GO_TRACED;
	if (ptrace(PTRACE_SEIZE, pid, 0, trace_options) < 0) {
		calls_note(calls, CALL_NOTE_REFUSED, errno);
		calls->on = false;
		go = SPAWN_GO_ALONE;
	}
	(void)io_write_all(go_fd, &go, 1); /* it may have been killed */
	return go != SPAWN_GO_TRACED || wait_for_exec(pid);
}

void calls_follow(struct calls *calls, pid_t pid, enum side side, int filter_error)
{
	if (!calls->on)
		return;
	if (filter_error != 0)
		calls_note(calls, CALL_NOTE_NO_FILTER, filter_error);
	calls->last_side = side;
	struct call_task *task = calls_task_add(&calls->tasks, pid, side);
	if (task)
		task->side = side; /* whatever relatives it has */
	else
		calls_note(calls, CALL_NOTE_TOO_MANY, 0);
	(void)ptrace(PTRACE_CONT, pid, 0, 0); /* ESRCH: it has been killed */
}
