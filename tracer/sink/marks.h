/* marks.h: the short marks in front of a segment's flags, "R!" or "D2", and what they mean, once
 * for all that explain them: the ladder's label, the TUI's help, the manual pages (a test
 * compares). */
#ifndef WIRELAB_SINK_MARKS_H
#define WIRELAB_SINK_MARKS_H

#include "flow/flow.h"

/* Marks that no diagnosis has: of ports that are used again, of what the emulated wire did, and of
 * a socket that is in another state than the segments say. */
#define MARK_REUSED_PORTS "RP"
#define MARK_LATE         "LATE"
#define MARK_KERNEL       "K!"

/* "LOST", "BAD" or "COPY"; "" for a frame that arrived as it was sent, or that nobody saw arrive.
 */
const char *mark_of_fate(enum fate fate);

struct mark {
	const char *mark;    /* as in flow/diagnosis_names.h; a number follows "D" */
	const char *shown;   /* as it stands in a row, with such a number */
	const char *meaning; /* marked English, without a full stop */
};

extern const struct mark marks[];
extern const size_t n_marks;

/* The row of that mark, or NULL. */
const struct mark *mark_find(const char *mark);

#endif
