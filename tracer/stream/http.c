/* http.c: HTTP/1.0 and 1.1, RFC 9112: where messages begin and end. Which response belongs to which
 * request, how long a body is, when another protocol takes over. Bodies are passed over, their
 * first bytes kept. */
#include "stream/http.h"

#include <string.h>

#include "base/i18n.h"
#include "stream/websocket.h"

enum phase {
	PHASE_START,
	PHASE_BODY,        /* behind what is passed over, the message ends */
	PHASE_UNTIL_CLOSE, /* the end of the stream is the end of the body */
	PHASE_CHUNK,       /* a line with a chunk's length */
	PHASE_CHUNK_END,   /* the line's end behind a chunk */
	PHASE_TRAILERS,
	PHASE_ANSWER /* it asked to change the protocol: nothing more until the answer */
};

/* One direction. */
struct half {
	enum phase phase;
	bool busy; /* `message` has begun */
	struct message message;
	size_t looked; /* how far the head or the trailers at hand have no end */
	uint64_t body; /* bytes of it so far */
	uint8_t n_kept;
	char kept[HTTP_KEPT_BODY];
};

/* A request that waits for its response. */
struct asked {
	bool is_head, is_connect, upgrade;
	enum side by;
	uint64_t frame;
	int64_t time_ns;
	char key[HTTP_TOKEN];
};

struct http {
	struct half halves[N_SIDES];
	struct asked queue[HTTP_QUEUE];
	unsigned first, n;
	bool unsure;   /* some were lost: a response is tied again when but one request waits */
	bool switched; /* the response at hand changes the protocol when it is told */
	char protocol[HTTP_TOKEN], hint[TALK_HINT];
};

/* ---- requests and their responses ---- */

static void ask(struct talk *talk, enum side from, const struct http_head *head)
{
	struct http *http = talk_state(talk);
	struct half *half = &http->halves[from];
	if (http->n == HTTP_QUEUE) {
		message_trouble(&half->message, N_("too many requests wait for an answer"));
		return;
	}
	struct asked *asked = &http->queue[(http->first + http->n++) % HTTP_QUEUE];
	*asked = (struct asked){.is_head = head->is_head,
	                        .is_connect = head->is_connect,
	                        .upgrade = head->upgrade,
	                        .by = from,
	                        .frame = talk_frame(talk),
	                        .time_ns = talk_time_ns(talk)};
	memcpy(asked->key, head->key, sizeof asked->key);
}

/* The body's last byte is the request's end. */
static void ask_later(struct talk *talk, enum side from)
{
	struct http *http = talk_state(talk);
	struct asked *last = &http->queue[(http->first + http->n - 1) % HTTP_QUEUE];
	if (http->n == 0 || last->by != from)
		return;
	last->frame = http->halves[from].message.last_frame;
	last->time_ns = talk_time_ns(talk);
}

/* Something has been lost: which response belongs to which request is not known any more. */
static enum feed lose_count(struct talk *talk, enum side from)
{
	struct http *http = talk_state(talk);
	http->n = 0;
	http->unsure = true;
	http->halves[from].looked = 0;
	return FEED_LOST;
}

/* The request that this response answers; 1xx are not yet the answer. */
static struct asked answer(struct talk *talk, enum side from, const struct http_head *head)
{
	struct http *http = talk_state(talk);
	struct message *m = &http->halves[from].message;
	if (http->unsure && http->n > 1)
		http->n = 0;
	if (http->n == 0)
		return (struct asked){0};
	http->unsure = false;
	struct asked asked = http->queue[http->first];
	m->request_frame = asked.frame;
	m->latency_ns = talk_began_ns(talk, from) - asked.time_ns;
	if (m->latency_ns < 0)
		m->latency_ns = -1;
	if (head->status >= 200 || head->status == 101) {
		http->first = (http->first + 1) % HTTP_QUEUE;
		http->n--;
	}
	return asked;
}

/* ---- the end of a message ---- */

