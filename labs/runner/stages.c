/* stages.c: the run as a table; see stages.h. The table is at the end; the functions before it are
 * the actions and conditions of one stage after the other. */
#include "runner/stages.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/text.h"
#include "runner/apart.h"
#include "runner/prepare.h"
#include "runner/sockets.h"

enum { FAILED = 1, ENVIRONMENT = 2 }; /* exit statuses */

/* How long: a program may take to end after SIGTERM, and the tracer to drain while its output is
 * being read. */
#define STOP_NS  (1 * NS_PER_SECOND)
#define DRAIN_NS (5 * NS_PER_SECOND)
/* And a server to come to rest when it listens or its last connection has closed: so much of the
 * processor's time, which it does not get soon on a busy machine, and in any case no longer. */
#define QUIET_NS   (200 * NS_PER_MS)
#define AT_MOST_NS (5 * NS_PER_SECOND)
#define ALONE_NS   (2 * NS_PER_SECOND) /* an end whose other end is gone */
enum { QUIET_LOOKS = 3 };

enum stage_number {
	STAGE_TRACER,
	STAGE_PREPARE,
	STAGE_SERVER,
	STAGE_CLIENT,
	STAGE_CLOSE,
	STAGE_KEEP,
	STAGE_STOP,
	STAGE_WIRE,
	STAGE_TELL,
	STAGE_DRAIN,
	N_STAGES
};

struct stage {
	const char *waits_for;              /* completes "wirelab waited for …" */
	int (*enter)(struct supervisor *s); /* -1: failed, supervisor_fail() knows why; or NULL */
	bool (*done)(struct supervisor *s);
	void (*late)(struct supervisor *s); /* its deadline has passed */
	/* Not NULL: no event tells when it is done, so `done` asks the kernel every few ms; this
	 * adds to the message what the last look found. */
	void (*found)(const struct supervisor *s, struct text *t);
};

/* ---- the tracer comes first: it must see the first SYN ---- */

static int start_tracer(struct supervisor *s)
{
	struct err err;
	if (s->plan->wire && wire_process_start(&s->wire, s->plan, &s->network, &err) < 0)
		return supervisor_fail(s, ENVIRONMENT, "%s", err.message);
	if (s->plan->lab->keylog && (s->keylog_fd = memfd_create("tls-secrets", MFD_CLOEXEC)) < 0)
		return supervisor_fail(s, ENVIRONMENT, "memfd_create: %s", strerror(errno));
	const struct tracing_inputs inputs = {s->wire.log_fd, s->keylog_fd};
	if (tracing_start(&s->tracing, s->plan, &inputs, &s->report, &err) < 0)
		return supervisor_fail(s, ENVIRONMENT, "%s", err.message);
	if (s->wire.log_fd >= 0)
		(void)close(s->wire.log_fd); /* the tracer has it now */
	s->wire.log_fd = -1;
	return 0;
}

static bool tracer_is_ready(struct supervisor *s)
{
	return s->tracing.ready;
}

/* ---- the server ---- */

static int start_program(struct supervisor *s, enum side side)
{
	const struct run_plan *plan = s->plan;
	struct err err;
	if (plan->words[side].n == 0)
		return 0;
	struct program_options options = {
	        .words = &plan->words[side],
	        .folder = plan->own[side] ? NULL : plan->lab->programs,
	        .input = plan->variant->input[side],
	        .host = plan->address,
	        .network_fd = s->network.host_fd[side],
	        .port = plan->port_text,
	        .expected = plan->expected[side],
	        .private_tmp = !plan->host,
	        .keylog_fd = s->keylog_fd,
	        .confined = plan->confined && plan->own[side],
	        .calls = &s->calls,
	};
	if (program_start(&s->programs[side], &options, &s->report, &err) < 0)
		return supervisor_fail(s, ENVIRONMENT, "%s", err.message);
	return 0;
}

static void begin_samples(struct supervisor *s)
{
	struct sampler_hosts hosts = {
	        .diag = {s->diag}, .port = s->plan->port, .only_port = s->plan->host};
	if (s->plan->wire)
		hosts.diag[SERVER] = s->network.diag[SERVER];
	sampler_begin(&s->sampler, &s->report, &hosts);
}

static int start_server(struct supervisor *s)
{
	if (!s->plan->no_calls)
		calls_begin(&s->calls, &s->report, s->proc_fd, !s->plan->no_pin);
	if (!s->plan->no_kernel)
		begin_samples(s);
	return start_program(s, SERVER);
}

/* The server has perhaps not yet printed its line about what has just happened. It is at rest when
 * it was found asleep some times in a row, or when that does not come about. */
