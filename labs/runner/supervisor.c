/* supervisor.c: one loop that waits for whatever comes: a word from the person, the end of a child,
 * output of a program, the tracer's readiness, a deadline. What the run does next is in stages.c.
 */
#include "runner/supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/text.h"
#include "runner/children.h"
#include "runner/clock.h"
#include "runner/hostmode.h"
#include "runner/limits.h"
#include "runner/reasons.h"
#include "runner/stages.h"

enum { FAILED = 1, ENVIRONMENT = 2 }; /* exit statuses */
enum { LOOK_MS = 3 };                 /* how often a condition is looked up that sends no event */

int64_t supervisor_now(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

int supervisor_fail(struct supervisor *s, int status, const char *format, ...)
{
	va_list args;
	if (s->status != 0)
		return -1; /* the first thing that goes wrong is the cause of the others */
	s->status = status;
	struct text t = text_of(s->failure.message, sizeof s->failure.message);
	va_start(args, format);
	text_addv(&t, format, args);
	va_end(args);
	return -1;
}

/* ---- sources of events ---- */

static void stop_by_request(struct supervisor *s)
{
	TEXT(what, 300);
	if (s->stop || !stages_running(s))
		return;
	stages_waits_for(s, &what);
	s->stop = true;
	(void)stages_advance(s); /* --keep ends as it should */
	if (!stages_running(s))
		return;
	(void)supervisor_fail(s, FAILED, _("interrupted; it still waited for %s"), what.bytes);
	stages_stop(s);
}

static void on_control(struct supervisor *s)
{
	char byte;
	ssize_t n = recv(s->control_fd, &byte, 1, 0);
	if (n < 0 && errno == EINTR)
		return;
	if (n <= 0) { /* wirelab itself has died: nobody is left to be told */
		(void)close(s->control_fd);
		s->control_fd = -1;
	}
	stop_by_request(s);
}

static void on_signal(struct supervisor *s)
{
	struct signalfd_siginfo info;
	if (read(s->signal_fd, &info, sizeof info) != (ssize_t)sizeof info)
		return;
	if (info.ssi_signo == SIGCHLD) {
		children_reap(s);
		return;
	}
	s->news = true;
	stop_by_request(s);
}

static void on_ready(struct supervisor *s)
{
	tracing_read_ready(&s->tracing);
}

static void on_report(struct supervisor *s)
{
	report_flush(&s->report);
}

static void on_wire(struct supervisor *s)
{
	struct wire_told told;
	while (report_has_room(&s->report) && wire_process_read(&s->wire, &told)) {
		if (told.missed > 0)
			report_note(&s->report, "the wire did %llu more things, too fast to tell",
			            (unsigned long long)told.missed);
		report_wire(&s->report, &told.event, told.time_ns);
	}
}

static void on_client_out(struct supervisor *s)
{
	program_read(&s->programs[CLIENT], 0, &s->report);
}

static void on_client_err(struct supervisor *s)
{
	program_read(&s->programs[CLIENT], 1, &s->report);
}

static void on_server_out(struct supervisor *s)
{
	program_read(&s->programs[SERVER], 0, &s->report);
}

static void on_server_err(struct supervisor *s)
{
	program_read(&s->programs[SERVER], 1, &s->report);
}

/* The order is the order of importance. A program's output comes before its end (SIGCHLD), which
 * reads the rest of it. */
enum source {
	CLIENT_OUT,
	CLIENT_ERR,
	SERVER_OUT,
	SERVER_ERR,
	WIRE,
	CONTROL,
	SIGNAL,
	READY,
	REPORT,
	N_SOURCES
};

static void (*const handlers[N_SOURCES])(struct supervisor *) = {
        [CLIENT_OUT] = on_client_out,
        [CLIENT_ERR] = on_client_err,
        [SERVER_OUT] = on_server_out,
        [SERVER_ERR] = on_server_err,
        [WIRE] = on_wire,
        [CONTROL] = on_control,
        [SIGNAL] = on_signal,
        [READY] = on_ready,
        [REPORT] = on_report,
};

/* What there is to wait for now; poll() passes over descriptors below 0. While the report is full,
 * the programs have to wait. */
static void list_sources(const struct supervisor *s, struct pollfd *sources)
{
	bool room = report_has_room(&s->report);
	const struct program *client = &s->programs[CLIENT], *server = &s->programs[SERVER];
	const int fds[N_SOURCES] = {
	        [CLIENT_OUT] = room ? client->output[0].fd : -1,
	        [CLIENT_ERR] = room ? client->output[1].fd : -1,
	        [SERVER_OUT] = room ? server->output[0].fd : -1,
	        [SERVER_ERR] = room ? server->output[1].fd : -1,
	        [WIRE] = room ? s->wire.told_fd : -1,
	        [CONTROL] = s->control_fd,
	        [SIGNAL] = s->signal_fd,
	        [READY] = s->tracing.ready_fd,
	        [REPORT] = report_waits(&s->report) ? s->report.fd : -1,
	};
	for (int i = 0; i < N_SOURCES; i++)
		sources[i] =
		        (struct pollfd){.fd = fds[i], .events = i == REPORT ? POLLOUT : POLLIN};
}

static int wait_ms(const struct supervisor *s)
{
	if (stages_polls(s))
		return LOOK_MS;
	if (s->plan->confined && stages_running(s))
		return LIMITS_LOOK_MS;
	if (s->deadline_ns == INT64_MAX)
		return -1;
	int64_t left = s->deadline_ns - supervisor_now();
	return left < 0 ? 0 : (int)((left + NS_PER_MS - 1) / NS_PER_MS);
}

/* How long to wait for that time (-1: for ever), if the sockets are to be sampled in between. */
static int until_sample_ms(const struct supervisor *s, int timeout_ms)
{
	int sample_ms = sampler_wait_ms(&s->sampler, supervisor_now());
	bool first = sample_ms >= 0 && (timeout_ms < 0 || sample_ms < timeout_ms);
	return first ? sample_ms : timeout_ms;
}

/* Serves what has come within that time. False: nothing has. */
static bool serve(struct supervisor *s, int timeout_ms)
{
	struct pollfd sources[N_SOURCES];
	list_sources(s, sources);
	int span_ms = s->more_children ? 0 : until_sample_ms(s, timeout_ms);
	if (poll(sources, N_SOURCES, span_ms) <= 0 && !s->more_children) {
		sampler_look(&s->sampler, supervisor_now(), false);
		return span_ms != timeout_ms; /* else: time to look, or a deadline */
	}
	for (int i = 0; i < N_SOURCES; i++) {
		if (!sources[i].revents)
			continue;
		s->news = s->news || i != SIGNAL; /* the end of a child is news too: reap() */
		handlers[i](s);
	}
	if (s->more_children)
		children_reap(s);
	calls_release_held(&s->calls);
	sampler_look(&s->sampler, supervisor_now(),
	             s->news); /* behind the events that it follows */
	return true;
}

/* Returns when something has come that the run may go on for: not for each stop of a traced
 * thread, after which the looks at a condition would follow each other too fast. */
static void wait_for_events(struct supervisor *s)
{
	int timeout_ms = wait_ms(s);
	int64_t until = supervisor_now() + timeout_ms * NS_PER_MS;
	s->news = false;
	while (serve(s, timeout_ms) && !s->news) {
		if (timeout_ms < 0)
			continue;
		int64_t left = until - supervisor_now();
		if (left <= 0)
			return;
		timeout_ms = (int)((left + NS_PER_MS - 1) / NS_PER_MS);
	}
}

/* ---- the run ---- */

/* Our signals come from a descriptor; front.c has blocked them before it made us. */
static int open_signals(struct supervisor *s)
{
	sigset_t set;
	struct sigaction ignore = {.sa_handler = SIG_IGN}; /* a write to the tracer says EPIPE */
	if (sigprocmask(SIG_BLOCK, NULL, &set) < 0 || sigaction(SIGPIPE, &ignore, NULL) < 0)
		return -1;
	s->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return s->signal_fd;
}

/* Our own session: Ctrl-C is front.c's. Inside the namespaces our death ends everything, so we die
 * with front.c; in host mode we have to end everything ourselves, and see it in on_control(). */
static int become_supervisor(struct supervisor *s, const struct identity *identity)
{
	if (setsid() < 0 || open_signals(s) < 0)
		return -1;
	if (!identity)
		return hostmode_adopt_orphans();
	return prctl(PR_SET_PDEATHSIG, SIGKILL);
}

/* An EPERM from a namespace that was made: it has no power (AppArmor does that). */
static int set_up_hosts(struct supervisor *s, const struct identity *identity, struct text *reasons,
                        struct err *err)
{
	if (hosts_become(identity) < 0)
		return hosts_refused(errno, err);
	if (hosts_own_name() < 0)
		reasons_add_errno(reasons, "the machine's name");
	if (!s->plan->wire)
		(void)hosts_new_network(); /* else the one that we have will do */
	struct network_options options = {.ipv6 = s->plan->ipv6,
	                                  .congestion = s->plan->variant->congestion};
	int result = s->plan->wire ? network_make(&s->network, &options, reasons, err)
	                           : hosts_set_up(reasons, err);
	if (result == 0)
		return 0;
	return errno == EPERM || errno == EACCES ? hosts_refused(errno, err) : -1;
}

static int set_up(struct supervisor *s, const struct identity *identity, struct text *reasons,
                  struct err *err)
{
	if (become_supervisor(s, identity) < 0)
		return err_errno(err, _("cannot prepare the run"));
	if (identity && set_up_hosts(s, identity, reasons, err) < 0)
		return -1;
	/* a program has the same user: this keeps it from our descriptors and memory in /proc */
	if (prctl(PR_SET_DUMPABLE, 0) < 0)
		return err_errno(err, _("cannot prepare the run"));
	s->proc_fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC); /* -1: none is mounted */
	if (s->plan->wire)
		s->diag = s->network.diag[CLIENT];
	else
		s->diag = netlink_open(NETLINK_SOCK_DIAG, err);
	return s->diag ? 0 : -1;
}

