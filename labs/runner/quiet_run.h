/* quiet_run.h: a run that nobody watches: its events are kept, nothing is printed. */
#ifndef WIRELAB_RUNNER_QUIET_RUN_H
#define WIRELAB_RUNNER_QUIET_RUN_H

#include "runner/expect.h"
#include "runner/plan.h"

struct quiet_end {
	int status;       /* as of front_run(); 2 when it could not begin */
	bool interrupted; /* a person has ended it */
	bool timed_out;   /* its time was up before it came to its end */
	bool too_much;    /* more happened than can be kept: it was ended */
	char said[1024];  /* what was said on standard error, without "wirelab: " */
};

/* Runs the plan, whose format must be json, in a process of its own, to its end. What happened is
 * added to *record (all zero before); the caller releases it. 0, or -1 with a message. */
int quiet_run(struct run_plan *plan, struct run_record *record, struct quiet_end *end,
              struct err *err);

#endif
