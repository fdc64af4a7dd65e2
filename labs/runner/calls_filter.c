/* calls_filter.c: see calls_filter.h; man 2 seccomp. Written in classic BPF: load a word of struct
 * seccomp_data, compare, jump. A program of another architecture (32 bits) is let through: its
 * numbers mean other calls. */
#include "runner/calls_filter.h"

#include <linux/audit.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "runner/calls_regs.h"
#include "runner/calls_table.h"

struct assembler {
	struct sock_filter *program;
	int n;
};

static void load(struct assembler *a, size_t offset)
{
	a->program[a->n++] =
	        (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset);
}

static void answer(struct assembler *a, uint32_t what)
{
	a->program[a->n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, what);
}

/* Goes on with the next instruction if the loaded word is `value`, else passes over `skip`. */
static void unless_skip(struct assembler *a, uint32_t value, int skip)
{
	a->program[a->n++] =
	        (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, (uint8_t)skip);
}

/* The low half of an argument; both our architectures are little-endian. */
static size_t argument_offset(int i)
{
	return offsetof(struct seccomp_data, args) + (size_t)i * sizeof(uint64_t);
}

/* Stops at one kind of call; the number of the call is loaded before it, and is behind it. */
static void stop_at(struct assembler *a, const struct call_kind *kind)
{
	int n = kind->n_conditions;
	if (n == 0) {
		unless_skip(a, (uint32_t)kind->number, 1);
		answer(a, SECCOMP_RET_TRACE);
		return;
	}
	unless_skip(a, (uint32_t)kind->number, 2 * n + 2);
	for (int i = 0; i < n; i++) {
		load(a, argument_offset(kind->only_if[i].argument));
		unless_skip(a, kind->only_if[i].value, 2 * (n - 1 - i) + 1);
	}
	answer(a, SECCOMP_RET_TRACE);
	answer(a, SECCOMP_RET_ALLOW);
}

int calls_filter_make(struct sock_filter *program)
{
	int n_kinds;
	const struct call_kind *kinds = calls_kinds(&n_kinds);
	struct assembler a = {.program = program, .n = 0};
	load(&a, offsetof(struct seccomp_data, arch));
	a.program[a.n++] =
	        (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, CALLS_ARCH, 1, 0);
	answer(&a, SECCOMP_RET_ALLOW);
	load(&a, offsetof(struct seccomp_data, nr));
	for (int i = 0; i < n_kinds; i++)
		stop_at(&a, &kinds[i]);
	unless_skip(&a, SYS_restart_syscall, 1); /* the rest of a call that a signal cut short */
	answer(&a, SECCOMP_RET_TRACE);
#ifdef SYS_io_uring_setup
	unless_skip(&a, SYS_io_uring_setup, 1);
	answer(&a, SECCOMP_RET_TRACE);
#endif
	answer(&a, SECCOMP_RET_ALLOW);
	return a.n;
}

int calls_filter_install(void)
{
	struct sock_filter program[CALLS_FILTER_MAX];
	struct sock_fprog filter = {.len = (unsigned short)calls_filter_make(program),
	                            .filter = program};
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter);
}
