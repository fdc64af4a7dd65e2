/* model_parts.h: what the files of the model share, and nobody else needs. */
#ifndef WIRELAB_TUI_MODEL_PARTS_H
#define WIRELAB_TUI_MODEL_PARTS_H

#include "model.h"

/* Appends a number. 0, or -1 without memory. */
int numbers_add(struct numbers *numbers, uint32_t number);
void numbers_release(struct numbers *numbers);

/* The index of the first number that is at least `least`; numbers->n if there is none. */
uint32_t numbers_find(const struct numbers *numbers, uint32_t least);

/* Records that have happened for the screen. */
uint32_t model_horizon(const struct model *model);

/* Selects a record that is a row, wherever it is: what had yet to happen for the screen (while
 * stepping, or after a pause) happens up to there. */
void model_reach(struct model *model, uint32_t record);

/* Is the record a row? Only for records that the filter has been asked about. */
bool model_is_row(const struct model *model, uint32_t record);

/* Asks the filters about up to `budget` more records; and the same for the search. True: not
 * done. */
bool model_filter_more(struct model *model, uint32_t budget);
bool model_search_more(struct model *model, uint32_t budget);

/* Record i has arrived: where does that leave the selection? */
void model_arrived(struct model *model, uint32_t i);

/* Something that is drawn has changed. */
static inline void model_changed(struct model *model)
{
	model->generation++;
}

#endif
