/* in_calls.h: which programs are in a socket call just now: a ladder's lane is drawn double as long
 * as its program is, so that a call that waits stands there as a bracket. */
#ifndef WIRELAB_SINK_IN_CALLS_H
#define WIRELAB_SINK_IN_CALLS_H

#include "event/event.h"

struct in_calls {
	uint32_t n[N_SIDES]; /* calls that have been entered and not returned */
};

/* Takes an event of any kind. */
static inline void in_calls_take(struct in_calls *in, const struct event *event)
{
	if (event->kind == EVENT_PROGRAM && event->program.action == PROGRAM_EXITED)
		in->n[event->program.host] = 0;
	if (event->kind != EVENT_CALL)
		return;
	uint32_t *n = &in->n[event->call.host];
	if (event->call.action == CALL_ENTERED)
		++*n;
	else if (*n > 0)
		--*n;
}

#endif
