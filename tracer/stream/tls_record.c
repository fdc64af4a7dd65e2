/* tls_record.c: what records carry: handshake messages, which do not care where records begin and
 * end (RFC 8446 section 5.1), alerts, change_cipher_spec, and what nobody but the ends can read. */
#include <string.h>

#include "base/i18n.h"
#include "stream/tls.h"
#include "stream/tls_names.h"

static struct tls_half *half_of(struct talk *talk, enum side from)
{
	return &((struct tls *)talk_state(talk))->halves[from];
}

void tls_say(struct message *m, const char *words)
{
	message_say(m, words, strlen(words));
}

static void say_uint(struct message *m, uint64_t number)
{
	TEXT(t, 24);
	text_add_uint(&t, number);
	message_say(m, t.bytes, t.len);
}

static void begin(struct message *m, const char *kind, const struct tls_record *record)
{
	TEXT(version, 32);
	message_begin(m, "tls", kind);
	m->length = record->len + TLS_RECORD_HEADER;
	tls_add_version(&version, record->version);
	message_add_uint(m, "tls.record.content_type", record->type);
	message_add_text(m, "tls.record.version", version.bytes);
}

/* ---- handshake messages ---- */

static void tell_handshake(struct talk *talk, enum side from, uint8_t type, struct cursor body,
                           bool decrypted)
{
	struct tls_half *half = half_of(talk, from);
	struct message m;
	struct tls_reading reading = {.tls = talk_state(talk),
	                              .m = &m,
	                              .from = from,
	                              .type = type,
	                              .time_ns = talk_time_ns(talk)};
	begin(&m, tls_handshake_kind(type, body), &half->record);
	m.length = cursor_left(&body) + 4;
	m.decrypted = decrypted;
	message_add_uint(&m, "tls.handshake.type", type);
	tls_handshake_read(&reading, body);
	if (type == TLS_CLIENT_HELLO) {
		reading.tls->has_hello = true;
		reading.tls->hello_frame = talk_frame(talk);
		reading.tls->hello_ns = talk_time_ns(talk);
	} else if (type == TLS_SERVER_HELLO && reading.tls->has_hello) {
		reading.tls->has_hello = false;
		m.request_frame = reading.tls->hello_frame;
		m.latency_ns = talk_time_ns(talk) - reading.tls->hello_ns;
		if (m.latency_ns < 0)
			m.latency_ns = -1;
	}
	talk_emit_carried(talk, from, &m, &half->carriers);
	if (decrypted)
		tls_keys_after(talk, from, type);
}

void tls_forget(struct talk *talk, struct tls_half *half)
{
	if (half->bytes)
		(void)talk_memory(talk, half->bytes, half->size, 0); /* frees it */
	half->bytes = NULL;
	half->n = half->size = 0;
	half->carriers = (struct carriers){0};
}

/* Keeps the beginning of a message. False: no room for it. */
static bool keep(struct talk *talk, struct tls_half *half, struct cursor bytes)
{
	size_t more = cursor_left(&bytes), need = half->n + more;
	if (need > half->size) {
		uint8_t *grown = need > TLS_HANDSHAKE_MAX
		                         ? NULL
		                         : talk_memory(talk, half->bytes, half->size, need);
		if (!grown)
			return false;
		half->bytes = grown;
		half->size = (uint32_t)need;
	}
	const uint8_t *from = cursor_take(&bytes, more);
	if (more > 0)
		memcpy(half->bytes + half->n, from, more);
	half->n = (uint32_t)need;
	return true;
}

/* Takes a whole message. False: its end is still to come. */
static bool take_message(struct cursor *c, uint8_t *type, struct cursor *body)
{
	struct cursor look = *c;
	*type = cursor_u8(&look);
	size_t len = (size_t)cursor_u8(&look) << 16;
	len |= cursor_u16(&look);
	*body = cursor_sub(&look, len);
	if (!cursor_ok(&look))
		return false;
	*c = look;
	return true;
}

static void tell_too_long(struct talk *talk, enum side from)
{
	struct tls_half *half = half_of(talk, from);
	struct message m;
	begin(&m, "handshake", &half->record);
	m.length = half->n;
	m.incomplete = true;
	tls_say(&m, "handshake message without an end");
	message_trouble(&m, N_("a handshake message that is too long to be true"));
	tls_forget(talk, half);
	talk_emit_carried(talk, from, &m, &half_of(talk, from)->here);
}

