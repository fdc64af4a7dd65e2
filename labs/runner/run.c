/* run.c: `wirelab run`: from words on the command line to a plan. Starts nothing itself: front.c
 * does. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/text.h"
#include "runner/commands.h"
#include "runner/front.h"
#include "runner/guide.h"
#include "runner/lab.h"
#include "runner/output.h"
#include "runner/place.h"
#include "runner/plan.h"
#include "runner/progress.h"
#include "runner/replay.h"
#include "runner/run_help.h"

enum {
	ENVIRONMENT = 2,
	DEFAULT_TIMEOUT_S = 30,
	MAX_TIMEOUT_S = 86400,
	MAX_PORT = 65535,
	MAX_FD = 65535
};

/* What was asked for, in words; borrowed from argv. */
struct request {
	const char *lab, *variant;
	const char *command[N_SIDES]; /* --client, --server, or NULL */
	const char *format;           /* the tracer's -o; NULL: the screen, or text */
	const char *save;
	char *pace;
	long port;                           /* 0: the lab's */
	long timeout_s;                      /* 0: as usual */
	long wire_control_fd;                /* 0: none */
	const char *faults[WIRE_MAX_FAULTS]; /* as they are given, n_faults of them */
	int n_faults;
	bool host, wire, ipv6, step, keep, quiet, help, no_calls, no_pin, no_kernel, replay;
};

enum option_code {
	OPTION_TEXT = 256,
	OPTION_LADDER,
	OPTION_JSON,
	OPTION_SAVE,
	OPTION_CLIENT,
	OPTION_SERVER,
	OPTION_PORT,
	OPTION_TIMEOUT,
	OPTION_HOST,
	OPTION_KEEP,
	OPTION_PACE,
	OPTION_WIRE,
	OPTION_FAULT,
	OPTION_IPV6,
	OPTION_STEP,
	OPTION_WIRE_CONTROL,
	OPTION_NO_CALLS,
	OPTION_NO_PIN,
	OPTION_NO_KERNEL,
	OPTION_REPLAY,
};

static const struct option options[] = {
        {"text", no_argument, NULL, OPTION_TEXT},
        {"ladder", no_argument, NULL, OPTION_LADDER},
        {"json", no_argument, NULL, OPTION_JSON},
        {"save", required_argument, NULL, OPTION_SAVE},
        {"client", required_argument, NULL, OPTION_CLIENT},
        {"server", required_argument, NULL, OPTION_SERVER},
        {"port", required_argument, NULL, OPTION_PORT},
        {"timeout", required_argument, NULL, OPTION_TIMEOUT},
        {"host", no_argument, NULL, OPTION_HOST},
        {"keep", no_argument, NULL, OPTION_KEEP},
        {"pace", required_argument, NULL, OPTION_PACE},
        {"wire", no_argument, NULL, OPTION_WIRE},
        {"fault", required_argument, NULL, OPTION_FAULT},
        {"ipv6", no_argument, NULL, OPTION_IPV6},
        {"step", no_argument, NULL, OPTION_STEP},
        {"wire-control", required_argument, NULL, OPTION_WIRE_CONTROL}, /* not for people */
        {"no-calls", no_argument, NULL, OPTION_NO_CALLS},
        {"no-pin", no_argument, NULL, OPTION_NO_PIN},
        {"no-kernel", no_argument, NULL, OPTION_NO_KERNEL},
        {"replay", no_argument, NULL, OPTION_REPLAY},
        {"quiet", no_argument, NULL, 'q'},
        {"help", no_argument, NULL, 'h'},
        {0},
};

/* Options without a value set a member. */
static const struct flag {
	int code;
	size_t member;
} flags[] = {
        {OPTION_HOST, offsetof(struct request, host)},
        {OPTION_KEEP, offsetof(struct request, keep)},
        {OPTION_NO_CALLS, offsetof(struct request, no_calls)},
        {OPTION_NO_PIN, offsetof(struct request, no_pin)},
        {OPTION_NO_KERNEL, offsetof(struct request, no_kernel)},
        {OPTION_WIRE, offsetof(struct request, wire)},
        {OPTION_IPV6, offsetof(struct request, ipv6)},
        {OPTION_STEP, offsetof(struct request, step)},
        {OPTION_REPLAY, offsetof(struct request, replay)},
        {'q', offsetof(struct request, quiet)},
        {'h', offsetof(struct request, help)},
};

