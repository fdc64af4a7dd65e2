/* drawing.c: see drawing.h. Scalable Vector Graphics 1.1; classes instead of CSS variables, so that
 * old programs show it too. Colours are told apart by people who do not see red and green alike. */
#include "sink/drawing.h"

#include <stdlib.h>
#include <string.h>

#include "sink/columns.h"

enum {
	ROW = 24,   /* a plain row */
	ARROW = 36, /* an arrow with its label */
	BELOW = 15, /* and the words below it */
	SLOPE = 8,  /* down, since time runs down */
	TOP = 56,   /* of the first row, below the heading */
	MIDDLE = (DRAWING_LEFT + DRAWING_RIGHT) / 2,
	TIME_END = 84,
	STATE_GAP = 12,
	PIECE = 16 * 1024, /* the longest shape, escaped */
	WORD_COLUMNS = 100,
	BOX_COLUMNS = 60,
	CHARACTER = 8, /* width of a column, in pixels, rounded up */
};

static const char style[] =
        "<style>\n"
        "text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,\"DejaVu Sans Mono\",monospace;"
        "fill:#1b1f24}\n"
        ".bg{fill:#fff}.lane{stroke:#b4bcc6;stroke-width:2}.gap{stroke:#b4bcc6;stroke-width:2;"
        "stroke-dasharray:2 5}\n"
        "text.h{font-weight:bold;font-size:15px}text.t,text.d{fill:#5b6570;font-size:12px}"
        "text.s{font-weight:bold}\n"
        "text.below{fill:#5b6570;font:12px system-ui,\"Segoe UI\",\"DejaVu Sans\",sans-serif}"
        "text.m{font-weight:bold}\n"
        ".c{stroke:#0b62b0;fill:#0b62b0}.v{stroke:#b85400;fill:#b85400}.g{stroke:#8a94a0;fill:#"
        "8a94a0}"
        ".a{stroke:#a3195b;fill:#a3195b}\n"
        "text.c{stroke:none;fill:#0b4f8f}text.v{stroke:none;fill:#8f4100}text.a,tspan.a{stroke:"
        "none;"
        "fill:#a3195b}text.g{stroke:none;fill:#5b6570}\n"
        "line{stroke-width:2}.box{fill-opacity:.1}.note{fill-opacity:.06;stroke:none}\n"
        "@media(prefers-color-scheme:dark){\n"
        "text{fill:#e6eaef}.bg{fill:#12161b}.lane,.gap{stroke:#4a5560}text.t,text.d,text.below{"
        "fill:"
        "#9aa5b1}\n"
        ".c{stroke:#6cb6ff;fill:#6cb6ff}.v{stroke:#ffa657;fill:#ffa657}.g{stroke:#7d8894;fill:#"
        "7d8894}"
        ".a{stroke:#ff7eb6;fill:#ff7eb6}\n"
        "text.c{fill:#9fd0ff}text.v{fill:#ffc58f}text.a,tspan.a{fill:#ff9ac6}text.g{fill:#9aa5b1}\n"
        "}\n"
        "</style>\n";

static const char *const classes[N_INKS] = {
        [INK_CLIENT] = "c", [INK_SERVER] = "v", [INK_DIM] = "g", [INK_ALERT] = "a"};

/* ---- appending ---- */

/* The text to append one shape to; put it back by done(). */
static struct text piece(struct drawing *d)
{
	static char nothing[1];
	if (!d->failed && d->size - d->len < PIECE) {
		size_t size = d->size ? 2 * d->size : 4 * (size_t)PIECE;
		char *larger = realloc(d->bytes, size);
		d->failed = !larger;
		if (larger) {
			d->bytes = larger;
			d->size = size;
		}
	}
	return d->failed ? text_of(nothing, 1) : text_of(d->bytes + d->len, d->size - d->len);
}

static void done(struct drawing *d, const struct text *t)
{
	d->len += d->failed ? 0 : t->len;
}

/* Bytes that XML wants written otherwise; the noncharacters U+FFFE and U+FFFF it has none for. */
static void add_escaped(struct text *t, const char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		bool last_two = n - i >= 3 && memcmp(bytes + i, "\xEF\xBF", 2) == 0 &&
		                (unsigned char)bytes[i + 2] >= 0xBE;
		if (last_two) {
			text_add_char(t, '?');
			i += 2;
		} else if (bytes[i] == '&') {
			text_add(t, "&amp;");
		} else if (bytes[i] == '<') {
			text_add(t, "&lt;");
		} else if (bytes[i] == '>') {
			text_add(t, "&gt;");
		} else {
			text_add_char(t, bytes[i]);
		}
	}
}

