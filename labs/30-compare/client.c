/* 30 compare, the client: a load of many connections at the same time. When all that can be are
 * there, each sends a message of 64 bytes, waits for all of its echo, and sends the next, so that
 * the server has at most one from each. One more may be slow: it connects first, sends one byte,
 * and then nothing. One line at the end says how many connections were served at all, how many
 * echoes came in a second, and how long one of them took: half of them (p50), all but one in a
 * hundred (p99). */
#include <errno.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/net.h"

enum { MESSAGE = 64, MAX_CLIENTS = 20000, MAX_EVENTS = 256, MAX_TIMES = 4000000 };
enum { UNDER_WAY = 200 }; /* so many connect() at a time: fewer than any server's queue has room */

struct client {
	int fd; /* -1: none any more */
	bool connected;
	int heard, echoes; /* bytes of this echo; whole echoes */
	int64_t said_us;
};

struct load {
	int n, messages, time_ms, reply, slow, aborts; /* the options */
	struct addrinfo *address;
	struct client *clients;
	int epoll, n_begun, n_settled; /* connect() called; and it has succeeded or failed */
	int n_left;                    /* not yet done with their messages */
	uint32_t *times_us;            /* of each echo */
	long n_times;
};

static void leave(struct load *load, struct client *c)
{
	struct linger now = {.l_onoff = 1, .l_linger = 0}; /* no TIME-WAIT: ports are few */
	if (load->aborts)
		(void)setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
	close(c->fd);
	c->fd = -1;
	load->n_left--;
}

static void say(struct load *load, struct client *c)
{
	static const char message[MESSAGE] =
	        "as many bytes as this message has, and so on, until it is full";
	c->said_us = now_us();
	c->heard = 0;
	if (send_all(c->fd, message, sizeof message) < 0) /* one message always fits */
		leave(load, c);
}

/* The next connect(); it does not wait. */
static void begin_one(struct load *load)
{
	struct client *c = &load->clients[load->n_begun++];
	struct epoll_event wanted = {.events = EPOLLOUT, .data.ptr = c};
	c->fd = socket(load->address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (c->fd < 0 || epoll_ctl(load->epoll, EPOLL_CTL_ADD, c->fd, &wanted) < 0)
		die("a connection more");
	if (connect(c->fd, load->address->ai_addr, load->address->ai_addrlen) < 0 &&
	    errno != EINPROGRESS) {
		load->n_settled++;
		leave(load, c);
	}
}

static void note_connected(struct load *load, struct client *c)
{
	int error = 0;
	socklen_t size = sizeof error;
	struct epoll_event wanted = {.events = EPOLLIN, .data.ptr = c};
	load->n_settled++;
	c->connected = true;
	if (getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0 || error != 0 ||
	    epoll_ctl(load->epoll, EPOLL_CTL_MOD, c->fd, &wanted) < 0)
		leave(load, c);
}

static void hear(struct load *load, struct client *c)
{
	char echo[MESSAGE];
	ssize_t n = recv(c->fd, echo, sizeof echo, 0);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		leave(load, c); /* the server has closed */
		return;
	}
	c->heard += (int)n;
	if (c->heard < load->reply)
		return;
	if (load->n_times < MAX_TIMES)
		load->times_us[load->n_times++] = (uint32_t)(now_us() - c->said_us);
	c->echoes++;
	if (load->messages > 0 && c->echoes >= load->messages)
		leave(load, c);
	else
		say(load, c);
}

/* What is ready: connections that are there now, echoes. */
static void take_turn(struct load *load)
{
	struct epoll_event ready[MAX_EVENTS];
	int n = epoll_wait(load->epoll, ready, MAX_EVENTS, 50);
	for (int i = 0; i < n; i++) {
		struct client *c = ready[i].data.ptr;
		if (c->fd >= 0 && c->connected)
			hear(load, c);
		else if (c->fd >= 0)
			note_connected(load, c);
	}
}

/* Connects all that can be connected in the time. */
static void connect_all(struct load *load)
{
	int64_t end_us = now_us() + load->time_ms * INT64_C(1000);
	while (load->n_settled < load->n && now_us() < end_us) {
		while (load->n_begun < load->n && load->n_begun - load->n_settled < UNDER_WAY)
			begin_one(load);
		take_turn(load);
	}
}

/* All of them talk, until the time is over or all have said what they had to say. Returns how long
 * that took. */
static int64_t talk(struct load *load)
{
	int64_t begin_us = now_us(), end_us = begin_us + load->time_ms * INT64_C(1000);
	for (int i = 0; i < load->n_begun; i++)
		if (load->clients[i].fd >= 0 && load->clients[i].connected)
			say(load, &load->clients[i]);
	while (load->n_left > 0 && now_us() < end_us)
		take_turn(load);
	return now_us() - begin_us;
}

static int by_size(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

static void report(struct load *load, int64_t took_us)
{
	int held = 0;
	for (int i = 0; i < load->n; i++)
		held += load->clients[i].echoes > 0;
	qsort(load->times_us, (size_t)load->n_times, sizeof *load->times_us, by_size);
	double p50 = load->n_times ? load->times_us[load->n_times / 2] : 0;
	double p99 = load->n_times ? load->times_us[load->n_times * 99 / 100] : 0;
	printf("%d connections, %d served: %.0f echoes a second, p50 %.2f ms, p99 %.2f ms\n",
	       load->n, held, (double)load->n_times * 1e6 / (double)took_us, p50 / 1000,
	       p99 / 1000);
}

/* As many descriptors as we may have. */
static void raise_limit(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &limit); /* else: die() says which call has failed */
	}
}

int main(int argc, char **argv)
{
	struct load load = {.n = 10, .messages = 2, .time_ms = 5000, .reply = MESSAGE};
	const struct number_option options[] = {{'c', &load.n, 1, MAX_CLIENTS},
	                                        {'m', &load.messages, 0, 1000000},
	                                        {'t', &load.time_ms, 1, 600000},
	                                        {'r', &load.reply, 1, MESSAGE},
	                                        {'s', &load.slow, 0, 1},
	                                        {'a', &load.aborts, 0, 1},
	                                        {0}};
	struct place place =
	        begin(argc, argv, options,
	              "client [-h] [-c CONNECTIONS] [-m MESSAGES_EACH] [-t MILLISECONDS] "
	              "[-r REPLY_BYTES] [-s 0|1 slow] [-a 0|1 abort] [host [port]]");
	raise_limit();
	int slow = load.slow ? connect_to(place, SOCK_STREAM, load.time_ms) : -1;
	if (load.slow && (slow < 0 || send_all(slow, "s", 1) < 0))
		die("the slow client");
	load.n_left = load.n;
	load.epoll = epoll_create1(EPOLL_CLOEXEC);
	load.clients = calloc((size_t)load.n, sizeof *load.clients);
	load.times_us = calloc(MAX_TIMES, sizeof *load.times_us); /* only what is used costs */
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	if (getaddrinfo(place.host, place.port, &hints, &load.address) != 0 || load.epoll < 0 ||
	    !load.clients || !load.times_us)
		die("cannot begin");
	connect_all(&load);
	report(&load, talk(&load));
	for (int i = 0; i < load.n_begun; i++)
		if (load.clients[i].fd >= 0)
			leave(&load, &load.clients[i]);
	if (slow >= 0)
		close(slow);
	freeaddrinfo(load.address);
	free(load.clients);
	free(load.times_us);
	return load.n_times > 0 ? 0 : 1;
}