/* True if the option is one of those. */
static bool take_flag(struct request *request, int code)
{
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
		if (flags[i].code != code)
			continue;
		*(bool *)(void *)((char *)request + flags[i].member) = true;
		return true;
	}
	return false;
}

static int take_value(struct request *request, int code, struct err *err)
{
	switch (code) {
	case OPTION_TEXT:
		request->format = "text";
		return 0;
	case OPTION_LADDER:
		request->format = "ladder";
		return 0;
	case OPTION_JSON:
		request->format = "json";
		return 0;
	case OPTION_SAVE:
		request->save = optarg;
		return 0;
	case OPTION_CLIENT:
		request->command[CLIENT] = optarg;
		return 0;
	case OPTION_SERVER:
		request->command[SERVER] = optarg;
		return 0;
	case OPTION_PACE:
		request->pace = optarg;
		return 0;
	case OPTION_PORT:
		return guide_number("port", optarg, MAX_PORT, &request->port, err);
	case OPTION_TIMEOUT:
		return guide_number("timeout", optarg, MAX_TIMEOUT_S, &request->timeout_s, err);
	case OPTION_FAULT:
		if (request->n_faults == WIRE_MAX_FAULTS)
			return err_set(err, _("--fault: at most %d faults at once"),
			               WIRE_MAX_FAULTS);
		request->faults[request->n_faults++] = optarg;
		return 0;
	case OPTION_WIRE_CONTROL:
		return guide_number("wire-control", optarg, MAX_FD, &request->wire_control_fd, err);
	default: /* getopt_long() has said what is wrong */
		return err_set(err, _("see wirelab run --help"));
	}
}

static int take_option(struct request *request, int code, struct err *err)
{
	return take_flag(request, code) ? 0 : take_value(request, code, err);
}

static int parse(struct request *request, int argc, char **argv, struct err *err)
{
	int code;
	*request = (struct request){.timeout_s = 0};
	while ((code = getopt_long(argc, argv, "qh", options, NULL)) != -1) {
		if (take_option(request, code, err) < 0)
			return -1;
	}
	request->wire |= request->step || request->n_faults > 0;
	if (request->help)
		return 0;
	if (optind == argc)
		return err_set(err,
		               _("which lab? As in: wirelab run 01 (wirelab list shows them)"));
	if (argc - optind > 2)
		return err_set(err,
		               _("too many words: %s (a command of several words is one "
		                 "argument: --client 'CMD WORD')"),
		               argv[optind + 2]);
	request->lab = argv[optind];
	request->variant = optind + 1 < argc ? argv[optind + 1] : "";
	return 0;
}

/* The tracer takes the format from the suffix. */
static int check_suffix(const char *name, struct err *err)
{
	static const char *const suffixes[] = {".pcapng", ".pcap", ".ndjson"};
	const char *dot = strrchr(name, '.');
	for (size_t i = 0; dot && i < sizeof suffixes / sizeof *suffixes; i++) {
		if (strcmp(dot, suffixes[i]) == 0)
			return 0;
	}
	return err_set(err,
	               _("--save %s: the name must end in .pcapng, .pcap or .ndjson, which "
	                 "says what to write"),
	               name);
}

/* One side of the run: the learner's command or the lab's, split into words. */
static int plan_side(struct run_plan *plan, const struct request *request, enum side side,
                     struct err *err)
{
	plan->own[side] = request->command[side] != NULL;
	plan->expected[side] = plan->variant->status[side];
	if (plan->own[side] && side == SERVER)
		plan->expected[side] = LAB_ANY_STATUS; /* the learner's server may go on for ever */
	const char *command =
	        plan->own[side] ? request->command[side] : plan->variant->command[side];
	plan->words[side].n = 0;
	if (!plan->own[side] && command[0] == '\0')
		return 0;
	if (words_split(&plan->words[side], command, plan->address, plan->port_text, err) == 0)
		return 0;
	struct err inner = *err;
	return err_set(err, "%s: %s", side_name(side), inner.message);
}