/* <text> at x, y; `anchor` "start", "middle" or "end". */
static void open_text(struct text *t, int x, int y, const char *anchor, const char *class)
{
	text_add(t, "<text x=\"");
	text_add_int(t, x);
	text_add(t, "\" y=\"");
	text_add_int(t, y);
	text_add(t, "\" text-anchor=\"");
	text_add(t, anchor);
	text_add(t, "\" class=\"");
	text_add(t, class);
	text_add(t, "\">");
}

static void put_text(struct text *t, int x, int y, const char *anchor, const char *class,
                     const char *bytes, size_t n)
{
	if (n == 0)
		return;
	open_text(t, x, y, anchor, class);
	add_escaped(t, bytes, n);
	text_add(t, "</text>\n");
}

static void add_number(struct text *t, const char *name, int value)
{
	text_add_char(t, ' ');
	text_add(t, name);
	text_add(t, "=\"");
	text_add_int(t, value);
	text_add_char(t, '"');
}

static void put_line(struct text *t, const char *class, int x1, int y1, int x2, int y2)
{
	text_add(t, "<line class=\"");
	text_add(t, class);
	text_add_char(t, '"');
	add_number(t, "x1", x1);
	add_number(t, "y1", y1);
	add_number(t, "x2", x2);
	add_number(t, "y2", y2);
	text_add(t, "/>\n");
}

static void put_rect(struct text *t, const char *class, int x, int y, int width, int height, int r)
{
	text_add(t, "<rect class=\"");
	text_add(t, class);
	text_add_char(t, '"');
	add_number(t, "x", x);
	add_number(t, "y", y);
	add_number(t, "width", width);
	add_number(t, "height", height);
	add_number(t, "rx", r);
	text_add(t, "/>\n");
}

static void put_beside(struct text *t, const struct beside *beside, int y)
{
	if (beside->time)
		put_text(t, TIME_END, y, "end", "t", beside->time->bytes, beside->time->len);
	if (beside->left)
		put_text(t, DRAWING_LEFT - STATE_GAP, y, "end", "s", beside->left,
		         strlen(beside->left));
	if (beside->right)
		put_text(t, DRAWING_RIGHT + STATE_GAP, y, "start", "s", beside->right,
		         strlen(beside->right));
}

/* ---- rows ---- */

/* The arrow's head, at its end. */
static void put_head(struct text *t, const char *class, enum side from, int y)
{
	int tip = from == CLIENT ? DRAWING_RIGHT - 1 : DRAWING_LEFT + 1;
	int back = from == CLIENT ? -11 : 11;
	text_add(t, "<path class=\"");
	text_add(t, class);
	text_add(t, "\" d=\"M");
	text_add_int(t, tip);
	text_add_char(t, ' ');
	text_add_int(t, y);
	text_add(t, "l");
	text_add_int(t, back);
	text_add(t, " -6v11z\"/>\n");
}

static void put_label(struct text *t, int y, const char *class, const struct text *marks,
                      const struct text *label)
{
	open_text(t, MIDDLE, y, "middle", class);
	if (marks->len > 0) {
		text_add(t, "<tspan class=\"a m\">");
		add_escaped(t, marks->bytes, marks->len);
		text_add(t, "</tspan> ");
	}
	add_escaped(t, label->bytes, label->len);
	text_add(t, "</text>\n");
}

void drawing_arrow(struct drawing *d, enum side from, const struct beside *beside,
                   const struct text *marks, const struct text *label, const struct text *below,
                   const struct text *hint)
{
	const char *class = classes[ink_of(from)];
	int top = TOP + d->height;
	int start = top + 19;
	struct text t = piece(d);
	text_add(&t, "<g>");
	if (hint->len > 0) {
		text_add(&t, "<title>");
		add_escaped(&t, hint->bytes, hint->len);
		text_add(&t, "</title>");
	}
	text_add_char(&t, '\n');
	put_beside(&t, beside, start + 6);
	put_label(&t, top + 13, class, marks, label);
	put_line(&t, class, from == CLIENT ? DRAWING_LEFT : DRAWING_RIGHT, start,
	         from == CLIENT ? DRAWING_RIGHT - 9 : DRAWING_LEFT + 9, start + SLOPE);
	put_head(&t, class, from, start + SLOPE);
	put_text(&t, MIDDLE, start + SLOPE + 14, "middle", "below", below->bytes, below->len);
	text_add(&t, "</g>\n");
	done(d, &t);
	d->height += below->len > 0 ? ARROW + BELOW : ARROW;
}

/* A name on top of its lane, kept inside the picture. */
static void put_name(struct text *t, int lane, int y, enum side side, const struct text *name)
{
	const char *class = classes[ink_of(side)];
	int half = (int)columns_of(name->bytes, name->len) * CHARACTER / 2 + 12;
	int left = lane - half < 8 ? 8 : lane - half;
	if (left + 2 * half > DRAWING_WIDTH - 8)
		left = DRAWING_WIDTH - 8 - 2 * half;
	put_rect(t, "bg", left, y, 2 * half, 28, 6);
	put_rect(t, side == CLIENT ? "c box" : "v box", left, y, 2 * half, 28, 6);
	put_text(t, left + half, y + 19, "middle", class, name->bytes, name->len);
}

