/* 14 connected UDP, the client as the document wrote it: it binds the port that the server has, and
 * never says to whom it speaks. (In Go it does not even compile.) If the server runs on this host,
 * bind() fails; if not, send() does: there is no peer. On the wire there is nothing either way. */
#include <errno.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char message[] = "Hello, server!";
enum { MESSAGE_LEN = sizeof message - 1 };

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "client: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* A socket with that address as its own: what a server does. */
static int bind_to(const char *host, const char *port)
{
	struct addrinfo hints = {.ai_flags = AI_PASSIVE, .ai_socktype = SOCK_DGRAM};
	struct addrinfo *list;
	int error = getaddrinfo(host, port, &hints, &list);
	if (error != 0) {
		fprintf(stderr, "client: %s port %s: %s\n", host, port, gai_strerror(error));
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
		        "usage: client-as-written [-h] [host [port]]    (127.0.0.1 8080)\n");
		return asked ? 0 : 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0); /* each line goes out at once, to a pipe too */

	int fd = bind_to(host, port);
	printf("%s port %s is now my own address\n", host, port);
	if (send(fd, message, MESSAGE_LEN, 0) < 0) /* to whom? */
		die("send");
	printf("Sent: %s\n", message);

	char answer[1024];
	ssize_t n = recv(fd, answer, sizeof answer, 0);
	if (n < 0)
		die("recv");
	printf("Received: %.*s\n", (int)n, answer);
	close(fd); /* nothing is sent */
	return 0;
}
