/* wire_sum.h: the checksum of RFC 1071, and numbers in network order, for the packets that the wire
 * makes itself. */
#ifndef WIRELAB_RUNNER_WIRE_SUM_H
#define WIRELAB_RUNNER_WIRE_SUM_H

#include "base/cursor.h"

static inline void wire_put_u16(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

/* The sum, not yet folded. */
static inline uint32_t wire_sum(const uint8_t *bytes, uint32_t len)
{
	struct cursor c = cursor_of(bytes, len);
	uint32_t total = 0;
	while (cursor_left(&c) >= 2)
		total += cursor_u16(&c);
	return total + ((uint32_t)cursor_u8(&c) << 8); /* 0 when the length is even */
}

static inline uint32_t wire_sum_folded(uint32_t total)
{
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return ~total & 0xffff;
}

#endif