void drawing_heads(struct drawing *d, const struct text *left, const struct text *right)
{
	int y = TOP + d->height + 6;
	struct text t = piece(d);
	put_name(&t, DRAWING_LEFT, y, CLIENT, left);
	put_name(&t, DRAWING_RIGHT, y, SERVER, right);
	done(d, &t);
	d->height += 44;
}

void drawing_gap(struct drawing *d, const struct text *words)
{
	int top = TOP + d->height;
	struct text t = piece(d);
	put_rect(&t, "bg", DRAWING_LEFT - 3, top + 3, DRAWING_RIGHT - DRAWING_LEFT + 6, ROW, 0);
	put_line(&t, "gap", DRAWING_LEFT, top + 3, DRAWING_LEFT, top + 3 + ROW);
	put_line(&t, "gap", DRAWING_RIGHT, top + 3, DRAWING_RIGHT, top + 3 + ROW);
	put_text(&t, MIDDLE, top + 19, "middle", "below", words->bytes, words->len);
	done(d, &t);
	d->height += ROW + 6;
}

void drawing_box(struct drawing *d, enum side side, const struct beside *beside,
                 const struct text *words, enum ink ink)
{
	struct lines lines = lines_of(words);
	const char *line;
	TEXT(class, 16);
	text_add(&class, classes[ink]);
	text_add(&class, " box");
	for (bool first = true;; first = false) {
		size_t n = lines_next(&lines, BOX_COLUMNS, &line);
		if (n == 0 && !first)
			break;
		int top = TOP + d->height;
		int width = (int)columns_of(line, n) * CHARACTER + 16;
		int x = side == CLIENT ? DRAWING_LEFT + 8 : DRAWING_RIGHT - 8 - width;
		struct text t = piece(d);
		if (first)
			put_beside(&t, beside, top + 16);
		if (n > 0)
			put_rect(&t, class.bytes, x, top, width, ROW - 2, 5);
		put_text(&t, x + width / 2, top + 16, "middle", classes[ink], line, n);
		done(d, &t);
		d->height += ROW;
	}
	d->height += 4;
}

void drawing_words(struct drawing *d, const struct text *words, enum ink ink)
{
	struct lines lines = lines_of(words);
	const char *line;
	TEXT(class, 16);
	size_t n;
	text_add(&class, classes[ink]);
	text_add(&class, " d");
	d->height += 2;
	while ((n = lines_next(&lines, WORD_COLUMNS, &line)) > 0) {
		int top = TOP + d->height;
		int width = (int)columns_of(line, n) * CHARACTER + 8;
		struct text t = piece(d);
		put_rect(&t, "bg", MIDDLE - width / 2, top, width, 18, 4);
		put_text(&t, MIDDLE, top + 13, "middle", class.bytes, line, n);
		done(d, &t);
		d->height += 18;
	}
	d->height += 4;
}

void drawing_end_lanes(struct drawing *d)
{
	d->height += 10;
	d->lane_end = TOP + d->height;
}

/* ---- the whole ---- */

static void add_root(struct text *t, const struct drawing *d, const struct text *heading)
{
	int height = TOP + d->height + 20;
	text_add(t, "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 ");
	text_add_int(t, DRAWING_WIDTH);
	text_add_char(t, ' ');
	text_add_int(t, height);
	text_add(t, "\"");
	add_number(t, "width", DRAWING_WIDTH);
	add_number(t, "height", height);
	text_add(t, ">\n<title>");
	add_escaped(t, heading->bytes, heading->len);
	text_add(t, "</title>\n");
	text_add(t, style);
	put_rect(t, "bg", 0, 0, DRAWING_WIDTH, height, 0);
	put_text(t, 24, 32, "start", "h", heading->bytes, heading->len);
	put_text(t, TIME_END, 54, "end", "t", "ms", 2);
	put_line(t, "lane", DRAWING_LEFT, TOP, DRAWING_LEFT, d->lane_end);
	put_line(t, "lane", DRAWING_RIGHT, TOP, DRAWING_RIGHT, d->lane_end);
}

void drawing_write(const struct drawing *d, struct out *out, const struct text *heading)
{
	add_root(out_room(out, PIECE), d, heading);
	out_bytes(out, d->bytes, d->len);
	text_add(out_room(out, PIECE), "</svg>\n");
}

void drawing_release(struct drawing *d)
{
	free(d->bytes);
	d->bytes = NULL;
}
