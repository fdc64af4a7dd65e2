/* canvas.c: see canvas.h. The cells and the text in them; lines and paragraphs are in
 * canvas_shape.c. */
#include "canvas.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/utf8.h"
#include "sink/columns.h"
#include "sink/paint.h"

enum { MAX_SIDE = 4096 }; /* no screen is larger */

static int limit(int value, int least, int most)
{
	if (value < least)
		return least;
	return value > most ? most : value;
}

int canvas_init(struct canvas *canvas, int width, int height, bool ascii, struct err *err)
{
	width = limit(width, 1, MAX_SIDE);
	height = limit(height, 1, MAX_SIDE);
	*canvas = (struct canvas){.width = width, .height = height, .ascii = ascii};
	canvas->cells = calloc((size_t)width * (size_t)height, sizeof *canvas->cells);
	if (!canvas->cells)
		return err_errno(err, _("no memory for the screen"));
	canvas_clear(canvas);
	return 0;
}

void canvas_release(struct canvas *canvas)
{
	free(canvas->cells);
	*canvas = (struct canvas){0};
}

static const struct cell blank = {.n = 0, .width = 1};

void canvas_clear(struct canvas *canvas)
{
	size_t n = (size_t)canvas->width * (size_t)canvas->height;
	for (size_t i = 0; i < n; i++)
		canvas->cells[i] = blank;
}

/* ---- rectangles ---- */

struct rect rect_clip(struct rect r, struct rect outer)
{
	int right = r.x + r.w < outer.x + outer.w ? r.x + r.w : outer.x + outer.w;
	int bottom = r.y + r.h < outer.y + outer.h ? r.y + r.h : outer.y + outer.h;
	struct rect clipped = {.x = r.x > outer.x ? r.x : outer.x,
	                       .y = r.y > outer.y ? r.y : outer.y};
	clipped.w = right > clipped.x ? right - clipped.x : 0;
	clipped.h = bottom > clipped.y ? bottom - clipped.y : 0;
	return clipped;
}

struct rect rect_below(struct rect r, int n)
{
	n = limit(n, 0, r.h);
	return (struct rect){r.x, r.y + n, r.w, r.h - n};
}

struct rect rect_row(struct rect r, int y)
{
	bool inside = y >= 0 && y < r.h;
	return (struct rect){r.x, r.y + y, r.w, inside ? 1 : 0};
}

static struct rect rect_of(const struct canvas *canvas)
{
	return (struct rect){0, 0, canvas->width, canvas->height};
}

/* ---- cells ---- */

static struct cell *cell_at(struct canvas *canvas, int x, int y)
{
	return &canvas->cells[(size_t)y * (size_t)canvas->width + (size_t)x];
}

/* Half a wide character cannot stay when its other half is drawn over. */
static void break_wide(struct canvas *canvas, int x, int y)
{
	struct cell *cell = cell_at(canvas, x, y);
	if (cell->width == 0 && x > 0)
		*cell_at(canvas, x - 1, y) = blank;
	if (cell->width == 2 && x + 1 < canvas->width)
		*cell_at(canvas, x + 1, y) = blank;
}

static void set_cell(struct canvas *canvas, int x, int y, struct pen pen, const char *bytes,
                     size_t n, int width)
{
	for (int i = 0; i < width; i++)
		break_wide(canvas, x + i, y);
	struct cell *cell = cell_at(canvas, x, y);
	*cell = (struct cell){.n = (uint8_t)n, .width = (uint8_t)width, .pen = pen};
	memcpy(cell->bytes, bytes, n);
	if (width == 2)
		*cell_at(canvas, x + 1, y) = (struct cell){.width = 0, .pen = pen};
}

/* A combining mark goes to the character in front of it. */
static void add_mark(struct canvas *canvas, int x, int y, const char *bytes, size_t n)
{
	if (x <= 0)
		return;
	struct cell *cell = cell_at(canvas, x - 1, y);
	if (cell->width == 0 && x > 1)
		cell--;
	if (cell->n == 0 || n > sizeof cell->bytes - cell->n)
		return; /* nothing to stand on, or too many: a terminal would not show it either */
	memcpy(cell->bytes + cell->n, bytes, n);
	cell->n = (uint8_t)(cell->n + n);
}

