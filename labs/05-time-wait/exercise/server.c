/* 05 TIME-WAIT, your server: lives twice in one run. Each life listens, serves one client, closes
 * first; the second has to begin at once, on the same address and port. What is missing has a TODO.
 * Who closes first stays as it is. */
#include <errno.h>
#include <netdb.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 16, LIVES = 2 };

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

/* A socket that listens on host and port. */
static int listen_on(const char *host, const char *port)
{
	struct addrinfo hints = {.ai_flags = AI_PASSIVE, .ai_socktype = SOCK_STREAM};
	struct addrinfo *list;
	int error = getaddrinfo(host, port, &hints, &list);
	if (error != 0) {
		fprintf(stderr, "server: %s port %s: %s\n", host, port, gai_strerror(error));
		exit(1);
	}
	for (struct addrinfo *a = list; a != NULL; a = a->ai_next) {
		int fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, a->ai_protocol);
		/* TODO 1: before bind(), tell the kernel that an address in TIME-WAIT may be used
		 * again. man 7 socket, SO_REUSEADDR */
		if (fd >= 0 && bind(fd, a->ai_addr, a->ai_addrlen) == 0 &&
		    listen(fd, BACKLOG) == 0) {
			freeaddrinfo(list);
			return fd;
		}
		if (fd >= 0)
			close(fd);
	}
	die("cannot listen");
}

static int accept_one(int listener)
{
	for (;;) {
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd >= 0)
			return fd;
		if (errno != EINTR && errno != ECONNABORTED)
			die("accept");
	}
}

/* Reads until the client's FIN, which recv() reports as 0 bytes. */
static void read_to_fin(int fd)
{
	char unused[1024];
	ssize_t n;
	do {
		n = recv(fd, unused, sizeof unused, 0);
	} while (n > 0 || (n < 0 && errno == EINTR)); /* data, or a signal: go on */
	if (n < 0)
		die("recv");
}

/* Says in which life we are, and closes first. Both FINs have been seen when this returns. */
static void serve(int fd, int life)
{
	char line[64];
	int n = snprintf(line, sizeof line, "life %d", life);
	if (send(fd, line, (size_t)n, MSG_NOSIGNAL) !=
	    n) /* so few bytes go at once or not at all */
		die("send");
	if (shutdown(fd, SHUT_WR) < 0) /* our FIN */
		die("shutdown");
	read_to_fin(fd);
	if (close(fd) < 0)
		die("close");
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

	for (int life = 1; life <= LIVES; life++) {
		int listener = listen_on(host, port);
		printf("Life %d: listening on %s port %s\n", life, host, port);
		serve(accept_one(listener), life);
		/* TODO 2: this life ends here. What of it is still open? */
		printf("Life %d: over\n", life);
	}
	return 0;
}
