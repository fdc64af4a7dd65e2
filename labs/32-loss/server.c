/* 32 loss, the server: reads a file to its end and looks whether all of it is there and in order.
 * What is lost on the way is not its business: recv() never gives byte n + 1 before byte n. Ends,
 * with status 0, on SIGTERM or Ctrl-C. */
#include <errno.h>
#include <netdb.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 16 };

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

/* The file is the alphabet up to w, again and again: byte i can be nothing else. */
static void read_file(int fd)
{
	char buffer[16384];
	long total = 0, wrong = 0;
	for (;;) {
		ssize_t n = recv(fd, buffer, sizeof buffer, 0);
		if (n < 0 && errno == EINTR)
			continue; /* a signal came first: ask again */
		if (n < 0)
			perror("server: recv");
		if (n <= 0)
			break;
		for (ssize_t i = 0; i < n; i++)
			wrong += buffer[i] != (char)('a' + (total + i) % 23);
		total += n;
	}
	printf("Read %ld bytes, %ld of them wrong\n", total, wrong);
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
		read_file(fd);
		close(fd);
	}
}
