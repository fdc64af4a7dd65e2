/* 00 doctor, the only program: sends the five bytes "hello" to its own UDP socket and takes them
 * out again. That the tracer can see this one datagram is what the lab wants to know. */
#include <errno.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static const char message[] = "hello";
enum { MESSAGE_LEN = sizeof message - 1, PATIENCE_S = 2 };

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "client: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* A UDP socket whose own address is host and port; the address goes to *own too. Nobody listens and
 * nobody connects: a datagram socket that has an address can receive. */
static int bind_to(const char *host, const char *port, struct sockaddr_storage *own, socklen_t *len)
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
		if (fd >= 0 && bind(fd, a->ai_addr, a->ai_addrlen) == 0) {
			memcpy(own, a->ai_addr, a->ai_addrlen);
			*len = a->ai_addrlen;
			freeaddrinfo(list);
			return fd;
		}
		if (fd >= 0)
			close(fd);
	}
	die("cannot bind");
}

/* One datagram. UDP promises nothing: it may be lost, so there has to be an end to the waiting. */
static size_t receive(int fd, char *buffer, size_t size)
{
	struct timeval patience = {.tv_sec = PATIENCE_S};
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) < 0)
		die("setsockopt");
	ssize_t n;
	do {
		n = recv(fd, buffer, size, 0);
	} while (n < 0 && errno == EINTR); /* a signal came first: ask again */
	if (n < 0)
		die("recv");
	return (size_t)n;
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

	struct sockaddr_storage own;
	socklen_t own_len;
	int fd = bind_to(host, port, &own, &own_len);
	printf("My address is %s port %s\n", host, port);

	/* A datagram is taken whole or not at all: no loop is needed here. */
	if (sendto(fd, message, MESSAGE_LEN, 0, (struct sockaddr *)&own, own_len) < 0)
		die("sendto");
	printf("Sent to myself: %s\n", message);

	char reply[1024];
	size_t n = receive(fd, reply, sizeof reply);
	printf("Received: %.*s\n", (int)n, reply);

	if (close(fd) < 0)
		die("close");
	return n == MESSAGE_LEN && memcmp(reply, message, n) == 0 ? 0 : 1;
}
