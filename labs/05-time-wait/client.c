/* 05 TIME-WAIT, the client: visits the server twice and prints what it says. With -f it closes its
 * direction first, before the server does. */
#include <errno.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { VISITS = 2, PAUSE_MS = 200 }; /* the pause: time for a restart */

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

/* Prints what the server says, until it closes (recv() says 0). */
static void listen_to(int fd)
{
	char piece[1024];
	for (;;) {
		ssize_t n = recv(fd, piece, sizeof piece, 0);
		if (n < 0 && errno == EINTR)
			continue; /* a signal came first: ask again */
		if (n < 0)
			die("recv");
		if (n == 0)
			return;
		printf("Received: %.*s\n", (int)n, piece);
	}
}

static void visit(const char *host, const char *port, bool first)
{
	int fd = connect_to(host, port);
	if (first && shutdown(fd, SHUT_WR) < 0) /* our FIN, before the server's */
		die("shutdown");
	listen_to(fd);
	if (close(fd) < 0)
		die("close");
}

int main(int argc, char **argv)
{
	bool first = argc > 1 && strcmp(argv[1], "-f") == 0;
	char **words = argv + first;
	int n_words = argc - first;
	const char *host = n_words > 1 ? words[1] : "127.0.0.1";
	const char *port = n_words > 2 ? words[2] : "8080";
	if (n_words > 3 || host[0] == '-') {
		bool asked = strcmp(host, "-h") == 0;
		fprintf(asked ? stdout : stderr,
		        "usage: client [-h] [-f] [host [port]]    (127.0.0.1 8080)\n");
		return asked ? 0 : 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0); /* each line goes out at once, to a pipe too */

	for (int i = 1; i <= VISITS; i++) {
		struct timespec left = {.tv_nsec = PAUSE_MS * 1000000L};
		while (i > 1 && nanosleep(&left, &left) < 0)
			if (errno != EINTR)
				die("nanosleep");
		visit(host, port, first);
	}
	return 0;
}