static bool server_is_quiet(struct supervisor *s)
{
	if (!program_runs(&s->programs[SERVER]))
		return true;
	int64_t now_ns = supervisor_now(), busy_ns = program_busy_ns(&s->programs[SERVER]);
	if (s->looked_ns == 0) {
		s->looked_ns = now_ns;
		s->looked_busy_ns = busy_ns;
	}
	s->quiet_looks = program_sleeps(&s->programs[SERVER], s->proc_fd) ? s->quiet_looks + 1 : 0;
	return s->quiet_looks >= QUIET_LOOKS || busy_ns - s->looked_busy_ns > QUIET_NS ||
	       now_ns - s->looked_ns > AT_MOST_NS;
}

static void read_outputs(struct supervisor *s)
{
	for (int side = 0; side < N_SIDES; side++) {
		for (int i = 0; i < 2; i++)
			program_read(&s->programs[side], i, &s->report);
	}
}

static bool server_is_ready(struct supervisor *s)
{
	enum lab_ready ready = s->plan->variant->ready;
	if (s->programs[SERVER].pid == 0 || ready == READY_NO_SERVER)
		return true;
	if (s->programs[SERVER].ended) {
		(void)supervisor_fail(s, FAILED,
		                      _("the server ended (exit status %d) before it listened on "
		                        "port %d; what it printed says why"),
		                      program_status(&s->programs[SERVER]), s->plan->port);
		stages_stop(s);
		return false;
	}
	if (!sockets_look(s) || !(ready == READY_BIND ? s->census.bound : s->census.listening))
		return false;
	if (!server_is_quiet(s)) /* "Listening on …" belongs before the first SYN */
		return false;
	read_outputs(s);
	report_program(&s->report, PROGRAM_READY, &s->programs[SERVER]);
	return true;
}

/* ---- the client, and the end of its connections ---- */

static int start_client(struct supervisor *s)
{
	return start_program(s, CLIENT);
}

static bool client_has_ended(struct supervisor *s)
{
	return !program_runs(&s->programs[CLIENT]);
}

/* An end that can never learn that the other one is gone: a look at what it does alone, and no
 * more. True when that is over. */
static bool ends_are_alone(struct supervisor *s)
{
	if (supervisor_now() - s->entered_ns < ALONE_NS)
		return false;
	bool cut = wire_faults_find(&s->plan->faults, EFFECT_CUT) != NULL;
	if (!cut && !sockets_client_has_none(s))
		return false;
	TEXT(what, 200);
	sockets_tell_connection(s, &what);
	report_note(&s->report, "%s: not waited for the connections to close%s",
	            cut ? "the wire is cut" : "the client's host has given up", what.bytes);
	return true;
}

static bool connections_are_closed(struct supervisor *s)
{
	if (!sockets_look(s))
		return false;
	return s->census.n_open > 0 ? ends_are_alone(s) : server_is_quiet(s);
}

static int keep_running(struct supervisor *s)
{
	if (!s->plan->keep || !program_runs(&s->programs[SERVER]))
		return 0;
	s->deadline_ns = INT64_MAX;
	(void)fprintf(stderr, "%s", _("wirelab: the server goes on; Ctrl-C ends it\n"));
	return 0;
}

static bool keep_is_over(struct supervisor *s)
{
	return !s->plan->keep || s->stop || !program_runs(&s->programs[SERVER]);
}

/* ---- the end: programs, what they said, the tracer ---- */

static int stop_programs(struct supervisor *s)
{
	sampler_look_now(&s->sampler); /* what there is before we interfere */
	sockets_tell_time_wait(s);
	calls_hold_no_more(&s->calls);
	s->deadline_ns = supervisor_now() + STOP_NS;
	for (int side = 0; side < N_SIDES; side++)
		program_signal(&s->programs[side], SIGTERM, &s->report);
	return 0;
}

static bool programs_have_ended(struct supervisor *s)
{
	return !program_runs(&s->programs[CLIENT]) && !program_runs(&s->programs[SERVER]);
}

static void kill_programs(struct supervisor *s)
{
	s->deadline_ns = INT64_MAX; /* no program survives SIGKILL */
	for (int side = 0; side < N_SIDES; side++)
		program_signal(&s->programs[side], SIGKILL, &s->report);
}

static int tell_rest(struct supervisor *s)
{
	s->deadline_ns = supervisor_now() + DRAIN_NS;
	for (int side = 0; side < N_SIDES; side++)
		program_kill_rest(&s->programs[side]);
	apart_end(s->apart); /* those who have left their program's group too */
	return 0;
}

static int stop_wire(struct supervisor *s)
{
	s->deadline_ns = supervisor_now() + DRAIN_NS;
	wire_process_stop(&s->wire);
	return 0;
}

/* Frames may still be under way, and events about them. */
static bool wire_has_ended(struct supervisor *s)
{
	return s->wire.pid == 0 || (s->wire.ended && s->wire.told_fd < 0);
}

static bool all_is_told(struct supervisor *s)
{
	read_outputs(s);
	report_flush(&s->report);
	return !report_waits(&s->report);
}

static int stop_tracer(struct supervisor *s)
{
	sampler_look_now(&s->sampler);
	sampler_end(&s->sampler);
	calls_end(&s->calls);
	report_close(&s->report);
	s->deadline_ns = supervisor_now() + DRAIN_NS;
	tracing_signal(&s->tracing, SIGTERM);
	return 0;
}

