/* loop.c: see loop.h. */
#include "lib/loop.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/conn.h"

enum {
	BACKLOG = 4096,
	MAX_EVENTS = 256,
	FULL_PAUSE_MS = 50 /* until it is tried again whether there are descriptors */
};

/* ---- clients come and go ---- */

/* The listeners are looked at, or not: there is no room for another client now. */
static void listen_again(struct loop *loop, bool on)
{
	if (loop->full == !on || loop->stopping)
		return;
	for (int i = 0; i < loop->n_listeners; i++) {
		struct epoll_event wanted = {.events = on ? (uint32_t)EPOLLIN : 0,
		                             .data.ptr = &loop->listeners[i]};
		if (epoll_ctl(loop->epoll, EPOLL_CTL_MOD, loop->listeners[i], &wanted) < 0)
			die("epoll_ctl");
	}
	loop->full = !on;
}

static void release(struct loop *loop, struct conn *c)
{
	*(c->before ? &c->before->next : &loop->conns) = c->next;
	if (c->next)
		c->next->before = c->before;
	loop->n_conns--;
	conn_free(c);
	listen_again(loop, true);
}

static void turn(struct loop *loop, struct conn *c)
{
	if (!conn_turn(c))
		release(loop, c);
}

static void begin_conn(struct loop *loop, int fd)
{
	int on = 1;
	struct conn *c = conn_new(loop, fd);
	struct epoll_event wanted = {.events = EPOLLIN, .data.ptr = c};
	if (!c) {
		(void)close(fd);
		return;
	}
	if (epoll_ctl(loop->epoll, EPOLL_CTL_ADD, fd, &wanted) < 0)
		die("epoll_ctl");
	/* An answer's last piece shall not wait for the ACK of the one before (lab 09). */
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	if (c->next)
		c->next->before = c;
	loop->conns = c;
	loop->n_conns++;
	loop->next_ms = earlier_ms(loop->next_ms, conn_deadline(c));
	if (loop->service->opened)
		loop->service->opened(c);
}

static void take_client(struct loop *loop, int listener)
{
	if (loop->n_conns >= loop->limits.clients) {
		listen_again(loop, false); /* until one goes */
		return;
	}
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd >= 0) {
		begin_conn(loop, fd);
	} else if (accept_has_no_room(errno)) {
		listen_again(loop, false); /* or the loop would spin: the listener stays ready */
		loop->next_ms = earlier_ms(loop->next_ms, loop->now_ms + FULL_PAUSE_MS);
	} else if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED && errno != EPROTO) {
		die("accept");
	}
}

/* ---- time ---- */

/* Who has waited too long, or wants to be woken, or was spoken for by another: gets its turn. */
static void look_at_clocks(struct loop *loop)
{
	int64_t now = loop->now_ms;
	loop->next_ms = INT64_MAX;
	if (loop->full && loop->n_conns < loop->limits.clients)
		listen_again(loop, true);
	for (struct conn *c = loop->conns, *next; c; c = next) {
		next = c->next;
		bool woken = c->wake_ms > 0 && now >= c->wake_ms;
		bool late = now >= conn_deadline(c);
		c->gone |= late && (c->finishing || c->late);
		c->late |= late;
		c->wake_ms = woken ? 0 : c->wake_ms;
		if (woken || late || c->gone || c->moved)
			turn(loop, c); /* it may free c */
	}
	for (const struct conn *c = loop->conns; c; c = c->next) {
		loop->next_ms = earlier_ms(loop->next_ms, conn_deadline(c));
		if (c->wake_ms > 0)
			loop->next_ms = earlier_ms(loop->next_ms, c->wake_ms);
	}
}

/* ---- the loop ---- */

static void watch_for_input(const struct loop *loop, int *fd)
{
	struct epoll_event wanted = {.events = EPOLLIN, .data.ptr = fd}; /* tells which it is */
	if (epoll_ctl(loop->epoll, EPOLL_CTL_ADD, *fd, &wanted) < 0)
		die("epoll_ctl");
}

/* -1 with errno. `alone`: no other address has a socket of its own, so "::" takes IPv4 too. */
static int listen_at(const struct addrinfo *a, bool alone)
{
	int on = 1, fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
	    (a->ai_family != AF_INET6 || alone ||
	     setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) == 0) &&
	    bind(fd, a->ai_addr, a->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	(void)close(fd); /* errno is that of the call that failed */
	return -1;
}

