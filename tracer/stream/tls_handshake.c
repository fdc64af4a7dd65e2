/* tls_handshake.c: the table of all handshake messages (RFC 8446 section 4 and appendix B.3, RFC
 * 5246 section 7.4), and those of them that are short. */
#include <string.h>

#include "base/i18n.h"
#include "stream/tls.h"
#include "stream/tls_names.h"

/* ---- words ---- */

struct cursor tls_vector(struct cursor *c, unsigned length_bytes)
{
	size_t len = 0;
	while (length_bytes-- > 0)
		len = len << 8 | cursor_u8(c);
	return cursor_sub(c, len);
}

void tls_add_bytes(struct message *m, const char *name, struct cursor bytes)
{
	TEXT(hex, 2 * 64 + 1);
	size_t n = cursor_left(&bytes) < 64 ? cursor_left(&bytes) : 64;
	const uint8_t *first = cursor_take(&bytes, n);
	if (!first || n == 0)
		return;
	text_add_hex_bytes(&hex, first, n);
	message_add(m, name, hex.bytes, hex.len);
}

void tls_list_begin(struct tls_list *list, struct message *m, const char *name)
{
	list->m = m;
	list->name = name;
	list->line = text_of(list->storage, sizeof list->storage);
}

void tls_list_end(struct tls_list *list)
{
	if (list->line.len > 0)
		message_add(list->m, list->name, list->line.bytes, list->line.len);
	text_clear(&list->line);
}

void tls_list_add(struct tls_list *list, const char *word, size_t n)
{
	if (list->line.len > 0 && list->line.len + n + 3 > list->line.size)
		tls_list_end(list);
	text_add(&list->line, list->line.len > 0 ? ", " : "");
	text_add_bytes(&list->line, word, n);
}

/* ---- short messages ---- */

static bool read_any(const struct tls_reading *r, struct cursor *c)
{
	(void)r;
	cursor_skip(c, cursor_left(c));
	return true;
}

static bool read_nothing(const struct tls_reading *r, struct cursor *c)
{
	(void)r;
	return cursor_left(c) == 0;
}

static bool read_ticket(const struct tls_reading *r, struct cursor *c)
{
	message_add_uint(r->m, "tls.handshake.session_ticket_lifetime_hint", cursor_u32(c));
	if (r->tls->version == TLS_1_3) { /* RFC 8446 section 4.6.1 */
		cursor_skip(c, 4);        /* age_add */
		(void)tls_vector(c, 1);   /* nonce */
	}
	struct cursor ticket = tls_vector(c, 2);
	message_add_uint(r->m, "tls.handshake.session_ticket_length", cursor_left(&ticket));
	return cursor_ok(c) && tls_read_extensions(r, c);
}

static bool read_signature(const struct tls_reading *r, struct cursor *c)
{
	TEXT(scheme, 40);
	if (r->tls->version >= TLS_1_2) {
		tls_add_signature(&scheme, cursor_u16(c));
		message_add_text(r->m, "tls.handshake.sig_hash_alg", scheme.bytes);
	}
	struct cursor signature = tls_vector(c, 2);
	message_add_uint(r->m, "tls.handshake.sig_len", cursor_left(&signature));
	tls_say(r->m, " ");
	tls_say(r->m, scheme.bytes);
	return cursor_ok(c);
}

/* RFC 8422 section 5.4 if the suite's key exchange says so; what the others sign is left alone. */
static bool read_server_key(const struct tls_reading *r, struct cursor *c)
{
	enum { NAMED_CURVE = 3 };
	const char *suite = tls_suite_name(r->tls->suite);
	TEXT(group, 40);
	if (!suite || strncmp(suite, "TLS_ECDHE", 9) != 0 || strstr(suite, "PSK"))
		return read_any(r, c);
	if (cursor_u8(c) != NAMED_CURVE)
		return false;
	tls_add_group(&group, cursor_u16(c));
	struct cursor key = tls_vector(c, 1);
	message_add_text(r->m, "tls.handshake.server_named_curve", group.bytes);
	message_add_uint(r->m, "tls.handshake.server_point_len", cursor_left(&key));
	tls_say(r->m, " ");
	tls_say(r->m, group.bytes);
	return cursor_ok(c) && read_signature(r, c);
}

static bool read_client_key(const struct tls_reading *r, struct cursor *c)
{
	size_t n = cursor_left(c);
	message_add_uint(r->m, "tls.handshake.client_key_length", n);
	cursor_skip(c, n);
	return n > 0;
}

static bool read_finished(const struct tls_reading *r, struct cursor *c)
{
	size_t n = cursor_left(c);
	tls_add_bytes(r->m, "tls.handshake.verify_data", *c);
	cursor_skip(c, n);
	return n >= 12;
}

