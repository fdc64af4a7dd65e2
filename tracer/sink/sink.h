/* sink.h: where events go. A sink is one file and one line in the table in sink.c. */
#ifndef WIRELAB_SINK_SINK_H
#define WIRELAB_SINK_SINK_H

#include "base/err.h"
#include "base/out.h"
#include "event/event.h"
#include "explain/explain.h"

struct sink_options {
	int fd;    /* where it writes; stays open, belongs to the caller */
	int width; /* columns of the terminal, 80 if not one */
	bool color;
	bool marks;         /* instead of colours: single bytes, for a screen of cells (paint.h) */
	bool unicode;       /* box drawing allowed */
	bool explain;       /* sentences too (-q switches them off) */
	bool line_buffered; /* flush after each event (a live capture, a terminal, a pipe) */
};

struct sink;

/* What a sink does. `event` never fails by itself: errors of the output stick in sink->out. */
struct sink_type {
	const char *name; /* "text": the word after -o */
	const char *help; /* marked English, one line */
	bool sums_up;     /* looks at no segment and no other frame: they need not be made events */
	bool no_messages; /* looks at none of applications: they need not be found */
	bool for_people;  /* what a flood has a million of is left out, since notes sum it up:
	                     connections that were forgotten to make room */
	size_t state_size;                /* bytes of its own state, zeroed at the start */
	void (*start)(struct sink *sink); /* may be NULL */
	void (*event)(struct sink *sink, const struct event *event);
	void (*finish)(struct sink *sink); /* may be NULL; before the last flush */
};

struct sink {
	const struct sink_type *type;
	struct sink_options options;
	struct out out;
	void *state; /* of state_size bytes */
};

/* The table; ends with name NULL. */
extern const struct sink_type *const sink_types[];

/* The type of that name, or NULL. */
const struct sink_type *sink_find(const char *name);

/* 0, or -1 with a message. */
int sink_open(struct sink *sink, const struct sink_type *type, const struct sink_options *options,
              struct err *err);

/* Hands one event on. 0, or -1 when the output has failed (errno in sink->out.error; EPIPE: the
 * reader has gone, which is no fault). */
int sink_event(struct sink *sink, const struct event *event);

/* Finishes and flushes; frees what sink_open made. 0, or -1 as above. */
int sink_close(struct sink *sink);

#endif
