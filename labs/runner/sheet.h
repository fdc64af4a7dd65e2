/* sheet.h: the sheet that a page is written on. The text of a block (a paragraph, a heading, code,
 * a table) is collected first, with its styles, and written as lines when the block ends, behind
 * the indent that is set then. */
#ifndef WIRELAB_RUNNER_SHEET_H
#define WIRELAB_RUNNER_SHEET_H

#include "runner/table.h"

struct sheet {
	struct buffer *out;  /* borrowed: where lines go */
	size_t width;        /* columns of the whole */
	bool color;          /* styles by terminal sequences */
	struct buffer line;  /* text of the block that is open; owned */
	struct table *table; /* borrowed; while set, text goes to its cells */
	size_t indent;       /* columns to the left of the text */
	char marker[16];     /* "- ", "12. ": fills the end of the indent of the next line */
	size_t marker_len;   /* 0: none */
	bool blank_due;      /* an empty line belongs before the next block */
	bool in_code;        /* newlines and tabs are text */
};

/* Where text is collected: the open block or the open cell. */
struct buffer *sheet_text(struct sheet *sheet);

/* Collects text; control bytes and broken UTF-8 stay out. */
void sheet_add(struct sheet *sheet, const char *text, size_t n);

/* What is collected from here on is in these styles (enum style). */
void sheet_style(struct sheet *sheet, unsigned style);

/* Writes what is collected: as running text, folded (returns the columns of the longest line, 0
 * when there was nothing); as code, line by line as it stands; as a table. */
size_t sheet_flush_text(struct sheet *sheet);
void sheet_flush_code(struct sheet *sheet);
void sheet_flush_table(struct sheet *sheet);

/* Writes a line of this character. */
void sheet_rule(struct sheet *sheet, char c, size_t columns);

#endif
