/* flow.c: the coordinator. For each TCP packet: find its connection or begin one, turn the header
 * into a segment (roles, relative numbers, scaled window), let it act on both ends, report. */
#include "flow/flow.h"

#include <stdlib.h>

#include "flow/analysis.h"
#include "flow/conn.h"
#include "flow/diagnosis.h"
#include "flow/table.h"

struct flow {
	struct flow_config config;
	struct table *table;
	struct ranges *ranges;
	uint64_t n_streams;
};

struct flow *flow_new(const struct flow_config *config)
{
	struct flow *flow = calloc(1, sizeof *flow);
	if (!flow)
		return NULL;
	flow->config = *config;
	if (!flow->config.max_connections)
		flow->config.max_connections = FLOW_MAX_CONNECTIONS;
	flow->table = table_new(flow->config.max_connections, config->seed);
	flow->ranges = ranges_new();
	if (!flow->table || !flow->ranges) {
		flow_free(flow);
		return NULL;
	}
	return flow;
}

void flow_free(struct flow *flow)
{
	if (!flow)
		return;
	ranges_free(flow->ranges);
	table_free(flow->table);
	free(flow);
}

uint32_t flow_open_count(const struct flow *flow)
{
	return table_count(flow->table);
}

uint64_t flow_total_count(const struct flow *flow)
{
	return flow->n_streams;
}

static void report(struct flow *flow, const struct conn *conn, enum connection_action action)
{
	struct connection connection;
	if (!flow->config.on_connection)
		return;
	report_fill(conn, action, &connection);
	flow->config.on_connection(flow->config.arg, &connection);
}

/* ---- the connection of a packet ---- */

/* A SYN on a used 4-tuple is a new connection, unless it is the old SYN sent again. */
static bool is_reuse(const struct conn *conn, const struct packet *packet)
{
	const struct tcp_header *tcp = &packet->tcp;
	const struct peer *from = &conn->peers[conn_side_of(conn, packet)];
	return (tcp->flags & (TCP_SYN | TCP_ACK)) == TCP_SYN && from->zero_known &&
	       tcp->seq != from->zero;
}

/* The old SYN sent again when all was over: some systems repeat it after a refusal. */
static bool is_second_try(const struct conn *conn, const struct packet *packet)
{
	return conn->ended && (packet->tcp.flags & (TCP_SYN | TCP_ACK | TCP_RST)) == TCP_SYN &&
	       conn_side_of(conn, packet) == CLIENT;
}

static void forget(struct flow *flow, struct conn *conn, enum connection_action action)
{
	if (!conn->ended)
		report(flow, conn, action);
	analysis_forget(flow->ranges, conn);
	table_remove(flow->table, conn);
}

static struct conn *begin(struct flow *flow, const struct packet *packet, int64_t time_ns)
{
	struct endpoint src = {packet->ip.src, packet->tcp.src_port};
	struct endpoint dst = {packet->ip.dst, packet->tcp.dst_port};
	struct conn *victim = table_victim(flow->table);
	if (victim)
		forget(flow, victim, CONNECTION_EVICTED);
	struct conn *conn = table_add(flow->table, &src, &dst);
	if (!conn)
		return NULL;
	conn->stream = (uint32_t)flow->n_streams++;
	conn->start_ns = conn->end_ns = time_ns;
	lifecycle_start(conn, packet);
	report(flow, conn, CONNECTION_OPENED);
	return conn;
}

/* ---- the segment ---- */

/* RFC 7323 section 2.2: scaling is on only if both SYNs offer it; shifts above 14 count as 14. A
 * SYN whose options were not captured whole says nothing. */
static void learn_scale(struct peer *from, struct peer *to, const struct tcp_header *tcp)
{
	enum { UNKNOWN = -1, NOT_USED = -2, MOST = 14 };
	const struct tcp_options *o = &tcp->options;
	if (!(tcp->flags & TCP_SYN))
		return;
	if (o->present & OPT_WINDOW_SCALE)
		from->scale = (int8_t)(o->window_scale > MOST ? MOST : o->window_scale);
	if (o->present & OPT_CUT)
		return;
	if (from->scale == UNKNOWN)
		from->scale = to->scale = NOT_USED;
	else if ((tcp->flags & TCP_ACK) && to->scale == NOT_USED)
		from->scale = NOT_USED;
}

/* The raw numbers that are shown as 0: the ISNs, or one before the first number seen. True if a
 * SYN,ACK contradicts what was taken for the server's ISN: its number counts from now on. */
static bool learn_zero(struct peer *from, struct peer *to, const struct tcp_header *tcp)
{
	bool answer = (tcp->flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK);
	bool other = from->zero_known && answer && tcp->seq != from->zero;
	if (!from->zero_known || other) {
		from->zero = tcp->flags & TCP_SYN ? tcp->seq : tcp->seq - 1;
		from->zero_known = true;
	}
	if (!to->zero_known && (tcp->flags & TCP_ACK)) {
		to->zero = tcp->ack - 1;
		to->zero_known = true;
	}
	return other;
}

static uint32_t scaled_window(const struct peer *from, const struct tcp_header *tcp)
{
	bool scaled = from->scale > 0 && !(tcp->flags & TCP_SYN);
	return scaled ? (uint32_t)tcp->window << from->scale : tcp->window;
}

