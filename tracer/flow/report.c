/* report.c: a connection's figures, counted segment by segment. Which segments are resends is the
 * word of the diagnosis and of the analysis; here they are only added up. */
#include "flow/conn.h"

/* tcp.completeness as Wireshark counts it: which kinds of segment have been seen. */
static uint8_t completeness_of(const struct segment *s)
{
	enum { SYN = 1, SYN_ACK = 2, ACK = 4, DATA = 8, FIN = 16, RST = 32 };
	uint8_t bits = 0;
	bool ack = s->flags & TCP_ACK;
	if (s->flags & TCP_SYN)
		bits |= ack ? SYN_ACK : SYN;
	else if (ack)
		bits |= s->len ? DATA : ACK;
	if ((s->flags & TCP_FIN) && ack)
		bits |= FIN;
	if (s->flags & TCP_RST)
		bits |= RST;
	return bits;
}

static void note_window(struct direction *d, const struct segment *s)
{
	if (s->flags & (TCP_SYN | TCP_RST))
		return;
	bool first = d->window_max == 0 && d->zero_windows == 0;
	if (first || s->window < d->window_min)
		d->window_min = s->window;
	if (s->window > d->window_max)
		d->window_max = s->window;
	if (s->window == 0)
		d->zero_windows++;
}

static void note_syn(struct direction *d, const struct segment *s)
{
	d->mss = s->options.present & OPT_MSS ? s->options.mss : 0;
	d->sack_permitted = s->options.present & OPT_SACK_PERMITTED;
	d->timestamps = s->options.present & OPT_TIMESTAMPS;
}

static void note_rtt(struct direction *acked, int64_t rtt_ns)
{
	if (rtt_ns < 0)
		return;
	if (acked->rtt_count == 0 || rtt_ns < acked->rtt_min_ns)
		acked->rtt_min_ns = rtt_ns;
	if (rtt_ns > acked->rtt_max_ns)
		acked->rtt_max_ns = rtt_ns;
	if (__builtin_add_overflow(acked->rtt_sum_ns, rtt_ns, &acked->rtt_sum_ns))
		acked->rtt_sum_ns = INT64_MAX; /* a file may say that an ACK took centuries */
	acked->rtt_count++;
}

static void note_diagnoses(struct direction *d, const struct segment *s)
{
	for (unsigned i = 0; i < s->n_diagnoses; i++)
		if (s->diagnoses[i].label == D_WINDOW_FULL)
			d->windows_filled++;
}

/* By its cause where one is known: Wireshark calls a resend that comes soon "out of order". */
static bool is_resend(const struct segment *s)
{
	const uint32_t resends =
	        A_RETRANSMISSION | A_FAST_RETRANSMISSION | A_SPURIOUS_RETRANSMISSION;
	uint16_t cause = s->n_diagnoses > 0 ? s->diagnoses[0].label : DIAGNOSIS_NONE;
	bool known = (cause >= D_RTO && cause <= D_SPURIOUS) || cause == D_RESENT;
	return known || (cause != D_OUT_OF_ORDER && (s->analysis.flags & resends));
}

static void note_resend(struct direction *d, const struct segment *s)
{
	if (s->is_copy)
		return; /* its sender has sent it once */
	if (is_resend(s)) {
		d->retransmitted_segments++;
		d->retransmitted_bytes += s->len;
	} else if (s->analysis.flags & A_OUT_OF_ORDER) {
		d->out_of_order++;
	}
	if (s->analysis.flags & A_DUPLICATE_ACK)
		d->duplicate_acks++;
}

/* It fills a hole with bytes that had not come before. */
static bool comes_late(const struct segment *s)
{
	uint16_t label = s->n_diagnoses > 0 ? s->diagnoses[0].label : DIAGNOSIS_NONE;
	return label == D_OUT_OF_ORDER || label == D_RESENT_OR_LATE;
}

/* Payload bytes that move snd_nxt, or that it has passed over: each counted once. */
static uint32_t new_bytes(const struct segment *s)
{
	if (comes_late(s))
		return s->len;
	const struct tcb *before = &s->before[s->from], *after = &s->after[s->from];
	if (!(before->known & KNOWN_SND))
		return s->len;
	uint32_t moved = after->snd_nxt - before->snd_nxt;
	return moved < s->len ? moved : s->len;
}

void report_count(struct conn *conn, const struct segment *s)
{
	struct direction *d = &conn->peers[s->from].sent;
	if (s->flags & TCP_SYN)
		note_syn(d, s);
	note_window(d, s);
	note_resend(d, s);
	note_diagnoses(d, s);
	note_rtt(&conn->peers[side_other(s->from)].sent, s->analysis.ack_rtt_ns);
	d->segments++;
	d->bytes += s->len;
	d->unique_bytes += new_bytes(s);
	if (s->len)
		d->data_segments++;
	d->window_scale = conn->peers[s->from].scale;
	conn->completeness |= completeness_of(s);
	verdict_count(conn, s);
}

static enum open_kind open_kind(const struct conn *conn)
{
	enum { SYN = 1, SYN_ACK = 2 };
	if (conn->refused)
		return OPEN_REFUSED;
	if (conn->syn_crossed || (conn->self && conn->opened))
		return OPEN_SIMULTANEOUS;
	if (!(conn->completeness & (SYN | SYN_ACK)))
		return OPEN_UNSEEN;
	return conn->opened ? OPEN_HANDSHAKE : OPEN_UNANSWERED;
}

static enum close_kind close_kind(const struct conn *conn)
{
	if (conn->reset)
		return CLOSE_RESET;
	if (conn->self) /* its own FIN comes back to it before the acknowledgment does */
		return conn->any_fin ? CLOSE_SIMULTANEOUS : CLOSE_NONE;
	if (!conn->peers[CLIENT].fin_sent || !conn->peers[SERVER].fin_sent)
		return CLOSE_NONE;
	if (conn->fin_crossed)
		return CLOSE_SIMULTANEOUS;
	return conn->fin_acked_alone ? CLOSE_FOUR_WAY : CLOSE_THREE_WAY;
}

void report_fill(const struct conn *conn, enum connection_action action, struct connection *out)
{
	*out = (struct connection){
	        .stream = conn->stream,
	        .action = action,
	        .roles_guessed = conn->roles_guessed,
	        .ends = {conn->ends[CLIENT], conn->ends[SERVER]},
	        .open = open_kind(conn),
	        .close = close_kind(conn),
	        .first_fin = conn->first_fin,
	        .reset_by = conn->reset_by,
	        .completeness = conn->completeness,
	        .start_ns = conn->start_ns,
	        .end_ns = conn->end_ns,
	};
	verdict_fill(conn, out);
	for (int i = 0; i < N_SIDES; i++) {
		out->states[i] = conn->peers[i].tcb.state;
		out->fin_seen[i] = conn->peers[i].fin_sent;
		out->sent[i] = conn->peers[i].sent;
	}
}
