/* 15 stop-and-wait, your client: sends each line of its input as a datagram, a bit in front of it,
 * 0 and 1 in turn; the server acknowledges it with that bit. No acknowledgment within 200 ms: the
 * same datagram again, ten times at most. What is missing has a TODO; the rest is done. `wirelab
 * check 15` runs it, on a wire that loses and doubles. */
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

enum { LINE_MAX_BYTES = 512, TIMER_MS = 200, MAX_TRIES = 10 };

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "client: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* A socket that sends to this peer and hears nobody else. connect() asks nobody: it only notes the
 * address. */
static int speak_to(const char *host, const char *port)
{
	struct addrinfo hints = {.ai_socktype = SOCK_DGRAM};
	struct addrinfo *list;
	int error = getaddrinfo(host, port, &hints, &list);
	if (error != 0) {
		fprintf(stderr, "client: %s port %s: %s\n", host, port, gai_strerror(error));
		exit(1);
	}
	int fd = socket(list->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, list->ai_addr, list->ai_addrlen) < 0)
		die("socket");
	freeaddrinfo(list);
	return fd;
}

/* Milliseconds of a clock that nobody sets. */
static long now_ms(void)
{
	struct timespec now;
	if (clock_gettime(CLOCK_MONOTONIC, &now) < 0)
		die("clock_gettime");
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Waits until the acknowledgment with this bit comes: true. Or until TIMER_MS are over: false. */
static bool is_acknowledged(int fd, char bit)
{
	char ack[2];
	struct pollfd wait = {.fd = fd, .events = POLLIN};
	long end = now_ms() + TIMER_MS;
	int ready = poll(&wait, 1, TIMER_MS); /* 1: something has come; man 2 poll */
	if (ready < 0)
		die("poll");
	/* TODO 1: what if nothing has come? */
	if (ready > 0 && recv(fd, ack, sizeof ack, 0) < 0)
		die("recv");
	/* TODO 2: is this the acknowledgment that you wait for, or an old one? Then wait on, for
	 * what is left of the time. */
	(void)bit;
	(void)end;
	return true;
}

/* The datagram, again and again until it is acknowledged. Returns how often it was sent. */
static int send_surely(int fd, const char *datagram, size_t n)
{
	/* TODO 3: it may take several tries, MAX_TRIES at most; then say that nobody answers, and
	 * exit(1). */
	if (send(fd, datagram, n, 0) < 0)
		die("send");
	return is_acknowledged(fd, datagram[0]) ? 1 : MAX_TRIES;
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

	int fd = speak_to(host, port);
	int n_lines = 0, n_sent = 0;
	char datagram[LINE_MAX_BYTES] = "0";
	while (fgets(datagram + 1, sizeof datagram - 1, stdin) != NULL) {
		size_t n = strcspn(datagram, "\n");
		datagram[n] = '\0';
		int tries = send_surely(fd, datagram, n);
		printf("Acknowledged: %s, sent %d time%s\n", datagram, tries, tries > 1 ? "s" : "");
		datagram[0] = datagram[0] == '0' ? '1' : '0';
		n_lines++;
		n_sent += tries;
	}
	if (ferror(stdin))
		die("input");
	close(fd); /* UDP: the server is not told */
	printf("%d lines, %d datagrams\n", n_lines, n_sent);
	return 0;
}
