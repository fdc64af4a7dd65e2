/* 05 TIME-WAIT, the server: lives twice in one run. Each life listens, serves one client, closes
 * all that it has; the second begins 100 ms later, on the same address and port. `server -h` tells
 * its options. Ends, with status 0, on SIGTERM or Ctrl-C. */
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

enum { BACKLOG = 16, LIVES = 2, RESTART_MS = 100 };

struct plan {
	const char *reuse; /* in which lives SO_REUSEADDR is set: "always", "second", "never" */
	bool patient;      /* the client closes first */
	bool keep;         /* the first life's listener is still open in the second */
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
	        "  --reuse always|second|never   in which lives SO_REUSEADDR is set (always)\n"
	        "  --patient                     the client closes first\n"
	        "  --keep                        the first listener stays open\n");
	exit(asked ? 0 : 2);
}

static struct plan read_options(int argc, char **argv)
{
	static const struct option options[] = {{"reuse", required_argument, NULL, 'r'},
	                                        {"patient", no_argument, NULL, 'p'},
	                                        {"keep", no_argument, NULL, 'k'},
	                                        {"help", no_argument, NULL, 'h'},
	                                        {0}};
	struct plan plan = {.reuse = "always"};
	int option;
	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (option == 'r')
			plan.reuse = optarg;
		else if (option == 'p')
			plan.patient = true;
		else if (option == 'k')
			plan.keep = true;
		else
			usage(option == 'h');
	}
	return plan;
}

/* A socket that listens on host and port. With `reuse` bind() takes an address that an old
 * connection of ours still holds in TIME-WAIT, if that one had the option too: what accept()
 * returns inherits it from the listener. */
static int listen_on(const char *host, const char *port, bool reuse)
{
	struct addrinfo hints = {.ai_flags = AI_PASSIVE, .ai_socktype = SOCK_STREAM};
	struct addrinfo *list;
	int error = getaddrinfo(host, port, &hints, &list);
	if (error != 0) {
		fprintf(stderr, "server: %s port %s: %s\n", host, port, gai_strerror(error));
		exit(1);
	}
	int on = reuse;
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

/* Says in which life we are, and closes: before the client, or after it. Either way both FINs have
 * been seen when this returns. */
static void serve(int fd, int life, const struct plan *plan)
{
	char line[64];
	int n = snprintf(line, sizeof line, "life %d", life);
	if (plan->patient)
		read_to_fin(fd);
	if (send(fd, line, (size_t)n, MSG_NOSIGNAL) !=
	    n) /* so few bytes go at once or not at all */
		die("send");
	if (shutdown(fd, SHUT_WR) < 0) /* our FIN */
		die("shutdown");
	if (!plan->patient)
		read_to_fin(fd);
	if (close(fd) < 0)
		die("close");
}

/* A restart takes a moment. */
static void restart(void)
{
	struct timespec left = {.tv_nsec = RESTART_MS * 1000000L};
	while (nanosleep(&left, &left) < 0)
		if (errno != EINTR)
			die("nanosleep");
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

	for (int life = 1; life <= LIVES; life++) {
		bool reuse = strcmp(plan.reuse, "always") == 0 ||
		             (strcmp(plan.reuse, "second") == 0 && life == 2);
		if (life > 1)
			restart();
		int listener = listen_on(host, port, reuse);
		printf("Life %d: listening on %s port %s\n", life, host, port);
		serve(accept_one(listener), life, &plan);
		if (!plan.keep && close(listener) < 0)
			die("close");
		printf("Life %d: over\n", life);
	}
	return 0;
}
