/* diagnosis_resend.c: numbers below SND.NXT. Were they seen before? Then they were sent again, and
 * what came back in the meantime, or how long nothing did, tells why: RFC 5681 (fast retransmit),
 * RFC 6298 (timeout), RFC 6582 (partial ACKs), RFC 6675 (SACK), RFC 8985 (tail loss probe). If not,
 * they come late, or again after a loss in front of the capture point. */
#include "flow/diagnosis_look.h"

/* Linux never lets the timer run out sooner; others use up to a second (RFC 6298). */
#define RTO_MIN_NS (200 * NS_PER_MS)
/* Two copies that are closer were not sent by a sender that waited for anything. */
#define TWICE_NS (NS_PER_MS / 2)
/* Without a measured round trip, what comes so soon was overtaken (as Wireshark has it). */
#define LATE_NS (3 * NS_PER_MS)

struct resend {
	struct look *look;
	struct sent_before before;
	int64_t wait_ns; /* since the last copy */
	int64_t rtt_ns;  /* 0: unknown */
	bool oldest;     /* it begins with the oldest number that is not acknowledged */
	bool newest;     /* it ends with the newest */
	uint32_t n_dups; /* of the oldest number */
	bool sacked;     /* the other end has reported something beyond it */
	bool fresh;      /* the last duplicate ACK came so recently that this may answer it */
};

static struct diagnosis *say(const struct resend *e, enum diagnosis_label label)
{
	struct look *k = e->look;
	struct diagnosis *d = look_add(k, label);
	d->seq = k->s->seq;
	d->end = k->s->seq + (k->end - k->s->seq_raw);
	d->size = k->s->len;
	if (e->before.copies > 0) {
		d->since_frame = e->before.latest.frame;
		d->wait_ns = e->wait_ns;
	}
	return d;
}

/* A closed window held it back; only its first byte was used for a probe. */
static bool is_probed(const struct resend *e)
{
	const struct watch *w = &e->look->f->watch;
	return e->before.copies > 0 && w->probe_frame == e->before.latest.frame &&
	       e->look->s->len > 1;
}

/* ---- already acknowledged ---- */

static bool is_acked(const struct look *k)
{
	return seq_le(k->end, k->mine->snd_una);
}

static void say_spurious(const struct resend *e)
{
	struct look *k = e->look;
	struct diagnosis *d = say(e, D_SPURIOUS);
	d->limit = k->mine->snd_una - (k->s->seq_raw - k->s->seq);
	d->frame = k->r->trail.non_dup_frame;
}

/* ---- never seen before ---- */

static const struct hole *hole_of(const struct look *k)
{
	for (int i = 0; i < WATCH_HOLES; i++) {
		const struct hole *hole = &k->f->watch.holes[i];
		if (seq_ge(k->s->seq_raw, hole->seq) && seq_lt(k->s->seq_raw, hole->end))
			return hole;
	}
	return NULL;
}

/* Sooner than a round trip after the hole showed, nobody can have asked for it. */
static void say_unseen(const struct resend *e)
{
	struct look *k = e->look;
	const struct hole *hole = hole_of(k);
	int64_t since = hole ? hole->time_ns : k->f->trail.next_ns;
	int64_t late = look_elapsed(since, k->now), limit = e->rtt_ns ? e->rtt_ns : LATE_NS;
	bool overtaken = late < limit && k->r->watch.n_dups < 3;
	struct diagnosis *d = say(e, overtaken ? D_OUT_OF_ORDER : D_RESENT_OR_LATE);
	d->wait_ns = late;
	d->limit_ns = e->rtt_ns;
	d->frame = hole ? hole->frame : k->f->trail.next_frame;
	d->n = (uint16_t)(k->r->watch.n_dups < UINT16_MAX ? k->r->watch.n_dups : UINT16_MAX);
}

/* ---- seen before ---- */

static bool is_double(const struct resend *e)
{
	int64_t limit = e->rtt_ns && e->rtt_ns / 2 < TWICE_NS ? e->rtt_ns / 2 : TWICE_NS;
	return e->wait_ns < limit && e->n_dups == 0 && !e->sacked;
}

static void say_fast(const struct resend *e, enum diagnosis_label label)
{
	struct look *k = e->look;
	struct diagnosis *d = say(e, label);
	d->frame = k->r->watch.dup_frame;
	d->n = (uint16_t)(e->n_dups < UINT16_MAX ? e->n_dups : UINT16_MAX);
	d->limit_ns = k->r->watch.dup_frame ? look_elapsed(k->r->watch.dup_ns, k->now) : 0;
	d->limit = k->r->watch.sack_high - (k->s->seq_raw - k->s->seq);
}

