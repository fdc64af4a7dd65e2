/* analysis.c: the conditions under which Wireshark 4.0 labels a segment, in its order, in our own
 * words. They compare a segment with what both senders did before; they are rules of thumb and not
 * RFC 9293 (windows are compared as sent, two duplicate ACKs make a fast retransmission, …).
 *
 * F is the sender of the segment and R the other end. Each rule of the table looks at the same
 * `struct view`; rules_before_ack run first, resend_of() tells the kinds of resent data apart,
 * remember() keeps what later segments are compared with. */
#include "flow/analysis.h"

enum {
	FAST_NS = 20 * (int)NS_PER_MS, /* a fast resend follows its duplicate ACK within */
	LATE_NS = 3 * (int)NS_PER_MS,  /* out of order, not resent, if RTT is not known */
	NO_SYN_FIN_RST = TCP_SYN | TCP_FIN | TCP_RST,
	IN_FLIGHT_MAX = 2000000000,
};

struct view {
	const struct segment *s;
	struct conn *conn;
	struct peer *f, *r;
	struct trail *from, *to;
	uint32_t end;     /* behind the payload; SYN and FIN not counted */
	uint32_t control; /* 1 if SYN or FIN occupies a number */
	bool plain;       /* none of SYN, FIN, RST */
	int64_t now;
	uint64_t frame;
};

/* ---- the rules ---- */

static bool is_zero_window_probe(const struct view *v)
{
	return v->s->len == 1 && v->s->seq_raw == v->from->next && v->to->window_known &&
	       v->to->window == 0;
}

static bool is_zero_window(const struct view *v)
{
	return v->s->window_value == 0 && v->plain;
}

static bool is_lost_segment(const struct view *v)
{
	return v->from->next && seq_gt(v->s->seq_raw, v->from->next) && !(v->s->flags & TCP_RST);
}

static bool is_keep_alive(const struct view *v)
{
	return v->s->len <= 1 && v->s->seq_raw == v->from->next - 1 && v->plain;
}

/* An empty segment that repeats sequence and acknowledgment number of the one before. */
static bool repeats_numbers(const struct view *v)
{
	return v->s->len == 0 && v->s->seq_raw == v->from->next && v->s->ack_raw == v->from->ack &&
	       v->plain;
}

static bool is_window_update(const struct view *v)
{
	return repeats_numbers(v) && v->s->window_value != 0 &&
	       v->s->window_value != v->from->window;
}

static bool repeats_window(const struct view *v)
{
	return repeats_numbers(v) && v->s->window_value != 0 &&
	       v->s->window_value == v->from->window;
}

/* The payload ends exactly at the right edge of the window that R last advertised. */
static bool is_window_full(const struct view *v)
{
	if (v->s->len == 0 || !v->plain || v->r->scale == -1 || !v->to->window_known)
		return false;
	int shift = v->to->syn_pending || v->r->scale < 0 ? 0 : v->r->scale;
	return v->end == v->to->ack + ((uint32_t)v->to->window << shift);
}

static bool is_keep_alive_ack(const struct view *v)
{
	return repeats_window(v) && (v->to->last_flags & A_KEEP_ALIVE);
}

static bool is_zero_window_probe_ack(const struct view *v)
{
	return repeats_numbers(v) && v->s->window_value == 0 && v->from->window == 0 &&
	       (v->to->last_flags & A_ZERO_WINDOW_PROBE);
}

static const struct rule {
	uint32_t flag;
	bool (*holds)(const struct view *v);
	bool last; /* if it holds, the rules below are not tried */
} rules_before_ack[] = {
        {A_ZERO_WINDOW_PROBE, is_zero_window_probe, true},
        {A_ZERO_WINDOW, is_zero_window, false},
        {A_LOST_SEGMENT, is_lost_segment, false},
        {A_KEEP_ALIVE, is_keep_alive, false},
        {A_WINDOW_UPDATE, is_window_update, false},
        {A_WINDOW_FULL, is_window_full, false},
        {A_KEEP_ALIVE_ACK, is_keep_alive_ack, true},
        {A_ZERO_WINDOW_PROBE_ACK, is_zero_window_probe_ack, true},
        {A_DUPLICATE_ACK, repeats_window, true},
        {0, NULL, false},
};

static void apply_rules(const struct view *v, struct analysis *a)
{
	for (const struct rule *rule = rules_before_ack; rule->holds; rule++) {
		if (!rule->holds(v))
			continue;
		a->flags |= rule->flag;
		if (rule->last)
			return;
	}
}

