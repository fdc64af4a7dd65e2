/* expect_event.c: one happening of the expectation language, "client SYN[2]" or "server recv
 * returns 0": how it is written, and whether it is what an event tells. */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "runner/calls_table.h"
#include "runner/expect_kinds.h"
#include "runner/expect_scan.h"
#include "runner/expect_scope.h"

/* ---- segments, by name ---- */

enum payload { ANY_PAYLOAD, NO_PAYLOAD, SOME_PAYLOAD };

static const struct segment_kind {
	const char *word;
	unsigned set, clear; /* flags */
	enum payload payload;
	uint32_t analysis; /* one of these labels; 0: whatever they are */
	bool resend;       /* one that its sender sends again */
} segment_kinds[] = {
        {"SYN", TCP_SYN, TCP_ACK, ANY_PAYLOAD, 0, false},
        {"SYN,ACK", TCP_SYN | TCP_ACK, 0, ANY_PAYLOAD, 0, false},
        {"FIN", TCP_FIN, 0, ANY_PAYLOAD, 0, false},
        {"RST", TCP_RST, 0, ANY_PAYLOAD, 0, false},
        {"ACK", TCP_ACK, TCP_SYN | TCP_FIN | TCP_RST, NO_PAYLOAD, 0, false},
        {"data", 0, 0, SOME_PAYLOAD, 0, false},
        {"retransmission", 0, 0, ANY_PAYLOAD, 0, true},
        {"zero-window", 0, TCP_RST, ANY_PAYLOAD, A_ZERO_WINDOW, false},
        {"window-update", 0, 0, ANY_PAYLOAD, A_WINDOW_UPDATE, false},
        {"keep-alive", 0, 0, ANY_PAYLOAD, A_KEEP_ALIVE, false},
};
enum { N_SEGMENT_KINDS = sizeof segment_kinds / sizeof *segment_kinds };

static bool is_segment(const struct segment_kind *kind, const struct event *e)
{
	const struct segment *s = &e->segment;
	if (kind->resend && !expect_is_resend(e))
		return false;
	if ((s->flags & kind->set) != kind->set || (s->flags & kind->clear) != 0)
		return false;
	if (kind->payload != ANY_PAYLOAD && (s->len > 0) != (kind->payload == SOME_PAYLOAD))
		return false;
	return kind->analysis == 0 || (s->analysis.flags & kind->analysis) != 0;
}

/* ---- calls: the usual name stands for all that do the same ---- */

static const struct call_family {
	const char *word;
	const char *members[8];
} families[] = {
        {"recv", {"recvfrom", "recvmsg", "recvmmsg", "read", "readv"}},
        {"send", {"sendto", "sendmsg", "sendmmsg", "write", "writev", "sendfile", "splice"}},
        {"accept", {"accept4"}},
        {"poll", {"ppoll", "select", "pselect6", "epoll_wait", "epoll_pwait", "epoll_pwait2"}},
};
enum { N_FAMILIES = sizeof families / sizeof *families, MAX_NAMES = 64 };

static bool is_call_name(const char *word, const char *name)
{
	if (strcmp(word, name) == 0)
		return true;
	for (size_t i = 0; i < N_FAMILIES; i++) {
		if (strcmp(word, families[i].word) != 0)
			continue;
		for (const char *const *member = families[i].members; *member; member++)
			if (strcmp(*member, name) == 0)
				return true;
	}
	return false;
}

/* All names that may be used: the families' and the kernel's. */
static size_t call_names(const char **names)
{
	int n_kinds;
	size_t n = 0;
	const struct call_kind *kinds = calls_kinds(&n_kinds);
	for (size_t i = 0; i < N_FAMILIES; i++)
		names[n++] = families[i].word;
	for (int i = 0; i < n_kinds && n < MAX_NAMES; i++) {
		if (strcmp(kinds[i].name, "accept") != 0 && strcmp(kinds[i].name, "poll") != 0)
			names[n++] = kinds[i].name;
	}
	return n;
}

/* ---- what a program does ---- */

