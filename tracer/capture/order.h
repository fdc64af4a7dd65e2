/* order.h: numbers in the byte order of the machine that wrote a capture file. A file says its
 * order in its first bytes; the cursor reads big-endian and this turns the value round. */
#ifndef WIRELAB_CAPTURE_ORDER_H
#define WIRELAB_CAPTURE_ORDER_H

#include "base/cursor.h"

enum order { ORDER_BIG, ORDER_LITTLE };

static inline uint16_t order_u16(struct cursor *c, enum order order)
{
	uint16_t value = cursor_u16(c);
	return order == ORDER_BIG ? value : __builtin_bswap16(value);
}

static inline uint32_t order_u32(struct cursor *c, enum order order)
{
	uint32_t value = cursor_u32(c);
	return order == ORDER_BIG ? value : __builtin_bswap32(value);
}

static inline uint64_t order_u64(struct cursor *c, enum order order)
{
	uint64_t value = cursor_u64(c);
	return order == ORDER_BIG ? value : __builtin_bswap64(value);
}

#endif
