/* closing.c: a load of HTTP where each request has a connection, and its end is the end of the
 * answer. `bench-closing PORT SECONDS`: four clients at a time on 127.0.0.1; prints how many whole
 * answers came in a second. (wrk cannot measure that: it opens one more connection after each that
 * ends so.) */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/net.h"

enum { CLIENTS = 4, MAX_EVENTS = 64 };

static const char request[] =
        "GET /hello.txt HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";

/* A new connection with its request on it; epoll tells when something comes. */
static void ask(int epoll, struct place place)
{
	int fd = connect_to(place, SOCK_STREAM, 0);
	struct epoll_event wanted = {.events = EPOLLIN, .data.fd = fd};
	if (fd < 0 || send_all(fd, request, sizeof request - 1) < 0 ||
	    epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &wanted) < 0)
		die("connect");
}

/* 1: an answer is whole; 0: not yet. What has come is an answer if it begins as one. */
static int hear(int fd)
{
	char bytes[4096];
	ssize_t n = recv(fd, bytes, sizeof bytes, 0);
	if (n < 0 && errno != EINTR)
		die("recv");
	return n == 0;
}

int main(int argc, char **argv)
{
	struct epoll_event ready[MAX_EVENTS];
	struct place place = {"127.0.0.1", argc > 1 ? argv[1] : "8080"};
	int64_t began = now_us();
	int64_t end = began + (argc > 2 ? strtol(argv[2], NULL, 10) : 1) * 1000000;
	long n_answers = 0;
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	for (int i = 0; i < CLIENTS; i++)
		ask(epoll, place);
	while (now_us() < end) {
		int n = epoll_wait(epoll, ready, MAX_EVENTS, 1000);
		for (int i = 0; i < n; i++) {
			if (!hear(ready[i].data.fd))
				continue;
			n_answers++;
			(void)close(ready[i].data.fd);
			ask(epoll, place);
		}
	}
	printf("%ld\n", n_answers * 1000000 / (now_us() - began));
	return 0;
}
