/* calls_regs.c: see calls_regs.h; man 2 ptrace. */
#include "runner/calls_regs.h"

#include <string.h>
#include <sys/ptrace.h>

enum { ERESTARTSYS_NUMBER = 512, ERESTARTNOHAND_NUMBER = 514, ERESTART_RESTARTBLOCK_NUMBER = 516 };

static enum call_stop stop_of(unsigned op)
{
	switch (op) {
	case PTRACE_SYSCALL_INFO_SECCOMP:
		return CALL_STOP_SECCOMP;
	case PTRACE_SYSCALL_INFO_ENTRY:
		return CALL_STOP_ENTRY;
	case PTRACE_SYSCALL_INFO_EXIT:
		return CALL_STOP_EXIT;
	default:
		return CALL_STOP_OTHER;
	}
}

int calls_regs_read(pid_t tid, struct call_regs *regs)
{
	struct __ptrace_syscall_info info;
	memset(&info, 0, sizeof info);
	if (ptrace(PTRACE_GET_SYSCALL_INFO, tid, sizeof info, &info) < 0)
		return -1;
	*regs = (struct call_regs){.stop = stop_of(info.op), .arch = info.arch};
	if (regs->stop == CALL_STOP_SECCOMP) {
		regs->number = info.seccomp.nr;
		memcpy(regs->args, info.seccomp.args, sizeof regs->args);
	} else if (regs->stop == CALL_STOP_EXIT) {
		regs->result = info.exit.is_error ? -1 : info.exit.rval;
		regs->error = info.exit.is_error ? (int)-info.exit.rval : 0;
	}
	return 0;
}

bool calls_is_restart(int error)
{
	return (error >= ERESTARTSYS_NUMBER && error <= ERESTARTNOHAND_NUMBER) ||
	       error == ERESTART_RESTARTBLOCK_NUMBER;
}