/* ---- characters ---- */

struct symbol {
	uint32_t code;
	char ascii;
};

/* What views draw with, and what stands for it in ASCII; in order of the codes. */
static const struct symbol symbols[] = {
        {0x00B1, '+'}, {0x00B5, 'u'},  {0x00B7, '.'},  {0x00D7, 'x'}, {0x0394, 'd'}, {0x2013, '-'},
        {0x2014, '-'}, {0x2018, '\''}, {0x2019, '\''}, {0x201C, '"'}, {0x201D, '"'}, {0x2022, '*'},
        {0x2026, '.'}, {0x2190, '<'},  {0x2191, '^'},  {0x2192, '>'}, {0x2193, 'v'}, {0x2194, '-'},
        {0x2264, '<'}, {0x2265, '>'},  {0x2500, '-'},  {0x2501, '='}, {0x2502, '|'}, {0x2503, '|'},
        {0x2504, '-'}, {0x2506, '|'},  {0x250C, '+'},  {0x2510, '+'}, {0x2514, '+'}, {0x2518, '+'},
        {0x251C, '+'}, {0x2524, '+'},  {0x252C, '+'},  {0x2534, '+'}, {0x253C, '+'}, {0x2550, '='},
        {0x2551, '|'}, {0x256D, '+'},  {0x256E, '+'},  {0x256F, '+'}, {0x2570, '+'}, {0x2588, '#'},
        {0x2591, '.'}, {0x2592, ':'},  {0x2593, '#'},  {0x25A0, '#'}, {0x25B2, '^'}, {0x25B6, '>'},
        {0x25BA, '>'}, {0x25BC, 'v'},  {0x25C0, '<'},  {0x25C4, '<'}, {0x25C6, '*'}, {0x25CB, 'o'},
        {0x25CF, '*'}, {0x2713, 'v'},  {0x2717, 'x'},
};

static char ascii_of(uint32_t code)
{
	size_t low = 0, high = sizeof symbols / sizeof symbols[0];
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (symbols[middle].code == code)
			return symbols[middle].ascii;
		if (symbols[middle].code < code)
			low = middle + 1;
		else
			high = middle;
	}
	return '?';
}

/* Joiners and selectors that take no column, and make another number of columns of the characters
 * beside them on one terminal than on the next: what stands behind them would be torn. */
static bool is_disputed(uint32_t code)
{
	return (code >= 0x200B && code <= 0x200D) || (code >= 0xFE00 && code <= 0xFE0F) ||
	       code == 0xFEFF || (code >= 0x1F3FB && code <= 0x1F3FF) ||
	       (code >= 0xE0100 && code <= 0xE01EF);
}

/* A character as it will be drawn. */
struct glyph {
	const char *bytes;
	size_t n;
	int width;
	char replacement;
};

/* Takes the next character of bytes[0..n), n > 0; returns the bytes that it has used. */
static size_t next_glyph(const struct canvas *canvas, const char *bytes, size_t n,
                         struct glyph *glyph)
{
	uint32_t code;
	size_t used = utf8_read(bytes, n, &code);
	bool broken = used == 0;
	if (broken)
		used = 1;
	glyph->width = broken ? 1 : (int)columns_of(bytes, used);
	glyph->bytes = bytes;
	glyph->n = used;
	glyph->replacement = '\0';
	if (!broken && is_disputed(code)) {
		glyph->width = 0;
		glyph->n = 0;
		return used;
	}
	if (broken || utf8_is_control(code))
		glyph->replacement = '?';
	else if (canvas->ascii && code >= 0x80)
		glyph->replacement = ascii_of(code);
	if (glyph->replacement) {
		glyph->bytes = &glyph->replacement;
		glyph->n = 1;
		glyph->width = glyph->width == 0 && !broken && !utf8_is_control(code) ? 0 : 1;
	}
	return used;
}

