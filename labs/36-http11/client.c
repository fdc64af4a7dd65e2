/* 36 HTTP/1.1, the client: each line of its input is a request, "GET /path" or "POST /path BYTES";
 * all on one connection, as long as the server keeps it. The end of an answer is where its head
 * says: after so many bytes, after the last chunk; reading on would be waiting. With -p 1 it says
 * all requests first, and then reads (pipelining); with -c 1 it asks to close after each. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/http.h"
#include "lib/net.h"

enum { LINE_BYTES = 256, REQUESTS_MAX = 32, BUFFER = 16384, SHOWN_MAX = 60, LIMIT_MS = 3000 };

/* A connection, and the bytes that came and are not read yet. */
struct stream {
	int fd;
	size_t n;
	char bytes[BUFFER];
};

/* A line of the input. */
struct wish {
	char line[LINE_BYTES];
	long body_len; /* -1: none */
};

static bool say(struct stream *s, struct place place, const struct wish *wish, bool close_it)
{
	char head[LINE_BYTES + 400], length[64] = "";
	static const char zeros[4096] = "";
	if (wish->body_len >= 0)
		(void)snprintf(length, sizeof length, "Content-Length: %ld\r\n", wish->body_len);
	int n = snprintf(head, sizeof head, "%s HTTP/1.1\r\nHost: %s:%s\r\n%s%s\r\n", wish->line,
	                 place.host, place.port, length, close_it ? "Connection: close\r\n" : "");
	bool good = n > 0 && (size_t)n < sizeof head && send_all(s->fd, head, (size_t)n) == 0;
	for (long left = wish->body_len; good && left > 0; left -= (long)sizeof zeros)
		good = send_all(s->fd, zeros,
		                left < (long)sizeof zeros ? (size_t)left : sizeof zeros) == 0;
	printf("Asked: %s%s\n", wish->line, good ? "" : ", but not all of it went");
	return good;
}

static void take(struct stream *s, size_t n)
{
	s->n -= n;
	memmove(s->bytes, s->bytes + n, s->n);
}

/* Waits for more bytes. False: there are none. */
static bool hear(struct stream *s)
{
	size_t got = receive_exactly(s->fd, s->bytes + s->n, 1, LIMIT_MS);
	if (got == 0) {
		printf("No more: %s\n", errno == 0 ? "the server has closed" : strerror(errno));
		return false;
	}
	ssize_t more = recv(s->fd, s->bytes + s->n + 1, sizeof s->bytes - s->n - 1, MSG_DONTWAIT);
	s->n += 1 + (more > 0 ? (size_t)more : 0); /* if it failed: hear() will say so */
	return true;
}

/* Reads a head; those with 1xx are only news of the one that comes. */
static bool read_head(struct stream *s, struct http_head *head, bool to_head)
{
	for (;;) {
		int len = http_read_response(head, s->bytes, s->n, to_head);
		if (len < 0 || (len == 0 && s->n == sizeof s->bytes)) {
			printf("This is no HTTP: %.20s\n", s->bytes);
			return false;
		}
		if (len == 0 && !hear(s))
			return false;
		if (len == 0)
			continue;
		printf("Status %d %.*s\n", head->status, (int)head->reason.n, head->reason.at);
		take(s, (size_t)len); /* what head points to is gone: its numbers are not */
		if (head->status >= 200)
			return true;
	}
}

/* Reads a body to its end, wherever that is. */
static bool read_body(struct stream *s, const struct http_head *head)
{
	static const char *const ends[] = {"no body", "a length", "chunks", "the server's FIN"};
	char shown[SHOWN_MAX + 1] = "";
	struct http_body body = http_body_of(head);
	enum http_part part;
	size_t total = 0, taken;
	do {
		struct text piece;
		part = http_read_body(&body, s->bytes, s->n, &taken, &piece);
		for (size_t i = 0; i < piece.n && total + i < SHOWN_MAX; i++)
			shown[total + i] = piece.at[i];
		total += piece.n;
		take(s, taken);
	} while (part == HTTP_PIECE || (part == HTTP_MORE && hear(s)));
	bool whole = part == HTTP_END || (head->framing == HTTP_UNTIL_CLOSE && errno == 0);
	printf("%zu bytes of body, told by %s%s\n", total, ends[head->framing],
	       whole ? "" : ": that is not all of it");
	if (total > 0 && total <= SHOWN_MAX)
		printf("%.*s\n", (int)strcspn(shown, "\n"), shown);
	return whole;
}

/* Reads the answer to it. *keeps: the connection can be used again. */
static bool hear_answer(struct stream *s, const struct wish *wish, bool *keeps)
{
	struct http_head head;
	*keeps = false;
	if (!read_head(s, &head, strncmp(wish->line, "HEAD ", 5) == 0) || !read_body(s, &head))
		return false;
	*keeps = head.keep_alive && head.framing != HTTP_UNTIL_CLOSE;
	return true;
}

static void reconnect(struct stream *s, struct place place)
{
	if (s->fd >= 0)
		(void)close(s->fd);
	s->n = 0;
	s->fd = connect_to(place, SOCK_STREAM, 0);
	if (s->fd < 0)
		die("connect");
	printf("Connected to %s port %s\n", place.host, place.port);
}

/* "POST /echo 100": the last word is the length of the body. */
static int read_wishes(struct wish *wishes)
{
	int n = 0;
	while (n < REQUESTS_MAX && fgets(wishes[n].line, LINE_BYTES, stdin) != NULL) {
		char *line = wishes[n].line, *blank = strrchr(line, ' ');
		line[strcspn(line, "\n")] = '\0';
		wishes[n].body_len = -1;
		if (strncmp(line, "POST ", 5) == 0 && blank > line + 4) {
			wishes[n].body_len = strtol(blank, NULL, 10);
			*blank = '\0';
		}
		n += line[0] != '\0';
	}
	return n;
}

int main(int argc, char **argv)
{
	int pipelined = 0, closes = 0, n_bad = 0;
	struct wish wishes[REQUESTS_MAX];
	struct stream stream = {.fd = -1};
	const struct number_option options[] = {{'p', &pipelined, 0, 1}, {'c', &closes, 0, 1}, {0}};
	struct place place = begin(argc, argv, options,
	                           "client [-h] [-p 0|1 pipelined] [-c 0|1 close after each] "
	                           "[host [port]] <requests    (0, 0, 127.0.0.1 8080)");
	int n = read_wishes(wishes);
	bool keeps = false;
	for (int i = 0, n_said = 0; i < n; i++) {
		if (!keeps) {
			reconnect(&stream, place);
			n_said = i; /* what had no answer is said again */
		}
		for (; n_said < n && (n_said == i || pipelined); n_said++)
			(void)say(&stream, place, &wishes[n_said],
			          closes); /* the answer tells more */
		n_bad += !hear_answer(&stream, &wishes[i], &keeps);
	}
	if (stream.fd >= 0 && close(stream.fd) < 0)
		die("close");
	return n_bad > 0;
}
