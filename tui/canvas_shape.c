/* canvas_shape.c: lines, cut and broken text: what canvas.h offers on top of cells. */
#include <string.h>

#include "base/utf8.h"
#include "canvas.h"
#include "sink/columns.h"

void canvas_hline(struct canvas *canvas, struct rect area, int x, int y, int n, struct pen pen)
{
	for (int i = 0; i < n; i++)
		(void)canvas_text(canvas, area, x + i, y, pen, "─"); /* the column is known */
}

void canvas_vline(struct canvas *canvas, struct rect area, int x, int y, int n, struct pen pen)
{
	for (int i = 0; i < n; i++)
		(void)canvas_text(canvas, area, x, y + i, pen, "│"); /* the column is known */
}

int canvas_cut(struct canvas *canvas, struct rect area, int x, int y, int columns, struct pen pen,
               const char *text)
{
	size_t n = strlen(text);
	if (columns <= 0)
		return x;
	if (columns_of(text, n) <= (size_t)columns)
		return canvas_bytes(canvas, area, x, y, pen, text, n);
	struct rect clip = {area.x, area.y, x + columns - 1, area.h};
	(void)canvas_bytes(canvas, rect_clip(clip, area), x, y, pen, text, n); /* it is cut */
	return canvas_text(canvas, area, x + columns - 1, y, pen, "…");
}

void canvas_cut_text(const struct canvas *canvas, struct text *t, size_t columns)
{
	size_t at = 0, used = 0;
	uint32_t code;
	if (columns == 0 || columns_of(t->bytes, t->len) <= columns)
		return;
	while (at < t->len) {
		size_t n = utf8_read(t->bytes + at, t->len - at, &code);
		n += n == 0; /* a broken byte is drawn as one column */
		used += columns_of(t->bytes + at, n);
		if (used > columns - 1)
			break;
		at += n;
	}
	t->len = at;
	t->bytes[at] = '\0';
	t->cut = false;
	text_add(t, canvas->ascii ? "." : "…");
}

int canvas_right(struct canvas *canvas, struct rect area, int y, struct pen pen, const char *text)
{
	int x = area.w - (int)columns_of(text, strlen(text));
	(void)canvas_text(canvas, area, x, y, pen, text); /* ends at the edge */
	return x;
}

int canvas_paragraph(struct canvas *canvas, struct rect area, int y, struct pen pen,
                     const char *text)
{
	struct lines lines = {text, text + strlen(text)};
	const char *line;
	size_t n;
	while ((n = lines_next(&lines, area.w > 0 ? (size_t)area.w : 1, &line)) > 0) {
		if (y < area.h)
			(void)canvas_bytes(canvas, area, 0, y, pen, line, n); /* fits */
		y++;
	}
	return y;
}
