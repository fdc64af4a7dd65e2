/* 16 dial timeout, the exercise done: two attempts to connect, each for 1500 ms at most. connect()
 * is told not to wait; poll() waits until the socket can be written to, which it can when the
 * attempt has ended, well or not; SO_ERROR says which. */
#include <errno.h>
#include <fcntl.h>
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

enum { ATTEMPTS = 2, TIMEOUT_MS = 1500 };

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "client: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* A clock that only goes forward; the one on the wall may be set while we wait. */
static int64_t now_ms(void)
{
	struct timespec now;
	if (clock_gettime(CLOCK_MONOTONIC, &now) < 0)
		die("clock_gettime");
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Waits until the connection is there, or has failed; until the deadline at most. A signal may wake
 * us before: what is left of the time is computed anew, so that the deadline stays where it is.
 * Returns 0, or the error. */
static int wait_until_connected(int fd, int64_t deadline)
{
	struct pollfd wanted = {.fd = fd, .events = POLLOUT};
	for (;;) {
		int64_t left = deadline - now_ms();
		int ready = poll(&wanted, 1, left > 0 ? (int)left : 0);
		if (ready == 0)
			return ETIMEDOUT;
		if (ready > 0)
			break;
		if (errno != EINTR)
			return errno;
	}
	int error; /* how it ended: poll() does not say that */
	socklen_t len = sizeof error;
	return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0 ? errno : error;
}

/* A socket connected to that address, blocking from then on; or -1 with errno. */
static int connect_until(const struct addrinfo *a, int64_t deadline)
{
	int type = a->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK;
	int fd = socket(a->ai_family, type, a->ai_protocol);
	if (fd < 0)
		return -1;
	int error = connect(fd, a->ai_addr, a->ai_addrlen) < 0 ? errno : 0;
	if (error == EINPROGRESS) /* no error: the SYN is on its way, and we may do other things */
		error = wait_until_connected(fd, deadline);
	if (error == 0 && fcntl(fd, F_SETFL, 0) == 0) /* O_NONBLOCK goes: recv() waits again */
		return fd;
	close(fd); /* the kernel stops sending SYNs */
	errno = error;
	return -1;
}

/* Tries the addresses of that name, one after the other, all within the same time. */
static int dial(const char *host, const char *port)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *list;
	int64_t deadline = now_ms() + TIMEOUT_MS;
	int error = getaddrinfo(host, port, &hints, &list);
	if (error != 0) {
		fprintf(stderr, "client: %s port %s: %s\n", host, port, gai_strerror(error));
		exit(1);
	}
	int fd = -1;
	for (struct addrinfo *a = list; a != NULL && fd < 0; a = a->ai_next)
		fd = connect_until(a, deadline);
	int why = errno;
	freeaddrinfo(list);
	errno = why;
	return fd;
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

	for (int i = 1; i <= ATTEMPTS; i++) {
		int fd = dial(host, port);
		printf("attempt %d: %s\n", i, fd < 0 ? strerror(errno) : "connected");
		if (fd >= 0)
			return close(fd) < 0 ? 1 : 0;
	}
	return 1;
}