/* The messages that are whole now; what is left waits for the next record. */
static void tell_handshakes(struct talk *talk, enum side from, struct cursor body, bool decrypted)
{
	struct tls_half *half = half_of(talk, from);
	bool kept = half->n > 0;
	const struct carriers here = half->here;
	carriers_join(&half->carriers, &here);
	if (kept && !keep(talk, half, body)) {
		tell_too_long(talk, from);
		return;
	}
	struct cursor c = kept ? cursor_of(half->bytes, half->n) : body, message;
	uint8_t type;
	while (cursor_left(&c) > 0 && take_message(&c, &type, &message)) {
		tell_handshake(talk, from, type, message, decrypted);
		half->carriers = here;
	}
	size_t left = cursor_left(&c);
	if (left == 0)
		tls_forget(talk, half);
	else if (kept)
		memmove(half->bytes, half->bytes + (half->n - left), left);
	else if (!keep(talk, half, c))
		tell_too_long(talk, from);
	if (kept && left > 0)
		half->n = (uint32_t)left;
}

/* ---- alerts ---- */

static void tell_alert(struct talk *talk, enum side from, struct cursor body, bool decrypted)
{
	enum { WARNING = 1, FATAL = 2, CLOSE_NOTIFY = 0 };
	struct tls_half *half = half_of(talk, from);
	struct message m;
	TEXT(words, 64);
	uint8_t level = cursor_u8(&body), description = cursor_u8(&body);
	const char *how = level == FATAL ? "fatal" : level == WARNING ? "warning" : "unknown level";
	begin(&m, "alert", &half->record);
	m.decrypted = decrypted;
	tls_add_alert(&words, (uint8_t)description);
	message_add_text(&m, "tls.alert_message.level", how);
	message_add_text(&m, "tls.alert_message.desc", words.bytes);
	tls_say(&m, "Alert: ");
	tls_say(&m, how);
	tls_say(&m, " ");
	tls_say(&m, words.bytes);
	if (!cursor_ok(&body) || cursor_left(&body) > 0)
		message_trouble(&m, N_("an alert is two bytes long, this one is not"));
	if (description == CLOSE_NOTIFY)
		half->closed = true;
	talk_emit_carried(talk, from, &m, &half_of(talk, from)->here);
}

/* ---- the others ---- */

static void tell_change(struct talk *talk, enum side from, struct cursor body, bool decrypted)
{
	struct tls *tls = talk_state(talk);
	struct tls_half *half = &tls->halves[from];
	struct message m;
	begin(&m, "change_cipher_spec", &half->record);
	m.decrypted = decrypted;
	tls_say(&m, tls->version == TLS_1_3 ? "ChangeCipherSpec, without a meaning in TLS 1.3"
	                                    : "ChangeCipherSpec: from here on encrypted");
	if (cursor_u8(&body) != 1 || cursor_left(&body) > 0)
		message_trouble(&m, N_("change_cipher_spec is one byte, 1; this one is not"));
	half->encrypted = true;
	half->n_handshakes = 0;
	if (tls->version != TLS_1_3)
		tls_keys_over(half);
	talk_emit_carried(talk, from, &m, &half_of(talk, from)->here);
}

static void tell_heartbeat(struct talk *talk, enum side from, struct cursor body, bool decrypted)
{
	enum { REQUEST = 1, PADDING = 16, HEAD = 3 };
	struct message m;
	size_t len = cursor_left(&body);
	begin(&m, "heartbeat", &half_of(talk, from)->record);
	m.decrypted = decrypted;
	tls_say(&m, cursor_u8(&body) == REQUEST ? "Heartbeat request" : "Heartbeat response");
	if (cursor_u16(&body) + (size_t)(HEAD + PADDING) > len)
		message_trouble(&m, N_("a heartbeat that asks for more bytes than it brings "
		                       "(CVE-2014-0160)"));
	talk_emit_carried(talk, from, &m, &half_of(talk, from)->here);
}

/* Plaintext of the application: its own protocol is recognised and told. */
static void tell_inside(struct talk *talk, enum side from, struct cursor body, bool decrypted)
{
	struct tls *tls = talk_state(talk);
	size_t n = cursor_left(&body);
	(void)decrypted; /* always: else it would not be readable */
	if (!tls->inside)
		tls->inside = talk_inside_new(talk);
	if (tls->inside && n > 0)
		talk_inside_say(talk, tls->inside, from, cursor_take(&body, n), n,
		                &tls->halves[from].here);
}

void tls_tell(struct talk *talk, enum side from, const struct tls_record *record,
              struct cursor body, bool decrypted)
{
	static void (*const tells[])(struct talk *, enum side, struct cursor, bool) = {
	        [TLS_CHANGE_CIPHER_SPEC] = tell_change, [TLS_ALERT] = tell_alert,
	        [TLS_HANDSHAKE] = tell_handshakes,      [TLS_APPLICATION_DATA] = tell_inside,
	        [TLS_HEARTBEAT] = tell_heartbeat,
	};
	if (record->type < sizeof tells / sizeof tells[0] && tells[record->type])
		tells[record->type](talk, from, body, decrypted);
	if (decrypted && record->type == TLS_ALERT) {
		struct tls *tls = talk_state(talk);
		if (tls->inside && tls->halves[from].closed)
			talk_inside_end(tls->inside, from, true);
	}
}

