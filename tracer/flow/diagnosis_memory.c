/* diagnosis_memory.c: what the diagnosis keeps of each segment, for later ones to be judged by:
 * holes, duplicate ACKs, the row of timeouts, probes, the round trip. A few numbers for each end.
 */
#include "flow/diagnosis.h"

static const struct diagnosis *find(const struct segment *s, enum diagnosis_label label)
{
	for (unsigned i = 0; i < s->n_diagnoses; i++)
		if (s->diagnoses[i].label == label)
			return &s->diagnoses[i];
	return NULL;
}

static void open_hole(struct watch *w, const struct segment *s, uint32_t size, int64_t now,
                      uint64_t frame)
{
	for (int i = 0; i < WATCH_HOLES; i++) {
		struct hole *hole = &w->holes[i];
		if (hole->seq != hole->end)
			continue;
		*hole = (struct hole){s->seq_raw - size, s->seq_raw, now, frame};
		return;
	}
}

/* Bytes that come after all fill holes from one of their ends; a hole whose middle is filled stays
 * open, since one note of it is enough. */
static void fill_holes(struct watch *w, uint32_t seq, uint32_t end)
{
	for (int i = 0; i < WATCH_HOLES; i++) {
		struct hole *hole = &w->holes[i];
		if (seq_le(seq, hole->seq) && seq_gt(end, hole->seq))
			hole->seq = seq_lt(end, hole->end) ? end : hole->end;
		else if (seq_ge(end, hole->end) && seq_lt(seq, hole->end))
			hole->end = seq_gt(seq, hole->seq) ? seq : hole->seq;
	}
}

static void remember_sent(struct watch *w, const struct segment *s, int64_t now, uint64_t frame)
{
	uint32_t end = s->seq_raw + s->len + !!(s->flags & (TCP_SYN | TCP_FIN));
	const struct diagnosis *gap = s->n_diagnoses ? find(s, D_GAP) : NULL;
	if (gap)
		open_hole(w, s, gap->size, now, frame);
	w->last_was_empty = end == s->seq_raw;
	if (w->last_was_empty)
		return;
	if (!gap && (w->holes[0].seq != w->holes[0].end || w->holes[1].seq != w->holes[1].end))
		fill_holes(w, s->seq_raw, end);
	w->sent_ns = now;
	w->sent_frame = frame;
	w->sent_len = s->len;
}

/* What F acknowledges ends R's recovery and closes R's holes. */
static void remember_acked(struct watch *other, const struct segment *s)
{
	for (int i = 0; i < WATCH_HOLES; i++)
		if (seq_ge(s->ack_raw, other->holes[i].end))
			other->holes[i].seq = other->holes[i].end;
	if (other->recovery && seq_ge(s->ack_raw, other->recover))
		other->recovery = other->n_timeouts = 0;
	else if (other->n_timeouts && seq_gt(s->ack_raw, other->timeout_seq))
		other->n_timeouts = 0;
}

static void remember_ack(struct peer *f, struct peer *r, const struct segment *s, int64_t now,
                         uint64_t frame)
{
	struct watch *w = &f->watch;
	const struct tcb *theirs = &s->before[side_other(s->from)];
	if (s->n_diagnoses && find(s, D_DUPLICATE_ACK)) {
		w->n_dups++;
		w->dup_frame = frame;
		w->dup_ns = now;
	} else if (seq_gt(s->ack_raw, theirs->snd_una)) {
		w->n_dups = 0;
	}
	w->sack_high = s->ack_raw;
	for (unsigned i = 0; i < s->options.n_sack && i < TCP_MAX_SACK; i++)
		if (seq_gt(s->options.sack_right[i], w->sack_high))
			w->sack_high = s->options.sack_right[i];
	if (w->sack_high != s->ack_raw) { /* it may acknowledge new data as well */
		w->dup_frame = frame;
		w->dup_ns = now;
	}
	if ((theirs->known & KNOWN_SND) && seq_gt(s->ack_raw, theirs->snd_nxt) &&
	    (!r->watch.has_unseen || seq_gt(s->ack_raw, r->watch.unseen))) {
		r->watch.unseen = s->ack_raw;
		r->watch.has_unseen = true;
	}
	remember_acked(&r->watch, s);
}