static void run(struct supervisor *s, const char *reasons)
{
	stages_begin(s);
	if (reasons[0])
		report_note(&s->report, "not set in this network: %s", reasons);
	while (stages_advance(s)) {
		wait_for_events(s);
		limits_watch(s);
		if (supervisor_now() >= s->deadline_ns)
			stages_late(s);
	}
}

/* ---- was it as planned? ---- */

/* True if the kernel's counters show that no program has sent a first segment or datagram. In host
 * mode they count the whole machine: then nothing can be said. */
static bool was_silent(const struct supervisor *s)
{
	struct traffic traffic;
	return !s->plan->host && traffic_read(s->proc_fd, &traffic) == 0 && traffic.connects == 0 &&
	       traffic.datagrams == 0;
}

static void judge_status(struct supervisor *s, enum side side, bool silent)
{
	const struct program *program = &s->programs[side];
	const char *who = side == SERVER ? _("server") : _("client");
	int expected = s->plan->expected[side];
	if (!program->ended || expected == LAB_ANY_STATUS || program_status(program) == expected)
		return;
	if (program->asked == SIGKILL)
		(void)supervisor_fail(s, FAILED, _("the %s did not end on SIGTERM and was killed"),
		                      who);
	else
		(void)supervisor_fail(
		        s, FAILED, _("the %s ended with exit status %d, expected %d%s"), who,
		        program_status(program), expected,
		        silent && side == CLIENT ? _("; it never tried to connect") : "");
}

