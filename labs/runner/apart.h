/* apart.h: the lab programs get a PID namespace of their own, inside the run's: there they see and
 * can signal each other, but neither the tracer nor the supervisor. Man 7 pid_namespaces. */
#ifndef WIRELAB_RUNNER_APART_H
#define WIRELAB_RUNNER_APART_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/text.h"

/* All children that we start from now on are in the new namespace, while they stay our children.
 * Its process 1, made here, reaps the orphans there, and with it all of them end. With `own_proc`
 * it also mounts a /proc of that namespace over ours. What cannot be done here is added to
 * `reasons` and left out. The id of that process 1, a child of ours; 0 if there is none. */
pid_t apart_begin(bool own_proc, struct text *reasons);

/* Ends everything in the namespace; nothing for id 0. */
void apart_end(pid_t init);

#endif
