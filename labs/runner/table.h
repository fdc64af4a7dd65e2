/* table.h: a table of text, laid out in columns that fit a width. */
#ifndef WIRELAB_RUNNER_TABLE_H
#define WIRELAB_RUNNER_TABLE_H

#include "runner/wrap.h"

enum { TABLE_MAX_COLUMNS = 8, TABLE_MAX_CELLS = 512 };

/* Cells are collected row by row; the first row is the header. What is beyond the limits is left
 * out. */
struct table {
	struct buffer text;               /* all cells, one behind the other; owned */
	size_t cell_end[TABLE_MAX_CELLS]; /* where each ends in text */
	size_t n_cells, n_columns;
	size_t column; /* of the next cell in its row */
};

/* Starts a table of so many columns; the memory of the one before is used again. */
void table_start(struct table *table, size_t n_columns);
void table_start_row(struct table *table);

/* Ends the cell whose text has been added to table->text. */
void table_end_cell(struct table *table);

/* Appends the rows, each line behind `indent` spaces and at most `width` columns long. */
void table_render(const struct table *table, size_t indent, size_t width, bool color,
                  struct buffer *out);

#endif
