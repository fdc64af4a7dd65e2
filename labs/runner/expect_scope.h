/* expect_scope.h: the part of a run that an expectation is about: all of it, or one connection; and
 * what the runner did to end it left out. Private to expect_*.c. */
#ifndef WIRELAB_RUNNER_EXPECT_SCOPE_H
#define WIRELAB_RUNNER_EXPECT_SCOPE_H

#include "runner/expect.h"

enum expect_deed { /* kinds of happenings; segments are below */
	           EXPECT_DATAGRAM = 128,
	           EXPECT_ICMP,
	           EXPECT_CALL,
	           EXPECT_MESSAGE,
	           EXPECT_EXITS,
	           EXPECT_SAYS,
};

enum { ALL_STREAMS = -1 };

struct scope {
	const struct expect_run *run;
	int64_t stream;                  /* tcp.stream, or ALL_STREAMS */
	const struct connection *report; /* of that stream, or NULL */
	size_t end; /* index of the event with which the runner began to end the programs */
};

struct scope scope_of(const struct expect_run *run);
struct scope scope_of_stream(const struct scope *all, uint32_t stream);

/* How many connections there are; their numbers count from 0. */
uint32_t scope_connections(const struct scope *scope);

/* True if that event belongs to it. */
bool scope_has(const struct scope *scope, size_t index);

/* The last report of that connection, NULL: there is none. */
const struct connection *scope_report(const struct scope *scope, uint32_t stream);

/* Who sent it; EXPECT_EITHER where that means nothing. */
uint8_t scope_side(const struct scope *scope, const struct event *event);

/* Index of the happening, looked for from index `from` on; EXPECT_NO_EVENT. One without a number
 * is the first. */
int64_t scope_find(const struct scope *scope, const struct expect_event *event, size_t from);

/* The payload of the event's frame, the first *n bytes of it: all, or as far as is known. */
const uint8_t *scope_payload(const struct scope *scope, const struct event *event, uint32_t *n);

/* Does it happen in this event? expect_event.c. */
bool expect_event_is(const struct expect_event *expected, const struct scope *scope,
                     const struct event *event);

enum expect_call {
	EXPECT_ENTERED,
	EXPECT_RETURNS,
	EXPECT_RETURNS_VALUE,
	EXPECT_TIMES_OUT,
	EXPECT_FAILS
};

/* The word that names it; NULL: it is about a call. */
const char *expect_event_word(const struct expect_event *expected);

/* When a call did not do what was expected: what it did last, in words, and the index of that
 * event, or EXPECT_NO_EVENT; nothing for what is no call. expect_say.c. */
int64_t expect_event_other(const struct expect_event *expected, const struct scope *scope,
                           struct text *t);

/* The state of that side's end of the scope's connection when the run ended: as its kernel said, or
 * as the segments tell. */
enum tcp_state scope_state_at_end(const struct scope *scope, enum side side);

/* True for what is seen after the runner has begun to end the run, too: exits and words. */
bool expect_event_is_late(const struct expect_event *expected);

#endif
