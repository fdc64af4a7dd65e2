/* 07 chat, the client as the document wrote it: no error ends its loop, and the end of its input is
 * none to it: it sends "" and prints "EOF" for ever. For ever is here N_ROUNDS rounds, so that the
 * run ends. With -s it lets SIGPIPE come, as a program in C does that has not thought of it; Go
 * turns it into an error. */
#include <errno.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 1024, TYPING_MS = 100, N_ROUNDS = 5 };

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

/* The next line that is typed, with its newline. Lines from a file come as slowly as if a person
 * had typed them. Its length: 0 at the end of the input, again and again. */
static size_t next_line(char line[LINE_MAX_BYTES])
{
	if (isatty(STDIN_FILENO)) {
		printf("Enter message (type 'exit' to quit): ");
		fflush(stdout);
	} else {
		(void)nanosleep(&(struct timespec){.tv_nsec = TYPING_MS * 1000000L},
		                NULL); /* shorter with a signal: fine */
	}
	if (fgets(line, LINE_MAX_BYTES, stdin) == NULL)
		return 0; /* the document: `message, _ :=`, the error is thrown away */
	return strlen(line);
}

/* One send, one recv; each error is printed, and that is all. */
static void exchange(int fd, const char *line, size_t n, int flags)
{
	printf("Send: %.*s\n", (int)strcspn(line, "\n"), n > 0 ? line : "");
	if (send(fd, line, n, flags) < 0) {
		printf("write: %s\n", strerror(errno));
		return;
	}
	char answer[LINE_MAX_BYTES];
	ssize_t got = recv(fd, answer, sizeof answer, 0);
	if (got < 0)
		printf("read: %s\n", strerror(errno));
	else if (got == 0)
		printf("EOF\n");
	else
		printf("Received %.*s\n", (int)got, answer);
}

int main(int argc, char **argv)
{
	int flags = MSG_NOSIGNAL;
	if (argc > 1 && strcmp(argv[1], "-s") == 0) {
		flags = 0;
		argc--;
		argv++;
	}
	const char *host = argc > 1 ? argv[1] : "127.0.0.1";
	const char *port = argc > 2 ? argv[2] : "8080";
	if (argc > 3 || host[0] == '-') {
		bool asked = strcmp(host, "-h") == 0;
		fprintf(asked ? stdout : stderr, "usage: client-as-written [-h] [-s] [host [port]] "
		                                 "<lines    (127.0.0.1 8080)\n");
		return asked ? 0 : 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0); /* each line goes out at once, to a pipe too */

	int fd = connect_to(host, port);
	printf("Connected to %s port %s\n", host, port);

	char line[LINE_MAX_BYTES];
	for (int rounds = 0; rounds < N_ROUNDS;) {
		size_t n = next_line(line);
		if (n > 0 && strcmp(line, "exit\n") == 0)
			return 0;
		exchange(fd, line, n, flags);
		if (n == 0)
			rounds++;
	}
	printf("And so on, for ever\n");
	return 1;
}
