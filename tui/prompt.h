/* prompt.h: one line of input at the bottom of the screen: editing, nothing else. */
#ifndef WIRELAB_TUI_PROMPT_H
#define WIRELAB_TUI_PROMPT_H

#include "canvas.h"
#include "commands.h"

enum { PROMPT_MAX = 256 };

enum prompt_result { PROMPT_OPEN, PROMPT_DONE, PROMPT_CANCELLED };

struct prompt {
	enum command command; /* what it asks for; COMMAND_NONE: not open */
	const char *label;    /* translated */
	char text[PROMPT_MAX];
	size_t len, cursor; /* bytes */
};

void prompt_open(struct prompt *prompt, enum command command, const char *label, const char *text);
enum prompt_result prompt_key(struct prompt *prompt, const struct input *input);

/* Draws it; *cursor_x gets the column of the cursor on the area. */
void prompt_draw(const struct prompt *prompt, struct canvas *canvas, struct rect area,
                 int *cursor_x);

#endif
