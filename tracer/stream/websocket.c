/* websocket.c: WebSocket, RFC 6455 section 5: frames, each one a message here. Payloads are passed
 * over, their first bytes kept; text is checked on the way. HTTP hands over to it, with the keys of
 * the handshake and the extension as hint; it has no beginning of its own, but may go on behind a
 * gap. */
#include "stream/websocket.h"

#include "base/i18n.h"
#include "stream/protocol.h"

enum { MASKED = 0x80, LEN_16 = 126, LEN_64 = 127 };

struct websocket {
	struct websocket_half halves[N_SIDES];
};

static struct websocket_half *half_of(struct talk *talk, enum side from)
{
	return &((struct websocket *)talk_state(talk))->halves[from];
}

static const char *kind_of(uint8_t opcode)
{
	static const char *const kinds[16] = {
	        [OP_CONTINUATION] = "continuation",
	        [OP_TEXT] = "text",
	        [OP_BINARY] = "binary",
	        [OP_CLOSE] = "close",
	        [OP_PING] = "ping",
	        [OP_PONG] = "pong",
	};
	return kinds[opcode] ? kinds[opcode] : "reserved";
}

/* ---- the head ---- */

static uint64_t read_len(struct cursor *in, uint8_t short_len)
{
	if (short_len == LEN_16)
		return cursor_u16(in);
	return short_len == LEN_64 ? cursor_u64(in) : short_len;
}

/* False: too little yet. */
static bool read_head(struct cursor *in, struct websocket_head *head)
{
	uint8_t first = cursor_u8(in), second = cursor_u8(in);
	*head = (struct websocket_head){.flags = first & (WEBSOCKET_FIN | WEBSOCKET_RSV),
	                                .opcode = first & 0x0f,
	                                .masked = second & MASKED,
	                                .short_len = second & 0x7f};
	head->len = read_len(in, head->short_len);
	const uint8_t *mask = head->masked ? cursor_take(in, sizeof head->mask) : NULL;
	if (mask)
		memcpy(head->mask, mask, sizeof head->mask);
	return cursor_ok(in);
}

static void add_head(struct message *m, const struct websocket_head *head)
{
	message_add_uint(m, "websocket.fin", head->flags & WEBSOCKET_FIN ? 1 : 0);
	if (head->flags & WEBSOCKET_RSV)
		message_add_uint(m, "websocket.rsv", (head->flags & WEBSOCKET_RSV) >> 4);
	if (head->flags & WEBSOCKET_RSV1)
		message_add_uint(m, "websocket.pmc", 1);
	message_add_uint(m, "websocket.opcode", head->opcode);
	message_add_uint(m, "websocket.mask", head->masked);
	message_add_uint(m, "websocket.payload_length", head->short_len);
	if (head->short_len == LEN_16)
		message_add_uint(m, "websocket.payload_length_ext_16", head->len);
	if (head->short_len == LEN_64)
		message_add_uint(m, "websocket.payload_length_ext_64", head->len);
	if (!head->masked)
		return;
	TEXT(mask, 16);
	text_add_hex_bytes(&mask, head->mask, sizeof head->mask);
	message_add_text(m, "websocket.masking_key", mask.bytes);
}

/* ---- what is wrong with a head ---- */

static bool both_agreed_on_deflate(const struct talk *talk)
{
	return strstr(talk_hint(talk), WEBSOCKET_DEFLATE) != NULL;
}

/* A bit that nobody agreed on: WEBSOCKET_RSV1 says "compressed" on the first frame of a message,
 * once both ends want that (RFC 7692 section 6). */
static bool has_stray_bits(const struct talk *talk, const struct websocket_head *head)
{
	uint8_t allowed = 0;
	if (both_agreed_on_deflate(talk) && (head->opcode == OP_TEXT || head->opcode == OP_BINARY))
		allowed = WEBSOCKET_RSV1;
	return (head->flags & WEBSOCKET_RSV & ~allowed) != 0;
}

static bool is_wasteful(const struct websocket_head *head)
{
	return (head->short_len == LEN_16 && head->len <= WEBSOCKET_CONTROL_MAX) ||
	       (head->short_len == LEN_64 && head->len <= UINT16_MAX);
}

static void judge_control(struct message *m, const struct websocket_head *head)
{
	if (head->len > WEBSOCKET_CONTROL_MAX)
		message_trouble(m, N_("a control frame of more than 125 bytes"));
	if (!(head->flags & WEBSOCKET_FIN))
		message_trouble(m, N_("a control frame in fragments"));
}

