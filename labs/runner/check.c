/* check.c: `wirelab check`: from words on the command line to a verdict. */
#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/text.h"
#include "runner/check.h"
#include "runner/commands.h"
#include "runner/files.h"
#include "runner/front.h"
#include "runner/guide.h"
#include "runner/place.h"
#include "runner/progress.h"

enum { DEFAULT_TIMEOUT_S = 30, MAX_TIMEOUT_S = 600, MAX_RUNS = 1000, MAX_TRIES = 3 };
enum { INTERRUPTED = 130 };

/* What was asked for, in words; borrowed from argv. */
struct request {
	const char *lab;
	char **command; /* NULL behind the last; none: the learner's copy */
	enum check_whose whose;
	int side; /* -1: as the exercise says */
	long runs, timeout_s;
	bool json, show, help;
};

enum option_code {
	OPTION_SOLUTION = 256,
	OPTION_SKELETON,
	OPTION_RUNS,
	OPTION_TIMEOUT,
	OPTION_ROLE,
	OPTION_JSON,
	OPTION_SHOW
};

static const struct option options[] = {
        {"solution", no_argument, NULL, OPTION_SOLUTION},
        {"skeleton", no_argument, NULL, OPTION_SKELETON},
        {"runs", required_argument, NULL, OPTION_RUNS},
        {"timeout", required_argument, NULL, OPTION_TIMEOUT},
        {"role", required_argument, NULL, OPTION_ROLE},
        {"json", no_argument, NULL, OPTION_JSON},
        {"show", no_argument, NULL, OPTION_SHOW},
        {"help", no_argument, NULL, 'h'},
        {0},
};

static const char *usage(void)
{
	return _(
	        "usage: wirelab check NN [options] [CMD [WORD...]]\n"
	        "Compiles your program for lab NN, runs it against the reference program at the "
	        "other end, and says\n"
	        "step by step what was as it should be on the wire, and what was not. Your file is "
	        "in\n"
	        "~/wirelab/NN-name/ (WIRELAB_EXERCISES takes the place of ~/wirelab); the first "
	        "check puts the\n"
	        "skeleton there. With CMD that program is checked instead, in any language: {host} "
	        "and {port} in\n"
	        "it are replaced; a file that ends in .c is compiled.\n\n"
	        "  --runs N          so many runs, all of which have to pass (3)\n"
	        "  --timeout S       end a run after S seconds (30)\n"
	        "  --role ROLE       CMD is the client, or the server, where the lab has it "
	        "otherwise\n"
	        "  --solution        check our solution\n"
	        "  --skeleton        check the skeleton as it is given out: it has to fail\n"
	        "  --json            the outcome as one JSON object\n"
	        "  --show            show one run, segment by segment, instead of judging it\n"
	        "  -h, --help        this text\n\n"
	        "Your program may use 512 MiB, 5 s of processor time and 400 processes, and write "
	        "256 MiB in its\n"
	        "folder; your home and the labs are hidden from it. CC names another compiler.\n"
	        "Exit status: 0 it passes, 1 it fails, 2 usage or environment, 3 inconclusive: not "
	        "your fault.\n");
}

static int take_role(struct request *request, const char *word, struct err *err)
{
	for (int side = 0; side < N_SIDES; side++) {
		if (strcmp(word, side_name((enum side)side)) != 0)
			continue;
		request->side = side;
		return 0;
	}
	return err_set(err, _("--role is client or server, not %s"), word);
}

static int take_option(struct request *request, int code, struct err *err)
{
	switch (code) {
	case OPTION_SOLUTION:
		request->whose = CHECK_SOLUTION;
		return 0;
	case OPTION_SKELETON:
		request->whose = CHECK_SKELETON;
		return 0;
	case OPTION_RUNS:
		return guide_number("runs", optarg, MAX_RUNS, &request->runs, err);
	case OPTION_TIMEOUT:
		return guide_number("timeout", optarg, MAX_TIMEOUT_S, &request->timeout_s, err);
	case OPTION_ROLE:
		return take_role(request, optarg, err);
	case OPTION_JSON:
		request->json = true;
		return 0;
	case OPTION_SHOW:
		request->show = true;
		return 0;
	case 'h':
		request->help = true;
		return 0;
	default: /* getopt_long() has said what is wrong */
		return err_set(err, _("see wirelab check --help"));
	}
}

/* Options come first: from the lab's name on, all is the lab's name and CMD, whose own options are
 * not ours; but options between the two are. */
static int parse(struct request *request, int argc, char **argv, struct err *err)
{
	int code;
	*request = (struct request){.side = -1, .runs = CHECK_RUNS, .timeout_s = DEFAULT_TIMEOUT_S};
	for (int pass = 0; pass < 2; pass++) {
		while ((code = getopt_long(argc, argv, "+h", options, NULL)) != -1) {
			if (take_option(request, code, err) < 0)
				return -1;
		}
		if (pass == 0 && optind < argc)
			request->lab = argv[optind++];
	}
	if (request->help)
		return 0;
	if (!request->lab)
		return err_set(err, _("which lab? As in: wirelab check 01"));
	request->command = argv + optind;
	if (request->show && request->json)
		return err_set(err, _("either --show or --json, not both"));
	if (optind < argc && request->whose != CHECK_COPY)
		return err_set(err, _("either CMD or --solution or --skeleton, not two of them"));
	if (optind < argc)
		request->whose = CHECK_COMMAND;
	return 0;
}

