/* 13 echo and leak, the server: sends each datagram back to whom it came from: the n bytes that
 * came, and not one more. Ends, with status 0, on SIGTERM or Ctrl-C. */
#include <errno.h>
#include <netdb.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BUFFER_SIZE = 1024 };

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

/* A socket with that address: whatever is sent to it, by whom ever, now waits in its queue. No
 * SO_REUSEADDR: UDP has no TIME-WAIT. With it, two servers could have the same port, and one of
 * them would get nothing. */
static int bind_to(const char *host, const char *port)
{
	struct addrinfo hints = {.ai_flags = AI_PASSIVE, .ai_socktype = SOCK_DGRAM};
	struct addrinfo *list;
	int error = getaddrinfo(host, port, &hints, &list);
	if (error != 0) {
		fprintf(stderr, "server: %s port %s: %s\n", host, port, gai_strerror(error));
		exit(1);
	}
	for (struct addrinfo *a = list; a != NULL; a = a->ai_next) {
		int fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, a->ai_protocol);
		if (fd >= 0 && bind(fd, a->ai_addr, a->ai_addrlen) == 0) {
			freeaddrinfo(list);
			return fd;
		}
		if (fd >= 0)
			close(fd);
	}
	die("cannot bind");
}

/* Sends n bytes to that peer: all of them or none. That an answer cannot be sent is the peer's
 * misfortune, and no reason to stop serving the others. */
static void answer(int fd, const char *bytes, size_t n, const struct sockaddr_storage *peer,
                   socklen_t peer_len)
{
	ssize_t sent;
	do
		sent = sendto(fd, bytes, n, 0, (const struct sockaddr *)peer, peer_len);
	while (sent < 0 && errno == EINTR);
	if (sent < 0)
		perror("server: sendto");
	else
		printf("Answered with %zd bytes\n", sent);
}

/* Echoes one datagram, unless we are to be silent. */
static void echo(int fd, bool silent)
{
	char bytes[BUFFER_SIZE];
	struct sockaddr_storage peer;
	socklen_t peer_len = sizeof peer;
	ssize_t n =
	        recvfrom(fd, bytes, sizeof bytes, MSG_TRUNC, (struct sockaddr *)&peer, &peer_len);
	if (n < 0 && errno == EINTR)
		return; /* a signal came first: ask again */
	if (n < 0)
		die("recvfrom");
	printf("Received %zd bytes\n", n);
	if (!silent && (size_t)n <= sizeof bytes) /* what was cut is not echoed */
		answer(fd, bytes, (size_t)n, &peer, peer_len);
}

int main(int argc, char **argv)
{
	bool silent = argc > 1 && strcmp(argv[1], "-s") == 0;
	bool once = argc > 1 && strcmp(argv[1], "-1") == 0;
	char **words = argv + (silent || once);
	int n_words = argc - (silent || once);
	const char *host = n_words > 1 ? words[1] : "127.0.0.1";
	const char *port = n_words > 2 ? words[2] : "8080";
	if (n_words > 3 || host[0] == '-') {
		bool asked = strcmp(host, "-h") == 0;
		fprintf(asked ? stdout : stderr,
		        "usage: server [-h] [-s | -1] [host [port]]    (127.0.0.1 8080)\n");
		return asked ? 0 : 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0); /* each line goes out at once, to a pipe too */
	struct sigaction on_stop = {.sa_handler = stop};
	if (sigaction(SIGTERM, &on_stop, NULL) < 0 || sigaction(SIGINT, &on_stop, NULL) < 0)
		die("sigaction");

	int fd = bind_to(host, port);
	printf("Bound to %s port %s\n", host, port);
	for (bool more = true; more; more = !once)
		echo(fd, silent);
	printf("Gone; the port is nobody's now\n");
	return 0;
}
