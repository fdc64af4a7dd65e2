/* passage.h: what the emulated wire says of a frame, in the comment of its block:
 *
 *   wire: sent=SECONDS.NNNNNNNNN fate=FATE[,reordered] id=N[ by=FAULT[, FAULT …]]
 *
 * FATE is arrived, dropped, corrupted or duplicate; the record's time is when that came about.
 * labs/runner/wire_log.h writes it. Pure. */
#ifndef WIRELAB_TRACER_PASSAGE_H
#define WIRELAB_TRACER_PASSAGE_H

#include "capture/record.h"
#include "event/event.h"

/* Fills *passage; id 0 and nothing else if the record has no such comment, or one that makes no
 * sense. */
void passage_read(struct passage *passage, const struct record *record);

#endif
