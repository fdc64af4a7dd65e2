/* calls_filter.h: the seccomp filter that stops a traced program at the calls of calls_table.h, and
 * at no other. It goes by the number of the call alone: it cannot know what a descriptor is. */
#ifndef WIRELAB_RUNNER_CALLS_FILTER_H
#define WIRELAB_RUNNER_CALLS_FILTER_H

#include <linux/filter.h>

enum { CALLS_FILTER_MAX = 256 };

/* Writes the filter's instructions; returns how many. */
int calls_filter_make(struct sock_filter *program);

/* Puts this process, and all that it starts, under the filter. They must be traced by then, or
 * those calls give ENOSYS; no_new_privs must be set. 0, or -1 with errno. */
int calls_filter_install(void);

#endif
