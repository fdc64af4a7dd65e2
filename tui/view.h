/* view.h: what a view is. A view is one file that ends in a `struct view`, one line in VIEWS below
 * and one line in the table of commands (the key that opens it). It draws from the model onto a
 * canvas and answers keys; it knows no terminal and keeps its state in pane->state. */
#ifndef WIRELAB_TUI_VIEW_H
#define WIRELAB_TUI_VIEW_H

#include "canvas.h"
#include "commands.h"
#include "model.h"

/* What a key has done, or-ed. */
enum view_result {
	VIEW_IGNORED = 0,
	VIEW_HANDLED = 1 << 0, /* nobody else gets the key */
	VIEW_REDRAW = 1 << 1,  /* what is drawn has changed */
	VIEW_CLOSE = 1 << 2,   /* this view is done: back to the one before */
};

enum view_place {
	PLACE_MAIN, /* takes the whole screen, in place of the ladder */
	PLACE_SIDE, /* stands beside or below the ladder */
};

struct view;

/* A view at work. */
struct pane {
	const struct view *view;
	void *state;         /* view->state_size bytes, zeroed before the first use; kept while the
	                        view is closed */
	struct model *model; /* draw() must not change it */
	int width, height;   /* of the area last drawn, for keys that move by pages */
	bool focused;        /* keys go here */
	char message[256];   /* a view may leave a sentence for the last line here */
};

struct view {
	const char *name;  /* "bytes": a word */
	const char *title; /* marked English, for the pane's frame */
	enum view_place place;
	enum command command; /* that opens it; COMMAND_NONE: the home screen */
	size_t state_size;

	/* Draws into `area`, whatever its size (it may be tiny); the area is blank. Must be quick:
	 * reads only the records of the rows that are shown. */
	void (*draw)(struct pane *pane, struct canvas *canvas, struct rect area);

	/* A key or the mouse; enum view_result. input->command is set if the key has one; mouse
	 * positions are relative to the area. NULL: takes no keys. */
	unsigned (*key)(struct pane *pane, const struct input *input);

	/* Long work in small pieces, called in every round; true: not done. May be NULL. */
	bool (*work)(struct pane *pane);

	/* Frees what state points to. May be NULL. */
	void (*release)(struct pane *pane);
};

/* The views, one line each; the first is the home screen. */
#define VIEWS(X)                                                                                   \
	X(ladder)                                                                                  \
	X(explain)                                                                                 \
	X(bytes)                                                                                   \
	X(states)                                                                                  \
	X(connections)                                                                             \
	X(stream)                                                                                  \
	X(graph)                                                                                   \
	X(summary)                                                                                 \
	X(help)

#define X(name) extern const struct view view_##name;
VIEWS(X)
#undef X

enum {
#define X(name) VIEW_##name,
	VIEWS(X)
#undef X
	        N_VIEWS
};

/* The table, in the order above. */
extern const struct view *const views[N_VIEWS];

/* Does anything answer this command? (A view that is not there has no key.) */
bool view_has_command(enum command command);

#endif
