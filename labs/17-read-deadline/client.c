/* 17 read deadline, the client: waits for the server's 13 bytes until a deadline, so many ms from
 * then. When that has passed it says what it has got; if asked to, it sets a new one and goes on
 * waiting, so many times. The connection does not know of any of this. */
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MESSAGE_LEN = 13 }; /* that much our two programs agreed on */

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "client: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* A socket connected to host and port. A name may have several addresses, of IPv4 and of IPv6: the
 * first one that answers is taken. */
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

/* A clock that only goes forward; the one on the wall may be set while we wait. */
static int64_t now_ms(void)
{
	struct timespec now;
	if (clock_gettime(CLOCK_MONOTONIC, &now) < 0)
		die("clock_gettime");
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Waits until there is something to read; false when the deadline has passed. A deadline that lies
 * behind us makes this fail at once, until somebody sets a new one. */
static bool wait_until(int fd, int64_t deadline)
{
	struct pollfd wanted = {.fd = fd, .events = POLLIN};
	for (;;) {
		int64_t left = deadline - now_ms();
		int ready = poll(&wanted, 1, left > 0 ? (int)left : 0);
		if (ready >= 0)
			return ready > 0;
		if (errno != EINTR)
			die("poll");
	}
}

/* Adds to the bytes that are there, up to `size`, until the deadline or the end of the stream. The
 * deadline is a point in time: however many bytes come one by one, it stays where it is. True if it
 * has passed. */
static bool receive_until(int fd, char *reply, size_t size, size_t *got, int64_t deadline)
{
	while (*got < size) {
		if (!wait_until(fd, deadline))
			return true;
		ssize_t n = recv(fd, reply + *got, size - *got, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			die("recv");
		if (n == 0)
			return false;
		*got += (size_t)n;
	}
	return false;
}

int main(int argc, char **argv)
{
	const char *host = argc > 1 ? argv[1] : "127.0.0.1";
	const char *port = argc > 2 ? argv[2] : "8080";
	long timeout_ms = argc > 3 ? strtol(argv[3], NULL, 10) : 500;
	long times = argc > 4 ? strtol(argv[4], NULL, 10) : 1;
	if (argc > 5 || timeout_ms < 1 || times < 1 || host[0] == '-') {
		bool asked = strcmp(host, "-h") == 0;
		fprintf(asked ? stdout : stderr, "usage: client [-h] [host [port [ms [times]]]]    "
		                                 "(127.0.0.1 8080 500 1)\n");
		return asked ? 0 : 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0); /* each line goes out at once, to a pipe too */

	int fd = connect_to(host, port);
	printf("Connected to %s port %s\n", host, port);

	char reply[MESSAGE_LEN];
	size_t got = 0;
	while (times-- > 0 && receive_until(fd, reply, sizeof reply, &got, now_ms() + timeout_ms))
		printf("The deadline has passed: %zu of %d bytes\n", got, MESSAGE_LEN);

	printf("Received: %.*s\n", (int)got, reply);
	close(fd); /* only this tells the server */
	return got == MESSAGE_LEN ? 0 : 1;
}
