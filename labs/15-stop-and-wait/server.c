/* 15 stop-and-wait, the server: delivers each line once and in order, over a wire that loses,
 * doubles and delays. A datagram begins with its bit, 0 and 1 in turn; the bit goes back as the
 * acknowledgment. Ends, with status 0, on SIGTERM or Ctrl-C. */
#include <errno.h>
#include <netdb.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { DATAGRAM_MAX = 65536 };

/* Who speaks, and which bit is to come next. */
struct talk {
	struct sockaddr_storage peer;
	socklen_t peer_len;
	char expected;
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

/* A socket with that address. */
static int bind_to(const char *host, const char *port)
{
	struct addrinfo hints = {.ai_flags = AI_PASSIVE, .ai_socktype = SOCK_DGRAM};
	struct addrinfo *list;
	int error = getaddrinfo(host, port, &hints, &list);
	if (error != 0) {
		fprintf(stderr, "server: %s port %s: %s\n", host, port, gai_strerror(error));
		exit(1);
	}
	for (struct addrinfo *a = list; a != NULL; a = a->ai_next) {
		int fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, a->ai_protocol);
		if (fd >= 0 && bind(fd, a->ai_addr, a->ai_addrlen) == 0) {
			freeaddrinfo(list);
			return fd;
		}
		if (fd >= 0)
			close(fd);
	}
	die("cannot bind");
}

/* Another client begins anew, with 0. (One at a time: there is no connection that would tell us
 * when the first has gone.) */
static void notice_peer(struct talk *talk, const struct sockaddr_storage *peer, socklen_t len)
{
	if (talk->peer_len == len && memcmp(&talk->peer, peer, len) == 0)
		return;
	*talk = (struct talk){.peer = *peer, .peer_len = len, .expected = '0'};
}

/* The filter: a datagram with the other bit has been here before. It is acknowledged all the same:
 * it came again because its acknowledgment was lost, or was late. */
static void take(struct talk *talk, const char *datagram, int n)
{
	if (datagram[0] != talk->expected) {
		printf("Again: %.*s\n", n, datagram);
		return;
	}
	printf("Delivered: %.*s\n", n - 1, datagram + 1);
	talk->expected = talk->expected == '0' ? '1' : '0';
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

	int fd = bind_to(host, port);
	printf("Bound to %s port %s\n", host, port);
	static char datagram[DATAGRAM_MAX];
	struct talk talk = {.expected = '0'};
	for (;;) {
		struct sockaddr_storage peer = {0};
		socklen_t len = sizeof peer;
		ssize_t n =
		        recvfrom(fd, datagram, sizeof datagram, 0, (struct sockaddr *)&peer, &len);
		if (n < 0 && errno == EINTR)
			continue; /* a signal came first: ask again */
		if (n < 0)
			die("recvfrom");
		if (n < 1 || (datagram[0] != '0' && datagram[0] != '1'))
			continue; /* none of ours */
		notice_peer(&talk, &peer, len);
		take(&talk, datagram, (int)n);
		if (sendto(fd, datagram, 1, 0, (struct sockaddr *)&peer, len) < 0)
			perror("server: sendto"); /* as good as lost on the way: it comes again */
	}
}
