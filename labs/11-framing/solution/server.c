/* 11 framing, the exercise's server, done: recv_exact() goes on until it has what it was asked for,
 * so it does not matter how the bytes were cut; and what is too long is read all the same. */
#include <errno.h>
#include <netdb.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <stdint.h>

enum { HEADER_LEN = 4, MESSAGE_MAX = 16, BACKLOG = 16 };

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "server: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* Asked to stop: the kernel closes all our sockets for us. _exit() may be called here, exit() and
 * printf() may not (man 7 signal-safety). */
static void stop(int signal_number)
{
	(void)signal_number;
	_exit(0);
}

/* A socket that listens on host and port. SO_REUSEADDR: after a connection that we closed first,
 * its address stays in TIME-WAIT for a minute, and bind() would say EADDRINUSE. Go sets this option
 * for you, C does not. */
static int listen_on(const char *host, const char *port)
{
	struct addrinfo hints = {.ai_flags = AI_PASSIVE, .ai_socktype = SOCK_STREAM};
	struct addrinfo *list;
	int error = getaddrinfo(host, port, &hints, &list);
	if (error != 0) {
		fprintf(stderr, "server: %s port %s: %s\n", host, port, gai_strerror(error));
		exit(1);
	}
	int on = 1;
	for (struct addrinfo *a = list; a != NULL; a = a->ai_next) {
		int fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, a->ai_protocol);
		if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
		    bind(fd, a->ai_addr, a->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0) {
			freeaddrinfo(list);
			return fd;
		}
		if (fd >= 0)
			close(fd);
	}
	die("cannot listen");
}

/* send() may take only some of the bytes. MSG_NOSIGNAL: if the client has gone, send() fails with
 * EPIPE instead of killing us with SIGPIPE. Returns 0, or -1. */
static int send_all(int fd, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t sent = send(fd, bytes, n, MSG_NOSIGNAL);
		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0)
			return -1;
		bytes += sent;
		n -= (size_t)sent;
	}
	return 0;
}

/* Exactly n bytes, in as many recv() as it takes. True if they have come; false at the end of the
 * stream, which is in order only before the first of them, or after an error. */
static bool recv_exact(int fd, char *bytes, size_t n)
{
	for (size_t got = 0; got < n;) {
		ssize_t more = recv(fd, bytes + got, n - got, 0);
		if (more < 0 && errno == EINTR)
			continue; /* a signal came first: ask again */
		if (more < 0)
			perror("server: recv");
		if (more == 0 && got > 0)
			printf("The stream ends after %zu of %zu bytes\n", got, n);
		if (more <= 0)
			return false;
		got += (size_t)more;
	}
	return true;
}

/* Reads n bytes away, in small pieces: however many they are said to be, no room is needed. */
static bool skip(int fd, size_t n)
{
	char piece[1024];
	while (n > 0) {
		size_t some = n < sizeof piece ? n : sizeof piece;
		if (!recv_exact(fd, piece, some))
			return false;
		n -= some;
	}
	return true;
}

/* Reads one message and sends it back. False when there is none any more. */
static bool echo_message(int fd)
{
	static const char empty[HEADER_LEN]; /* a length of 0 */
	char message[HEADER_LEN + MESSAGE_MAX];
	if (!recv_exact(fd, message, HEADER_LEN))
		return false;
	uint32_t header;
	memcpy(&header, message, sizeof header);
	size_t n = ntohl(header);
	if (n > MESSAGE_MAX)
		return skip(fd, n) && send_all(fd, empty, HEADER_LEN) == 0;
	if (!recv_exact(fd, message + HEADER_LEN, n))
		return false;
	printf("Message of %zu bytes: %.*s\n", n, (int)n, message + HEADER_LEN);
	return send_all(fd, message, HEADER_LEN + n) == 0;
}

int main(int argc, char **argv)
{
	const char *host = argc > 1 ? argv[1] : "127.0.0.1";
	const char *port = argc > 2 ? argv[2] : "8080";
	if (argc > 3 || host[0] == '-') {
		bool asked = strcmp(host, "-h") == 0;
		fprintf(asked ? stdout : stderr,
		        "usage: server [-h] [host [port]]    (127.0.0.1 8080)\n");
		return asked ? 0 : 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0); /* each line goes out at once, to a pipe too */
	struct sigaction on_stop = {.sa_handler = stop};
	if (sigaction(SIGTERM, &on_stop, NULL) < 0 || sigaction(SIGINT, &on_stop, NULL) < 0)
		die("sigaction");

	int listener = listen_on(host, port);
	printf("Listening on %s port %s\n", host, port);
	for (;;) {
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0 && (errno == EINTR || errno == ECONNABORTED))
			continue; /* that client has gone already: on to the next */
		if (fd < 0)
			die("accept");
		while (echo_message(fd))
			;
		close(fd);
	}
}
