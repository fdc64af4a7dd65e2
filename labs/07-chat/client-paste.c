/* 07 chat, a client whose lines are pasted, not typed: all of them at once, and the last two bytes
 * a little later. So the server gets several lines with one recv(), and a line with two. */
#include <errno.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { TEXT_MAX = 4096, LATE_BYTES = 2, LATE_MS = 100 };

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

/* How many lines end in these bytes. */
static size_t count_lines(const char *bytes, size_t n)
{
	size_t lines = 0;
	for (size_t i = 0; i < n; i++)
		lines += bytes[i] == '\n';
	return lines;
}

/* Reads until the server has closed. Returns how many lines came. */
static size_t receive_lines(int fd)
{
	char piece[TEXT_MAX];
	for (size_t lines = 0;;) {
		ssize_t n = recv(fd, piece, sizeof piece, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			die("recv");
		if (n == 0)
			return lines;
		printf("Received %zd bytes\n", n);
		lines += count_lines(piece, (size_t)n);
	}
}

int main(int argc, char **argv)
{
	const char *host = argc > 1 ? argv[1] : "127.0.0.1";
	const char *port = argc > 2 ? argv[2] : "8080";
	if (argc > 3 || host[0] == '-') {
		bool asked = strcmp(host, "-h") == 0;
		fprintf(asked ? stdout : stderr,
		        "usage: client-paste [-h] [host [port]] <lines    (127.0.0.1 8080)\n");
		return asked ? 0 : 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0); /* each line goes out at once, to a pipe too */

	int fd = connect_to(host, port);
	printf("Connected to %s port %s\n", host, port);

	char text[TEXT_MAX];
	size_t n = fread(text, 1, sizeof text, stdin);
	size_t late = n > LATE_BYTES ? LATE_BYTES : 0;
	send_all(fd, text, n - late);
	(void)nanosleep(&(struct timespec){.tv_nsec = LATE_MS * 1000000L}, NULL);
	send_all(fd, text + n - late, late);
	if (shutdown(fd, SHUT_WR) < 0) /* our FIN: no more to say, but we still listen */
		die("shutdown");

	size_t sent = count_lines(text, n), answers = receive_lines(fd);
	printf("Lines: %zu, answers: %zu\n", sent, answers);
	if (close(fd) < 0)
		die("close");
	return sent == answers ? 0 : 1;
}
