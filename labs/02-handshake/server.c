/* 02 handshake, the server: accepts connections one after another and waits until the client
 * closes. It neither sends nor expects a byte.
 * With -l it calls accept() late, 300 ms after a connection is there: does the handshake wait for
 * it? Ends, with status 0, on SIGTERM or Ctrl-C. */
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
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

/* Lets 300 ms pass once a connection is there. poll() tells of it, for it waits in a queue: the
 * kernel makes connections, accept() only hands them out. */
static void dawdle(int listener)
{
	struct pollfd wanted = {.fd = listener, .events = POLLIN};
	struct timespec left = {.tv_nsec = 300 * 1000 * 1000};
	while (poll(&wanted, 1, -1) < 0)
		if (errno != EINTR)
			die("poll");
	printf("A connection waits in the queue; accept() has not been called\n");
	while (nanosleep(&left, &left) < 0)
		if (errno != EINTR)
			die("nanosleep");
}

/* Reads until the client's FIN, which recv() reports as 0 bytes. */
static void serve(int fd)
{
	char unused[1024];
	for (;;) {
		ssize_t n = recv(fd, unused, sizeof unused, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			perror("server: recv");
		if (n <= 0)
			return;
		printf("recv() has returned %zd bytes: a knock should bring none\n", n);
	}
}

int main(int argc, char **argv)
{
	bool late = argc > 1 && strcmp(argv[1], "-l") == 0;
	char **words = argv + late;
	int n_words = argc - late;
	const char *host = n_words > 1 ? words[1] : "127.0.0.1";
	const char *port = n_words > 2 ? words[2] : "8080";
	if (n_words > 3 || host[0] == '-') {
		bool asked = strcmp(host, "-h") == 0;
		fprintf(asked ? stdout : stderr,
		        "usage: server [-h] [-l] [host [port]]    (127.0.0.1 8080)\n");
		return asked ? 0 : 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0); /* each line goes out at once, to a pipe too */
	struct sigaction on_stop = {.sa_handler = stop};
	if (sigaction(SIGTERM, &on_stop, NULL) < 0 || sigaction(SIGINT, &on_stop, NULL) < 0)
		die("sigaction");

	int listener = listen_on(host, port);
	printf("listen() has returned: port %s is open\n", port);
	for (;;) {
		if (late)
			dawdle(listener);
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0 && (errno == EINTR || errno == ECONNABORTED))
			continue; /* that client has gone already: on to the next */
		if (fd < 0)
			die("accept");
		printf("accept() has returned: a connection is here\n");
		serve(fd);
		close(fd); /* nothing was sent, so nothing can be lost */
		printf("The client has closed, and so have we\n");
	}
}
