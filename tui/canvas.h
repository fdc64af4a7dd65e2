/* canvas.h: a grid of cells that views draw on, without any terminal. Drawing is clipped to a
 * rectangle, knows how wide characters are, and turns box drawing into ASCII where that is wanted.
 * Control characters never get onto it: they become '?'; joiners and selectors that terminals
 * measure in different ways are left out. */
#ifndef WIRELAB_TUI_CANVAS_H
#define WIRELAB_TUI_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/text.h"

/* What a cell says, not how it looks: theme.h turns roles into colours or attributes. */
enum role {
	ROLE_TEXT,
	ROLE_DIM,    /* times, lanes, frames, what can wait */
	ROLE_CLIENT, /* blue */
	ROLE_SERVER, /* orange */
	ROLE_STATE,  /* states of the two ends */
	ROLE_TITLE,  /* headings, keys */
	ROLE_ALERT,  /* loss, resets, faults, errors */
	N_ROLES
};

enum style {
	STYLE_SELECTED = 1 << 0, /* the row or field that is selected */
	STYLE_BAR = 1 << 1,      /* status and key lines */
	STYLE_LIT = 1 << 2,      /* found, current, belongs to what is selected */
};

/* How the next text is drawn. */
struct pen {
	uint8_t role;  /* enum role */
	uint8_t style; /* of enum style */
};

#define PEN(r) ((struct pen){.role = (uint8_t)(r), .style = 0})

static inline struct pen pen_with(struct pen pen, unsigned style)
{
	return (struct pen){.role = pen.role, .style = (uint8_t)(pen.style | style)};
}

enum { CELL_BYTES = 14 };

/* One column of the screen: a character with its combining marks. */
struct cell {
	char bytes[CELL_BYTES]; /* UTF-8, not terminated */
	uint8_t n;              /* of these; 0: a space */
	uint8_t width;          /* 1, 2, or 0: the right half of the character before it */
	struct pen pen;
};

struct rect {
	int x, y, w, h;
};

struct canvas {
	int width, height;
	bool ascii;         /* no character outside ASCII may appear */
	struct cell *cells; /* row by row */
};

/* 0, or -1 without memory. Sizes below 1 become 1; everything is blank. */
int canvas_init(struct canvas *canvas, int width, int height, bool ascii, struct err *err);
void canvas_release(struct canvas *canvas);
void canvas_clear(struct canvas *canvas);

/* The part of `rect` inside `outer`; w and h are 0 when nothing is left. */
struct rect rect_clip(struct rect rect, struct rect outer);

/* The rectangle without its first n rows. */
struct rect rect_below(struct rect rect, int n);

/* Row `y` of the rectangle (from 0) as a rectangle of height 1, or of height 0 outside. */
struct rect rect_row(struct rect rect, int y);

/* Draws n bytes of UTF-8 at column x, row y of `area` (0, 0 is its corner), clipped to it. A wide
 * character that would stick out is left away. Returns the column behind the text, drawn or not. In
 * ASCII mode known symbols get their ASCII form, everything else becomes '?'. */
int canvas_bytes(struct canvas *canvas, struct rect area, int x, int y, struct pen pen,
                 const char *bytes, size_t n);
int canvas_text(struct canvas *canvas, struct rect area, int x, int y, struct pen pen,
                const char *text);

/* printf onto the canvas, at most 1023 bytes. */
int canvas_textf(struct canvas *canvas, struct rect area, int x, int y, struct pen pen,
                 const char *format, ...) __attribute__((format(printf, 6, 7)));

/* The text at most `columns` wide; when it is cut its last column is "…" ('.' in ASCII). */
int canvas_cut(struct canvas *canvas, struct rect area, int x, int y, int columns, struct pen pen,
               const char *text);

/* Cuts a text to so many columns in the same way. */
void canvas_cut_text(const struct canvas *canvas, struct text *t, size_t columns);

/* The text right-aligned to the area's right edge; returns its first column. */
int canvas_right(struct canvas *canvas, struct rect area, int y, struct pen pen, const char *text);

/* Text with the marks of sink/paint.h (PAINT_MARK) in it: its roles become the pen's role. */
int canvas_painted(struct canvas *canvas, struct rect area, int x, int y, struct pen pen,
                   const struct text *text);

/* A paragraph broken at spaces into the area from row y on; returns the row behind it (drawn or
 * not, so that a caller can measure with an area of height 0). */
int canvas_paragraph(struct canvas *canvas, struct rect area, int y, struct pen pen,
                     const char *text);

/* Adds styles to what is there already (a selected row). */
void canvas_style(struct canvas *canvas, struct rect rect, unsigned style);

/* Fills the rectangle with spaces in that pen. */
void canvas_fill(struct canvas *canvas, struct rect rect, struct pen pen);

/* Lines; ASCII: - | */
void canvas_hline(struct canvas *canvas, struct rect area, int x, int y, int n, struct pen pen);
void canvas_vline(struct canvas *canvas, struct rect area, int x, int y, int n, struct pen pen);

/* Row y as text without the spaces at its end, into t: for tests. */
void canvas_dump_row(const struct canvas *canvas, int y, struct text *t);

#endif
