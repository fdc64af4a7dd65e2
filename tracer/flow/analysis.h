/* analysis.h: Wireshark's labels for a segment, so that a learner finds the same words there. */
#ifndef WIRELAB_FLOW_ANALYSIS_H
#define WIRELAB_FLOW_ANALYSIS_H

#include "flow/ranges.h"

/* Fills segment->analysis (flags set by the caller stay) and remembers the segment. Frames count
 * from 1. */
void analysis_segment(struct ranges *ranges, struct conn *conn, struct segment *segment,
                      int64_t time_ns, uint64_t frame);

/* Gives back what the connection holds in the shared pool. */
void analysis_forget(struct ranges *ranges, struct conn *conn);

#endif
