/* tls_crypto.c: the only file of the tracer that knows libcrypto (OpenSSL 3). All algorithms are
 * fetched at the start: the process that uses them may not open a file any more. */
#include "stream/tls_crypto.h"

#include <limits.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <stdlib.h>
#include <string.h>

#include "stream/secrets.h"

struct tls_crypto {
	EVP_KDF *hkdf, *prf;
	EVP_CIPHER *ciphers[N_AEADS];
	EVP_CIPHER_CTX *context; /* scratch */
};

static const struct aead_row {
	const char *fetch; /* libcrypto's name */
	const char *name;  /* in the names of suites */
	uint8_t key_len;
	bool is_ccm;
} aeads[N_AEADS] = {
        [AEAD_AES_128_GCM] = {"AES-128-GCM", "_AES_128_GCM", 16, false},
        [AEAD_AES_256_GCM] = {"AES-256-GCM", "_AES_256_GCM", 32, false},
        [AEAD_CHACHA20] = {"ChaCha20-Poly1305", "_CHACHA20_POLY1305", 32, false},
        [AEAD_AES_128_CCM] = {"AES-128-CCM", "_AES_128_CCM", 16, true},
        [AEAD_AES_256_CCM] = {"AES-256-CCM", "_AES_256_CCM", 32, true},
};

static const char *const digests[N_DIGESTS] = {"SHA2-256", "SHA2-384"};

bool suite_of(const char *name, struct suite *suite)
{
	for (unsigned i = 0; name && i < N_AEADS; i++) {
		if (!strstr(name, aeads[i].name))
			continue;
		*suite = (struct suite){.aead = (enum aead)i,
		                        .digest = strstr(name, "SHA384") ? DIGEST_SHA384
		                                                         : DIGEST_SHA256,
		                        .key_len = aeads[i].key_len,
		                        .tag_len = strstr(name, "CCM_8") ? 8 : AEAD_TAG_MAX};
		return true;
	}
	return false;
}

/* ---- beginning and end ---- */

struct tls_crypto *tls_crypto_new(void)
{
	struct tls_crypto *crypto = calloc(1, sizeof *crypto);
	bool whole = crypto && OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) == 1;
	if (whole) {
		crypto->hkdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
		crypto->prf = EVP_KDF_fetch(NULL, "TLS1-PRF", NULL);
		crypto->context = EVP_CIPHER_CTX_new();
		whole = crypto->hkdf && crypto->prf && crypto->context;
	}
	for (unsigned i = 0; i < N_AEADS && whole; i++) {
		crypto->ciphers[i] = EVP_CIPHER_fetch(NULL, aeads[i].fetch, NULL);
		whole = crypto->ciphers[i] != NULL;
	}
	if (whole)
		return crypto;
	tls_crypto_free(crypto);
	return NULL;
}

void tls_crypto_free(struct tls_crypto *crypto)
{
	if (!crypto)
		return;
	EVP_KDF_free(crypto->hkdf);
	EVP_KDF_free(crypto->prf);
	for (unsigned i = 0; i < N_AEADS; i++)
		EVP_CIPHER_free(crypto->ciphers[i]);
	EVP_CIPHER_CTX_free(crypto->context);
	free(crypto);
}

/* ---- keys ---- */

static bool derive(EVP_KDF *kdf, const OSSL_PARAM *params, uint8_t *out, size_t n)
{
	EVP_KDF_CTX *context = EVP_KDF_CTX_new(kdf);
	bool done = context && EVP_KDF_derive(context, out, n, params) > 0;
	EVP_KDF_CTX_free(context);
	return done;
}

/* libcrypto's parameters are not const, though it only reads them. */
static void *unconst(const void *bytes)
{
	union {
		const void *in;
		void *out;
	} same = {.in = bytes};
	return same.out;
}

/* The structure HkdfLabel: length, "tls13 " and the label, an empty context. */
static size_t make_label(uint8_t *info, const char *label, size_t n)
{
	static const char prefix[] = "tls13 ";
	size_t len = strlen(label), at = 0;
	info[at++] = (uint8_t)(n >> 8);
	info[at++] = (uint8_t)n;
	info[at++] = (uint8_t)(sizeof prefix - 1 + len);
	memcpy(info + at, prefix, sizeof prefix - 1);
	at += sizeof prefix - 1;
	memcpy(info + at, label, len);
	at += len;
	info[at++] = 0;
	return at;
}

bool tls_expand_label(const struct tls_crypto *crypto, enum digest digest, const uint8_t *secret,
                      size_t secret_len, const char *label, uint8_t *out, size_t n)
{
	enum { LABEL_MAX = 32 };
	uint8_t info[LABEL_MAX + 16];
	int mode = EVP_KDF_HKDF_MODE_EXPAND_ONLY;
	if (strlen(label) > LABEL_MAX)
		return false;
	size_t info_len = make_label(info, label, n);
	const OSSL_PARAM params[] = {
	        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, unconst(digests[digest]),
	                                         0),
	        OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode),
	        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, unconst(secret), secret_len),
	        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info, info_len),
	        OSSL_PARAM_construct_end(),
	};
	return derive(crypto->hkdf, params, out, n);
}

bool tls_prf(const struct tls_crypto *crypto, enum digest digest, const struct secret *secret,
             const uint8_t *seed, size_t seed_len, uint8_t *out, size_t n)
{
	const OSSL_PARAM params[] = {
	        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, unconst(digests[digest]),
	                                         0),
	        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SECRET, unconst(secret->bytes),
	                                          secret->len),
	        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SEED, unconst(seed), seed_len),
	        OSSL_PARAM_construct_end(),
	};
	return derive(crypto->prf, params, out, n);
}

/* ---- records ---- */

/* Tag and length of the nonce have their place before the key, with CCM at least. */
static bool begin_open(EVP_CIPHER_CTX *context, EVP_CIPHER *cipher, const struct suite *suite,
                       const struct sealed *s)
{
	const uint8_t *tag = s->bytes + (s->n - suite->tag_len);
	return EVP_CIPHER_CTX_reset(context) == 1 &&
	       EVP_DecryptInit_ex2(context, cipher, NULL, NULL, NULL) == 1 &&
	       EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_IVLEN, AEAD_NONCE, NULL) == 1 &&
	       EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, suite->tag_len, unconst(tag)) ==
	               1 &&
	       EVP_DecryptInit_ex2(context, NULL, s->key, s->nonce, NULL) == 1;
}

bool tls_open_sealed(const struct tls_crypto *crypto, const struct suite *suite,
                     const struct sealed *s, uint8_t *out)
{
	EVP_CIPHER_CTX *context = crypto->context;
	uint8_t nothing[1];
	int done, behind = 0;
	if (s->n < suite->tag_len || s->n > INT_MAX || s->extra_len > INT_MAX)
		return false;
	int n = (int)(s->n - suite->tag_len);
	bool is_ccm = aeads[suite->aead].is_ccm;
	if (!begin_open(context, crypto->ciphers[suite->aead], suite, s))
		return false;
	if (is_ccm && EVP_DecryptUpdate(context, NULL, &done, NULL, n) != 1)
		return false;
	if (EVP_DecryptUpdate(context, NULL, &done, s->extra, (int)s->extra_len) != 1)
		return false;
	if ((n > 0 || is_ccm) && EVP_DecryptUpdate(context, out, &done, s->bytes, n) != 1)
		return false;
	return is_ccm || EVP_DecryptFinal_ex(context, nothing, &behind) == 1;
}
