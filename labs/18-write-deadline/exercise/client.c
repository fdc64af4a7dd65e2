/* 18 write deadline, your client: two visits to a server that reads only after a second. The first
 * has three seconds for its 40,000 bytes, the second half a one, and must give up then. As it
 * stands, send() waits as long as the server likes. What is missing has a TODO; the rest is done.
 * `wirelab check 18` runs it and tells what is wrong. */
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

enum { SEND_BUFFER = 16384, TOTAL = 40000 };

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "client: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* A socket connected to host and port; the first address that answers is taken. SO_SNDBUF: a small
 * buffer, so that it is full soon. */
static int connect_to(const char *host, const char *port)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *list;
	int error = getaddrinfo(host, port, &hints, &list);
	if (error != 0) {
		fprintf(stderr, "client: %s port %s: %s\n", host, port, gai_strerror(error));
		exit(1);
	}
	int buffer = SEND_BUFFER;
	for (struct addrinfo *a = list; a != NULL; a = a->ai_next) {
		int fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, a->ai_protocol);
		if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer) == 0 &&
		    connect(fd, a->ai_addr, a->ai_addrlen) == 0) {
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

/* Waits until the kernel has room for more; false when the deadline (of now_ms()) has passed. */
static bool wait_until(int fd, int64_t deadline)
{
	struct pollfd wanted = {.fd = fd, .events = POLLOUT};
	/* TODO 1: as in lab 17. man 2 poll */
	(void)wanted;
	(void)deadline;
	return true;
}

/* Gives the kernel up to n bytes until the deadline. Returns how many it has taken. */
static size_t send_until(int fd, const char *bytes, size_t n, int64_t deadline)
{
	/* TODO 2: send() that takes what there is room for, and does not wait: one of its flags. Go
	 * on behind what it took. man 2 send
	 * TODO 3: until all are taken, or wait_until() says that it is too late. */
	(void)wait_until(fd, deadline);
	ssize_t taken = send(fd, bytes, n, MSG_NOSIGNAL);
	if (taken < 0)
		die("send");
	return (size_t)taken;
}

/* One connection, and TOTAL bytes over it within that time. True if send() has taken them all. */
static bool visit(const char *host, const char *port, int timeout_ms)
{
	static char bytes[TOTAL]; /* zeros: what is in them does not matter here */
	int fd = connect_to(host, port);
	size_t taken = send_until(fd, bytes, sizeof bytes, now_ms() + timeout_ms);
	printf("Taken: %zu of %zu bytes\n", taken, sizeof bytes);
	close(fd); /* the kernel goes on sending what it has taken, without us */
	return taken == sizeof bytes;
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

	bool patient = visit(host, port, 3000);
	bool hasty = visit(host, port, 500);
	return patient && !hasty ? 0 : 1;
}
