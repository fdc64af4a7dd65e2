/* check_judge.c: what a run is worth: each line of `expect`, the run itself, and whether the
 * machine was good enough to say so. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "runner/check.h"

enum { ENVIRONMENT = 2 };

/* A run that was ended because its time was up still moved if something had happened in the last
 * part of it: one in so many. */
enum { LAST_PART = 3 };

static bool has_started(const struct check *check, const struct check_outcome *outcome)
{
	for (size_t i = 0; i < outcome->record.n; i++) {
		const struct event *e = &outcome->record.events[i];
		if (e->kind == EVENT_PROGRAM && e->program.host == check->side)
			return true;
	}
	return false;
}

static bool is_captured(const struct check_outcome *outcome)
{
	for (size_t i = 0; i < outcome->record.n; i++)
		if (outcome->record.events[i].kind == EVENT_CAPTURE)
			return true;
	return false;
}

static void inconclusive(struct check_outcome *outcome, const char *why)
{
	outcome->verdict = CHECK_INCONCLUSIVE;
	(void)snprintf(outcome->why, sizeof outcome->why, "%s", why); /* what does not fit is cut */
}

/* True, with the verdict, if the run says nothing about the program. */
static bool is_worthless(const struct check *check, struct check_outcome *outcome)
{
	const struct quiet_end *end = &outcome->end;
	if (end->status == ENVIRONMENT) {
		inconclusive(outcome, end->said);
		if (is_captured(outcome) && !has_started(check, outcome))
			outcome->verdict = CHECK_ENVIRONMENT; /* a command that cannot be run */
		return true;
	}
	if (end->status != 0 && !has_started(check, outcome)) {
		inconclusive(outcome, end->said); /* before it was the program's turn */
		return true;
	}
	if (outcome->record.n_dropped > 0) {
		inconclusive(outcome, _("the capture dropped frames: this machine was too busy"));
		return true;
	}
	if (outcome->record.bad_line)
		inconclusive(outcome, _("the tracer's output could not be read"));
	return outcome->record.bad_line;
}

/* When the runner told the first program to end, or INT64_MAX. */
static int64_t told_to_end(const struct run_record *record)
{
	for (size_t i = 0; i < record->n; i++) {
		const struct event *e = &record->events[i];
		if (e->kind == EVENT_PROGRAM && e->program.action == PROGRAM_SIGNALLED)
			return e->time_ns;
	}
	return INT64_MAX;
}

/* True if the programs had not come to rest when time was up: they might have gone on. */
static bool was_moving(const struct check *check, const struct check_outcome *outcome)
{
	int64_t end_ns = told_to_end(&outcome->record), last_ns = 0;
	if (end_ns == INT64_MAX || !outcome->end.timed_out)
		return false;
	for (size_t i = 0; i < outcome->record.n; i++) {
		const struct event *e = &outcome->record.events[i];
		if (e->kind != EVENT_KERNEL && e->kind != EVENT_NOTE && e->time_ns < end_ns)
			last_ns = e->time_ns;
	}
	return end_ns - last_ns < check->plan.timeout_s * NS_PER_SECOND / LAST_PART;
}

/* True if nothing but times are wrong. */
static bool is_about_times(const struct check *check, const struct check_outcome *outcome)
{
	for (int i = 0; i < check->expected.n; i++)
		if (!outcome->lines[i].holds && !outcome->lines[i].about_time)
			return false;
	return outcome->n_failed > 0 && !outcome->run_failed;
}

static void blame_machine(const struct check *check, struct check_outcome *outcome)
{
	if (outcome->only_times)
		inconclusive(outcome, _("only times were wrong, and this machine is too busy to "
		                        "keep them: try again when it is quiet"));
	else if (was_moving(check, outcome))
		inconclusive(outcome, _("time was up while the programs were still at it, and this "
		                        "machine is too busy: try again when it is quiet, or with "
		                        "a longer --timeout"));
}

void check_judge(const struct check *check, struct check_outcome *outcome)
{
	const struct expect_run run = {.events = outcome->record.events,
	                               .n = outcome->record.n,
	                               .port = (uint16_t)check->lab->port,
	                               .frames = &outcome->frames};
	outcome->first_failed = -1;
	outcome->n_failed = 0;
	outcome->only_times = false;
	outcome->run_failed = outcome->end.status != 0 || outcome->end.too_much;
	if (is_worthless(check, outcome))
		return;
	for (int i = 0; i < check->expected.n; i++) {
		expect_eval(&check->expected.all[i], &run, &outcome->lines[i]);
		if (outcome->lines[i].holds)
			continue;
		outcome->n_failed++;
		if (outcome->first_failed < 0)
			outcome->first_failed = i;
	}
	bool passed = outcome->n_failed == 0 && !outcome->run_failed;
	outcome->verdict = passed ? CHECK_PASS : CHECK_FAIL;
	outcome->only_times = is_about_times(check, outcome);
	if (!passed && outcome->busy)
		blame_machine(check, outcome);
}