static const struct deed {
	const char *word;
	uint8_t kind;
	bool has_nth;
} deeds[] = {
        {"datagram", EXPECT_DATAGRAM, true},
        {"icmp", EXPECT_ICMP, true},
        {"exits", EXPECT_EXITS, false},
        {"says", EXPECT_SAYS, false},
};
enum { N_DEEDS = sizeof deeds / sizeof *deeds };

const char *expect_event_word(const struct expect_event *x)
{
	if (x->kind < N_SEGMENT_KINDS)
		return segment_kinds[x->kind].word;
	for (size_t i = 0; i < N_DEEDS; i++)
		if (deeds[i].kind == x->kind)
			return deeds[i].word;
	return NULL;
}

/* A program that has waited for nothing: its socket's timeout (EAGAIN, but not at once, as a
 * non-blocking socket would say), or poll()'s. */
static bool timed_out(const struct event *e)
{
	if (is_call_name("poll", e->call.name))
		return e->call.result == 0;
	return e->call.error == errno_number("EAGAIN") &&
	       e->time_ns - e->call.enter_ns >= NS_PER_MS;
}

static bool is_call(const struct expect_event *x, const struct event *e)
{
	const struct call_event *call = &e->call;
	if (call->host != x->side || !is_call_name(x->name, call->name) ||
	    (call->action == CALL_ENTERED) != (x->what == EXPECT_ENTERED))
		return false;
	switch ((enum expect_call)x->what) {
	case EXPECT_ENTERED:
	case EXPECT_RETURNS:
		return true;
	case EXPECT_RETURNS_VALUE:
		return call->result == x->value;
	case EXPECT_TIMES_OUT:
		return timed_out(e);
	case EXPECT_FAILS:
		return call->error != 0 && (x->error == 0 || x->error == call->error);
	}
	return false;
}

static bool is_said(const struct expect_event *x, const struct output_event *output)
{
	return output->host == x->side &&
	       memmem(output->text, strlen(output->text), x->text, x->text_len) != NULL;
}

bool expect_event_is(const struct expect_event *x, const struct scope *scope, const struct event *e)
{
	switch (x->kind) {
	case EXPECT_DATAGRAM:
		return e->kind == EVENT_DATAGRAM && scope_side(scope, e) == x->side;
	case EXPECT_ICMP:
		return e->kind == EVENT_FRAME && e->frame_info.kind == KIND_ICMP &&
		       scope_side(scope, e) == x->side;
	case EXPECT_CALL:
		return e->kind == EVENT_CALL && is_call(x, e);
	case EXPECT_EXITS:
		return e->kind == EVENT_PROGRAM && e->program.action == PROGRAM_EXITED &&
		       e->program.host == x->side;
	case EXPECT_SAYS:
		return e->kind == EVENT_OUTPUT && is_said(x, &e->output);
	case EXPECT_MESSAGE:
		return e->message.from == x->side && expect_is_message(e, x->name, x->text);
	default:
		return e->kind == EVENT_SEGMENT && e->segment.from == x->side &&
		       is_segment(&segment_kinds[x->kind], e);
	}
}

bool expect_event_is_late(const struct expect_event *x)
{
	return x->kind == EXPECT_EXITS || x->kind == EXPECT_SAYS;
}

/* ---- reading ---- */

static int scan_call_name(struct scan *scan, struct expect_event *x)
{
	const char *names[MAX_NAMES];
	size_t n = call_names(names);
	int i = scan_one_of(scan, _("a call"), names, n);
	if (i < 0)
		return -1;
	(void)snprintf(x->name, sizeof x->name, "%s", names[i]); /* they are short */
	x->kind = EXPECT_CALL;
	return 0;
}

static int scan_returned(struct scan *scan, struct expect_event *x)
{
	char word[SCAN_WORD];
	x->what = EXPECT_RETURNS;
	if (scan_nth(scan, &x->nth) < 0)
		return -1;
	if (scan_take(scan, "timeout")) {
		x->what = EXPECT_TIMES_OUT;
		return 0;
	}
	scan_peek(scan, word);
	if (strspn(word, "-0123456789") == 0)
		return 0;
	x->what = EXPECT_RETURNS_VALUE;
	return scan_number(scan, &x->value);
}

