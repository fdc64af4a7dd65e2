/* fuzz_dialogue.c: what both ends of connections say, as bytes; so that changed ones reach deep
 * into the protocols of applications. Byte 0 chooses how it begins (with a handshake of WebSocket,
 * a greeting of SMTP or FTP, or not at all), the server's port, and whether there is room for all.
 * Then instructions:
 *
 *   0   from the server (bit 0); connection (2 bits); how (3 bits): see enum how
 *   1   length
 *   so many bytes
 *
 * Claims: each message is sound as an event; and the same bytes, one to a segment, give the same
 * messages. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "stream/messages.h"

enum how { HOW_PLAIN, HOW_CRLF, HOW_FRAME, HOW_MISSED, HOW_FIN, HOW_CUT, HOW_SWAPPED, HOW_MANY };
enum { CONNECTIONS = 4, HEARD = 1 << 18, MOST = 8, CLAIMED = 12, HEAD = 2, NARROW = 0x20 };

#define WEBSOCKET_ASKS                                                                             \
	"GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"                          \
	"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
#define WEBSOCKET_AGREES                                                                           \
	"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"                               \
	"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"

static const struct beginning {
	const char *client, *server;
} beginnings[] = {
        {"", ""},
        {WEBSOCKET_ASKS, WEBSOCKET_AGREES "\r\n"},
        {WEBSOCKET_ASKS, WEBSOCKET_AGREES "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"},
        {"", "220 x ESMTP\r\n"},
        {"", "220 x FTP\r\n"},
        {"EHLO me\r\n", ""},
        {"", "220 whose?\r\n"},
        {"USER me\r\n", "220 FTP\r\n331 yes\r\n"},
};
static const uint16_t ports[] = {80, 25, 21, 4000};

/* One run over the conversations, whole or byte by byte. */
struct run {
	struct messages *messages;
	bool by_bytes;
	uint16_t port;
	uint64_t frame;
	uint32_t next[CONNECTIONS][N_SIDES];
	struct text heard;
	bool comparable; /* nothing that depends on where segments end */
	int claims;      /* for so many messages more: they cost more than all the rest */
};

/* Bytes that are no UTF-8 are replaced when an event is written: it is read back once, and from
 * then on it has to stay as it is. */
static void claim_written(const struct event *raw)
{
	static char line[EVENT_LINE_MAX];
	static struct event e; /* large */
	struct text t = text_of(line, sizeof line);
	struct explanation explanation;
	char why[256];
	explain_event(&explanation, raw);
	fuzz_claim_printable(explanation.title.bytes, explanation.title.len, "");
	fuzz_claim_printable(explanation.what.bytes, explanation.what.len, "");
	fuzz_claim_printable(explanation.why.bytes, explanation.why.len, "");
	event_write(&t, raw, "");
	CLAIM(!t.cut && t.len > 0);
	CLAIM(event_read(&e, line, t.len - 1, why, sizeof why) == 0);
	fuzz_claim_event(&e);
}

static void claim_message(const struct message *m, uint64_t frame)
{
	static struct event e; /* large */
	e = (struct event){.kind = EVENT_MESSAGE,
	                   .number = 1,
	                   .time_ns = (int64_t)frame * NS_PER_MS,
	                   .frame = m->last_frame,
	                   .linktype = -1};
	e.message = *m;
	CLAIM(m->n_frames_named <= MESSAGE_FRAMES);
	CLAIM(m->n_frames_named <= m->n_frames);
	CLAIM(m->last_frame <= frame && m->request_frame <= frame);
	CLAIM(m->latency_ns >= -1);
	CLAIM(strlen(m->summary) < sizeof m->summary && strlen(m->trouble) < sizeof m->trouble);
	claim_written(&e);
}

static bool is_of_a_dialogue(const struct message *m)
{
	static const char *const kinds[] = {"command",      "response", "data", "text", "binary",
	                                    "continuation", "close",    "ping", "pong", "reserved"};
	if (strcmp(m->protocol, "smtp") != 0 && strcmp(m->protocol, "ftp") != 0 &&
	    strcmp(m->protocol, "websocket") != 0)
		return false;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (strcmp(m->kind, kinds[i]) == 0)
			return true;
	return false;
}

