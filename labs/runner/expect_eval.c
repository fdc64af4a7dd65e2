/* expect_eval.c: is an expectation true of a run? One function a kind, in a table. */
#include <stdarg.h>
#include <string.h>

#include "base/i18n.h"
#include "runner/expect_kinds.h"

void expect_observe(struct expect_verdict *verdict, const char *format, ...)
{
	va_list args;
	struct text t = text_of(verdict->observed, sizeof verdict->observed);
	va_start(args, format);
	text_addv(&t, format, args);
	va_end(args);
}

static bool is_in(const struct expect_range *range, int64_t n)
{
	return (n >= range->least && n <= range->most) != range->is_not;
}

/* ---- counts ---- */

static void judge_count(const struct expectation *x, const struct scope *scope,
                        struct expect_verdict *verdict)
{
	struct tally tally = {.most = x->range.is_not ? INT64_MAX : x->range.most};
	expect_tally(&x->count, scope, &tally);
	verdict->holds = is_in(&x->range, tally.n);
	verdict->shown_by = tally.too_many >= 0 ? tally.too_many : tally.last;
	if (!verdict->holds)
		expect_observe(verdict,
		               tally.n == 0   ? _("there were none")
		               : tally.n == 1 ? _("there was %lld")
		                              : _("there were %lld"),
		               (long long)tally.n);
}

/* ---- events and their order ---- */

/* What a call did instead of what was expected of it. */
static void observe_call(const struct expect_event *x, const struct scope *scope,
                         struct expect_verdict *verdict)
{
	TEXT(what, 200);
	int64_t last = expect_event_other(x, scope, &what);
	if (last != EXPECT_NO_EVENT)
		verdict->shown_by = last;
	if (what.len > 0)
		expect_observe(verdict, "%s", what.bytes);
}

void expect_observe_missing(const struct expect_event *x, const struct scope *scope,
                            struct expect_verdict *verdict)
{
	TEXT(event, 200);
	expect_event_say(&event, x);
	expect_observe(verdict, _("this did not happen: %s"), event.bytes);
	observe_call(x, scope, verdict);
}

static void judge_one(const struct expectation *x, const struct scope *scope,
                      struct expect_verdict *verdict)
{
	verdict->shown_by = scope_find(scope, &x->events[0], 0);
	bool happened = verdict->shown_by != EXPECT_NO_EVENT;
	verdict->holds = happened != x->negative;
	if (!verdict->holds && happened)
		expect_observe(verdict, "%s", _("it happened"));
	else if (!verdict->holds)
		expect_observe_missing(&x->events[0], scope, verdict);
}

static void judge_order(const struct expectation *x, const struct scope *scope,
                        struct expect_verdict *verdict)
{
	int64_t before = EXPECT_NO_EVENT;
	if (x->n_events == 1) {
		judge_one(x, scope, verdict);
		return;
	}
	for (int i = 0; i < x->n_events; i++) {
		int64_t at = scope_find(scope, &x->events[i], 0);
		if (at == EXPECT_NO_EVENT) {
			expect_observe_missing(&x->events[i], scope, verdict);
			return;
		}
		verdict->shown_by = at;
		if (at <= before) {
			TEXT(early, 200);
			expect_event_say(&early, &x->events[i]);
			expect_observe(verdict, _("%s came too early"), early.bytes);
			return;
		}
		before = at;
	}
	verdict->holds = true;
}

/* ---- how connections end ---- */

uint8_t expect_first_fin(const struct scope *scope, int64_t *shown_by)
{
	for (size_t i = 0; i < scope->end; i++) {
		const struct event *e = &scope->run->events[i];
		if (e->kind != EVENT_SEGMENT || !scope_has(scope, i) || !expect_is_fin(&e->segment))
			continue;
		*shown_by = (int64_t)i;
		return (uint8_t)e->segment.from;
	}
	*shown_by = EXPECT_NO_EVENT;
	return EXPECT_EITHER;
}

