/* fuzz_tls.c: TLS behind its hellos, where almost everything is encrypted: the secrets are known,
 * and what is said is sealed with them, so that changed bytes reach what is inside. Byte 0 chooses:
 * a certificate in DER (bit 7), or a conversation of a version and suite (2 bits), of which some
 * secrets are missing at first (bit 6: and come later). Then instructions:
 *
 *   0   from the server (bit 0), sealed (bit 1), content type (3 bits), later keys (bit 5), a byte
 * of the record changed (bit 6), the record cut in two segments (bit 7) 1   length; so many bytes
 * of content
 *
 * Claims: each message is sound as an event; no memory is left in the end; a certificate's texts
 * end in their arrays. */
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "stream/messages.h"
#include "stream/secrets.h"
#include "stream/tls_keys.h"
#include "stream/tls_names.h"
#include "stream/x509.h"

enum { MOST_MESSAGES = 300, HEAD = 2, HEADER = 5, RECORD = 512, TAG = 16 };

struct way {
	uint16_t suite;
	bool is_1_3;
};

static const struct way ways[4] = {
        {0x1301, true}, {0x1303, true}, {0xC02F, false}, {0xCCA8, false}};

struct play {
	struct messages *messages;
	struct secrets *secrets;
	const struct way *way;
	struct tls_keys keys[N_SIDES][2]; /* of the handshake (or all of 1.2), of what follows */
	struct endpoint ends[N_SIDES];
	uint32_t next[N_SIDES];
	uint64_t frame;
	unsigned n_messages;
	bool later; /* the secrets have still to come */
};

static void on_message(void *arg, const struct message *m)
{
	static struct event e; /* large */
	struct play *p = arg;
	const char *name, *value;
	size_t at = 0;
	while (message_next(m, &at, &name, &value))
		CLAIM(name[0] != '\0');
	CLAIM(at == m->fields_len);
	e = (struct event){.kind = EVENT_MESSAGE, .number = 1, .frame = m->last_frame};
	e.message = *m;
	if (p->n_messages++ < MOST_MESSAGES)
		fuzz_claim_event(&e);
}

/* ---- secrets: the client's random is all zeros, each secret has one byte all over ---- */

static const struct label {
	const char *name;
	char digit;
} labels[] = {{"CLIENT_RANDOM", '1'},
              {"CLIENT_EARLY_TRAFFIC_SECRET", '2'},
              {"CLIENT_HANDSHAKE_TRAFFIC_SECRET", '3'},
              {"SERVER_HANDSHAKE_TRAFFIC_SECRET", '4'},
              {"CLIENT_TRAFFIC_SECRET_0", '5'},
              {"SERVER_TRAFFIC_SECRET_0", '6'}};

static void write_secrets(struct secrets *secrets)
{
	for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
		char digits[65], secret[97], line[256];
		memset(digits, '0', 64);
		memset(secret, labels[i].digit, 96);
		digits[64] = '\0';
		secret[i == 0 ? 96 : 64] = '\0';
		struct text t = text_of(line, sizeof line);
		text_addf(&t, "%s %s %s\n", labels[i].name, digits, secret);
		secrets_feed(secrets, t.bytes, t.len);
	}
}

static bool more_secrets(void *arg)
{
	struct play *p = arg;
	if (p->later)
		return false;
	write_secrets(p->secrets);
	return true;
}

static struct secret secret_of(char digit, uint8_t len)
{
	struct secret s = {.len = len};
	memset(s.bytes, (digit - '0') * 0x11, len);
	return s;
}

static void make_keys(struct play *p)
{
	static const uint8_t client[32], server[32] = {1};
	const struct tls_crypto *crypto = secrets_crypto(p->secrets);
	const char *suite = tls_suite_name(p->way->suite);
	for (int side = 0; side < N_SIDES; side++)
		for (int stage = 0; stage < 2; stage++) {
			struct tls_master master = {secret_of('1', 48), client, server};
			struct secret s = secret_of((char)('3' + 2 * stage + side), 32);
			struct tls_keys *keys = &p->keys[side][stage];
			CLAIM(p->way->is_1_3 ? tls_keys_from_secret(keys, crypto, suite, &s)
			                     : tls_keys_from_master(keys, crypto, suite, &master,
			                                            side == CLIENT));
		}
}

