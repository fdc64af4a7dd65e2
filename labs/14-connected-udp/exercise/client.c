/* 14 connected UDP, your client: it says each line of its input to its peer, and then what became
 * of it: "Answer: ...", "Refused", or "Silence" after a second. What is missing has a TODO; the
 * rest is done. `wirelab check 14` runs it and tells what is wrong. */
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 512, ANSWER_MAX = 2048, WAIT_MS = 1000 };

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "client: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* A socket whose peer is that address. */
static int open_to(const char *host, const char *port)
{
	struct addrinfo hints = {.ai_socktype = SOCK_DGRAM};
	struct addrinfo *list;
	int error = getaddrinfo(host, port, &hints, &list);
	if (error != 0) {
		fprintf(stderr, "client: %s port %s: %s\n", host, port, gai_strerror(error));
		exit(1);
	}
	for (struct addrinfo *a = list; a != NULL; a = a->ai_next) {
		int fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, a->ai_protocol);
		/* TODO 1: tell the kernel who the peer is, so that send() knows where to, and the
		 * kernel whom an ICMP message is for. man 2 connect */
		if (fd >= 0) {
			freeaddrinfo(list);
			return fd;
		}
	}
	die("cannot set the peer");
}

/* True if within WAIT_MS there is something for recv() to tell. */
static bool wait_for_news(int fd)
{
	/* TODO 2: wait for it, for so long at most: either datagram may have been lost, and then
	 * recv() would wait for ever. man 2 poll */
	(void)fd;
	return false;
}

/* Sends one datagram and tells what becomes of it. */
static void exchange(int fd, const char *line, size_t n)
{
	char answer[ANSWER_MAX];
	if (send(fd, line, n, 0) < 0)
		die("send");
	if (!wait_for_news(fd)) {
		printf("Silence\n");
		return;
	}
	/* TODO 3: recv() tells the news. One of its errors is no reason to give up: print "Refused"
	 * for it. man 7 ip, man 7 udp, ERRORS */
	printf("Answer: %.*s\n", 0, answer);
}

/* A short rest between two lines, as a person would make. */
static void rest(void)
{
	struct timespec left = {.tv_nsec = 200 * 1000 * 1000};
	while (nanosleep(&left, &left) < 0)
		if (errno != EINTR)
			die("nanosleep");
}

int main(int argc, char **argv)
{
	const char *host = argc > 1 ? argv[1] : "127.0.0.1";
	const char *port = argc > 2 ? argv[2] : "8080";
	if (argc > 3 || host[0] == '-') {
		bool asked = strcmp(host, "-h") == 0;
		fprintf(asked ? stdout : stderr,
		        "usage: client [-h] [host [port]] <lines    (127.0.0.1 8080)\n");
		return asked ? 0 : 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0); /* each line goes out at once, to a pipe too */

	int fd = open_to(host, port);
	char line[LINE_MAX_BYTES];
	while (fgets(line, sizeof line, stdin) != NULL) {
		exchange(fd, line, strcspn(line, "\n"));
		rest();
	}
	if (ferror(stdin))
		die("input");
	close(fd); /* nothing is sent */
	return 0;
}
