/* 27 epoll, the server with edges: epoll_wait() tells of a socket once, when something has changed
 * (EPOLLET), and not again. So whoever is told has to go on until the kernel says EAGAIN; what is
 * left behind is told of by nobody. In return a socket is registered once, for reading and writing,
 * and that is all. TCP only. `diff server-stall.c server-edge.c` is one loop. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/net.h"

enum { BACKLOG = 4096, MAX_SOCKETS = 16000, MAX_EVENTS = 64, PIECE = 16 };

/* What we know of a socket that epoll watches for us. */
struct watched {
	int fd;
	size_t n, sent; /* of the n bytes in here, so many have been sent */
	char bytes[PIECE];
};

struct loop {
	int epoll;
	struct watched *of; /* MAX_SOCKETS of them, by descriptor */
};

/* From now on epoll tells of each change. Without room for it, it is closed. */
static void watch(struct loop *loop, int fd)
{
	struct epoll_event wanted = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.fd = fd};
	if (fd >= MAX_SOCKETS || epoll_ctl(loop->epoll, EPOLL_CTL_ADD, fd, &wanted) < 0) {
		perror("server: no room for a socket more");
		close(fd);
		return;
	}
	loop->of[fd].fd = fd;
	loop->of[fd].n = loop->of[fd].sent = 0;
}

/* One step: sends what is there, or reads what has come. What the kernel said, 0 for the end. */
static ssize_t step(struct watched *w)
{
	if (w->sent < w->n) {
		ssize_t n = send(w->fd, w->bytes + w->sent, w->n - w->sent, MSG_NOSIGNAL);
		w->sent += n > 0 ? (size_t)n : 0;
		return n;
	}
	ssize_t n = recv(w->fd, w->bytes, sizeof w->bytes, 0);
	w->n = n > 0 ? (size_t)n : 0;
	w->sent = 0;
	return n;
}

/* Goes on until the kernel has nothing more. False when this client is done. */
static bool serve(struct watched *w)
{
	for (;;) {
		ssize_t n = step(w);
		if (n < 0 && errno == EAGAIN)
			return true; /* from here on epoll will tell again */
		if (n == 0 || (n < 0 && errno != EINTR))
			return false;
	}
}

/* All that wait: of them, too, it is told once. */
static void take_clients(struct loop *loop, int listener)
{
	for (;;) {
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd >= 0)
			watch(loop, fd);
		else if (errno == EAGAIN)
			return;
		else if (errno == EMFILE)
			pause_ms(10); /* until a client has gone; this server has no better idea */
		else if (errno != EINTR && errno != ECONNABORTED)
			die("accept");
	}
}

int main(int argc, char **argv)
{
	struct loop loop = {.of = calloc(MAX_SOCKETS, sizeof *loop.of)};
	struct epoll_event ready[MAX_EVENTS];
	struct place place =
	        begin(argc, argv, NULL, "server-edge [-h] [host [port]]    (127.0.0.1 8080)");
	stop_on_signals();

	int listener = listen_on(place, SOCK_STREAM, BACKLOG);
	loop.epoll = epoll_create1(EPOLL_CLOEXEC);
	if (!loop.of || loop.epoll < 0 || set_nonblocking(listener) < 0)
		die("epoll");
	watch(&loop, listener);
	printf("Listening on %s port %s\n", place.host, place.port);
	for (;;) {
		int n = epoll_wait(loop.epoll, ready, MAX_EVENTS, -1);
		if (n < 0 && errno != EINTR)
			die("epoll_wait");
		for (int i = 0; i < n; i++) {
			int fd = ready[i].data.fd;
			if (fd == listener)
				take_clients(&loop, listener);
			else if (!serve(&loop.of[fd]))
				close(fd); /* epoll forgets it by itself */
		}
	}
}
