/* timeline.h: where an event stands in a diagram: how long after the first frame, after which
 * silence, and whether connections must be told apart by numbers. */
#ifndef WIRELAB_SINK_TIMELINE_H
#define WIRELAB_SINK_TIMELINE_H

#include "event/event.h"

struct timeline {
	bool has_origin, has_last;
	int64_t origin_ns; /* of the first frame */
	int64_t last_ns;   /* of the row before */
	uint64_t n_open;   /* connections that are open now */
	bool numbered;     /* two were open at once: rows carry numbers from then on */
};

/* Takes the next event. Returns the silence before it if that is worth a row, else 0. */
int64_t timeline_next(struct timeline *timeline, const struct event *event);

/* Since the first frame; meaningful once there was one. */
int64_t timeline_elapsed(const struct timeline *timeline, const struct event *event);

#endif
