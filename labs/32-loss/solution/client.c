/* 32 loss, the exercise done: sends a file, but does not wait for its acknowledgments longer than
 * TIMEOUT_MS. Without that the kernel goes on for a quarter of an hour. */
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

enum { TIMEOUT_MS = 2000, GONE = 3, TOTAL = 10000, PIECE = 23 * 500 }; /* a to w, many times */

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "client: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* The connection fails when data stays unacknowledged so long: man 7 tcp. */
static void limit_patience(int fd)
{
	unsigned ms = TIMEOUT_MS;
	if (setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &ms, sizeof ms) < 0)
		die("setsockopt");
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

/* send() may take only some of the bytes. MSG_NOSIGNAL: if the server has gone, send() fails with
 * EPIPE instead of killing us with SIGPIPE. MSG_MORE: only full segments, so that each run has the
 * same ones; the FIN takes the rest with it. */
static void send_file(int fd, long total)
{
	static char piece[PIECE];
	for (int i = 0; i < PIECE; i++)
		piece[i] = (char)('a' + i % 23);
	for (long done = 0; done < total;) {
		long at = done % PIECE, n = PIECE - at < total - done ? PIECE - at : total - done;
		ssize_t sent = send(fd, piece + at, (size_t)n, MSG_NOSIGNAL | MSG_MORE);
		if (sent < 0 && errno == EINTR)
			continue; /* a signal came first: ask again */
		if (sent < 0)
			die("send");
		done += sent;
	}
	if (shutdown(fd, SHUT_WR) < 0) /* our FIN: "that is all" */
		die("shutdown");
}

/* How many segments the kernel has sent again. */
static unsigned count_resent(int fd)
{
	struct tcp_info info;
	socklen_t len = sizeof info;
	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) < 0)
		die("getsockopt");
	return info.tcpi_total_retrans;
}

/* Until the server has read all and closed: 0. Or until the connection fails: errno. */
static int wait_for_end(int fd)
{
	char byte;
	ssize_t n;
	do
		n = recv(fd, &byte, 1, 0);
	while (n < 0 && errno == EINTR);
	return n < 0 ? errno : 0;
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

	int fd = connect_to(host, port);
	limit_patience(fd);
	send_file(fd, TOTAL);
	int error = wait_for_end(fd);
	printf("%s; %u segments were sent again\n", error == 0 ? "All is read" : strerror(error),
	       count_resent(fd));
	close(fd);
	if (error == ETIMEDOUT)
		return GONE;
	return error == 0 ? 0 : 1;
}