/* ---- sealing, as libcrypto does it ---- */

static size_t seal(struct tls_keys *keys, const uint8_t *plain, size_t n, const uint8_t *header,
                   uint8_t *out)
{
	bool explicit = !keys->is_1_3 && keys->suite.aead != AEAD_CHACHA20;
	uint8_t nonce[AEAD_NONCE], extra[13] = {0};
	int done, extra_len = keys->is_1_3 ? HEADER : 13;
	size_t at = explicit ? 8 : 0;
	memcpy(nonce, keys->iv, sizeof nonce);
	memset(out, 0, at);
	if (explicit)
		memset(nonce + 4, 0, 8);
	for (int i = 0; i < 8; i++) {
		uint8_t byte = (uint8_t)(keys->sequence >> (56 - 8 * i));
		extra[i] = byte;
		if (!explicit)
			nonce[4 + i] ^= byte;
	}
	memcpy(keys->is_1_3 ? extra : extra + 8, header, keys->is_1_3 ? HEADER : 3);
	if (!keys->is_1_3) {
		extra[11] = (uint8_t)(n >> 8);
		extra[12] = (uint8_t)n;
	}
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	CLAIM(c != NULL);
	CLAIM(EVP_EncryptInit_ex(c,
	                         keys->suite.aead == AEAD_CHACHA20 ? EVP_chacha20_poly1305()
	                                                           : EVP_aes_128_gcm(),
	                         NULL, keys->key, nonce) == 1);
	CLAIM(EVP_EncryptUpdate(c, NULL, &done, extra, extra_len) == 1);
	CLAIM(EVP_EncryptUpdate(c, out + at, &done, plain, (int)n) == 1);
	CLAIM(EVP_EncryptFinal_ex(c, out + at + n, &done) == 1);
	CLAIM(EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, TAG, out + at + n) == 1);
	EVP_CIPHER_CTX_free(c);
	keys->sequence++;
	return at + n + TAG;
}

/* ---- segments ---- */

static void say(struct play *p, enum side from, const uint8_t *bytes, size_t n)
{
	struct segment s = {.from = from,
	                    .src = p->ends[from],
	                    .dst = p->ends[side_other(from)],
	                    .seq_raw = p->next[from],
	                    .ack_raw = p->next[side_other(from)],
	                    .flags = TCP_ACK};
	s.after[from] = (struct tcb){.known = KNOWN_ISS, .iss = 99};
	uint8_t *copy = malloc(n + 1);
	CLAIM(copy != NULL);
	memcpy(copy, bytes, n);
	struct payload payload = {.bytes = copy,
	                          .len = (uint32_t)n,
	                          .wirelen = (uint32_t)n,
	                          .frame = ++p->frame,
	                          .time_ns = (int64_t)p->frame * NS_PER_MS * 20};
	messages_segment(p->messages, &s, &payload);
	p->next[from] += (uint32_t)n;
	free(copy);
}

static void say_record(struct play *p, uint8_t how, const uint8_t *content, size_t n)
{
	enum side from = how & 1 ? SERVER : CLIENT;
	bool sealed = how & 2;
	uint8_t type = (uint8_t)(20 + (how >> 2 & 7) % 5), plain[RECORD], record[RECORD] = {0};
	memcpy(plain, content, n);
	size_t len = n;
	if (sealed && p->way->is_1_3)
		plain[len++] = type;
	record[0] = sealed && p->way->is_1_3 ? 23 : type;
	record[1] = record[2] = 3;
	bool explicit = !p->way->is_1_3 && p->way->suite != 0xCCA8;
	size_t whole = sealed ? len + TAG + (explicit ? 8 : 0) : len;
	record[3] = (uint8_t)(whole >> 8);
	record[4] = (uint8_t)whole;
	if (sealed)
		(void)seal(&p->keys[from][p->way->is_1_3 ? how >> 5 & 1 : 0], plain, len, record,
		           record + HEADER); /* its length is known */
	else
		memcpy(record + HEADER, plain, len);
	if (how & 0x40)
		record[HEADER + whole / 2] ^= 1;
	size_t cut = how & 0x80 ? (HEADER + whole) / 2 : 0;
	if (cut > 0)
		say(p, from, record, cut);
	say(p, from, record + cut, HEADER + whole - cut);
}