static bool is_printable(const char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((bytes[i] >= 0 && bytes[i] < ' ' && !strchr("\t\r\n", bytes[i])) ||
		    bytes[i] == '\0')
			return false;
	return true;
}

static void tell(struct talk *talk, enum side from)
{
	struct half *half = &((struct http *)talk_state(talk))->halves[from];
	struct message *m = &half->message;
	if (half->body > 0)
		message_add_uint(m, "http.body_length", half->body);
	if (half->n_kept > 0 && is_printable(half->kept, half->n_kept))
		message_add(m, "http.file_data", half->kept, half->n_kept);
	half->busy = false;
	half->phase = PHASE_START;
	half->n_kept = 0;
	talk_emit(talk, from, m);
}

/* The response that changes the protocol has been told, and the requests' side may go on. */
static void finish(struct talk *talk, enum side from)
{
	struct http *http = talk_state(talk);
	bool is_request = strcmp(http->halves[from].message.kind, "request") == 0;
	tell(talk, from);
	if (is_request) {
		ask_later(talk, from);
		const struct asked *last = &http->queue[(http->first + http->n - 1) % HTTP_QUEUE];
		if (http->n > 0 && last->by == from && (last->upgrade || last->is_connect))
			http->halves[from].phase = PHASE_ANSWER;
		return;
	}
	if (http->switched) {
		http->switched = false;
		talk_switch(talk, http->protocol[0] ? http->protocol : NULL, http->hint);
	} else if (http->halves[side_other(from)].phase == PHASE_ANSWER) {
		http->halves[side_other(from)].phase = PHASE_START;
		talk_wake(talk);
	}
}

/* ---- bodies ---- */

static void lower(char *s)
{
	for (; *s; s++)
		if (*s >= 'A' && *s <= 'Z')
			*s = (char)(*s + 'a' - 'A');
}

/* The server's proof that it has read the request for WebSocket (RFC 6455 section 4.2.2). */
static void judge_key(const struct http *http, struct message *m, const struct asked *asked,
                      const struct http_head *head)
{
	if (strcmp(http->protocol, "websocket") == 0 && asked->key[0] &&
	    !websocket_key_fits(asked->key, head->key))
		message_trouble(m, N_("Sec-WebSocket-Accept does not belong to the client's key"));
}

/* 101, or 2xx to CONNECT: whatever comes is of another protocol (RFC 9110 section 7.8, 9.3.6). */
static bool changes_protocol(struct http *http, struct message *m, const struct asked *asked,
                             const struct http_head *head)
{
	bool tunnel = asked->is_connect && head->status >= 200 && head->status < 300;
	if (head->status != 101 && !tunnel)
		return false;
	struct text hint = text_of(http->hint, sizeof http->hint);
	http->switched = true;
	http->protocol[0] = '\0';
	if (tunnel)
		return true;
	memcpy(http->protocol, head->protocol, sizeof http->protocol);
	lower(http->protocol);
	text_add(&hint, asked->key);
	text_add_char(&hint, ' ');
	text_add(&hint, head->key);
	if (head->deflates)
		text_add(&hint, " " WEBSOCKET_DEFLATE);
	judge_key(http, m, asked, head);
	return true;
}

static bool has_no_body(const struct asked *asked, const struct http_head *head)
{
	if (!head->is_response)
		return !head->has_coding && (!head->has_length || head->bad_length);
	return asked->is_head || head->status < 200 || head->status == 204 || head->status == 304;
}

/* How the body ends: RFC 9112 section 6.3. */
static void begin_body(struct talk *talk, enum side from, const struct asked *asked,
                       const struct http_head *head)
{
	struct http *http = talk_state(talk);
	struct half *half = &http->halves[from];
	if (changes_protocol(http, &half->message, asked, head) || has_no_body(asked, head)) {
		half->phase = PHASE_BODY;
	} else if (head->is_chunked) {
		half->phase = PHASE_CHUNK;
	} else if (head->has_length && !head->has_coding && !head->bad_length) {
		half->phase = PHASE_BODY;
		talk_skip(talk, from, head->length);
	} else {
		half->phase = PHASE_UNTIL_CLOSE;
		talk_skip(talk, from, UINT64_MAX);
	}
}