const char *plan_address(bool wire, bool ipv6)
{
	static const char *const addresses[2][2] = {{"127.0.0.1", "::1"}, {"10.0.0.2", "fd00::2"}};
	return addresses[wire][ipv6];
}

/* What is done to frames: what --fault says, or else what the lab says. */
static int plan_faults(struct run_plan *plan, const struct request *request, struct err *err)
{
	const char *own = plan->variant->fault, *folder = plan->lab->folder;
	if (request->n_faults == 0 && own[0] != '\0' &&
	    wire_faults_add_named(&plan->faults, own, folder, err) < 0)
		return -1;
	for (int i = 0; i < request->n_faults; i++) {
		if (wire_faults_add_named(&plan->faults, request->faults[i], folder, err) < 0)
			return -1;
	}
	return wire_faults_check(&plan->faults, plan->ipv6, err);
}

static int plan_wire(struct run_plan *plan, const struct request *request, struct err *err)
{
	plan->wire = request->wire || plan->variant->wire || plan->variant->fault[0] != '\0';
	plan->ipv6 = request->ipv6;
	plan->step = request->step;
	plan->wire_control_fd = request->wire_control_fd ? (int)request->wire_control_fd : -1;
	plan->address = plan_address(plan->wire, request->ipv6);
	if (request->wire && request->host)
		return err_set(err, _("--host and --wire exclude each other: the wire is between "
		                      "two hosts of its own, and needs namespaces"));
	if (plan->wire && request->host)
		return err_set(err, _("this lab is about a wire between two hosts, and --host has "
		                      "none: leave it out"));
	if (plan->lab->resolver && request->host)
		return err_set(err, _("in this lab names are looked up at its own server, and "
		                      "with --host at the machine's: leave it out"));
	if (request->step && !plan->screen && plan->wire_control_fd < 0)
		return err_set(err,
		               _("--step is for the screen, where you let each frame go: leave "
		                 "out --text, --ladder and --json, and run it on a terminal"));
	return plan_faults(plan, request, err);
}

static int make_plan(struct run_plan *plan, const struct request *request,
                     const struct catalogue *catalogue, struct err *err)
{
	plan->lab = catalogue_find(catalogue, request->lab, err);
	plan->variant = plan->lab ? lab_variant(plan->lab, request->variant, err) : NULL;
	if (!plan->variant)
		return -1;
	plan->port = (uint16_t)(request->port ? request->port : plan->lab->port);
	(void)snprintf(plan->port_text, sizeof plan->port_text, "%d", plan->port); /* fits */
	plan->timeout_s = request->step ? MAX_TIMEOUT_S : DEFAULT_TIMEOUT_S;
	if (request->timeout_s)
		plan->timeout_s = (int)request->timeout_s;
	plan->host = request->host;
	plan->keep = request->keep;
	plan->no_calls = request->no_calls;
	plan->no_pin = request->no_pin;
	plan->no_kernel = request->no_kernel;
	plan->screen = !request->format && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
	plan->quiet = request->quiet || plan->screen; /* wirelab-tui explains by itself */
	plan->pace = request->pace;
	plan->format = request->format;
	if (!plan->format)
		plan->format = plan->screen ? "json" : "text";
	plan->save = request->save;
	plan->save_fd = -1;
	if (!getcwd(plan->directory, sizeof plan->directory))
		(void)snprintf(plan->directory, sizeof plan->directory, "/"); /* it was removed */
	if (plan_wire(plan, request, err) < 0)
		return -1;
	if (plan_side(plan, request, CLIENT, err) < 0 || plan_side(plan, request, SERVER, err) < 0)
		return -1;
	if (plan->save && check_suffix(plan->save, err) < 0)
		return -1;
	if (plan->pace && !plan->screen)
		return err_set(err,
		               _("--pace is for the screen: leave out --text, --ladder and --json, "
		                 "and run it on a terminal"));
	if (plan->screen && place_program(plan->tui, sizeof plan->tui, "wirelab-tui", err) < 0)
		return -1;
	return place_program(plan->tracer, sizeof plan->tracer, "wirelab-trace", err);
}

