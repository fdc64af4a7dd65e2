/* tls_keys.c: the key schedule behind the secrets of a key log, and the nonces. */
#include "stream/tls_keys.h"

#include <string.h>

enum { FIXED_IV = 4, EXPLICIT_NONCE = 8, HEADER = 5, RANDOM = SECRET_RANDOM };

/* Key and IV from the secret that they have. */
static bool expand(struct tls_keys *keys, const struct tls_crypto *crypto)
{
	const struct secret *secret = &keys->secret;
	enum digest digest = keys->suite.digest;
	keys->ready = tls_expand_label(crypto, digest, secret->bytes, secret->len, "key", keys->key,
	                               keys->suite.key_len) &&
	              tls_expand_label(crypto, digest, secret->bytes, secret->len, "iv", keys->iv,
	                               sizeof keys->iv);
	return keys->ready;
}

bool tls_keys_from_secret(struct tls_keys *keys, const struct tls_crypto *crypto, const char *suite,
                          const struct secret *secret)
{
	*keys = (struct tls_keys){.is_1_3 = true, .secret = *secret};
	return suite_of(suite, &keys->suite) && expand(keys, crypto);
}

bool tls_keys_update(struct tls_keys *keys, const struct tls_crypto *crypto)
{
	struct tls_keys next = {.is_1_3 = true, .suite = keys->suite};
	next.secret.len = keys->secret.len;
	if (!tls_expand_label(crypto, keys->suite.digest, keys->secret.bytes, keys->secret.len,
	                      "traffic upd", next.secret.bytes, next.secret.len))
		return false;
	*keys = next;
	return expand(keys, crypto);
}

/* Four bytes, the other eight of the nonce are in each record; but all of it with ChaCha20 (RFC
 * 7905). */
static size_t fixed_iv_len(const struct tls_keys *keys)
{
	return keys->suite.aead == AEAD_CHACHA20 ? AEAD_NONCE : FIXED_IV;
}

/* The key block: client's key, server's key, client's IV, server's IV (AEAD has no MAC keys). */
bool tls_keys_from_master(struct tls_keys *keys, const struct tls_crypto *crypto, const char *suite,
                          const struct tls_master *master, bool of_client)
{
	static const char label[] = "key expansion";
	uint8_t seed[sizeof label - 1 + 2 * RANDOM];
	uint8_t block[2 * AEAD_KEY_MAX + 2 * AEAD_NONCE];
	*keys = (struct tls_keys){0};
	if (!suite_of(suite, &keys->suite))
		return false;
	size_t key = keys->suite.key_len, iv = fixed_iv_len(keys);
	memcpy(seed, label, sizeof label - 1);
	memcpy(seed + sizeof label - 1, master->server_random, RANDOM);
	memcpy(seed + sizeof label - 1 + RANDOM, master->client_random, RANDOM);
	if (!tls_prf(crypto, keys->suite.digest, &master->secret, seed, sizeof seed, block,
	             2 * key + 2 * iv))
		return false;
	memcpy(keys->key, block + (of_client ? 0 : key), key);
	memcpy(keys->iv, block + 2 * key + (of_client ? 0 : iv), iv);
	keys->ready = true;
	return true;
}

/* ---- opening ---- */

static void put_sequence(uint8_t *at, uint64_t sequence)
{
	for (int i = 0; i < 8; i++)
		at[i] = (uint8_t)(sequence >> (56 - 8 * i));
}

/* The IV with the sequence number in its end (RFC 8446 section 5.3, RFC 7905 section 2), or in 1.2
 * with AES the IV's four bytes and eight of the record. */
static void make_nonce(const struct tls_keys *keys, struct cursor *body, uint8_t *nonce)
{
	uint8_t sequence[8];
	memcpy(nonce, keys->iv, AEAD_NONCE);
	if (!keys->is_1_3 && keys->suite.aead != AEAD_CHACHA20) {
		const uint8_t *explicit = cursor_take(body, EXPLICIT_NONCE);
		if (explicit)
			memcpy(nonce + FIXED_IV, explicit, EXPLICIT_NONCE);
		return;
	}
	put_sequence(sequence, keys->sequence);
	for (int i = 0; i < 8; i++)
		nonce[4 + i] ^= sequence[i];
}

/* What is authenticated besides: in 1.3 the header as it is, in 1.2 the sequence number and the
 * header with the plaintext's length. */
static size_t make_extra(const struct tls_keys *keys, const uint8_t *header, size_t plain_len,
                         uint8_t *extra)
{
	if (keys->is_1_3) {
		memcpy(extra, header, HEADER);
		return HEADER;
	}
	put_sequence(extra, keys->sequence);
	memcpy(extra + 8, header, 3);
	extra[11] = (uint8_t)(plain_len >> 8);
	extra[12] = (uint8_t)plain_len;
	return 13;
}

long tls_keys_open(struct tls_keys *keys, const struct tls_crypto *crypto, const uint8_t header[5],
                   struct cursor body, uint8_t *out)
{
	uint8_t nonce[AEAD_NONCE], extra[13];
	make_nonce(keys, &body, nonce);
	size_t n = cursor_left(&body);
	const uint8_t *bytes = cursor_take(&body, n);
	if (!bytes || n < keys->suite.tag_len)
		return -1;
	size_t plain_len = n - keys->suite.tag_len;
	const struct sealed sealed = {.key = keys->key,
	                              .nonce = nonce,
	                              .extra = extra,
	                              .extra_len = make_extra(keys, header, plain_len, extra),
	                              .bytes = bytes,
	                              .n = n};
	if (!tls_open_sealed(crypto, &keys->suite, &sealed, out))
		return -1;
	keys->sequence++;
	return (long)plain_len;
}
