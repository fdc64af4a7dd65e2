/* What a run is worth when the machine, not the program, may be to blame. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runner/check.h"

enum { MOST = 8, START_NS = 1000000000 };

/* A run of a client that is checked, told event by event. */
struct run {
	struct check *check;
	struct check_outcome *outcome;
	struct event events[MOST];
};

static void begin(struct run *run, const char *expected)
{
	static struct lab lab = {.port = 8080};
	struct err err;
	run->check = calloc(1, sizeof *run->check);
	run->outcome = calloc(1, sizeof *run->outcome);
	assert_non_null(run->check);
	assert_non_null(run->outcome);
	run->check->lab = &lab;
	run->check->plan.timeout_s = 30;
	run->outcome->record.events = run->events;
	if (expect_parse_all(&run->check->expected, expected, "expect", &err) < 0)
		fail_msg("%s", err.message);
}

static struct event *at(struct run *run, double seconds, enum event_kind kind)
{
	struct run_record *record = &run->outcome->record;
	assert_true(record->n < MOST);
	struct event *e = &record->events[record->n++];
	*e = (struct event){.kind = kind, .number = record->n};
	e->time_ns = START_NS + (int64_t)(seconds * (double)NS_PER_SECOND);
	return e;
}

static void program(struct run *run, double seconds, enum side side, enum program_action action)
{
	struct event *e = at(run, seconds, EVENT_PROGRAM);
	e->program.action = action;
	e->program.host = side;
}

static void says(struct run *run, double seconds, const char *text)
{
	struct event *e = at(run, seconds, EVENT_OUTPUT);
	(void)snprintf(e->output.text, sizeof e->output.text, "%s", text);
}

static void ended_with(struct run *run, int status, const char *said)
{
	run->outcome->end.status = status;
	(void)snprintf(run->outcome->end.said, sizeof run->outcome->end.said, "%s", said);
}

static enum check_verdict judged(struct run *run, bool busy)
{
	run->outcome->busy = busy;
	check_judge(run->check, run->outcome);
	return run->outcome->verdict;
}

static void end(struct run *run)
{
	free(run->check);
	free(run->outcome);
}

static void what_is_late_on_a_busy_machine_is_not_judged(void **state)
{
	struct run run;
	(void)state;
	begin(&run, "gap client says \"a\" client says \"b\" < 100ms\n");
	program(&run, 0, CLIENT, PROGRAM_STARTED);
	says(&run, 0.1, "a");
	says(&run, 0.5, "b");
	assert_int_equal(judged(&run, false), CHECK_FAIL);
	assert_true(run.outcome->only_times); /* so that it is tried again */
	assert_int_equal(judged(&run, true), CHECK_INCONCLUSIVE);
	end(&run);
}

static void what_was_not_said_is_not_the_machines_fault(void **state)
{
	struct run run;
	(void)state;
	begin(&run, "client says \"a\"\n");
	program(&run, 0, CLIENT, PROGRAM_STARTED);
	says(&run, 0.1, "b");
	assert_int_equal(judged(&run, true), CHECK_FAIL);
	assert_false(run.outcome->only_times);
	end(&run);
}

/* Time was up; the client's last word came so many seconds before. */
static enum check_verdict timed_out(double before, bool busy)
{
	struct run run;
	begin(&run, "client says \"b\"\n");
	program(&run, 0, CLIENT, PROGRAM_STARTED);
	says(&run, 30 - before, "a");
	at(&run, 29.9, EVENT_KERNEL); /* looked at by ourselves: nothing moves for that */
	program(&run, 30, CLIENT, PROGRAM_SIGNALLED);
	program(&run, 30.1, CLIENT, PROGRAM_EXITED);
	ended_with(&run, 1, "after 30 s (--timeout) wirelab still waited for the client to end");
	run.outcome->end.timed_out = true;
	enum check_verdict verdict = judged(&run, busy);
	end(&run);
	return verdict;
}

static void who_was_still_at_it_on_a_busy_machine_has_not_failed(void **state)
{
	(void)state;
	assert_int_equal(timed_out(1, true), CHECK_INCONCLUSIVE);
	assert_int_equal(timed_out(1, false), CHECK_FAIL);
}

static void who_waits_for_ever_fails_on_a_busy_machine_too(void **state)
{
	(void)state;
	assert_int_equal(timed_out(25, true), CHECK_FAIL);
}

static void a_program_that_was_never_started_has_not_failed(void **state)
{
	struct run run;
	(void)state;
	begin(&run, "client says \"a\"\n");
	program(&run, 0, SERVER, PROGRAM_STARTED);
	program(&run, 0.2, SERVER, PROGRAM_EXITED);
	ended_with(&run, 1, "the server ended (exit status 1) before it listened on port 8080");
	assert_int_equal(judged(&run, false), CHECK_INCONCLUSIVE);
	assert_string_equal(run.outcome->why, run.outcome->end.said);
	end(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(what_is_late_on_a_busy_machine_is_not_judged),
	        cmocka_unit_test(what_was_not_said_is_not_the_machines_fault),
	        cmocka_unit_test(who_was_still_at_it_on_a_busy_machine_has_not_failed),
	        cmocka_unit_test(who_waits_for_ever_fails_on_a_busy_machine_too),
	        cmocka_unit_test(a_program_that_was_never_started_has_not_failed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
