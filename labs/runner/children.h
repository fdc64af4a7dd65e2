/* children.h: the supervisor's children: lab programs, tracer, wire, and whoever they leave behind.
 */
#ifndef WIRELAB_RUNNER_CHILDREN_H
#define WIRELAB_RUNNER_CHILDREN_H

#include "runner/supervisor.h"

/* Takes note of those that have ended, and of threads that have stopped at a call; not of all at
 * once if there are many (s->more_children). */
void children_reap(struct supervisor *s);

#endif
