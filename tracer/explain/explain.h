/* explain.h: the sentences. A pure function of one event: what it is, why this end sends it now,
 * what it changes, what should come next, and where the RFC says so; for a beginner, true for the
 * actual numbers. Sequence numbers in the sentences are relative, as in the event. */
#ifndef WIRELAB_EXPLAIN_EXPLAIN_H
#define WIRELAB_EXPLAIN_EXPLAIN_H

#include "event/event.h"

/* Parts of an explanation, each may be empty. Sentences are in the language of the thread's locale.
 * The texts point into `storage`, so an explanation is not copied by assignment. Bytes that came
 * from outside are made safe for a terminal. */
struct explanation {
	struct text title;  /* a few words: "SYN,ACK: the server agrees to the connection" */
	struct text what;   /* what it is, why now */
	struct text why;    /* what the diagnosis of a segment is based on */
	struct text change; /* what it changes in both ends */
	struct text next;   /* what should come next */
	struct text rfc;    /* "RFC 9293 section 3.5" */
	char storage[3584];
};

/* Fills *explanation from the event. */
void explain_event(struct explanation *explanation, const struct event *event);

/* What the segment's diagnosis number `i` is based on, in sentences: the rule, its numbers and
 * frames, and what stays undecidable. */
void explain_diagnosis(struct text *t, const struct event *event, unsigned i);

/* "Next: …", the part `next` with its lead, into t; nothing when it is empty. */
void explain_add_next(const struct explanation *explanation, struct text *t);

/* The sentences (without the title) as one paragraph, the RFC in brackets at its end, into t. */
void explain_join(const struct explanation *explanation, struct text *t);

#endif
