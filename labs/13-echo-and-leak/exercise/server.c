/* 13 echo and leak, your server: it should send each datagram back to whom it came from, and
 * nothing else to anybody, however long it is. As it stands it tells everyone what the others have
 * said. `wirelab check 13` runs it and tells what is wrong. */
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

/* Echoes one datagram. */
static void echo(int fd)
{
	static char bytes[BUFFER_SIZE];
	struct sockaddr_storage peer;
	socklen_t peer_len = sizeof peer;
	/* TODO 3: a datagram may be longer than bytes, and half an echo is none. */
	ssize_t n = recvfrom(fd, bytes, sizeof bytes, 0, (struct sockaddr *)&peer, &peer_len);
	if (n < 0)
		die("recvfrom");
	/* TODO 2: what does 0 mean for a datagram? */
	if (n == 0)
		exit(0);
	printf("Received %zd bytes\n", n);
	/* TODO 1: which of these bytes have come from this client? man 2 recvfrom */
	if (sendto(fd, bytes, sizeof bytes, 0, (struct sockaddr *)&peer, peer_len) < 0)
		die("sendto");
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

	int fd = bind_to(host, port);
	printf("Bound to %s port %s\n", host, port);
	for (;;)
		echo(fd);
}
