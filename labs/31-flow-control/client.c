/* 31 flow control, the client: sends 60,000 bytes as fast as it may, says how long send() made it
 * wait, and closes when the server has. It never asks how much the other end can take: its kernel
 * knows. */
#include <errno.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { TOTAL = 60000, PIECE = 10000, SEND_BUFFER = 8192 };

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "client: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* Milliseconds of a clock that nobody sets. */
static long now_ms(void)
{
	struct timespec now;
	if (clock_gettime(CLOCK_MONOTONIC, &now) < 0)
		die("clock_gettime");
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* A socket connected to host and port. A name may have several addresses, of IPv4 and of IPv6: the
 * first one that answers is taken. Its send buffer is small, so that send() has to wait. */
static int connect_to(const char *host, const char *port)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *list;
	int error = getaddrinfo(host, port, &hints, &list), size = SEND_BUFFER;
	if (error != 0) {
		fprintf(stderr, "client: %s port %s: %s\n", host, port, gai_strerror(error));
		exit(1);
	}
	for (struct addrinfo *a = list; a != NULL; a = a->ai_next) {
		int fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, a->ai_protocol);
		if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size) == 0 &&
		    connect(fd, a->ai_addr, a->ai_addrlen) == 0) {
			freeaddrinfo(list);
			return fd;
		}
		if (fd >= 0)
			close(fd);
	}
	die("cannot connect");
}

/* send() may take only some of the bytes, and waits while its buffer is full. MSG_NOSIGNAL: if the
 * server has gone, send() fails with EPIPE instead of killing us with SIGPIPE. */
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

/* Until the server has read all and closed. */
static void wait_for_end(int fd)
{
	char byte;
	ssize_t n;
	do
		n = recv(fd, &byte, 1, 0);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		die("recv");
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

	static char piece[PIECE];
	memset(piece, 'x', sizeof piece);
	int fd = connect_to(host, port);
	long start = now_ms();
	for (int sent = 0; sent < TOTAL; sent += PIECE) {
		long before = now_ms();
		send_all(fd, piece, PIECE);
		printf("Sent %d bytes: send() took %ld ms\n", sent + PIECE, now_ms() - before);
	}
	if (shutdown(fd, SHUT_WR) < 0) /* our FIN: "that is all" */
		die("shutdown");
	wait_for_end(fd);
	close(fd);
	printf("All is read, %ld ms after the first byte\n", now_ms() - start);
	return 0;
}
