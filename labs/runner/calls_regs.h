/* calls_regs.h: the system call that a stopped thread is at. The kernel tells it in one form for
 * all architectures (PTRACE_GET_SYSCALL_INFO, Linux 5.3), so that no register is named here; the
 * only thing to know of an architecture is its number. */
#ifndef WIRELAB_RUNNER_CALLS_REGS_H
#define WIRELAB_RUNNER_CALLS_REGS_H

#include <linux/audit.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "runner/calls_table.h"

#if defined(__x86_64__)
#define CALLS_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define CALLS_ARCH AUDIT_ARCH_AARCH64
#else
#define CALLS_ARCH 0U /* no program is of it: calls are not followed here */
#endif

enum call_stop { CALL_STOP_OTHER, CALL_STOP_SECCOMP, CALL_STOP_ENTRY, CALL_STOP_EXIT };

struct call_regs {
	enum call_stop stop;
	uint32_t arch;                 /* AUDIT_ARCH_… of the program */
	uint64_t number;               /* with CALL_STOP_SECCOMP */
	uint64_t args[CALL_ARGUMENTS]; /* with CALL_STOP_SECCOMP */
	int64_t result;                /* with CALL_STOP_EXIT: -1 with an error */
	int error;                     /* with CALL_STOP_EXIT: errno, or one of the kernel's own
	                                  numbers from 512 on; 0: none */
};

/* Reads it. 0, or -1 with errno (ESRCH: the thread has just been killed). */
int calls_regs_read(pid_t tid, struct call_regs *regs);

/* True for the kernel's own error numbers that mean: a signal came in between, the call is done
 * again or gives EINTR, which is not decided yet (include/linux/errno.h of Linux). */
bool calls_is_restart(int error);

#endif