static void begin_recovery(struct watch *w, const struct segment *s, uint16_t label)
{
	const struct tcb *mine = &s->before[s->from];
	if (!w->recovery)
		w->recover = mine->snd_nxt;
	w->recovery = label;
}

/* A piece that was sent again: which recovery it belongs to, and the row of timeouts. */
static void remember_resend(struct watch *w, const struct segment *s, uint64_t frame)
{
	const struct diagnosis *d = &s->diagnoses[0];
	if (d->label < D_RTO || d->label > D_RESENT)
		return;
	w->resent_seq = s->seq_raw;
	w->resent_frame = frame;
	if (d->label == D_RTO || d->label == D_RTO_OR_PROBE) {
		w->timeout_seq = s->seq_raw;
		w->timeout_wait_ns = d->wait_ns;
		w->n_timeouts = d->n;
		begin_recovery(w, s, d->label);
	} else if (d->label == D_FAST || d->label == D_SACK) {
		begin_recovery(w, s, w->recovery == D_RTO ? (uint16_t)D_RTO : d->label);
	}
}

static void remember_probe(struct watch *w, const struct segment *s, int64_t now, uint64_t frame)
{
	uint16_t label = s->n_diagnoses ? s->diagnoses[0].label : 0;
	bool probe = label == D_KEEP_ALIVE || label == D_ZERO_WINDOW_PROBE;
	if (!probe) {
		w->probe = w->n_probes = w->n_unanswered = 0;
		return;
	}
	bool alone = w->probe != label || w->probe_answered;
	w->n_unanswered = alone ? 1 : (uint16_t)(w->n_unanswered + (w->n_unanswered < UINT16_MAX));
	w->probe = label;
	w->n_probes = s->diagnoses[0].n;
	w->probe_ns = now;
	w->probe_frame = frame;
	w->probe_answered = false;
}

/* RFC 6298 section 2; what was sent again is no sample (Karn). */
static void measure(struct watch *other, int64_t rtt_ns)
{
	if (rtt_ns < 0 || other->recovery || other->n_timeouts)
		return;
	if (other->srtt_ns == 0)
		other->srtt_ns = rtt_ns;
	else
		other->srtt_ns += (rtt_ns - other->srtt_ns) / 8;
}

/* RFC 5961: a RST that is not exact, or a SYN in a connection, is answered with an ACK. */
static bool is_offence(const struct segment *s)
{
	return s->n_diagnoses &&
	       (find(s, D_RST_IGNORED) || ((s->flags & TCP_SYN) && find(s, D_UNFITTING)));
}

void diagnosis_remember(struct conn *conn, const struct segment *s, int64_t time_ns, uint64_t frame)
{
	struct peer *f = &conn->peers[s->from], *r = &conn->peers[side_other(s->from)];
	struct watch *w = &f->watch;
	measure(&r->watch, s->analysis.ack_rtt_ns);
	r->watch.offence_frame = 0;
	w->offence_frame = is_offence(s) ? frame : 0;
	if (s->flags & TCP_RST)
		return;
	if ((s->flags & TCP_ACK) && s->arrives)
		remember_ack(f, r, s, time_ns, frame);
	if (s->n_diagnoses && s->arrives)
		r->watch.probe_answered |=
		        find(s, D_ZERO_WINDOW_PROBE_ACK) || find(s, D_KEEP_ALIVE_ACK);
	if (s->n_diagnoses)
		remember_resend(w, s, frame);
	remember_probe(w, s, time_ns, frame);
	if (!w->probe)
		remember_sent(w, s, time_ns, frame);
	if (s->n_diagnoses && find(s, D_OFFLOAD))
		w->said_offload = true;
}
