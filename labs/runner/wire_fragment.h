/* wire_fragment.h: what a router does to an IPv4 packet that is too large for its next link and may
 * be cut (RFC 791 section 3.2). */
#ifndef WIRELAB_RUNNER_WIRE_FRAGMENT_H
#define WIRELAB_RUNNER_WIRE_FRAGMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "runner/wire_frame.h"

/* True if this frame holds a packet larger than `mtu` that may be cut: IPv4 without DF, whole, and
 * without options, which nobody uses. */
bool wire_fragment_may_cut(const struct wire_frame *frame, const uint8_t *bytes, uint32_t len,
                           uint32_t mtu);

/* Makes the piece that begins at byte *at of the packet's payload, in a frame of its own, and moves
 * *at behind it. The frame's length; 0: there is nothing left. Only for what may be cut. */
uint32_t wire_fragment_cut(uint8_t *piece, const uint8_t *bytes, uint32_t len, uint32_t mtu,
                           uint32_t *at);

#endif
