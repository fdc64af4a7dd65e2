/* compare.c: see compare.h. The reasons are the stream's, in English; whoever shows them
 * translates. */
#include "compare.h"

#include <string.h>

#include "base/i18n.h"

/* A receiver's kernel may take this long to take in what has come, on a machine that is busy. */
#define SETTLES_NS (5 * NS_PER_MS)

/* A connection is at rest when no segment came and no sample had news for so long: the runner looks
 * every 20 ms. */
#define REST_NS (80 * NS_PER_MS)

/* Between two looks for those at rest. */
#define LOOK_NS (10 * NS_PER_MS)

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

/* The place of that socket, or one for it; NULL when there are too many. */
static struct compare_socket *place_of(struct compare *compare, const struct kernel_event *k)
{
	struct compare_socket *s = compare->sockets, *end = s + compare->n_sockets;
	while (s < end && !(s->host == k->host && endpoint_equal(&s->local, &k->local) &&
	                    endpoint_equal(&s->remote, &k->remote)))
		s++;
	if (s == compare->sockets + COMPARE_SOCKETS)
		return NULL;
	if (s == end) {
		compare->n_sockets++;
		*s = (struct compare_socket){
		        .host = k->host, .local = k->local, .remote = k->remote};
	}
	return s;
}

static struct compare_socket *remember(struct compare *compare, const struct kernel_event *k,
                                       int64_t time_ns)
{
	if (!k->remote.addr.version)
		return NULL; /* it listens: it has no connection */
	struct compare_socket *s = place_of(compare, k);
	if (!s) {
		compare->crowded = true;
		return NULL;
	}
	if (s->state != k->state)
		s->told = TCP_STATE_UNKNOWN;
	s->state = k->state;
	s->send_queue = k->send_queue;
	s->sampled_ns = time_ns;
	s->compared_ns = INT64_MIN;
	compare->waits = true;
	return s;
}

static void say_difference(struct kernel_event *sample, const struct flow_look *look,
                           int64_t time_ns)
{
	struct case_at_hand c = {sample, look, time_ns - look->last_ns};
	struct text reason = text_of(sample->reason, sizeof sample->reason);
	sample->differs = true;
	text_add(&reason, reason_for(&c));
}

void compare_disturb(struct compare *compare)
{
	compare->waits = compare->n_sockets > 0;
}

/* Compares it if its connection is at rest, once in each rest. True: it differs. */
static bool differs_at_rest(struct compare *compare, struct flow *flow, struct compare_socket *s,
                            int64_t now_ns, struct flow_look *look)
{
	if (!flow_look(flow, &s->local, &s->remote, look) || look->last_ns == s->compared_ns)
		return false;
	if (now_ns - look->last_ns < REST_NS || now_ns - s->sampled_ns < REST_NS ||
	    compare->n_under_way > 0) {
		compare->waits = true;
		return false;
	}
	s->compared_ns = look->last_ns;
	if (look->state == s->state || look->state == TCP_STATE_UNKNOWN || look->state == s->told)
		return false;
	s->told = look->state;
	return true;
}

bool compare_at_rest(struct compare *compare, struct flow *flow, int64_t now_ns,
                     struct kernel_event *sample)
{
	struct flow_look look;
	if (!compare->waits || compare->crowded || now_ns - compare->looked_ns < LOOK_NS)
		return false;
	compare->waits = false;
	for (int i = 0; i < compare->n_sockets; i++) {
		struct compare_socket *s = &compare->sockets[i];
		if (!differs_at_rest(compare, flow, s, now_ns, &look))
			continue;
		*sample = (struct kernel_event){.news = KERNEL_NEWS_STATE,
		                                .host = s->host,
		                                .local = s->local,
		                                .remote = s->remote,
		                                .state = s->state,
		                                .send_queue = s->send_queue,
		                                .stream = look.stream,
		                                .inferred = look.state};
		say_difference(sample, &look, now_ns);
		compare->waits = true;
		return true;
	}
	compare->looked_ns = now_ns;
	return false;
}

void compare_sample(struct compare *compare, struct flow *flow, struct kernel_event *sample,
                    int64_t time_ns, bool later)
{
	struct flow_look look;
	struct compare_socket *socket = remember(compare, sample, time_ns);
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
	if (later || compare->n_under_way > 0) {
		text_add(&reason, N_("a segment of it is under way"));
	} else if (time_ns - look.last_ns < SETTLES_NS) {
		text_add(&reason, N_("a segment of it has only just come"));
	} else {
		say_difference(sample, &look, time_ns);
		if (socket && socket->told != look.state)
			sample->news = KERNEL_NEWS_STATE;
		if (socket)
			socket->told = look.state;
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
