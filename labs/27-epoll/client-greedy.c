/* 27 epoll, the client that only talks: it sends as much as goes, and reads nothing until for a
 * while nothing more has gone. Then it reads, and says the rest, until all has come back. Its own
 * buffers are small, so that they are soon full. */
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/net.h"

enum { PIECE = 4096, STUCK_MS = 200, LIMIT_MS = 5000 };

/* How much has gone, how much has come back. */
struct talk {
	int fd;
	long total, said, heard;
};

/* Sends until it would have to wait for as long as STUCK_MS, or all has gone. */
static void say_what_goes(struct talk *talk, int wait_ms)
{
	static const char piece[PIECE];
	struct pollfd writable = {.fd = talk->fd, .events = POLLOUT};
	while (talk->said < talk->total && poll(&writable, 1, wait_ms) > 0) {
		long left = talk->total - talk->said;
		ssize_t n =
		        send(talk->fd, piece, left < PIECE ? (size_t)left : PIECE, MSG_NOSIGNAL);
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			die("send");
		talk->said += n > 0 ? n : 0;
	}
}

/* One piece of the echo. False if none comes. */
static bool hear(struct talk *talk)
{
	char piece[PIECE];
	struct pollfd readable = {.fd = talk->fd, .events = POLLIN};
	if (poll(&readable, 1, LIMIT_MS) <= 0)
		return false;
	ssize_t n = recv(talk->fd, piece, sizeof piece, 0);
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		die("recv");
	talk->heard += n > 0 ? n : 0;
	return n != 0;
}

int main(int argc, char **argv)
{
	int kilobytes = 200, small = 8192;
	const struct number_option options[] = {{'k', &kilobytes, 1, 100000}, {0}};
	struct place place = begin(argc, argv, options,
	                           "client-greedy [-h] [-k KILOBYTES] [host [port]]    (200, "
	                           "127.0.0.1 8080)");
	struct talk talk = {.total = kilobytes * 1000L};
	talk.fd = connect_to(place, SOCK_STREAM, 0);
	if (talk.fd < 0)
		die("connect");
	if (setsockopt(talk.fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small) < 0 ||
	    setsockopt(talk.fd, SOL_SOCKET, SO_SNDBUF, &small, sizeof small) < 0 ||
	    set_nonblocking(talk.fd) < 0)
		die("setsockopt");
	say_what_goes(&talk, STUCK_MS);
	printf("Stuck after %ld of %ld bytes; from now on I read\n", talk.said, talk.total);
	while (talk.heard < talk.total && hear(&talk))
		say_what_goes(&talk, 0);
	printf("%ld of %ld bytes have come back\n", talk.heard, talk.total);
	if (close(talk.fd) < 0)
		die("close");
	return talk.heard < talk.total;
}
