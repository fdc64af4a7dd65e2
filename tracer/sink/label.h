/* label.h: what the arrow of a segment says in the ladder. */
#ifndef WIRELAB_SINK_LABEL_H
#define WIRELAB_SINK_LABEL_H

#include "base/text.h"
#include "event/event.h"

/* Appends the segment's label in at most `columns` columns: marks and flags, then seq, ack, length,
 * window and options. When room is short whole items are left out, never half a number: first
 * options, then window, seq, ack, length. Marks and flags always stay. */
void label_add(struct text *t, const struct event *event, size_t columns);

/* The marks of what became of the frame and of the diagnoses, "R!" or "LOST D2 ZW"; nothing without
 * any. */
void label_marks(struct text *t, const struct event *event);

#endif