/* Never a head, however much comes. */
static bool is_hopeless(const struct cursor *in)
{
	struct cursor look = *in;
	struct line line;
	return line_take(&look, &line) && http_recognise_line(*in) == RECOGNISED_NO;
}

/* A head that does not end: what there is of it is told. */
static bool tell_partly(struct talk *talk, enum side from, struct cursor in, const char *why)
{
	struct half *half = &((struct http *)talk_state(talk))->halves[from];
	struct http_head head;
	size_t len = cursor_left(&in);
	if (!http_head_read(&in, &half->message, &head))
		return false;
	half->message.length = len;
	half->message.incomplete = true;
	half->body = 0;
	message_trouble(&half->message, why);
	tell(talk, from);
	return true;
}

static enum feed feed_head(struct talk *talk, enum side from, struct cursor *in)
{
	struct half *half = &((struct http *)talk_state(talk))->halves[from];
	struct http_head head;
	struct asked asked = {0};
	http_pass_empty_lines(in);
	if (in->at > 0) {
		talk_told(talk, from); /* they belong to no message */
		return FEED_TOOK;
	}
	size_t len = http_head_len(in, &half->looked);
	if (len == 0 && cursor_left(in) > HTTP_HEAD_MAX) {
		(void)tell_partly(talk, from, *in, N_("headers without an end")); /* or lost */
		return lose_count(talk, from);
	}
	if (len == 0)
		return is_hopeless(in) ? lose_count(talk, from) : FEED_MORE;
	struct cursor text = cursor_sub(in, len);
	if (!http_head_read(&text, &half->message, &head))
		return lose_count(talk, from);
	half->busy = true;
	half->looked = 0;
	half->body = 0;
	half->message.length = len;
	if (head.is_response)
		asked = answer(talk, from, &head);
	else
		ask(talk, from, &head);
	begin_body(talk, from, &asked, &head);
	return FEED_TOOK;
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "1a; name=value": RFC 9112 section 7.1. */
static bool chunk_size(struct line line, uint64_t *size)
{
	enum { DIGITS = 15 };
	size_t n = 0;
	for (*size = 0; n < line.len && hex_value(line.bytes[n]) >= 0; n++) {
		if (n == DIGITS)
			return false;
		*size = *size << 4 | (unsigned)hex_value(line.bytes[n]);
	}
	return n > 0 && (n == line.len || strchr("; \t", line.bytes[n]));
}

/* The message goes no further: it is told as far as it was understood. */
static enum feed give_up(struct talk *talk, enum side from, const char *why)
{
	struct half *half = &((struct http *)talk_state(talk))->halves[from];
	message_trouble(&half->message, why);
	half->message.incomplete = true;
	tell(talk, from);
	return lose_count(talk, from);
}

static enum feed feed_chunk(struct talk *talk, enum side from, struct cursor *in)
{
	enum { CHUNK_LINE_MAX = 4096 };
	struct half *half = &((struct http *)talk_state(talk))->halves[from];
	struct line line;
	uint64_t size;
	size_t before = in->at;
	if (!line_take(in, &line))
		return cursor_left(in) < CHUNK_LINE_MAX
		               ? FEED_MORE
		               : give_up(talk, from, N_("a chunk's length without an end"));
	if (!chunk_size(line, &size))
		return give_up(talk, from, N_("a chunk's length that is no hexadecimal number"));
	half->message.length += in->at - before;
	half->phase = size > 0 ? PHASE_CHUNK_END : PHASE_TRAILERS;
	talk_skip(talk, from, size);
	return FEED_TOOK;
}

static enum feed feed_chunk_end(struct talk *talk, enum side from, struct cursor *in)
{
	struct half *half = &((struct http *)talk_state(talk))->halves[from];
	struct line line = {0};
	size_t left = cursor_left(in);
	if (!line_take(in, &line) && left < 2)
		return FEED_MORE;
	if (in->at == 0 || line.len > 0)
		return give_up(talk, from, N_("more bytes in a chunk than its length says"));
	half->message.length += in->at;
	half->phase = PHASE_CHUNK;
	return FEED_TOOK;
}

static enum feed feed_trailers(struct talk *talk, enum side from, struct cursor *in)
{
	struct half *half = &((struct http *)talk_state(talk))->halves[from];
	if (http_head_len(in, &half->looked) == 0)
		return cursor_left(in) <= HTTP_HEAD_MAX
		               ? FEED_MORE
		               : give_up(talk, from, N_("trailers without an end"));
	http_trailers_read(in, &half->message);
	half->looked = 0;
	half->message.length += in->at;
	finish(talk, from);
	return FEED_TOOK;
}

static enum feed feed_body(struct talk *talk, enum side from, struct cursor *in)
{
	(void)in; /* all of it has been passed over */
	finish(talk, from);
	return FEED_TOOK;
}

static enum feed feed_nothing(struct talk *talk, enum side from, struct cursor *in)
{
	(void)talk;
	(void)from;
	(void)in; /* not yet */
	return FEED_MORE;
}

static enum feed http_feed(struct talk *talk, enum side from, struct cursor *in)
{
	static enum feed (*const feeds[])(struct talk *, enum side, struct cursor *) = {
	        [PHASE_START] = feed_head,          [PHASE_BODY] = feed_body,
	        [PHASE_UNTIL_CLOSE] = feed_nothing, [PHASE_CHUNK] = feed_chunk,
	        [PHASE_CHUNK_END] = feed_chunk_end, [PHASE_TRAILERS] = feed_trailers,
	        [PHASE_ANSWER] = feed_nothing,
	};
	struct http *http = talk_state(talk);
	return feeds[http->halves[from].phase](talk, from, in);
}

static void http_skipped(struct talk *talk, enum side from, const uint8_t *bytes, size_t n)
{
	struct half *half = &((struct http *)talk_state(talk))->halves[from];
	size_t room = sizeof half->kept - half->n_kept;
	size_t kept = !bytes ? 0 : n < room ? n : room;
	if (kept > 0)
		memcpy(half->kept + half->n_kept, bytes, kept);
	half->n_kept = (uint8_t)(half->n_kept + kept);
	half->body += n;
	half->message.length += n;
}

static const char *trouble_at_end(const struct half *half)
{
	switch (half->phase) {
	case PHASE_BODY:
		return N_("it ended before as many bytes had come as Content-Length says");
	case PHASE_CHUNK:
	case PHASE_CHUNK_END:
	case PHASE_TRAILERS:
		return N_("it ended before the chunk of length 0, which ends a chunked body");
	case PHASE_START:
	case PHASE_UNTIL_CLOSE:
	case PHASE_ANSWER:
		break;
	}
	return "";
}

static void http_end(struct talk *talk, enum side from, bool whole)
{
	struct half *half = &((struct http *)talk_state(talk))->halves[from];
	if (!whole)
		(void)lose_count(talk, from);          /* of what comes behind a gap */
	if (!half->busy && half->phase == PHASE_START) /* nothing is told without even a line */
		(void)tell_partly(talk, from, talk_kept(talk, from),
		                  whole ? N_("it ended inside its headers") : "");
	if (!half->busy)
		return;
	half->message.incomplete = half->phase != PHASE_UNTIL_CLOSE || !whole;
	if (whole)
		message_trouble(&half->message, trouble_at_end(half));
	finish(talk, from);
	half->phase = PHASE_START;
}

static enum recognised http_recognise(const struct opening *opening)
{
	const struct cursor *said = &opening->said[opening->from];
	if (opening->again && !http_is_common(said))
		return RECOGNISED_NO;
	return http_recognise_line(*said);
}

const struct app_protocol app_http = {
        .name = "http",
        .state_size = sizeof(struct http),
        .recognise = http_recognise,
        .feed = http_feed,
        .skipped = http_skipped,
        .end = http_end,
};