static void say_hellos(struct play *p)
{
	uint8_t hello[64] = {22, 3, 3, 0, 47, 1, 0, 0, 43, 3, 3};
	hello[HEADER + 4 + 35 + 1] = 2; /* one suite; all else is zero */
	hello[HEADER + 4 + 35 + 2] = (uint8_t)(p->way->suite >> 8);
	hello[HEADER + 4 + 35 + 3] = (uint8_t)p->way->suite;
	hello[HEADER + 4 + 35 + 4] = 1;
	hello[4] = 4 + 41;
	hello[8] = 41;
	say(p, CLIENT, hello, HEADER + 4 + 41);
	uint8_t answer[64] = {22, 3, 3, 0, 42, 2, 0, 0, 38, 3, 3, 1};
	size_t at = HEADER + 4 + 35;
	answer[at++] = (uint8_t)(p->way->suite >> 8);
	answer[at++] = (uint8_t)p->way->suite;
	at++; /* no compression */
	if (p->way->is_1_3) {
		static const uint8_t version[] = {0, 6, 0, 43, 0, 2, 3, 4};
		memcpy(answer + at, version, sizeof version);
		at += sizeof version;
	}
	answer[4] = (uint8_t)(at - HEADER);
	answer[8] = (uint8_t)(at - HEADER - 4);
	say(p, SERVER, answer, at);
	static const uint8_t change[] = {20, 3, 3, 0, 1, 1};
	say(p, CLIENT, change, sizeof change);
	say(p, SERVER, change, sizeof change);
}

static void certificate(const uint8_t *data, size_t size)
{
	static struct x509 x;
	uint8_t *copy = malloc(size + 1);
	CLAIM(copy != NULL);
	if (size > 0)
		memcpy(copy, data, size);
	(void)x509_read(&x, cursor_of(copy, size)); /* whatever it says */
	CLAIM(memchr(x.subject, '\0', sizeof x.subject) && memchr(x.issuer, '\0', sizeof x.issuer));
	CLAIM(memchr(x.names, '\0', sizeof x.names) && memchr(x.key, '\0', sizeof x.key));
	(void)x509_is_for(&x, "www.example.com"); /* likewise */
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1)
		return 0;
	if (data[0] & 0x80) {
		certificate(data + 1, size - 1);
		return 0;
	}
	struct play p = {.secrets = secrets_new(),
	                 .way = &ways[data[0] & 3],
	                 .next = {100, 100},
	                 .later = data[0] & 0x40};
	CLAIM(p.secrets != NULL);
	struct messages_config config = {
	        .max_talks = 2, .on_message = on_message, .arg = &p, .secrets = p.secrets};
	p.ends[CLIENT] = (struct endpoint){.addr = {4, {10, 0, 0, 1}}, .port = 40000};
	p.ends[SERVER] = (struct endpoint){.addr = {4, {10, 0, 0, 2}}, .port = 443};
	p.messages = messages_new(&config);
	CLAIM(p.messages != NULL);
	if (p.later)
		secrets_on_miss(p.secrets, more_secrets, &p);
	else
		write_secrets(p.secrets);
	make_keys(&p);
	say_hellos(&p);
	for (data++, size--; size >= HEAD;) {
		size_t n = data[1] < size - HEAD ? data[1] : size - HEAD;
		say_record(&p, data[0], data + HEAD, n);
		p.later = p.later && n % 16 != 15;
		data += HEAD + n;
		size -= HEAD + n;
	}
	messages_end(p.messages);
	CLAIM(messages_memory(p.messages) == 0);
	messages_free(p.messages);
	secrets_free(p.secrets);
	return 0;
}
