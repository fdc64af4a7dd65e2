/* 12 listener, your server: for each datagram that comes, for ever, it prints "HOST port PORT:
 * N bytes". What is missing has a TODO; the rest is done. `wirelab check 12` runs it and tells
 * what is wrong. */
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

/* Prints "HOST port PORT: N bytes" for a datagram of n bytes from that address. */
static void tell(ssize_t n, const struct sockaddr_storage *peer, socklen_t peer_len)
{
	/* TODO 2: the address as text, host and port as numbers. man 3 getnameinfo */
	(void)peer;
	(void)peer_len;
	printf("from whom? %zd bytes\n", n);
}

/* For ever: a datagram, and who it is from. */
static void listen_to_all(int fd)
{
	char bytes[BUFFER_SIZE];
	struct sockaddr_storage peer = {.ss_family = AF_UNSPEC};
	for (;;) {
		socklen_t peer_len = sizeof peer; /* in: the room; out: what was used of it */
		/* TODO 1: recvfrom() into bytes, with the sender's address into peer. Which results
		 * are an error, which are none? man 2 recvfrom */
		/* TODO 3: a datagram may be longer than bytes. n is to be the length that it had.
		 */
		(void)fd;
		(void)bytes;
		ssize_t n = -1;
		if (n < 0)
			pause(); /* until a signal comes; goes away with your code */
		else
			tell(n, &peer, peer_len);
	}
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
	printf("Waiting for datagrams\n");
	listen_to_all(fd);
}
