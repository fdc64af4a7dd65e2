/* theme.h: how roles look: six colours that people who do not see red and green alike can tell
 * apart, or attributes where there is no colour. Knows no terminal. */
#ifndef WIRELAB_TUI_THEME_H
#define WIRELAB_TUI_THEME_H

#include "canvas.h"

enum theme_colors { THEME_MONO, THEME_8, THEME_256 };

struct look {
	int foreground; /* colour number, -1: the terminal's own */
	bool bold, dim, reverse, underline;
};

/* How a pen looks with that many colours. Selected rows are reversed in every theme. */
struct look theme_look(enum theme_colors colors, struct pen pen);

/* The theme for a terminal with n colours; NO_COLOR set and not empty: THEME_MONO. */
enum theme_colors theme_choose(int n_colors, const char *no_color);

#endif
