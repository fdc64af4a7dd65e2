/* 08 mute pair, the client as the document wrote it: says "Hello World!" and waits for a reply, for
 * ever. -k MS: after so long the kernel kills it, as `kill -9` would. -u: it does not look whether
 * a reply has come, it is busy with something else. */
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

static const char message[] = "Hello World!";
enum { MESSAGE_LEN = sizeof message - 1 };

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "client: %s: %s\n", what, strerror(errno));
	exit(1);
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

/* send() may take only some of the bytes. MSG_NOSIGNAL: if the server has gone, send() fails with
 * EPIPE instead of killing us with SIGPIPE. */
static void send_all(int fd, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t sent = send(fd, bytes, n, MSG_NOSIGNAL);
		if (sent < 0 && errno == EINTR)
			continue; /* a signal came first: ask again */
		if (sent < 0)
			die("send");
		bytes += sent;
		n -= (size_t)sent;
	}
}

/* SIGKILL cannot be caught, by nobody: no line of this program runs after it. */
static void die_in(long ms)
{
	timer_t timer;
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGKILL};
	struct itimerspec time = {
	        .it_value = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}};
	if (timer_create(CLOCK_MONOTONIC, &event, &timer) < 0 ||
	    timer_settime(timer, 0, &time, NULL) < 0)
		die("timer");
}

static void receive_once(int fd)
{
	char reply[1024];
	ssize_t n;
	do {
		n = recv(fd, reply, sizeof reply, 0);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		die("recv");
	printf("Received from server: %.*s\n", (int)n, reply);
}

int main(int argc, char **argv)
{
	bool unread = false, asked = false, wrong = false;
	long kill_ms = 0;
	for (int option; (option = getopt(argc, argv, "huk:")) != -1;) {
		if (option == 'k')
			kill_ms = strtol(optarg, NULL, 10);
		unread |= option == 'u';
		asked |= option == 'h';
		wrong |= option == '?';
	}
	if (asked || wrong || argc - optind > 2) {
		fprintf(asked ? stdout : stderr, "usage: client-as-written [-h] [-k MS] [-u] [host "
		                                 "[port]]    (127.0.0.1 8080)\n");
		return asked ? 0 : 2;
	}
	const char *host = argc > optind ? argv[optind] : "127.0.0.1";
	const char *port = argc > optind + 1 ? argv[optind + 1] : "8080";
	if (kill_ms > 0)
		die_in(kill_ms);
	setvbuf(stdout, NULL, _IOLBF, 0); /* each line goes out at once, to a pipe too */

	int fd = connect_to(host, port);
	printf("Connected to %s port %s\n", host, port);

	send_all(fd, message, MESSAGE_LEN);
	printf("Sent: %s\n", message);
	if (unread)
		(void)pause(); /* until a signal comes */
	receive_once(fd);
	return close(fd) < 0 ? 1 : 0;
}
