/* scroll.h: a page of text that may be longer than its pane: how far it is scrolled. */
#ifndef WIRELAB_TUI_SCROLL_H
#define WIRELAB_TUI_SCROLL_H

#include "canvas.h"
#include "keys.h"

struct scroll {
	int at;     /* lines above the pane */
	int height; /* of the whole page, in lines, as last drawn */
};

/* The page is `height` lines long now, and the pane shows `room` of them: no line stays empty below
 * its end while there are some above. Called before it is drawn, since both may have changed. */
void scroll_fit(struct scroll *scroll, int height, int room);

/* Scrolls by so many lines, as far as there are some. */
void scroll_by(struct scroll *scroll, int lines, int room);

/* How many lines an input asks for in a pane of `room` lines; 0: it does not scroll. */
int scroll_wanted(const struct input *input, int room);

/* Says in the last line that there is more below. */
void scroll_mark(const struct scroll *scroll, struct canvas *canvas, struct rect area);

#endif
