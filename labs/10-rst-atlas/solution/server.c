/* 10 RST atlas, the exercise's server, done: it says its answer and that this was all, and goes on
 * reading until the client has closed too. */
#include <errno.h>
#include <netdb.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char answer[] = "No";
enum { ANSWER_LEN = sizeof answer - 1, BACKLOG = 16 };

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

/* Reads to the end of the stream. A server for strangers would stop after some seconds, or bytes.
 */
static void drain(int fd)
{
	char piece[4096];
	ssize_t n;
	do {
		n = recv(fd, piece, sizeof piece, 0);
	} while (n > 0 || (n < 0 && errno == EINTR));
	if (n < 0)
		perror("server: recv");
}

/* What goes wrong with a client ends its connection, not the server. */
static void serve(int fd)
{
	char piece[1024];
	ssize_t n;
	do {
		n = recv(fd, piece, sizeof piece, 0);
	} while (n < 0 && errno == EINTR); /* a signal came first: ask again */
	if (n <= 0)
		return;
	if (send(fd, answer, ANSWER_LEN, MSG_NOSIGNAL) != ANSWER_LEN)
		perror("server: send");
	if (shutdown(fd, SHUT_WR) < 0)
		perror("server: shutdown");
	drain(fd);
}

int main(int argc, char **argv)
{
	const char *host = argc > 1 ? argv[1] : "127.0.0.1";
	const char *port = argc > 2 ? argv[2] : "8080";
	if (argc > 3 || host[0] == '-') {
		bool asked = strcmp(host, "-h") == 0;
		fprintf(asked ? stdout : stderr,
		        "usage: server [-h] [host [port]]    (127.0.0.1 8080)\n");
		return asked ? 0 : 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0); /* each line goes out at once, to a pipe too */
	struct sigaction on_stop = {.sa_handler = stop};
	if (sigaction(SIGTERM, &on_stop, NULL) < 0 || sigaction(SIGINT, &on_stop, NULL) < 0)
		die("sigaction");

	int listener = listen_on(host, port);
	printf("Listening on %s port %s\n", host, port);
	for (;;) {
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0 && (errno == EINTR || errno == ECONNABORTED))
			continue; /* that client has gone already: on to the next */
		if (fd < 0)
			die("accept");
		serve(fd);
		close(fd);
	}
}