static void count_duplicates(const struct view *v, struct analysis *a)
{
	if (a->flags & A_DUPLICATE_ACK) {
		v->from->n_dups = v->from->n_dups == DUPS_VOID ? 1 : v->from->n_dups + 1;
		a->duplicate_ack_num = v->from->n_dups;
		a->duplicate_ack_frame = v->from->non_dup_frame;
	}
	if (v->s->ack_raw != v->from->ack) {
		v->from->non_dup_frame = v->frame;
		v->from->n_dups = 0;
	}
}

static bool acknowledges_unseen(const struct view *v)
{
	return (v->s->flags & TCP_ACK) && v->to->contig && seq_gt(v->s->ack_raw, v->to->contig);
}

/* R's data that F acknowledges was never seen on the wire. Either R has sent more since the hole,
 * which the acknowledgment now jumps over, or F acknowledges beyond all that R sent; the second is
 * said once only, unless R acknowledges something new in between. */
static void check_unseen(const struct view *v, struct analysis *a)
{
	if (!acknowledges_unseen(v))
		return;
	bool hole = v->to->contig != v->to->next;
	if (hole || v->to->n_dups == 0)
		a->flags |= A_ACK_LOST_SEGMENT;
	if (hole)
		v->to->contig = v->to->next;
	else
		v->to->n_dups = DUPS_VOID;
}

/* ---- data that was there before ---- */

/* Time steps backwards in some captures: the difference wraps and does not overflow. */
static int64_t elapsed(int64_t now, int64_t then)
{
	return (int64_t)((uint64_t)now - (uint64_t)then);
}

/* Wireshark compares times without sign: a clock that went back is never "soon". */
static bool is_within(int64_t now, int64_t then, int64_t limit)
{
	return (uint64_t)elapsed(now, then) < (uint64_t)limit;
}

static bool is_fast(const struct view *v)
{
	return v->to->n_dups >= 2 && v->s->seq_raw == v->to->ack &&
	       is_within(v->now, v->to->ack_ns, FAST_NS);
}

static bool is_out_of_order(const struct view *v)
{
	int64_t limit = v->conn->initial_rtt_ns ? v->conn->initial_rtt_ns : LATE_NS;
	return is_within(v->now, v->from->next_ns, limit) && v->end + v->control != v->from->next;
}

/* How long ago the oldest piece that is still unacknowledged was sent. */
static void find_resend_timeout(const struct view *v, const struct ranges *ranges,
                                struct analysis *a)
{
	struct span span;
	bool known = ranges_span(ranges, v->from, v->f->zero, &span);
	int64_t since = known ? span.oldest.time_ns : v->from->next_ns;
	if (since == v->now)
		return;
	a->rto_ns = elapsed(v->now, since);
	a->rto_frame = known ? span.oldest.frame : v->from->next_frame;
}

/* Retransmission, fast or spurious or plain, or only out of order. */
static void label_resend(const struct view *v, const struct ranges *ranges, struct analysis *a)
{
	if ((v->s->len == 0 && !v->control) || (a->flags & A_KEEP_ALIVE))
		return;
	if (v->s->len && v->to->ack && seq_le(v->end, v->to->ack)) {
		a->flags |= A_SPURIOUS_RETRANSMISSION | A_RETRANSMISSION;
		return;
	}
	bool behind = v->from->next && seq_lt(v->s->seq_raw, v->from->next);
	bool after_probe = v->s->len > 1 && v->s->seq_raw == v->from->next - 1;
	if (!behind || after_probe)
		return;
	if (is_fast(v)) {
		a->flags |= A_FAST_RETRANSMISSION | A_RETRANSMISSION;
	} else if (is_out_of_order(v)) {
		a->flags |= A_OUT_OF_ORDER;
	} else {
		a->flags |= A_RETRANSMISSION;
		find_resend_timeout(v, ranges, a);
	}
}

/* ---- TCP Fast Open, RFC 7413 ---- */

static void label_fast_open(const struct view *v, struct analysis *a)
{
	const struct tcp_options *o = &v->s->options;
	bool syn = v->s->flags & TCP_SYN, ack = v->s->flags & TCP_ACK;
	bool cookie = (o->present & OPT_FAST_OPEN) && o->cookie_len > 0;
	if (syn && !ack && cookie) {
		a->flags |= A_TFO_SYN;
		v->conn->fast_open_data = v->conn->fast_open_data || v->s->len > 0;
	}
	if (syn && ack && v->s->ack > 1)
		a->flags |= A_TFO_ACK;
	else if (syn && ack && v->conn->fast_open_data)
		a->flags |= A_TFO_IGNORED;
}

/* ---- what later segments are compared with ---- */