static void on_message(void *arg, const struct message *m)
{
	struct run *run = arg;
	const char *name, *value;
	if (run->claims-- > 0)
		claim_message(m, run->frame);
	if (m->stream != 0 && (strcmp(m->protocol, "ftp") != 0 || strcmp(m->kind, "data") != 0))
		return; /* where it is recognised depends on where segments end */
	run->comparable = run->comparable && is_of_a_dialogue(m);
	text_addf(&run->heard, "%lld %d %s %s %llu %d %s !%s\n", (long long)m->stream, m->from,
	          m->protocol, m->kind, (unsigned long long)m->length, m->incomplete, m->summary,
	          m->trouble);
	for (size_t at = 0; message_next(m, &at, &name, &value);)
		if (!strstr(name, "frame"))
			text_addf(&run->heard, "  %s=%s\n", name, value);
}

static struct endpoint end_of(const struct run *run, unsigned connection, enum side side)
{
	/* The others are the data connections of an FTP server that names these ports. */
	static const uint16_t data_ports[CONNECTIONS] = {0, 1930, 1931, 1932};
	struct endpoint end = {.addr = {4, {10, 0, 0, side == CLIENT ? 1 : 2}}, .port = 40000};
	if (side == SERVER)
		end.port = connection == 0 ? run->port : data_ports[connection];
	return end;
}

/* What a segment carries; of its n bytes only so many were captured. */
struct load {
	uint32_t seq;
	const uint8_t *bytes;
	uint32_t n, captured;
	unsigned flags;
};

static void send(struct run *run, unsigned connection, enum side from, struct load load)
{
	struct segment s = {.stream = connection,
	                    .from = from,
	                    .src = end_of(run, connection, from),
	                    .dst = end_of(run, connection, side_other(from)),
	                    .seq_raw = load.seq,
	                    .ack_raw = run->next[connection][side_other(from)],
	                    .flags = (uint16_t)(load.flags | TCP_ACK),
	                    .len = load.n};
	s.after[from] = (struct tcb){.known = KNOWN_ISS, .iss = 999};
	/* a copy, so that the sanitizer sees a read behind its end */
	uint8_t *copy = malloc(load.captured + 1U);
	CLAIM(copy != NULL);
	if (load.captured > 0)
		memcpy(copy, load.bytes, load.captured);
	struct payload p = {.bytes = copy,
	                    .len = load.captured,
	                    .wirelen = load.n,
	                    .frame = ++run->frame,
	                    .time_ns = (int64_t)run->frame * NS_PER_MS};
	messages_segment(run->messages, &s, &p);
	free(copy);
}

/* The next n bytes, in one segment or in many. */
static void say(struct run *run, unsigned connection, enum side from, const uint8_t *bytes,
                uint32_t n)
{
	uint32_t step = run->by_bytes ? 1 : n;
	for (uint32_t at = 0; at < n; at += step) {
		uint32_t seq = run->next[connection][from];
		send(run, connection, from, (struct load){seq, bytes + at, step, step, TCP_PSH});
		run->next[connection][from] += step;
	}
}

static void say_text(struct run *run, enum side from, const char *words)
{
	uint8_t bytes[512];
	size_t n = strlen(words);
	CLAIM(n <= sizeof bytes);
	memcpy(bytes, words, n);
	say(run, 0, from, bytes, (uint32_t)n);
}

/* A frame of WebSocket around the bytes, so that lengths are mostly right. */
static void say_frame(struct run *run, unsigned connection, enum side from, const uint8_t *bytes,
                      uint32_t n)
{
	uint8_t frame[8 + 256];
	uint32_t head = from == CLIENT ? 6 : 2;
	if (n == 0)
		return;
	frame[0] = bytes[0];
	n = n - 1 < 125 ? n - 1 : 125;
	frame[1] = (uint8_t)(n | (from == CLIENT ? 0x80U : 0));
	memset(frame + 2, 0, 4);
	memcpy(frame + head, bytes + 1, n);
	say(run, connection, from, frame, head + n);
}

