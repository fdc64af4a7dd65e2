/* run_record.c: the events of a run, kept as they come; see expect.h. */
#include <stdlib.h>

#include "runner/expect.h"

enum { FIRST_ROOM = 256, RECORD_MAX = 65536 };
enum { LINES_KEPT = 4096, LINES_MAX = 200000 }; /* that the programs print */

bool run_record_is_full(const struct run_record *record)
{
	return record->n_left_out > 0 || record->n_lines > LINES_MAX;
}

static int make_room(struct run_record *record)
{
	if (record->n < record->room)
		return 0;
	size_t room = record->room ? record->room * 2 : FIRST_ROOM;
	struct event *events = realloc(record->events, room * sizeof *events);
	if (!events)
		return -1;
	record->events = events;
	record->room = room;
	return 0;
}

int run_record_line(struct run_record *record, const char *line, size_t n)
{
	if (record->n == RECORD_MAX) {
		record->n_left_out++;
		return 0;
	}
	if (make_room(record) < 0)
		return -1;
	char why[EVENT_NAME_MAX]; /* nobody is told */
	struct event *event = &record->events[record->n];
	if (event_read(event, line, n, why, sizeof why) < 0) {
		record->bad_line = true;
		return 0;
	}
	if (event->kind == EVENT_CAPTURE && event->capture.dropped > record->n_dropped)
		record->n_dropped = event->capture.dropped;
	if (event->kind == EVENT_OUTPUT && ++record->n_lines > LINES_KEPT)
		return 0; /* it is counted, no more */
	record->n++;
	return 0;
}

void run_record_release(struct run_record *record)
{
	free(record->events);
	*record = (struct run_record){.events = NULL};
}
