/* 14 connected UDP, the client: connect() names the peer, send() speaks to it, recv() hears it
 * alone. If nobody has that port, the host there says so by ICMP, and since the socket has a peer
 * the kernel can tell us: ECONNREFUSED, in the next call. Silence tells nothing: so we wait a
 * second. */
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char message[] = "Hello, example.com!";
enum { MESSAGE_LEN = sizeof message - 1, ANSWER_MAX = 2048, WAIT_MS = 1000 };

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

/* Waits until a datagram is there, or the news that none will come; not for ever. */
static void wait_for_answer(int fd)
{
	struct pollfd wanted = {.fd = fd, .events = POLLIN};
	int ready;
	do
		ready = poll(&wanted, 1, WAIT_MS);
	while (ready < 0 && errno == EINTR); /* a signal came first: ask again */
	if (ready < 0)
		die("poll");
	if (ready == 0) {
		printf("No answer within a second: lost, or nobody there, or slow\n");
		exit(1);
	}
}

int main(int argc, char **argv)
{
	const char *host = argc > 1 ? argv[1] : "127.0.0.1";
	const char *port = argc > 2 ? argv[2] : "8080";
	if (argc > 3 || host[0] == '-') {
		bool asked = strcmp(host, "-h") == 0;
		fprintf(asked ? stdout : stderr,
		        "usage: client [-h] [host [port]]    (127.0.0.1 8080)\n");
		return asked ? 0 : 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0); /* each line goes out at once, to a pipe too */

	int fd = open_to(host, port);
	printf("My peer is %s port %s; nothing has been sent yet\n", host, port);
	if (send(fd, message, MESSAGE_LEN, 0) < 0)
		die("send");
	printf("Sent: %s\n", message);

	wait_for_answer(fd);
	char answer[ANSWER_MAX];
	ssize_t n = recv(fd, answer, sizeof answer, 0);
	if (n < 0 && errno == ECONNREFUSED) {
		printf("Nobody has port %s there: the other host said so\n", port);
		return 1;
	}
	if (n < 0)
		die("recv");
	printf("Received: %.*s\n", (int)n, answer);
	close(fd); /* nothing is sent */
	return 0;
}
