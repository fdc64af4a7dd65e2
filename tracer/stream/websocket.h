/* websocket.h: what the files of WebSocket (RFC 6455) share with each other, and with HTTP, which
 * begins it. */
#ifndef WIRELAB_STREAM_WEBSOCKET_H
#define WIRELAB_STREAM_WEBSOCKET_H

#include "stream/message.h"

/* The word in talk_switch()'s hint that says that both ends agreed on RFC 7692. */
#define WEBSOCKET_DEFLATE "permessage-deflate"

/* Is that Sec-WebSocket-Accept the answer to that Sec-WebSocket-Key (RFC 6455 section 4.2.2)? */
bool websocket_key_fits(const char *key, const char *accept);

/* A close code in words (RFC 6455 section 7.4), marked English; NULL: nobody may send it. */
const char *websocket_close_words(unsigned code);

/* Reads UTF-8 that comes in pieces; all zero at the start. */
struct websocket_utf8 {
	bool broken;
	uint8_t left;      /* bytes that the character still needs */
	uint8_t low, high; /* bounds of the next one */
};

void websocket_utf8_add(struct websocket_utf8 *utf8, const uint8_t *bytes, size_t n);

/* ---- frames ---- */

enum websocket_opcode { OP_CONTINUATION, OP_TEXT, OP_BINARY, OP_CLOSE = 8, OP_PING, OP_PONG };

enum {
	WEBSOCKET_FIN = 0x80,
	WEBSOCKET_RSV = 0x70,
	WEBSOCKET_RSV1 = 0x40,
	WEBSOCKET_CONTROL_MAX = 125,
	WEBSOCKET_KEPT = 128, /* bytes of a payload that are kept */
	WEBSOCKET_PINGS = 4   /* that wait for their pong */
};

/* The first bytes of a frame: RFC 6455 section 5.2. */
struct websocket_head {
	uint8_t flags; /* FIN and RSV */
	uint8_t opcode;
	bool masked;
	uint8_t short_len;
	uint64_t len;
	uint8_t mask[4];
};

/* A ping or a close that waits for its answer. */
struct websocket_waiting {
	uint64_t frame; /* 0: none */
	int64_t time_ns;
	uint8_t n;
	char bytes[WEBSOCKET_CONTROL_MAX];
};

/* One direction. */
struct websocket_half {
	bool busy; /* a frame's head is read, its payload comes */
	struct message message;
	struct websocket_head head;
	uint64_t at; /* bytes of the payload so far */
	uint8_t n_kept;
	char kept[WEBSOCKET_KEPT];
	/* the message that the frames make, over several of them */
	bool open;   /* its last fragment has not come */
	bool unsure; /* the capture has missed bytes: it may have begun there */
	bool is_text, is_compressed;
	uint32_t n_fragments;
	uint64_t total;
	struct websocket_utf8 utf8;
	bool closed;
	unsigned next_ping;
	struct websocket_waiting pings[WEBSOCKET_PINGS], close;
};

static inline bool websocket_is_control(uint8_t opcode)
{
	return opcode >= OP_CLOSE;
}

/* Puts what a frame says, as far as it was kept, into its message: summary, fields of the payload,
 * what is wrong with that. */
void websocket_say(struct websocket_half *half);

#endif
