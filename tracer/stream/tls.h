/* tls.h: what the files of TLS share: RFC 5246 (1.2), RFC 8446 (1.3). tls.c cuts the stream into
 * records, tls_record.c tells what they carry, tls_open.c opens those whose secrets are
 * known, tls_handshake.c and the files behind it read the handshake messages. */
#ifndef WIRELAB_STREAM_TLS_H
#define WIRELAB_STREAM_TLS_H

#include "stream/protocol.h"
#include "stream/tls_keys.h"

enum {
	TLS_RECORD_HEADER = 5,
	TLS_RECORD_MAX = (1 << 14) + 2048, /* RFC 5246 section 6.2.3 */
	TLS_PLAINTEXT_MAX = 1 << 14,
	TLS_HANDSHAKE_MAX = 1 << 17, /* more than any chain of certificates */
	TLS_RANDOM = 32,
	TLS_SERVER_NAME = 256,
	TLS_KEPT = 24, /* bytes of an encrypted record that are shown */
};

enum tls_version { TLS_1_2 = 0x0303, TLS_1_3 = 0x0304 };

enum tls_content {
	TLS_CHANGE_CIPHER_SPEC = 20,
	TLS_ALERT = 21,
	TLS_HANDSHAKE = 22,
	TLS_APPLICATION_DATA = 23,
	TLS_HEARTBEAT = 24, /* RFC 6520 */
};

enum tls_handshake {
	TLS_HELLO_REQUEST = 0,
	TLS_CLIENT_HELLO = 1,
	TLS_SERVER_HELLO = 2,
	TLS_NEW_SESSION_TICKET = 4,
	TLS_END_OF_EARLY_DATA = 5,
	TLS_ENCRYPTED_EXTENSIONS = 8,
	TLS_CERTIFICATE = 11,
	TLS_CERTIFICATE_REQUEST = 13,
	TLS_FINISHED = 20,
	TLS_KEY_UPDATE = 24,
};

struct tls_record {
	uint8_t type;
	uint16_t version;
	uint32_t len; /* without the header */
};

struct tls_held;

/* Each has secrets of its own in TLS 1.3. */
enum tls_stage { TLS_EARLY, TLS_HANDSHAKING, TLS_TALKING, N_TLS_STAGES };

/* One direction. */
struct tls_half {
	bool encrypted;           /* behind its change_cipher_spec, which only counts before 1.3 */
	bool closed;              /* it has said close_notify */
	bool skipping;            /* `record` is passed over, nobody can read it */
	uint32_t n_records;       /* whole ones */
	uint32_t n_handshakes;    /* encrypted ones since change_cipher_spec */
	struct tls_record record; /* the one at hand */
	struct carriers here;     /* of that record */
	uint32_t got;             /* bytes of it that have come, header included; 0: none */
	uint8_t kept[TLS_KEPT];   /* its first bytes */
	uint8_t n_kept;
	uint8_t *bytes; /* of handshake messages that are not whole yet; owned */
	uint32_t n, size;
	struct carriers carriers; /* of these */
	/* for opening: */
	struct tls_keys keys;
	enum tls_stage stage;
	uint64_t n_sealed;   /* records since the keys changed */
	unsigned n_failures; /* records that did not open, in a row */
	bool resync;         /* records may be missing */
	bool hopeless;       /* its records cannot be opened */
	/* records that wait for their secret, and what came behind them; owned */
	struct tls_held *held, *last_held;
	uint32_t held_bytes;
	int64_t waits_since_ns;
};

/* What is remembered of a connection. */
struct tls {
	struct tls_half halves[N_SIDES];
	uint16_t version; /* agreed on; 0: not known */
	uint16_t suite;
	bool offers_1_3; /* the client */
	bool has_random[N_SIDES];
	uint8_t random[N_SIDES][TLS_RANDOM];
	uint8_t session_id[TLS_RANDOM]; /* the client's */
	uint8_t session_id_len;
	bool early_data;                   /* the client has announced some */
	char server_name[TLS_SERVER_NAME]; /* the client wants; "" none */
	bool has_hello;                    /* a ClientHello waits for its answer: */
	uint64_t hello_frame;
	int64_t hello_ns;
	struct talk *inside; /* what is said in the decrypted records; owned, NULL: nothing yet */
};