static void judge_data(const struct websocket_half *half, struct message *m,
                       const struct websocket_head *head)
{
	if (head->opcode == OP_CONTINUATION && !half->open && !half->unsure)
		message_trouble(m, N_("a continuation of nothing"));
	if (head->opcode != OP_CONTINUATION && half->open)
		message_trouble(m, N_("a new message before the last fragment of the one before"));
}

static void judge_head(struct talk *talk, enum side from)
{
	struct websocket_half *half = half_of(talk, from);
	const struct websocket_head *head = &half->head;
	struct message *m = &half->message;
	if (half->closed)
		message_trouble(m, N_("a frame behind the close frame"));
	if (from == CLIENT && !head->masked)
		message_trouble(m, N_("a client's frame without a mask"));
	if (from == SERVER && head->masked)
		message_trouble(m, N_("a server's frame with a mask"));
	if (strcmp(kind_of(head->opcode), "reserved") == 0)
		message_trouble(m, N_("an opcode that is reserved"));
	if (has_stray_bits(talk, head))
		message_trouble(m, N_("reserved bits that no extension has given a meaning"));
	if (is_wasteful(head))
		message_trouble(m, N_("its length in a longer form than it needs"));
	if (websocket_is_control(head->opcode))
		judge_control(m, head);
	else
		judge_data(half, m, head);
}

/* A frame of data begins a message or goes on with it. */
static void join_message(struct websocket_half *half)
{
	const struct websocket_head *head = &half->head;
	if (head->opcode != OP_CONTINUATION)
		half->unsure = false;
	if (head->opcode != OP_CONTINUATION || !half->open) {
		half->is_text = head->opcode == OP_TEXT;
		half->is_compressed = head->flags & WEBSOCKET_RSV1;
		half->utf8 = (struct websocket_utf8){0};
		half->n_fragments = 0;
		half->total = 0;
	}
	half->open = !(head->flags & WEBSOCKET_FIN);
	half->n_fragments += half->unsure ? 0 : 1; /* of how many is not known then */
	half->total += head->len;
}

static enum feed feed_head(struct talk *talk, enum side from, struct cursor *in)
{
	struct websocket_half *half = half_of(talk, from);
	struct websocket_head head;
	if (!read_head(in, &head))
		return FEED_MORE;
	half->head = head;
	half->at = half->n_kept = 0;
	message_begin(&half->message, "websocket", kind_of(head.opcode));
	half->message.length = in->at;
	add_head(&half->message, &head);
	judge_head(talk, from);
	if (head.len > INT64_MAX) {
		message_trouble(&half->message, N_("a length of 2^63 bytes or more"));
		half->message.incomplete = true;
		message_say(&half->message, half->message.kind, strlen(half->message.kind));
		talk_emit(talk, from, &half->message);
		return FEED_LOST;
	}
	half->busy = true;
	if (!websocket_is_control(head.opcode))
		join_message(half);
	talk_skip(talk, from, head.len);
	return FEED_TOOK;
}

/* ---- the payload ---- */

/* Takes the mask off some bytes, which are the payload's from half->at on, and looks at them. */
static void take_part(struct websocket_half *half, const uint8_t *bytes, size_t n)
{
	uint8_t clear[256] = {0};
	for (size_t i = 0; i < n; i++)
		clear[i] = bytes[i] ^ half->head.mask[(half->at + i) & 3]; /* no mask: zeros */
	size_t room = sizeof half->kept - half->n_kept;
	size_t kept = n < room ? n : room;
	memcpy(half->kept + half->n_kept, clear, kept);
	half->n_kept = (uint8_t)(half->n_kept + kept);
	half->at += n;
	if (half->is_text && !half->is_compressed && !websocket_is_control(half->head.opcode))
		websocket_utf8_add(&half->utf8, clear, n);
}

static void websocket_skipped(struct talk *talk, enum side from, const uint8_t *bytes, size_t n)
{
	enum { PART = 256 };
	struct websocket_half *half = half_of(talk, from);
	if (!bytes) {
		half->at += n;
		half->is_text = false; /* what is missing may have been anything */
		return;
	}
	for (size_t part; n > 0; bytes += part, n -= part) {
		part = n < PART ? n : PART;
		take_part(half, bytes, part);
	}
}

/* ---- questions and answers: ping and pong, close and close ---- */

static void wait_for_answer(struct talk *talk, const struct websocket_half *half,
                            struct websocket_waiting *w)
{
	*w = (struct websocket_waiting){.frame = talk_frame(talk), .time_ns = talk_time_ns(talk)};
	w->n = half->n_kept < WEBSOCKET_CONTROL_MAX ? half->n_kept : WEBSOCKET_CONTROL_MAX;
	memcpy(w->bytes, half->kept, w->n);
}

