/* wrap.c: folds text into lines. It must not know Markdown. */
#include "runner/wrap.h"

#include "base/utf8.h"

/* The characters that are not one column wide; a coarse table is enough for pages. */
static const struct {
	uint32_t first, last;
	size_t columns;
} widths[] = {
        {0x0300, 0x036f, 0}, {0x1100, 0x115f, 2}, {0x200b, 0x200f, 0},   {0x2e80, 0xa4cf, 2},
        {0xac00, 0xd7a3, 2}, {0xf900, 0xfaff, 2}, {0xfe00, 0xfe0f, 0},   {0xfe30, 0xfe6f, 2},
        {0xff00, 0xff60, 2}, {0xffe0, 0xffe6, 2}, {0x1f300, 0x1faff, 2}, {0x20000, 0x3fffd, 2},
};

/* Columns that a character takes on a terminal: 0, 1 or 2. */
static size_t columns_of(uint32_t code)
{
	for (size_t i = 0; i < sizeof widths / sizeof *widths; i++)
		if (code >= widths[i].first && code <= widths[i].last)
			return widths[i].columns;
	return 1;
}

static bool is_mark(char byte)
{
	return byte >= WRAP_MARK && byte < WRAP_MARK + WRAP_MARKS;
}

/* Bytes of the character or mark at `at`, and its columns. What is no UTF-8 counts byte by byte. */
static size_t step(const char *at, const char *end, size_t *columns)
{
	uint32_t code = 0;
	if (is_mark(*at)) {
		*columns = 0;
		return 1;
	}
	size_t n = utf8_read(at, (size_t)(end - at), &code);
	*columns = n > 0 ? columns_of(code) : 1;
	return n > 0 ? n : 1;
}

size_t wrap_columns(const char *text, size_t n)
{
	size_t total = 0, columns;
	for (const char *at = text; at < text + n; total += columns)
		at += step(at, text + n, &columns);
	return total;
}

/* A stretch of text for one line, and where the next line starts. */
struct stretch {
	const char *end, *next;
};

/* How much of the text fits in `width` columns: up to the last space, or the last wide character
 * (where East Asian text may be broken), or just what fits. */
static struct stretch fit(const char *start, const char *end, size_t width)
{
	struct stretch last = {NULL, NULL};
	size_t used = 0, columns;
	for (const char *at = start; at < end; used += columns) {
		size_t n = step(at, end, &columns);
		if (*at == '\n')
			return (struct stretch){at, at + 1};
		if (*at == ' ')
			last = (struct stretch){at, at + 1};
		else if (columns == 2 && at > start)
			last = (struct stretch){at, at};
		if (used + columns > width && used > 0)
			return last.end != NULL ? last : (struct stretch){at, at};
		at += n;
	}
	return (struct stretch){end, end};
}

/* Terminal sequences (ECMA-48 SGR) that bring the style from nothing to this. */
static void start_style(const struct wrap *w, struct buffer *out)
{
	if (!w->color)
		return;
	if (w->style & STYLE_BOLD)
		buffer_add_string(out, "\033[1m");
	if (w->style & STYLE_EMPHASIS)
		buffer_add_string(out, "\033[4m");
	if (w->style & STYLE_CODE)
		buffer_add_string(out, "\033[36m");
}

static void end_style(const struct wrap *w, struct buffer *out)
{
	if (w->color && w->style != 0)
		buffer_add_string(out, "\033[0m");
}

bool wrap_more(struct wrap *w)
{
	for (; w->at < w->end && (*w->at == ' ' || is_mark(*w->at)); w->at++)
		if (is_mark(*w->at))
			w->style = (unsigned)(*w->at - WRAP_MARK);
	return w->at < w->end;
}

size_t wrap_line(struct wrap *w, size_t width, struct buffer *out)
{
	if (!wrap_more(w))
		return 0;
	struct stretch line = fit(w->at, w->end, width);
	size_t columns = wrap_columns(w->at, (size_t)(line.end - w->at));
	start_style(w, out);
	for (const char *at = w->at; at < line.end; at++) {
		if (!is_mark(*at)) {
			buffer_add(out, at, 1);
			continue;
		}
		end_style(w, out);
		w->style = (unsigned)(*at - WRAP_MARK);
		start_style(w, out);
	}
	end_style(w, out);
	w->at = line.next;
	return columns;
}
