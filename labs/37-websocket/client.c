/* 37 WebSocket, the client: asks for "/push", checks the server's answer to its key, says each line
 * of its input, and listens until it has heard so many messages (-n). Then it says goodbye, and
 * waits for the server's. It can be wrong on purpose: without masks (-u 1), in pieces with a ping
 * between them
 * (-f 1), in no UTF-8 (-x 1), too long (-l BYTES), or without a goodbye (-g 0). */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/ws.h"

enum { LINE_BYTES = 256, LIMIT_MS = 3000, SHOWN_MAX = 60 };

/* What the options say. */
struct habits {
	int n, unmasked, in_pieces, not_utf8, length, goodbye;
};

/* A connection, and the bytes that came and are not read yet. */
struct stream {
	int fd;
	const struct habits *habits;
	bool said_close;
	size_t n;
	char bytes[WS_IN_MAX];
};

/* Waits for more bytes. False: there are none. */
static bool get(struct stream *s)
{
	if (s->n < sizeof s->bytes && receive_exactly(s->fd, s->bytes + s->n, 1, LIMIT_MS) == 1) {
		ssize_t more =
		        recv(s->fd, s->bytes + s->n + 1, sizeof s->bytes - s->n - 1, MSG_DONTWAIT);
		s->n += 1 + (more > 0 ? (size_t)more : 0); /* if it failed: the next one says so */
		return true;
	}
	printf("No more: %s\n", errno == 0 ? "the server has closed" : strerror(errno));
	return false;
}

static void take(struct stream *s, size_t n)
{
	s->n -= n;
	memmove(s->bytes, s->bytes + n, s->n);
}

/* One frame. Its mask is fresh each time: nobody who chooses the text can choose the bytes on the
 * wire (section 10.3). */
static bool say(struct stream *s, int opcode, bool fin, const char *bytes, size_t n)
{
	char *bytes_out = malloc(WS_HEAD_MAX + n);
	struct ws_frame frame = {
	        .fin = fin, .masked = !s->habits->unmasked, .opcode = opcode, .len = n};
	if (!bytes_out || getrandom(frame.mask, sizeof frame.mask, 0) != sizeof frame.mask)
		die("mask");
	size_t head = ws_write_head(bytes_out, &frame);
	if (n > 0)
		memcpy(bytes_out + head, bytes, n);
	if (frame.masked)
		ws_mask(bytes_out + head, n, frame.mask);
	bool good = send_all(s->fd, bytes_out, head + n) == 0; /* in one piece: lab 09 */
	free(bytes_out);
	return good;
}

/* A text, in one frame, or, if that is its habit, in three with a ping before the last. */
static void say_text(struct stream *s, const char *text, size_t n)
{
	size_t third = n / 3;
	bool good = true;
	if (!s->habits->in_pieces)
		good = say(s, WS_TEXT, true, text, n);
	else
		good = say(s, WS_TEXT, false, text, third) &&
		       say(s, WS_MORE, false, text + third, third) &&
		       say(s, WS_PING, true, "?", 1) &&
		       say(s, WS_MORE, true, text + 2 * third, n - 2 * third);
	printf("Said %zu bytes%s\n", n, good ? "" : ", but they did not go");
}

static void say_close(struct stream *s, int code)
{
	const char payload[2] = {(char)(code >> 8), (char)code};
	if (!s->said_close && say(s, WS_CLOSE, true, payload, sizeof payload))
		printf("Closing with %d\n", code);
	s->said_close = true;
}

/* The handshake. False: the server does not speak WebSocket. */
static bool open_it(struct stream *s, struct place place)
{
	char request[LINE_BYTES * 2], key[WS_KEY_BYTES], wanted[WS_ACCEPT_BYTES];
	struct http_head head;
	int len;
	ws_make_key(key);
	ws_accept(wanted, (struct text){key, strlen(key)});
	int size =
	        snprintf(request, sizeof request,
	                 "GET /push HTTP/1.1\r\nHost: %s:%s\r\nUpgrade: websocket\r\nConnection: "
	                 "Upgrade\r\nSec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\n\r\n",
	                 place.host, place.port, key);
	if (size < 0 || (size_t)size >= sizeof request ||
	    send_all(s->fd, request, (size_t)size) < 0)
		die("send");
	while ((len = http_read_response(&head, s->bytes, s->n, false)) == 0 && get(s))
		;
	bool good = len > 0 && head.status == 101 &&
	            text_is(http_header(&head, "Sec-WebSocket-Accept"), wanted);
	printf("Status %d; the answer to my key is %s\n", len > 0 ? head.status : 0,
	       good ? "right" : "missing or wrong");
	take(s, len > 0 ? (size_t)len : 0); /* what is behind it is frames */
	return good;
}

