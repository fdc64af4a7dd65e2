/* wire_meets.h: does a fault concern this frame? By its name and number, or by chance. Pure. */
#ifndef WIRELAB_RUNNER_WIRE_MEETS_H
#define WIRELAB_RUNNER_WIRE_MEETS_H

#include "runner/wire_fault.h"

/* `sent`: what the ends have sent so far, this frame included. False for faults that concern the
 * wire as a whole. */
bool wire_meets(const struct wire_fault *fault, enum side from, const struct wire_frame *frame,
                const struct wire_counts *sent);

/* Is this frame, or was one before, what those wait for that `fault` holds back? */
bool wire_ends_waiting(const struct wire_fault *fault, enum side from,
                       const struct wire_frame *frame, const struct wire_counts *sent);

#endif
