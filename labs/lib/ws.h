/* ws.h: WebSocket (RFC 6455): the key of the handshake, frames, masks, text that must be UTF-8;
 * both ends need that. Behind it what a server says and hears, on the loop. */
#ifndef LABS_LIB_WS_H
#define LABS_LIB_WS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/web.h"

enum ws_opcode { WS_MORE = 0, WS_TEXT = 1, WS_BINARY = 2, WS_CLOSE = 8, WS_PING = 9, WS_PONG = 10 };

/* Section 7.4.1: why a connection is closed. NO_CODE: a close frame without. */
enum ws_code {
	WS_NORMAL = 1000,
	WS_GOING_AWAY = 1001,
	WS_PROTOCOL_ERROR = 1002,
	WS_NO_CODE = 1005,
	WS_NOT_UTF8 = 1007,
	WS_TOO_BIG = 1009
};

enum { WS_HEAD_MAX = 14, WS_CONTROL_MAX = 125, WS_KEY_BYTES = 25, WS_ACCEPT_BYTES = 29 };

/* A frame's head: section 5.2. */
struct ws_frame {
	bool fin, masked;
	int opcode; /* a WS_ one */
	uint64_t len;
	unsigned char mask[4];
};

/* ---- for both ends ---- */

/* A fresh Sec-WebSocket-Key: 16 random bytes in base64, as a string. */
void ws_make_key(char key[WS_KEY_BYTES]);

/* What the server makes of it: base64 of the SHA-1 of the key and a fixed word, as a string. */
void ws_accept(char accept[WS_ACCEPT_BYTES], struct text key);

/* Reads a frame's head. Its length, 0: there is more to come, or -WS_PROTOCOL_ERROR: reserved bits,
 * an unknown opcode, a control frame that is long or in pieces, a length that could be shorter. */
int ws_read_head(struct ws_frame *frame, const char *bytes, size_t n);

/* Writes a frame's head; its length. */
size_t ws_write_head(char head[WS_HEAD_MAX], const struct ws_frame *frame);

/* Masks n bytes, or unmasks them: it is the same. */
void ws_mask(char *bytes, size_t n, const unsigned char mask[4]);

/* Is it UTF-8, whole (RFC 3629: no surrogates, no longer form than need be)? */
bool ws_is_utf8(const char *bytes, size_t n);

/* The code of a close frame's payload; WS_NO_CODE for an empty one; or -code: how it is wrong. */
int ws_close_code(const char *payload, size_t n);

/* ---- a server's end, on the loop ---- */

enum { WS_MESSAGE_MAX = 16384, WS_IN_MAX = WS_MESSAGE_MAX + WS_HEAD_MAX };

/* conn->state begins with it; limits.in_max must be WS_IN_MAX at least. */
struct ws_talk {
	struct web_talk web;
	bool open;    /* it is a WebSocket now */
	bool closing; /* our close frame is said */
	bool pinged;  /* we have asked whether it is still there */
	int opcode;   /* of the message that is coming in pieces; 0: none */
	size_t n;
	char message[WS_MESSAGE_MAX];
};

/* For an answer function: says 101 and makes it a WebSocket; or says what is wrong: 400, 426. */
bool ws_open(struct conn *c, const struct web_request *request);

/* Serves an open one: to be called by service.serve instead of web_serve(). Gives each message to
 * `heard`, whole; answers pings; checks all that section 5 demands, and closes with the code of
 * what is wrong. */
void ws_serve(struct conn *c, void (*heard)(struct conn *c, int opcode, struct text message));

/* One frame. False, and nothing is said, when there is no room, or it is closing. */
bool ws_say(struct conn *c, int opcode, const char *bytes, size_t n);

#endif
