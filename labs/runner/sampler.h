/* sampler.h: looks at the kernel's TCP sockets while a lab runs, and tells what has changed: after
 * each event of the run, and every 20 ms. Bounded: in sockets, in how often it looks and in how
 * much of the time that takes; it never waits for anything. */
#ifndef WIRELAB_RUNNER_SAMPLER_H
#define WIRELAB_RUNNER_SAMPLER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vocab.h"
#include "event/event.h"
#include "runner/netlink.h"
#include "runner/report.h"

enum { SAMPLER_SOCKETS = 64, SAMPLER_BURST = 32 };
#define SAMPLER_EVERY_NS (20 * NS_PER_MS)

/* A socket that was told of; its name is host, local and remote end. */
struct sampled {
	bool used;
	bool seen;    /* in the look at hand … */
	bool is_news; /* … which found it worth telling */
	struct kernel_event told;
};

/* Which sockets are whose. */
struct sampler_hosts {
	struct netlink *diag[N_SIDES]; /* of each host; [SERVER] NULL: both are in one network */
	uint16_t port;                 /* the lab's: who has it is the server */
	bool only_port;                /* look at no other: the network is the machine's own */
};

struct sampler {
	bool on;
	struct report *report; /* borrowed, as are both of hosts.diag */
	struct sampler_hosts hosts;
	struct sampled *all; /* SAMPLER_SOCKETS of them; NULL while off */
	enum side host;      /* whose list is being read */
	int64_t time_ns;     /* when the look at hand began, on the clock of the events */
	int64_t due_ns;      /* when to look again even if nothing happens, monotonic clock */
	int64_t earned_ns;   /* looks after events: the last one was earned then, … */
	int64_t every_ns;    /* … one is earned in this time … */
	int in_store;        /* … and so many may be taken */
	bool overflowed;     /* told once: there are more sockets */
};

/* Begins to look. Without memory it stays off. */
void sampler_begin(struct sampler *sampler, struct report *report,
                   const struct sampler_hosts *hosts);

/* How many ms until it wants to look though nothing happens; -1: it does not. Times are ns of the
 * monotonic clock. */
int sampler_wait_ms(const struct sampler *sampler, int64_t now_ns);

/* Looks, if it may by now. `event`: something has happened in the run. */
void sampler_look(struct sampler *sampler, int64_t now_ns, bool event);

/* Looks, whatever the time: the run is about to change. */
void sampler_look_now(struct sampler *sampler);

/* Ends it; frees all. */
void sampler_end(struct sampler *sampler);

/* ---- the pure part, for tests too ---- */

/* Is `now` worth telling after `told`, and why? */
bool sampler_is_news(const struct kernel_event *told, const struct kernel_event *now,
                     enum kernel_news *news);

/* One look, from its first sample to its last; what is news is told at its end, the client's first.
 * Those that were told and were not seen again are CLOSED, if the look was `whole`. */
void sampler_look_begins(struct sampler *sampler, int64_t time_ns);
void sampler_take(struct sampler *sampler, const struct kernel_event *sample);
void sampler_look_ends(struct sampler *sampler, bool whole);

#endif
