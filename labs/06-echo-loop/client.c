/* 06 echo loop, the client: sends each line of its input as one message, reads the whole echo
 * before it sends the next, and closes first. */
#include <errno.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MESSAGE_MAX = 1024 };

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

/* The next line of our input, without its newline; empty lines are passed over. Its length, or 0 at
 * the end of the input. */
static size_t next_message(char message[MESSAGE_MAX])
{
	while (fgets(message, MESSAGE_MAX, stdin) != NULL) {
		size_t n = strcspn(message, "\n");
		if (n > 0)
			return n;
	}
	if (ferror(stdin))
		die("input");
	return 0;
}

/* Sends one message and reads until as many bytes have come back: an echo has the length of what
 * was sent, and only that tells us where it ends. True if it is the same. */
static bool exchange(int fd, const char *message, size_t n)
{
	send_all(fd, message, n);
	printf("Sent: %.*s\n", (int)n, message);

	char reply[MESSAGE_MAX] = "";
	for (size_t got = 0; got < n;) {
		ssize_t more = recv(fd, reply + got, n - got, 0);
		if (more < 0 && errno == EINTR)
			continue;
		if (more < 0)
			die("recv");
		if (more == 0) {
			printf("The server has closed after %zu of %zu bytes\n", got, n);
			return false;
		}
		got += (size_t)more;
	}
	printf("Received: %.*s\n", (int)n, reply);
	return memcmp(reply, message, n) == 0;
}

int main(int argc, char **argv)
{
	const char *host = argc > 1 ? argv[1] : "127.0.0.1";
	const char *port = argc > 2 ? argv[2] : "8080";
	if (argc > 3 || host[0] == '-') {
		bool asked = strcmp(host, "-h") == 0;
		fprintf(asked ? stdout : stderr,
		        "usage: client [-h] [host [port]] <messages    (127.0.0.1 8080)\n");
		return asked ? 0 : 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0); /* each line goes out at once, to a pipe too */

	int fd = connect_to(host, port);
	printf("Connected to %s port %s\n", host, port);

	int n_wrong = 0;
	char message[MESSAGE_MAX];
	size_t n;
	while ((n = next_message(message)) > 0)
		n_wrong += !exchange(fd, message, n);

	if (close(fd) < 0)
		die("close");
	printf("Closed; replies that were no echo: %d\n", n_wrong);
	return n_wrong == 0 ? 0 : 1;
}
