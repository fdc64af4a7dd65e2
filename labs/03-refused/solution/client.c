/* 03 refused, a client: tries one address of the host after another until one answers, and tells
 * that server how many have not. With an empty host it tries this machine itself, by IPv6 and by
 * IPv4. */
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { RESENDS = 2 }; /* of a SYN that nobody answers; left to itself Linux takes 6: two minutes */

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "client: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* Says what came of one address, as numbers: a name would only be the one that was asked for. */
static void report(const struct addrinfo *a, const char *result)
{
	char host[NI_MAXHOST], port[NI_MAXSERV];
	int error = getnameinfo(a->ai_addr, a->ai_addrlen, host, sizeof host, port, sizeof port,
	                        NI_NUMERICHOST | NI_NUMERICSERV);
	if (error != 0) /* cannot be: every address has a number */
		printf("(%s): %s\n", gai_strerror(error), result);
	else
		printf("%s port %s: %s\n", host, port, result);
}

/* A socket connected to this address, or -1, having said why. */
static int try_address(const struct addrinfo *a)
{
	int fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, a->ai_protocol);
	int resends = RESENDS;
	if (fd >= 0 && setsockopt(fd, IPPROTO_TCP, TCP_SYNCNT, &resends, sizeof resends) == 0 &&
	    connect(fd, a->ai_addr, a->ai_addrlen) == 0) {
		report(a, "connected");
		return fd;
	}
	report(a, strerror(errno));
	if (fd >= 0)
		close(fd); /* a socket whose connect() has failed is of no more use */
	return -1;
}

/* A socket connected to the first address of the host that answers, or -1. How many did not, before
 * it, goes to *n_failed. */
static int connect_to(const char *host, const char *port, int *n_failed)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *list;
	int error = getaddrinfo(host[0] == '\0' ? NULL : host, port, &hints, &list);
	if (error != 0) {
		fprintf(stderr, "client: %s port %s: %s\n", host, port, gai_strerror(error));
		exit(1);
	}
	int fd = -1;
	for (struct addrinfo *a = list; a != NULL && fd < 0; a = a->ai_next) {
		fd = try_address(a);
		*n_failed += fd < 0;
	}
	freeaddrinfo(list);
	return fd;
}

/* send() may take only some of the bytes. MSG_NOSIGNAL: if the server has gone, send() fails with
 * EPIPE instead of killing us with SIGPIPE. */
static void send_all(int fd, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t sent = send(fd, bytes, n, MSG_NOSIGNAL);
		if (sent < 0 && errno == EINTR)
			continue; /* a signal came first: ask again */
		if (sent < 0)
			die("send");
		bytes += sent;
		n -= (size_t)sent;
	}
}

/* Prints what the server says, until it closes. */
static void listen_to(int fd)
{
	char piece[1024];
	for (;;) {
		ssize_t n = recv(fd, piece, sizeof piece, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			die("recv");
		if (n == 0)
			return;
		printf("Received: %.*s\n", (int)n, piece);
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

	int n_failed = 0;
	int fd = connect_to(host, port, &n_failed);
	if (fd < 0) {
		printf("No address has a server for us\n");
		return 1;
	}
	char line[64];
	int n = snprintf(line, sizeof line, "failed: %d\n", n_failed);
	send_all(fd, line, (size_t)n); /* such a short line always fits */
	listen_to(fd);
	if (close(fd) < 0)
		die("close");
	return 0;
}
