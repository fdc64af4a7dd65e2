/* 24 non-blocking, your server. It serves several clients at once, and what it says on the wire is
 * right. But it asks again and again: while a client is there it never sleeps. Make it wait in
 * poll(), for all of them at once. `wirelab check 24` counts its calls. */
#include <errno.h>
#include <netdb.h>
#include <poll.h> /* for you */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAX_CLIENTS = 16 };

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "server: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void stop(int signal_number)
{
	(void)signal_number;
	_exit(0);
}

/* A socket that listens; accept() on it never waits. */
static int listen_on(const char *host, const char *port)
{
	struct addrinfo hints = {.ai_flags = AI_PASSIVE, .ai_socktype = SOCK_STREAM};
	struct addrinfo *a;
	int on = 1;
	if (getaddrinfo(host, port, &hints, &a) != 0)
		die("no such host or port");
	int fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0 ||
	    bind(fd, a->ai_addr, a->ai_addrlen) < 0 || listen(fd, MAX_CLIENTS) < 0)
		die("cannot listen");
	freeaddrinfo(a);
	return fd;
}

/* One echo of what has come. False when this client is done: it has closed, or something failed. */
static bool serve(int fd)
{
	char buffer[4096];
	ssize_t n = recv(fd, buffer, sizeof buffer, 0);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return true; /* nothing has come */
	if (n <= 0)
		return false;
	return send(fd, buffer, (size_t)n, MSG_NOSIGNAL) == n; /* else: it does not read. Away */
}

/* -1: nobody there, or gone already. */
static int take_client(int listener)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd < 0 && errno != EAGAIN && errno != EINTR && errno != ECONNABORTED)
		die("accept");
	return fd;
}

int main(int argc, char **argv)
{
	struct sigaction on_stop = {.sa_handler = stop};
	if (sigaction(SIGTERM, &on_stop, NULL) < 0)
		die("sigaction");
	int listener = listen_on(argc > 1 ? argv[1] : "127.0.0.1", argc > 2 ? argv[2] : "8080");
	/* TODO 1: poll() wants an array of struct pollfd, with the listener in it. man 2 poll */
	int n = 0, clients[MAX_CLIENTS];
	for (;;) {
		/* TODO 2: wait here until there is something to do. */
		for (int i = n - 1; i >= 0; i--) {
			/* TODO 3: only those that poll() has named. */
			if (serve(clients[i]))
				continue;
			close(clients[i]);
			clients[i] = clients[--n]; /* the last one takes its place */
		}
		int fd = n < MAX_CLIENTS ? take_client(listener) : -1;
		if (fd >= 0)
			clients[n++] = fd;
	}
}
