/* diagnosis.h: why a segment was sent, from what both ends did before (see diagnosis_names.h). The
 * rules are RFC 5681, 6298, 6675, 7413 and 9293 and what Linux is known to do; each is decided from
 * the connection's memory, and says what it matched. A segment costs the same in any connection. */
#ifndef WIRELAB_FLOW_DIAGNOSIS_H
#define WIRELAB_FLOW_DIAGNOSIS_H

#include "flow/ranges.h"

/* Fills segment->diagnoses. To be called behind lifecycle_segment() and before analysis_segment(),
 * which remembers the segment. */
void diagnosis_segment(struct ranges *ranges, struct conn *conn, struct segment *segment,
                       int64_t time_ns, uint64_t frame);

/* Remembers the segment for the diagnosis of later ones; behind analysis_segment(). */
void diagnosis_remember(struct conn *conn, const struct segment *segment, int64_t time_ns,
                        uint64_t frame);

/* Says how the checksum stands, of the first CHECKSUMS_VERIFIED segments of each end; behind
 * diagnosis_segment(). */
void diagnosis_checksum(struct conn *conn, const struct packet *packet, struct segment *segment);

#endif
