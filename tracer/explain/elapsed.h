/* elapsed.h: the time between two events. A damaged or hostile file can claim any time, so that the
 * plain difference could overflow; here it wraps, which is wrong but harmless. */
#ifndef WIRELAB_EXPLAIN_ELAPSED_H
#define WIRELAB_EXPLAIN_ELAPSED_H

#include <stdint.h>

/* From `earlier_ns` to `later_ns`; negative when time stepped back. */
static inline int64_t elapsed_ns(int64_t earlier_ns, int64_t later_ns)
{
	return (int64_t)((uint64_t)later_ns - (uint64_t)earlier_ns);
}

#endif
