/* 08 mute pair, your client: says "Hello World!", says that this was all, and waits for a reply,
 * but for no more than a second. `wirelab check 08` runs it against a server that takes 2 seconds
 * until it reads, and never replies. */
#include <errno.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char message[] = "Hello World!";
enum { MESSAGE_LEN = sizeof message - 1, TIMEOUT_MS = 1000 };

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

/* send() may take only some of the bytes. MSG_NOSIGNAL: if the server has gone, send() fails with
 * EPIPE instead of killing us with SIGPIPE. */
static void send_all(int fd, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t sent = send(fd, bytes, n, MSG_NOSIGNAL);
		if (sent < 0 && errno == EINTR)
			continue; /* a signal came first: ask again */
		if (sent < 0)
			die("send");
		bytes += sent;
		n -= (size_t)sent;
	}
}

/* Prints what comes until the server has closed, or until nothing comes for TIMEOUT_MS. True if a
 * reply came. */
static bool receive_reply(int fd)
{
	/* TODO 3: recv() into a buffer of your own, print, again. It may say three things that end
	 * this: 0, -1 with errno EAGAIN (the time is over), -1 with another errno. */
	(void)fd;
	return false;
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
	printf("Connected to %s port %s\n", host, port);

	send_all(fd, message, MESSAGE_LEN);
	printf("Sent: %s\n", message);

	/* TODO 1: tell the server, with a FIN, that this was all; but go on listening.
	 * man 2 shutdown */

	/* TODO 2: give the socket a timeout of TIMEOUT_MS for receiving: SO_RCVTIMEO in
	 * man 7 socket */

	bool replied = receive_reply(fd);
	if (close(fd) < 0)
		die("close");
	return replied ? 0 : 1;
}
