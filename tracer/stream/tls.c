/* tls.c: cuts each direction into records (RFC 8446 section 5.1). What is in them is the business
 * of tls_record.c. A record that nobody can read is passed over, so that it need not be kept. */
#include "stream/tls.h"

#include <string.h>

static struct tls_record read_header(struct cursor *c)
{
	struct tls_record record = {.type = cursor_u8(c), .version = cursor_u16(c)};
	record.len = cursor_u16(c);
	return record;
}

static bool is_record(const struct tls_record *r)
{
	enum { SSL_3_0 = 0x0300 };
	return r->type >= TLS_CHANGE_CIPHER_SPEC && r->type <= TLS_HEARTBEAT &&
	       r->version >= SSL_3_0 && r->version <= TLS_1_3 && r->len <= TLS_RECORD_MAX &&
	       (r->len > 0 || r->type == TLS_APPLICATION_DATA);
}

/* Nobody but the ends can read it. Before 1.3 everything behind change_cipher_spec is encrypted;
 * since 1.3 what is encrypted calls itself application data (RFC 8446 section 5.2). */
static bool is_sealed(const struct tls *tls, const struct tls_half *half, const struct cursor *body)
{
	const struct tls_record *r = &half->record;
	if (r->type == TLS_APPLICATION_DATA)
		return true;
	if (half->encrypted && tls->version != TLS_1_3)
		return true;
	if (tls->version != 0 || r->type != TLS_HANDSHAKE)
		return r->type == TLS_ALERT && r->len > 2;
	struct cursor look = *body; /* the beginning was missed: what does it look like? */
	return half->n == 0 && !tls_handshake_is_known(cursor_u8(&look));
}

/* ---- feeding ---- */

/* Nobody will read it: it need not be kept. */
static enum feed skip_record(struct talk *talk, enum side from)
{
	struct tls_half *half = &((struct tls *)talk_state(talk))->halves[from];
	half->skipping = true;
	half->n_kept = 0;
	talk_skip(talk, from, half->record.len);
	return FEED_TOOK;
}

static void keep_first(struct tls_half *half, struct cursor body)
{
	size_t n = cursor_left(&body) < sizeof half->kept ? cursor_left(&body) : sizeof half->kept;
	if (n > 0)
		memcpy(half->kept, cursor_take(&body, n), n);
	half->n_kept = (uint8_t)n;
}

/* An encrypted record, for which there is a key log. False: its secret may still come, unless this
 * is the `last` time that anybody asks. */
static bool tell_sealed(struct talk *talk, enum side from, struct cursor body, bool last)
{
	struct tls_half *half = &((struct tls *)talk_state(talk))->halves[from];
	struct tls_plain plain;
	enum tls_opened opened = tls_open(talk, from, body, last, &plain);
	if (opened == TLS_WAIT)
		return false;
	keep_first(half, body);
	tls_tell_sealed(talk, from, opened == TLS_OPENED ? &plain : NULL);
	if (opened != TLS_OPENED)
		return true;
	half->record.type = plain.type;
	tls_tell(talk, from, &half->record, cursor_of(plain.bytes, plain.n), true);
	return true;
}

/* Tells of the record at hand. False: not yet. */
static bool tell_record(struct talk *talk, enum side from, struct cursor body, bool last)
{
	struct tls *tls = talk_state(talk);
	struct tls_half *half = &tls->halves[from];
	if (!is_sealed(tls, half, &body)) {
		tls_tell(talk, from, &half->record, body, false);
		return true;
	}
	if (tls_may_open(talk, from))
		return tell_sealed(talk, from, body, last);
	keep_first(half, body);
	tls_tell_sealed(talk, from, NULL);
	return true;
}

/* ---- records that wait for their secret ---- */

struct tls_held {
	struct tls_held *next;
	struct tls_record record;
	struct carriers carriers;
	uint8_t bytes[];
};

