/* 27 epoll, the server: one thread for all clients, TCP and UDP. epoll_wait() says which sockets
 * are ready; it says so again as long as they are (level-triggered), so nothing gets lost that was
 * not read at once. What a client does not take stays here until its socket is writable again, and
 * until then nothing more is read from it. Ends, with status 0, on SIGTERM or Ctrl-C. */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/net.h"

enum {
	BACKLOG = 4096,
	MAX_SOCKETS = 16000,
	MAX_EVENTS = 64,
	PIECE_MAX = 4096,
	DATAGRAM_MAX = 65536
};

enum kind { LISTENER, DATAGRAMS, CLIENT };

/* What we know of a socket that epoll watches for us. */
struct watched {
	enum kind kind;
	int fd;
	size_t n, sent; /* CLIENT: of the n bytes in here, so many have been sent */
	char bytes[PIECE_MAX];
};

struct loop {
	int epoll, piece;   /* bytes that are read at a time */
	struct watched *of; /* MAX_SOCKETS of them, by descriptor */
};

/* From now on epoll tells when it is readable. Without room for it, it is closed. */
static void watch(struct loop *loop, int fd, enum kind kind)
{
	struct epoll_event wanted = {.events = EPOLLIN, .data.fd = fd};
	if (fd >= MAX_SOCKETS || epoll_ctl(loop->epoll, EPOLL_CTL_ADD, fd, &wanted) < 0) {
		perror("server: no room for a socket more");
		close(fd);
		return;
	}
	loop->of[fd].kind = kind;
	loop->of[fd].fd = fd;
	loop->of[fd].n = loop->of[fd].sent = 0;
}

static void want(const struct loop *loop, struct watched *w, uint32_t events)
{
	struct epoll_event wanted = {.events = events, .data.fd = w->fd};
	if (epoll_ctl(loop->epoll, EPOLL_CTL_MOD, w->fd, &wanted) < 0)
		die("epoll_ctl");
}

/* Sends what is there. 1: all of it, 0: the socket takes no more now, -1: this client is done. */
static int send_rest(struct watched *w)
{
	while (w->sent < w->n) {
		ssize_t n = send(w->fd, w->bytes + w->sent, w->n - w->sent, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? 0 : -1;
		w->sent += (size_t)n;
	}
	w->n = w->sent = 0;
	return 1;
}

/* One turn for one client. False when it is done. */
static bool serve(const struct loop *loop, struct watched *w)
{
	bool was_stuck = w->n > 0; /* then we are here because it is writable */
	if (!was_stuck) {
		ssize_t n = recv(w->fd, w->bytes, (size_t)loop->piece, 0);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return true;
		if (n <= 0)
			return false;
		w->n = (size_t)n;
	}
	int sent = send_rest(w);
	if (sent == 0 && !was_stuck)
		want(loop, w, EPOLLOUT); /* only now: a socket is nearly always writable */
	if (sent == 1 && was_stuck)
		want(loop, w, EPOLLIN);
	return sent >= 0;
}

static void take_client(struct loop *loop, int listener)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd >= 0)
		watch(loop, fd, CLIENT);
	else if (errno == EMFILE)
		pause_ms(10); /* or the loop would spin: the listener stays ready */
	else if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED)
		die("accept");
}

/* One datagram back to where it came from. An error concerns that one only. */
static void echo_datagram(int fd)
{
	char bytes[DATAGRAM_MAX];
	struct sockaddr_storage peer;
	socklen_t size = sizeof peer;
	ssize_t n = recvfrom(fd, bytes, sizeof bytes, 0, (struct sockaddr *)&peer, &size);
	if (n >= 0 && sendto(fd, bytes, (size_t)n, 0, (struct sockaddr *)&peer, size) < 0)
		perror("server: sendto");
}

static void handle(struct loop *loop, struct watched *w)
{
	if (w->kind == LISTENER)
		take_client(loop, w->fd);
	else if (w->kind == DATAGRAMS)
		echo_datagram(w->fd);
	else if (!serve(loop, w))
		close(w->fd); /* epoll forgets it by itself */
}

int main(int argc, char **argv)
{
	/* Large, but what is never touched costs nothing. */
	struct loop loop = {.piece = PIECE_MAX, .of = calloc(MAX_SOCKETS, sizeof *loop.of)};
	struct epoll_event ready[MAX_EVENTS];
	int buffer = 0; /* the kernel chooses */
	const struct number_option options[] = {
	        {'b', &loop.piece, 1, PIECE_MAX}, {'r', &buffer, 0, 1000000}, {0}};
	struct place place = begin(argc, argv, options,
	                           "server [-h] [-b BYTES] [-r RECEIVE_BUFFER] [host [port]]"
	                           "    (4096, as the kernel has it, 127.0.0.1 8080)");
	stop_on_signals();

	int tcp = listen_on(place, SOCK_STREAM, BACKLOG), udp = listen_on(place, SOCK_DGRAM, 0);
	loop.epoll = epoll_create1(EPOLL_CLOEXEC);
	if (!loop.of || loop.epoll < 0 || set_nonblocking(tcp) < 0 || set_nonblocking(udp) < 0)
		die("epoll");
	if (buffer > 0 && setsockopt(tcp, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer) < 0)
		die("setsockopt"); /* its connections inherit it */
	watch(&loop, tcp, LISTENER);
	watch(&loop, udp, DATAGRAMS);
	printf("Listening on %s port %s, TCP and UDP\n", place.host, place.port);
	for (;;) {
		int n = epoll_wait(loop.epoll, ready, MAX_EVENTS, -1); /* waits here, only here */
		if (n < 0 && errno != EINTR)
			die("epoll_wait");
		for (int i = 0; i < n; i++)
			handle(&loop, &loop.of[ready[i].data.fd]);
	}
}
