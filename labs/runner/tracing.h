/* tracing.h: the tracer as the runner sees it: a child that captures, says when it is ready, takes
 * event lines, and drains to the end when asked to stop. */
#ifndef WIRELAB_RUNNER_TRACING_H
#define WIRELAB_RUNNER_TRACING_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"
#include "runner/plan.h"
#include "runner/report.h"

struct tracing {
	pid_t pid;    /* 0: was never started */
	int ready_fd; /* it writes a line there when it captures; -1: closed */
	bool ready;
	bool ended;
	int wait_status;
};

/* What the tracer reads besides; each may be -1. */
struct tracing_inputs {
	int wire_fd;   /* the wire's stream; else it captures on the loopback */
	int keylog_fd; /* where the programs write their TLS secrets */
};

/* Starts wirelab-trace with no privilege but to capture, or with a wire none at all; and opens the
 * report to it. 0, or -1 with a message. */
int tracing_start(struct tracing *tracing, const struct run_plan *plan,
                  const struct tracing_inputs *inputs, struct report *report, struct err *err);

/* Reads from ready_fd. At its end the tracer either captures or is about to end. */
void tracing_read_ready(struct tracing *tracing);

/* Sends it a signal, while it runs. */
void tracing_signal(const struct tracing *tracing, int signal);

#endif
