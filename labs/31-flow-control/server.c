/* 31 flow control, the server: a slow reader. It has a small receive buffer, does not read at all
 * for 1.5 s, and then reads to the end. With -s it sips instead: 100 bytes at a time, with a rest
 * of 2 ms between. Ends, with status 0, on SIGTERM or Ctrl-C. */
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

enum { BACKLOG = 16, RECEIVE_BUFFER = 16384, SIP = 100, SIP_MS = 2, PAUSE_MS = 1500 };

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

/* A socket that listens on host and port, whose connections have a small receive buffer: that has
 * to be said before listen(), since the handshake tells the other end (the window's scale). */
static int listen_on(const char *host, const char *port)
{
	struct addrinfo hints = {.ai_flags = AI_PASSIVE, .ai_socktype = SOCK_STREAM};
	struct addrinfo *list;
	int error = getaddrinfo(host, port, &hints, &list);
	if (error != 0) {
		fprintf(stderr, "server: %s port %s: %s\n", host, port, gai_strerror(error));
		exit(1);
	}
	int on = 1, size = RECEIVE_BUFFER;
	for (struct addrinfo *a = list; a != NULL; a = a->ai_next) {
		int fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, a->ai_protocol);
		if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
		    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size) == 0 &&
		    bind(fd, a->ai_addr, a->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0) {
			freeaddrinfo(list);
			return fd;
		}
		if (fd >= 0)
			close(fd);
	}
	die("cannot listen");
}

static void rest(long ms)
{
	struct timespec left = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
	while (nanosleep(&left, &left) < 0)
		if (errno != EINTR)
			die("nanosleep");
}

/* Reads to the end of the stream, `size` bytes at a time at most, with a rest behind each. */
static void read_all(int fd, size_t size, long rest_ms)
{
	static char buffer[RECEIVE_BUFFER];
	long total = 0, calls = 0;
	for (;;) {
		ssize_t n = recv(fd, buffer, size, 0);
		if (n < 0 && errno == EINTR)
			continue; /* a signal came first: ask again */
		if (n < 0)
			perror("server: recv");
		if (n <= 0)
			break;
		total += n;
		calls++;
		if (rest_ms > 0)
			rest(rest_ms);
	}
	printf("Read %ld bytes with %ld recv()s\n", total, calls);
}

int main(int argc, char **argv)
{
	bool sips = argc > 1 && strcmp(argv[1], "-s") == 0;
	const char *host = argc > 1 + sips ? argv[1 + sips] : "127.0.0.1";
	const char *port = argc > 2 + sips ? argv[2 + sips] : "8080";
	if (argc > 3 + sips || host[0] == '-') {
		bool asked = strcmp(host, "-h") == 0;
		fprintf(asked ? stdout : stderr,
		        "usage: server [-h] [-s] [host [port]]    (127.0.0.1 8080)\n");
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
		rest(PAUSE_MS);
		printf("Now I read\n");
		read_all(fd, sips ? SIP : RECEIVE_BUFFER, sips ? SIP_MS : 0);
		close(fd);
	}
}
