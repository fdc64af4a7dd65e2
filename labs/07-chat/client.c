/* 07 chat, the client: sends each line that is typed and prints the answer, until there is no more
 * to type, or "exit", or the server has closed. */
#include <errno.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 1024, TYPING_MS = 100 };

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
static bool send_all(int fd, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t sent = send(fd, bytes, n, MSG_NOSIGNAL);
		if (sent < 0 && errno == EINTR)
			continue; /* a signal came first: ask again */
		if (sent < 0) {
			printf("Cannot send: %s\n", strerror(errno));
			return false;
		}
		bytes += sent;
		n -= (size_t)sent;
	}
	return true;
}

/* The next line that is typed, with its newline. Lines from a file come as slowly as if a person
 * had typed them. Its length; 0 at the end of the input, or for "exit". */
static size_t next_line(char line[LINE_MAX_BYTES])
{
	if (isatty(STDIN_FILENO)) {
		printf("Enter message (type 'exit' to quit): ");
		fflush(stdout);
	} else {
		(void)nanosleep(&(struct timespec){.tv_nsec = TYPING_MS * 1000000L},
		                NULL); /* shorter with a signal: fine */
	}
	if (fgets(line, LINE_MAX_BYTES, stdin) == NULL || strcmp(line, "exit\n") == 0)
		return 0;
	return strlen(line);
}

/* Waits for the answer, which is a line too: its newline says that it is whole. False if the
 * conversation ends before that. */
static bool receive_line(int fd)
{
	char answer[LINE_MAX_BYTES];
	size_t got = 0;
	ssize_t n = 0;
	while (got < sizeof answer && (got == 0 || answer[got - 1] != '\n')) {
		n = recv(fd, answer + got, sizeof answer - got, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		got += (size_t)n;
	}
	if (n < 0)
		printf("Cannot receive: %s\n", strerror(errno));
	if (got > 0)
		printf("Received: %.*s\n", (int)got - (n > 0), answer);
	if (n == 0)
		printf("The server has closed\n");
	return n > 0;
}

int main(int argc, char **argv)
{
	const char *host = argc > 1 ? argv[1] : "127.0.0.1";
	const char *port = argc > 2 ? argv[2] : "8080";
	if (argc > 3 || host[0] == '-') {
		bool asked = strcmp(host, "-h") == 0;
		fprintf(asked ? stdout : stderr,
		        "usage: client [-h] [host [port]] <lines    (127.0.0.1 8080)\n");
		return asked ? 0 : 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0); /* each line goes out at once, to a pipe too */

	int fd = connect_to(host, port);
	printf("Connected to %s port %s\n", host, port);

	bool well = true;
	char line[LINE_MAX_BYTES];
	for (size_t n; well && (n = next_line(line)) > 0;) {
		printf("Send: %.*s\n", (int)strcspn(line, "\n"), line);
		well = send_all(fd, line, n) && receive_line(fd);
	}

	if (close(fd) < 0)
		die("close");
	return well ? 0 : 1;
}
