/* 04 closing, the client: opens a connection and closes it again. Its options say how: `client -h`.
 * No byte of data is sent, unless by a server with --say. */
#include <errno.h>
#include <getopt.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct plan {
	bool waits_for_fin; /* the server closes first */
	long wait_ms;       /* before we close */
	bool half;          /* close our direction only, and read on */
};

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "client: %s: %s\n", what, strerror(errno));
	exit(1);
}

static _Noreturn void usage(bool asked)
{
	fprintf(asked ? stdout : stderr,
	        "usage: client [options] [host [port]]    (127.0.0.1 8080)\n"
	        "  --who client|server|both   who closes without waiting for the other (client)\n"
	        "  --wait MS                  how long we wait before we close (0)\n"
	        "  --half                     we close our direction only, and read on\n");
	exit(asked ? 0 : 2);
}

static struct plan read_options(int argc, char **argv)
{
	static const struct option options[] = {{"who", required_argument, NULL, 'w'},
	                                        {"wait", required_argument, NULL, 'm'},
	                                        {"half", no_argument, NULL, 'f'},
	                                        {"help", no_argument, NULL, 'h'},
	                                        {0}};
	struct plan plan = {.waits_for_fin = false};
	int option;
	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (option == 'w')
			plan.waits_for_fin = strcmp(optarg, "server") == 0;
		else if (option == 'm')
			plan.wait_ms = strtol(optarg, NULL, 10);
		else if (option == 'f')
			plan.half = true;
		else
			usage(option == 'h');
	}
	return plan;
}

/* A socket connected to host and port. A name may have several addresses, of IPv4 and of IPv6: the
 * first one that answers is taken. */
static int connect_to(const char *host, const char *port)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *list;
	int error = getaddrinfo(host, port, &hints, &list);
	if (error != 0) {
		fprintf(stderr, "client: %s port %s: %s\n", host, port, gai_strerror(error));
		exit(1);
	}
	for (struct addrinfo *a = list; a != NULL; a = a->ai_next) {
		int fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, a->ai_protocol);
		if (fd >= 0 && connect(fd, a->ai_addr, a->ai_addrlen) == 0) {
			freeaddrinfo(list);
			return fd;
		}
		if (fd >= 0)
			close(fd);
	}
	die("cannot connect");
}

/* Reads until the server's FIN, which recv() reports as 0 bytes. */
static void read_to_fin(int fd)
{
	char piece[1024];
	for (;;) {
		ssize_t n = recv(fd, piece, sizeof piece, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			die("recv");
		if (n == 0) {
			printf("The server has closed: no more will come\n");
			return;
		}
		printf("Received %zd bytes: %.*s\n", n, (int)n, piece);
	}
}

static void wait_ms(long ms)
{
	struct timespec left = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
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

	int fd = connect_to(host, port);
	printf("Connected\n");

	if (plan.waits_for_fin)
		read_to_fin(fd);
	wait_ms(plan.wait_ms);
	if (plan.half) {
		if (shutdown(fd, SHUT_WR) < 0) /* our FIN: "I have no more to say" */
			die("shutdown");
		printf("Closed our direction\n");
		read_to_fin(fd);
	}
	if (close(fd) < 0) /* our FIN, unless it has gone out: "and I do not listen any more" */
		die("close");
	printf("Closed\n");
	return 0;
}
