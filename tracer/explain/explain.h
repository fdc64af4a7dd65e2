/* explain.h: the sentences. A pure function of one event: what it is, why this end sends it now,
 * what it changes, what should come next, and where the RFC says so; for a beginner, true for the
 * actual numbers. */
#ifndef WIRELAB_EXPLAIN_EXPLAIN_H
#define WIRELAB_EXPLAIN_EXPLAIN_H

#include "event/event.h"

/* Parts of an explanation, each may be empty. Sentences are translated. */
struct explanation {
	struct text title;  /* a few words: "SYN,ACK: the server agrees and sends its own number" */
	struct text what;   /* what it is, why now */
	struct text change; /* what it changes in both ends */
	struct text next;   /* what should come next */
	struct text rfc;    /* "RFC 9293 section 3.5" */
	char storage[2048];
};

/* Fills *explanation from the event. */
void explain_event(struct explanation *explanation, const struct event *event);

/* The sentences (without the title) as one paragraph, into t. */
void explain_join(const struct explanation *explanation, struct text *t);

#endif
