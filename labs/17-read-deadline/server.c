/* 17 read deadline, the server: a slow one. A client that has connected gets "Hello, World!" after
 * so many ms: at once, or one byte every so many ms. Ends, with status 0, on SIGTERM or Ctrl-C. */
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

static const char message[] = "Hello, World!";
enum { MESSAGE_LEN = sizeof message - 1, BACKLOG = 16 };

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

/* send() may take only some of the bytes. MSG_NOSIGNAL: if the client has gone, send() fails with
 * EPIPE instead of killing us with SIGPIPE. Returns 0, or -1. */
static int send_all(int fd, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t sent = send(fd, bytes, n, MSG_NOSIGNAL);
		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0)
			return -1;
		bytes += sent;
		n -= (size_t)sent;
	}
	return 0;
}

static void rest(long ms)
{
	struct timespec left = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
	while (nanosleep(&left, &left) < 0)
		if (errno != EINTR)
			die("nanosleep");
}

/* Talks to one client, slowly. What goes wrong with it ends its connection, not the server. */
static void serve(int fd, long think_ms, long byte_ms)
{
	size_t piece = byte_ms > 0 ? 1 : MESSAGE_LEN;
	rest(think_ms);
	for (size_t sent = 0; sent < MESSAGE_LEN; sent += piece) {
		if (send_all(fd, message + sent, piece) < 0) {
			printf("Nobody there after %zu bytes: %s\n", sent, strerror(errno));
			return;
		}
		rest(byte_ms);
	}
	printf("Sent: %s\n", message);
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
	long think_ms = argc > 3 ? number(argv[3]) : 0;
	long byte_ms = argc > 4 ? number(argv[4]) : 0;
	if (argc > 5 || think_ms < 0 || byte_ms < 0 || host[0] == '-') {
		bool asked = strcmp(host, "-h") == 0;
		fprintf(asked ? stdout : stderr, "usage: server [-h] [host [port [think_ms "
		                                 "[byte_ms]]]]    (127.0.0.1 8080)\n");
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
		serve(fd, think_ms, byte_ms);
		close(fd); /* the reply is on its way: the FIN goes out behind it */
	}
}
