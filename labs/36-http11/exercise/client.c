/* 36 HTTP/1.1, your client. It asks two things: GET /riddle, and POST /riddle with what it has got.
 * It reads as in lab 35, to the end of the stream; the server keeps the connection, and so it
 * waits. `wirelab check 36` tells what is wrong. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/net.h"

enum { ANSWER_MAX = 8192 };

/* An answer: its head and its body, both strings. */
struct answer {
	char head[ANSWER_MAX], body[ANSWER_MAX];
	size_t body_len;
};

static void ask(int fd, struct place place, const char *line, const char *body)
{
	char request[ANSWER_MAX + 512];
	int n = snprintf(request, sizeof request,
	                 "%s HTTP/1.1\r\nHost: %s:%s\r\nContent-Length: %zu\r\n\r\n%s", line,
	                 place.host, place.port, strlen(body), body);
	if (send_all(fd, request, (size_t)n) < 0)
		die("send");
}

/* Reads up to the empty line, byte by byte, and so no byte of the body. */
static void read_head(int fd, struct answer *answer)
{
	for (size_t n = 0; n + 1 < sizeof answer->head; n++) {
		if (receive_exactly(fd, answer->head + n, 1, -1) != 1)
			die("the server has closed");
		answer->head[n + 1] = '\0';
		if (n >= 3 && strcmp(answer->head + n - 3, "\r\n\r\n") == 0)
			return;
	}
	die("the head has no end");
}

/* Reads the body of that head. */
static void read_body(int fd, struct answer *answer)
{
	/* TODO 1: this reads until the server closes. But the head says how many bytes there are:
	 * read these, however they come, and no more. */
	size_t max = sizeof answer->body - 1;
	answer->body_len = receive_exactly(fd, answer->body, max, -1);
	answer->body[answer->body_len] = '\0';
}

int main(int argc, char **argv)
{
	struct answer answer;
	struct place place =
	        begin(argc, argv, NULL, "client [-h] [host [port]]    (127.0.0.1 8080)");
	int fd = connect_to(place, SOCK_STREAM, 0);
	if (fd < 0)
		die("connect");

	ask(fd, place, "GET /riddle", "");
	read_head(fd, &answer);
	read_body(fd, &answer);
	printf("The riddle: %s\n", answer.body);

	/* TODO 2: a riddle is good for its connection only: stay on it. */
	close(fd);
	fd = connect_to(place, SOCK_STREAM, 0);
	if (fd < 0)
		die("connect");

	ask(fd, place, "POST /riddle", answer.body);
	read_head(fd, &answer);
	read_body(fd, &answer);
	printf("The server says: %s", answer.body);
	close(fd);
	return 0;
}
