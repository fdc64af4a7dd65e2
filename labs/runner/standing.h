/* standing.h: how far the learner is in each lab, and which lab is next. */
#ifndef WIRELAB_RUNNER_STANDING_H
#define WIRELAB_RUNNER_STANDING_H

#include "runner/lab.h"
#include "runner/progress.h"

struct standing {
	const struct lab *lab; /* borrowed from the catalogue */
	bool has_exercise;
	enum progress_state state;
	struct progress progress;
};

struct standings {
	struct standing labs[LAB_MAX]; /* in the order of the catalogue */
	int n, n_done, n_tried;
	int next; /* index of the lab to go on with, -1: all are done */
};

/* Looks at all labs, on the heap; the caller frees it with free(). What cannot be read of the
 * progress is told on stderr, once. NULL with a message: no memory. */
struct standings *standings_new(const struct catalogue *catalogue, struct err *err);

/* Chooses all->next from the states: the lab touched last that is not done; else the next
 * untouched one, behind the one that was done last, whose `needs` are done; else the first
 * untouched one. */
void standings_choose(struct standings *all);

#endif
