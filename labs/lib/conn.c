/* conn.c: one client of the loop: its buffers, its turn. See loop.h; conn.h is for loop.c only. */
#include "lib/conn.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ROUNDS = 16 }; /* of one client in one turn: the others want theirs */

/* ---- plain TCP ---- */

static int plain_open(struct conn *c)
{
	(void)c;
	return 0;
}

static ssize_t plain_read(struct conn *c, void *buffer, size_t n)
{
	return recv(c->fd, buffer, n, 0);
}

static ssize_t plain_write(struct conn *c, const void *bytes, size_t n)
{
	return send(c->fd, bytes, n, MSG_NOSIGNAL);
}

static bool plain_pending(const struct conn *c)
{
	(void)c;
	return false;
}

static int plain_finish(struct conn *c)
{
	(void)shutdown(c->fd, SHUT_WR); /* ENOTCONN: it has gone, as recv() is about to say */
	return 0;
}

static void plain_close(struct conn *c)
{
	(void)c;
}

static const struct layer plain = {plain_open,    plain_read,   plain_write,
                                   plain_pending, plain_finish, plain_close};

static const struct layer *layer_of(const struct conn *c)
{
	return c->loop->service->layer ? c->loop->service->layer : &plain;
}

/* ---- buffers ---- */

size_t conn_room(const struct conn *c)
{
	return c->out.max - c->out.n;
}

/* All room behind what waits. */
static void make_room(struct waiting *w)
{
	if (w->start != w->room && w->n > 0)
		memmove(w->room, w->start, w->n);
	w->start = w->room;
}

bool conn_say(struct conn *c, const void *bytes, size_t n)
{
	struct waiting *out = &c->out;
	if (n > conn_room(c))
		return false;
	if (n > out->max - out->n - (size_t)(out->start - out->room))
		make_room(out);
	if (n > 0)
		memcpy(out->start + out->n, bytes, n);
	out->n += n;
	c->moved = true;
	if (c->loop->turn_of != c)
		c->loop->next_ms = 0; /* so that it gets its turn soon */
	return true;
}

static void take(struct waiting *w, size_t n)
{
	w->start = n < w->n ? w->start + n : w->room;
	w->n -= n;
}

void conn_take(struct conn *c, size_t n)
{
	take(&c->in, n);
	c->moved = true;
}

/* ---- a client's turn ---- */

void conn_renew(struct conn *c)
{
	c->since_ms = c->loop->now_ms;
}

void conn_wake(struct conn *c, int ms)
{
	c->wake_ms = c->loop->now_ms + ms;
	c->loop->next_ms = earlier_ms(c->loop->next_ms, c->wake_ms);
}

void conn_finish(struct conn *c)
{
	c->finishing = c->moved = true;
	c->since_ms = c->active_ms = c->loop->now_ms;
	if (c->loop->turn_of != c)
		c->loop->next_ms = 0;
}

void conn_drop(struct conn *c)
{
	c->gone = true;
	c->loop->next_ms = 0;
}

int64_t conn_deadline(const struct conn *c)
{
	const struct limits *most = &c->loop->limits;
	int quiet_ms = c->fin_sent ? most->linger_ms : most->idle_ms;
	return earlier_ms(c->active_ms + quiet_ms, c->since_ms + most->total_ms);
}

/* Nothing is read from who does not take its answers. */
static bool may_read(const struct conn *c)
{
	return !c->ended && (c->finishing || (c->in.n < c->in.max && c->out.n < c->out.max));
}

/* The call has failed: just not now, or for good? */
static void look_at_error(struct conn *c)
{
	c->gone |= errno != EAGAIN && errno != EINTR;
}

