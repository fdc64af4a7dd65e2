/* term.h: the terminal. term.c is the only file that knows curses. Whatever ends the program, the
 * terminal is left as it was found. */
#ifndef WIRELAB_TUI_TERM_H
#define WIRELAB_TUI_TERM_H

#include "base/err.h"
#include "canvas.h"
#include "keys.h"

struct terminal;

/* Can this terminal be drawn on? A terminal that cannot move its cursor, is unknown, or is none at
 * all, cannot: the caller prints lines instead. */
bool term_is_capable(void);

/* Takes the terminal over. NULL with a message. There can be one at a time. */
struct terminal *term_open(struct err *err);

/* Gives the terminal back. NULL is fine. */
void term_close(struct terminal *term);

/* True when characters outside ASCII can be shown (the locale is UTF-8). */
bool term_is_utf8(void);

/* The descriptor to wait on for keys. */
int term_fd(const struct terminal *term);

void term_size(const struct terminal *term, int *width, int *height);

/* The next key or mouse action that is there; false: none. */
bool term_key(struct terminal *term, struct input *input);

/* Shows the canvas; the cursor at x, y, or hidden when x is negative. `anew`: repaint all of it. */
void term_show(struct terminal *term, const struct canvas *canvas, int x, int y, bool anew);

/* Asks the kernel for the size again, after SIGWINCH. */
void term_resized(struct terminal *term);

/* Ctrl-Z: gives the terminal back, stops this process and its group, takes it again when it goes
 * on. */
void term_suspend(struct terminal *term);

#endif
