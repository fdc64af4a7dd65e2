/* compare.c: see compare.h. The reasons are the stream's, in English; whoever shows them
 * translates. */
#include "compare.h"

#include <string.h>

#include "base/i18n.h"

/* A receiver's kernel may take this long to take in what has come. */
#define SETTLES_NS NS_PER_MS

/* How long Linux keeps TIME-WAIT (TCP_TIMEWAIT_LEN, 60 s), less what a timer may be off. */
#define TIME_WAIT_NS (59 * NS_PER_SECOND)

/* What is known of both. */
struct case_at_hand {
	const struct kernel_event *sample;
	const struct flow_look *look;
	int64_t since_ns; /* the connection's last segment */
};

static bool always(const struct case_at_hand *c)
{
	(void)c;
	return true;
}
static bool two_msl_over(const struct case_at_hand *c)
{
	return c->since_ns >= TIME_WAIT_NS;
}
static bool waits_for_ack(const struct case_at_hand *c)
{
	return c->look->unacked;
}
static bool has_unsent(const struct case_at_hand *c)
{
	return c->sample->send_queue > 0;
}

/* Differences that are no fault: the kernel has done something that no segment shows. */
static const struct lawful {
	enum tcp_state kernel, inferred; /* UNKNOWN: any */
	bool (*if_true)(const struct case_at_hand *c);
	const char *reason;
} lawful[] = {
        {TCP_CLOSED, TCP_TIME_WAIT, two_msl_over,
         N_("its time in TIME-WAIT is over, which no segment shows")},
        {TCP_CLOSED, TCP_FIN_WAIT_2, always,
         N_("its program has closed it, and Linux waits only tcp_fin_timeout for the other end's "
            "FIN")},
        {TCP_CLOSED, TCP_SYN_SENT, always,
         N_("its program gave up connecting, or closed it, before an answer came: no segment says "
            "so")},
        {TCP_CLOSED, TCP_SYN_RECEIVED, always,
         N_("it gave up waiting for the handshake's last ACK, without a word")},
        {TCP_CLOSED, TCP_STATE_UNKNOWN, waits_for_ack,
         N_("what it sent was not acknowledged in time, so it gave up without a word")},
        {TCP_FIN_WAIT_1, TCP_ESTABLISHED, has_unsent,
         N_("its program has closed it, but the FIN waits behind data that may not be sent yet")},
        {TCP_LAST_ACK, TCP_CLOSE_WAIT, has_unsent,
         N_("its program has closed it, but the FIN waits behind data that may not be sent yet")},
        {TCP_SYN_RECEIVED, TCP_ESTABLISHED, always,
         N_("Linux ignores the handshake's last ACK while the accept queue is full (or until data "
            "comes, with TCP_DEFER_ACCEPT)")},
};

static const char *reason_for(const struct case_at_hand *c)
{
	for (size_t i = 0; i < sizeof lawful / sizeof *lawful; i++) {
		const struct lawful *l = &lawful[i];
		if (l->kernel == c->sample->state &&
		    (l->inferred == TCP_STATE_UNKNOWN || l->inferred == c->look->state) &&
		    l->if_true(c))
			return l->reason;
	}
	return "";
}

void compare_sent(struct compare *compare, uint64_t id)
{
	if (compare->n_under_way < COMPARE_FRAMES) /* else there are enough of them */
		compare->under_way[compare->n_under_way++] = id;
}

void compare_ended(struct compare *compare, uint64_t id)
{
	for (int i = 0; i < compare->n_under_way; i++) {
		if (compare->under_way[i] != id)
			continue;
		compare->under_way[i] = compare->under_way[--compare->n_under_way];
		return;
	}
}

void compare_sample(const struct compare *compare, struct flow *flow, struct kernel_event *sample,
                    int64_t time_ns, bool later)
{
	struct flow_look look;
	struct text reason = text_of(sample->reason, sizeof sample->reason);
	sample->stream = -1;
	sample->inferred = TCP_STATE_UNKNOWN;
	sample->differs = false;
	if (!flow_look(flow, &sample->local, &sample->remote, &look))
		return;
	sample->stream = look.stream;
	sample->inferred = look.state;
	if (look.state == sample->state || look.state == TCP_STATE_UNKNOWN)
		return;
	struct case_at_hand c = {sample, &look, time_ns - look.last_ns};
	if (later || compare->n_under_way > 0) {
		text_add(&reason, N_("a segment of it is under way"));
	} else if (c.since_ns < SETTLES_NS) {
		text_add(&reason, N_("a segment of it has only just come"));
	} else {
		sample->differs = true;
		text_add(&reason, reason_for(&c));
	}
}

bool compare_is_of(const struct record *frame, const void *sample)
{
	const struct kernel_event *k = sample;
	struct packet packet;
	packet_decode(&packet, frame->linktype, frame->data, frame->caplen, frame->wirelen);
	if (packet.kind != KIND_TCP)
		return false;
	struct endpoint src = {packet.ip.src, packet.tcp.src_port};
	struct endpoint dst = {packet.ip.dst, packet.tcp.dst_port};
	return (endpoint_equal(&src, &k->local) && endpoint_equal(&dst, &k->remote)) ||
	       (endpoint_equal(&src, &k->remote) && endpoint_equal(&dst, &k->local));
}
