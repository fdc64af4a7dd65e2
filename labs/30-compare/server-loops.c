/* 30 compare, the server with several loops: each is that of lab 27, in a thread of its own and
 * with an epoll of its own. The main thread only accepts, and deals the clients out. A client stays
 * with its loop, so the loops share nothing and lock nothing. One loop keeps one processor busy at
 * most; a loop for each can use them all. TCP only. Ends, with status 0, on SIGTERM or Ctrl-C. */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/net.h"

enum { BACKLOG = 4096, MAX_EVENTS = 64, PIECE = 4096, MAX_LOOPS = 64 };

struct client {
	int fd, epoll;  /* its socket, and its loop's epoll */
	size_t n, sent; /* of the n bytes in here, so many have been sent */
	char bytes[PIECE];
};

/* What its loop waits for from now on. False when the kernel has no room for it. */
static bool want(struct client *c, int operation, uint32_t events)
{
	struct epoll_event wanted = {.events = events, .data.ptr = c};
	return epoll_ctl(c->epoll, operation, c->fd, &wanted) == 0;
}

/* Sends what is there. 1: all of it, 0: the socket takes no more now, -1: this client is done. */
static int send_rest(struct client *c)
{
	while (c->sent < c->n) {
		ssize_t n = send(c->fd, c->bytes + c->sent, c->n - c->sent, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? 0 : -1;
		c->sent += (size_t)n;
	}
	c->n = c->sent = 0;
	return 1;
}

/* One turn for one client, as in lab 27. False when it is done. */
static bool serve(struct client *c)
{
	bool was_stuck = c->n > 0; /* then we are here because it is writable */
	if (!was_stuck) {
		ssize_t n = recv(c->fd, c->bytes, sizeof c->bytes, 0);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return true;
		if (n <= 0)
			return false;
		c->n = (size_t)n;
	}
	int sent = send_rest(c);
	if (sent == 0 && !was_stuck)
		return want(c, EPOLL_CTL_MOD, EPOLLOUT);
	if (sent == 1 && was_stuck)
		return want(c, EPOLL_CTL_MOD, EPOLLIN);
	return sent >= 0;
}

static void leave(struct client *c)
{
	close(c->fd); /* its epoll forgets it by itself */
	free(c);
}

/* A thread: serves the clients that this epoll knows. */
static void *loop(void *arg)
{
	int epoll = *(int *)arg;
	struct epoll_event ready[MAX_EVENTS];
	for (;;) {
		int n = epoll_wait(epoll, ready, MAX_EVENTS, -1); /* waits here, only here */
		if (n < 0 && errno != EINTR)
			die("epoll_wait");
		for (int i = 0; i < n; i++)
			if (!serve(ready[i].data.ptr))
				leave(ready[i].data.ptr);
	}
	return NULL;
}

/* A new client for that loop; once its epoll knows it, nobody else may touch it. */
static void hand_over(int epoll, int fd)
{
	struct client *c = malloc(sizeof *c);
	if (c) {
		c->fd = fd;
		c->epoll = epoll;
		c->n = c->sent = 0;
		if (want(c, EPOLL_CTL_ADD, EPOLLIN))
			return;
	}
	perror("server-loops: no room for a client more");
	close(fd);
	free(c);
}

static int n_processors(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);
	return n < 1 ? 1 : n > MAX_LOOPS ? MAX_LOOPS : (int)n;
}

int main(int argc, char **argv)
{
	int epolls[MAX_LOOPS] = {0}, n = n_processors();
	const struct number_option options[] = {{'l', &n, 1, MAX_LOOPS}, {0}};
	struct place place = begin(argc, argv, options,
	                           "server-loops [-h] [-l LOOPS] [host [port]]"
	                           "    (one for each processor, 127.0.0.1 8080)");
	stop_on_signals();
	for (int i = 0; i < n; i++) {
		epolls[i] = epoll_create1(EPOLL_CLOEXEC);
		if (epolls[i] < 0 || (errno = start_detached(loop, &epolls[i])) != 0)
			die("no loop more");
	}
	int listener = listen_on(place, SOCK_STREAM, BACKLOG);
	printf("Listening on %s port %s; %d loops\n", place.host, place.port, n);
	for (int turn = 0;; turn = (turn + 1) % n) {
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd >= 0)
			hand_over(epolls[turn], fd);
		else if (errno == EMFILE)
			pause_ms(10); /* until one has gone; lab 26 waits for that */
		else if (errno != EINTR && errno != ECONNABORTED)
			die("accept");
	}
}
