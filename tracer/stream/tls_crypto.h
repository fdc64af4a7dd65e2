/* tls_crypto.h: what TLS needs of libcrypto, and nothing else of it: keys from secrets, and opening
 * what was sealed with a key. */
#ifndef WIRELAB_STREAM_TLS_CRYPTO_H
#define WIRELAB_STREAM_TLS_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { AEAD_KEY_MAX = 32, AEAD_NONCE = 12, AEAD_TAG_MAX = 16 };

enum aead {
	AEAD_AES_128_GCM,
	AEAD_AES_256_GCM,
	AEAD_CHACHA20,
	AEAD_AES_128_CCM,
	AEAD_AES_256_CCM,
	N_AEADS
};

enum digest { DIGEST_SHA256, DIGEST_SHA384, N_DIGESTS };

/* How a cipher suite protects records. */
struct suite {
	enum aead aead;
	enum digest digest; /* of its key derivation */
	uint8_t key_len;    /* bytes */
	uint8_t tag_len;    /* bytes behind the ciphertext */
};

/* True if the suite of that name ("TLS_AES_128_GCM_SHA256"; NULL: none) is one of these. */
bool suite_of(const char *name, struct suite *suite);

struct secret;
struct tls_crypto;

/* Fetches all algorithms, and reads no configuration. NULL: one is missing, or no memory. */
struct tls_crypto *tls_crypto_new(void);
void tls_crypto_free(struct tls_crypto *crypto);

/* HKDF-Expand-Label without a context (RFC 8446 section 7.1): n bytes from the secret. */
bool tls_expand_label(const struct tls_crypto *crypto, enum digest digest, const uint8_t *secret,
                      size_t secret_len, const char *label, uint8_t *out, size_t n);

/* The PRF of TLS 1.2 (RFC 5246 section 5): n bytes from secret and seed; the label is in the seed.
 */
bool tls_prf(const struct tls_crypto *crypto, enum digest digest, const struct secret *secret,
             const uint8_t *seed, size_t seed_len, uint8_t *out, size_t n);

/* One sealed record. */
struct sealed {
	const uint8_t *key, *nonce; /* of AEAD_NONCE bytes */
	const uint8_t *extra;       /* associated data: authenticated, not encrypted */
	size_t extra_len;
	const uint8_t *bytes; /* ciphertext, the tag behind it */
	size_t n;
};

/* Opens it into `out`, n - tag_len bytes. False: key, nonce or bytes are not right. */
bool tls_open_sealed(const struct tls_crypto *crypto, const struct suite *suite,
                     const struct sealed *sealed, uint8_t *out);

#endif
