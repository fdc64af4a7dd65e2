/* 13 echo and leak, the client: plays several people. Each line of its input is said by one who
 * comes, speaks from a socket of their own, prints the answer, and goes. The bytes of the answer
 * that nobody of them has said just now are what the server should have kept for itself.
 * UDP may lose either datagram: each waits a second at most. If asked to, one more comes, and says
 * so many letters. */
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 512, LONG_MAX = 1400, ANSWER_MAX = 2048, WAIT_MS = 1000, SHOWN = 40 };

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "client: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* A socket with that peer: it sends to it, and hears nobody else (lab 14 is about that). */
static int open_to(const char *host, const char *port)
{
	struct addrinfo hints = {.ai_socktype = SOCK_DGRAM};
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
	die("cannot set the peer");
}

/* The answer's length, or -1 if none comes in time. */
static ssize_t receive(int fd, char *answer, size_t size)
{
	struct pollfd wanted = {.fd = fd, .events = POLLIN};
	int ready;
	do
		ready = poll(&wanted, 1, WAIT_MS);
	while (ready < 0 && errno == EINTR); /* a signal came first: ask again */
	if (ready < 0)
		die("poll");
	ssize_t n = ready == 0 ? -1 : recv(fd, answer, size, 0);
	if (n < 0 && ready > 0)
		die("recv");
	return n;
}

/* The first bytes of it; a dot stands for what is no letter. */
static void show(const char *bytes, size_t n)
{
	for (size_t i = 0; i < n && i < SHOWN; i++)
		putchar(bytes[i] >= ' ' && bytes[i] <= '~' ? bytes[i] : '.');
	printf("%s\n", n > SHOWN ? "..." : "");
}

/* One person's visit. True if the answer was an echo. */
static bool visit(const char *host, const char *port, const char *line, size_t n)
{
	int fd = open_to(host, port);
	if (send(fd, line, n, 0) < 0)
		die("send");
	printf("Said %zu bytes: ", n);
	show(line, n);

	char answer[ANSWER_MAX];
	ssize_t got = receive(fd, answer, sizeof answer);
	close(fd);
	if (got < 0) {
		printf("No answer within a second\n");
		return false;
	}
	printf("Heard %zd bytes: ", got);
	show(answer, (size_t)got);
	return (size_t)got == n && memcmp(answer, line, n) == 0;
}

int main(int argc, char **argv)
{
	const char *host = argc > 1 ? argv[1] : "127.0.0.1";
	const char *port = argc > 2 ? argv[2] : "8080";
	long n_long = argc > 3 ? strtol(argv[3], NULL, 10) : 0;
	if (argc > 4 || n_long < 0 || n_long > LONG_MAX || host[0] == '-') {
		bool asked = strcmp(host, "-h") == 0;
		fprintf(asked ? stdout : stderr,
		        "usage: client [-h] [host [port [bytes]]] <lines    (127.0.0.1 8080)\n");
		return asked ? 0 : 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0); /* each line goes out at once, to a pipe too */

	int n_wrong = 0;
	char line[LINE_MAX_BYTES];
	while (fgets(line, sizeof line, stdin) != NULL)
		n_wrong += !visit(host, port, line, strcspn(line, "\n"));
	if (ferror(stdin))
		die("input");
	char letters[LONG_MAX];
	memset(letters, 'x', sizeof letters);
	if (n_long > 0)
		n_wrong += !visit(host, port, letters, (size_t)n_long);
	printf("Answers that were no echo: %d\n", n_wrong);
	return n_wrong == 0 ? 0 : 1;
}