/* At every address that there is; one is enough. */
static void listen_everywhere(struct loop *loop, struct place place)
{
	struct addrinfo hints = {.ai_flags = AI_PASSIVE, .ai_socktype = SOCK_STREAM};
	struct addrinfo *list;
	int error = getaddrinfo(place.host, place.port, &hints, &list);
	if (error != 0) {
		fprintf(stderr, "%s: %s port %s: %s\n", program_invocation_short_name, place.host,
		        place.port, gai_strerror(error));
		exit(1);
	}
	for (struct addrinfo *a = list; a && loop->n_listeners < LOOP_LISTENERS; a = a->ai_next) {
		int fd = listen_at(a, a == list && !a->ai_next);
		if (fd < 0)
			continue;
		loop->listeners[loop->n_listeners] = fd;
		watch_for_input(loop, &loop->listeners[loop->n_listeners++]);
	}
	freeaddrinfo(list);
	if (loop->n_listeners == 0)
		die("cannot listen");
}

/* SIGTERM and SIGINT are no interruptions any more but something that can be read. */
static void take_signals(struct loop *loop)
{
	sigset_t ends;
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	if (sigemptyset(&ends) < 0 || sigaddset(&ends, SIGTERM) < 0 ||
	    sigaddset(&ends, SIGINT) < 0 || sigprocmask(SIG_BLOCK, &ends, NULL) < 0 ||
	    sigaction(SIGPIPE, &ignore, NULL) < 0)
		die("signals");
	loop->signals = signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);
	if (loop->signals < 0)
		die("signalfd");
	watch_for_input(loop, &loop->signals);
}

static struct limits with_defaults(const struct limits *given)
{
	struct limits l = given ? *given : (struct limits){0};
	l.in_max = l.in_max ? l.in_max : 16 * 1024;
	l.out_max = l.out_max ? l.out_max : 64 * 1024;
	l.clients = l.clients ? l.clients : 10000;
	l.idle_ms = l.idle_ms ? l.idle_ms : 30000;
	l.total_ms = l.total_ms ? l.total_ms : 60000;
	l.linger_ms = l.linger_ms ? l.linger_ms : 2000;
	l.stop_ms = l.stop_ms ? l.stop_ms : 3000;
	return l;
}

void loop_open(struct loop *loop, struct place place, const struct service *service,
               const struct limits *limits)
{
	*loop = (struct loop){.service = service, .limits = with_defaults(limits)};
	loop->now_ms = now_us() / 1000;
	loop->next_ms = INT64_MAX;
	loop->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (loop->epoll < 0)
		die("epoll_create1");
	take_signals(loop);
	listen_everywhere(loop, place);
}

static void close_listeners(struct loop *loop)
{
	for (int i = 0; i < loop->n_listeners; i++)
		(void)close(loop->listeners[i]);
	loop->n_listeners = 0;
}

/* The first signal: everybody gets a turn to finish. The second: at once. */
static void stop(struct loop *loop)
{
	struct signalfd_siginfo info;
	if (read(loop->signals, &info, sizeof info) < 0)
		return;
	loop->stop_ms = loop->now_ms + (loop->stopping ? 0 : loop->limits.stop_ms);
	loop->stopping = true;
	close_listeners(loop);
	for (struct conn *c = loop->conns; c; c = c->next)
		c->moved = true;
	loop->next_ms = 0;
}

static bool is_listener(const struct loop *loop, const int *fd)
{
	for (int i = 0; i < LOOP_LISTENERS; i++)
		if (fd == &loop->listeners[i])
			return true;
	return false;
}

static void handle(struct loop *loop, const struct epoll_event *event)
{
	const int *fd = event->data.ptr;
	struct conn *c = event->data.ptr;
	if (fd == &loop->signals) {
		stop(loop);
	} else if (is_listener(loop, fd)) {
		if (!loop->stopping && !loop->full)
			take_client(loop, *fd);
	} else {
		/* Told without having been asked: nobody is there any more. */
		c->gone |= (event->events & (EPOLLERR | EPOLLHUP)) && !(c->events & EPOLLIN);
		turn(loop, c);
	}
}

/* How long epoll may sleep. */
static int patience_ms(const struct loop *loop)
{
	int64_t until = loop->stopping ? earlier_ms(loop->next_ms, loop->stop_ms) : loop->next_ms;
	int64_t left = until - loop->now_ms;
	return until == INT64_MAX ? -1 : left < 0 ? 0 : left > 60000 ? 60000 : (int)left;
}

void loop_run(struct loop *loop)
{
	struct epoll_event ready[MAX_EVENTS];
	while (!loop->stopping || (loop->n_conns > 0 && loop->now_ms < loop->stop_ms)) {
		int n = epoll_wait(loop->epoll, ready, MAX_EVENTS, patience_ms(loop));
		if (n < 0 && errno != EINTR)
			die("epoll_wait");
		loop->now_ms = now_us() / 1000;
		for (int i = 0; i < n; i++)
			handle(loop, &ready[i]);
		if (loop->now_ms >= loop->next_ms)
			look_at_clocks(loop);
	}
}

void loop_close(struct loop *loop)
{
	while (loop->conns)
		release(loop, loop->conns);
	close_listeners(loop);
	(void)close(loop->signals);
	(void)close(loop->epoll);
}
