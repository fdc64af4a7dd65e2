/* table.c: lays out a table. Columns are as wide as their widest cell; where that is too much, the
 * widest columns give way and their cells are folded. */
#include "runner/table.h"

enum { GAP = 2, LEAST_COLUMN = 6 };

void table_start(struct table *table, size_t n_columns)
{
	buffer_clear(&table->text);
	table->n_cells = 0;
	table->n_columns = n_columns < TABLE_MAX_COLUMNS ? n_columns : TABLE_MAX_COLUMNS;
}

void table_start_row(struct table *table)
{
	table->column = 0;
}

void table_end_cell(struct table *table)
{
	if (table->column++ < table->n_columns && table->n_cells < TABLE_MAX_CELLS)
		table->cell_end[table->n_cells++] = table->text.len;
	else
		table->text.len = table->n_cells > 0 ? table->cell_end[table->n_cells - 1] : 0;
}

static struct wrap cell(const struct table *table, size_t index, bool color)
{
	size_t start = index > 0 ? table->cell_end[index - 1] : 0;
	const char *text = table->text.bytes;
	if (text == NULL) /* all cells are empty */
		return (struct wrap){.color = color};
	return (struct wrap){
	        .at = text + start, .end = text + table->cell_end[index], .color = color};
}

/* Takes columns from the widest until the row fits, but leaves each something. */
static void narrow(size_t *widths, size_t n, size_t total, size_t width)
{
	while (total > width) {
		size_t widest = 0;
		for (size_t i = 1; i < n; i++)
			if (widths[i] > widths[widest])
				widest = i;
		if (widths[widest] <= LEAST_COLUMN)
			return;
		widths[widest]--;
		total--;
	}
}

static void measure(const struct table *table, size_t *widths, size_t width)
{
	size_t total = GAP * (table->n_columns - 1);
	for (size_t i = 0; i < table->n_columns; i++)
		widths[i] = 1;
	for (size_t i = 0; i < table->n_cells; i++) {
		struct wrap c = cell(table, i, false);
		size_t columns = c.at == NULL ? 0 : wrap_columns(c.at, (size_t)(c.end - c.at));
		if (columns > widths[i % table->n_columns])
			widths[i % table->n_columns] = columns;
	}
	for (size_t i = 0; i < table->n_columns; i++)
		total += widths[i];
	narrow(widths, table->n_columns, total, width);
}

static bool any_more(struct wrap *cells, size_t n)
{
	bool any = false;
	for (size_t i = 0; i < n; i++)
		any = wrap_more(&cells[i]) || any;
	return any;
}

/* One row, in as many lines as its longest cell needs. */
static void render_row(struct wrap *cells, const size_t *widths, size_t n, size_t indent,
                       struct buffer *out)
{
	while (any_more(cells, n)) {
		size_t blanks = indent; /* not yet written: none at the end of a line */
		for (size_t i = 0; i < n; i++) {
			size_t columns = 0;
			if (wrap_more(&cells[i])) {
				buffer_add_chars(out, ' ', blanks);
				columns = wrap_line(&cells[i], widths[i], out);
				blanks = 0;
			}
			blanks += GAP + widths[i] - (columns < widths[i] ? columns : widths[i]);
		}
		buffer_add(out, "\n", 1);
	}
}

void table_render(const struct table *table, size_t indent, size_t width, bool color,
                  struct buffer *out)
{
	size_t widths[TABLE_MAX_COLUMNS], n = table->n_columns;
	struct wrap cells[TABLE_MAX_COLUMNS];
	if (n == 0)
		return;
	measure(table, widths, width);
	for (size_t row = 0; (row + 1) * n <= table->n_cells; row++) {
		for (size_t i = 0; i < n; i++)
			cells[i] = cell(table, row * n + i, color);
		render_row(cells, widths, n, indent, out);
		if (row > 0)
			continue;
		buffer_add_chars(out, ' ', indent); /* the rule below the header */
		for (size_t i = 0; i < n; i++) {
			buffer_add_chars(out, '-', widths[i]);
			buffer_add_chars(out, ' ', i + 1 < n ? GAP : 0);
		}
		buffer_add_chars(out, '\n', 1);
	}
}
