/* notation_kernel.c: a sample of a kernel's socket in short words; see notation.h. */
#include <string.h>

#include "sink/notation.h"

static void add_count(struct text *t, const char *what, uint64_t n)
{
	if (n == 0)
		return;
	text_add(t, what);
	text_add_uint(t, n);
}

static void add_figures(struct text *t, const struct kernel_event *k)
{
	if (!k->has_info || k->state < TCP_ESTABLISHED)
		return;
	text_add(t, ", cwnd ");
	text_add_uint(t, k->snd_cwnd);
	if (k->rtt_ns > 0) {
		text_add(t, ", rtt ");
		text_add_span(t, k->rtt_ns);
	}
}

static void add_losses(struct text *t, const struct kernel_event *k)
{
	bool waits = k->retransmits > 0 || k->probes > 0 || k->backoff > 0;
	add_count(t, ", resent in a row ", k->retransmits);
	add_count(t, ", unanswered probes ", k->probes);
	add_count(t, ", lost ", k->lost);
	add_count(t, ", resent in all ", k->total_retrans);
	if (waits && k->timer != KERNEL_TIMER_NONE) {
		text_add(t, ", next in ");
		text_add_span(t, k->timer_ns);
	}
}

void notation_kernel(struct text *t, const struct kernel_event *k)
{
	text_add(t, tcp_state_name(k->state));
	if (k->differs) {
		text_add(t, ", by the segments ");
		text_add(t, tcp_state_name(k->inferred));
	}
	if (k->differs && k->reason[0]) {
		text_add(t, ": ");
		text_add_terminal(t, k->reason, strlen(k->reason));
	}
	if (k->state == TCP_TIME_WAIT && k->timer == KERNEL_TIMER_TIME_WAIT) {
		text_add(t, " for ");
		text_add_span(t, k->timer_ns);
	}
	add_figures(t, k);
	add_losses(t, k);
}