static void judge_first_fin(const struct expectation *x, const struct scope *scope,
                            struct expect_verdict *verdict)
{
	uint8_t side = expect_first_fin(scope, &verdict->shown_by);
	verdict->holds = side != EXPECT_EITHER && (x->set & 1U << side);
	if (!verdict->holds)
		expect_observe(verdict, side == EXPECT_EITHER ? _("nobody sent a FIN")
		                        : side == CLIENT      ? _("the client sent the first FIN")
		                                              : _("the server sent the first FIN"));
}

enum close_kind expect_close(const struct scope *scope, uint32_t stream)
{
	const struct connection *c = scope_report(scope, stream);
	size_t end = scope->end;
	if (!c || (end < scope->run->n && c->end_ns > scope->run->events[end].time_ns))
		return CLOSE_NONE; /* what closed it was our own end of the run */
	return c->close;
}

/* The last segment of a connection. */
static int64_t last_segment(const struct scope *scope)
{
	for (size_t i = scope->end; i-- > 0;)
		if (scope->run->events[i].kind == EVENT_SEGMENT && scope_has(scope, i))
			return (int64_t)i;
	return EXPECT_NO_EVENT;
}

static void judge_close(const struct expectation *x, const struct scope *scope,
                        struct expect_verdict *verdict)
{
	enum close_kind close = expect_close(scope, (uint32_t)scope->stream);
	verdict->holds = (x->set & 1U << close) != 0;
	verdict->shown_by = last_segment(scope);
	if (verdict->holds)
		return;
	if (close == CLOSE_NONE)
		expect_observe(verdict, "%s", _("it was still open at the end"));
	else
		expect_observe(verdict, _("it was closed: %s"), close_kind_name(close));
}

/* ---- times ---- */

bool expect_gap(const struct expect_event *events, const struct scope *scope, int64_t *gap_ns,
                int64_t *at)
{
	at[0] = scope_find(scope, &events[0], 0);
	at[1] = EXPECT_NO_EVENT;
	if (at[0] == EXPECT_NO_EVENT)
		return false;
	at[1] = scope_find(scope, &events[1], events[1].nth ? 0 : (size_t)at[0] + 1);
	if (at[1] == EXPECT_NO_EVENT)
		return false;
	*gap_ns = scope->run->events[at[1]].time_ns - scope->run->events[at[0]].time_ns;
	return true;
}

static void judge_gap(const struct expectation *x, const struct scope *scope,
                      struct expect_verdict *verdict)
{
	int64_t gap, at[2];
	if (!expect_gap(x->events, scope, &gap, at)) {
		expect_observe_missing(&x->events[at[0] != EXPECT_NO_EVENT], scope, verdict);
		return;
	}
	verdict->shown_by = at[1];
	verdict->holds = is_in(&x->range, gap);
	verdict->about_time = !verdict->holds;
	TEXT(span, 32);
	text_add_span(&span, gap);
	if (!verdict->holds)
		expect_observe(verdict, _("it took %s"), span.bytes);
}

static void judge_nothing(const struct expectation *x, const struct scope *scope,
                          struct expect_verdict *verdict)
{
	int64_t at = scope_find(scope, &x->events[0], 0);
	if (at == EXPECT_NO_EVENT) {
		expect_observe_missing(&x->events[0], scope, verdict);
		return;
	}
	verdict->holds = true;
	verdict->shown_by = at;
	int64_t start = scope->run->events[at].time_ns;
	for (size_t i = (size_t)at + 1; i < scope->end; i++) {
		const struct event *e = &scope->run->events[i];
		if ((e->kind != EVENT_SEGMENT && e->kind != EVENT_DATAGRAM) ||
		    !scope_has(scope, i) || e->time_ns - start > x->span_ns)
			continue;
		TEXT(span, 32);
		text_add_span(&span, e->time_ns - start);
		expect_observe(verdict, _("something was sent %s after it"), span.bytes);
		verdict->holds = false;
		verdict->about_time = true;
		verdict->shown_by = (int64_t)i;
		return;
	}
}

/* ---- sockets and programs at the end ---- */

