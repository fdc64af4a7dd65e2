/* 16 dial timeout, the server: accepts connections one after another and waits until the client
 * closes. With -f N its queue is full for N ms: what becomes of a client that comes then?
 * Ends, with status 0, on SIGTERM or Ctrl-C. */
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

enum { BACKLOG = 16, MS_MAX = 60000 };

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
static int listen_on(const char *host, const char *port, int backlog)
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
		    bind(fd, a->ai_addr, a->ai_addrlen) == 0 && listen(fd, backlog) == 0) {
			freeaddrinfo(list);
			return fd;
		}
		if (fd >= 0)
			close(fd);
	}
	die("cannot listen");
}

/* Fills the queue of connections that wait for accept(): with backlog 0 there is room for one, and
 * this one is our own. Then nobody calls accept() for so long. The kernel drops each SYN that comes
 * meanwhile, without a word: the sender will ask again. Returns our end of that connection. */
static int stay_full(int listener, long ms)
{
	struct sockaddr_storage own = {.ss_family = AF_UNSPEC}; /* filled in by getsockname() */
	socklen_t own_len = sizeof own;
	struct timespec left = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
	if (getsockname(listener, (struct sockaddr *)&own, &own_len) < 0)
		die("getsockname");
	int fd = socket(own.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&own, own_len) < 0)
		die("cannot fill the queue");
	printf("The queue is full for %ld ms\n", ms);
	while (nanosleep(&left, &left) < 0)
		if (errno != EINTR)
			die("nanosleep");
	printf("Awake: the queue is served from now on\n");
	return fd;
}

/* Reads until the client's FIN, which recv() reports as 0 bytes. */
static void serve(int fd)
{
	char unused[1024];
	ssize_t n;
	do
		n = recv(fd, unused, sizeof unused, 0);
	while (n > 0 || (n < 0 && errno == EINTR));
	if (n < 0)
		perror("server: recv");
}

/* The N of `-f N`, or 0. */
static long parse_ms(const char *word)
{
	char *end;
	long ms = strtol(word, &end, 10);
	return *end == '\0' && ms > 0 && ms <= MS_MAX ? ms : 0;
}

int main(int argc, char **argv)
{
	bool full = argc > 2 && strcmp(argv[1], "-f") == 0;
	long full_ms = full ? parse_ms(argv[2]) : 0;
	char **words = argv + (full ? 2 : 0);
	int n_words = argc - (full ? 2 : 0);
	const char *host = n_words > 1 ? words[1] : "127.0.0.1";
	const char *port = n_words > 2 ? words[2] : "8080";
	if (n_words > 3 || full != (full_ms > 0) || host[0] == '-') {
		bool asked = strcmp(host, "-h") == 0;
		fprintf(asked ? stdout : stderr,
		        "usage: server [-h] [-f ms] [host [port]]    (127.0.0.1 8080)\n");
		return asked ? 0 : 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0); /* each line goes out at once, to a pipe too */
	struct sigaction on_stop = {.sa_handler = stop};
	if (sigaction(SIGTERM, &on_stop, NULL) < 0 || sigaction(SIGINT, &on_stop, NULL) < 0)
		die("sigaction");

	int listener = listen_on(host, port, full ? 0 : BACKLOG);
	printf("Listening on %s port %s\n", host, port);
	if (full)
		close(stay_full(listener, full_ms)); /* the first that is served below */
	for (;;) {
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0 && (errno == EINTR || errno == ECONNABORTED))
			continue; /* that client has gone already: on to the next */
		if (fd < 0)
			die("accept");
		serve(fd);
		close(fd); /* nothing was sent, so nothing can be lost */
		printf("A client has come and gone\n");
	}
}
