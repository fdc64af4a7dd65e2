/* layout.h: where everything stands, from the size of the screen: the only place that decides it.
 * Called again on every resize. */
#ifndef WIRELAB_TUI_LAYOUT_H
#define WIRELAB_TUI_LAYOUT_H

#include "canvas.h"

enum tier {
	TIER_TOO_SMALL, /* below 40x8: only says so */
	TIER_LIST,      /* 40-59 columns: a list with > and < */
	TIER_SHORT,     /* 60-79 columns: the ladder with short rows, small panes */
	TIER_NORMAL,    /* 80-119 columns, or few rows: pane below */
	TIER_WIDE,      /* from 120x30 on: pane at the side */
};

enum { SCREEN_MIN_WIDTH = 40, SCREEN_MIN_HEIGHT = 8 };

/* What is wanted. */
struct layout_wish {
	bool main_alone; /* the main view fills the screen */
	bool side_alone; /* zoomed: the side pane fills it */
	int shift;       /* columns or rows by which the person has moved the border towards the
	                    main view */
};

struct layout {
	enum tier tier;
	struct rect status; /* first row */
	struct rect main;   /* empty when the side pane is alone */
	struct rect side;   /* empty when there is none */
	struct rect border; /* the line between the two, with the side pane's title */
	struct rect footer; /* last row: keys, prompt or message */
	bool border_is_vertical;
};

struct layout layout_make(int width, int height, const struct layout_wish *wish);

#endif
