/* states.h: what the files of the view "states" share: the path that both ends have taken through
 * the diagram of RFC 9293, and the drawing of it. */
#ifndef WIRELAB_TUI_STATES_H
#define WIRELAB_TUI_STATES_H

#include "canvas.h"
#include "model.h"

enum { STATES_STEPS_MAX = 48 };

/* One end has changed its state. */
struct state_step {
	uint32_t record; /* by this segment */
	uint8_t side, from, to;
};

/* The path of both ends of one connection, found record by record. */
struct state_path {
	bool known;           /* there is a stream */
	uint32_t stream, key; /* of the connection (conns.h) */
	uint32_t next;        /* first record that has not been looked at */
	unsigned n;
	struct state_step steps[STATES_STEPS_MAX];
	bool more;              /* there were too many to keep */
	uint8_t first[N_SIDES]; /* states before the first segment */
	bool has_first;
};

/* Follows the connection up to record `until` (included), at most `budget` records further than so
 * far. Another stream than before begins anew. True: not there yet. */
bool path_follow(struct state_path *path, const struct model *model, const struct conn_entry *conn,
                 uint32_t until, uint32_t budget);

/* Steps that had happened at record `until`: the first so many. */
unsigned path_length(const struct state_path *path, uint32_t until);

/* The moment that is shown. */
struct states_moment {
	const struct state_path *path;
	unsigned n_steps;        /* of the path, that have happened */
	bool has_segment;        /* any of this connection was seen by then */
	bool is_selected;        /* `segment` is the selected row, else one before it */
	struct segment segment;  /* valid if has_segment */
	uint8_t states[N_SIDES]; /* now */
	const struct sample *kernel[N_SIDES]; /* the last of each end's kernel; NULL: none */
	const char *reasons[N_SIDES];         /* why it may differ, or "" */
	int64_t now_ns;                       /* the time of the moment */
	bool raw_numbers;
};

/* ---- states_diagram.c ---- */
enum { DIAGRAM_WIDTH = 43, DIAGRAM_HEIGHT = 20 };

/* The diagram, both ends' states marked, their paths lit. */
void states_draw_diagram(const struct states_moment *moment, struct canvas *canvas,
                         struct rect area);

/* "client: CLOSED → SYN-SENT → …"; returns the row behind it. */
int states_draw_path(const struct states_moment *moment, struct canvas *canvas, struct rect area,
                     int y, enum side side);

/* ---- states_kernel.c ---- */

/* Has any kernel said something? */
bool states_has_kernel(const struct states_moment *moment);

/* A row of the blocks: the kernel's states. */
void states_draw_kernel_state(const struct states_moment *moment, struct canvas *canvas,
                              struct rect area, int y);

/* Its figures, and what differs; nothing without samples. Returns the row behind them. */
int states_draw_kernel(const struct states_moment *moment, struct canvas *canvas, struct rect area,
                       int y);

/* ---- states_tcb.c ---- */
enum { TCB_ROWS = 8 };

/* The column of one end in row y. */
struct rect states_cell(struct rect area, int y, enum side side);

/* Both transmission control blocks, before → after; returns the row behind them. */
int states_draw_tcbs(const struct states_moment *moment, struct canvas *canvas, struct rect area,
                     int y);

#endif
