/* check_plan.c: the run of a check, decided: see check.h. The counterpart of run.c. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "runner/check.h"
#include "runner/expect_kinds.h"
#include "runner/place.h"

/* ---- what runs ---- */

static enum side side_of(const struct check *check, enum exercise_role role)
{
	return role == EXERCISE_OWN ? check->side : side_other(check->side);
}

/* The plain run of the lab, with what the exercise says otherwise. */
static void make_variant(struct check *check)
{
	const struct lab_exercise *exercise = &check->lab->exercise;
	struct lab_variant *variant = &check->variant;
	*variant = check->lab->variants[0];
	if (check->side == SERVER)
		variant->status[SERVER] = LAB_ANY_STATUS; /* it may go on until it is ended */
	for (int role = 0; role < N_EXERCISE_ROLES; role++) {
		enum side side = side_of(check, (enum exercise_role)role);
		if (exercise->command[role][0] != '\0')
			memcpy(variant->command[side], exercise->command[role], LAB_TEXT);
		if (exercise->input[role].given)
			memcpy(variant->input[side], exercise->input[role].text, LAB_TEXT);
		if (exercise->status[role] != LAB_SAME_STATUS)
			variant->status[side] = exercise->status[role];
	}
	bool has_server = variant->command[SERVER][0] != '\0' || check->side == SERVER;
	if (has_server && variant->ready == READY_NO_SERVER)
		variant->ready = READY_LISTEN;
	variant->wire = variant->wire || exercise->wire;
	if (exercise->fault[0] != '\0')
		memcpy(variant->fault, exercise->fault, LAB_TEXT);
}

/* A line `ends SIDE = N` says it instead. */
static void leave_statuses(struct check *check)
{
	for (int i = 0; i < check->expected.n; i++) {
		const struct expectation *x = &check->expected.all[i];
		if (x->kind == EXPECT_ENDS)
			check->variant.status[x->side] = LAB_ANY_STATUS;
	}
}

static int split(struct check *check, enum side side, const char *command, struct err *err)
{
	struct run_plan *plan = &check->plan;
	struct err inner;
	plan->words[side].n = 0;
	if (command[0] == '\0')
		return 0;
	if (words_split(&plan->words[side], command, plan->address, plan->port_text, &inner) == 0)
		return 0;
	return err_set(err, "%s: %s", side_name(side), inner.message);
}

static int plan_programs(struct check *check, struct err *err)
{
	struct run_plan *plan = &check->plan;
	enum side own = check->side, peer = side_other(own);
	const char *command = check->variant.command[own];
	if (check->whose == CHECK_COMMAND && check->source[0] == '\0')
		command = check->command;
	else if (command[0] == '\0')
		command = "program {host} {port}";
	if (split(check, own, command, err) < 0 ||
	    split(check, peer, check->variant.command[peer], err) < 0)
		return -1;
	if (check->source[0] != '\0')
		plan->words[own].argv[0] = check->binary;
	plan->own[own] = true;
	for (int side = 0; side < N_SIDES; side++)
		plan->expected[side] = check->variant.status[side];
	return 0;
}

static int plan_wire(struct check *check, struct err *err)
{
	struct run_plan *plan = &check->plan;
	const char *fault = check->variant.fault;
	plan->wire = check->variant.wire || fault[0] != '\0';
	plan->wire_control_fd = -1;
	plan->address = plan_address(plan->wire, false);
	if (fault[0] != '\0' &&
	    wire_faults_add_named(&plan->faults, fault, check->lab->folder, err) < 0)
		return -1;
	return wire_faults_check(&plan->faults, false, err);
}

/* ---- where it runs, and what it does not see ---- */

static void hide(struct run_plan *plan, const char *folder, const char *below)
{
	if (plan->n_hidden == PLAN_HIDDEN)
		return;
	int n = snprintf(plan->hidden[plan->n_hidden], PATH_MAX, "%s%s", folder, below);
	if (n > 1 && n < PATH_MAX)
		plan->n_hidden++;
}

/* True if the program is looked for in PATH and found in the home: its interpreter is there. */
static bool is_of_home(const char *program, const char *home)
{
	const char *at = getenv("PATH");
	if (strchr(program, '/'))
		return false;
	while (at && *at != '\0') {
		char path[PATH_MAX];
		size_t n = strcspn(at, ":");
		int len = snprintf(path, sizeof path, "%.*s/%s", (int)n, at, program);
		if (len > 0 && (size_t)len < sizeof path && access(path, X_OK) == 0)
			return strncmp(path, home, strlen(home)) == 0;
		at += n + (at[n] == ':');
	}
	return false;
}

static void plan_confinement(struct check *check, const char *labs)
{
	struct run_plan *plan = &check->plan;
	const char *home = getenv("HOME");
	plan->confined = true;
	hide(plan, labs, "");         /* the solutions */
	hide(plan, labs, "/../.git"); /* and their history */
	if (home && home[0] == '/' && !is_of_home(plan->words[check->side].argv[0], home))
		hide(plan, home, "");
}

static void plan_directory(struct check *check)
{
	struct run_plan *plan = &check->plan;
	const char *folder = check->whose == CHECK_COPY ? check->exercise.folder : check->folder;
	if (check->whose != CHECK_COMMAND)
		(void)snprintf(plan->directory, sizeof plan->directory, "%s",
		               folder); /* as large */
	else if (!getcwd(plan->directory, sizeof plan->directory))
		(void)snprintf(plan->directory, sizeof plan->directory, "/"); /* it was removed */
}

int check_make_plan(struct check *check, int timeout_s, const char *labs, struct err *err)
{
	struct run_plan *plan = &check->plan;
	*plan = (struct run_plan){.lab = check->lab,
	                          .variant = &check->variant,
	                          .port = (uint16_t)check->lab->port,
	                          .timeout_s = timeout_s,
	                          .format = "json",
	                          .quiet = true,
	                          .save_fd = -1};
	(void)snprintf(plan->port_text, sizeof plan->port_text, "%d", plan->port); /* fits */
	make_variant(check);
	leave_statuses(check);
	if (plan_wire(check, err) < 0 || plan_programs(check, err) < 0)
		return -1;
	plan_directory(check);
	plan_confinement(check, labs);
	return place_program(plan->tracer, sizeof plan->tracer, "wirelab-trace", err);
}
