/* 19 retry, the server: takes orders, one line a connection, and confirms each. After the first it
 * is restarted: for so many ms nobody listens on the port. The order of that number it executes and
 * dies of, so to say, before it has confirmed it. Ends, with status 0, on SIGTERM or Ctrl-C. */
#include <errno.h>
#include <netdb.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BACKLOG = 16, ORDER_MAX = 200 };

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "server: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* Asked to stop: the kernel closes all our sockets for us. _exit() may be called here, exit() and
 * printf() may not (man 7 signal-safety). */
static void stop(int signal_number)
{
	(void)signal_number;
	_exit(0);
}

/* A socket that listens on host and port. SO_REUSEADDR: after a connection that we closed first,
 * its address stays in TIME-WAIT for a minute, and bind() would say EADDRINUSE. Go sets this option
 * for you, C does not. */
static int listen_on(const char *host, const char *port)
{
	struct addrinfo hints = {.ai_flags = AI_PASSIVE, .ai_socktype = SOCK_STREAM};
	struct addrinfo *list;
	int error = getaddrinfo(host, port, &hints, &list);
	if (error != 0) {
		fprintf(stderr, "server: %s port %s: %s\n", host, port, gai_strerror(error));
		exit(1);
	}
	int on = 1;
	for (struct addrinfo *a = list; a != NULL; a = a->ai_next) {
		int fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, a->ai_protocol);
		if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
		    bind(fd, a->ai_addr, a->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0) {
			freeaddrinfo(list);
			return fd;
		}
		if (fd >= 0)
			close(fd);
	}
	die("cannot listen");
}

/* Away for so long. */
static void rest(long ms)
{
	struct timespec left = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
	while (nanosleep(&left, &left) < 0)
		if (errno != EINTR)
			die("nanosleep");
}

/* Reads up to a newline, which becomes the end of the order. False if none comes. */
static bool read_order(int fd, char order[ORDER_MAX])
{
	size_t got = 0;
	while (got == 0 || order[got - 1] != '\n') {
		ssize_t n = recv(fd, order + got, ORDER_MAX - got, 0);
		if (n < 0 && errno == EINTR)
			continue; /* a signal came first: ask again */
		if (n <= 0)
			return false; /* also if it is too long: then there is no room */
		got += (size_t)n;
	}
	order[got - 1] = '\0';
	return true;
}

/* "Done: soup\n", or instead of that a RST: close() with SO_LINGER 0 throws the connection away. */
static void confirm(int fd, const char *order, bool answer)
{
	struct linger now = {.l_onoff = 1, .l_linger = 0};
	char reply[ORDER_MAX + 8];
	int n = snprintf(reply, sizeof reply, "Done: %s\n", order);
	if (!answer && setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now) < 0)
		die("setsockopt");
	if (answer && send(fd, reply, (size_t)n, MSG_NOSIGNAL) < 0)
		perror("server: send"); /* so few bytes go at once or not at all */
}

/* The number that the word is, or -1. */
static long number(const char *word)
{
	char *end;
	long n = strtol(word, &end, 10);
	return *word != '\0' && *end == '\0' ? n : -1;
}

int main(int argc, char **argv)
{
	const char *host = argc > 1 ? argv[1] : "127.0.0.1";
	const char *port = argc > 2 ? argv[2] : "8080";
	long down_ms = argc > 3 ? number(argv[3]) : 0;
	long fatal = argc > 4 ? number(argv[4]) : 0;
	if (argc > 5 || down_ms < 0 || fatal < 0 || host[0] == '-') {
		bool asked = strcmp(host, "-h") == 0;
		fprintf(asked ? stdout : stderr,
		        "usage: server [-h] [host [port [down_ms [order]]]]    (127.0.0.1 8080)\n");
		return asked ? 0 : 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0); /* each line goes out at once, to a pipe too */
	struct sigaction on_stop = {.sa_handler = stop};
	if (sigaction(SIGTERM, &on_stop, NULL) < 0 || sigaction(SIGINT, &on_stop, NULL) < 0)
		die("sigaction");

	int listener = listen_on(host, port);
	printf("Listening on %s port %s\n", host, port);
	for (int n = 0;;) {
		char order[ORDER_MAX];
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0 && (errno == EINTR || errno == ECONNABORTED))
			continue; /* that client has gone already: on to the next */
		if (fd < 0)
			die("accept");
		bool complete = read_order(fd, order);
		if (complete)
			printf("Order %d executed: %s\n", ++n, order);
		bool restart = complete && n == 1 && down_ms > 0;
		if (restart)
			close(listener); /* from now on the kernel refuses, with RST */
		if (complete)
			confirm(fd, order, n != fatal);
		close(fd);
		if (restart) {
			rest(down_ms);
			listener = listen_on(host, port);
			printf("Back again\n");
		}
	}
}