/* The timer ran out. Linux sends a probe first when the loss may be at the tail; if one segment is
 * all that flies, probe and timeout look the same, until the next wait doubles or does not. */
static void say_timeout(const struct resend *e)
{
	struct look *k = e->look;
	const struct watch *w = &k->f->watch;
	bool again = w->n_timeouts > 0 && w->timeout_seq == k->s->seq_raw;
	bool was_probe = again && w->recovery == D_RTO_OR_PROBE &&
	                 e->wait_ns < w->timeout_wait_ns + w->timeout_wait_ns / 2;
	bool handshake = k->s->flags & TCP_SYN;
	bool doubtful = !again && e->oldest && e->newest && !handshake;
	struct diagnosis *d = say(e, doubtful ? D_RTO_OR_PROBE : D_RTO);
	d->n = (uint16_t)(again && !was_probe ? w->n_timeouts + 1 : 1);
	d->limit_ns = again ? w->timeout_wait_ns : k->f->watch.srtt_ns;
	d->frame = again ? w->resent_frame : 0;
}

static void say_partial(const struct resend *e)
{
	say(e, D_PARTIAL_ACK)->frame = e->look->r->trail.non_dup_frame;
}

/* In a recovery that has begun: what the next pieces are sent for. False: it is none of it. */
static bool say_in_recovery(const struct resend *e)
{
	const struct look *k = e->look;
	const struct watch *w = &k->f->watch;
	if (!w->recovery || seq_ge(k->s->seq_raw, w->recover))
		return false;
	bool first_again = e->before.copies == 1;
	if (w->recovery == D_RTO || w->recovery == D_RTO_OR_PROBE) {
		if (!first_again || k->s->seq_raw == w->timeout_seq)
			return false;
		say(e, D_AFTER_RTO)->frame = w->resent_frame;
		return true;
	}
	if (e->sacked && first_again) {
		say_fast(e, D_SACK);
		return true;
	}
	if (!e->oldest || e->n_dups > 0 || !first_again)
		return false;
	say_partial(e);
	return true;
}

/* The last piece, once again and unasked (RFC 8985 section 7): with others before it still under
 * way, whenever it comes; as the only one, before the timer would have run out. */
static bool is_tail_loss_probe(const struct resend *e)
{
	int64_t srtt_ns = e->look->f->watch.srtt_ns;
	if (!e->newest || e->n_dups > 0 || e->before.copies != 1)
		return false;
	return !e->oldest || (e->wait_ns < RTO_MIN_NS && srtt_ns > 0 && e->wait_ns > srtt_ns);
}

static void say_cause(const struct resend *e)
{
	const struct look *k = e->look;
	bool syn = k->s->flags & TCP_SYN, ack = k->s->flags & TCP_ACK;
	if (syn && ack && k->r->watch.sent_ns > e->before.latest.time_ns) {
		say(e, D_ANSWER_AGAIN)->frame = k->r->watch.sent_frame;
		return;
	}
	if (is_double(e))
		say(e, D_TWICE);
	else if (say_in_recovery(e))
		return;
	else if (e->oldest && e->n_dups >= 3 && e->fresh)
		say_fast(e, D_FAST);
	else if (e->sacked && e->fresh)
		say_fast(e, D_SACK);
	else if (is_tail_loss_probe(e))
		say(e, D_TAIL_LOSS_PROBE)->limit_ns = k->f->watch.srtt_ns;
	else if (e->wait_ns >= RTO_MIN_NS)
		say_timeout(e);
	else
		say(e, D_RESENT)->n = (uint16_t)(e->n_dups < UINT16_MAX ? e->n_dups : UINT16_MAX);
}

void diagnose_resend(struct look *k)
{
	const struct watch *other = &k->r->watch;
	struct resend e = {
	        .look = k,
	        .rtt_ns = look_rtt(k),
	        .oldest = k->s->seq_raw == k->mine->snd_una,
	        .newest = k->end == k->mine->snd_nxt,
	        .n_dups = other->n_dups,
	        .sacked = other->dup_frame && seq_gt(other->sack_high, k->end),
	};
	int64_t answer_ns = 2 * (e.rtt_ns > 25 * NS_PER_MS ? e.rtt_ns : 25 * NS_PER_MS);
	e.fresh = other->dup_frame && look_elapsed(other->dup_ns, k->now) < answer_ns;
	ranges_find(k->ranges, &k->f->trail, k->s->seq_raw, &e.before);
	e.wait_ns = look_elapsed(e.before.latest.time_ns, k->now);
	if (is_probed(&e))
		return;
	if (is_acked(k))
		say_spurious(&e);
	else if (e.before.copies == 0)
		say_unseen(&e);
	else
		say_cause(&e);
}