static void remember_bytes(const struct view *v, struct ranges *ranges, bool probe)
{
	uint32_t end = v->end + v->control;
	if (v->s->len || v->control) {
		struct range piece = {
		        .seq = v->s->seq_raw, .end = end, .frame = v->frame, .time_ns = v->now};
		ranges_add(ranges, v->from, &piece);
	}
	if (probe)
		return;
	if (!v->from->next || seq_gt(end, v->from->next)) {
		v->from->next = end;
		v->from->next_ns = v->now;
		v->from->next_frame = v->frame;
	}
	if (!v->from->contig || v->s->seq_raw == v->from->contig)
		v->from->contig = v->from->next;
}

static void remember_ack(const struct view *v, uint32_t flags)
{
	const struct tcp_options *o = &v->s->options;
	v->from->window = v->s->window_value;
	v->from->window_known = true;
	v->from->ack = v->s->ack_raw;
	v->from->ack_ns = v->now;
	v->from->last_flags = flags;
	if (v->s->flags & (TCP_SYN | TCP_ACK))
		v->from->syn_pending = v->s->flags & TCP_SYN;
	v->from->sacked = 0;
	for (int i = 0; i < o->n_sack; i++)
		v->from->sacked += o->sack_right[i] - o->sack_left[i];
}

/* ---- figures ---- */

static void measure_rtt(const struct view *v, struct ranges *ranges, struct analysis *a)
{
	struct range matched;
	if (!v->s->arrives)
		return; /* nobody learns what it acknowledges */
	ranges_acknowledge(ranges, v->to, v->s->ack_raw, &matched);
	if (!matched.frame)
		return;
	a->acks_frame = matched.frame;
	if (v->now != matched.time_ns)
		a->ack_rtt_ns = elapsed(v->now, matched.time_ns);
}

/* Shown, as in Wireshark, with each segment about which there is something else to say, and with a
 * SYN that comes again. */
static void measure_initial_rtt(const struct view *v, struct analysis *a)
{
	bool syn = v->s->flags & TCP_SYN, ack = v->s->flags & TCP_ACK;
	bool says_more = (syn && !ack) || a->flags || a->acks_frame || a->push_bytes_sent ||
	                 acknowledges_unseen(v);
	if (syn && !ack)
		v->conn->syn_ns = v->now;
	if (!syn && ack && v->conn->syn_ns && !v->conn->initial_rtt_ns)
		v->conn->initial_rtt_ns = elapsed(v->now, v->conn->syn_ns);
	if (v->conn->initial_rtt_ns && says_more)
		a->initial_rtt_ns = v->conn->initial_rtt_ns;
}

static void measure_flight(const struct view *v, const struct ranges *ranges, struct analysis *a)
{
	struct span span;
	if (v->s->len == 0 || v->from->in_flight_void ||
	    !ranges_span(ranges, v->from, v->f->zero, &span))
		return;
	uint32_t flight = span.high - span.low - v->to->sacked;
	if (flight > 0 && flight < IN_FLIGHT_MAX)
		a->bytes_in_flight = flight - v->control;
	bool push = v->s->flags & TCP_PSH;
	v->from->push_sum = v->from->push_seen ? v->s->len : v->from->push_sum + v->s->len;
	v->from->push_seen = push;
	a->push_bytes_sent = v->from->push_sum;
}

void analysis_segment(struct ranges *ranges, struct conn *conn, struct segment *s, int64_t time_ns,
                      uint64_t frame)
{
	struct peer *f = &conn->peers[s->from], *r = &conn->peers[side_other(s->from)];
	struct view v = {
	        .s = s,
	        .conn = conn,
	        .f = f,
	        .r = r,
	        .from = &f->trail,
	        .to = &r->trail,
	        .end = s->seq_raw + s->len,
	        .control = s->flags & (TCP_SYN | TCP_FIN) ? 1 : 0,
	        .plain = !(s->flags & NO_SYN_FIN_RST),
	        .now = time_ns,
	        .frame = frame,
	};
	struct analysis *a = &s->analysis;

	/* A SYN that comes again starts over: a stray RST may have moved `next` somewhere else. */
	if ((s->flags & (TCP_SYN | TCP_ACK)) == TCP_SYN)
		v.from->next = v.from->contig;
	if (s->flags & TCP_ACK)
		v.to->in_flight_void = false;
	apply_rules(&v, a);
	if (a->flags & A_LOST_SEGMENT)
		v.from->in_flight_void = true;
	count_duplicates(&v, a);
	check_unseen(&v, a);
	label_resend(&v, ranges, a);
	remember_bytes(&v, ranges, a->flags & A_ZERO_WINDOW_PROBE);
	remember_ack(&v, a->flags);
	measure_rtt(&v, ranges, a);
	measure_flight(&v, ranges, a);
	measure_initial_rtt(&v, a);
	label_fast_open(&v, a);
}

void analysis_forget(struct ranges *ranges, struct conn *conn)
{
	ranges_clear(ranges, &conn->peers[CLIENT].trail);
	ranges_clear(ranges, &conn->peers[SERVER].trail);
}
