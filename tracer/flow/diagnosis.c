/* diagnosis.c: the rules for all that is neither RST nor sent again: openings and closings, holes,
 * acknowledgments, windows, probes. A segment that is in order and changes nothing passes a few
 * comparisons. What is remembered for later ones is in diagnosis_memory.c. */
#include "flow/diagnosis_look.h"

struct diagnosis *look_add(struct look *look, enum diagnosis_label label)
{
	struct segment *s = look->s;
	bool room = s->n_diagnoses < DIAGNOSES_MAX; /* the rules come by importance */
	struct diagnosis *d = room ? &s->diagnoses[s->n_diagnoses++] : &look->spare;
	*d = (struct diagnosis){.label = (uint16_t)label};
	return d;
}

static bool is_tiny(const struct look *k)
{
	return k->s->len <= 1 && !look_has(k, TCP_SYN | TCP_FIN | TCP_RST) && look_has(k, TCP_ACK);
}

static bool knows(const struct tcb *tcb, uint8_t what)
{
	return (tcb->known & what) == what;
}

/* ---- opening and closing ---- */

static void diagnose_syn(struct look *k)
{
	const struct tcp_options *o = &k->s->options;
	bool ack = look_has(k, TCP_ACK), option = o->present & OPT_FAST_OPEN;
	if (k->conn->syn_crossed && k->s->phase == PHASE_HANDSHAKE)
		look_add(k, D_SIMULTANEOUS_OPEN)->frame = k->r->watch.sent_frame;
	if (!ack && option && o->cookie_len == 0)
		look_add(k, D_FAST_OPEN_REQUEST);
	else if (!ack && option && k->s->len > 0)
		look_add(k, D_FAST_OPEN_DATA)->size = k->s->len;
	if (!ack || !k->conn->fast_open_data)
		return;
	uint32_t taken = k->s->ack - 1;
	look_add(k, taken ? D_FAST_OPEN_ACCEPTED : D_FAST_OPEN_REFUSED)->size = taken;
}

static bool is_open(enum tcp_state state)
{
	return state == TCP_ESTABLISHED || state == TCP_CLOSE_WAIT;
}

static void diagnose_fin(struct look *k)
{
	if (k->conn->fin_crossed && k->r->fin_sent && is_open(k->mine->state))
		look_add(k, D_SIMULTANEOUS_CLOSE)->frame = k->r->watch.sent_frame;
}

/* Flags that no sender combines, a SYN where there is a connection, data behind the own FIN. */
static void diagnose_misfit(struct look *k)
{
	const uint16_t flags = k->s->flags & (TCP_SYN | TCP_FIN | TCP_RST);
	bool odd = (flags & (flags - 1)) || !(k->s->flags & (flags | TCP_ACK)) ||
	           (flags == TCP_FIN && !look_has(k, TCP_ACK));
	bool second_syn = flags == TCP_SYN && k->mine->state >= TCP_ESTABLISHED &&
	                  k->theirs->state >= TCP_ESTABLISHED &&
	                  !(knows(k->mine, KNOWN_ISS) && k->s->seq_raw == k->mine->iss);
	bool behind_fin = k->f->fin_sent && !(flags & TCP_RST) && seq_gt(k->end, k->f->fin_end) &&
	                  k->s->len > 0;
	if (odd || second_syn || behind_fin)
		look_add(k, D_UNFITTING)->n = (uint16_t)k->mine->state;
}

/* ---- probes ---- */

static enum diagnosis_label probe_label(const struct look *k)
{
	const struct tcb *mine = k->mine;
	if (!is_tiny(k) || mine->state < TCP_ESTABLISHED || !knows(mine, KNOWN_SND))
		return DIAGNOSIS_NONE;
	bool closed = knows(mine, KNOWN_WND) && mine->snd_wnd == 0;
	bool last_again = k->s->seq_raw == mine->snd_una - 1;
	bool next_byte = k->s->len == 1 && seq_le(mine->snd_una, k->s->seq_raw) &&
	                 seq_le(k->s->seq_raw, mine->snd_nxt);
	if (closed && (last_again || next_byte))
		return D_ZERO_WINDOW_PROBE;
	if (last_again && mine->snd_una == mine->snd_nxt)
		return D_KEEP_ALIVE;
	return DIAGNOSIS_NONE;
}

static bool diagnose_probe(struct look *k)
{
	enum diagnosis_label label = probe_label(k);
	const struct watch *w = &k->f->watch;
	if (label == DIAGNOSIS_NONE)
		return false;
	bool again = w->probe == label;
	struct diagnosis *d = look_add(k, label);
	d->n = (uint16_t)(again ? w->n_probes + (w->n_probes < UINT16_MAX) : 1);
	d->seq = k->s->seq;
	d->end = k->mine->snd_una - (k->s->seq_raw - k->s->seq);
	d->size = k->s->len;
	d->frame = again ? w->probe_frame : k->r->trail.non_dup_frame;
	if (again)
		d->wait_ns = look_elapsed(w->probe_ns, k->now);
	else if (w->sent_frame)
		d->wait_ns = look_elapsed(w->sent_ns, k->now);
	return true;
}

