/* 20 keepalive, your client: says hello, hears it back, and waits for more. It must find out within
 * some seconds if the server is gone, say so, and end with status 3. What is missing has a TODO;
 * the rest is done. `wirelab check 20` runs it, on a wire that is cut. */
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char hello[] = "hello";
enum { HELLO_LEN = sizeof hello - 1, WAIT_MS = 9000, GONE = 3 };

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

/* Makes the kernel ask whether the other end is still there. */
static void keep_alive(int fd)
{
	/* TODO 1: turn it on: man 7 socket, SO_KEEPALIVE. */
	/* TODO 2: without more, the first probe goes out after two hours. Make it a second, one
	 * second between probes, and the end after three of them: man 7 tcp, TCP_KEEPIDLE. */
	(void)fd;
}

/* Sends hello and reads it back. */
static void greet(int fd)
{
	char reply[HELLO_LEN];
	size_t got = 0;
	if (send(fd, hello, HELLO_LEN, MSG_NOSIGNAL) != HELLO_LEN) /* so few bytes go at once */
		die("send");
	while (got < sizeof reply) {
		ssize_t n = recv(fd, reply + got, sizeof reply - got, 0);
		if (n < 0 && errno == EINTR)
			continue; /* a signal came first: ask again */
		if (n <= 0)
			die(n < 0 ? "recv" : "the server has closed");
		got += (size_t)n;
	}
	printf("Heard: %.*s\n", (int)got, reply);
}

/* Waits for the server to say something, or to close, or for the connection to fail; if none of it
 * happens, not for ever. */
static int wait_for_more(int fd)
{
	char byte;
	struct pollfd wait = {.fd = fd, .events = POLLIN};
	int ready = poll(&wait, 1, WAIT_MS);
	if (ready < 0)
		die("poll");
	if (ready == 0) {
		printf("9 s of silence, and I know nothing\n");
		return 1;
	}
	ssize_t n = recv(fd, &byte, 1, 0);
	/* TODO 3: which error says that the probes had no answer? Then print it, and return GONE.
	 */
	if (n < 0)
		die("recv");
	return 0;
}

int main(int argc, char **argv)
{
	const char *host = argc > 1 ? argv[1] : "127.0.0.1";
	const char *port = argc > 2 ? argv[2] : "8080";
	if (argc > 3 || host[0] == '-') {
		bool asked = strcmp(host, "-h") == 0;
		fprintf(asked ? stdout : stderr,
		        "usage: client [-h] [host [port]]    (127.0.0.1 8080)\n");
		return asked ? 0 : 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0); /* each line goes out at once, to a pipe too */

	int fd = connect_to(host, port);
	keep_alive(fd);
	greet(fd);
	int status = wait_for_more(fd);
	close(fd);
	return status;
}
