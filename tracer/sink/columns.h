/* columns.h: how wide text is on a terminal, and lines of at most so many columns. Independent of
 * the locale: the same input gives the same output everywhere. */
#ifndef WIRELAB_SINK_COLUMNS_H
#define WIRELAB_SINK_COLUMNS_H

#include "base/text.h"

/* Columns of n bytes of UTF-8 without control characters: East Asian wide characters and emoji take
 * two, combining ones none, each broken byte one. */
size_t columns_of(const char *bytes, size_t n);

/* What is left to be set in lines. */
struct lines {
	const char *at; /* borrowed */
	const char *end;
};

static inline struct lines lines_of(const struct text *t)
{
	return (struct lines){t->bytes, t->bytes + t->len};
}

/* Takes the next line of at most `columns` columns (at least 1), broken at a space where there is
 * one: its bytes in *line, their number returned; 0 when nothing is left. */
size_t lines_next(struct lines *lines, size_t columns, const char **line);

#endif
