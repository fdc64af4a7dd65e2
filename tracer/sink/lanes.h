/* lanes.h: the rows of the ladder: two lanes with a bar each, arrows between them, states outside.
 *
 *    0.000  SYN-SENT |---SYN seq=0 win=64240 mss=1460------------------>| SYN-RCVD
 *    ^time  ^left    ^bar                                            bar^ ^right
 */
#ifndef WIRELAB_SINK_LANES_H
#define WIRELAB_SINK_LANES_H

#include "sink/paint.h"

enum {
	LANES_TIME = 10,       /* columns of the time and the two spaces behind it */
	LANES_STATE = 8,       /* of a state */
	LANES_LONG_STATE = 12, /* of a state by its full name */
	LANES_NUMBER = 6,      /* of a connection's number in front, when several are interleaved */
	LANES_MIN = 60,        /* the narrowest ladder, its times included */
};

struct lanes {
	const struct sink_options *options;
	bool numbered;      /* rows begin with a connection's number */
	bool bare;          /* rows begin with the left state: the caller writes number and time */
	bool long_states;   /* states have LANES_LONG_STATE columns */
	bool busy[N_SIDES]; /* its program is in a call: the bar is double */
};

/* What stands left and right of the lanes, and when. */
struct row {
	bool has_time;
	int64_t time_ns;          /* since the ladder's time 0 */
	int64_t stream;           /* -1: none */
	const char *left, *right; /* NULL: nothing */
};

/* Columns between the two bars. */
size_t lanes_inner(const struct lanes *lanes);

/* Columns in front of the left state. */
size_t lanes_margin(const struct lanes *lanes);

/* What an arrow is like: it begins at that end's lane, and ends at the other's, or in an "x". */
struct arrow {
	enum side from;
	bool lost;
};

/* A row with an arrow and its label, which must fit (lanes_label_room). */
void lanes_arrow(struct text *t, const struct lanes *lanes, const struct row *row,
                 struct arrow arrow, const struct text *label);

/* Columns for an arrow's label. */
size_t lanes_label_room(const struct lanes *lanes);

/* Rows with words between the bars, beside the lane of `side`; as many as it takes. Only the first
 * has time and states. */
void lanes_words(struct text *t, const struct lanes *lanes, const struct row *row, enum side side,
                 const struct text *words, enum paint paint);

/* A row without lanes, from the time's end on: `words`, broken to the width. */
void lanes_plain(struct text *t, const struct lanes *lanes, const struct row *row,
                 const struct text *words, enum paint paint);

#endif