/* ---- what is checked ---- */

/* One word is a command line; several are words that stay as they are. */
static int join(struct check *check, char **words, struct err *err)
{
	struct text t = text_of(check->command, sizeof check->command);
	bool single = words[1] == NULL;
	for (int i = 0; words[i]; i++) {
		text_add(&t, i ? " " : "");
		if (single)
			text_add(&t, words[i]);
		for (const char *at = words[i]; !single && *at != '\0'; at++) {
			if (strchr(" \t\n\\'\"", *at))
				text_add_char(&t, '\\');
			text_add_char(&t, *at);
		}
		text_add(&t, single || words[i][0] != '\0' ? "" : "''");
	}
	return t.cut ? err_set(err, _("this command is too long")) : 0;
}

static int take_command(struct check *check, char **words, struct err *err)
{
	assert(words); /* CHECK_COMMAND has some */
	if (words[1] == NULL && files_is_c(words[0])) {
		if (!realpath(words[0], check->source))
			return err_errno(err, _("cannot read %s"), words[0]);
		return 0;
	}
	return join(check, words, err);
}

/* The learner's copy is made here when there is none. */
static int take_copy(struct check *check, struct err *err)
{
	int made = exercise_prepare(&check->exercise, err);
	if (made < 0)
		return -1;
	if (made > 0)
		(void)fprintf(stderr,
		              _("wirelab: the exercise was put into %s; its TODOs are yours\n"),
		              check->exercise.copy); /* its task is told with the outcome */
	(void)snprintf(check->source, sizeof check->source, "%s",
	               check->exercise.copy); /* as long */
	return 0;
}

static int take_ours(struct check *check, const char *path, struct err *err)
{
	if (path[0] == '\0')
		return err_set(err, _("the solution of lab %s is not here"), check->lab->id);
	(void)snprintf(check->source, sizeof check->source, "%s", path); /* as long */
	return 0;
}

static int take_program(struct check *check, const struct request *request, struct err *err)
{
	switch (check->whose) {
	case CHECK_COPY:
		return take_copy(check, err);
	case CHECK_SOLUTION:
		return take_ours(check, check->exercise.solution, err);
	case CHECK_SKELETON:
		return take_ours(check, check->exercise.skeleton, err);
	case CHECK_COMMAND:
		return take_command(check, request->command, err);
	}
	return -1;
}

static int prepare(struct check *check, const struct request *request, const char *labs,
                   struct err *err)
{
	char path[PATH_MAX];
	check->whose = request->whose;
	check->runs = (int)request->runs;
	if (exercise_find(&check->exercise, check->lab, err) < 0)
		return -1;
	check->side = request->side < 0 ? check->exercise.side : (enum side)request->side;
	int n = snprintf(path, sizeof path, "%s/expect", check->lab->folder);
	if (n < 0 || (size_t)n >= sizeof path)
		return err_set(err, _("the path of lab %s is too long"), check->lab->id);
	if (expect_read(&check->expected, path, err) < 0 || take_program(check, request, err) < 0)
		return -1;
	if (check_make_folder(check, err) < 0)
		return -1;
	return check_make_plan(check, (int)request->timeout_s, labs, err);
}

/* ---- the runs ---- */

/* More programs want to run than there are processors, by so much. */
#define TOO_BUSY 3.0

static bool is_busy(void)
{
	double load[1];
	long n = sysconf(_SC_NPROCESSORS_ONLN);
	return getloadavg(load, 1) == 1 && load[0] > TOO_BUSY * (double)(n > 0 ? n : 1);
}

/* One run: its events, and its frames in a file in memory. */
static int run_now(struct check *check, struct check_outcome *outcome, struct err *err)
{
	int fd = memfd_create("wirelab frames", MFD_CLOEXEC);
	if (fd < 0)
		return err_errno(err, _("no memory for a run"));
	check->plan.save = "run.pcap"; /* only its suffix matters */
	check->plan.save_fd = fd;
	run_record_release(&outcome->record);
	run_frames_release(&outcome->frames);
	int result = quiet_run(&check->plan, &outcome->record, &outcome->end, err);
	if (result == 0 && run_frames_open(&outcome->frames, fd) < 0)
		result = err_errno(err, _("no memory for a run"));
	(void)close(fd); /* mapped as long as it is needed */
	return result;
}

/* What a busy machine has spoiled is tried again; so are times, which another program may have
 * spoiled in a moment: a program that takes too long does so each time. */