/* Keeps the record at hand behind those that wait. False: no room. */
static bool hold(struct talk *talk, struct tls_half *half, struct cursor body)
{
	enum { HELD_MAX = 256 * 1024 };
	size_t n = cursor_left(&body);
	if (half->held_bytes + n > HELD_MAX)
		return false;
	struct tls_held *held = talk_memory(talk, NULL, 0, sizeof *held + n);
	if (!held)
		return false;
	*held = (struct tls_held){.record = half->record, .carriers = half->here};
	if (n > 0)
		memcpy(held->bytes, cursor_take(&body, n), n);
	if (!half->held)
		half->waits_since_ns = talk_time_ns(talk);
	*(half->held ? &half->last_held->next : &half->held) = held;
	half->last_held = held;
	half->held_bytes += (uint32_t)n;
	return true;
}

static void drop_first(struct talk *talk, struct tls_half *half)
{
	struct tls_held *first = half->held;
	half->held = first->next;
	half->held_bytes -= first->record.len;
	(void)talk_memory(talk, first, sizeof *first + first->record.len, 0); /* frees it */
}

/* Tells of those whose turn has come; `last`: of all. */
static void let_go(struct talk *talk, enum side from, bool last)
{
	struct tls_half *half = &((struct tls *)talk_state(talk))->halves[from];
	while (half->held) {
		struct tls_held *first = half->held;
		half->record = first->record;
		half->here = first->carriers;
		if (!tell_record(talk, from, cursor_of(first->bytes, first->record.len), last))
			return;
		drop_first(talk, half);
	}
}

/* A whole record. It waits behind those that wait. */
static void take_record(struct talk *talk, enum side from, struct cursor body)
{
	struct tls_half *half = &((struct tls *)talk_state(talk))->halves[from];
	const struct tls_record record = half->record;
	half->n_records++;
	half->got = 0;
	half->here = *talk_carriers(talk, from);
	talk_told(talk, from);
	if (!half->held && tell_record(talk, from, body, false))
		return;
	if (hold(talk, half, body))
		return;
	const struct carriers here = half->here;
	let_go(talk, from, true);
	half->record = record;
	half->here = here;
	(void)tell_record(talk, from, body, true); /* the last time: it is told */
}

static enum feed feed_record(struct talk *talk, enum side from, struct cursor *in)
{
	struct tls *tls = talk_state(talk);
	struct tls_half *half = &tls->halves[from];
	struct cursor body = *in;
	cursor_limit(&body, half->record.len);
	bool whole = cursor_left(in) >= half->record.len;
	bool known = half->record.type == TLS_APPLICATION_DATA || half->encrypted;
	if (known && !half->held && !tls_may_open(talk, from) && is_sealed(tls, half, &body))
		return skip_record(talk, from);
	if (!whole)
		return FEED_MORE;
	take_record(talk, from, cursor_sub(in, half->record.len));
	for (enum side side = CLIENT; side < N_SIDES; side++)
		let_go(talk, side, false);
	return FEED_TOOK;
}

/* All of the record has been passed over. */
static enum feed feed_skipped(struct talk *talk, enum side from)
{
	struct tls_half *half = &((struct tls *)talk_state(talk))->halves[from];
	half->skipping = false;
	half->n_records++;
	half->got = 0;
	half->here = *talk_carriers(talk, from);
	talk_told(talk, from);
	tls_tell_sealed(talk, from, NULL);
	return FEED_TOOK;
}

/* The other end answers in another language: plain HTTP on a port of HTTPS, or the like. */
static enum feed foreign(struct talk *talk, enum side from, struct cursor *in)
{
	const struct tls_half *half = &((struct tls *)talk_state(talk))->halves[from];
	tls_tell_foreign(talk, from, in);
	if (half->n_records > 0)
		return FEED_LOST;
	talk_switch(talk, NULL, NULL);
	return FEED_TOOK;
}

