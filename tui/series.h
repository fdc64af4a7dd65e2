/* series.h: the segments of one connection in the order of the log, found record by record, with
 * sequence numbers that do not wrap. What the stream, the graph and the summary walk along. Pure:
 * reads records, never lines. */
#ifndef WIRELAB_TUI_SERIES_H
#define WIRELAB_TUI_SERIES_H

#include "conns.h"

/* One segment. Its relative numbers are the record's, plus 2^32 times these. */
struct series_point {
	uint32_t record;
	int16_t seq_high, ack_high;
};

struct series {
	bool known;           /* there is a stream */
	uint32_t stream, key; /* of the connection (conns.h) */
	uint32_t next;        /* first record that has not been looked at */
	uint32_t n, room;
	struct series_point *points;
	bool begun[N_SIDES];
	int64_t latest[N_SIDES]; /* number of each end, from which the next one is not far */
	int64_t least[N_SIDES], most[N_SIDES]; /* of the numbers that each end has used */
	int64_t least_ns, most_ns;             /* of its times */
};

/* One segment as the views want it. */
struct series_segment {
	uint32_t record;
	enum side side;
	int64_t time_ns;
	int64_t seq, end; /* relative; the end counts SYN and FIN too */
	int64_t ack;      /* valid with TCP_ACK */
	uint32_t len;     /* payload bytes */
	uint32_t window;
	uint32_t analysis;
	uint16_t flags;
	uint8_t bits; /* enum record_bit */
};

void series_release(struct series *series);

/* Follows the connection through the log, at most `budget` records further than so far. Another
 * connection than before begins anew. True: not done (or there is no memory for more). */
bool series_follow(struct series *series, const struct log *log, const struct conn_entry *conn,
                   uint32_t budget);

/* How many of its segments come before that record. */
uint32_t series_count(const struct series *series, uint32_t until);

/* Segment i; i < series->n. */
struct series_segment series_at(const struct series *series, const struct log *log, uint32_t i);

#endif
