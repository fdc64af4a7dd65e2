/* pki.c: see pki.h. A table of certificates, and one function that makes one. */
#include "lib/pki.h"

#include <errno.h>
#include <limits.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DAY = 24 * 60 * 60, SERIAL_BYTES = 8 };
enum kind { P256, RSA2048, N_KINDS };
enum who { AUTHORITY, BETWEEN, STRANGER, N_AUTHORITIES, ITSELF = N_AUTHORITIES };

#define ADDRESSES "DNS:localhost,IP:127.0.0.1,IP:::1,IP:10.0.0.2,IP:fd00::2"

/* A certificate with its key. */
struct holder {
	X509 *certificate;
	EVP_PKEY *key;
};

/* The authorities: who signs, and who signed them. */
static const struct authority {
	const char *name;
	enum who signer;
} authorities[N_AUTHORITIES] = {
        [AUTHORITY] = {"wirelab lab authority", ITSELF},
        [BETWEEN] = {"wirelab authority between", AUTHORITY},
        [STRANGER] = {"The authority of the man in the middle", ITSELF},
};

static const struct server {
	const char *file, *name, *names; /* names: for which it is good (RFC 6125) */
	enum who signer;
	int first_day, last_day; /* from now */
	enum kind kind;
} servers[] = {
        {"www.pem", "www.example", "DNS:www.example," ADDRESSES, AUTHORITY, -1, 30, P256},
        {"www-rsa.pem", "www.example", "DNS:www.example," ADDRESSES, AUTHORITY, -1, 30, RSA2048},
        {"expired.pem", "expired.example", "DNS:expired.example", AUTHORITY, -30, -1, P256},
        {"self-signed.pem", "self-signed.example", "DNS:self-signed.example", ITSELF, -1, 30, P256},
        {"wrong-name.pem", "other.example", "DNS:other.example", AUTHORITY, -1, 30, P256},
        {"no-chain.pem", "no-chain.example", "DNS:no-chain.example", BETWEEN, -1, 30, P256},
        {"middle.pem", "www.example", "DNS:www.example," ADDRESSES, STRANGER, -1, 30, P256},
};

/* Most that can fail here is memory, and then libcrypto knows why. */
static _Noreturn void give_up(const char *what)
{
	unsigned long code = ERR_get_error();
	fprintf(stderr, "%s: cannot make certificates: %s: %s\n", program_invocation_short_name,
	        what, code ? ERR_reason_error_string(code) : "no reason given");
	exit(1);
}

static void must(int done, const char *what)
{
	if (done <= 0)
		give_up(what);
}

static EVP_PKEY *new_key(enum kind kind)
{
	EVP_PKEY *key = kind == RSA2048 ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256");
	must(key != NULL, "key");
	return key;
}

/* A number that no other certificate of this authority has. */
static void set_serial(X509 *certificate)
{
	unsigned char bytes[SERIAL_BYTES];
	must(RAND_bytes(bytes, sizeof bytes), "random numbers");
	bytes[0] = (bytes[0] & 0x7F) | 0x40; /* above 0, and always as long */
	BIGNUM *number = BN_bin2bn(bytes, sizeof bytes, NULL);
	must(number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != NULL,
	     "serial number");
	BN_free(number);
}

static void add_extension(X509 *certificate, X509V3_CTX *context, int kind, const char *value)
{
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, context, kind, value);
	must(extension && X509_add_ext(certificate, extension, -1), value);
	X509_EXTENSION_free(extension);
}

/* What it is, for whom, and until when; not yet who says so. */
static X509 *new_certificate(const char *name, EVP_PKEY *key, int first_day, int last_day)
{
	X509 *certificate = X509_new();
	must(certificate && X509_set_version(certificate, X509_VERSION_3), "certificate");
	set_serial(certificate);
	must(X509_gmtime_adj(X509_getm_notBefore(certificate), (long)first_day * DAY) != NULL &&
	             X509_gmtime_adj(X509_getm_notAfter(certificate), (long)last_day * DAY) != NULL,
	     "dates");
	X509_NAME *subject = X509_get_subject_name(certificate);
	must(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *)name,
	                                -1, -1, 0),
	     name);
	must(X509_set_pubkey(certificate, key), "key");
	return certificate;
}

