/* children.c: see children.h. */
#include "runner/children.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "base/i18n.h"
#include "runner/prepare.h"
#include "runner/stages.h"

enum { FAILED = 1, ENVIRONMENT = 2 }; /* exit statuses */
enum { CHILDREN_AT_ONCE = 64 };

/* After a program has crashed, the others get this long to end by themselves: what they do then is
 * worth seeing. With the second that stopping may take, all is over within two. */
#define CRASH_NS (500 * NS_PER_MS)

static void tracer_ended(struct supervisor *s, int wait_status)
{
	s->tracing.ended = true;
	s->tracing.wait_status = wait_status;
	if (WIFSIGNALED(wait_status))
		(void)supervisor_fail(
		        s, ENVIRONMENT,
		        _("the tracer was killed by signal %d (%s); what it showed is "
		          "not complete"),
		        WTERMSIG(wait_status), strsignal(WTERMSIG(wait_status)));
	else if (WEXITSTATUS(wait_status) != 0 || stages_running(s))
		(void)supervisor_fail(s, ENVIRONMENT, "%s", ""); /* it has said why */
	stages_stop(s);
}

static void wire_ended(struct supervisor *s, int wait_status)
{
	s->wire.ended = true;
	if (WIFSIGNALED(wait_status))
		(void)supervisor_fail(s, ENVIRONMENT,
		                      _("the wire was killed by signal %d (%s); nothing arrives "
		                        "any more"),
		                      WTERMSIG(wait_status), strsignal(WTERMSIG(wait_status)));
	else if (WEXITSTATUS(wait_status) != 0 || stages_running(s))
		(void)supervisor_fail(s, ENVIRONMENT, "%s", ""); /* it has said why */
	stages_stop(s);
}

static bool was_planned(const struct supervisor *s, const struct program *program)
{
	return program->asked != 0 || !WIFSIGNALED(program->wait_status) ||
	       s->plan->expected[program->side] == program_status(program);
}

static void child_ended(struct supervisor *s, pid_t pid, int wait_status)
{
	if (pid == s->tracing.pid)
		tracer_ended(s, wait_status);
	if (pid == s->wire.pid)
		wire_ended(s, wait_status);
	if (pid == s->preparation)
		prepare_ended(s, wait_status);
	for (int side = 0; side < N_SIDES; side++) {
		struct program *program = &s->programs[side];
		if (pid != program->pid || program->ended)
			continue;
		program_ended(program, wait_status, &s->report);
		if (was_planned(s, program))
			continue;
		(void)supervisor_fail(s, FAILED, _("the %s was killed by signal %d (%s)"),
		                      side == SERVER ? _("server") : _("client"),
		                      WTERMSIG(wait_status), strsignal(WTERMSIG(wait_status)));
		if (stages_running(s))
			s->deadline_ns = supervisor_now() + CRASH_NS;
	} /* any other is an orphan: reaping it was all */
}

/* A traced thread has stopped. After a call there may be something new to see in the sockets. */
static void child_stopped(struct supervisor *s, pid_t tid, int wait_status)
{
	uint64_t n_returned = s->report.n_returned;
	calls_stopped(&s->calls, tid, wait_status);
	if (s->report.n_returned != n_returned)
		sampler_look(&s->sampler, supervisor_now(), true);
}

/* A program that floods us with calls must not keep us from everything else: so many at once. */
void children_reap(struct supervisor *s)
{
	int wait_status;
	pid_t pid;
	s->more_children = false;
	for (int n = 0; (pid = waitpid(-1, &wait_status, WNOHANG | __WALL)) > 0; n++) {
		if (WIFSTOPPED(wait_status)) {
			child_stopped(s, pid, wait_status);
		} else {
			calls_ended(&s->calls, pid);
			child_ended(s, pid, wait_status);
			s->news = true;
		}
		if (n == CHILDREN_AT_ONCE) {
			s->more_children = true;
			return;
		}
	}
}
