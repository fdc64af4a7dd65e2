/* 14 connected UDP, a client without connect(): each sendto() names the peer anew, recvfrom() takes
 * what anybody sends. The ICMP message "nobody has that port" comes here just the same, and the
 * kernel does not pass it on: it may have been caused by any of our datagrams, to whom ever. */
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

/* The first address of that name; a socket for it in *fd. */
static struct addrinfo *look_up(const char *host, const char *port, int *fd)
{
	struct addrinfo hints = {.ai_socktype = SOCK_DGRAM};
	struct addrinfo *to;
	int error = getaddrinfo(host, port, &hints, &to);
	if (error != 0) {
		fprintf(stderr, "client: %s port %s: %s\n", host, port, gai_strerror(error));
		exit(1);
	}
	*fd = socket(to->ai_family, to->ai_socktype | SOCK_CLOEXEC, to->ai_protocol);
	if (*fd < 0)
		die("socket");
	return to;
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
		        "usage: client-unconnected [-h] [host [port]]    (127.0.0.1 8080)\n");
		return asked ? 0 : 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0); /* each line goes out at once, to a pipe too */

	int fd;
	struct addrinfo *to = look_up(host, port, &fd);
	if (sendto(fd, message, MESSAGE_LEN, 0, to->ai_addr, to->ai_addrlen) < 0)
		die("sendto");
	printf("Sent: %s\n", message);
	freeaddrinfo(to);

	wait_for_answer(fd);
	char answer[ANSWER_MAX]; /* from anybody: who needs to know asks recvfrom() for the sender
	                          */
	ssize_t n = recvfrom(fd, answer, sizeof answer, 0, NULL, NULL);
	if (n < 0)
		die("recvfrom");
	printf("Received: %.*s\n", (int)n, answer);
	close(fd); /* nothing is sent */
	return 0;
}
