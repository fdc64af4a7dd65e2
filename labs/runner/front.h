/* front.h: the process the person sees. It stays outside, has the terminal and the signals, and
 * does nothing but pass on the wish to stop and wait for the supervisor's end. */
#ifndef WIRELAB_RUNNER_FRONT_H
#define WIRELAB_RUNNER_FRONT_H

#include "base/err.h"
#include "runner/plan.h"

/* First of all, before any file is opened: takes 0, 1 and 2 if they are not open, or one of our
 * pipes would become a program's output; and keeps from the programs what else the shell has left
 * us. 0, or -1 with errno. */
int front_tidy_descriptors(void);

/* Runs the plan. The run's exit status, or -1 with a message when it could not begin. */
int front_run(struct run_plan *plan, struct err *err);

#endif
