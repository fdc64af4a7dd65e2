/* 01 hello, your client: connects, says "Hello, World!", prints what the server says until it has
 * no more to say, and closes only then. So the server is always the one that closes first. What is
 * missing has a TODO; the rest is done. `wirelab check 01` runs it and tells what is wrong. */
#include <errno.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char message[] = "Hello, World!";
enum { MESSAGE_LEN = sizeof message - 1 }; /* 13: the '\0' stays at home */

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
		if (fd < 0)
			continue;
		/* TODO 1: connect fd to this address (its bytes and their length are in *a). When
		 * that works, free the list and return fd. man 2 connect */
		errno = ENOSYS; /* "Function not implemented": goes away with your code */
		close(fd);
	}
	die("cannot connect");
}

/* Sends all n bytes: send() may take only some of them. */
static void send_all(int fd, const char *bytes, size_t n)
{
	/* TODO 2: send them. send() returns how many it took; go on behind those. Asked with the
	 * flag MSG_NOSIGNAL it fails when the server has gone, without it the process dies. */
	(void)fd;
	(void)bytes;
	(void)n;
}

/* Prints what comes until the server has closed. Returns how many bytes that were. */
static size_t receive_all(int fd)
{
	/* TODO 3: recv() into a buffer of your own, print, again, until recv() says that no more
	 * will come. Careful: what it fills in has no '\0' at its end (printf's "%.*s" helps). */
	(void)fd;
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
	printf("Connected to %s port %s\n", host, port);

	send_all(fd, message, MESSAGE_LEN);
	printf("Sent: %s\n", message);

	size_t n = receive_all(fd);
	if (close(fd) < 0)
		die("close");
	return n > 0 ? 0 : 1; /* a server that closes without a word is a failure */
}
