/* 14 connected UDP, the exercise done: the socket has a peer; each line of the input is a datagram
 * to it, and for each the client says what became of it: an answer, a refusal, or silence. */
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 512, ANSWER_MAX = 2048, WAIT_MS = 1000 };

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "client: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* A socket whose peer is that address. connect() puts nothing on the wire and asks nobody: for UDP
 * it is a note in our own kernel. So it cannot find out that nobody is there. */
static int open_to(const char *host, const char *port)
{
	struct addrinfo hints = {.ai_socktype = SOCK_DGRAM};
	struct addrinfo *list;
	int error = getaddrinfo(host, port, &hints, &list);
	if (error != 0) {
		fprintf(stderr, "client: %s port %s: %s\n", host, port, gai_strerror(error));
		exit(1);
	}
	for (struct addrinfo *a = list; a != NULL; a = a->ai_next) {
		int fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, a->ai_protocol);
		if (fd >= 0 && connect(fd, a->ai_addr, a->ai_addrlen) == 0) {
			freeaddrinfo(list);
			return fd;
		}
		if (fd >= 0)
			close(fd);
	}
	die("cannot set the peer");
}

/* True if within WAIT_MS there is something for recv() to tell. */
static bool wait_for_news(int fd)
{
	struct pollfd wanted = {.fd = fd, .events = POLLIN};
	int ready;
	do
		ready = poll(&wanted, 1, WAIT_MS);
	while (ready < 0 && errno == EINTR); /* a signal came first: ask again */
	if (ready < 0)
		die("poll");
	return ready > 0;
}

/* Sends one datagram and tells what becomes of it. A refusal of an earlier one would make send()
 * fail, since the next call on the socket is the one that is told: then it has not sent. */
static void exchange(int fd, const char *line, size_t n)
{
	char answer[ANSWER_MAX];
	if (send(fd, line, n, 0) < 0)
		die("send");
	if (!wait_for_news(fd)) {
		printf("Silence\n");
		return;
	}
	ssize_t got = recv(fd, answer, sizeof answer, 0);
	if (got < 0 && errno == ECONNREFUSED)
		printf("Refused: nobody has that port\n");
	else if (got < 0)
		die("recv");
	else
		printf("Answer: %.*s\n", (int)got, answer);
}

/* A short rest between two lines, as a person would make. */
static void rest(void)
{
	struct timespec left = {.tv_nsec = 200 * 1000 * 1000};
	while (nanosleep(&left, &left) < 0)
		if (errno != EINTR)
			die("nanosleep");
}

int main(int argc, char **argv)
{
	const char *host = argc > 1 ? argv[1] : "127.0.0.1";
	const char *port = argc > 2 ? argv[2] : "8080";
	if (argc > 3 || host[0] == '-') {
		bool asked = strcmp(host, "-h") == 0;
		fprintf(asked ? stdout : stderr,
		        "usage: client [-h] [host [port]] <lines    (127.0.0.1 8080)\n");
		return asked ? 0 : 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0); /* each line goes out at once, to a pipe too */

	int fd = open_to(host, port);
	char line[LINE_MAX_BYTES];
	while (fgets(line, sizeof line, stdin) != NULL) {
		exchange(fd, line, strcspn(line, "\n"));
		rest();
	}
	if (ferror(stdin))
		die("input");
	close(fd); /* nothing is sent */
	return 0;
}
