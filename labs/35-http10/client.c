/* 35 HTTP/1.0, the client: for each line of its input, "GET /path", one connection and one request.
 * Reads to the end of the stream: that is where the body ends. A connection that is reset has no
 * end: then nobody knows whether that was all. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/http.h"
#include "lib/net.h"

enum { LINE_BYTES = 256, SHOWN_MAX = 80 };

/* An answer, as it comes. */
struct answer {
	struct http_head head;
	int head_len;
	size_t n;                  /* bytes of it so far, head and body */
	int n_reads;               /* calls of recv() that gave some */
	char begin[HTTP_HEAD_MAX]; /* the first of them */
};

/* The request, in one piece, or, if asked to, in two with a pause between. */
static void ask(int fd, const char *line, struct place place, int split_ms)
{
	char request[LINE_BYTES + 300];
	int n = snprintf(request, sizeof request, "%s HTTP/1.0\r\nHost: %s:%s\r\n\r\n", line,
	                 place.host, place.port);
	size_t first = split_ms > 0 ? strlen(line) / 2 : 0;
	if (n < 0 || (size_t)n >= sizeof request) {
		fprintf(stderr, "client: this is too long: %s\n", line);
		return;
	}
	if (first > 0 && send_all(fd, request, first) == 0)
		pause_ms(split_ms);
	if (send_all(fd, request + first, (size_t)n - first) < 0)
		perror("client: send"); /* what has been answered can be read all the same */
}

/* Reads all that comes. True if it ended, false if it was broken off. */
static bool hear(int fd, struct answer *answer)
{
	char piece[16384];
	for (;;) {
		ssize_t n = recv(fd, piece, sizeof piece, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n == 0;
		size_t room = sizeof answer->begin -
		              (answer->n < sizeof answer->begin ? answer->n : sizeof answer->begin);
		if (room > 0)
			memcpy(answer->begin + answer->n, piece,
			       (size_t)n < room ? (size_t)n : room);
		answer->n += (size_t)n;
		answer->n_reads++;
	}
}

/* What has come: the status line, and where the head ends the body begins. An answer to HEAD has no
 * body. True if all is as it should be. */
static bool tell(struct answer *answer, bool to_head, bool whole, const char *why)
{
	bool good = whole;
	size_t n = answer->n < sizeof answer->begin ? answer->n : sizeof answer->begin;
	int len = http_read_response(&answer->head, answer->begin, n, false);
	if (len > 0) {
		size_t body = answer->n - (size_t)len, shown = body < SHOWN_MAX ? body : 0;
		printf("Status %d %.*s; %zu bytes of body, in %d reads\n", answer->head.status,
		       (int)answer->head.reason.n, answer->head.reason.at, body, answer->n_reads);
		good &= !to_head || body == 0;
		if (shown > 0)
			printf("%.*s\n", (int)strcspn(answer->begin + len, "\n"),
			       answer->begin + len);
	} else {
		printf("%zu bytes, and no HTTP\n", answer->n);
	}
	printf(whole ? "The end of the stream: that was all\n" : "Broken off: %s\n", why);
	return good && len > 0;
}

static bool fetch(struct place place, const char *line, int wait_ms, int split_ms)
{
	struct answer answer = {.n = 0};
	int fd = connect_to(place, SOCK_STREAM, 0);
	if (fd < 0)
		die("connect");
	printf("Asking: %s\n", line);
	ask(fd, line, place, split_ms);
	if (wait_ms > 0)
		pause_ms(wait_ms);
	bool whole = hear(fd, &answer);
	const char *why = strerror(errno);
	bool good = tell(&answer, strncmp(line, "HEAD ", 5) == 0, whole, why);
	if (close(fd) < 0)
		die("close");
	return good;
}

int main(int argc, char **argv)
{
	int wait_ms = 0, split_ms = 0, n_bad = 0;
	char line[LINE_BYTES];
	const struct number_option options[] = {
	        {'w', &wait_ms, 0, 10000}, {'s', &split_ms, 0, 10000}, {0}};
	struct place place = begin(argc, argv, options,
	                           "client [-h] [-w WAIT_MS] [-s SPLIT_MS] [host [port]] "
	                           "<requests    (0, 0, 127.0.0.1 8080)");
	while (fgets(line, sizeof line, stdin) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] != '\0')
			n_bad += !fetch(place, line, wait_ms, split_ms);
	}
	return n_bad > 0;
}
