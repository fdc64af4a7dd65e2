/* ladder_flights.h: the frames on the emulated wire, drawn part-way between the ladder's lanes. */
#ifndef WIRELAB_TUI_LADDER_FLIGHTS_H
#define WIRELAB_TUI_LADDER_FLIGHTS_H

#include "canvas.h"
#include "model.h"
#include "sink/lanes.h"

/* Where the lanes are: columns of the area. */
struct lane_columns {
	int left, right; /* the bars */
	bool is_list;    /* the screen is too narrow for lanes */
};

/* Rows that they take at the bottom of a ladder of that height; 0 when none is on the wire, or the
 * moment that is shown is not the present. */
int flights_rows(const struct model *model, int height);

/* Draws them into the area, which has that many rows. */
void flights_draw(const struct model *model, struct canvas *canvas, struct rect area,
                  struct lane_columns lanes);

#endif