static void judge(struct supervisor *s)
{
	bool silent = was_silent(s);
	judge_status(s, CLIENT, silent);
	judge_status(s, SERVER, silent);
	/* a client that is to fail may be meant to fail before it says a word */
	if (s->programs[CLIENT].ended && silent && s->plan->expected[CLIENT] == 0)
		(void)supervisor_fail(s, FAILED,
		                      _("the client ended without a connection or a "
		                        "datagram: there was nothing to see"));
}

static void release(struct supervisor *s)
{
	for (int side = 0; side < N_SIDES; side++)
		program_release(&s->programs[side]);
	report_close(&s->report);
	if (!s->plan->wire)
		netlink_close(s->diag);
	if (s->keylog_fd >= 0)
		(void)close(s->keylog_fd); /* in memory only */
	network_release(&s->network);      /* with a wire, s->diag is part of it */
	wire_process_release(&s->wire);
}

int supervisor_main(const struct run_plan *plan, const struct identity *identity, int control_fd)
{
	struct supervisor s = {.plan = plan,
	                       .control_fd = control_fd,
	                       .signal_fd = -1,
	                       .proc_fd = -1,
	                       .keylog_fd = -1};
	struct err err;
	TEXT(reasons, 400);
	program_init(&s.programs[CLIENT], CLIENT);
	program_init(&s.programs[SERVER], SERVER);
	network_init(&s.network);
	wire_process_init(&s.wire);
	s.tracing.ready_fd = -1;
	s.report.fd = -1;
	if (set_up(&s, identity, &reasons, &err) < 0) {
		(void)supervisor_fail(&s, ENVIRONMENT, "%s", err.message);
	} else {
		run(&s, reasons.bytes);
		judge(&s);
	}
	if (!identity)
		hostmode_end_children();
	calls_end(&s.calls); /* if it came to nothing before */
	sampler_end(&s.sampler);
	release(&s);
	if (s.failure.message[0])
		(void)fprintf(stderr, "wirelab: %s\n", s.failure.message);
	return s.status;
}