static bool diagnose_probe_answer(struct look *k)
{
	const struct watch *other = &k->r->watch;
	if (!other->probe || k->s->len > 0 || look_has(k, TCP_SYN | TCP_FIN | TCP_RST) ||
	    k->s->ack_raw != k->theirs->snd_una)
		return false;
	enum diagnosis_label label = other->probe == D_KEEP_ALIVE ? D_KEEP_ALIVE_ACK
	                             : k->s->window > 0           ? D_WINDOW_REOPENED
	                                                          : D_ZERO_WINDOW_PROBE_ACK;
	struct diagnosis *d = look_add(k, label);
	d->size = k->s->window;
	if (label == D_WINDOW_REOPENED && other->probe_answered)
		return true; /* by an earlier segment: this one comes by itself */
	d->frame = other->probe_frame;
	d->wait_ns = look_elapsed(other->probe_ns, k->now);
	d->n = other->n_probes;
	return true;
}

/* ---- acknowledgments: R's data, as F knows it ---- */

static bool is_challenge(const struct look *k)
{
	return k->r->watch.offence_frame && k->s->len == 0 &&
	       !look_has(k, TCP_SYN | TCP_FIN | TCP_RST) && k->mine->state >= TCP_ESTABLISHED;
}

/* RFC 2883: the first block lies below the ACK, or inside the second block. */
static bool is_dsack(const struct segment *s)
{
	const struct tcp_options *o = &s->options;
	if (!(o->present & OPT_SACK) || o->n_sack == 0)
		return false;
	if (seq_le(o->sack_right[0], s->ack_raw))
		return true;
	return o->n_sack > 1 && seq_ge(o->sack_left[0], o->sack_left[1]) &&
	       seq_le(o->sack_right[0], o->sack_right[1]);
}

static void diagnose_dsack(struct look *k)
{
	const struct tcp_options *o = &k->s->options;
	uint32_t zero = k->s->ack_raw - k->s->ack;
	struct diagnosis *d = look_add(k, D_SPURIOUS_SEEN);
	d->seq = o->sack_left[0] - zero;
	d->end = o->sack_right[0] - zero;
	if (k->r->watch.resent_frame && k->r->watch.resent_seq == o->sack_left[0])
		d->frame = k->r->watch.resent_frame;
}

/* The lowest edge of what arrived beyond the acknowledged number, or that number. */
static uint32_t lowest_sacked(const struct segment *s)
{
	const struct tcp_options *o = &s->options;
	uint32_t low = s->ack_raw;
	for (unsigned i = 0; i < o->n_sack && i < TCP_MAX_SACK; i++)
		if (seq_gt(o->sack_left[i], s->ack_raw) &&
		    (low == s->ack_raw || seq_lt(o->sack_left[i], low)))
			low = o->sack_left[i];
	return low;
}

/* RFC 5681 section 2: data is outstanding, the ACK is empty, repeats the highest number, and the
 * window is as it was. RFC 6675: or it tells by SACK of data that arrived beyond. */
static bool is_duplicate_ack(const struct look *k)
{
	const struct tcb *theirs = k->theirs;
	if (k->s->len > 0 || look_has(k, TCP_SYN | TCP_FIN) ||
	    !knows(theirs, KNOWN_SND | KNOWN_WND) || k->s->ack_raw != theirs->snd_una ||
	    theirs->snd_una == theirs->snd_nxt || theirs->state < TCP_ESTABLISHED)
		return false;
	return k->s->window == theirs->snd_wnd || lowest_sacked(k->s) != k->s->ack_raw;
}

static void diagnose_duplicate(struct look *k)
{
	struct diagnosis *d = look_add(k, D_DUPLICATE_ACK);
	uint32_t n = k->f->watch.n_dups + 1;
	d->n = (uint16_t)(n < UINT16_MAX ? n : UINT16_MAX);
	d->seq = k->s->ack;
	d->end = d->seq + (lowest_sacked(k->s) - k->s->ack_raw);
	d->frame = k->f->trail.non_dup_frame;
}

/* Numbers of R that F acknowledges and that were never seen here. */
static void diagnose_unseen(struct look *k)
{
	const struct watch *w = &k->r->watch;
	uint32_t zero = k->s->ack_raw - k->s->ack, seq = 0, end = 0;
	uint64_t frame = 0;
	for (int i = 0; i < WATCH_HOLES && !frame; i++) {
		const struct hole *hole = &w->holes[i];
		if (hole->seq == hole->end || seq_lt(k->s->ack_raw, hole->end))
			continue;
		seq = hole->seq, end = hole->end, frame = hole->frame;
	}
	bool beyond = knows(k->theirs, KNOWN_SND) && seq_gt(k->s->ack_raw, k->theirs->snd_nxt);
	bool told = w->has_unseen && (k->r->sent.segments == 0 || seq_le(k->s->ack_raw, w->unseen));
	if (!frame && beyond && !told)
		seq = w->has_unseen ? w->unseen : k->theirs->snd_nxt, end = k->s->ack_raw;
	if (seq == end)
		return;
	struct diagnosis *d = look_add(k, D_CAPTURE_GAP);
	d->seq = seq - zero;
	d->end = end - zero;
	d->size = end - seq;
	d->frame = frame;
}