/* Puts in what a client asks, and the signature. names: NULL for an authority. */
static void sign(struct holder *holder, const struct holder *signer, const char *names)
{
	X509 *certificate = holder->certificate;
	X509V3_CTX context;
	must(X509_set_issuer_name(certificate, X509_get_subject_name(signer->certificate)),
	     "issuer");
	X509V3_set_ctx(&context, signer->certificate, certificate, NULL, NULL, 0);
	add_extension(certificate, &context, NID_basic_constraints,
	              names ? "critical,CA:FALSE" : "critical,CA:TRUE");
	add_extension(certificate, &context, NID_key_usage,
	              names ? "critical,digitalSignature,keyEncipherment"
	                    : "critical,keyCertSign,cRLSign");
	add_extension(certificate, &context, NID_subject_key_identifier, "hash");
	add_extension(certificate, &context, NID_authority_key_identifier, "keyid");
	if (names) {
		add_extension(certificate, &context, NID_ext_key_usage, "serverAuth");
		add_extension(certificate, &context, NID_subject_alt_name, names);
	}
	must(X509_sign(certificate, signer->key, EVP_sha256()), "signature");
}

static void write_file(const char *folder, const char *name, const struct holder *holder,
                       bool with_key)
{
	char path[PATH_MAX];
	int n = snprintf(path, sizeof path, "%s/%s", folder, name);
	errno = ENAMETOOLONG;
	FILE *file = n > 0 && (size_t)n < sizeof path ? fopen(path, "wex") : NULL;
	if (!file && errno == EEXIST && unlink(path) == 0) /* an old one */
		file = fopen(path, "wex");
	if (!file || !PEM_write_X509(file, holder->certificate) ||
	    (with_key && !PEM_write_PrivateKey(file, holder->key, NULL, NULL, 0, NULL, NULL)) ||
	    fclose(file) != 0) {
		perror(path);
		exit(1);
	}
}

static void make_authorities(struct holder *who)
{
	for (int i = 0; i < N_AUTHORITIES; i++) {
		who[i].key = new_key(P256);
		who[i].certificate = new_certificate(authorities[i].name, who[i].key, -90, 90);
		enum who signer = authorities[i].signer;
		sign(&who[i], signer == ITSELF ? &who[i] : &who[signer], NULL);
	}
}

static void make_server(const char *folder, const struct server *server, const struct holder *who,
                        EVP_PKEY *key)
{
	struct holder made = {.key = key};
	made.certificate = new_certificate(server->name, key, server->first_day, server->last_day);
	sign(&made, server->signer == ITSELF ? &made : &who[server->signer], server->names);
	write_file(folder, server->file, &made, true);
	X509_free(made.certificate);
}

void pki_make(const char *folder)
{
	struct holder who[N_AUTHORITIES];
	EVP_PKEY *keys[N_KINDS] = {new_key(P256), new_key(RSA2048)}; /* RSA takes its time: one */
	mode_t before = umask(077);
	if (mkdir(folder, 0700) < 0 && errno != EEXIST) {
		perror(folder);
		exit(1);
	}
	make_authorities(who);
	write_file(folder, "ca.pem", &who[AUTHORITY], false);
	for (size_t i = 0; i < sizeof servers / sizeof *servers; i++)
		make_server(folder, &servers[i], who, keys[servers[i].kind]);
	for (int i = 0; i < N_KINDS; i++)
		EVP_PKEY_free(keys[i]);
	for (int i = 0; i < N_AUTHORITIES; i++) {
		X509_free(who[i].certificate);
		EVP_PKEY_free(who[i].key);
	}
	(void)umask(before); /* it cannot fail */
}
