/* 04 closing, the server: accepts connections one after another and closes them. Its options say
 * how: `server -h`. Ends, with status 0, on SIGTERM or Ctrl-C. */
#include <errno.h>
#include <getopt.h>
#include <netdb.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static const char last_words[] = "bye!";
enum { LAST_WORDS_LEN = sizeof last_words - 1, BACKLOG = 16 };

struct plan {
	bool waits_for_fin; /* the client closes first */
	long wait_ms;       /* before we close */
	bool say;           /* say something before we close */
};

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

static _Noreturn void usage(bool asked)
{
	fprintf(asked ? stdout : stderr,
	        "usage: server [options] [host [port]]    (127.0.0.1 8080)\n"
	        "  --who client|server|both   who closes without waiting for the other (client)\n"
	        "  --wait MS                  how long we wait before we close (0)\n"
	        "  --say                      we say bye before we close\n");
	exit(asked ? 0 : 2);
}

static struct plan read_options(int argc, char **argv)
{
	static const struct option options[] = {{"who", required_argument, NULL, 'w'},
	                                        {"wait", required_argument, NULL, 'm'},
	                                        {"say", no_argument, NULL, 's'},
	                                        {"help", no_argument, NULL, 'h'},
	                                        {0}};
	struct plan plan = {.waits_for_fin = true};
	int option;
	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (option == 'w')
			plan.waits_for_fin = strcmp(optarg, "client") == 0;
		else if (option == 'm')
			plan.wait_ms = strtol(optarg, NULL, 10);
		else if (option == 's')
			plan.say = true;
		else
			usage(option == 'h');
	}
	return plan;
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

/* Reads until the client's FIN, which recv() reports as 0 bytes. Returns 0, or -1. */
static int read_to_fin(int fd)
{
	char unused[1024];
	ssize_t n;
	do {
		n = recv(fd, unused, sizeof unused, 0);
	} while (n > 0 || (n < 0 && errno == EINTR)); /* data, or a signal: go on */
	if (n == 0)
		printf("The client has closed: no more will come\n");
	return n == 0 ? 0 : -1;
}

static void wait_ms(long ms)
{
	struct timespec left = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
	while (nanosleep(&left, &left) < 0)
		if (errno != EINTR)
			die("nanosleep");
}

/* Talks to one client. What goes wrong with it ends its connection, not the server. MSG_NOSIGNAL:
 * if the client has gone, send() fails with EPIPE instead of killing us with SIGPIPE. */
static void serve(int fd, const struct plan *plan)
{
	if (plan->waits_for_fin && read_to_fin(fd) < 0)
		perror("server: recv");
	wait_ms(plan->wait_ms);
	if (!plan->say)
		return;
	if (send(fd, last_words, LAST_WORDS_LEN, MSG_NOSIGNAL) == LAST_WORDS_LEN)
		printf("Said bye\n"); /* to the kernel: where it gets to is another matter */
	else
		perror("server: send");
}

int main(int argc, char **argv)
{
	struct plan plan = read_options(argc, argv);
	const char *host = optind < argc ? argv[optind] : "127.0.0.1";
	const char *port = optind + 1 < argc ? argv[optind + 1] : "8080";
	if (optind + 2 < argc)
		usage(false);
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
		serve(fd, &plan);
		close(fd); /* our FIN */
		printf("Closed\n");
	}
}
