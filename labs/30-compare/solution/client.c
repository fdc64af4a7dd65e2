/* 30 compare, a client that speaks on twenty connections at the same time and says how long the
 * middle one of them waited. */
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static const char line[] = "how long?\n";
enum { LINE_LEN = sizeof line - 1, N_VISITS = 20 };

struct visit {
	int fd;
	double said_ms;
};

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "client: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int connect_to(const char *host, const char *port)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *list;
	if (getaddrinfo(host, port, &hints, &list) != 0)
		die("no such host or port");
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

static void say(int fd)
{
	if (send(fd, line, LINE_LEN, MSG_NOSIGNAL) != LINE_LEN)
		die("send");
}

static void hear(int fd)
{
	char echo[LINE_LEN];
	ssize_t n = recv(fd, echo, LINE_LEN, MSG_WAITALL);
	if (n != LINE_LEN)
		die(n < 0 ? "recv" : "the server closed too early");
}

static double now_ms(void)
{
	struct timespec now;
	if (clock_gettime(CLOCK_MONOTONIC, &now) < 0)
		die("clock_gettime");
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	const char *host = argc > 1 ? argv[1] : "127.0.0.1", *port = argc > 2 ? argv[2] : "8080";
	struct visit visits[N_VISITS];
	double waited_ms[N_VISITS];
	for (int i = 0; i < N_VISITS; i++) {
		visits[i].fd = connect_to(host, port);
		visits[i].said_ms = now_ms();
		say(visits[i].fd);
	}
	for (int i = 0; i < N_VISITS; i++) {
		hear(visits[i].fd);
		waited_ms[i] = now_ms() - visits[i].said_ms;
		if (close(visits[i].fd) < 0)
			die("close");
	}
	qsort(waited_ms, N_VISITS, sizeof *waited_ms, by_size);
	printf("%d clients: the median waited %.2f ms, the last %.2f ms\n", N_VISITS,
	       waited_ms[N_VISITS / 2], waited_ms[N_VISITS - 1]);
	return 0;
}
