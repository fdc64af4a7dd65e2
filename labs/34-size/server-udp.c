/* 34 size, the server for datagrams: prints how many bytes each holds. In how many pieces it came
 * it cannot see: IP puts them together, or throws all away. Ends, with status 0, on SIGTERM or
 * Ctrl-C. */
#include <errno.h>
#include <netdb.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BUFFER_SIZE = 65536 }; /* no datagram is longer */

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
	static char bytes[BUFFER_SIZE];
	for (;;) {
		char answer[32];
		struct sockaddr_storage peer;
		socklen_t peer_len = sizeof peer;
		ssize_t n =
		        recvfrom(fd, bytes, sizeof bytes, 0, (struct sockaddr *)&peer, &peer_len);
		if (n < 0 && errno == EINTR)
			continue; /* a signal came first: ask again */
		if (n < 0)
			die("recvfrom");
		printf("Received %zd bytes\n", n);
		int len = snprintf(answer, sizeof answer, "%zd bytes", n);
		if (sendto(fd, answer, (size_t)len, 0, (struct sockaddr *)&peer, peer_len) < 0)
			perror("server: sendto"); /* as good as lost on the way */
	}
}
