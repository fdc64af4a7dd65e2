/* supervisor.h: the process that runs a lab. It starts the tracer and the programs, waits for what
 * happens, and ends them; process 1 of the run's namespaces, so that nothing outlives it. It never
 * executes another program, and keeps its capabilities for the network namespace. */
#ifndef WIRELAB_RUNNER_SUPERVISOR_H
#define WIRELAB_RUNNER_SUPERVISOR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "runner/calls.h"
#include "runner/hosts.h"
#include "runner/netlink.h"
#include "runner/plan.h"
#include "runner/program.h"
#include "runner/report.h"
#include "runner/sampler.h"
#include "runner/sockdiag.h"
#include "runner/tracing.h"
#include "runner/wire.h"

/* What front.c sends over the control socket: please end the run. */
#define SUPERVISOR_STOP "s"

struct supervisor {
	const struct run_plan *plan;
	struct program programs[N_SIDES];
	struct tracing tracing;
	struct report report;
	struct netlink *diag; /* sock_diag of the run's network; with a wire of the client's host */
	struct network network; /* with a wire: both hosts */
	struct wire_process wire;
	int control_fd; /* to front.c; -1: it has gone */
	struct calls calls;
	struct sampler sampler;
	bool more_children; /* some have stopped or ended and were not looked at yet */
	bool news;          /* something has come but stops of traced threads */
	int signal_fd;
	int keylog_fd;          /* for the TLS secrets of the programs; -1: the lab has none */
	int proc_fd;            /* /proc as it was before the programs got theirs */
	pid_t preparation;      /* the lab's own (prepare.h), while it runs, else 0 */
	pid_t apart;            /* process 1 of the programs' own namespace (apart.h), 0: none */
	int stage;              /* index into the table in stages.c */
	int64_t entered_ns;     /* when this stage began */
	int64_t deadline_ns;    /* of this stage, on the monotonic clock */
	struct census census;   /* the last one taken */
	int quiet_looks;        /* looks at the server in a row that found it asleep */
	int64_t looked_ns;      /* when the first of all looks was, in this stage; 0: not yet */
	int64_t looked_busy_ns; /* what program_busy_ns() said then */
	int64_t limits_ns;      /* when the limits are looked at again (limits.h) */
	bool stop;              /* the person has asked to end it */
	int status;             /* exit status so far */
	struct err failure;     /* the first thing that was not as planned; "" none */
};

/* Runs the plan to its end, in the process that hosts_fork() made (or a plain child in host mode,
 * identity NULL), and says on stderr what was not as planned. Returns the exit status. */
int supervisor_main(const struct run_plan *plan, const struct identity *identity, int control_fd);

/* ---- for stages.c ---- */

int64_t supervisor_now(void); /* ns of the monotonic clock */

/* Remembers what went wrong, unless something has before, and the exit status. Returns -1. */
int supervisor_fail(struct supervisor *s, int status, const char *format, ...)
        __attribute__((format(printf, 3, 4)));

#endif
