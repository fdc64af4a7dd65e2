/* 18 write deadline, the client as the documents write it: one write; an error is looked at, and
 * success is taken for delivery. */
#include <errno.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SEND_BUFFER = 16384, TOTAL_MAX = 1 << 20 };

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "client: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* A socket connected to host and port; the first address that answers is taken. SO_SNDBUF: a small
 * buffer, so that it is full soon. */
static int connect_to(const char *host, const char *port)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *list;
	int error = getaddrinfo(host, port, &hints, &list);
	if (error != 0) {
		fprintf(stderr, "client: %s port %s: %s\n", host, port, gai_strerror(error));
		exit(1);
	}
	int buffer = SEND_BUFFER;
	for (struct addrinfo *a = list; a != NULL; a = a->ai_next) {
		int fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, a->ai_protocol);
		if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer) == 0 &&
		    connect(fd, a->ai_addr, a->ai_addrlen) == 0) {
			freeaddrinfo(list);
			return fd;
		}
		if (fd >= 0)
			close(fd);
	}
	die("cannot connect");
}

int main(int argc, char **argv)
{
	const char *host = argc > 1 ? argv[1] : "127.0.0.1";
	const char *port = argc > 2 ? argv[2] : "8080";
	long total = argc > 3 ? strtol(argv[3], NULL, 10) : 4000;
	if (argc > 4 || total < 1 || total > TOTAL_MAX || host[0] == '-') {
		bool asked = strcmp(host, "-h") == 0;
		fprintf(asked ? stdout : stderr,
		        "usage: client-as-written [-h] [host [port [bytes]]]    "
		        "(127.0.0.1 8080 4000)\n");
		return asked ? 0 : 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0); /* each line goes out at once, to a pipe too */

	static char bytes[TOTAL_MAX]; /* zeros: what is in them does not matter here */
	int fd = connect_to(host, port);
	ssize_t n = send(fd, bytes, (size_t)total, MSG_NOSIGNAL);
	if (n < 0)
		die("send");
	printf("Sent %zd bytes, all is well\n", n); /* is it? */
	close(fd);
	return 0;
}
