/* tls_hello.c: ClientHello and ServerHello, RFC 8446 sections 4.1.2 and 4.1.3 (RFC 5246 section
 * 7.4.1 the same without what came later). */
#include <string.h>

#include "base/i18n.h"
#include "stream/tls.h"
#include "stream/tls_names.h"

#define OLD_VERSION                                                                                \
	N_("a version that must not be used any more: it has to be TLS 1.2 at least (RFC 8996)")

static void add_version(struct message *m, const char *name, uint16_t version)
{
	TEXT(words, 32);
	tls_add_version(&words, version);
	message_add_text(m, name, words.bytes);
}

static void keep_random(const struct tls_reading *r, struct cursor *c)
{
	struct cursor random = cursor_sub(c, TLS_RANDOM);
	tls_add_bytes(r->m, "tls.handshake.random", random);
	const uint8_t *bytes = cursor_take(&random, TLS_RANDOM);
	r->tls->has_random[r->from] = bytes != NULL;
	if (bytes)
		memcpy(r->tls->random[r->from], bytes, TLS_RANDOM);
}

/* What a hello's extensions say is found again in its fields. */
static const char *field(const struct tls_reading *r, const char *name)
{
	return message_field(r->m, name);
}

static void say_field(const struct tls_reading *r, const char *lead, const char *name)
{
	const char *value = field(r, name);
	if (!value)
		return;
	tls_say(r->m, lead);
	tls_say(r->m, value);
}

/* ---- ClientHello ---- */

static void read_suites(const struct tls_reading *r, struct cursor suites)
{
	struct tls_list list;
	unsigned n = 0;
	tls_list_begin(&list, r->m, "tls.handshake.ciphersuite");
	for (; cursor_left(&suites) >= 2; n++) {
		TEXT(name, 64);
		tls_add_suite(&name, cursor_u16(&suites));
		tls_list_add(&list, name.bytes, name.len);
	}
	tls_list_end(&list);
	message_add_uint(r->m, "tls.handshake.cipher_suites_count", n);
}

static void keep_session_id(struct tls *tls, struct cursor id)
{
	size_t n = cursor_left(&id);
	tls->session_id_len = n <= sizeof tls->session_id ? (uint8_t)n : 0;
	const uint8_t *bytes = cursor_take(&id, tls->session_id_len);
	if (bytes && tls->session_id_len > 0)
		memcpy(tls->session_id, bytes, tls->session_id_len);
}

static void sum_up_client(const struct tls_reading *r)
{
	say_field(r, " for ", "tls.handshake.extensions_server_name");
	if (field(r, "tls.handshake.extensions.supported_version"))
		say_field(r, ", ", "tls.handshake.extensions.supported_version");
	else
		say_field(r, ", ", "tls.handshake.version");
	say_field(r, ", ALPN ", "tls.handshake.extensions_alpn_str");
	if (field(r, "tls.handshake.extensions.psk.identities"))
		tls_say(r->m, ", resumes a session");
	if (r->tls->early_data)
		tls_say(r->m, ", early data follows");
}

bool tls_read_client_hello(const struct tls_reading *r, struct cursor *c)
{
	struct tls *tls = r->tls;
	uint16_t version = cursor_u16(c);
	bool again = tls->version != 0;
	tls->offers_1_3 = tls->early_data = false;
	tls->halves[CLIENT].hopeless = tls->halves[SERVER].hopeless = false;
	tls->server_name[0] = '\0';
	add_version(r->m, "tls.handshake.version", version);
	keep_random(r, c);
	struct cursor id = tls_vector(c, 1);
	struct cursor suites = tls_vector(c, 2);
	(void)tls_vector(c, 1); /* compression: there is none any more */
	keep_session_id(tls, id);
	if (!cursor_ok(c))
		return false;
	/* extensions first: they say more */
	bool good = tls_read_extensions(r, c);
	read_suites(r, suites);
	message_add_uint(r->m, "tls.handshake.session_id_length", tls->session_id_len);
	sum_up_client(r);
	if (version < TLS_1_2)
		message_trouble(r->m, OLD_VERSION);
	if (again && tls->version < TLS_1_3)
		message_trouble(r->m, N_("a new handshake inside the connection: renegotiation, "
		                         "which TLS 1.3 has abolished"));
	return good && cursor_left(&suites) % 2 == 0;
}

/* ---- ServerHello ---- */

bool tls_is_retry(struct cursor body)
{
	/* SHA-256 of "HelloRetryRequest" */
	static const uint8_t magic[TLS_RANDOM] = {0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11,
	                                          0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
	                                          0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E,
	                                          0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C};
	cursor_skip(&body, 2);
	const uint8_t *random = cursor_take(&body, TLS_RANDOM);
	return random && memcmp(random, magic, sizeof magic) == 0;
}

/* A server that speaks 1.3 and agrees on less says so at the end of its random (section 4.1.3). */
static bool is_downgrade(const struct tls *tls)
{
	const uint8_t *end = tls->random[SERVER] + TLS_RANDOM - 8;
	return tls->offers_1_3 && tls->version < TLS_1_3 && memcmp(end, "DOWNGRD", 7) == 0;
}

static void sum_up_server(const struct tls_reading *r, bool same_session)
{
	TEXT(words, 160);
	text_add_char(&words, ' ');
	tls_add_version(&words, r->tls->version);
	text_add(&words, ", ");
	tls_add_suite(&words, r->tls->suite);
	message_say(r->m, words.bytes, words.len);
	say_field(r, ", ", "tls.handshake.extensions_key_share_group");
	say_field(r, ", wants a share of ", "tls.handshake.extensions_key_share_selected_group");
	say_field(r, ", ALPN ", "tls.handshake.extensions_alpn_str");
	if (same_session || field(r, "tls.handshake.extensions.psk.identity.selected"))
		tls_say(r->m, ", resumes the session");
}

bool tls_read_server_hello(const struct tls_reading *r, struct cursor *c)
{
	struct tls *tls = r->tls;
	bool retry = tls_is_retry(*c);
	uint16_t version = cursor_u16(c);
	tls->version = version;
	add_version(r->m, "tls.handshake.version", version);
	keep_random(r, c);
	struct cursor id = tls_vector(c, 1);
	size_t id_len = cursor_left(&id);
	const uint8_t *bytes = cursor_take(&id, id_len);
	bool same = id_len > 0 && id_len == tls->session_id_len && bytes &&
	            memcmp(bytes, tls->session_id, id_len) == 0;
	tls->suite = cursor_u16(c);
	cursor_skip(c, 1); /* compression */
	if (!cursor_ok(c))
		return false;
	TEXT(suite, 64);
	tls_add_suite(&suite, tls->suite);
	message_add_text(r->m, "tls.handshake.ciphersuite", suite.bytes);
	message_add_uint(r->m, "tls.handshake.session_id_length", id_len);
	bool good = tls_read_extensions(r, c);
	/* in 1.3 the session's number is only sent back, so that middle boxes are content */
	sum_up_server(r, same && tls->version < TLS_1_3);
	if (tls->version < TLS_1_2)
		message_trouble(r->m, OLD_VERSION);
	if (!retry && is_downgrade(tls))
		message_trouble(r->m, N_("both ends speak TLS 1.3, yet agree on less: somebody in "
		                         "between may have changed the offer"));
	return good;
}
