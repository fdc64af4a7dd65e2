/* merge.h: frames and the runner's event lines become one stream, in order of time. Each source
 * is in order by itself; an item waits here until the other source cannot have an earlier one. */
#ifndef WIRELAB_TRACER_MERGE_H
#define WIRELAB_TRACER_MERGE_H

#include "capture/record.h"
#include "event/event.h"

enum { MERGE_HOLD_NS = 50 * (int)NS_PER_MS }; /* no item waits longer */

struct merge;

struct merge *merge_new(void);
void merge_free(struct merge *merge);

/* Takes a copy. False: no memory, or too much waits already (take out some items first). */
bool merge_add_frame(struct merge *merge, const struct record *record);
bool merge_add_event(struct merge *merge, const struct event *event);

enum merge_item { MERGE_NONE, MERGE_FRAME, MERGE_EVENT };

/* Takes out the earliest item, if its time is at most until_ns. What *record or *event points to
 * is valid until the next call. */
enum merge_item merge_take(struct merge *merge, int64_t until_ns, struct record *record,
                           const struct event **event);

/* Does some frame that waits here satisfy that? Looks at the first ones only: where very many wait,
 * the answer is true. */
bool merge_has_frame(const struct merge *merge,
                     bool (*is_it)(const struct record *frame, const void *data), const void *data);

bool merge_is_empty(const struct merge *merge);

#endif
