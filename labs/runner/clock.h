/* clock.h: what time it is, in nanoseconds: the only place where the runner asks a clock. */
#ifndef WIRELAB_RUNNER_CLOCK_H
#define WIRELAB_RUNNER_CLOCK_H

#include <stdint.h>
#include <time.h>

#include "base/vocab.h"

static inline int64_t clock_ns(clockid_t clock)
{
	struct timespec now;
	(void)clock_gettime(clock, &now); /* cannot fail for the clocks that each Linux has */
	return now.tv_sec * NS_PER_SECOND + now.tv_nsec;
}

#endif
