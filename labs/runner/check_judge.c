/* check_judge.c: what a run is worth: each line of `expect`, the run itself, and whether the
 * machine was good enough to say so. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "runner/check.h"

enum { ENVIRONMENT = 2 };

/* More programs want to run than there are processors, by so much. */
#define TOO_BUSY 3.0

static bool is_busy(void)
{
	double load[1];
	long n = sysconf(_SC_NPROCESSORS_ONLN);
	return getloadavg(load, 1) == 1 && load[0] > TOO_BUSY * (double)(n > 0 ? n : 1);
}

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
	if (outcome->record.n_dropped > 0) {
		inconclusive(outcome, _("the capture dropped frames: this machine was too busy"));
		return true;
	}
	if (outcome->record.bad_line)
		inconclusive(outcome, _("the tracer's output could not be read"));
	return outcome->record.bad_line;
}

/* True if nothing but times are wrong, on a machine that has no time. */
static bool is_machines_fault(const struct check *check, const struct check_outcome *outcome)
{
	for (int i = 0; i < check->expected.n; i++)
		if (!outcome->lines[i].holds && !outcome->lines[i].about_time)
			return false;
	return outcome->n_failed > 0 && !outcome->run_failed && is_busy();
}

void check_judge(const struct check *check, struct check_outcome *outcome)
{
	const struct expect_run run = {.events = outcome->record.events,
	                               .n = outcome->record.n,
	                               .port = (uint16_t)check->lab->port,
	                               .frames = &outcome->frames};
	outcome->first_failed = -1;
	outcome->n_failed = 0;
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
	if (!passed && is_machines_fault(check, outcome))
		inconclusive(outcome, _("only times were wrong, and this machine is too busy to "
		                        "keep them: try again when it is quiet"));
}
