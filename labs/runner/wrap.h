/* wrap.h: running text, with marks of style in it, folded into lines of a given width. Counts
 * columns, not bytes: combining characters take none, those of East Asia two. */
#ifndef WIRELAB_RUNNER_WRAP_H
#define WIRELAB_RUNNER_WRAP_H

#include <stdint.h>

#include "runner/buffer.h"

enum style { STYLE_BOLD = 1, STYLE_CODE = 2, STYLE_EMPHASIS = 4 };

/* Marks in the text: the byte WRAP_MARK + a set of styles says "from here on in these styles". They
 * are control bytes, which the text itself never holds. */
enum { WRAP_MARK = 0x10, WRAP_MARKS = 8 };

/* Text that is being folded. Start with `at` and `end` set and the rest zero. */
struct wrap {
	const char *at, *end; /* borrowed: UTF-8 with marks; '\n' is a forced end of line */
	unsigned style;       /* in force at `at` */
	bool color;           /* write styles as terminal sequences; else they vanish */
};

/* Columns of a text as one line, marks not counted. */
size_t wrap_columns(const char *text, size_t n);

/* True while there is text left; passes over spaces and marks in front of it. */
bool wrap_more(struct wrap *w);

/* Appends the next line, of at most `width` columns (a longer word is cut), without a newline.
 * Returns its columns, 0 when there is no text left. */
size_t wrap_line(struct wrap *w, size_t width, struct buffer *out);

#endif