static void judge_kernel(const struct expectation *x, const struct scope *scope,
                         struct expect_verdict *verdict)
{
	TEXT(states, 200);
	bool found = false;
	uint32_t n = scope_connections(scope);
	for (uint32_t stream = 0; stream < n; stream++) {
		struct scope one = scope_of_stream(scope, stream);
		enum tcp_state state = scope_state_at_end(&one, (enum side)x->side);
		if (scope->stream != ALL_STREAMS && scope->stream != stream)
			continue;
		text_addf(&states, "%s%s", states.len ? ", " : "", tcp_state_name(state));
		found = found || (x->set & 1U << state);
		verdict->shown_by = last_segment(&one);
	}
	verdict->holds = found != x->negative;
	if (!verdict->holds)
		expect_observe(verdict, _("at the end of the run: %s"),
		               states.len ? states.bytes : _("no connection"));
}

int64_t expect_status(const struct scope *scope, enum side side, int64_t *shown_by)
{
	enum { SIGNAL_STATUS = 128 };
	*shown_by = EXPECT_NO_EVENT;
	for (size_t i = 0; i < scope->run->n; i++) {
		const struct event *e = &scope->run->events[i];
		if (e->kind != EVENT_PROGRAM || e->program.action != PROGRAM_EXITED ||
		    e->program.host != side)
			continue;
		*shown_by = (int64_t)i;
		return e->program.signal ? SIGNAL_STATUS + e->program.signal : e->program.status;
	}
	return -1;
}

static void judge_ends(const struct expectation *x, const struct scope *scope,
                       struct expect_verdict *verdict)
{
	int64_t status = expect_status(scope, (enum side)x->side, &verdict->shown_by);
	verdict->holds = status >= 0 && is_in(&x->range, status);
	if (!verdict->holds && status < 0)
		expect_observe(verdict, "%s", _("it did not end"));
	else if (!verdict->holds)
		expect_observe(verdict, _("its exit status was %lld"), (long long)status);
}

/* ---- the table ---- */

static const struct kind {
	void (*judge)(const struct expectation *x, const struct scope *scope,
	              struct expect_verdict *verdict);
	bool of_connection; /* asks about each connection that was opened, whether said or not */
} kinds[N_EXPECT_KINDS] = {
        [EXPECT_COUNT] = {judge_count, false},     [EXPECT_BYTES] = {expect_compare, false},
        [EXPECT_ORDER] = {judge_order, false},     [EXPECT_FIRST_FIN] = {judge_first_fin, true},
        [EXPECT_CLOSE] = {judge_close, true},      [EXPECT_GAP] = {judge_gap, false},
        [EXPECT_NOTHING] = {judge_nothing, false}, [EXPECT_KERNEL] = {judge_kernel, false},
        [EXPECT_ENDS] = {judge_ends, false},       [EXPECT_FIELD] = {expect_judge_field, false},
};

static void judge(const struct expectation *x, const struct scope *scope,
                  struct expect_verdict *verdict)
{
	*verdict = (struct expect_verdict){.shown_by = EXPECT_NO_EVENT};
	kinds[x->kind].judge(x, scope, verdict);
}

static bool was_opened(const struct scope *scope)
{
	return scope->report &&
	       (scope->report->open == OPEN_HANDSHAKE || scope->report->open == OPEN_SIMULTANEOUS);
}

/* For each connection by itself; the first that it is not true of tells. One that was refused has
 * no end of its own. */
static void judge_each(const struct expectation *x, const struct scope *all,
                       struct expect_verdict *verdict)
{
	uint32_t n = scope_connections(all), n_judged = 0;
	for (uint32_t stream = 0; stream < n; stream++) {
		struct scope one = scope_of_stream(all, stream);
		if (!x->each_connection && !was_opened(&one))
			continue;
		judge(x, &one, verdict);
		n_judged++;
		if (!verdict->holds)
			return;
	}
	if (n_judged > 0)
		return;
	*verdict = (struct expect_verdict){.shown_by = EXPECT_NO_EVENT};
	expect_observe(verdict, "%s", _("there was no connection"));
}

void expect_eval(const struct expectation *x, const struct expect_run *run,
                 struct expect_verdict *verdict)
{
	struct scope all = scope_of(run);
	if (x->each_connection || kinds[x->kind].of_connection)
		judge_each(x, &all, verdict);
	else
		judge(x, &all, verdict);
}
