/* check_cause.c: why it went wrong. Each rule of the table looks for one cause in the run and says
 * it in a sentence; the most telling ones come first. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "runner/check.h"
#include "runner/expect_kinds.h"

struct search {
	const struct check *check;
	const struct check_outcome *outcome;
	const struct run_record *record;
	enum side own, peer;
	const char *you; /* the program that is checked */
};

const char *check_whom(const struct check *check, enum side side)
{
	if (side == check->side && check->whose == CHECK_SOLUTION)
		return _("the solution");
	if (side == check->side && check->whose == CHECK_SKELETON)
		return _("the skeleton");
	if (side == check->side)
		return side == CLIENT ? _("your client") : _("your server");
	return side == CLIENT ? _("the reference client") : _("the reference server");
}

/* The last call that a side has begun and not come back from; NULL: none. */
static const struct event *waiting_call(const struct search *s, enum side side)
{
	const struct event *waiting = NULL;
	for (size_t i = 0; i < s->record->n; i++) {
		const struct event *e = &s->record->events[i];
		if (e->kind == EVENT_PROGRAM && e->program.action == PROGRAM_SIGNALLED)
			break; /* what it does from here on is our doing */
		if (e->kind != EVENT_CALL || e->call.host != side)
			continue;
		if (e->call.action == CALL_ENTERED)
			waiting = e;
		else if (waiting && waiting->call.id == e->call.id)
			waiting = NULL;
	}
	return waiting;
}

static const struct event *exit_of(const struct search *s, enum side side)
{
	for (size_t i = 0; i < s->record->n; i++) {
		const struct event *e = &s->record->events[i];
		if (e->kind == EVENT_PROGRAM && e->program.action == PROGRAM_EXITED &&
		    e->program.host == side)
			return e;
	}
	return NULL;
}

/* ---- rules: each returns true with a sentence ---- */

static bool too_much(const struct search *s, struct text *t)
{
	if (!s->outcome->end.too_much)
		return false;
	text_addf(t,
	          s->record->n_left_out > 0
	                  ? _("so much happened that the run was ended: does %s call "
	                      "something again and again without waiting?")
	                  : _("so much was printed that the run was ended: does %s print "
	                      "without end?"),
	          s->you);
	return true;
}

/* Behind the name of the program. */
static const struct signal_meaning {
	int signal;
	const char *meaning;
} meanings[] = {
        {SIGPIPE, N_(" was ended by SIGPIPE: it wrote to a connection whose other end had closed "
                     "it (send() with MSG_NOSIGNAL gives EPIPE instead: man 2 send)")},
        {SIGSEGV, N_(" was ended by SIGSEGV: it used memory that is not its own (a pointer or an "
                     "index is wrong)")},
        {SIGABRT, N_(" ended itself by abort(): an assertion or a check of the C library failed; "
                     "what it printed says which")},
        {SIGXCPU, N_(" was ended because it used 5 s of processor time: a loop without end?")},
        {SIGXFSZ, N_(" was ended because it wrote a file of more than 64 MiB")},
        {SIGKILL, N_(" was killed")},
};

static bool killed(const struct search *s, struct text *t)
{
	const struct event *e = exit_of(s, s->own);
	if (!e || e->program.signal == 0 || e->program.by_runner)
		return false;
	for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++) {
		if (meanings[i].signal != e->program.signal)
			continue;
		text_addf(t, "%s%s", s->you, _(meanings[i].meaning));
		return true;
	}
	text_addf(t, _("%s was ended by signal %d"), s->you, e->program.signal);
	return true;
}

/* Nobody but the learner's program could do that. */
static bool peer_killed(const struct search *s, struct text *t)
{
	const struct event *e = exit_of(s, s->peer);
	if (!e || e->program.signal == 0 || e->program.by_runner)
		return false;
	text_addf(t, _("%s was killed by signal %d: did %s send it?"),
	          check_whom(s->check, s->peer), e->program.signal, s->you);
	return true;
}

/* The runner has said why it ended the run: the programs used too much (limits.h). */
static bool limited(const struct search *s, struct text *t)
{
	static const char ended[] = ": ended";
	const char *said = s->outcome->end.said;
	size_t n = strlen(said), tail = strlen(ended);
	if (n < tail || strcmp(said + n - tail, ended) != 0)
		return false;
	text_add_bytes(t, said, n - tail);
	return true;
}

static bool was_ended_by_us(const struct search *s, enum side side)
{
	const struct event *e = exit_of(s, side);
	return e && e->program.by_runner;
}

static void add_waiting(const struct search *s, enum side side, struct text *t)
{
	const struct event *e = waiting_call(s, side);
	const char *who = check_whom(s->check, side);
	if (e)
		text_addf(t, _("%s%s was still waiting in %s()"), t->len ? ", " : "", who,
		          e->call.name);
	else if (side == s->own && was_ended_by_us(s, side))
		text_addf(t, _("%s%s was in no call about a socket (a loop, or a sleep?)"),
		          t->len ? ", " : "", who);
}

/* The run did not come to its end by itself: both, or one, waited. */
static bool waited(const struct search *s, struct text *t)
{
	if (!s->outcome->end.timed_out)
		return false;
	add_waiting(s, s->own, t);
	add_waiting(s, s->peer, t);
	text_add(t, t->len ? _(" when time was up") : _("time was up"));
	return true;
}

static bool has_call(const struct search *s, const char *name)
{
	for (size_t i = 0; i < s->record->n; i++) {
		const struct event *e = &s->record->events[i];
		if (e->kind == EVENT_CALL && e->call.host == s->own &&
		    (!name || strcmp(e->call.name, name) == 0))
			return true;
	}
	return false;
}

