/* drawing.h: the shapes of the SVG ladder: a column of rows between two lanes. Knows places and
 * colours, not protocols. The picture is kept in memory until its height is known. */
#ifndef WIRELAB_SINK_DRAWING_H
#define WIRELAB_SINK_DRAWING_H

#include "base/out.h"

enum {
	DRAWING_WIDTH = 1000,
	DRAWING_LEFT = 215,  /* the client's lane */
	DRAWING_RIGHT = 785, /* the server's */
	DRAWING_COLUMNS = 66 /* characters of a label between them */
};

struct drawing {
	char *bytes; /* owned */
	size_t len, size;
	int height;   /* of the rows so far */
	int lane_end; /* where the lanes end; what stands below is no row of theirs */
	bool failed;  /* no memory for all of it */
};

/* What a row looks like: the class of its colours. */
enum ink { INK_CLIENT, INK_SERVER, INK_DIM, INK_ALERT, N_INKS };

static inline enum ink ink_of(enum side side)
{
	return side == CLIENT ? INK_CLIENT : INK_SERVER;
}

/* Beside the lanes: what stands left and right of them (NULL: nothing) and in the margin. */
struct beside {
	const struct text *time; /* empty: none */
	const char *left, *right;
};

/* An arrow from one lane to the other with its label above, marks in front of it, a line of words
 * below (each may be empty), and a text for who points at it. */
void drawing_arrow(struct drawing *d, enum side from, const struct beside *beside,
                   const struct text *marks, const struct text *label, const struct text *below,
                   const struct text *hint);

/* Both ends' names on top of their lanes. */
void drawing_heads(struct drawing *d, const struct text *left, const struct text *right);

/* A silence: the lanes are interrupted. */
void drawing_gap(struct drawing *d, const struct text *words);

/* A box beside one lane. */
void drawing_box(struct drawing *d, enum side side, const struct beside *beside,
                 const struct text *words, enum ink ink);

/* Words across both lanes. */
void drawing_words(struct drawing *d, const struct text *words, enum ink ink);

/* The lanes have ended; more words may follow. */
void drawing_end_lanes(struct drawing *d);

/* The whole picture, with a heading. */
void drawing_write(const struct drawing *d, struct out *out, const struct text *heading);

void drawing_release(struct drawing *d);

#endif
