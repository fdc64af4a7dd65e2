/* 11 framing, your server: sends each message back as soon as it is whole. A message is 4 bytes
 * with its length, the highest first, and then so many bytes. One of more than 16 bytes is answered
 * by an empty one, and those behind it as if nothing had been. `wirelab check 11` sends byte by
 * byte. */
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

/* Sends all n bytes. Returns 0, or -1. */
static int send_all(int fd, const char *bytes, size_t n)
{
	/* TODO 2: send() may take only some of the bytes: go on behind them. It happens when the
	 * reader is slow and the send buffer full, so no test on a fast machine will find it. */
	return send(fd, bytes, n, MSG_NOSIGNAL) < 0 ? -1 : 0;
}

/* Exactly n bytes, in as many recv() as it takes. True if they have come; false at the end of the
 * stream, or after an error. */
static bool recv_exact(int fd, char *bytes, size_t n)
{
	/* TODO 1: one recv() gives at least one byte, at most n: ask again for what is missing, at
	 * the place where it belongs, until all are there. And what if n is 0? */
	memset(bytes, 0, n);
	return recv(fd, bytes, n, 0) > 0;
}

/* Reads one message and sends it back. False when there is none any more. */
static bool echo_message(int fd)
{
	char message[HEADER_LEN + MESSAGE_MAX];
	if (!recv_exact(fd, message, HEADER_LEN))
		return false;
	uint32_t header;
	memcpy(&header, message, sizeof header);
	size_t n = ntohl(header);
	if (n > MESSAGE_MAX) {
		/* TODO 3: this gives up the whole stream. Answer with an empty message instead, and
		 * read the n bytes away, or the next header will be looked for in the middle. */
		return false;
	}
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
