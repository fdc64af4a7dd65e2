/* flights.h: the frames that are on the emulated wire now, as its events tell, and which of those
 * that wait there the person means. Bounded; no screen. */
#ifndef WIRELAB_TUI_FLIGHTS_H
#define WIRELAB_TUI_FLIGHTS_H

#include "event/event.h"

enum { FLIGHTS_MAX = 64 };

struct flight {
	uint64_t id;
	enum side from;
	bool held;
	char what[EVENT_NAME_MAX];
};

struct flights {
	struct flight list[FLIGHTS_MAX]; /* in the order in which they were sent */
	int n;
	uint64_t chosen; /* the id of one of them, or 0: the first that is held */
};

/* Takes an event of any kind: what the wire tells, and frames that came over it. */
void flights_take(struct flights *flights, const struct event *event);

/* The frame that a command is about: the chosen one, else the first that is held, else the first;
 * NULL: there is none. */
const struct flight *flights_chosen(const struct flights *flights);

/* Chooses the one behind it, round and round. */
void flights_choose_next(struct flights *flights);

/* How many of them are held. */
int flights_held(const struct flights *flights);

#endif
