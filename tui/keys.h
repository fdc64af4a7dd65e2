/* keys.h: keys and the mouse as numbers, whatever the terminal sends for them. A character is its
 * Unicode number; other keys lie above Unicode. */
#ifndef WIRELAB_TUI_KEYS_H
#define WIRELAB_TUI_KEYS_H

#include "base/text.h"

#define K_CTRL(letter) ((letter)&0x1f)

enum key {
	K_NONE = -1,
	K_ESCAPE = 27,
	K_BACKSPACE = 127,
	K_UP = 0x110000,
	K_DOWN,
	K_LEFT,
	K_RIGHT,
	K_HOME,
	K_END,
	K_PAGE_UP,
	K_PAGE_DOWN,
	K_DELETE,
	K_BACKTAB,
	K_F1,
	K_CLICK, /* the mouse: x and y say where */
	K_DRAG,  /* moved with the button down */
	K_DROP,  /* the button is up again */
	K_WHEEL_UP,
	K_WHEEL_DOWN,
	K_RESIZE, /* the screen has another size */
};

/* One thing the person did. */
struct input {
	int key;     /* a character or enum key */
	int x, y;    /* of the mouse, on the screen; a view gets them relative to its area */
	int command; /* enum command, looked up for the view */
};

/* "Space", "Ctrl-F", "PgDn", "s". */
void key_add_name(struct text *t, int key);

/* The key of that name (as key_add_name writes it, or one character), or K_NONE: for tests. */
int key_of_name(const char *name, size_t n);

#endif