/* What a handshake message is read into, and what it may ask. */
struct tls_reading {
	struct tls *tls;
	struct message *m;
	enum side from;
	uint8_t type;    /* of the message */
	int64_t time_ns; /* for the dates of certificates */
};

/* ---- tls_record.c: what a record carries ---- */

/* Tells of one whole record, decrypted or never encrypted. */
void tls_tell(struct talk *talk, enum side from, const struct tls_record *record,
              struct cursor body, bool decrypted);

struct tls_plain;

/* Tells of a record that is encrypted: what an onlooker sees, and (if not NULL) what is in it. */
void tls_tell_sealed(struct talk *talk, enum side from, const struct tls_plain *plain);

/* A record that ends too early, or is none. */
void tls_tell_broken(struct talk *talk, enum side from);
void tls_tell_foreign(struct talk *talk, enum side from, const struct cursor *in);

/* ---- tls_open.c: with a key log ---- */

/* A record's plaintext. */
struct tls_plain {
	uint8_t type; /* of its content */
	size_t n;
	uint8_t bytes[TLS_RECORD_MAX];
};

enum tls_opened {
	TLS_SEALED, /* it cannot be opened */
	TLS_OPENED,
	TLS_WAIT, /* not yet: its secret may still come */
};

/* Is there any hope to open what that end sends? */
bool tls_may_open(struct talk *talk, enum side from);

/* Opens the record at hand, whose body that is. `last`: it is not worth waiting. */
enum tls_opened tls_open(struct talk *talk, enum side from, struct cursor body, bool last,
                         struct tls_plain *plain);

/* Behind change_cipher_spec; behind a handshake message of that type: keys may change. */
void tls_keys_over(struct tls_half *half);
void tls_keys_after(struct talk *talk, enum side from, uint8_t type);

/* Forgets the handshake bytes that wait. */
void tls_forget(struct talk *talk, struct tls_half *half);

/* ---- tls_handshake.c ---- */

/* Reads one message's body into r->m, and notes in r->tls what it agrees on. */
void tls_handshake_read(const struct tls_reading *r, struct cursor body);

/* "client_hello"; "handshake" for a type that is not known. */
const char *tls_handshake_kind(uint8_t type, struct cursor body);
bool tls_handshake_is_known(uint8_t type);

/* ---- the messages; each returns false where lengths contradict each other ---- */
bool tls_read_client_hello(const struct tls_reading *r, struct cursor *c);
bool tls_read_server_hello(const struct tls_reading *r, struct cursor *c);
bool tls_read_encrypted_extensions(const struct tls_reading *r, struct cursor *c);
bool tls_read_certificate(const struct tls_reading *r, struct cursor *c);
bool tls_read_certificate_request(const struct tls_reading *r, struct cursor *c);

/* A ServerHello that is a HelloRetryRequest (RFC 8446 section 4.1.3)? */
bool tls_is_retry(struct cursor server_hello);

/* All extensions up to c's end, with their length in front; absent ones are all right. */
bool tls_read_extensions(const struct tls_reading *r, struct cursor *c);

/* Names of certificate authorities, each with its length in front. */
void tls_add_authorities(struct message *m, struct cursor names);

/* ---- words ---- */

/* A vector: its length in so many bytes, then that much (RFC 8446 section 3.4). */
struct cursor tls_vector(struct cursor *c, unsigned length_bytes);

/* Is there more to read? A vector that has contradicted its lengths has nothing more. */
static inline bool tls_more(const struct cursor *c)
{
	return cursor_ok(c) && cursor_left(c) > 0;
}

void tls_say(struct message *m, const char *words);

/* Adds a field with a number in hexadecimal, or with bytes. */
void tls_add_bytes(struct message *m, const char *name, struct cursor bytes);

/* Words of a list, several to a field of that name, as many as one holds. */
struct tls_list {
	struct message *m;
	const char *name;
	struct text line;
	char storage[MESSAGE_VALUE];
};
void tls_list_begin(struct tls_list *list, struct message *m, const char *name);
void tls_list_add(struct tls_list *list, const char *word, size_t n);
void tls_list_end(struct tls_list *list);

#endif