static bool read_key_update(const struct tls_reading *r, struct cursor *c)
{
	uint8_t wanted = cursor_u8(c);
	message_add_uint(r->m, "tls.handshake.key_update.request_update", wanted);
	tls_say(r->m, wanted ? ", and wants one in return" : "");
	return cursor_ok(c) && wanted <= 1 && cursor_left(c) == 0;
}

static bool read_status(const struct tls_reading *r, struct cursor *c)
{
	enum { OCSP = 1 };
	bool is_ocsp = cursor_u8(c) == OCSP;
	struct cursor response = tls_vector(c, 3);
	message_add_uint(r->m, "tls.handshake.certificate_status_length", cursor_left(&response));
	tls_say(r->m, is_ocsp ? " (OCSP)" : "");
	return cursor_ok(c);
}

/* RFC 8879 section 4 */
static bool read_compressed(const struct tls_reading *r, struct cursor *c)
{
	static const char *const names[] = {"none", "zlib", "brotli", "zstd"};
	uint16_t algorithm = cursor_u16(c);
	uint32_t len = (uint32_t)cursor_u8(c) << 16;
	len |= cursor_u16(c);
	if (algorithm < sizeof names / sizeof names[0])
		message_add_text(r->m, "tls.handshake.compression", names[algorithm]);
	message_add_uint(r->m, "tls.handshake.uncompressed_length", len);
	(void)tls_vector(c, 3); /* nothing here unpacks it */
	return cursor_ok(c);
}

/* ---- the table ---- */

static const struct handshake {
	const char *kind,
	        *words; /* RFC 8446's names, as its text and as its structures have them */
	bool (*read)(const struct tls_reading *r, struct cursor *c);
} handshakes[] = {
        [TLS_HELLO_REQUEST] = {"hello_request", "HelloRequest", read_nothing},
        [TLS_CLIENT_HELLO] = {"client_hello", "ClientHello", tls_read_client_hello},
        [TLS_SERVER_HELLO] = {"server_hello", "ServerHello", tls_read_server_hello},
        [TLS_NEW_SESSION_TICKET] = {"new_session_ticket", "NewSessionTicket", read_ticket},
        [TLS_END_OF_EARLY_DATA] = {"end_of_early_data", "EndOfEarlyData", read_nothing},
        [TLS_ENCRYPTED_EXTENSIONS] = {"encrypted_extensions", "EncryptedExtensions",
                                      tls_read_encrypted_extensions},
        [TLS_CERTIFICATE] = {"certificate", "Certificate", tls_read_certificate},
        [12] = {"server_key_exchange", "ServerKeyExchange", read_server_key},
        [TLS_CERTIFICATE_REQUEST] = {"certificate_request", "CertificateRequest",
                                     tls_read_certificate_request},
        [14] = {"server_hello_done", "ServerHelloDone", read_nothing},
        [15] = {"certificate_verify", "CertificateVerify", read_signature},
        [16] = {"client_key_exchange", "ClientKeyExchange", read_client_key},
        [TLS_FINISHED] = {"finished", "Finished", read_finished},
        [21] = {"certificate_url", "CertificateURL", read_any},
        [22] = {"certificate_status", "CertificateStatus", read_status},
        [23] = {"supplemental_data", "SupplementalData", read_any},
        [TLS_KEY_UPDATE] = {"key_update", "KeyUpdate", read_key_update},
        [25] = {"compressed_certificate", "CompressedCertificate", read_compressed},
        [67] = {"next_protocol", "NextProtocol", read_any},
        [254] = {"message_hash", "MessageHash", read_any},
};

static const struct handshake *find(uint8_t type)
{
	static const struct handshake unknown = {"handshake", "unknown handshake message",
	                                         read_any};
	return type < sizeof handshakes / sizeof handshakes[0] && handshakes[type].kind
	               ? &handshakes[type]
	               : &unknown;
}

bool tls_handshake_is_known(uint8_t type)
{
	return type < sizeof handshakes / sizeof handshakes[0] && handshakes[type].kind;
}

const char *tls_handshake_kind(uint8_t type, struct cursor body)
{
	if (type == TLS_SERVER_HELLO && tls_is_retry(body))
		return "hello_retry_request";
	return find(type)->kind;
}

void tls_handshake_read(const struct tls_reading *r, struct cursor body)
{
	const struct handshake *handshake = find(r->type);
	bool retry = strcmp(r->m->kind, "hello_retry_request") == 0;
	tls_say(r->m, retry ? "HelloRetryRequest" : handshake->words);
	if (!tls_handshake_is_known(r->type))
		message_trouble(r->m, N_("a handshake message of a type that there is not"));
	if (!handshake->read(r, &body) || !cursor_ok(&body))
		message_trouble(r->m, N_("lengths in it contradict each other"));
	else if (cursor_left(&body) > 0)
		message_trouble(r->m, N_("bytes behind its end"));
}
