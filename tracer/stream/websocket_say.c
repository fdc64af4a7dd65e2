/* websocket_say.c: what a frame of WebSocket says, in words and fields: RFC 6455 sections 5.5, 5.6
 * and 8.1. Knows no connection. */
#include "base/i18n.h"
#include "base/utf8.h"
#include "stream/websocket.h"

static void say(struct message *m, const char *words)
{
	message_say(m, words, strlen(words));
}

static void say_bytes(struct message *m, uint64_t n)
{
	TEXT(words, 32);
	text_add(&words, ", ");
	text_add_uint(&words, n);
	text_add(&words, n == 1 ? " byte" : " bytes");
	say(m, words.bytes);
}

/* The kept bytes up to the last whole character. */
static size_t whole_characters(const char *bytes, size_t n)
{
	uint32_t code;
	size_t at = 0, one;
	while ((one = utf8_read(bytes + at, n - at, &code)) > 0)
		at += one;
	return n - at < 4 ? at : n; /* more than a cut character: broken, shown as it is */
}

static void say_quoted(struct message *m, const char *bytes, size_t n, bool cut)
{
	enum { QUOTED = 60 };
	if (n > QUOTED) {
		n = whole_characters(bytes, QUOTED);
		cut = true;
	}
	say(m, " \"");
	message_say(m, bytes, n);
	say(m, cut ? "...\"" : "\"");
}

static void add_hex(struct message *m, const char *name, const struct websocket_half *half)
{
	uint8_t bytes[WEBSOCKET_KEPT];
	TEXT(hex, 2 * WEBSOCKET_KEPT + 1);
	memcpy(bytes, half->kept, half->n_kept);
	text_add_hex_bytes(&hex, bytes, half->n_kept);
	message_add_text(m, name, hex.bytes);
}

static void tell_data(struct websocket_half *half)
{
	struct message *m = &half->message;
	bool fin = half->head.flags & WEBSOCKET_FIN, more = half->head.len > half->n_kept;
	size_t n = fin && !more ? half->n_kept : whole_characters(half->kept, half->n_kept);
	say(m, m->kind);
	if (half->is_compressed)
		say(m, ", compressed");
	if (half->is_text && !half->is_compressed)
		say_quoted(m, half->kept, n, more);
	else
		say_bytes(m, half->head.len);
	if (half->head.opcode == OP_TEXT && !half->is_compressed)
		message_add(m, "websocket.payload.text", half->kept, n);
	if (!fin)
		say(m, ", more follows");
	if (!fin || half->n_fragments <= 1)
		return;
	say(m, ", the last of ");
	TEXT(count, 32);
	text_add_uint(&count, half->n_fragments);
	say(m, count.bytes);
	message_add_uint(m, "websocket.fragment.count", half->n_fragments);
	message_add_uint(m, "websocket.reassembled.length", half->total);
}

/* RFC 6455 section 8.1. */
static void judge_text(struct websocket_half *half)
{
	bool ends_within = (half->head.flags & WEBSOCKET_FIN) && half->utf8.left > 0 &&
	                   !half->message.incomplete;
	if (half->is_text && (half->utf8.broken || ends_within))
		message_trouble(&half->message, N_("text that is not UTF-8"));
}

static void tell_code(struct websocket_half *half, unsigned code)
{
	struct message *m = &half->message;
	const char *words = websocket_close_words(code);
	TEXT(number, 16);
	text_add_uint(&number, code);
	message_add_uint(m, "websocket.payload.close.status_code", code);
	say(m, " ");
	say(m, number.bytes);
	if (!words) {
		message_trouble(m, N_("a close code that nobody may send"));
		return;
	}
	say(m, " ");
	say(m, words);
}

/* RFC 6455 section 5.5.1. */
static void tell_close(struct websocket_half *half)
{
	struct message *m = &half->message;
	struct websocket_utf8 utf8 = {0};
	uint8_t bytes[WEBSOCKET_KEPT];
	memcpy(bytes, half->kept, half->n_kept);
	say(m, "close");
	if (half->n_kept == 1)
		message_trouble(m, N_("half a close code"));
	if (half->n_kept < 2) {
		say(m, " without a code");
		return;
	}
	tell_code(half, (unsigned)bytes[0] << 8 | bytes[1]);
	if (half->n_kept == 2)
		return;
	size_t n = half->n_kept - 2U;
	message_add(m, "websocket.payload.close.reason", half->kept + 2, n);
	say_quoted(m, half->kept + 2, n, half->head.len > half->n_kept);
	websocket_utf8_add(&utf8, bytes + 2, n);
	if (utf8.broken || utf8.left > 0)
		message_trouble(m, N_("a reason that is not UTF-8"));
}

static void tell_other_control(struct websocket_half *half)
{
	struct message *m = &half->message;
	say(m, m->kind);
	if (half->n_kept == 0)
		return;
	if (half->head.opcode == OP_PING)
		add_hex(m, "websocket.payload.ping", half);
	else if (half->head.opcode == OP_PONG)
		add_hex(m, "websocket.payload.pong", half);
	say_quoted(m, half->kept, half->n_kept, half->head.len > half->n_kept);
}

void websocket_say(struct websocket_half *half)
{
	if (half->head.opcode == OP_CLOSE) {
		tell_close(half);
	} else if (websocket_is_control(half->head.opcode)) {
		tell_other_control(half);
	} else {
		tell_data(half);
		judge_text(half);
	}
}
