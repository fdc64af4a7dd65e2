/* 09 byte by byte, a server that has its message in four parts, and lets the kernel put them
 * together: with MSG_MORE, or with -c by TCP_CORK. */
#include <errno.h>
#include <netdb.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <netinet/tcp.h>

static const char *const parts[] = {"Hello", " ", "World!", "\r\n"};
enum { N_PARTS = sizeof parts / sizeof *parts, BACKLOG = 16 };

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
static int send_all(int fd, const char *bytes, size_t n, int flags)
{
	while (n > 0) {
		ssize_t sent = send(fd, bytes, n, MSG_NOSIGNAL | flags);
		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0)
			return -1;
		bytes += sent;
		n -= (size_t)sent;
	}
	return 0;
}

/* MSG_MORE: "there is more to come, do not send it yet". The last part must not say so. */
static int send_more(int fd)
{
	for (int i = 0; i < N_PARTS; i++) {
		int flags = i < N_PARTS - 1 ? MSG_MORE : 0;
		if (send_all(fd, parts[i], strlen(parts[i]), flags) < 0)
			return -1;
	}
	return 0;
}

/* TCP_CORK says the same for the socket, until it is taken off. (Or for 200 ms: then the kernel
 * sends what it has.) */
static int send_corked(int fd)
{
	int on = 1, off = 0;
	if (setsockopt(fd, IPPROTO_TCP, TCP_CORK, &on, sizeof on) < 0)
		return -1;
	for (int i = 0; i < N_PARTS; i++) {
		if (send_all(fd, parts[i], strlen(parts[i]), 0) < 0)
			return -1;
	}
	return setsockopt(fd, IPPROTO_TCP, TCP_CORK, &off, sizeof off);
}

int main(int argc, char **argv)
{
	bool cork = argc > 1 && strcmp(argv[1], "-c") == 0;
	argc -= cork;
	argv += cork;
	const char *host = argc > 1 ? argv[1] : "127.0.0.1";
	const char *port = argc > 2 ? argv[2] : "8080";
	if (argc > 3 || host[0] == '-') {
		bool asked = strcmp(host, "-h") == 0;
		fprintf(asked ? stdout : stderr,
		        "usage: server-parts [-h] [-c] [host [port]]    (127.0.0.1 8080)\n");
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
		if ((cork ? send_corked(fd) : send_more(fd)) < 0)
			perror("server: send");
		close(fd);
	}
}
