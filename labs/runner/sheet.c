/* sheet.c: collects the text of a block and writes it as lines. It must not know Markdown. */
#include "runner/sheet.h"

#include <string.h>

#include "base/utf8.h"

enum { CODE_INDENT = 2, NOTE_INDENT = 6, LEAST_WIDTH = 20, TAB = 8 };

/* ---- collecting ---- */

/* Inline text goes to a cell while a table is open. */
struct buffer *sheet_text(struct sheet *sheet)
{
	return sheet->table != NULL ? &sheet->table->text : &sheet->line;
}

static void add_tab(struct buffer *line)
{
	size_t at = line->len;
	while (at > 0 && line->bytes[at - 1] != '\n')
		at--;
	buffer_add_chars(line, ' ', TAB - (line->len - at) % TAB);
}

void sheet_add(struct sheet *sheet, const char *text, size_t n)
{
	struct buffer *line = sheet_text(sheet);
	for (size_t at = 0; at < n;) {
		uint32_t code = 0;
		size_t len = utf8_read(text + at, n - at, &code);
		if (text[at] == '\t')
			add_tab(line);
		else if (text[at] == '\n' && sheet->in_code)
			buffer_add(line, "\n", 1);
		else if (len == 0)
			buffer_add(line, "?", 1);
		else if (!utf8_is_control(code))
			buffer_add(line, text + at, len);
		at += len > 0 ? len : 1;
	}
}

void sheet_style(struct sheet *sheet, unsigned style)
{
	buffer_add_chars(sheet_text(sheet), (char)(WRAP_MARK + style), 1);
}

/* ---- writing ---- */

/* The empty line between two blocks. */
static void separate(struct sheet *sheet)
{
	if (sheet->blank_due)
		buffer_add(sheet->out, "\n", 1);
	sheet->blank_due = false;
}

/* Blanks up to the text, or the item's marker in front of its first line. */
static void start_line(struct sheet *sheet)
{
	size_t marker = sheet->marker_len < sheet->indent ? sheet->marker_len : sheet->indent;
	buffer_add_chars(sheet->out, ' ', sheet->indent - marker);
	buffer_add(sheet->out, sheet->marker, marker);
	sheet->marker_len = 0;
}

static size_t text_width(const struct sheet *sheet)
{
	size_t width = sheet->width;
	return width > sheet->indent + LEAST_WIDTH ? width - sheet->indent : LEAST_WIDTH;
}

size_t sheet_flush_text(struct sheet *sheet)
{
	size_t longest = 0;
	struct wrap w = {.at = sheet->line.bytes, .color = sheet->color};
	w.end = w.at != NULL ? w.at + sheet->line.len : NULL;
	if (wrap_more(&w))
		separate(sheet);
	while (wrap_more(&w)) {
		start_line(sheet);
		size_t columns = wrap_line(&w, text_width(sheet), sheet->out);
		buffer_add(sheet->out, "\n", 1);
		longest = columns > longest ? columns : longest;
	}
	buffer_clear(&sheet->line);
	return longest;
}

/* Where the note behind a command begins ("run 01   all of it"): behind the last gap of three
 * blanks or more. 0: there is none. */
static size_t find_note(const char *line, size_t n)
{
	size_t indent = 0;
	while (indent < n && line[indent] == ' ')
		indent++;
	for (size_t i = n; i > indent + 3; i--)
		if (memcmp(line + i - 3, "   ", 3) == 0)
			return i;
	return 0;
}

/* A line of code is left as it is; where it is too wide, the note behind a command goes below it.
 */
static void add_code_line(struct sheet *sheet, const char *line, size_t n)
{
	size_t note = wrap_columns(line, n) > text_width(sheet) ? find_note(line, n) : 0;
	size_t end = note > 0 ? note : n;
	while (note > 0 && line[end - 1] == ' ')
		end--;
	if (end > 0)
		start_line(sheet);
	buffer_add(sheet->out, line, end);
	buffer_add(sheet->out, "\n", 1);
	if (note == 0)
		return;
	buffer_add_chars(sheet->out, ' ', sheet->indent + NOTE_INDENT);
	buffer_add(sheet->out, line + note, n - note);
	buffer_add(sheet->out, "\n", 1);
}

void sheet_flush_code(struct sheet *sheet)
{
	const char *at = sheet->line.bytes, *end = at + sheet->line.len;
	separate(sheet);
	sheet->indent += CODE_INDENT;
	while (sheet->line.len > 0 && at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *stop = newline != NULL ? newline : end;
		add_code_line(sheet, at, (size_t)(stop - at));
		at = newline != NULL ? newline + 1 : end;
	}
	sheet->indent -= CODE_INDENT;
	buffer_clear(&sheet->line);
}

void sheet_rule(struct sheet *sheet, char c, size_t columns)
{
	separate(sheet);
	start_line(sheet);
	buffer_add_chars(sheet->out, c, columns < text_width(sheet) ? columns : text_width(sheet));
	buffer_add(sheet->out, "\n", 1);
}

void sheet_flush_table(struct sheet *sheet)
{
	struct table *table = sheet->table;
	sheet->table = NULL;
	separate(sheet);
	table_render(table, sheet->indent, text_width(sheet), sheet->color, sheet->out);
	sheet->out->failed = sheet->out->failed || table->text.failed;
}
