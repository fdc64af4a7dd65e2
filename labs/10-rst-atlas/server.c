/* 10 RST atlas, the server: ends its connections in one of five ways, of which four make a RST. A
 * request is not read to see what it wants: the answer is always "No". */
#include <errno.h>
#include <netdb.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <poll.h>
#include <time.h>

static const char answer[] = "No";
enum { ANSWER_LEN = sizeof answer - 1, BACKLOG = 16, LATE_MS = 100 };

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

/* Two bytes always fit into an empty send buffer. */
static void say_no(int fd)
{
	if (send(fd, answer, ANSWER_LEN, MSG_NOSIGNAL) != ANSWER_LEN)
		perror("server: send");
}

/* Reads what there is: once, or to the end. */
static void read_request(int fd, bool whole)
{
	char piece[1024];
	ssize_t n;
	do {
		n = recv(fd, piece, sizeof piece, 0);
	} while ((n < 0 && errno == EINTR) || (n > 0 && whole));
	if (n < 0)
		perror("server: recv");
}

/* In order: answer, say with a FIN that this was all, and read until the client closes too. */
static void end_drain(int fd)
{
	read_request(fd, false);
	say_no(fd);
	if (shutdown(fd, SHUT_WR) < 0)
		perror("server: shutdown");
	read_request(fd, true);
}

/* The request has come, nobody has read it. */
static void end_unread(int fd)
{
	(void)nanosleep(&(struct timespec){.tv_nsec = LATE_MS * 1000000L}, NULL);
	say_no(fd);
}

/* Everything was read; close() will not wait for anything, and send no FIN. */
static void end_linger(int fd)
{
	struct linger now = {.l_onoff = 1, .l_linger = 0};
	read_request(fd, false);
	if (setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now) < 0)
		die("SO_LINGER");
}

/* Everything was read; but the client has more to say. */
static void end_early(int fd)
{
	read_request(fd, false);
	say_no(fd);
}

static const struct way {
	const char *name;
	void (*end)(int fd); /* and then close(); NULL: never accept, close the listening socket */
} ways[] = {{"drain", end_drain},
            {"unread", end_unread},
            {"linger", end_linger},
            {"early", end_early},
            {"no-accept", NULL}};
enum { N_WAYS = sizeof ways / sizeof *ways };

/* A client is connected as soon as it is in the queue, and the server gives up the queue. */
static _Noreturn void close_listener(int listener)
{
	struct pollfd queue = {.fd = listener, .events = POLLIN};
	while (poll(&queue, 1, -1) < 0 && errno == EINTR)
		;
	(void)nanosleep(&(struct timespec){.tv_nsec = LATE_MS * 1000000L}, NULL);
	close(listener);
	for (;;)
		(void)pause(); /* until SIGTERM */
}

int main(int argc, char **argv)
{
	const struct way *way = NULL;
	for (int i = 0; argc > 1 && i < N_WAYS; i++) {
		if (strcmp(argv[1], ways[i].name) == 0)
			way = &ways[i];
	}
	if (way == NULL || argc > 4) {
		bool asked = argc > 1 && strcmp(argv[1], "-h") == 0;
		fprintf(asked ? stdout : stderr,
		        "usage: server drain|unread|linger|early|no-accept [host [port]]\n");
		return asked ? 0 : 2;
	}
	const char *host = argc > 2 ? argv[2] : "127.0.0.1";
	const char *port = argc > 3 ? argv[3] : "8080";
	setvbuf(stdout, NULL, _IOLBF, 0); /* each line goes out at once, to a pipe too */
	struct sigaction on_stop = {.sa_handler = stop};
	if (sigaction(SIGTERM, &on_stop, NULL) < 0 || sigaction(SIGINT, &on_stop, NULL) < 0)
		die("sigaction");

	int listener = listen_on(host, port);
	printf("Listening on %s port %s\n", host, port);
	if (way->end == NULL)
		close_listener(listener);
	for (;;) {
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0 && (errno == EINTR || errno == ECONNABORTED))
			continue; /* that client has gone already: on to the next */
		if (fd < 0)
			die("accept");
		way->end(fd);
		close(fd);
	}
}
