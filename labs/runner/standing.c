/* standing.c: see standing.h. */
#include "runner/standing.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "runner/exercise.h"

static const struct standing *find(const struct standings *all, long number)
{
	for (int i = 0; i < all->n; i++)
		if (all->labs[i].lab->number == number)
			return &all->labs[i];
	return NULL;
}

/* True if the labs that come before, "01, 04", are done; those that are not there count as done. */
static bool needs_are_done(const struct standings *all, const struct lab *lab)
{
	for (const char *at = lab->needs; *at != '\0';) {
		char *end;
		if (!isdigit((unsigned char)*at)) {
			at++;
			continue;
		}
		const struct standing *needed = find(all, strtol(at, &end, 10));
		if (needed != NULL && needed->state != PROGRESS_DONE)
			return false;
		at = end;
	}
	return true;
}

static int64_t last_touched(const struct progress *progress)
{
	int64_t last_s = 0;
	for (int kind = 0; kind < N_PROGRESS_KINDS; kind++)
		if (progress->marks[kind].last_s > last_s)
			last_s = progress->marks[kind].last_s;
	return last_s;
}

/* The lab in which the learner is, or -1. */
static int find_current(const struct standings *all)
{
	int found = -1;
	for (int i = 0; i < all->n; i++) {
		const struct standing *lab = &all->labs[i];
		if (lab->state == PROGRESS_TRIED &&
		    (found < 0 ||
		     last_touched(&lab->progress) > last_touched(&all->labs[found].progress)))
			found = i;
	}
	return found;
}

/* The lab behind the one that was done last, or 0. */
static int find_start(const struct standings *all)
{
	int found = -1;
	for (int i = 0; i < all->n; i++) {
		const struct standing *lab = &all->labs[i];
		if (lab->state == PROGRESS_DONE &&
		    (found < 0 ||
		     last_touched(&lab->progress) >= last_touched(&all->labs[found].progress)))
			found = i;
	}
	return found + 1;
}

/* The first lab from `start` on, in a circle, that nothing was done in, or -1; with `ready` only
 * those whose needs are done. */
static int find_untouched(const struct standings *all, int start, bool ready)
{
	for (int n = 0; n < all->n; n++) {
		int i = (start + n) % all->n;
		if (all->labs[i].state == PROGRESS_UNTOUCHED &&
		    (!ready || needs_are_done(all, all->labs[i].lab)))
			return i;
	}
	return -1;
}

void standings_choose(struct standings *all)
{
	all->next = find_current(all);
	if (all->next < 0)
		all->next = find_untouched(all, find_start(all), true);
	if (all->next < 0)
		all->next = find_untouched(all, 0, false);
}

struct standings *standings_new(const struct catalogue *catalogue, struct err *err)
{
	struct standings *all = calloc(1, sizeof *all);
	bool told = false;
	if (all == NULL) {
		(void)err_errno(err, "%s", _("no memory"));
		return NULL;
	}
	for (; all->n < catalogue->n_labs; all->n++) {
		struct standing *standing = &all->labs[all->n];
		standing->lab = &catalogue->labs[all->n];
		standing->has_exercise = exercise_has(standing->lab);
		if (progress_load(&standing->progress, standing->lab->id, err) < 0 && !told) {
			(void)fprintf(stderr, "wirelab: %s\n", err->message);
			told = true;
		}
		standing->state = progress_state(&standing->progress, standing->has_exercise);
		all->n_done += standing->state == PROGRESS_DONE;
		all->n_tried += standing->state == PROGRESS_TRIED;
	}
	standings_choose(all);
	return all;
}
