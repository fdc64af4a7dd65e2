/* 19 retry, the client as a retry library without a thought would have it: whatever goes wrong, the
 * whole is done again, at once. `diff client.c client-as-written.c` */
#include <errno.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 200, TRIES = 10 };

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "client: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* One attempt: the first address of that name that answers. -1 with errno if none does. */
static int try_connect(const char *host, const char *port)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *list;
	int error = getaddrinfo(host, port, &hints, &list);
	if (error != 0) {
		fprintf(stderr, "client: %s port %s: %s\n", host, port, gai_strerror(error));
		exit(1);
	}
	int fd = -1;
	for (struct addrinfo *a = list; a != NULL && fd < 0; a = a->ai_next) {
		fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, a->ai_protocol);
		if (fd >= 0 && connect(fd, a->ai_addr, a->ai_addrlen) < 0) {
			error = errno; /* close() may change it */
			close(fd);
			fd = -1;
			errno = error;
		}
	}
	error = errno;
	freeaddrinfo(list);
	errno = error;
	return fd;
}

/* Sends one order and reads the confirmation, up to a newline. */
static bool place(int fd, const char *line)
{
	char reply[LINE_MAX_BYTES + 8];
	size_t n = strlen(line), got = 0;
	if (send(fd, line, n, MSG_NOSIGNAL) !=
	    (ssize_t)n) /* so few bytes go at once or not at all */
		return false;
	while (got < sizeof reply && (got == 0 || reply[got - 1] != '\n')) {
		ssize_t more = recv(fd, reply + got, sizeof reply - got, 0);
		if (more < 0 && errno == EINTR)
			continue;
		if (more <= 0)
			return false;
		got += (size_t)more;
	}
	printf("Received: %.*s", (int)got, reply);
	return true;
}

/* "Retry(10, ...)": whatever went wrong, at once, the whole of it. */
static bool place_stubbornly(const char *host, const char *port, const char *line)
{
	bool done = false;
	for (int i = 1; i <= TRIES && !done; i++) {
		int fd = try_connect(host, port);
		done = fd >= 0 && place(fd, line);
		if (!done)
			printf("Try %d: %s\n", i, strerror(errno));
		if (fd >= 0)
			close(fd);
	}
	return done;
}

int main(int argc, char **argv)
{
	const char *host = argc > 1 ? argv[1] : "127.0.0.1";
	const char *port = argc > 2 ? argv[2] : "8080";
	if (argc > 3 || host[0] == '-') {
		bool asked = strcmp(host, "-h") == 0;
		fprintf(asked ? stdout : stderr, "usage: client-as-written [-h] [host [port]] "
		                                 "<orders    (127.0.0.1 8080)\n");
		return asked ? 0 : 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0); /* each line goes out at once, to a pipe too */

	int n_open = 0;
	char line[LINE_MAX_BYTES];
	while (fgets(line, sizeof line, stdin) != NULL) {
		if (!place_stubbornly(host, port, line))
			n_open++;
	}
	if (ferror(stdin))
		die("input");
	return n_open == 0 ? 0 : 1;
}