/* In two segments that come in the wrong order. */
static void say_swapped(struct run *run, unsigned connection, enum side from, const uint8_t *bytes,
                        uint32_t n)
{
	uint32_t half = n / 2, seq = run->next[connection][from];
	if (n < 2 || run->by_bytes) {
		say(run, connection, from, bytes, n);
		return;
	}
	send(run, connection, from, (struct load){seq + half, bytes + half, n - half, n - half, 0});
	send(run, connection, from, (struct load){seq, bytes, half, half, 0});
	run->next[connection][from] += n;
}

static void do_one(struct run *run, uint8_t head, const uint8_t *bytes, uint32_t n)
{
	enum side from = head & 1 ? SERVER : CLIENT;
	unsigned connection = head >> 1 & (CONNECTIONS - 1);
	uint32_t *next = &run->next[connection][from];
	switch ((enum how)(head >> 3 & 7)) {
	case HOW_PLAIN:
		say(run, connection, from, bytes, n);
		return;
	case HOW_CRLF:
		say(run, connection, from, bytes, n);
		say(run, connection, from, (const uint8_t *)"\r\n", 2);
		return;
	case HOW_FRAME:
		say_frame(run, connection, from, bytes, n);
		return;
	case HOW_MISSED:
		*next += n;
		run->comparable = false;
		return;
	case HOW_FIN:
		send(run, connection, from, (struct load){(*next)++, bytes, 0, 0, TCP_FIN});
		return;
	case HOW_CUT: /* the capture kept half of it */
		send(run, connection, from, (struct load){*next, bytes, n, n / 2, 0});
		*next += n;
		run->comparable = false;
		return;
	case HOW_SWAPPED:
		say_swapped(run, connection, from, bytes, n);
		return;
	case HOW_MANY:
		for (int i = 0; i < MOST; i++)
			say(run, connection, from, bytes, n);
		return;
	}
}

static void play(struct run *run, const uint8_t *data, size_t size)
{
	struct messages_config config = {
	        .max_talks = CONNECTIONS, .on_message = on_message, .arg = run};
	if (data[0] & NARROW) {
		config.max_talks = 2;
		config.memory = 64 * 1024;
		run->comparable = false; /* a conversation that had to make room begins anew */
	}
	const struct beginning *b = &beginnings[data[0] & 7];
	run->messages = messages_new(&config);
	CLAIM(run->messages != NULL);
	for (unsigned i = 0; i < CONNECTIONS; i++)
		run->next[i][CLIENT] = run->next[i][SERVER] = 1000;
	say_text(run, CLIENT, b->client);
	say_text(run, SERVER, b->server);
	for (size_t at = 1, n; at + HEAD <= size; at += HEAD + n) {
		n = data[at + 1] < size - at - HEAD ? data[at + 1] : size - at - HEAD;
		do_one(run, data[at], data + at + HEAD, (uint32_t)n);
	}
	messages_end(run->messages);
	messages_free(run->messages);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char whole[HEARD], parts[HEARD]; /* too large for the stack */
	if (size < 1)
		return 0;
	struct run first = {.port = ports[data[0] >> 3 & 3],
	                    .claims = CLAIMED,
	                    .comparable = true,
	                    .heard = text_of(whole, sizeof whole)};
	struct run again = {.port = first.port,
	                    .by_bytes = true,
	                    .comparable = true,
	                    .heard = text_of(parts, sizeof parts)};
	/* What is recognised at once does not depend on where segments end. */
	bool known = (data[0] & 7) >= 3 && (data[0] & 7) != 6;
	play(&first, data, size);
	if (!known || !first.comparable || first.heard.cut)
		return 0;
	play(&again, data, size);
	if (again.comparable && strcmp(whole, parts) != 0)
		(void)fprintf(stderr, "whole:\n%sin parts:\n%s", whole, parts); /* we abort */
	CLAIM(!again.comparable || strcmp(whole, parts) == 0);
	return 0;
}
