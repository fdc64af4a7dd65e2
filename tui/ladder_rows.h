/* ladder_rows.h: how a row of the ladder looks: a line an event between the lanes, in the words of
 * sink/ladder_words.h; on a narrow screen a list. */
#ifndef WIRELAB_TUI_LADDER_ROWS_H
#define WIRELAB_TUI_LADDER_ROWS_H

#include "canvas.h"
#include "model.h"
#include "sink/lanes.h"

/* One drawing of the ladder. */
struct ladder {
	const struct model *model;
	struct canvas *canvas;
	struct rect area;
	struct sink_options options;
	struct lanes lanes;
	int margin; /* columns in front of the left state */
	bool is_list;
	uint32_t selected;
};

/* Rows that the silence before this row takes; 0: it is none worth telling. */
int ladder_idle_rows(const struct model *model, uint32_t row);

/* Draws that silence on n lines from y on; `event` is the row's. */
void ladder_draw_idle(const struct ladder *l, int y, uint32_t row, const struct event *event,
                      int n);

/* Draws a row on line y of l->area. *event is the row's, and may be changed by it. */
void ladder_draw_row(struct ladder *l, int y, uint32_t row, struct event *event);

#endif
