/* tls_open.c: opens the records of a connection whose secrets a key log has. Which secret is whose
 * turn (RFC 8446 section 7.1), when the keys change, and what to do while the secret is not there:
 * a program may write it down a moment after the record has gone by. */
#include <string.h>

#include "stream/secrets.h"
#include "stream/tls.h"
#include "stream/tls_names.h"

enum {
	FAILURES_MAX = 64, /* in a row: there is no hope then */
	RESYNC = 32,       /* records that a gap may have swallowed */
};

#define PATIENCE_NS (200 * NS_PER_MS)

static struct tls_half *half_of(struct talk *talk, enum side from)
{
	return &((struct tls *)talk_state(talk))->halves[from];
}

bool tls_may_open(struct talk *talk, enum side from)
{
	return talk_secrets(talk) && !half_of(talk, from)->hopeless;
}

/* ---- with one key ---- */

/* Behind a gap nobody knows how many records it has swallowed. */
static long open_with(struct tls_keys *keys, const struct tls_crypto *crypto,
                      const struct tls_half *half, struct cursor body, uint8_t *out)
{
	const struct tls_record *r = &half->record;
	const uint8_t header[TLS_RECORD_HEADER] = {r->type, (uint8_t)(r->version >> 8),
	                                           (uint8_t)r->version, (uint8_t)(r->len >> 8),
	                                           (uint8_t)r->len};
	uint64_t first = keys->sequence, most = half->resync ? RESYNC : 1;
	for (; keys->sequence < first + most; keys->sequence++) {
		long n = tls_keys_open(keys, crypto, header, body, out);
		if (n >= 0)
			return n;
	}
	keys->sequence = first;
	return -1;
}

/* ---- TLS 1.2 ---- */

static bool load_master(struct talk *talk, enum side from)
{
	struct tls *tls = talk_state(talk);
	struct tls_half *half = &tls->halves[from];
	struct tls_master master = {.client_random = tls->random[CLIENT],
	                            .server_random = tls->random[SERVER]};
	if (!secrets_find(talk_secrets(talk), SECRET_MASTER, tls->random[CLIENT], &master.secret))
		return false;
	if (tls_keys_from_master(&half->keys, secrets_crypto(talk_secrets(talk)),
	                         tls_suite_name(tls->suite), &master, from == CLIENT))
		half->keys.sequence = half->n_sealed;
	else
		half->hopeless = true; /* a suite without AEAD */
	return true;
}

static long open_1_2(struct talk *talk, enum side from, struct cursor body, uint8_t *out,
                     bool *missing)
{
	struct tls_half *half = half_of(talk, from);
	if (!half->keys.ready)
		*missing = !load_master(talk, from);
	if (!half->keys.ready)
		return -1;
	return open_with(&half->keys, secrets_crypto(talk_secrets(talk)), half, body, out);
}

/* ---- TLS 1.3 ---- */

static const enum secret_label labels[N_TLS_STAGES][N_SIDES] = {
        [TLS_EARLY] = {SECRET_CLIENT_EARLY, SECRET_CLIENT_EARLY},
        [TLS_HANDSHAKING] = {SECRET_CLIENT_HANDSHAKE, SECRET_SERVER_HANDSHAKE},
        [TLS_TALKING] = {SECRET_CLIENT_TRAFFIC, SECRET_SERVER_TRAFFIC},
};

/* The keys of that stage. False: its secret is not known. */
static bool load_stage(struct talk *talk, enum side from, enum tls_stage stage,
                       struct tls_keys *keys)
{
	const struct tls *tls = talk_state(talk);
	const struct tls_half *half = &tls->halves[from];
	struct secret secret;
	if (stage == half->stage && half->keys.ready) {
		*keys = half->keys;
		return true;
	}
	return secrets_find(talk_secrets(talk), labels[stage][from], tls->random[CLIENT],
	                    &secret) &&
	       tls_keys_from_secret(keys, secrets_crypto(talk_secrets(talk)),
	                            tls_suite_name(tls->suite), &secret);
}

/* The stage at hand, or a later one: what announces it may be missing, and early data may have been
 * refused. */
