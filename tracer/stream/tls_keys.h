/* tls_keys.h: the keys of one direction, and opening its records with them (RFC 8446 sections 5.2,
 * 5.3 and 7.3; RFC 5246 section 6.3, RFC 5288, RFC 7905). Knows no connection. */
#ifndef WIRELAB_STREAM_TLS_KEYS_H
#define WIRELAB_STREAM_TLS_KEYS_H

#include "base/cursor.h"
#include "stream/secrets.h"
#include "stream/tls_crypto.h"

struct tls_keys {
	bool ready;
	bool is_1_3;
	struct suite suite;
	uint8_t key[AEAD_KEY_MAX];
	uint8_t iv[AEAD_NONCE];
	struct secret secret; /* that they were made of, for the next ones (1.3) */
	uint64_t sequence;    /* of the next record */
};

/* Keys of TLS 1.3 from a traffic secret; `suite` is the suite's name, which may be NULL. False: the
 * suite is none that can be opened here. */
bool tls_keys_from_secret(struct tls_keys *keys, const struct tls_crypto *crypto, const char *suite,
                          const struct secret *secret);

/* The next generation after KeyUpdate. */
bool tls_keys_update(struct tls_keys *keys, const struct tls_crypto *crypto);

/* What makes the keys of TLS 1.2. */
struct tls_master {
	struct secret secret;
	const uint8_t *client_random, *server_random; /* 32 bytes each */
};

/* Keys of TLS 1.2 for what the client (or else the server) sends. */
bool tls_keys_from_master(struct tls_keys *keys, const struct tls_crypto *crypto, const char *suite,
                          const struct tls_master *master, bool of_client);

/* Opens the record with this header of five bytes; `out` has room for the body's bytes. Returns the
 * plaintext's length, with the padding and the type of 1.3 still behind it; -1: these are not its
 * keys, or bytes were changed. The sequence number goes on only if it opens. */
long tls_keys_open(struct tls_keys *keys, const struct tls_crypto *crypto, const uint8_t header[5],
                   struct cursor body, uint8_t *out);

#endif