static void diagnose_ack(struct look *k)
{
	if (is_dsack(k->s))
		diagnose_dsack(k);
	else if (is_challenge(k))
		look_add(k, D_CHALLENGE_ACK)->frame = k->r->watch.offence_frame;
	else if (diagnose_probe_answer(k))
		return;
	else if (is_duplicate_ack(k))
		diagnose_duplicate(k);
	diagnose_unseen(k);
}

/* ---- windows, compared scaled ---- */

/* Neither end has sent more than its SYN: the window known so far is that of a SYN, which is never
 * scaled, so that a difference is no news. */
static bool just_opened(const struct look *k)
{
	return (k->mine->known & k->theirs->known & KNOWN_ISS) &&
	       k->mine->snd_nxt == k->mine->iss + 1 && k->theirs->snd_nxt == k->theirs->iss + 1;
}

static void diagnose_window(struct look *k)
{
	const struct segment *s = k->s;
	uint32_t before = k->theirs->snd_wnd;
	bool known = knows(k->theirs, KNOWN_WND);
	if (s->window == 0 && !(known && before == 0))
		look_add(k, D_ZERO_WINDOW)->limit = known ? before : 0;
	bool only_window = s->len == 0 && !look_has(k, TCP_FIN) &&
	                   knows(k->theirs, KNOWN_WND | KNOWN_SND) &&
	                   s->ack_raw == k->theirs->snd_una && s->n_diagnoses == 0;
	if (!only_window || s->window <= before || just_opened(k))
		return;
	struct diagnosis *d = look_add(k, before ? D_WINDOW_UPDATE : D_WINDOW_REOPENED);
	d->size = s->window;
	d->limit = before;
}

static void diagnose_window_full(struct look *k)
{
	const struct tcb *mine = k->mine;
	if (!knows(mine, KNOWN_SND | KNOWN_WND) || mine->snd_wnd == 0 ||
	    k->end != mine->snd_una + mine->snd_wnd)
		return;
	struct diagnosis *d = look_add(k, D_WINDOW_FULL);
	d->limit = mine->snd_wnd;
	d->end = k->s->seq + k->s->len;
}

/* ---- what F sends that is new ---- */

static void diagnose_gap(struct look *k)
{
	uint32_t missing = k->s->seq_raw - k->mine->snd_nxt;
	bool acked = k->f->watch.has_unseen && seq_ge(k->f->watch.unseen, k->s->seq_raw);
	if (acked)
		return; /* the ACK was seen first, and told */
	struct diagnosis *d = look_add(k, D_GAP);
	d->size = missing;
	d->seq = k->s->seq - missing;
	d->end = k->s->seq;
	d->frame = k->f->watch.sent_frame;
}

static void diagnose_offload(struct look *k)
{
	uint16_t mss = k->r->sent.mss;
	if (k->f->watch.said_offload || mss == 0 || k->s->len <= mss)
		return;
	struct diagnosis *d = look_add(k, D_OFFLOAD);
	d->size = k->s->len;
	d->limit = mss;
}

/* In a simultaneous open each end sends its SYN once more, with ACK: no resend, but an answer. */
static bool is_crossing(const struct look *k)
{
	return k->conn->syn_crossed && k->s->phase == PHASE_HANDSHAKE && look_has(k, TCP_SYN) &&
	       look_has(k, TCP_ACK);
}

static void diagnose_place(struct look *k)
{
	if (!knows(k->mine, KNOWN_SND) || k->s->seq_raw == k->mine->snd_nxt || is_crossing(k))
		return;
	if (seq_gt(k->s->seq_raw, k->mine->snd_nxt))
		diagnose_gap(k);
	else if (k->end != k->s->seq_raw)
		diagnose_resend(k);
}

void diagnosis_segment(struct ranges *ranges, struct conn *conn, struct segment *s, int64_t time_ns,
                       uint64_t frame)
{
	struct look k = {
	        .s = s,
	        .conn = conn,
	        .ranges = ranges,
	        .f = &conn->peers[s->from],
	        .r = &conn->peers[side_other(s->from)],
	        .mine = &s->before[s->from],
	        .theirs = &s->before[side_other(s->from)],
	        .end = s->seq_raw + s->len + !!(s->flags & TCP_SYN) + !!(s->flags & TCP_FIN),
	        .now = time_ns,
	        .frame = frame,
	};
	s->n_diagnoses = 0;
	diagnose_misfit(&k);
	if (look_has(&k, TCP_RST)) {
		diagnose_reset(&k);
		return;
	}
	if (!diagnose_probe(&k))
		diagnose_place(&k);
	if (look_has(&k, TCP_SYN))
		diagnose_syn(&k);
	else if (look_has(&k, TCP_FIN))
		diagnose_fin(&k);
	if (look_has(&k, TCP_ACK))
		diagnose_ack(&k);
	if (look_has(&k, TCP_SYN))
		return;
	diagnose_window(&k);
	if (s->len > 0) {
		diagnose_window_full(&k);
		diagnose_offload(&k);
	}
}