static void fill_segment(struct segment *s, const struct conn *conn, const struct packet *packet)
{
	const struct tcp_header *tcp = &packet->tcp;
	const struct peer *from = &conn->peers[s->from];
	const struct peer *to = &conn->peers[side_other(s->from)];
	s->stream = conn->stream;
	s->roles_guessed = conn->roles_guessed;
	s->src = conn->ends[s->from];
	s->dst = conn->ends[side_other(s->from)];
	s->seq_raw = tcp->seq;
	s->ack_raw = tcp->ack;
	s->seq = tcp->seq - from->zero;
	s->ack = tcp->flags & TCP_ACK ? tcp->ack - to->zero : 0;
	s->flags = tcp->flags;
	s->len = tcp->len;
	s->window_value = tcp->window;
	s->window = scaled_window(from, tcp);
	s->window_scale = tcp->flags & TCP_SYN ? WINDOW_OF_SYN : from->scale;
	s->urgent = tcp->urgent;
	s->options = tcp->options;
	s->step = s->step_total = 0;
}

/* Wireshark shows no analysis of a segment whose options the capture has cut; of what it would show
 * only the answer to Fast Open does not depend on them. */
static void hide_analysis(struct analysis *a)
{
	*a = (struct analysis){.flags = a->flags & (A_TFO_ACK | A_TFO_IGNORED),
	                       .ack_rtt_ns = -1,
	                       .initial_rtt_ns = -1,
	                       .rto_ns = -1};
}

/* What the segment says of the network and of its sender's timers; of a copy that the wire made
 * there is nothing to find out. */
static void diagnose(struct flow *flow, struct conn *conn, const struct packet *packet,
                     struct segment *segment, int64_t time_ns, uint64_t frame)
{
	diagnosis_segment(flow->ranges, conn, segment, time_ns, frame);
	if (conn->peers[segment->from].watch.n_checksums < CHECKSUMS_VERIFIED)
		diagnosis_checksum(conn, packet, segment);
}

void flow_packet(struct flow *flow, const struct packet *packet, int64_t time_ns, uint64_t frame)
{
	flow_packet_of_fate(flow, packet, FATE_ASSUMED, time_ns, frame);
}

void flow_packet_of_fate(struct flow *flow, const struct packet *packet, enum fate fate,
                         int64_t time_ns, uint64_t frame)
{
	bool is_copy = fate == FATE_DUPLICATE;
	struct endpoint src = {packet->ip.src, packet->tcp.src_port};
	struct endpoint dst = {packet->ip.dst, packet->tcp.dst_port};
	struct conn *conn = table_find(flow->table, &src, &dst);
	bool reused = conn && is_reuse(conn, packet);
	if (reused) {
		forget(flow, conn, CONNECTION_UNFINISHED);
		conn = NULL;
	}
	if (conn && is_second_try(conn, packet))
		lifecycle_restart(conn);
	if (!conn)
		conn = begin(flow, packet, time_ns);
	if (!conn)
		return; /* no memory: the segment is not analysed, the trace goes on */

	struct segment segment;
	segment.from = conn_side_of(conn, packet);
	struct peer *from = &conn->peers[segment.from],
	            *to = &conn->peers[side_other(segment.from)];
	conn->end_ns = time_ns;
	reused = learn_zero(from, to, &packet->tcp) || reused;
	learn_scale(from, to, &packet->tcp);
	fill_segment(&segment, conn, packet);
	segment.is_copy = is_copy;
	segment.arrives = fate != FATE_DROPPED && fate != FATE_CORRUPTED;
	lifecycle_segment(conn, &segment, segment.arrives);
	segment.analysis = (struct analysis){.flags = reused ? A_REUSED_PORTS : 0,
	                                     .ack_rtt_ns = -1,
	                                     .initial_rtt_ns = -1,
	                                     .rto_ns = -1};
	segment.n_diagnoses = 0;
	if (!is_copy)
		diagnose(flow, conn, packet, &segment, time_ns, frame);
	analysis_segment(flow->ranges, conn, &segment, time_ns, frame);
	if (!is_copy)
		diagnosis_remember(conn, &segment, time_ns, frame);
	report_count(conn, &segment);
	if (segment.options.present & OPT_CUT)
		hide_analysis(&segment.analysis);
	if (flow->config.on_segment)
		flow->config.on_segment(flow->config.arg, &segment);
	if (!conn->ended && lifecycle_over(conn)) {
		conn->ended = true;
		report(flow, conn, CONNECTION_CLOSED);
	}
}

bool flow_look(struct flow *flow, const struct endpoint *local, const struct endpoint *remote,
               struct flow_look *look)
{
	const struct conn *conn = table_find(flow->table, local, remote);
	if (!conn)
		return false;
	enum side side = endpoint_equal(local, &conn->ends[CLIENT]) ? CLIENT : SERVER;
	const struct tcb *tcb = &conn->peers[side].tcb;
	*look = (struct flow_look){
	        .stream = conn->stream,
	        .state = tcb->state,
	        .last_ns = conn->end_ns,
	        .unacked = (tcb->known & KNOWN_SND) && seq_lt(tcb->snd_una, tcb->snd_nxt),
	};
	return true;
}

void flow_end(struct flow *flow)
{
	for (struct conn *c = table_newer(flow->table, NULL); c; c = table_newer(flow->table, c))
		if (!c->ended)
			report(flow, c, CONNECTION_UNFINISHED);
}
