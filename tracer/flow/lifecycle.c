/* lifecycle.c: what a segment does to both ends (RFC 9293 section 3.10.7), seen from outside.
 * Sending is certain. Arrival is assumed: a segment counts as received as soon as it was sent and
 * is in order at the other end; whatever was not in order counts as received once the other end
 * acknowledges it. Each end's state moves only through the table in tcp_state.c. A socket that
 * connected to itself is one end that sends and receives; the other is its mirror. */
#include "flow/conn.h"
#include "flow/tcp_state.h"

static bool has(const struct segment *s, unsigned flags)
{
	return (s->flags & flags) == flags;
}

static bool is_bare_syn(const struct segment *s)
{
	return has(s, TCP_SYN) && !has(s, TCP_ACK);
}

static void feed(struct peer *peer, enum tcp_input input)
{
	const struct transition *t = tcp_transition(peer->tcb.state, input);
	if (t)
		peer->tcb.state = t->to;
}

/* The sequence number behind everything that the segment occupies. */
static uint32_t end_of(const struct segment *s)
{
	return s->seq_raw + s->len + (has(s, TCP_SYN) ? 1 : 0) + (has(s, TCP_FIN) ? 1 : 0);
}

static void advance(uint32_t *number, uint32_t to)
{
	if (seq_gt(to, *number))
		*number = to;
}

/* The end that gets what this segment's sender sends. */
static struct peer *receiver_of(struct conn *conn, const struct segment *s)
{
	return &conn->peers[conn->self ? s->from : side_other(s->from)];
}

/* ---- the first segment ---- */

/* Without a SYN the lower port is taken for the server's; with equal ports, the first sender is
 * taken for the client. */
static bool sender_looks_like_server(const struct tcp_header *tcp)
{
	return tcp->src_port < tcp->dst_port;
}

static void swap_ends(struct conn *conn)
{
	struct endpoint first = conn->ends[CLIENT];
	conn->ends[CLIENT] = conn->ends[SERVER];
	conn->ends[SERVER] = first;
}

void lifecycle_start(struct conn *conn, const struct packet *packet)
{
	const struct tcp_header *tcp = &packet->tcp;
	struct tcb *client = &conn->peers[CLIENT].tcb, *server = &conn->peers[SERVER].tcb;
	bool syn = tcp->flags & TCP_SYN, ack = tcp->flags & TCP_ACK;

	conn->peers[CLIENT].scale = conn->peers[SERVER].scale = -1;
	conn->self = endpoint_equal(&conn->ends[CLIENT], &conn->ends[SERVER]);
	if (syn && !ack) {
		client->state = TCP_CLOSED;
		server->state = TCP_LISTEN;
	} else if (syn) {
		swap_ends(conn); /* only a server answers with SYN,ACK */
		client->state = TCP_SYN_SENT;
		client->iss = client->snd_una = tcp->ack - 1;
		client->snd_nxt = tcp->ack;
		client->known = KNOWN_ISS | KNOWN_SND;
		server->state = TCP_LISTEN;
		feed(&conn->peers[SERVER], RECEIVE_SYN);
	} else {
		conn->roles_guessed = true;
		conn->opened = true;
		if (sender_looks_like_server(tcp))
			swap_ends(conn);
		bool reset = tcp->flags & TCP_RST;
		client->state = server->state = reset ? TCP_STATE_UNKNOWN : TCP_ESTABLISHED;
	}
}

void lifecycle_restart(struct conn *conn)
{
	for (int i = 0; i < N_SIDES; i++) {
		struct peer *peer = &conn->peers[i];
		peer->tcb = (struct tcb){.state = i == CLIENT ? TCP_CLOSED : TCP_LISTEN};
		peer->syn_sent = peer->fin_sent = peer->fin_arrived = peer->reset_ignored = false;
	}
	conn->opened = conn->ended = conn->reset = conn->refused = false;
	conn->syn_crossed = conn->fin_crossed = conn->fin_acked_alone = conn->any_fin = false;
	conn->teardown_step = 0;
}

/* ---- the sender ---- */

/* What the sender must have received before it sent this: the other end's FIN, if it is
 * acknowledged here; everything below the acknowledgment number. */
static void learn_from_ack(struct peer *from, struct peer *to, const struct segment *s)
{
	if (!has(s, TCP_ACK) || has(s, TCP_RST))
		return;
	if (!(from->tcb.known & KNOWN_RCV))
		from->tcb.rcv_nxt = s->ack_raw;
	from->tcb.known |= KNOWN_RCV;
	if ((to->tcb.known & KNOWN_SND) && seq_le(s->ack_raw, to->tcb.snd_nxt))
		advance(&from->tcb.rcv_nxt, s->ack_raw);
	if (to->fin_sent && !to->fin_arrived && seq_ge(s->ack_raw, to->fin_end)) {
		to->fin_arrived = true;
		feed(from, RECEIVE_FIN);
	}
}

