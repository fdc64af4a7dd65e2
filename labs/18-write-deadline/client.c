/* 18 write deadline, the client: sends so many bytes, but tries no longer than so many ms. Then it
 * says how many send() has taken, and how many of those the other end has not acknowledged: they
 * lie in our kernel. With "abort" it throws those away, and the connection with them. */
#include <errno.h>
#include <linux/sockios.h>
#include <netdb.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { SEND_BUFFER = 16384, TOTAL_MAX = 1 << 20 };

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

/* Waits until the kernel has room for more; false when the deadline has passed. */
static bool wait_until(int fd, int64_t deadline)
{
	struct pollfd wanted = {.fd = fd, .events = POLLOUT};
	for (;;) {
		int64_t left = deadline - now_ms();
		int ready = poll(&wanted, 1, left > 0 ? (int)left : 0);
		if (ready >= 0)
			return ready > 0;
		if (errno != EINTR)
			die("poll");
	}
}

/* Gives the kernel up to n bytes until the deadline. MSG_DONTWAIT: send() takes what there is room
 * for and returns, even if the socket would make it wait. Returns how many it has taken. */
static size_t send_until(int fd, const char *bytes, size_t n, int64_t deadline)
{
	size_t taken = 0;
	while (taken < n && wait_until(fd, deadline)) {
		ssize_t more = send(fd, bytes + taken, n - taken, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (more < 0 && (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK))
			continue; /* a signal came first; there was no room after all */
		if (more < 0)
			die("send");
		printf("send() took %zd of %zu bytes\n", more, n - taken);
		taken += (size_t)more;
	}
	return taken;
}

/* How many bytes wait in our kernel: not acknowledged, and perhaps never sent. */
static int not_acknowledged(int fd)
{
	int n;
	if (ioctl(fd, SIOCOUTQ, &n) < 0)
		die("ioctl");
	return n;
}

int main(int argc, char **argv)
{
	const char *host = argc > 1 ? argv[1] : "127.0.0.1";
	const char *port = argc > 2 ? argv[2] : "8080";
	long total = argc > 3 ? strtol(argv[3], NULL, 10) : 65536;
	long timeout_ms = argc > 4 ? strtol(argv[4], NULL, 10) : 1000;
	bool abortive = argc > 5 && strcmp(argv[5], "abort") == 0;
	if (argc > 5 + abortive || total < 1 || total > TOTAL_MAX || timeout_ms < 1 ||
	    host[0] == '-') {
		bool asked = strcmp(host, "-h") == 0;
		fprintf(asked ? stdout : stderr,
		        "usage: client [-h] [host [port [bytes [ms [abort]]]]]    "
		        "(127.0.0.1 8080 65536 1000)\n");
		return asked ? 0 : 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0); /* each line goes out at once, to a pipe too */

	static char bytes[TOTAL_MAX]; /* zeros: what is in them does not matter here */
	int fd = connect_to(host, port);
	size_t taken = send_until(fd, bytes, (size_t)total, now_ms() + timeout_ms);
	printf("Taken: %zu of %ld bytes, %d of them not acknowledged\n", taken, total,
	       not_acknowledged(fd));

	struct linger now = {.l_onoff = 1,
	                     .l_linger = 0}; /* close() throws them away, with a RST */
	if (abortive && setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now) < 0)
		die("setsockopt");
	close(fd); /* else the kernel goes on sending them, without us */
	return taken == (size_t)total ? 0 : 1;
}