static bool silent(const struct search *s, struct text *t)
{
	if (!has_call(s, NULL))
		text_addf(t, _("%s never made a call about a socket"), s->you);
	else if (s->own == CLIENT && !has_call(s, "connect") && !has_call(s, "sendto") &&
	         !has_call(s, "sendmsg"))
		text_addf(t, _("%s never called connect()"), s->you);
	else if (s->own == SERVER && !has_call(s, "bind"))
		text_addf(t, _("%s never called bind(): nobody can find it"), s->you);
	return t->len > 0;
}

/* What a RST says about the one who sent it; behind its name. */
static const struct reset_meaning {
	enum diagnosis_label label;
	const char *meaning;
} resets[] = {
        {D_RST_CLOSED_PORT, N_("'s kernel answered with a RST: nobody listened at the port")},
        {D_RST_UNREAD_DATA, N_(" closed its socket with bytes in it that it had not read, so its "
                               "kernel sent a RST instead of a FIN")},
        {D_RST_AFTER_CLOSE, N_(" had closed already when more came, so its kernel answered with a "
                               "RST")},
        {D_RST_HALF_OPEN, N_("'s kernel knows no such connection (any more): RST")},
        {D_RST_LINGER, N_(" aborted the connection: SO_LINGER with 0 seconds, or the like")},
        {D_RST_ABORT, N_(" aborted the connection: it closed with bytes unread, or with SO_LINGER "
                         "0")},
        {D_RST_GAVE_UP, N_("'s kernel got no answer and gave up")},
        {D_RST_UNASKED, N_("'s kernel had asked for no connection: RST")},
};

static bool is_reset(const struct search *s, const struct event *e, struct text *t)
{
	for (int d = 0; d < e->segment.n_diagnoses; d++) {
		for (size_t i = 0; i < sizeof resets / sizeof *resets; i++) {
			if (e->segment.diagnoses[d].label != resets[i].label)
				continue;
			text_addf(t, "%s%s", check_whom(s->check, e->segment.from),
			          _(resets[i].meaning));
			text_addf(t, _(" (segment %llu)"), (unsigned long long)e->frame);
			return true;
		}
	}
	return false;
}

static bool was_reset(const struct search *s, struct text *t)
{
	for (size_t i = 0; i < s->record->n; i++) {
		const struct event *e = &s->record->events[i];
		if (e->kind == EVENT_SEGMENT && (e->segment.flags & TCP_RST) && is_reset(s, e, t))
			return true;
	}
	return false;
}

/* The last call of the program that failed for a reason worth telling. */
static bool failed_call(const struct search *s, struct text *t)
{
	const struct call_event *last = NULL;
	for (size_t i = 0; i < s->record->n; i++) {
		const struct event *e = &s->record->events[i];
		if (e->kind == EVENT_PROGRAM && e->program.action == PROGRAM_SIGNALLED)
			break;
		if (e->kind != EVENT_CALL || e->call.host != s->own || e->call.error == 0)
			continue;
		const char *name = errno_name(e->call.error);
		if (name && strcmp(name, "EAGAIN") != 0 && strcmp(name, "EINPROGRESS") != 0 &&
		    strcmp(name, "EINTR") != 0)
			last = &e->call;
	}
	if (!last)
		return false;
	text_addf(t, _("%s() of %s failed: %s (%s)"), last->name, s->you, errno_name(last->error),
	          strerror(last->error));
	return true;
}

/* The last words of a side on standard error. */
static bool complained(const struct search *s, enum side side, struct text *t)
{
	const struct event *last = NULL;
	for (size_t i = 0; i < s->record->n; i++) {
		const struct event *e = &s->record->events[i];
		if (e->kind == EVENT_OUTPUT && e->output.host == side && e->output.is_stderr)
			last = e;
	}
	if (!last)
		return false;
	text_addf(t, _("%s said: "), check_whom(s->check, side));
	text_add_safe(t, last->output.text, strlen(last->output.text));
	return true;
}

static bool you_complained(const struct search *s, struct text *t)
{
	return complained(s, s->own, t);
}

static bool it_complained(const struct search *s, struct text *t)
{
	return complained(s, s->peer, t);
}

static const struct rule {
	bool (*find)(const struct search *s, struct text *t);
	bool is_last; /* if it is found, the others follow from it */
	bool if_none; /* only when nothing else was found before */
} rules[] = {
        {too_much, true, false},       {limited, true, false},      {peer_killed, true, false},
        {killed, false, false},        {waited, false, false},      {silent, false, true},
        {was_reset, false, false},     {failed_call, false, false}, {you_complained, false, false},
        {it_complained, false, false},
};

void check_find_causes(const struct check *check, const struct check_outcome *outcome,
                       struct check_causes *causes)
{
	struct search s = {.check = check,
	                   .outcome = outcome,
	                   .record = &outcome->record,
	                   .own = check->side,
	                   .peer = side_other(check->side)};
	s.you = check_whom(check, s.own);
	causes->n = 0;
	for (size_t i = 0; i < sizeof rules / sizeof *rules && causes->n < CHECK_CAUSES; i++) {
		struct text t = text_of(causes->all[causes->n], EVENT_TEXT_MAX);
		if ((rules[i].if_none && causes->n > 0) || !rules[i].find(&s, &t))
			continue;
		causes->n++;
		if (rules[i].is_last)
			return;
	}
}
