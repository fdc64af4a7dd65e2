/* calls_table.h: the system calls that are shown, one row each: its number, its name, where its
 * descriptor stands and how its arguments are said. The seccomp filter is made from the same table.
 * A call that this architecture does not have is not in it (aarch64 has no poll, only ppoll). */
#ifndef WIRELAB_RUNNER_CALLS_TABLE_H
#define WIRELAB_RUNNER_CALLS_TABLE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/text.h"

enum { CALL_ARGUMENTS = 6, CALL_CONDITIONS = 2, CALL_POLLED_MAX = 64 };

/* One call of one thread, while that thread is stopped. */
struct call_view {
	pid_t tid;
	uint64_t args[CALL_ARGUMENTS];
	bool returned;
	int64_t result; /* when it has returned: -1 with an error */
	int error;
};

/* The call matters only if the low 32 bits of this argument have that value. */
struct call_condition {
	int argument;
	uint32_t value;
};

enum call_flag {
	CALL_TRANSFER = 1, /* its result counts bytes */
	CALL_CREATES = 2,  /* its result is a new socket */
	CALL_NAMES = 4,    /* it changes the addresses of its socket */
	CALL_CONNECTS = 8, /* the other end is in its arguments */
};

struct call_kind {
	long number;
	const char *name;
	int fd_argument;    /* which argument is the descriptor; -1: none */
	int other_argument; /* or this one, if the first is no socket; -1: none */
	unsigned flags;
	void (*say)(struct text *t, const struct call_view *view);
	/* Lists the descriptors that it waits for, at most CALL_POLLED_MAX; NULL: the call does not
	 * wait for several. proc_fd is /proc. Returns how many. */
	int (*polled)(const struct call_view *view, int proc_fd, int *fds);
	int n_conditions;
	struct call_condition only_if[CALL_CONDITIONS]; /* all of them hold */
};

/* The table, and how many rows it has. */
const struct call_kind *calls_kinds(int *n);

/* The row of that number, or NULL. */
const struct call_kind *calls_kind(uint64_t number);

#endif
