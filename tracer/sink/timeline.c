/* timeline.c: see timeline.h. */
#include "sink/timeline.h"

#include "explain/elapsed.h"
#include "sink/ladder_words.h"

static bool starts_clock(const struct event *event)
{
	return event->kind == EVENT_SEGMENT || event->kind == EVENT_DATAGRAM ||
	       event->kind == EVENT_FRAME || event->kind == EVENT_CONNECTION;
}

static void count_connections(struct timeline *timeline, const struct event *event)
{
	if (event->kind != EVENT_CONNECTION)
		return;
	if (event->connection.action == CONNECTION_OPENED) {
		timeline->numbered = timeline->numbered || timeline->n_open > 0;
		timeline->n_open++;
	} else if (timeline->n_open > 0) {
		timeline->n_open--;
	}
}

int64_t timeline_next(struct timeline *timeline, const struct event *event)
{
	count_connections(timeline, event);
	if (event->kind == EVENT_SESSION || event->kind == EVENT_CAPTURE)
		return 0;
	if (!timeline->has_origin && starts_clock(event)) {
		timeline->has_origin = true;
		timeline->origin_ns = event->time_ns;
	}
	int64_t silence_ns = elapsed_ns(timeline->last_ns, event->time_ns);
	bool idle = timeline->has_last && silence_ns >= LADDER_IDLE_NS;
	timeline->has_last = timeline->has_origin;
	timeline->last_ns = event->time_ns;
	return idle ? silence_ns : 0;
}

int64_t timeline_elapsed(const struct timeline *timeline, const struct event *event)
{
	return elapsed_ns(timeline->origin_ns, event->time_ns);
}
