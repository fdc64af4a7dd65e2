/* spawn.h: starts a child process. One way for the tracer and for the lab programs: a session of
 * its own, no descriptor but those that were named, no signal blocked, and it dies with us. */
#ifndef WIRELAB_RUNNER_SPAWN_H
#define WIRELAB_RUNNER_SPAWN_H

#include <stdbool.h>
#include <sys/types.h>

enum { SPAWN_MAX_PASS = 5, SPAWN_KEEP = -1 };

/* What the child is told before it executes (SPAWN_GO_TRACED: it has been seized by then). */
enum { SPAWN_GO_ALONE = 'a', SPAWN_GO_TRACED = 't' };

struct spawn {
	const char *path; /* what to execute; without a slash it is looked for in PATH */
	char *const *argv;
	int in, out, err;         /* its 0, 1 and 2; SPAWN_KEEP: ours */
	int pass[SPAWN_MAX_PASS]; /* more descriptors that it gets, under the same numbers */
	int n_pass;
	bool elsewhere;       /* in another network namespace, … */
	int network_fd;       /* … this one */
	int (*prepare)(void); /* last thing before the exec: gives up privileges; or NULL */
	int (*set_environment)(const void *data); /* in the child; or NULL */
	const void *data;
	/* NULL, or: in the parent, when the child has done all that but the exec, holds no
	 * descriptor of ours any more, and waits for a byte from go_fd. It may be seized. False: it
	 * has ended since, and has been reaped. */
	bool (*attach)(void *tracer, pid_t pid, int go_fd);
	void *tracer;
	int (*confine)(void); /* in the child that has been seized: the last thing of all */
};

/* What a child that was started tells. */
struct spawn_told {
	pid_t own_id;      /* what getpid() says in it: another number in a PID namespace of its
	                      own (apart.h) */
	int confine_error; /* why `confine` failed, 0: it did not */
};

/* Starts it and waits until it executes. Its process id, or -1 with errno: why it could not be
 * started or executed (the child that failed has been reaped then). *told may be NULL. */
pid_t spawn_start(const struct spawn *spawn, struct spawn_told *told);

#endif