static int scan_failure(struct scan *scan, struct expect_event *x)
{
	char word[SCAN_WORD];
	x->what = EXPECT_FAILS;
	if (scan_nth(scan, &x->nth) < 0)
		return -1;
	scan_peek(scan, word);
	if (word[0] != 'E')
		return 0;
	x->error = errno_number(word);
	if (x->error == 0)
		return err_set(scan->err, _("'%s' is no error that socket calls give"), word);
	(void)scan_take(scan, word);
	return 0;
}

/* "recv returns 0", "connect fails ECONNREFUSED". */
static int scan_result(struct scan *scan, struct expect_event *x)
{
	static const char *const results[] = {"returns", "fails"};
	if (scan_call_name(scan, x) < 0)
		return -1;
	int i = scan_one_of(scan, _("what becomes of a call"), results, 2);
	if (i < 0)
		return -1;
	return i == 0 ? scan_returned(scan, x) : scan_failure(scan, x);
}

/* True when the next word names a call. */
static bool is_call_word(const struct scan *scan)
{
	const char *names[MAX_NAMES];
	char word[SCAN_WORD];
	size_t n = call_names(names);
	scan_peek(scan, word);
	for (size_t i = 0; i < n; i++)
		if (strcmp(names[i], word) == 0)
			return true;
	return false;
}

/* A word that is none of any table: shows the nearest of all. */
static int unknown(struct scan *scan)
{
	const char *words[N_SEGMENT_KINDS + N_DEEDS + 1 + 2 * MAX_NAMES] = {"call"};
	size_t n = 1;
	for (size_t i = 0; i < N_SEGMENT_KINDS; i++)
		words[n++] = segment_kinds[i].word;
	for (size_t i = 0; i < N_DEEDS; i++)
		words[n++] = deeds[i].word;
	n += expect_protocol_words(words + n);
	n += call_names(words + n);
	return scan_one_of(scan, _("a segment or a deed of a program"), words, n) < 0 ? -1 : 0;
}

static int scan_kind(struct scan *scan, struct expect_event *x)
{
	for (size_t i = 0; i < N_SEGMENT_KINDS; i++) {
		if (!scan_take(scan, segment_kinds[i].word))
			continue;
		x->kind = (uint8_t)i;
		return scan_nth(scan, &x->nth);
	}
	if (scan_is_protocol(scan)) {
		x->kind = EXPECT_MESSAGE;
		return scan_message(scan, false, x->name, x->text) < 0 ? -1
		                                                       : scan_nth(scan, &x->nth);
	}
	if (scan_take(scan, "call")) {
		x->what = EXPECT_ENTERED;
		return scan_call_name(scan, x) < 0 ? -1 : scan_nth(scan, &x->nth);
	}
	for (size_t i = 0; i < N_DEEDS; i++) {
		if (!scan_take(scan, deeds[i].word))
			continue;
		x->kind = deeds[i].kind;
		if (x->kind == EXPECT_SAYS)
			return scan_text(scan, x->text, &x->text_len);
		return deeds[i].has_nth ? scan_nth(scan, &x->nth) : 0;
	}
	return is_call_word(scan) ? scan_result(scan, x) : unknown(scan);
}

int scan_event(struct scan *scan, struct expect_event *x)
{
	*x = (struct expect_event){.nth = 0};
	int side = scan_side(scan);
	if (side < 0)
		return -1;
	x->side = (uint8_t)side;
	return scan_kind(scan, x);
}

int expect_parse_event(struct expect_event *x, const char *words, struct err *err)
{
	struct scan scan = scan_of(words, err);
	return scan_event(&scan, x) < 0 ? -1 : scan_end(&scan);
}

int64_t expect_event_first(const struct expect_event *event, const struct expect_run *run)
{
	struct scope scope = scope_of(run);
	return scope_find(&scope, event, 0);
}
