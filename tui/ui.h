/* ui.h: the whole screen without a terminal: panes, status line, prompt, footer. Keys go in,
 * canvases come out; tests drive it exactly as the terminal does. */
#ifndef WIRELAB_TUI_UI_H
#define WIRELAB_TUI_UI_H

#include "filter.h"
#include "layout.h"
#include "prompt.h"
#include "ui_wire.h"
#include "ui_write.h"
#include "view.h"

/* How the input stands, for the status line; set by whoever reads it. */
struct ui_source {
	int percent;       /* read of a file; -1: not known */
	bool loading;      /* a file is being read */
	char waiting[256]; /* what is being waited for, and what to do next; shown while empty */
	char fault[512];   /* what went wrong with it; empty: nothing */
};

struct ui {
	struct model *model; /* borrowed */
	struct pane panes[N_VIEWS];
	int main, side;  /* indexes into panes; side -1: none */
	int before_help; /* the main view that `?` covers */
	bool focus_side, zoom;
	int shift; /* of the border between them */
	bool dragging;
	struct layout layout; /* of the last drawing */
	struct prompt prompt;
	char message[512];            /* in the footer until the next key */
	struct filter filter, draft;  /* what the model asks; what was typed last */
	char filter_text[PROMPT_MAX]; /* that, as it was typed */
	struct ui_write write;
	struct ui_wire wire;
	struct ui_source source;
	int64_t clock_ns;       /* of the last key or tick */
	int cursor_x, cursor_y; /* where the terminal's cursor belongs; -1: hidden */
	bool quit;
	bool redraw; /* the screen must be repainted from nothing (Ctrl-L) */
};

/* Borrows the model. 0, or -1 with a message. */
int ui_init(struct ui *ui, struct model *model, struct err *err);
void ui_release(struct ui *ui);

/* One key or mouse action at clock_ns (monotonic). True: something may look different. */
bool ui_key(struct ui *ui, const struct input *input, int64_t clock_ns);

/* Long work of views and model, in pieces. True: not done. */
bool ui_work(struct ui *ui);

/* Draws everything. The canvas has the screen's size. */
void ui_draw(struct ui *ui, struct canvas *canvas);

/* Leaves a sentence in the footer until the next key. */
void ui_say(struct ui *ui, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
