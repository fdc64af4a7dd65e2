/* secrets.h: keys of TLS connections that their programs have written down: a key log in the format
 * of SSLKEYLOGFILE (draft-ietf-tls-keylogfile), a line for each: label, client random, secret.
 * Knows no file: its bytes are brought here, and more of them may come while we trace. Bounded:
 * beyond SECRETS_MAX the oldest makes room. */
#ifndef WIRELAB_STREAM_SECRETS_H
#define WIRELAB_STREAM_SECRETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SECRETS_MAX = 1 << 18, SECRET_SIZE = 48, SECRET_RANDOM = 32 };

enum secret_label {
	SECRET_MASTER, /* CLIENT_RANDOM: the master secret of TLS 1.2 */
	SECRET_CLIENT_EARLY,
	SECRET_CLIENT_HANDSHAKE,
	SECRET_SERVER_HANDSHAKE,
	SECRET_CLIENT_TRAFFIC,
	SECRET_SERVER_TRAFFIC,
	N_SECRET_LABELS
};

struct secret {
	uint8_t len;
	uint8_t bytes[SECRET_SIZE];
};

struct secrets;
struct tls_crypto;

/* Also makes ready what uses them (libcrypto), so that nothing has to be opened later. NULL: no
 * memory, or libcrypto lacks an algorithm. */
struct secrets *secrets_new(void);
void secrets_free(struct secrets *secrets);

/* Some bytes of a key log; a line may be cut anywhere. secrets_end() ends a line without its end.
 * Lines that are none are passed over. */
void secrets_feed(struct secrets *secrets, const char *bytes, size_t n);
void secrets_end(struct secrets *secrets);

/* From now on `more` is asked for what has been added to the key log when a secret is missing: it
 * calls secrets_feed() and says whether there was anything. */
void secrets_on_miss(struct secrets *secrets, bool (*more)(void *arg), void *arg);

/* May more come? */
bool secrets_grow(const struct secrets *secrets);

/* Asks for more. True: there was some. */
bool secrets_look_again(struct secrets *secrets);

/* The secret of the connection with that client random. False: it is not known. */
bool secrets_find(const struct secrets *secrets, enum secret_label label,
                  const uint8_t random[SECRET_RANDOM], struct secret *secret);

/* How many there are. */
size_t secrets_count(const struct secrets *secrets);

struct tls_crypto *secrets_crypto(const struct secrets *secrets);

#endif
