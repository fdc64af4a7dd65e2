/* wsconn.c: a server's end of a WebSocket, on the loop. See ws.h. */
#include <stdio.h>
#include <string.h>

#include "lib/ws.h"

/* ---- the handshake, section 4.2 ---- */

bool ws_open(struct conn *c, const struct web_request *request)
{
	char accept[WS_ACCEPT_BYTES], head[256];
	struct ws_talk *talk = c->state;
	const struct http_head *asked = &request->head;
	struct text key = http_header(asked, "Sec-WebSocket-Key");
	if (!http_lists(asked, "Upgrade", "websocket") ||
	    !http_lists(asked, "Connection", "upgrade")) {
		web_say(c, request, 426, "Upgrade: websocket\r\nConnection: Upgrade\r\n",
		        (struct text){"this is for WebSockets\n", 23});
		return false;
	}
	if (!http_lists(asked, "Sec-WebSocket-Version", "13")) {
		web_say(c, request, 426, "Sec-WebSocket-Version: 13\r\n",
		        (struct text){"version 13\n", 11});
		return false;
	}
	if (key.n != WS_KEY_BYTES - 1 || asked->minor == 0 || !text_is(asked->method, "GET")) {
		web_say_text(c, request, 400, "this is no handshake\n");
		return false;
	}
	ws_accept(accept, key);
	int n = snprintf(head, sizeof head,
	                 "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
	                 "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
	                 accept);
	(void)conn_say(c, head, (size_t)n); /* an answer has room */
	talk->open = talk->web.busy = true; /* from here on there are no requests any more */
	return true;
}

/* ---- what is said ---- */

bool ws_say(struct conn *c, int opcode, const char *bytes, size_t n)
{
	char head[WS_HEAD_MAX];
	const struct ws_talk *talk = c->state;
	const struct ws_frame frame = {.fin = true, .opcode = opcode, .len = n};
	size_t head_len = ws_write_head(head, &frame);
	if (talk->closing || c->finishing || conn_room(c) < head_len + n)
		return false;
	return conn_say(c, head, head_len) && conn_say(c, bytes, n);
}

/* Says goodbye; when the client has said it, too, the connection ends. */
static void say_goodbye(struct conn *c, int code)
{
	struct ws_talk *talk = c->state;
	char payload[2] = {(char)(code >> 8), (char)code};
	if (!ws_say(c, WS_CLOSE, payload, code == WS_NO_CODE ? 0 : sizeof payload) &&
	    !talk->closing)
		conn_drop(c); /* it has not read anything for long */
	talk->closing = true;
}

/* What it has said is wrong: nothing more of it counts (section 7.1.7). */
static void fail(struct conn *c, int code)
{
	const struct web_site *site = c->loop->service->context;
	if (!site->quiet)
		printf("Closing with %d\n", code);
	say_goodbye(c, code);
	conn_finish(c);
}

/* ---- what is heard ---- */

static void hear_close(struct conn *c, const char *payload, size_t n)
{
	int code = ws_close_code(payload, n);
	if (code < 0) {
		fail(c, -code);
		return;
	}
	const struct web_site *site = c->loop->service->context;
	if (!site->quiet)
		printf("The client closes with %d\n", code);
	say_goodbye(c, code); /* the same code back; nothing if it was we who began */
	conn_finish(c);       /* the server is the first to close the connection: section 7.1.1 */
}

static void hear_control(struct conn *c, int opcode, const char *payload, size_t n)
{
	if (opcode == WS_CLOSE)
		hear_close(c, payload, n);
	else if (opcode == WS_PING)
		(void)ws_say(c, WS_PONG, payload, n); /* no room: it does not read, so what for */
}

/* A frame of a message, which may be all of it. The code of what is wrong, or 0. */
static int hear_piece(struct conn *c, const struct ws_frame *frame, const char *payload,
                      void (*heard)(struct conn *c, int opcode, struct text message))
{
	struct ws_talk *talk = c->state;
	if ((frame->opcode == WS_MORE) != (talk->opcode != 0))
		return WS_PROTOCOL_ERROR; /* goes on with nothing, or begins inside another */
	if (frame->len > sizeof talk->message - talk->n)
		return WS_TOO_BIG;
	memcpy(talk->message + talk->n, payload, (size_t)frame->len);
	talk->n += (size_t)frame->len;
	talk->opcode = talk->opcode ? talk->opcode : frame->opcode;
	if (!frame->fin)
		return 0;
	int opcode = talk->opcode;
	if (opcode == WS_TEXT && !ws_is_utf8(talk->message, talk->n))
		return WS_NOT_UTF8;
	if (!talk->closing)
		heard(c, opcode, (struct text){talk->message, talk->n});
	talk->opcode = 0;
	talk->n = 0;
	return 0;
}

/* The next frame, if it is whole. False: there is none, or no room for what it may be answered. */
static bool hear_frame(struct conn *c,
                       void (*heard)(struct conn *c, int opcode, struct text message))
{
	struct ws_talk *talk = c->state;
	struct ws_frame frame;
	int len = ws_read_head(&frame, c->in.start, c->in.n);
	if (len == 0 || c->finishing || conn_room(c) < WS_IN_MAX)
		return false;
	/* what a client sends must be masked: section 5.1 */
	int wrong = len < 0 ? -len : !frame.masked ? WS_PROTOCOL_ERROR : 0;
	if (wrong == 0 && frame.len > WS_MESSAGE_MAX)
		wrong = WS_TOO_BIG;
	if (wrong == 0 && c->in.n - (size_t)len < frame.len)
		return false;
	char *payload = c->in.start + len;
	if (wrong == 0) {
		ws_mask(payload, (size_t)frame.len, frame.mask);
		if (frame.opcode >= WS_CLOSE)
			hear_control(c, frame.opcode, payload, (size_t)frame.len);
		else
			wrong = hear_piece(c, &frame, payload, heard);
		conn_take(c, (size_t)len + (size_t)frame.len);
		conn_renew(c);
		talk->pinged = false;
	}
	if (wrong != 0)
		fail(c, wrong);
	return wrong == 0;
}

void ws_serve(struct conn *c, void (*heard)(struct conn *c, int opcode, struct text message))
{
	struct ws_talk *talk = c->state;
	while (!c->finishing && hear_frame(c, heard))
		;
	if (c->finishing)
		return;
	if (!talk->pinged && c->loop->now_ms - c->since_ms > c->loop->limits.total_ms / 2)
		talk->pinged = ws_say(c, WS_PING, "", 0);
	if (c->late || c->loop->stopping)
		say_goodbye(c, WS_GOING_AWAY);
	if (c->ended || (c->late && talk->closing))
		conn_finish(c); /* without a goodbye: code 1006, which nobody sends */
}
