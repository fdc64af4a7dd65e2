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
static void add_left(struct text *t, const struct scene *c)
{
	text_add_span(t, kernel_of(c)->timer_ns);
}
static void add_reason(struct text *t, const struct scene *c)
{
	const char *reason = tr(c, kernel_of(c)->reason);
	text_add_terminal(t, reason, strlen(reason));
}
static void add_rto(struct text *t, const struct scene *c)
{
	text_add_span(t, kernel_of(c)->rto_ns);
}
static void add_state(struct text *t, const struct scene *c)
{
	text_add(t, tcp_state_name(kernel_of(c)->state));
}

/* "1 segment", "3 segments" */
static void add_segments(struct text *t, uint32_t n)
{
	text_addf(t, ngettext("%u segment", "%u segments", n), n);
}
static void add_cwnd(struct text *t, const struct scene *c)
{
	add_segments(t, kernel_of(c)->snd_cwnd);
}
static void add_lost(struct text *t, const struct scene *c)
{
	text_add_uint(t, kernel_of(c)->lost);
}
static void add_total(struct text *t, const struct scene *c)
{
	add_segments(t, kernel_of(c)->total_retrans);
}
static void add_unacked(struct text *t, const struct scene *c)
{
	add_segments(t, kernel_of(c)->unacked);
}

static const struct word words[] = {
        {"cwnd", add_cwnd},       {"host", add_host},   {"inferred", add_inferred},
        {"left", add_left},       {"lost", add_lost},   {"reason", add_reason},
        {"rto", add_rto},         {"state", add_state}, {"total", add_total},
        {"unacked", add_unacked},
};
const struct vocabulary kernel_words = {words, sizeof words / sizeof words[0]};

/* ---- rules ---- */

static bool differs_for_a_reason(const struct scene *c)
{
	return kernel_of(c)->differs && kernel_of(c)->reason[0];
}
static bool differs(const struct scene *c)
{
	return kernel_of(c)->differs;
}
static bool is_gone(const struct scene *c)
{
	return kernel_of(c)->state == TCP_CLOSED;
}
static bool waits_for_the_end(const struct scene *c)
{
	return kernel_of(c)->state == TCP_TIME_WAIT &&
	       kernel_of(c)->timer == KERNEL_TIMER_TIME_WAIT;
}
static bool has_lost(const struct scene *c)
{
	return kernel_of(c)->news == KERNEL_NEWS_LOSS;
}
static bool any(const struct scene *c)
{
	(void)c;
	return true;
}

const struct rule kernel_rules[] = {
        {differs_for_a_reason, N_("The {host}'s kernel says {state}, the segments {inferred}"),
         N_("The real socket is in {state}. By the segments so far it should be in {inferred}. The "
            "reason: {reason}."),
         NULL, "RFC 9293 section 3.3.2"},
        {differs, N_("The {host}'s kernel says {state}, the segments {inferred}"),
         N_("The real socket is in {state}. By the segments so far it should be in {inferred}. "
            "No reason is known: the capture may have missed a segment."),
         NULL, "RFC 9293 section 3.3.2"},
        {is_gone, N_("The {host}'s kernel: the socket is gone"),
         N_("It is in the kernel's list no more: CLOSED is the word for a connection that does not "
            "exist."),
         NULL, "RFC 9293 section 3.3.2"},
        {waits_for_the_end, N_("The {host}'s kernel: TIME-WAIT for {left}"),
         N_("This end closed first. The kernel keeps the connection's name, without any program, "
            "so "
            "that what is late cannot be taken for a part of a later connection with the same "
            "ports. Linux takes 60 s, whatever the MSL is."),
         NULL, "RFC 9293 section 3.6.1"},
        {has_lost, N_("The {host}'s kernel: {total} sent again in all"),
         N_("The real socket is in {state}. Of {unacked} in flight its kernel thinks {lost} lost; "
            "its congestion window is {cwnd}, its retransmission timeout {rto}."),
         NULL, "RFC 5681, RFC 6298"},
        {any, N_("The {host}'s kernel: {state}"), N_("The real socket is in {state}."), NULL,
         "RFC 9293 section 3.3.2"},
        {NULL, NULL, NULL, NULL, NULL},
};