/* Reads a frame; the length of its head, before its payload in s->bytes. -1: the connection has
 * ended, or nothing comes, or no frame of a server. */
static int hear(struct stream *s, struct ws_frame *frame)
{
	for (;;) {
		int len = ws_read_head(frame, s->bytes, s->n);
		if (len < 0 || (len > 0 && (frame->masked || frame->len > WS_MESSAGE_MAX))) {
			printf("This is no frame of a server\n");
			say_close(s, WS_PROTOCOL_ERROR);
			return -1;
		}
		if (len > 0 && s->n - (size_t)len >= frame->len)
			return len;
		if (!get(s))
			return -1;
	}
}

/* What a frame says. The code that the server closes with, or 0. *n_heard counts the messages. */
static int understand(struct stream *s, const struct ws_frame *frame, const char *payload,
                      int *n_heard)
{
	size_t n = (size_t)frame->len;
	if (frame->opcode == WS_CLOSE) {
		int code = ws_close_code(payload, n);
		printf("The server closes with %d\n", code);
		say_close(s, code == WS_NO_CODE ? WS_NORMAL : code); /* back, if we did not begin */
		return code;
	}
	if (frame->opcode == WS_PING)
		(void)say(s, WS_PONG, true, payload, n); /* if it did not go, get() will tell */
	if (frame->opcode == WS_PONG)
		printf("Heard a pong\n");
	if (frame->opcode < WS_CLOSE) {
		printf("Heard %zu bytes: %.*s\n", n, n <= SHOWN_MAX ? (int)n : SHOWN_MAX, payload);
		*n_heard += frame->fin;
	}
	return 0;
}

/* Listens to one frame: as understand(), or -1 at the end. */
static int listen_once(struct stream *s, int *n_heard)
{
	struct ws_frame frame;
	int len = hear(s, &frame);
	if (len < 0)
		return -1;
	int code = understand(s, &frame, s->bytes + len, n_heard);
	take(s, (size_t)len + (size_t)frame.len);
	return code;
}

/* Says the lines of the input, and what was asked for by -x or -l. */
static void say_all(struct stream *s)
{
	char line[LINE_BYTES], *lengthy = calloc(1, (size_t)s->habits->length + 1);
	while (fgets(line, sizeof line, stdin) != NULL) {
		size_t n = strcspn(line, "\n");
		if (s->habits->not_utf8 && n > 0)
			line[0] = (char)0xff;
		say_text(s, line, n);
	}
	if (s->habits->length > 0 && lengthy)
		say_text(s, lengthy, (size_t)s->habits->length);
	free(lengthy);
}

int main(int argc, char **argv)
{
	struct habits habits = {.n = 3, .goodbye = 1};
	struct stream s = {.habits = &habits};
	int n_heard = 0, code = 0;
	char byte;
	const struct number_option options[] = {{'n', &habits.n, 0, 1000000},
	                                        {'u', &habits.unmasked, 0, 1},
	                                        {'f', &habits.in_pieces, 0, 1},
	                                        {'x', &habits.not_utf8, 0, 1},
	                                        {'l', &habits.length, 0, 1 << 30},
	                                        {'g', &habits.goodbye, 0, 1},
	                                        {0}};
	struct place place =
	        begin(argc, argv, options,
	              "client [-h] [-n MESSAGES] [-u 1 unmasked] [-f 1 in pieces] [-x 1 no "
	              "UTF-8] [-l BYTES] [-g 0 no goodbye] [host [port]] <lines    (3, "
	              "0, 0, 0, 0, 1, 127.0.0.1 8080)");
	s.fd = connect_to(place, SOCK_STREAM, 0);
	if (s.fd < 0)
		die("connect");
	if (!open_it(&s, place))
		return 1;
	say_all(&s);
	while (code == 0 && n_heard < habits.n)
		code = listen_once(&s, &n_heard);
	if (habits.goodbye && code == 0)
		say_close(&s, WS_NORMAL);
	while (habits.goodbye && code == 0) /* until it says goodbye too; pushes may still come */
		code = listen_once(&s, &n_heard);
	if (code > 0 && receive_exactly(s.fd, &byte, 1, LIMIT_MS) == 0 && errno == 0)
		printf("The server has closed the connection\n"); /* it is the first: section 7.1.1
		                                                   */
	if (close(s.fd) < 0)
		die("close");
	return habits.goodbye && code != WS_NORMAL;
}