static long open_1_3(struct talk *talk, enum side from, struct cursor body, uint8_t *out,
                     bool *missing)
{
	const struct tls *tls = talk_state(talk);
	struct tls_half *half = half_of(talk, from);
	for (enum tls_stage stage = half->stage; stage < N_TLS_STAGES; stage++) {
		struct tls_keys keys;
		if (stage == TLS_EARLY && (from != CLIENT || !tls->early_data))
			continue;
		if (!load_stage(talk, from, stage, &keys)) {
			*missing = true;
			continue;
		}
		long n = open_with(&keys, secrets_crypto(talk_secrets(talk)), half, body, out);
		if (n < 0)
			continue;
		half->keys = keys;
		half->stage = stage;
		return n;
	}
	return -1;
}

/* The plaintext's type stands behind it, and zeros may follow: RFC 8446 section 5.2. */
static bool take_type(struct tls_plain *plain)
{
	while (plain->n > 0 && plain->bytes[plain->n - 1] == 0)
		plain->n--;
	if (plain->n == 0)
		return false;
	plain->type = plain->bytes[--plain->n];
	return true;
}

/* ---- both ---- */

static bool try_open(struct talk *talk, enum side from, struct cursor body, struct tls_plain *plain,
                     bool *missing)
{
	const struct tls *tls = talk_state(talk);
	struct tls_half *half = half_of(talk, from);
	bool is_1_3 = tls->version == TLS_1_3;
	if (!tls->has_random[CLIENT] || tls->version == 0)
		return false;
	long n = is_1_3 ? open_1_3(talk, from, body, plain->bytes, missing)
	                : open_1_2(talk, from, body, plain->bytes, missing);
	if (n < 0)
		return false;
	half->resync = false;
	half->n_failures = 0;
	plain->n = (size_t)n;
	plain->type = half->record.type;
	return !is_1_3 || take_type(plain);
}

/* The secret may still come: the program writes it down when it gets to it. */
static bool is_worth_waiting(struct talk *talk, const struct tls_half *half)
{
	return secrets_grow(talk_secrets(talk)) &&
	       (!half->held || talk_time_ns(talk) - half->waits_since_ns < PATIENCE_NS);
}

enum tls_opened tls_open(struct talk *talk, enum side from, struct cursor body, bool last,
                         struct tls_plain *plain)
{
	const struct tls *tls = talk_state(talk);
	struct tls_half *half = half_of(talk, from);
	bool missing = false;
	if (tls->early_data && tls->version == 0 && from == CLIENT && !last)
		return TLS_WAIT; /* early data; the ServerHello says which suite */
	bool opened = try_open(talk, from, body, plain, &missing);
	if (!opened && missing && secrets_look_again(talk_secrets(talk))) {
		missing = false;
		opened = try_open(talk, from, body, plain, &missing);
	}
	if (!opened && missing && !last && is_worth_waiting(talk, half))
		return TLS_WAIT;
	half->n_sealed++;
	if (!opened && ((missing && !half->keys.ready) || ++half->n_failures >= FAILURES_MAX))
		half->hopeless = true;
	return opened ? TLS_OPENED : TLS_SEALED;
}

/* ---- when keys change ---- */

void tls_keys_over(struct tls_half *half)
{
	half->keys.ready = false;
	half->n_sealed = 0;
}

void tls_keys_after(struct talk *talk, enum side from, uint8_t type)
{
	const struct tls *tls = talk_state(talk);
	struct tls_half *half = half_of(talk, from);
	if (tls->version != TLS_1_3)
		return;
	if (type == TLS_KEY_UPDATE && half->keys.ready) {
		(void)tls_keys_update(&half->keys, secrets_crypto(talk_secrets(talk)));
		return; /* what fails shows with the next record */
	}
	bool ends_early = type == TLS_END_OF_EARLY_DATA && half->stage == TLS_EARLY;
	bool ends_handshake = type == TLS_FINISHED && half->stage < TLS_TALKING;
	if (!ends_early && !ends_handshake)
		return;
	half->stage = ends_early ? TLS_HANDSHAKING : TLS_TALKING;
	tls_keys_over(half);
}
