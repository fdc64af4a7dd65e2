/* 15 stop-and-wait, the server without its filter: acknowledges each datagram, and delivers each.
 * `diff server.c server-no-filter.c` shows what that saves. */
#include <errno.h>
#include <netdb.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { DATAGRAM_MAX = 65536 };

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

/* A socket with that address. */
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

/* Without a filter: whatever comes is taken for a new line. */
static void take(const char *datagram, int n)
{
	printf("Delivered: %.*s\n", n - 1, datagram + 1);
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
	static char datagram[DATAGRAM_MAX];
	for (;;) {
		struct sockaddr_storage peer = {0};
		socklen_t len = sizeof peer;
		ssize_t n =
		        recvfrom(fd, datagram, sizeof datagram, 0, (struct sockaddr *)&peer, &len);
		if (n < 0 && errno == EINTR)
			continue; /* a signal came first: ask again */
		if (n < 0)
			die("recvfrom");
		if (n < 1 || (datagram[0] != '0' && datagram[0] != '1'))
			continue; /* none of ours */
		take(datagram, (int)n);
		if (sendto(fd, datagram, 1, 0, (struct sockaddr *)&peer, len) < 0)
			perror("server: sendto"); /* as good as lost on the way: it comes again */
	}
}