static void draw_glyph(struct canvas *canvas, struct rect clip, int x, int y, struct pen pen,
                       const struct glyph *glyph)
{
	bool inside = y >= clip.y && y < clip.y + clip.h && x >= clip.x &&
	              x + glyph->width <= clip.x + clip.w;
	if (!inside)
		return;
	if (glyph->width > 0)
		set_cell(canvas, x, y, pen, glyph->bytes, glyph->n, glyph->width);
	else if (!canvas->ascii && x > clip.x)
		add_mark(canvas, x, y, glyph->bytes, glyph->n);
}

int canvas_bytes(struct canvas *canvas, struct rect area, int x, int y, struct pen pen,
                 const char *bytes, size_t n)
{
	struct rect clip = rect_clip(area, rect_of(canvas));
	while (n > 0) {
		struct glyph glyph;
		size_t used = next_glyph(canvas, bytes, n, &glyph);
		draw_glyph(canvas, clip, area.x + x, area.y + y, pen, &glyph);
		x += glyph.width;
		bytes += used;
		n -= used;
	}
	return x;
}

int canvas_text(struct canvas *canvas, struct rect area, int x, int y, struct pen pen,
                const char *text)
{
	return canvas_bytes(canvas, area, x, y, pen, text, strlen(text));
}

int canvas_textf(struct canvas *canvas, struct rect area, int x, int y, struct pen pen,
                 const char *format, ...)
{
	TEXT(text, 1024);
	va_list args;
	va_start(args, format);
	text_addv(&text, format, args);
	va_end(args);
	return canvas_bytes(canvas, area, x, y, pen, text.bytes, text.len);
}

int canvas_painted(struct canvas *canvas, struct rect area, int x, int y, struct pen pen,
                   const struct text *text)
{
	static const uint8_t roles[N_PAINTS] = {
	        [PAINT_DIM] = ROLE_DIM,       [PAINT_CLIENT] = ROLE_CLIENT,
	        [PAINT_SERVER] = ROLE_SERVER, [PAINT_STATE] = ROLE_STATE,
	        [PAINT_TITLE] = ROLE_TITLE,   [PAINT_ALERT] = ROLE_ALERT,
	};
	struct pen now = pen;
	size_t at = 0, begin = 0;
	for (; at < text->len; at++) {
		int mark = text->bytes[at] - PAINT_MARK;
		if (mark < 0 || mark > N_PAINTS)
			continue;
		x = canvas_bytes(canvas, area, x, y, now, text->bytes + begin, at - begin);
		begin = at + 1;
		now.role = mark < N_PAINTS ? roles[mark] : pen.role;
	}
	return canvas_bytes(canvas, area, x, y, now, text->bytes + begin, at - begin);
}

/* ---- what is there already ---- */

void canvas_style(struct canvas *canvas, struct rect rect, unsigned style)
{
	struct rect clip = rect_clip(rect, rect_of(canvas));
	for (int y = clip.y; y < clip.y + clip.h; y++)
		for (int x = clip.x; x < clip.x + clip.w; x++) {
			struct pen *pen = &cell_at(canvas, x, y)->pen;
			*pen = pen_with(*pen, style);
		}
}

void canvas_fill(struct canvas *canvas, struct rect rect, struct pen pen)
{
	struct rect clip = rect_clip(rect, rect_of(canvas));
	for (int y = clip.y; y < clip.y + clip.h; y++)
		for (int x = clip.x; x < clip.x + clip.w; x++)
			set_cell(canvas, x, y, pen, "", 0, 1);
}

void canvas_dump_row(const struct canvas *canvas, int y, struct text *t)
{
	const struct cell *row = &canvas->cells[(size_t)y * (size_t)canvas->width];
	size_t end = t->len;
	for (int x = 0; x < canvas->width; x++) {
		if (row[x].n > 0)
			text_add_bytes(t, row[x].bytes, row[x].n);
		else if (row[x].width == 1)
			text_add_char(t, ' ');
		if (row[x].n > 0 && !(row[x].n == 1 && row[x].bytes[0] == ' '))
			end = t->len;
	}
	t->len = end; /* no spaces at the end of a line */
	t->bytes[end] = '\0';
}
