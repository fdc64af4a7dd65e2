/* expect_say.c: happenings of the expectation language in words, and what a call did instead. */
#include <string.h>

#include "base/i18n.h"
#include "runner/expect_kinds.h"

static void add_nth(struct text *t, const struct expect_event *x)
{
	if (x->nth > 0)
		text_addf(t, "[%u]", x->nth);
}

static void say_call(struct text *t, const struct expect_event *x)
{
	switch ((enum expect_call)x->what) {
	case EXPECT_ENTERED:
		text_addf(t, "call %s", x->name);
		add_nth(t, x);
		return;
	case EXPECT_RETURNS:
	case EXPECT_RETURNS_VALUE:
	case EXPECT_TIMES_OUT:
		text_addf(t, "%s returns", x->name);
		break;
	case EXPECT_FAILS:
		text_addf(t, "%s fails", x->name);
		break;
	}
	add_nth(t, x);
	if (x->what == EXPECT_RETURNS_VALUE)
		text_addf(t, " %lld", (long long)x->value);
	else if (x->what == EXPECT_TIMES_OUT)
		text_add(t, " timeout");
	else if (x->error != 0)
		text_addf(t, " %s", errno_name(x->error));
}

void expect_event_say(struct text *t, const struct expect_event *x)
{
	text_addf(t, "%s ", side_name((enum side)x->side));
	if (x->kind == EXPECT_MESSAGE) {
		text_addf(t, "%s %s", x->name, x->text);
		add_nth(t, x);
		return;
	}
	const char *word = expect_event_word(x);
	if (!word) {
		say_call(t, x);
		return;
	}
	text_add(t, word);
	add_nth(t, x);
	if (x->kind != EXPECT_SAYS)
		return;
	text_add(t, " \"");
	text_add_safe(t, x->text, x->text_len);
	text_add(t, "\"");
}

/* The last message of that side. */
static int64_t other_message(const struct expect_event *x, const struct scope *scope,
                             struct text *t)
{
	int64_t last = EXPECT_NO_EVENT;
	for (size_t i = 0; i < scope->end; i++)
		if (scope->run->events[i].kind == EVENT_MESSAGE && scope_has(scope, i) &&
		    scope->run->events[i].message.from == x->side)
			last = (int64_t)i;
	if (last == EXPECT_NO_EVENT)
		return last;
	const struct message *m = &scope->run->events[last].message;
	text_addf(t,
	          x->side == CLIENT ? _("the client's last message was %s %s: ")
	                            : _("the server's last message was %s %s: "),
	          m->protocol, m->kind);
	text_add_safe(t, m->summary, strlen(m->summary));
	return last;
}

int64_t expect_event_other(const struct expect_event *x, const struct scope *scope, struct text *t)
{
	if (x->kind == EXPECT_MESSAGE)
		return other_message(x, scope, t);
	if (expect_event_word(x))
		return EXPECT_NO_EVENT;
	struct expect_event any = *x;
	any.what = x->what == EXPECT_ENTERED ? EXPECT_ENTERED : EXPECT_RETURNS;
	any.nth = 0;
	int64_t last = EXPECT_NO_EVENT, at = scope_find(scope, &any, 0);
	const char *who = x->side == CLIENT ? _("the client") : _("the server");
	uint32_t n = 0;
	for (; at != EXPECT_NO_EVENT; at = scope_find(scope, &any, (size_t)at + 1)) {
		last = at;
		n++;
	}
	if (last == EXPECT_NO_EVENT) {
		any.what = EXPECT_ENTERED;
		last = scope_find(scope, &any, 0);
		text_addf(t,
		          last == EXPECT_NO_EVENT ? _("%s never called %s()")
		                                  : _("%s was still waiting in %s()"),
		          who, x->name);
		return last;
	}
	const struct call_event *call = &scope->run->events[last].call;
	if (any.what == EXPECT_ENTERED)
		text_addf(t, _("%s called %s() %u times"), who, x->name, n);
	else if (call->error)
		text_addf(t, _("the last %s() of %s failed with %s"), call->name, who,
		          errno_name(call->error) ? errno_name(call->error) : "?");
	else
		text_addf(t, _("the last %s() of %s returned %lld"), call->name, who,
		          (long long)call->result);
	return last;
}