static int run_once(struct check *check, struct check_outcome *outcome, struct err *err)
{
	for (int i = 0; i < MAX_TRIES; i++) {
		if (run_now(check, outcome, err) < 0)
			return -1;
		outcome->busy = is_busy();
		check_judge(check, outcome);
		bool again = outcome->verdict == CHECK_INCONCLUSIVE || outcome->only_times;
		if (!again || outcome->end.interrupted || outcome->end.status == CHECK_ENVIRONMENT)
			break;
	}
	return 0;
}

static int run_all(struct check *check, struct check_outcome *outcome, struct err *err)
{
	do {
		outcome->run++;
		if (run_once(check, outcome, err) < 0)
			return -1;
	} while (outcome->run < check->runs && outcome->verdict == CHECK_PASS &&
	         !outcome->end.interrupted);
	if (outcome->verdict == CHECK_ENVIRONMENT)
		return err_set(err, "%s", outcome->why);
	return 0;
}

/* 0, or -1 with a message. Mistakes in the program are an outcome. */
static int compile(struct check *check, struct check_outcome *outcome, struct err *err)
{
	int result = check->source[0] == '\0' ? 0 : check_compile(check, err);
	outcome->compiled = result == 0;
	outcome->end.interrupted = result == CHECK_INTERRUPTED;
	outcome->verdict = CHECK_FAIL;
	outcome->first_failed = -1;
	return result < 0 ? -1 : 0;
}

/* What the learner has done is kept; what an author tries is not. */
static void note(const struct check *check, const struct check_outcome *outcome)
{
	if (check->whose != CHECK_COPY && check->whose != CHECK_COMMAND)
		return;
	const char *detail = outcome->first_failed >= 0
	                             ? check->expected.all[outcome->first_failed].words
	                     : outcome->compiled ? "the programs end as they should"
	                                         : "it compiles";
	if (outcome->verdict == CHECK_PASS)
		progress_note(check->lab->id, PROGRESS_PASSED, NULL);
	else if (outcome->verdict == CHECK_FAIL)
		progress_note(check->lab->id, PROGRESS_FAILED, detail);
	else
		progress_note(check->lab->id, PROGRESS_INCONCLUSIVE, NULL);
}

static int tell(const struct check *check, const struct check_outcome *outcome, bool json)
{
	struct buffer out = {.bytes = NULL};
	if (json)
		check_tell_json(check, outcome, &out);
	else
		check_tell(check, outcome, &out);
	int status = guide_print(&out);
	buffer_release(&out);
	return status == GUIDE_FINE ? (int)outcome->verdict : status;
}

/* The exit status, or -1 with a message. */
static int judge(struct check *check, struct check_outcome *outcome, bool json, struct err *err)
{
	int status = INTERRUPTED;
	if (compile(check, outcome, err) < 0 ||
	    (outcome->compiled && run_all(check, outcome, err) < 0))
		return -1;
	if (!outcome->end.interrupted) {
		status = tell(check, outcome, json);
		note(check, outcome);
	}
	return status;
}

/* One run, for the person to look at: on the screen, or as a ladder. The exit status, or -1 with a
 * message. */
static int show(struct check *check, struct check_outcome *outcome, struct err *err)
{
	struct run_plan *plan = &check->plan;
	if (compile(check, outcome, err) < 0)
		return -1;
	if (outcome->end.interrupted)
		return INTERRUPTED;
	if (!outcome->compiled)
		return tell(check, outcome, false);
	plan->screen = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
	plan->format = plan->screen ? "json" : "ladder";
	if (plan->screen && place_program(plan->tui, sizeof plan->tui, "wirelab-tui", err) < 0)
		return -1;
	return front_run(plan, err);
}

/* The exit status, or -1 with a message. */
static int check_lab(const struct request *request, const struct guide *guide, struct err *err)
{
	struct check *check = calloc(1, sizeof *check);
	struct check_outcome *outcome = calloc(1, sizeof *outcome);
	int status = -1;
	if (!check || !outcome) {
		(void)err_errno(err, _("no memory"));
	} else {
		check->lab = guide->lab;
		if (prepare(check, request, guide->catalogue->folder, err) == 0)
			status = request->show ? show(check, outcome, err)
			                       : judge(check, outcome, request->json, err);
		check_remove_folder(check);
		run_record_release(&outcome->record);
		run_frames_release(&outcome->frames);
	}
	free(check);
	free(outcome);
	return status;
}

int command_check(int argc, char **argv)
{
	struct request request;
	struct guide guide;
	struct err err;
	if (front_tidy_descriptors() < 0)
		return GUIDE_ENVIRONMENT;
	if (parse(&request, argc, argv, &err) < 0)
		return guide_complain(&err);
	if (request.help)
		return guide_usage(usage(), true);
	if (guide_open(&guide, request.lab, &err) < 0)
		return guide_complain(&err);
	int status = check_lab(&request, &guide, &err);
	guide_close(&guide);
	return status < 0 ? guide_complain(&err) : status;
}