static enum feed tls_feed(struct talk *talk, enum side from, struct cursor *in)
{
	struct tls_half *half = &((struct tls *)talk_state(talk))->halves[from];
	if (half->skipping)
		return feed_skipped(talk, from);
	if (cursor_left(in) == 0)
		return FEED_MORE;
	half->got = (uint32_t)cursor_left(in);
	struct cursor look = *in;
	half->record = read_header(in);
	if (!cursor_ok(in))
		return FEED_MORE;
	if (!is_record(&half->record)) {
		half->got = 0;
		*in = look;
		return foreign(talk, from, in);
	}
	return feed_record(talk, from, in);
}

static void tls_skipped(struct talk *talk, enum side from, const uint8_t *bytes, size_t n)
{
	struct tls_half *half = &((struct tls *)talk_state(talk))->halves[from];
	size_t room = sizeof half->kept - half->n_kept;
	size_t kept = !bytes ? 0 : n < room ? n : room;
	if (kept > 0)
		memcpy(half->kept + half->n_kept, bytes, kept);
	half->n_kept = (uint8_t)(half->n_kept + kept);
}

/* ---- the ends ---- */

static void tls_end(struct talk *talk, enum side from, bool whole)
{
	struct tls *tls = talk_state(talk);
	struct tls_half *half = &tls->halves[from];
	const struct tls_record record = half->record;
	let_go(talk, from, true);
	half->record = record;
	if (half->got > 0 || half->n > 0)
		tls_tell_broken(talk, from);
	half->got = 0;
	half->skipping = false;
	half->resync = true;
	tls_forget(talk, half);
	if (tls->inside)
		talk_inside_end(tls->inside, from, whole || half->closed);
}

static void tls_release(struct talk *talk)
{
	struct tls *tls = talk_state(talk);
	for (enum side side = CLIENT; side < N_SIDES; side++) {
		tls_forget(talk, &tls->halves[side]);
		while (tls->halves[side].held)
			drop_first(talk, &tls->halves[side]);
	}
	talk_inside_free(tls->inside);
}

/* ---- recognising ---- */

/* The first record of a conversation (or of what is left of it): its body as far as it is there. */
static bool is_likely(const struct tls_record *r, struct cursor body)
{
	enum { TAG = 16 };
	bool empty = cursor_left(&body) == 0;
	uint8_t first = cursor_u8(&body);
	switch (r->type) {
	case TLS_HANDSHAKE:
		return r->len >= 4 && (empty || tls_handshake_is_known(first) || r->len > TAG);
	case TLS_CHANGE_CIPHER_SPEC:
		return r->len == 1 && (empty || first == 1);
	case TLS_ALERT:
		return (r->len == 2 && (empty || first == 1 || first == 2)) ||
		       (r->len > TAG && r->len < 64);
	default:
		return r->type == TLS_APPLICATION_DATA && r->len > TAG;
	}
}

static enum recognised tls_recognise(const struct opening *opening)
{
	struct cursor c = opening->said[opening->from];
	struct cursor first = c;
	if (cursor_left(&c) < TLS_RECORD_HEADER) {
		uint8_t type = cursor_u8(&first), major = cursor_u8(&first);
		bool possible = type >= TLS_CHANGE_CIPHER_SPEC && type <= TLS_APPLICATION_DATA &&
		                (major == 3 || cursor_left(&c) < 2);
		return possible ? RECOGNISED_MAYBE : RECOGNISED_NO;
	}
	struct tls_record r = read_header(&c);
	if (!is_record(&r) || !is_likely(&r, c))
		return RECOGNISED_NO;
	cursor_skip(&c, r.len);
	if (!cursor_ok(&c) || cursor_left(&c) < TLS_RECORD_HEADER)
		return RECOGNISED_YES;
	r = read_header(&c); /* the next one must be one, too */
	return is_record(&r) ? RECOGNISED_YES : RECOGNISED_NO;
}

const struct app_protocol app_tls = {
        .name = "tls",
        .state_size = sizeof(struct tls),
        .recognise = tls_recognise,
        .feed = tls_feed,
        .skipped = tls_skipped,
        .release = tls_release,
        .end = tls_end,
};
