/* items.h: a line under construction, which may be broken between its items: it knows how many
 * columns it has taken, paint not counted. Cheap: a line a segment is made with it. */
#ifndef WIRELAB_SINK_ITEMS_H
#define WIRELAB_SINK_ITEMS_H

#include "sink/paint.h"

enum { ITEMS_INDENT = 13 }; /* columns in front of what did not fit on the line above */

struct items {
	struct text *t;
	const struct sink_options *options;
	size_t start;  /* of the current line in t */
	size_t hidden; /* bytes of it that take no column */
	size_t item;   /* where the current item starts, with the space before it */
	size_t gap;    /* columns of that space */
	size_t item_hidden;
};

/* Begins a line at the end of t. */
struct items items_begin(struct text *t, const struct sink_options *options);

/* What is added to items->t from here on is one item, `gap` columns behind the one before. */
void items_next(struct items *items, size_t gap);

/* Its end: puts the item on a line of its own when it does not fit; -q leaves the line whole. */
void items_end(struct items *items);

/* An item: a word and a number. */
void items_number(struct items *items, const char *word, uint64_t value);

/* An item: words in a colour. */
void items_painted(struct items *items, size_t gap, enum paint paint, const struct text *words);

#endif
