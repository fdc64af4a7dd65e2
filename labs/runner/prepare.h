/* prepare.h: what is made ready before the programs of a run start: the file system that they see
 * is locked down (mounts.h, apart.h), and then the lab's own preparation runs in it, a program of
 * the lab that leaves there what both ends need and neither is to make: keys, for example. */
#ifndef WIRELAB_RUNNER_PREPARE_H
#define WIRELAB_RUNNER_PREPARE_H

#include "runner/supervisor.h"

/* Locks down, and starts the preparation if the lab has one. 0, or -1: supervisor_fail() knows why.
 */
int prepare_begin(struct supervisor *s);

/* True when it has ended, or there is none. */
bool prepare_is_over(struct supervisor *s);

/* It has ended so. Other than with 0 ends the run: what it was to make is not there. */
void prepare_ended(struct supervisor *s, int wait_status);

#endif
