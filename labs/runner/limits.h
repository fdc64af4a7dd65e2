/* limits.h: a program that is checked is not trusted: it may be wrong in any way. What one process
 * may use is limited by the kernel (man 2 setrlimit), what it may ask for by a filter (man 2
 * seccomp); what all of them use together is looked at again and again. */
#ifndef WIRELAB_RUNNER_LIMITS_H
#define WIRELAB_RUNNER_LIMITS_H

struct supervisor;

enum { LIMITS_LOOK_MS = 25 };

/* In the child, last thing before the exec: no privilege, the limits, the filter. 0, or -1 with
 * errno. */
int limits_confine_self(void);

/* Looks at what the programs of a confined run use, unless it has just done so. If it is too much,
 * it kills them all and ends the run, with the reason. */
void limits_watch(struct supervisor *s);

#endif
