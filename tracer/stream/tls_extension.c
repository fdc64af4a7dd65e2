/* tls_extension.c: extensions of the hellos and of what 1.3 moved behind them (RFC 8446 section
 * 4.2, RFC 6066, RFC 7301, RFC 8422): a table of those that are looked into; the others are named.
 * One and the same extension often has another form in the client's mouth than in the server's. */
#include <string.h>

#include "base/i18n.h"
#include "stream/tls.h"
#include "stream/tls_names.h"

static bool is_from_client(const struct tls_reading *r)
{
	return r->type == TLS_CLIENT_HELLO;
}

/* ---- lists of numbers with names ---- */

static void add_names(const struct tls_reading *r, const char *field, struct cursor numbers,
                      void (*add)(struct text *t, uint16_t value))
{
	struct tls_list list;
	tls_list_begin(&list, r->m, field);
	while (cursor_left(&numbers) >= 2) {
		TEXT(name, 64);
		add(&name, cursor_u16(&numbers));
		tls_list_add(&list, name.bytes, name.len);
	}
	tls_list_end(&list);
}

static bool read_groups(const struct tls_reading *r, struct cursor *c)
{
	add_names(r, "tls.handshake.extensions_supported_group", tls_vector(c, 2), tls_add_group);
	return cursor_ok(c);
}

static bool read_signatures(const struct tls_reading *r, struct cursor *c)
{
	add_names(r, "tls.handshake.sig_hash_alg", tls_vector(c, 2), tls_add_signature);
	return cursor_ok(c);
}

/* ---- names ---- */

static void keep_server_name(struct tls *tls, const char *name, size_t n)
{
	struct text t = text_of(tls->server_name, sizeof tls->server_name);
	text_add_bytes(&t, name, n);
}

/* RFC 6066 section 3. The server answers with an empty one. */
static bool read_server_name(const struct tls_reading *r, struct cursor *c)
{
	enum { HOST_NAME = 0 };
	if (!is_from_client(r))
		return cursor_left(c) == 0;
	struct cursor list = tls_vector(c, 2);
	while (tls_more(&list)) {
		uint8_t type = cursor_u8(&list);
		struct cursor name = tls_vector(&list, 2);
		size_t n = cursor_left(&name);
		const char *bytes = (const char *)cursor_take(&name, n);
		if (type != HOST_NAME || !bytes || !cursor_ok(&list))
			continue;
		message_add(r->m, "tls.handshake.extensions_server_name", bytes, n);
		keep_server_name(r->tls, bytes, n);
	}
	return cursor_ok(c) && cursor_ok(&list);
}

/* RFC 7301 section 3.1 */
static bool read_alpn(const struct tls_reading *r, struct cursor *c)
{
	struct cursor names = tls_vector(c, 2);
	struct tls_list list;
	tls_list_begin(&list, r->m, "tls.handshake.extensions_alpn_str");
	while (tls_more(&names)) {
		struct cursor name = tls_vector(&names, 1);
		size_t n = cursor_left(&name);
		const char *bytes = (const char *)cursor_take(&name, n);
		if (bytes)
			tls_list_add(&list, bytes, n);
	}
	tls_list_end(&list);
	return cursor_ok(c) && cursor_ok(&names);
}

/* Distinguished names of certificate authorities: section 4.2.4. */
static bool read_authorities(const struct tls_reading *r, struct cursor *c)
{
	tls_add_authorities(r->m, tls_vector(c, 2));
	return cursor_ok(c);
}

/* ---- TLS 1.3 ---- */

/* Section 4.2.1: what the client offers, or what the server has chosen. */
static bool read_versions(const struct tls_reading *r, struct cursor *c)
{
	static const char field[] = "tls.handshake.extensions.supported_version";
	TEXT(words, 32);
	if (!is_from_client(r)) {
		r->tls->version = cursor_u16(c);
		tls_add_version(&words, r->tls->version);
		message_add_text(r->m, field, words.bytes);
		return cursor_ok(c);
	}
	struct cursor versions = tls_vector(c, 1), look = versions;
	while (cursor_left(&look) >= 2)
		r->tls->offers_1_3 |= cursor_u16(&look) == TLS_1_3;
	add_names(r, field, versions, tls_add_version);
	return cursor_ok(c);
}

/* Section 4.2.8: the client's shares, the server's one; in a HelloRetryRequest the group that it
 * wants one of. */
static bool read_key_share(const struct tls_reading *r, struct cursor *c)
{
	static const char field[] = "tls.handshake.extensions_key_share_group";
	struct tls_list list;
	struct cursor shares = is_from_client(r) ? tls_vector(c, 2) : *c;
	if (!is_from_client(r) && cursor_left(c) == 2) {
		add_names(r, "tls.handshake.extensions_key_share_selected_group", *c,
		          tls_add_group);
		cursor_skip(c, 2);
		return true;
	}
	tls_list_begin(&list, r->m, field);
	while (tls_more(&shares)) {
		TEXT(name, 64);
		tls_add_group(&name, cursor_u16(&shares));
		(void)tls_vector(&shares, 2); /* the share itself is a random number */
		if (cursor_ok(&shares))
			tls_list_add(&list, name.bytes, name.len);
	}
	tls_list_end(&list);
	cursor_skip(c, cursor_left(c));
	return cursor_ok(c) && cursor_ok(&shares);
}

