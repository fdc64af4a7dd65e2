/* diagnosis_reset.c: what made an end send RST. What is certain: its place in the connection, and
 * whether a socket sent it (RST,ACK with SND.NXT: RFC 9293 section 3.10.5) or the kernel on behalf
 * of none (RST alone, with the number that was acknowledged to it: section 3.10.7.1). Whether
 * unread data or SO_LINGER made a program abort is inferred. */
#include "flow/diagnosis_look.h"

/* RFC 9293 section 3.5.3 and RFC 5961: only the exact number ends a connection. */
static bool is_ignored(const struct look *k)
{
	const struct tcb *theirs = k->theirs;
	if (theirs->state == TCP_SYN_SENT)
		return !look_has(k, TCP_ACK) || k->s->ack_raw != theirs->snd_nxt;
	if (!(theirs->known & KNOWN_RCV) || theirs->state < TCP_SYN_RECEIVED)
		return false;
	bool next = (k->mine->known & KNOWN_SND) && k->s->seq_raw == k->mine->snd_nxt;
	return k->s->seq_raw != theirs->rcv_nxt && !next;
}

static void say_ignored(struct look *k)
{
	struct diagnosis *d = look_add(k, D_RST_IGNORED);
	d->seq = k->s->seq;
	d->end = d->seq + (k->theirs->rcv_nxt - k->s->seq_raw);
	if (k->theirs->state == TCP_SYN_SENT)
		d->seq = d->end = 0;
}

/* No ACK, and the number that the other end last acknowledged; or, where that has acknowledged
 * nothing, seq 0 and an ACK of just what came. */
static bool is_without_socket(const struct look *k)
{
	if (!k->r->trail.window_known)
		return false;
	if (look_has(k, TCP_ACK))
		return k->s->seq_raw == 0 && (k->theirs->known & KNOWN_SND) &&
		       k->s->ack_raw == k->theirs->snd_nxt;
	return k->s->seq_raw == k->r->trail.ack;
}

static bool has_closed(enum tcp_state state)
{
	return state == TCP_FIN_WAIT_1 || state == TCP_FIN_WAIT_2 || state == TCP_CLOSING ||
	       state == TCP_LAST_ACK || state == TCP_TIME_WAIT || state == TCP_CLOSED;
}

/* Payload that the sender of the RST had received in all: what was sent to it, as far as it has
 * acknowledged that. The rest may still have been under way. */
static uint64_t received(const struct look *k)
{
	uint64_t sent = k->r->sent.unique_bytes;
	if (!k->r->syn_sent || !k->r->zero_known)
		return sent;
	uint32_t ack = look_has(k, TCP_ACK) ? k->s->ack_raw : k->theirs->snd_una;
	if (k->r->trail.window_known && !look_has(k, TCP_ACK) && seq_gt(k->f->trail.ack, ack))
		ack = k->f->trail.ack;
	bool fin = k->r->fin_sent && seq_ge(ack, k->r->fin_end);
	uint32_t numbers = ack - k->r->zero;
	uint32_t bytes = numbers > 1U + fin ? numbers - 1 - fin : 0;
	return bytes < sent ? bytes : sent;
}

/* Its last window was smaller than its largest: that much lay in the buffer, unread. */
static uint32_t lies_unread(const struct look *k)
{
	uint32_t most = k->f->sent.window_max, last = k->theirs->snd_wnd;
	if (!(k->theirs->known & KNOWN_WND) || most <= last)
		return 0;
	uint32_t less = most - last;
	return less < received(k) ? less : (uint32_t)received(k);
}

/* Probes in a row, up to now, that nothing came back for. */
static uint16_t unanswered(const struct watch *w)
{
	return w->probe_answered ? 0 : w->n_unanswered;
}

/* Nothing answered its probes or its resends for a while. */
static bool has_given_up(const struct look *k)
{
	enum { ENOUGH = 3 };
	const struct watch *w = &k->f->watch;
	return unanswered(w) >= ENOUGH || w->n_timeouts >= ENOUGH;
}

/* It has a FIN behind it, and nothing that uses numbers came after that: what it answers, if it
 * answers anything, lies before. With ACK it is no answer: its program's close() or end sends it.
 */
static bool aborts_after_fin(const struct look *k)
{
	enum tcp_state state = k->mine->state;
	return look_has(k, TCP_ACK) && state != TCP_TIME_WAIT && state != TCP_CLOSED &&
	       k->r->watch.sent_frame < k->f->watch.sent_frame;
}

static enum diagnosis_label cause(const struct look *k)
{
	enum tcp_state mine = k->mine->state, theirs = k->theirs->state;
	if (theirs == TCP_SYN_SENT)
		return D_RST_CLOSED_PORT;
	if (theirs == TCP_SYN_RECEIVED)
		return k->r->syn_sent ? D_RST_UNASKED : DIAGNOSIS_NONE; /* it takes its SYN back */
	if (has_given_up(k))
		return D_RST_GAVE_UP;
	if (has_closed(mine) && !aborts_after_fin(k))
		return D_RST_AFTER_CLOSE;
	if (is_without_socket(k))
		return D_RST_HALF_OPEN;
	if (received(k) == 0 && mine >= TCP_ESTABLISHED && !k->conn->roles_guessed)
		return D_RST_LINGER;
	return lies_unread(k) ? D_RST_UNREAD_DATA : D_RST_ABORT;
}

/* What it answers: a frame, and how much payload that carried. */
static void say_what_came(const struct look *k, struct diagnosis *d)
{
	const struct watch *other = &k->r->watch;
	bool over = k->mine->state == TCP_CLOSED || k->mine->state == TCP_TIME_WAIT;
	d->n = look_has(k, TCP_ACK) && !over;
	if (other->last_was_empty && !d->n)
		d->frame = 0;
	else
		d->size = other->sent_len;
}

void diagnose_reset(struct look *k)
{
	if (k->mine->state == TCP_STATE_UNKNOWN && k->theirs->state == TCP_STATE_UNKNOWN)
		return; /* nothing came before it */
	if (is_ignored(k)) {
		say_ignored(k);
		return;
	}
	enum diagnosis_label label = cause(k);
	if (label == DIAGNOSIS_NONE)
		return;
	struct diagnosis *d = look_add(k, label);
	d->seq = k->s->seq;
	d->end = k->s->ack;
	d->frame = k->r->watch.sent_frame;
	d->size = label == D_RST_UNREAD_DATA ? lies_unread(k) : 0;
	d->limit = (uint32_t)received(k);
	d->n = look_has(k, TCP_ACK);
	if (label == D_RST_AFTER_CLOSE)
		say_what_came(k, d);
	if (label == D_RST_GAVE_UP)
		d->n = k->f->watch.n_probes ? unanswered(&k->f->watch) : k->f->watch.n_timeouts;
}
