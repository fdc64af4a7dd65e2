/* 11 framing, a client that joins its messages, sends them without waiting, and reads the echoes
 * afterwards. Each message has a send() of its own, and MSG_MORE lets them travel together; with -c
 * N the pieces have N bytes each, wherever that cuts, and leave by themselves, 10 ms apart. */
#include <errno.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <time.h>

enum { HEADER_LEN = 4, MESSAGE_MAX = 1024, STREAM_MAX = 16384, PAUSE_MS = 10 };

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
static void send_all(int fd, const char *bytes, size_t n, int flags)
{
	while (n > 0) {
		ssize_t sent = send(fd, bytes, n, MSG_NOSIGNAL | flags);
		if (sent < 0 && errno == EINTR)
			continue; /* a signal came first: ask again */
		if (sent < 0)
			die("send");
		bytes += sent;
		n -= (size_t)sent;
	}
}

/* Makes each line of our input a message, one behind the other. Returns the bytes of all. */
static size_t join_messages(char stream[STREAM_MAX])
{
	size_t n = 0;
	while (n <= STREAM_MAX - HEADER_LEN - MESSAGE_MAX &&
	       fgets(stream + n + HEADER_LEN, MESSAGE_MAX, stdin) != NULL) {
		size_t length = strcspn(stream + n + HEADER_LEN, "\n");
		uint32_t header = htonl((uint32_t)length);
		memcpy(stream + n, &header, sizeof header);
		n += HEADER_LEN + length;
	}
	return n;
}

static void send_pieces(int fd, const char *stream, size_t n, size_t piece)
{
	int on = 1; /* no waiting for ACKs: each piece is to leave by itself (lab 09) */
	if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) < 0)
		die("TCP_NODELAY");
	for (size_t sent = 0; sent < n; sent += piece) {
		send_all(fd, stream + sent, n - sent < piece ? n - sent : piece, 0);
		(void)nanosleep(&(struct timespec){.tv_nsec = PAUSE_MS * 1000000L}, NULL);
	}
}

static void send_together(int fd, const char *stream, size_t n)
{
	for (size_t sent = 0, one; sent < n; sent += one) {
		uint32_t header;
		memcpy(&header, stream + sent, sizeof header);
		one = HEADER_LEN + ntohl(header);
		send_all(fd, stream + sent, one, MSG_MORE);
	}
}

/* Reads until the server has closed. Returns the bytes read. */
static size_t receive_all(int fd, char *bytes, size_t size)
{
	for (size_t total = 0;;) {
		ssize_t n = recv(fd, bytes + total, size - total, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			die("recv");
		if (n == 0)
			return total;
		total += (size_t)n;
	}
}

int main(int argc, char **argv)
{
	size_t piece = 0;
	if (argc > 2 && strcmp(argv[1], "-c") == 0) {
		piece = strtoul(argv[2], NULL, 10);
		argc -= 2;
		argv += 2;
	}
	const char *host = argc > 1 ? argv[1] : "127.0.0.1";
	const char *port = argc > 2 ? argv[2] : "8080";
	if (argc > 3 || host[0] == '-') {
		bool asked = strcmp(host, "-h") == 0;
		fprintf(asked ? stdout : stderr, "usage: client-pieces [-h] [-c BYTES] [host "
		                                 "[port]] <messages    (127.0.0.1 8080)\n");
		return asked ? 0 : 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0); /* each line goes out at once, to a pipe too */

	int fd = connect_to(host, port);
	printf("Connected to %s port %s\n", host, port);

	char stream[STREAM_MAX];
	size_t n = join_messages(stream);
	if (piece > 0)
		send_pieces(fd, stream, n, piece);
	else
		send_together(fd, stream, n);
	if (shutdown(fd, SHUT_WR) < 0) /* our FIN: no more messages, but we still listen */
		die("shutdown");
	printf("Sent %zu bytes\n", n);

	char echo[STREAM_MAX];
	size_t came = receive_all(fd, echo, sizeof echo);
	bool same = came == n && memcmp(echo, stream, n) == 0;
	printf("%zu bytes came back, %s\n", came, same ? "the same" : "NOT the same");
	if (close(fd) < 0)
		die("close");
	return same ? 0 : 1;
}