static void send_syn(struct conn *conn, struct peer *from, const struct segment *s)
{
	if (!from->syn_sent && from->tcb.state == TCP_SYN_RECEIVED && is_bare_syn(s))
		conn->syn_crossed = true;
	if (is_bare_syn(s))
		feed(from, SEND_SYN);
	from->syn_sent = true;
	from->tcb.iss = s->seq_raw;
	if (!(from->tcb.known & KNOWN_SND))
		from->tcb.snd_una = from->tcb.snd_nxt = s->seq_raw;
	from->tcb.known |= KNOWN_ISS | KNOWN_SND;
}

static void send_fin(struct conn *conn, struct peer *from, struct peer *to, const struct segment *s)
{
	if (from->fin_sent)
		return;
	bool blind = to->fin_sent && has(s, TCP_ACK) && seq_lt(s->ack_raw, to->fin_end);
	if (blind)
		conn->fin_crossed = true;
	feed(from, blind ? SEND_FIN_BLIND : SEND_FIN);
	from->fin_sent = true;
	from->fin_end = end_of(s);
	if (!conn->any_fin)
		conn->first_fin = s->from;
	conn->any_fin = true;
}

static void send_reset(struct peer *from)
{
	if (from->tcb.state != TCP_CLOSED)
		from->before_reset = from->tcb.state;
	feed(from, SEND_RST);
}

/* An end whose RST was ignored and that goes on talking did not close: the RST was forged, or an
 * answer to something old. */
static void take_reset_back(struct peer *from)
{
	if (from->reset_ignored && from->tcb.state == TCP_CLOSED)
		from->tcb.state = from->before_reset;
	from->reset_ignored = false;
}

static void sender_sends(struct conn *conn, const struct segment *s)
{
	struct peer *from = &conn->peers[s->from], *to = receiver_of(conn, s);
	learn_from_ack(from, to, s);
	if (has(s, TCP_RST)) {
		send_reset(from);
		return;
	}
	take_reset_back(from);
	if (has(s, TCP_SYN))
		send_syn(conn, from, s);
	if (!(from->tcb.known & KNOWN_SND))
		from->tcb.snd_una = from->tcb.snd_nxt = s->seq_raw;
	from->tcb.known |= KNOWN_SND;
	if (has(s, TCP_FIN))
		send_fin(conn, from, to, s);
	if (seq_ge(end_of(s), from->tcb.snd_una)) /* no more than half the numbers can be out */
		advance(&from->tcb.snd_nxt, end_of(s));
}

/* ---- the receiver ---- */

/* RFC 9293 section 3.5.3: in SYN-SENT a reset must acknowledge the SYN; elsewhere it must carry
 * exactly the next expected number. The sender's own next number is accepted as well: what this
 * capture missed may have arrived. */
static bool reset_is_valid(const struct peer *from, const struct peer *to, const struct segment *s)
{
	if (to->tcb.state == TCP_SYN_SENT)
		return has(s, TCP_ACK) && s->ack_raw == to->tcb.snd_nxt;
	if (!(to->tcb.known & KNOWN_RCV))
		return true;
	if (s->seq_raw == to->tcb.rcv_nxt)
		return true;
	return (from->tcb.known & KNOWN_SND) && s->seq_raw == from->tcb.snd_nxt;
}

static void receive_reset(struct conn *conn, struct peer *from, struct peer *to,
                          const struct segment *s)
{
	from->reset_ignored = !reset_is_valid(from, to, s);
	if (from->reset_ignored)
		return;
	if (!conn->ended) {
		conn->refused = to->tcb.state == TCP_SYN_SENT;
		conn->reset = true;
		conn->reset_by = s->from;
	}
	feed(to, RECEIVE_RST);
}

/* A SYN,ACK acknowledges the SYN, and with Fast Open (RFC 7413) some or all of the SYN's data. */
static void receive_syn(struct peer *to, const struct segment *s)
{
	bool acks_mine = has(s, TCP_ACK) && (to->tcb.known & KNOWN_ISS) &&
	                 seq_gt(s->ack_raw, to->tcb.iss) && seq_le(s->ack_raw, to->tcb.snd_nxt);
	if (is_bare_syn(s))
		feed(to, RECEIVE_SYN);
	else if (acks_mine)
		feed(to, RECEIVE_SYN_ACK);
	else
		return;
	if (!(to->tcb.known & KNOWN_RCV))
		to->tcb.rcv_nxt = s->seq_raw + 1;
	to->tcb.known |= KNOWN_RCV;
}

/* RFC 9293 section 3.10.7.4: an older segment that comes late does not set the window. */
static void receive_window(struct peer *to, const struct segment *s)
{
	bool older = seq_lt(s->seq_raw, to->wnd_seq) ||
	             (s->seq_raw == to->wnd_seq && seq_lt(s->ack_raw, to->wnd_ack));
	if ((to->tcb.known & KNOWN_WND) && older)
		return;
	to->tcb.snd_wnd = s->window;
	to->wnd_seq = s->seq_raw;
	to->wnd_ack = s->ack_raw;
	to->tcb.known |= KNOWN_WND;
}

