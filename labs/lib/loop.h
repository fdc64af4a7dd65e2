/* loop.h: the event loop of lab 27 for servers that many clients talk to: one thread,
 * level-triggered epoll, a buffer in and a buffer out for each client, limits, timeouts, and an end
 * that lets nobody down. It knows nothing of what is said: that is the service's part. Nor how
 * bytes get on the wire: that is recv() and send(), or a layer in their place, such as TLS. */
#ifndef LABS_LIB_LOOP_H
#define LABS_LIB_LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/net.h"

enum { LOOP_LISTENERS = 8 };

struct loop;
struct conn;

/* In the place of recv(), send(), shutdown(): say where a client's bytes come from and go to.
 * Called on non-blocking sockets; what would wait fails with EAGAIN, and epoll is asked again. A
 * layer that then waits for the other direction (TLS may) writes that into conn->read_wants or
 * write_wants. */
struct layer {
	int (*open)(struct conn *c); /* 0, or -1: no such client. Not NULL, as none of these is */
	ssize_t (*read)(struct conn *c, void *buffer, size_t n);       /* as recv() */
	ssize_t (*write)(struct conn *c, const void *bytes, size_t n); /* as send(), no SIGPIPE */
	bool (*pending)(const struct conn *c); /* holds bytes that epoll cannot know of */
	int (*finish)(struct conn *c); /* the last word, then shutdown(SHUT_WR). 0, or -1: EAGAIN */
	void (*close)(struct conn *c); /* frees what open() has made; not the socket */
};

/* What a server does for its clients. */
struct service {
	size_t state_size; /* conn->state is so many bytes, zero at first */
	/* Something has changed: there are bytes in c->in, room in c->out, c->ended, c->late,
	 * loop->stopping, a wake-up. Does what it can, at once, and returns; it is called again
	 * when it has taken or said something, so it need not do all. Not called after
	 * conn_finish(). */
	void (*serve)(struct conn *c);
	void (*opened)(struct conn *c); /* NULL, or: a client has come */
	void (*closed)(struct conn *c); /* NULL, or: it goes, and its state with it */
	const struct layer *layer;      /* NULL: plain TCP */
	void *context;                  /* the server's own, untouched */
};

/* 0 means the default, in brackets. */
struct limits {
	size_t in_max, out_max; /* bytes in the buffers of one client (16 KiB, 64 KiB) */
	int clients;            /* at a time (10000); more wait in the listener's queue */
	int idle_ms;            /* no byte has come or gone (30 s) */
	int total_ms;           /* since it came, or since conn_renew() (60 s) */
	int linger_ms;          /* for the client's FIN, once ours is out (2 s) */
	int stop_ms;            /* for all to end after SIGTERM (3 s) */
};

/* Bytes that wait, in order: n of them from `start`. */
struct waiting {
	char *start;
	size_t n;
	char *room; /* here the memory begins */
	size_t max;
};

struct conn {
	struct loop *loop;
	int fd;
	struct waiting in, out; /* look at `in`; change both with the functions below only */
	void *state, *layer;    /* the service's; the layer's */
	bool ended;             /* the client has said its last (its FIN); it may still listen */
	bool late;              /* a time limit is over: say so, or not; it is finished anyway */
	bool finishing;         /* conn_finish() was called */
	uint32_t read_wants, write_wants; /* EPOLLIN, EPOLLOUT: what each waits for */

	/* the loop's own */
	bool moved, fin_sent, gone;
	uint32_t events;
	int64_t since_ms, active_ms, wake_ms;
	struct conn *before, *next;
};

struct loop {
	const struct service *service;
	struct limits limits;
	int epoll, signals, listeners[LOOP_LISTENERS], n_listeners;
	struct conn *conns, *turn_of; /* all; the one that is served just now */
	int n_conns;
	bool stopping, full; /* on the way to the end; the listeners are not looked at */
	int64_t now_ms, next_ms, stop_ms;
};

/* Listens at every address that the place has, IPv4 and IPv6, and takes SIGTERM and SIGINT over.
 * `service` must outlive the loop. What cannot be ends the process with a message. */
void loop_open(struct loop *loop, struct place place, const struct service *service,
               const struct limits *limits);

/* Serves until SIGTERM or SIGINT: then nobody is accepted any more, serve() is called for each
 * client with loop->stopping set, and when all have finished, or stop_ms are over, it returns. */
void loop_run(struct loop *loop);

/* Drops who is left, closes everything. */
void loop_close(struct loop *loop);

/* How many bytes may be said now; the rest when serve() is called again. */
size_t conn_room(const struct conn *c);

/* Puts bytes into c->out. False, and nothing is said, when there is no room for all of them. */
bool conn_say(struct conn *c, const void *bytes, size_t n);

/* The first n bytes of c->in are done with. */
void conn_take(struct conn *c, size_t n);

/* The time of total_ms begins anew: a request is complete, say. */
void conn_renew(struct conn *c);

/* serve() is called in so many ms, whatever happens until then. One at a time. */
void conn_wake(struct conn *c, int ms);

/* That was all: what waits in c->out is sent, then our FIN; what the client still says is read and
 * thrown away until its FIN comes, for at most linger_ms (a "lingering close"). A socket that is
 * closed with bytes unread sends a RST instead, and that destroys what the client has not read. */
void conn_finish(struct conn *c);

/* Closes at once, whatever waits, come what may. */
void conn_drop(struct conn *c);

#endif
