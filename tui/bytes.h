/* bytes.h: what the files of the view "bytes" share: the frame taken apart, what is selected in it,
 * and where things were drawn. */
#ifndef WIRELAB_TUI_BYTES_H
#define WIRELAB_TUI_BYTES_H

#include "canvas.h"
#include "fields.h"
#include "event/event.h"

enum bytes_form { BYTES_AUTO, BYTES_TREE, BYTES_FIGURE };

struct bytes_state {
	bool has_record, has_bytes;
	uint32_t record; /* that all of this was made from */
	struct event event;
	struct packet packet;
	struct fields fields;

	unsigned selected;    /* part */
	uint32_t byte;        /* the cursor in the dump */
	bool in_dump;         /* keys move the cursor in the dump */
	enum bytes_form form; /* of headers */

	int tree_top, dump_top; /* first row shown */
	struct rect tree, dump; /* as last drawn, relative to the pane */
	int dump_columns;       /* bytes in a row of it */
	bool figure_fits;
};

/* ---- bytes_draw.c: each draws into its rectangle ---- */

/* Rows that the stack of headers wants in an area of that height. */
int bytes_stack_rows(int height);
void bytes_draw_stack(const struct bytes_state *state, struct canvas *canvas, struct rect area);

/* Layers, and the fields of the selected one. Scrolls to the selected part. */
void bytes_draw_tree(struct bytes_state *state, struct canvas *canvas, struct rect area);

/* Hexadecimal and characters. Scrolls to the selected part. */
void bytes_draw_dump(struct bytes_state *state, struct canvas *canvas, struct rect area);

/* Columns of a dump with so many bytes in a row. */
int bytes_dump_width(int columns);

/* Name, bits and meaning of the selected part. */
void bytes_draw_help(const struct bytes_state *state, struct canvas *canvas, struct rect area);

/* Is the part a row of the tree now? */
bool bytes_is_visible(const struct bytes_state *state, unsigned part);

/* ---- bytes_figure.c: a header as in the figures of the RFCs ---- */

/* Rows of the figure of the selected part's layer; 0: not drawn that way. */
int bytes_figure_rows(const struct bytes_state *state);
enum { FIGURE_MIN_WIDTH = 65 };
void bytes_draw_figure(const struct bytes_state *state, struct canvas *canvas, struct rect area);

#endif
