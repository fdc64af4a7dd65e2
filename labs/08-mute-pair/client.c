/* 08 mute pair, the client: says "Hello World!" and waits for the reply. -w says with a FIN that
 * this was all, so that a server that waits for more does not wait for ever. -t MS: waits no longer
 * than that for the next byte of a reply. */
#include <errno.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
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

/* From now on a recv() to which nothing comes for so long fails with EAGAIN. */
static void set_timeout(int fd, long ms)
{
	struct timeval time = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time) < 0)
		die("SO_RCVTIMEO");
}

/* Reads until the whole reply is there, which has the length of the message, or there will be no
 * more of it. True if it is whole. */
static bool receive_reply(int fd)
{
	char reply[MESSAGE_LEN] = "";
	size_t got = 0;
	while (got < sizeof reply) {
		ssize_t n = recv(fd, reply + got, sizeof reply - got, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			printf("No reply in time: I give up\n");
		else if (n < 0)
			die("recv");
		if (n == 0)
			printf("The server has closed without a reply\n");
		if (n <= 0)
			return false;
		got += (size_t)n;
	}
	printf("Received from server: %.*s\n", (int)got, reply);
	return true;
}

int main(int argc, char **argv)
{
	long timeout_ms = 0;
	bool half_close = false, asked = false, wrong = false;
	for (int option; (option = getopt(argc, argv, "hwt:")) != -1;) {
		if (option == 't')
			timeout_ms = strtol(optarg, NULL, 10);
		half_close |= option == 'w';
		asked |= option == 'h';
		wrong |= option == '?';
	}
	if (asked || wrong || argc - optind > 2) {
		fprintf(asked ? stdout : stderr,
		        "usage: client [-h] [-w] [-t MS] [host [port]]    (127.0.0.1 8080)\n");
		return asked ? 0 : 2;
	}
	const char *host = argc > optind ? argv[optind] : "127.0.0.1";
	const char *port = argc > optind + 1 ? argv[optind + 1] : "8080";
	setvbuf(stdout, NULL, _IOLBF, 0); /* each line goes out at once, to a pipe too */

	int fd = connect_to(host, port);
	printf("Connected to %s port %s\n", host, port);

	if (timeout_ms > 0)
		set_timeout(fd, timeout_ms);
	send_all(fd, message, MESSAGE_LEN);
	printf("Sent: %s\n", message);
	if (half_close && shutdown(fd, SHUT_WR) < 0)
		die("shutdown");

	bool whole = receive_reply(fd);
	if (close(fd) < 0)
		die("close");
	return whole || half_close ? 0 : 1;
}
