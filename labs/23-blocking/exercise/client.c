/* 23 blocking, your client: it shall prove that one can be connected and yet not served. The first
 * connection is done; what is missing has a TODO. `wirelab check 23` tells what is wrong. */
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char line[] = "is anybody there?\n";
enum { LINE_LEN = sizeof line - 1, PATIENCE_MS = 300 }; /* for TODO 2 */

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "client: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int connect_to(const char *host, const char *port)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
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
	die("cannot connect");
}

/* A line this short fits into the send buffer of a fresh connection as a whole. */
static void say(int fd)
{
	if (send(fd, line, LINE_LEN, MSG_NOSIGNAL) != LINE_LEN)
		die("send");
}

/* Waits for the whole echo. */
static void hear(int fd)
{
	char echo[LINE_LEN];
	ssize_t n = recv(fd, echo, LINE_LEN, MSG_WAITALL);
	if (n != LINE_LEN)
		die(n < 0 ? "recv" : "the server closed too early");
	printf("Heard: %.*s", LINE_LEN, echo);
}

/* True if nothing comes for 300 ms. */
static bool is_silent(int fd)
{
	/* TODO 2: wait until something can be read from fd, at most PATIENCE_MS: man 2 poll */
	(void)fd;
	return false;
}

int main(int argc, char **argv)
{
	const char *host = argc > 1 ? argv[1] : "127.0.0.1";
	const char *port = argc > 2 ? argv[2] : "8080";
	setvbuf(stdout, NULL, _IOLBF, 0); /* each line goes out at once, to a pipe too */

	int first = connect_to(host, port);
	say(first);
	hear(first);

	/* TODO 1: while the first connection is open, open a second one and say the line there too.
	 */
	int second = first;
	printf("Connected a second time; %s\n", is_silent(second) ? "silence" : "answered at once");

	/* TODO 3: close the first, hear the answer on the second, close that too. */
	return close(first) < 0;
}