/* Section 4.2.9 */
static bool read_psk_modes(const struct tls_reading *r, struct cursor *c)
{
	struct cursor modes = tls_vector(c, 1);
	TEXT(words, 64);
	while (tls_more(&modes)) {
		uint8_t mode = cursor_u8(&modes);
		text_add(&words, words.len > 0 ? ", " : "");
		if (mode <= 1)
			text_add(&words, mode == 0 ? "psk_ke" : "psk_dhe_ke");
		else if (mode % 0x1F == 0x0B) /* RFC 8701 section 2 */
			text_add(&words, "GREASE");
		else
			text_add_uint(&words, mode);
	}
	message_add_text(r->m, "tls.extension.psk_ke_mode", words.bytes);
	return cursor_ok(c);
}

/* Section 4.2.11 */
static bool read_psk(const struct tls_reading *r, struct cursor *c)
{
	unsigned n = 0;
	if (!is_from_client(r)) {
		message_add_uint(r->m, "tls.handshake.extensions.psk.identity.selected",
		                 cursor_u16(c));
		return cursor_ok(c);
	}
	struct cursor identities = tls_vector(c, 2);
	for (; tls_more(&identities); n++) {
		(void)tls_vector(&identities, 2); /* the ticket, opaque */
		cursor_skip(&identities, 4);      /* its age */
	}
	(void)tls_vector(c, 2); /* binders */
	message_add_uint(r->m, "tls.handshake.extensions.psk.identities", n);
	return cursor_ok(c) && cursor_ok(&identities);
}

/* Section 4.2.10: nothing is in it, but in a ticket how much may come. */
static bool read_early_data(const struct tls_reading *r, struct cursor *c)
{
	if (r->type == TLS_NEW_SESSION_TICKET) {
		message_add_uint(r->m, "tls.early_data.max_early_data_size", cursor_u32(c));
		return cursor_ok(c);
	}
	if (is_from_client(r))
		r->tls->early_data = true;
	return cursor_left(c) == 0;
}

/* RFC 5746 section 3.2: the verify_data of the handshake before, if there was one. */
static bool read_renegotiation(const struct tls_reading *r, struct cursor *c)
{
	struct cursor before = tls_vector(c, 1);
	message_add_uint(r->m, "tls.handshake.extensions_reneg_info_len", cursor_left(&before));
	return cursor_ok(c);
}

static bool read_ticket(const struct tls_reading *r, struct cursor *c)
{
	message_add_uint(r->m, "tls.handshake.session_ticket_length", cursor_left(c));
	cursor_skip(c, cursor_left(c));
	return true;
}

/* RFC 8449 */
static bool read_size_limit(const struct tls_reading *r, struct cursor *c)
{
	message_add_uint(r->m, "tls.record_size_limit", cursor_u16(c));
	return cursor_ok(c);
}

/* RFC 6066 section 4: 2^9 to 2^12 */
static bool read_fragment_length(const struct tls_reading *r, struct cursor *c)
{
	uint8_t code = cursor_u8(c);
	message_add_uint(r->m, "tls.handshake.max_fragment_length",
	                 code >= 1 && code <= 4 ? 1U << (8 + code) : code);
	return cursor_ok(c);
}

static const struct extension {
	uint16_t type;
	bool (*read)(const struct tls_reading *r, struct cursor *c);
} extensions[] = {
        {0, read_server_name}, {1, read_fragment_length},
        {10, read_groups},     {13, read_signatures},
        {16, read_alpn},       {28, read_size_limit},
        {35, read_ticket},     {41, read_psk},
        {42, read_early_data}, {43, read_versions},
        {45, read_psk_modes},  {47, read_authorities},
        {51, read_key_share},  {0xFF01, read_renegotiation},
};

static void read_one(const struct tls_reading *r, uint16_t type, struct cursor body)
{
	for (size_t i = 0; i < sizeof extensions / sizeof extensions[0]; i++) {
		if (extensions[i].type != type)
			continue;
		if (!extensions[i].read(r, &body) || !cursor_ok(&body) || cursor_left(&body) > 0)
			message_trouble(r->m, N_("an extension whose lengths contradict each "
			                         "other"));
	}
}

bool tls_read_extensions(const struct tls_reading *r, struct cursor *c)
{
	struct tls_list names;
	if (cursor_left(c) == 0)
		return true;
	struct cursor all = tls_vector(c, 2), look = all;
	while (tls_more(&look)) {
		uint16_t type = cursor_u16(&look);
		struct cursor body = tls_vector(&look, 2);
		if (cursor_ok(&look))
			read_one(r, type, body);
	}
	tls_list_begin(&names, r->m, "tls.handshake.extension.type");
	while (tls_more(&all)) {
		TEXT(name, 64);
		tls_add_extension(&name, cursor_u16(&all));
		(void)tls_vector(&all, 2);
		if (cursor_ok(&all))
			tls_list_add(&names, name.bytes, name.len);
	}
	tls_list_end(&names);
	return cursor_ok(c) && cursor_ok(&look);
}

bool tls_read_encrypted_extensions(const struct tls_reading *r, struct cursor *c)
{
	bool good = tls_read_extensions(r, c);
	const char *alpn = message_field(r->m, "tls.handshake.extensions_alpn_str");
	tls_say(r->m, alpn ? ", ALPN " : "");
	tls_say(r->m, alpn ? alpn : "");
	return good;
}