static bool tracer_has_ended(struct supervisor *s)
{
	return s->tracing.pid == 0 || s->tracing.ended;
}

/* A tracer that waits for its reader (a pager) is not late, nor is what waits for the tracer; one
 * that does not is stuck. True, and a new deadline, if the reader has to be waited for. */
static bool reader_is_slow(struct supervisor *s)
{
	struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};
	s->deadline_ns = supervisor_now() + DRAIN_NS;
	return poll(&out, 1, 0) == 0;
}

static void wire_is_late(struct supervisor *s)
{
	if (reader_is_slow(s))
		return;
	if (s->wire.ended) { /* what it has told is more than the tracer takes */
		wire_process_release(&s->wire);
		return;
	}
	(void)supervisor_fail(s, ENVIRONMENT, _("the wire hung and was killed"));
	(void)kill(s->wire.pid, SIGKILL); /* not reaped yet: the id is still its own */
}

static void tracer_is_late(struct supervisor *s)
{
	if (reader_is_slow(s))
		return;
	(void)supervisor_fail(s, ENVIRONMENT,
	                      _("the tracer hung and was killed; its output is "
	                        "not complete"));
	tracing_signal(&s->tracing, SIGKILL);
}

/* Some process that got away from its program's group goes on printing: enough of it. */
static void telling_is_late(struct supervisor *s)
{
	if (!program_is_open(&s->programs[CLIENT]) && !program_is_open(&s->programs[SERVER])) {
		tracer_is_late(s);
		return;
	}
	s->deadline_ns = supervisor_now() + DRAIN_NS;
	for (int side = 0; side < N_SIDES; side++)
		program_release(&s->programs[side]);
}

/* ---- the table ---- */

static void give_up(struct supervisor *s)
{
	TEXT(what, 300);
	stages_waits_for(s, &what);
	(void)supervisor_fail(s, FAILED, _("after %d s (--timeout) wirelab still waited for %s"),
	                      s->plan->timeout_s, what.bytes);
	stages_stop(s);
}

static const struct stage stages[N_STAGES] = {
        [STAGE_TRACER] = {N_("the tracer to begin"), start_tracer, tracer_is_ready, give_up, NULL},
        [STAGE_PREPARE] = {N_("the lab's preparation to end"), prepare_begin, prepare_is_over,
                           give_up, NULL},
        [STAGE_SERVER] = {N_("the server to listen"), start_server, server_is_ready, give_up,
                          sockets_tell_server},
        [STAGE_CLIENT] = {N_("the client to end"), start_client, client_has_ended, give_up, NULL},
        [STAGE_CLOSE] = {N_("the connections to close"), NULL, connections_are_closed, give_up,
                         sockets_tell_connection},
        [STAGE_KEEP] = {N_("Ctrl-C"), keep_running, keep_is_over, give_up, NULL},
        [STAGE_STOP] = {N_("the programs to stop"), stop_programs, programs_have_ended,
                        kill_programs, NULL},
        [STAGE_WIRE] = {N_("the wire to end"), stop_wire, wire_has_ended, wire_is_late, NULL},
        [STAGE_TELL] = {N_("the tracer to read"), tell_rest, all_is_told, telling_is_late, NULL},
        [STAGE_DRAIN] = {N_("the tracer to end"), stop_tracer, tracer_has_ended, tracer_is_late,
                         NULL},
};

static void enter(struct supervisor *s, int stage)
{
	s->stage = stage;
	s->entered_ns = supervisor_now();
	s->looked_ns = 0;
	s->quiet_looks = 0;
	if (stage < N_STAGES && stages[stage].enter && stages[stage].enter(s) < 0)
		stages_stop(s);
}

void stages_begin(struct supervisor *s)
{
	s->deadline_ns = supervisor_now() + s->plan->timeout_s * NS_PER_SECOND;
	enter(s, STAGE_TRACER);
}

bool stages_advance(struct supervisor *s)
{
	while (s->stage < N_STAGES) {
		int stage = s->stage;
		if (stages[stage].done(s))
			enter(s, s->stage + 1);
		else if (s->stage == stage) /* `done` may have gone elsewhere */
			return true;
	}
	return false;
}

void stages_late(struct supervisor *s)
{
	stages[s->stage].late(s);
}

bool stages_polls(const struct supervisor *s)
{
	return stages[s->stage].found != NULL;
}

bool stages_running(const struct supervisor *s)
{
	return s->stage < STAGE_STOP;
}

void stages_stop(struct supervisor *s)
{
	if (stages_running(s))
		enter(s, STAGE_STOP);
}

void stages_waits_for(const struct supervisor *s, struct text *t)
{
	const struct stage *stage = &stages[s->stage];
	text_add(t, _(stage->waits_for));
	if (stage->found)
		stage->found(s, t);
}