/* The file is opened here, as the user who asked for it: the tracer has no access to files. A pipe
 * that nobody reads must not keep us waiting (man 7 fifo: ENXIO). */
static int open_save(struct run_plan *plan, struct err *err)
{
	struct stat status;
	plan->save_path[0] = '\0';
	if (!plan->save)
		return 0;
	plan->save_fd =
	        open(plan->save, O_WRONLY | O_CREAT | O_TRUNC | O_NONBLOCK | O_CLOEXEC, 0666);
	if (plan->save_fd < 0 && errno == ENXIO)
		return err_set(err,
		               _("cannot write %s: it is a pipe that nobody reads; start its "
		                 "reader first"),
		               plan->save);
	if (plan->save_fd < 0 || fstat(plan->save_fd, &status) < 0 ||
	    fcntl(plan->save_fd, F_SETFL, 0) < 0)
		return err_errno(err, _("cannot write %s"), plan->save);
	if (S_ISREG(status.st_mode) && !realpath(plan->save, plan->save_path))
		plan->save_path[0] = '\0'; /* then it cannot be found by this name either */
	return 0;
}

/* The recorded run instead: what is about making one does not go with it. */
static int replay(const struct request *request, const struct catalogue *catalogue, struct err *err)
{
	const struct lab *lab = catalogue_find(catalogue, request->lab, err);
	if (!lab || !lab_variant(lab, request->variant, err))
		return -1;
	if (request->command[CLIENT] || request->command[SERVER] || request->save ||
	    request->step || request->host || request->keep || request->n_faults > 1)
		return err_set(err, _("--replay shows a run that has been: only a variant, one "
		                      "--fault, --pace, -q and a form of output go with it"));
	struct replay recorded = {.lab = lab,
	                          .variant = request->variant,
	                          .fault = request->n_faults ? request->faults[0] : "",
	                          .format = request->format,
	                          .pace = request->pace,
	                          .quiet = request->quiet};
	return replay_show(&recorded, err);
}

/* Runs the plan, and says what follows from it. Exit status. */
static int run_plan(struct run_plan *plan, const struct request *request)
{
	struct err err;
	int status = front_run(plan, &err);
	if (status < 0)
		status = guide_complain(&err);
	if (status == ENVIRONMENT)
		replay_offer(plan->lab, request->variant,
		             request->n_faults ? request->faults[0] : "");
	else
		progress_note(plan->lab->id, PROGRESS_RUN, NULL);
	return status;
}

/* Exit status, or -1 with a message. */
static int run(const struct request *request, struct err *err)
{
	int status = -1;
	struct catalogue *catalogue = catalogue_new(err);
	struct run_plan *plan = calloc(1, sizeof *plan);
	if (!plan)
		(void)err_errno(err, _("no memory"));
	else if (catalogue && request->replay)
		status = replay(request, catalogue, err);
	else if (catalogue && make_plan(plan, request, catalogue, err) == 0 &&
	         open_save(plan, err) == 0)
		status = run_plan(plan, request);
	free(plan); /* the file of --save ends with the process; the tracer has written it */
	free(catalogue);
	return status;
}

int command_run(int argc, char **argv)
{
	struct request request;
	struct err err;
	if (front_tidy_descriptors() < 0)
		return ENVIRONMENT;
	int status = parse(&request, argc, argv, &err);
	if (status == 0 && request.help) {
		run_help();
		return output_status();
	}
	if (status == 0)
		status = run(&request, &err);
	return status >= 0 ? status : guide_complain(&err);
}