/* ---- what cannot be read ---- */

static const struct opaque {
	const char *kind, *words;
} opaques[] = {
        [TLS_CHANGE_CIPHER_SPEC] = {"encrypted_change", "encrypted ChangeCipherSpec"},
        [TLS_ALERT] = {"encrypted_alert", "encrypted alert"},
        [TLS_HANDSHAKE] = {"encrypted_handshake", "encrypted handshake message"},
        [TLS_APPLICATION_DATA] = {"application_data", "encrypted data"},
        [TLS_HEARTBEAT] = {"encrypted_heartbeat", "encrypted heartbeat"},
};

static const char *const contents[] = {
        [TLS_CHANGE_CIPHER_SPEC] = "ChangeCipherSpec",
        [TLS_ALERT] = "an alert",
        [TLS_HANDSHAKE] = "handshake messages",
        [TLS_APPLICATION_DATA] = "data",
        [TLS_HEARTBEAT] = "a heartbeat",
};

/* Behind change_cipher_spec there is one message, Finished: what comes later begins anew. */
static void count_handshakes(const struct tls *tls, struct tls_half *half, struct message *m)
{
	if (half->record.type != TLS_HANDSHAKE || !half->encrypted)
		return;
	if (++half->n_handshakes > 1 && tls->version != 0 && tls->version < TLS_1_3)
		message_trouble(m, N_("a new handshake inside the connection: renegotiation, "
		                      "which TLS 1.3 has abolished"));
}

/* What the ends see: text of the application as it is; of the others messages tell. */
static void add_plaintext(struct message *m, const struct tls_plain *plain)
{
	message_add_uint(m, "tls.plaintext.content_type", plain->type);
	message_add_uint(m, "tls.plaintext.length", plain->n);
	if (plain->type == TLS_APPLICATION_DATA)
		message_add(m, "tls.plaintext", (const char *)plain->bytes, plain->n);
	tls_say(m, "; inside: ");
	tls_say(m, plain->type < sizeof contents / sizeof contents[0] && contents[plain->type]
	                   ? contents[plain->type]
	                   : "something unknown");
	if (plain->type != TLS_APPLICATION_DATA)
		return;
	tls_say(m, ", ");
	say_uint(m, plain->n);
	tls_say(m, plain->n == 1 ? " byte" : " bytes");
}

void tls_tell_sealed(struct talk *talk, enum side from, const struct tls_plain *plain)
{
	struct tls *tls = talk_state(talk);
	struct tls_half *half = &tls->halves[from];
	const struct opaque *s = &opaques[half->record.type];
	struct message m;
	begin(&m, s->kind, &half->record);
	message_add_uint(&m, "tls.record.length", half->record.len);
	tls_add_bytes(&m, "tls.app_data", cursor_of(half->kept, half->n_kept));
	tls_say(&m, s->words);
	tls_say(&m, ", ");
	say_uint(&m, half->record.len);
	tls_say(&m, half->record.len == 1 ? " byte" : " bytes");
	if (plain)
		add_plaintext(&m, plain);
	count_handshakes(tls, half, &m);
	talk_emit_carried(talk, from, &m, &half_of(talk, from)->here);
}

/* ---- what is wrong ---- */

void tls_tell_broken(struct talk *talk, enum side from)
{
	struct tls_half *half = half_of(talk, from);
	struct message m;
	bool inside_message = half->got == 0 && half->n > 0;
	bool has_type = half->got >= TLS_RECORD_HEADER || inside_message;
	begin(&m, has_type ? opaques[half->record.type].kind : "record", &half->record);
	if (has_type && half->record.type != TLS_APPLICATION_DATA && !half->skipping)
		message_name(&m, "tls",
		             half->record.type == TLS_HANDSHAKE ? "handshake" : "record");
	m.incomplete = true;
	m.length = inside_message ? half->n : half->got;
	tls_say(&m, "the beginning of a record");
	message_trouble(&m, inside_message ? N_("the stream ends inside a handshake message")
	                                   : N_("the stream ends inside a record: it was cut off"));
	talk_emit(talk, from, &m);
}

void tls_tell_foreign(struct talk *talk, enum side from, const struct cursor *in)
{
	enum { SHOWN = 40 };
	struct message m;
	struct cursor c = *in;
	size_t n = cursor_left(&c) < SHOWN ? cursor_left(&c) : SHOWN;
	message_begin(&m, "tls", "not_tls");
	m.length = cursor_left(&c);
	tls_say(&m, "no TLS: ");
	message_say(&m, (const char *)cursor_take(&c, n), n);
	message_trouble(&m, half_of(talk, from)->n_records > 0
	                            ? N_("bytes that are no record of TLS")
	                            : N_("the other end speaks TLS, this one does not"));
	talk_emit(talk, from, &m);
}