static void answers(struct talk *talk, struct message *m, struct websocket_waiting *w)
{
	if (w->frame == 0 || talk_time_ns(talk) < w->time_ns)
		return;
	m->request_frame = w->frame;
	m->latency_ns = talk_time_ns(talk) - w->time_ns;
	w->frame = 0;
}

/* The ping with the same bytes, the latest first (RFC 6455 section 5.5.3). */
static struct websocket_waiting *ping_of(struct websocket_half *asker,
                                         const struct websocket_half *pong)
{
	for (unsigned i = 1; i <= WEBSOCKET_PINGS; i++) {
		struct websocket_waiting *w =
		        &asker->pings[(asker->next_ping + WEBSOCKET_PINGS - i) % WEBSOCKET_PINGS];
		if (w->frame && w->n == pong->n_kept && memcmp(w->bytes, pong->kept, w->n) == 0)
			return w;
	}
	return NULL;
}

static void match(struct talk *talk, enum side from)
{
	struct websocket_half *half = half_of(talk, from), *other = half_of(talk, side_other(from));
	struct websocket_waiting *ping;
	switch (half->head.opcode) {
	case OP_PING:
		wait_for_answer(talk, half, &half->pings[half->next_ping++ % WEBSOCKET_PINGS]);
		break;
	case OP_PONG:
		ping = ping_of(other, half);
		if (ping)
			answers(talk, &half->message, ping);
		break;
	case OP_CLOSE:
		if (other->closed)
			answers(talk, &half->message, &other->close);
		else
			wait_for_answer(talk, half, &half->close);
		half->closed = true;
		break;
	default: /* data: nobody has to answer */
		break;
	}
}

static void finish(struct talk *talk, enum side from)
{
	struct websocket_half *half = half_of(talk, from);
	half->busy = false;
	half->message.length += half->at;
	websocket_say(half);
	if (!half->message.incomplete)
		match(talk, from);
	talk_emit(talk, from, &half->message);
}

static enum feed websocket_feed(struct talk *talk, enum side from, struct cursor *in)
{
	if (!half_of(talk, from)->busy)
		return feed_head(talk, from, in);
	finish(talk, from); /* its payload has been passed over */
	return FEED_TOOK;
}

static void websocket_end(struct talk *talk, enum side from, bool whole)
{
	struct websocket_half *half = half_of(talk, from);
	if (half->busy) { /* a frame has its length: no end of the stream completes it */
		half->message.incomplete = true;
		finish(talk, from);
	}
	if (whole)
		return;
	half->open = false;
	half->unsure = true;
}

/* ---- behind a gap ---- */

static bool is_likely(const struct websocket_head *head, enum side from)
{
	enum { LONGEST = 1 << 24 };
	bool control = websocket_is_control(head->opcode);
	uint8_t allowed = control ? 0 : WEBSOCKET_RSV1; /* nobody knows here who agreed on what */
	bool stray = (head->flags & WEBSOCKET_RSV & ~allowed) != 0;
	return strcmp(kind_of(head->opcode), "reserved") != 0 && !stray &&
	       head->masked == (from == CLIENT) && !is_wasteful(head) && head->len <= LONGEST &&
	       (!control || (head->len <= WEBSOCKET_CONTROL_MAX && head->flags & WEBSOCKET_FIN));
}

/* Do frames begin anew here? Whole ones, perhaps with a part of one more behind them, or one that
 * is too long for a segment. */
static enum recognised websocket_recognise(const struct opening *opening)
{
	struct cursor in = opening->said[opening->from];
	struct websocket_head head;
	bool whole = false;
	if (!opening->again)
		return RECOGNISED_NO;
	for (; cursor_left(&in) > 0; cursor_skip(&in, (size_t)head.len), whole = true) {
		if (!read_head(&in, &head))
			break;
		if (!is_likely(&head, opening->from))
			return RECOGNISED_NO;
		if (head.len <= cursor_left(&in))
			continue;
		return whole || head.short_len >= LEN_16 ? RECOGNISED_YES : RECOGNISED_NO;
	}
	return whole ? RECOGNISED_YES : RECOGNISED_NO;
}

const struct app_protocol app_websocket = {
        .name = "websocket",
        .state_size = sizeof(struct websocket),
        .recognise = websocket_recognise,
        .feed = websocket_feed,
        .skipped = websocket_skipped,
        .end = websocket_end,
};