static void receive_ack(struct conn *conn, struct peer *from, struct peer *to,
                        const struct segment *s)
{
	if (!(to->tcb.known & KNOWN_SND))
		to->tcb.snd_una = to->tcb.snd_nxt = s->ack_raw;
	to->tcb.known |= KNOWN_SND;
	if (seq_gt(s->ack_raw, to->tcb.snd_nxt))
		return; /* acknowledges what nobody saw being sent: RFC 9293 says ignore */
	if (to->tcb.state == TCP_SYN_RECEIVED && to->syn_sent && seq_gt(s->ack_raw, to->tcb.iss))
		feed(to, RECEIVE_ACK_OF_SYN);
	advance(&to->tcb.snd_una, s->ack_raw);
	receive_window(to, s);
	if (to->fin_sent && seq_ge(s->ack_raw, to->fin_end)) {
		if (!from->fin_sent)
			conn->fin_acked_alone = true;
		feed(to, RECEIVE_ACK_OF_FIN);
	}
}

/* Payload and FIN, if they are in order. What a SYN carries is not handed on before the handshake
 * is over, and with Fast Open only if the cookie is good: the acknowledgment will tell. */
static void receive_bytes(struct peer *from, struct peer *to, const struct segment *s)
{
	uint32_t start = s->seq_raw + (has(s, TCP_SYN) ? 1 : 0), end = end_of(s);
	if (to->tcb.state == TCP_CLOSED || to->tcb.state == TCP_SYN_SENT || is_bare_syn(s))
		return;
	if (!(to->tcb.known & KNOWN_RCV))
		to->tcb.rcv_nxt = start;
	to->tcb.known |= KNOWN_RCV;
	if (seq_gt(start, to->tcb.rcv_nxt))
		return; /* a gap before it */
	if (s->len && (from->tcb.known & KNOWN_WND) && from->tcb.snd_wnd == 0)
		return; /* a probe of a closed window: kept only if it is acknowledged */
	advance(&to->tcb.rcv_nxt, end);
	if (from->fin_sent && !from->fin_arrived && seq_ge(to->tcb.rcv_nxt, from->fin_end)) {
		from->fin_arrived = true;
		feed(to, RECEIVE_FIN);
	}
}

static void receiver_gets(struct conn *conn, const struct segment *s)
{
	struct peer *from = &conn->peers[s->from], *to = receiver_of(conn, s);
	if (has(s, TCP_RST)) {
		receive_reset(conn, from, to, s);
		return;
	}
	if (has(s, TCP_SYN))
		receive_syn(to, s);
	if (has(s, TCP_ACK))
		receive_ack(conn, from, to, s);
	receive_bytes(from, to, s);
}

/* ---- where in its life ---- */

static bool is_open_state(enum tcp_state state)
{
	return state >= TCP_ESTABLISHED;
}

static enum phase phase_of(const struct conn *conn, const struct segment *s, bool was_opened,
                           bool was_ended)
{
	if (has(s, TCP_RST))
		return PHASE_RESET;
	if (was_ended)
		return PHASE_CLOSED;
	if (conn->any_fin)
		return PHASE_TEARDOWN;
	return was_opened ? PHASE_DATA : PHASE_HANDSHAKE;
}

static void number_handshake(const struct conn *conn, struct segment *s)
{
	bool answers = s->after[s->from].state == TCP_SYN_RECEIVED;
	if (conn->self) {
		s->step = is_bare_syn(s) ? 1 : 2; /* it answers its own SYN */
		return;
	}
	s->step_total = conn->syn_crossed ? 4 : 3;
	if (is_bare_syn(s))
		s->step = conn->syn_crossed ? 2 : 1;
	else if (has(s, TCP_SYN) && conn->syn_crossed)
		s->step = conn->opened ? 4 : 3;
	else if (has(s, TCP_SYN) && answers)
		s->step = 2;
	else if (conn->opened)
		s->step = s->step_total;
	if (!s->step)
		s->step_total = 0;
}

static bool moved(const struct segment *s)
{
	return s->before[CLIENT].state != s->after[CLIENT].state ||
	       s->before[SERVER].state != s->after[SERVER].state;
}

bool lifecycle_over(const struct conn *conn)
{
	for (int i = 0; i < N_SIDES; i++) {
		enum tcp_state state = conn->peers[i].tcb.state;
		if (state != TCP_CLOSED && state != TCP_TIME_WAIT)
			return false;
	}
	return true;
}

void lifecycle_segment(struct conn *conn, struct segment *s, bool arrives)
{
	bool was_opened = conn->opened, was_ended = conn->ended;

	for (int i = 0; i < N_SIDES; i++)
		s->before[i] = conn->peers[i].tcb;
	sender_sends(conn, s);
	if (arrives)
		receiver_gets(conn, s);
	if (conn->self)
		conn->peers[SERVER].tcb = conn->peers[CLIENT].tcb;
	for (int i = 0; i < N_SIDES; i++)
		s->after[i] = conn->peers[i].tcb;

	if (is_open_state(s->after[CLIENT].state) && is_open_state(s->after[SERVER].state))
		conn->opened = true;
	s->phase = phase_of(conn, s, was_opened, was_ended);
	if (s->phase == PHASE_HANDSHAKE)
		number_handshake(conn, s);
	if (s->phase == PHASE_TEARDOWN && moved(s))
		s->step = ++conn->teardown_step;
}
