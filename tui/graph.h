/* graph.h: the time-sequence graph of one direction, as tcptrace draws it: scales, and painting the
 * segments on a grid of dots, in pieces. Knows no canvas. */
#ifndef WIRELAB_TUI_GRAPH_H
#define WIRELAB_TUI_GRAPH_H

#include "canvas.h"
#include "series.h"

/* ---- graph_scale.c ---- */

/* What part of time and numbers the grid shows; both ends belong to it. */
struct graph_scale {
	int64_t t0, t1; /* ns */
	int64_t s0, s1; /* sequence numbers */
};

/* The place of a value between `from` and `to` on n dots: -1 before, n behind. */
int graph_place(int64_t value, int64_t from, int64_t to, int n);

/* The value at that place. */
int64_t graph_value(int place, int64_t from, int64_t to, int n);

/* The distance of the marks on an axis: 1, 2 or 5 times a power of ten, so that there are at most
 * `most` of them in the span. */
int64_t graph_step(int64_t span, int most);

/* A number of an axis whose marks are a step apart: "5000", "120k", "3M". */
void graph_add_number(struct text *t, int64_t number);

/* A time of an axis, in the unit that suits the step: "120 ms". */
void graph_add_time(struct text *t, int64_t ns, int64_t step_ns);

/* How the person looks at it. */
struct graph_view {
	enum side side; /* whose data */
	bool zoomed;
	int64_t middle_ns, span_ns; /* if zoomed */
	struct graph_scale whole;   /* kept a little larger than needed while segments still come */
};

/* The scale that shows all of it, or the part that is looked at; `grows`: more will come. The
 * series must have a segment. */
struct graph_scale graph_scale_of(struct graph_view *view, const struct series *series,
                                  const struct log *log, bool grows);

/* Nearer (or farther) by two around that time, and sideways by so many eighths of what is seen. */
void graph_zoom(struct graph_view *view, const struct graph_scale *scale, int64_t around_ns,
                bool nearer);
void graph_pan(struct graph_view *view, const struct graph_scale *scale, int eighths);

/* ---- graph_axes.c ---- */

struct graph_axes {
	struct canvas *canvas;
	struct rect area;  /* of the pane */
	struct rect cells; /* of the plot inside it: room for the axes is left and below */
	const struct graph_scale *scale;
};

/* Columns that the numbers of a plot of that height take. */
int graph_margin(const struct graph_scale *scale, int height);

void graph_draw_numbers(const struct graph_axes *axes);

/* Times count from `origin`, as in the ladder; takes two rows. */
void graph_draw_times(const struct graph_axes *axes, int64_t origin);

/* ---- graph_plot.c ---- */

/* What a dot belongs to; the later ones lie on top. */
enum plot_layer {
	LAYER_WINDOW, /* up to here the receiver allows */
	LAYER_ACK,    /* up to here it has acknowledged */
	LAYER_SACK,   /* beyond that, it reports these */
	LAYER_SENT,
	LAYER_RESENT,
	N_LAYERS
};

struct plot {
	int columns, rows; /* cells */
	int across, down;  /* dots in a cell: 2 and 4, or 1 and 1 */
	uint8_t *dots;     /* bit of each layer; row by row, from the top */
	char *marks;       /* of each cell: a letter, or 0 */
	size_t room, room_marks;

	/* what has been painted */
	struct graph_scale scale;
	enum side side;
	uint32_t key, next; /* first segment that has not been painted */
	bool has_ack;
	int64_t ack_ns, ack, allowed; /* the last of the receiver's acknowledgments */
};

void plot_release(struct plot *plot);

/* Makes the plot ready for that scale, side and size; keeps what is there already if nothing has
 * changed. 0, or -1 without memory. */
int plot_prepare(struct plot *plot, const struct graph_scale *scale, enum side side,
                 const struct series *series, const struct rect *cells, bool braille);

/* Paints segments up to series->points[until], with at most `budget` of work. True: not done. */
bool plot_paint(struct plot *plot, const struct series *series, const struct log *log,
                uint32_t until, uint32_t budget);

/* The layers in that cell (bits), and its dots as bits of a braille character (U+2800 + bits). */
unsigned plot_cell(const struct plot *plot, int column, int row, unsigned *braille);

#endif