static void read_some(struct conn *c)
{
	if (!may_read(c))
		return;
	make_room(&c->in);
	if (c->finishing)
		c->in.n = 0; /* nobody looks at it any more */
	c->read_wants = EPOLLIN;
	ssize_t n = layer_of(c)->read(c, c->in.start + c->in.n, c->in.max - c->in.n);
	if (n < 0)
		look_at_error(c);
	c->ended |= n == 0;
	c->in.n += n > 0 ? (size_t)n : 0;
	if (n > 0 && !c->finishing)
		c->active_ms = c->loop->now_ms;
}

static void write_some(struct conn *c)
{
	while (c->out.n > 0 && !c->gone) {
		c->write_wants = EPOLLOUT;
		ssize_t n = layer_of(c)->write(c, c->out.start, c->out.n);
		if (n < 0) {
			look_at_error(c);
			if (errno != EINTR)
				return;
			continue;
		}
		take(&c->out, (size_t)n);
		c->moved = true;
		c->active_ms = c->loop->now_ms;
	}
}

/* All is sent: our FIN, then we wait for the client's. */
static void end_politely(struct conn *c)
{
	if (c->out.n == 0 && !c->fin_sent && layer_of(c)->finish(c) == 0) {
		c->fin_sent = true;
		c->active_ms = c->loop->now_ms;
		c->loop->next_ms =
		        earlier_ms(c->loop->next_ms, c->active_ms + c->loop->limits.linger_ms);
	}
	c->gone |= c->fin_sent && c->ended;
}

/* What epoll shall tell us of. `again`: this turn was cut short, the next one is wanted at once. */
static void watch(struct conn *c, bool again)
{
	bool writes = c->out.n > 0 || (c->finishing && !c->fin_sent);
	struct epoll_event wanted = {.data.ptr = c};
	wanted.events = (may_read(c) ? c->read_wants : 0) | (writes ? c->write_wants : 0) |
	                (again ? (uint32_t)EPOLLOUT : 0);
	if (wanted.events == c->events)
		return;
	if (epoll_ctl(c->loop->epoll, EPOLL_CTL_MOD, c->fd, &wanted) < 0)
		die("epoll_ctl");
	c->events = wanted.events;
}

static void serve(struct conn *c)
{
	if (c->finishing || c->gone)
		return;
	c->loop->service->serve(c);
	if (c->late && !c->finishing)
		conn_finish(c);
}

bool conn_turn(struct conn *c)
{
	int round = 0;
	c->loop->turn_of = c;
	do {
		c->moved = false;
		if (round == 0 || layer_of(c)->pending(c))
			read_some(c);
		serve(c);
		write_some(c);
		if (c->finishing && !c->gone)
			end_politely(c);
	} while (!c->gone && (c->moved || (layer_of(c)->pending(c) && may_read(c))) &&
	         ++round < ROUNDS);
	c->loop->turn_of = NULL;
	if (!c->gone)
		watch(c, round == ROUNDS);
	return !c->gone;
}

/* ---- coming and going ---- */

static void free_memory(struct conn *c)
{
	free(c->in.room);
	free(c->out.room);
	free(c->state);
	free(c);
}

struct conn *conn_new(struct loop *loop, int fd)
{
	struct conn *c = calloc(1, sizeof *c);
	if (!c)
		return NULL;
	*c = (struct conn){.loop = loop, .fd = fd, .next = loop->conns, .events = EPOLLIN};
	c->since_ms = c->active_ms = loop->now_ms;
	c->in.max = loop->limits.in_max;
	c->out.max = loop->limits.out_max;
	c->in.start = c->in.room = malloc(c->in.max);
	c->out.start = c->out.room = malloc(c->out.max);
	c->state = calloc(1, loop->service->state_size + 1);
	if (c->in.room && c->out.room && c->state && layer_of(c)->open(c) == 0)
		return c;
	free_memory(c);
	return NULL;
}

void conn_free(struct conn *c)
{
	if (c->loop->service->closed)
		c->loop->service->closed(c);
	layer_of(c)->close(c);
	(void)close(c->fd); /* nothing to be done about it; epoll forgets it by itself */
	free_memory(c);
}
