/* expected.h: connections that one conversation has announced to another host: the data connections
 * of FTP. Found by the endpoint that they are opened to. Bounded: the oldest makes room. */
#ifndef WIRELAB_STREAM_EXPECTED_H
#define WIRELAB_STREAM_EXPECTED_H

#include "base/vocab.h"

enum { EXPECTED_MAX = 64, EXPECTED_WORDS = 128 };

struct expected {
	struct endpoint to;        /* where it will be opened to */
	const char *protocol;      /* that it speaks; NULL: no entry */
	const char *method;        /* the command that announced it, "PASV" */
	int64_t by;                /* tcp.stream of the conversation that announced it */
	int64_t stream;            /* of the connection that came; -1: not yet */
	uint64_t setup_frame;      /* that announced it */
	char what[EXPECTED_WORDS]; /* what it carries, "RETR file"; "": not known yet */
	uint64_t frame;            /* that asked for this */
	int64_t time_ns;
};

struct expectations {
	struct expected list[EXPECTED_MAX];
	unsigned next; /* the place for the next one */
};

/* Notes one. Another to the same endpoint that has not come is forgotten. */
void expected_add(struct expectations *all, const struct expected *expected);

/* The latest conversation `by` announced, if nobody has said yet what it carries: that is `what`.
 */
void expected_tell(struct expectations *all, const struct expected *what);

/* The connection that has come now is this one, if any was expected between these two ends; NULL.
 * Valid until the next expected_add(). */
const struct expected *expected_take(struct expectations *all, const struct endpoint ends[N_SIDES],
                                     int64_t stream);

/* The one that this connection has become; NULL: it was not expected, or is long ago. */
const struct expected *expected_of(const struct expectations *all, int64_t stream);

#endif
