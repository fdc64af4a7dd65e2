/* kernel.c: what a host's kernel says of one of its sockets, beside what the segments say. */
#include <string.h>

#include "explain/rule.h"

static const struct kernel_event *kernel_of(const struct scene *c)
{
	return &c->event->kernel;
}

/* ---- words ---- */

static void add_host(struct text *t, const struct scene *c)
{
	add_role(t, c, kernel_of(c)->host);
}
static void add_inferred(struct text *t, const struct scene *c)
{
	text_add(t, tcp_state_name(kernel_of(c)->inferred));
}
static void add_reason(struct text *t, const struct scene *c)
{
	text_add_terminal(t, kernel_of(c)->reason, strlen(kernel_of(c)->reason));
}
static void add_state(struct text *t, const struct scene *c)
{
	text_add(t, tcp_state_name(kernel_of(c)->state));
}

static const struct word words[] = {
        {"host", add_host},
        {"inferred", add_inferred},
        {"reason", add_reason},
        {"state", add_state},
};
const struct vocabulary kernel_words = {words, sizeof words / sizeof words[0]};

/* ---- rules ---- */

static bool differs(const struct scene *c)
{
	return kernel_of(c)->differs;
}
static bool any(const struct scene *c)
{
	(void)c;
	return true;
}

const struct rule kernel_rules[] = {
        {differs, N_("The {host}'s kernel says {state}, the segments {inferred}"),
         N_("The real socket is in {state}. From the segments seen so far it should be in "
            "{inferred}. {reason}"),
         NULL, "RFC 9293 section 3.3.2"},
        {any, N_("The {host}'s kernel: {state}"), N_("The real socket is in {state}."), NULL,
         "RFC 9293 section 3.3.2"},
        {NULL, NULL, NULL, NULL, NULL},
};
