/* wire_fragment.c: see wire_fragment.h. */
#include "runner/wire_fragment.h"

#include <stdbool.h>
#include <string.h>

#include "runner/wire_frame.h"
#include "runner/wire_sum.h"

enum { ETHERNET = 14, HEADER = 20, UNIT = 8 }; /* offsets count units of 8 bytes */
enum { LENGTH_AT = 2, OFFSET_AT = 6, CHECKSUM_AT = 10, MORE_FRAGMENTS = 0x2000, OFFSET = 0x1fff };
enum { VERSION_4_NO_OPTIONS = 0x45 };

static uint32_t get_u16(const uint8_t *at)
{
	struct cursor c = cursor_of(at, 2);
	return cursor_u16(&c);
}

bool wire_fragment_may_cut(const struct wire_frame *frame, const uint8_t *bytes, uint32_t len,
                           uint32_t mtu)
{
	return frame->version == 4 && !frame->dont_fragment && frame->ip_len > mtu &&
	       len >= ETHERNET + frame->ip_len && bytes[ETHERNET] == VERSION_4_NO_OPTIONS &&
	       get_u16(bytes + ETHERNET + LENGTH_AT) == frame->ip_len;
}

uint32_t wire_fragment_cut(uint8_t *piece, const uint8_t *bytes, uint32_t len, uint32_t mtu,
                           uint32_t *at)
{
	const uint8_t *ip = bytes + ETHERNET;
	uint32_t all = get_u16(ip + LENGTH_AT) - HEADER, field = get_u16(ip + OFFSET_AT);
	if (*at >= all || len < ETHERNET + HEADER + all)
		return 0;
	uint32_t n = (mtu - HEADER) / UNIT * UNIT;
	bool last = all - *at <= mtu - HEADER;
	if (last)
		n = all - *at;
	memcpy(piece, bytes, ETHERNET + HEADER);
	memcpy(piece + ETHERNET + HEADER, ip + HEADER + *at, n);
	uint8_t *header = piece + ETHERNET;
	uint32_t more =
	        last ? field & MORE_FRAGMENTS : MORE_FRAGMENTS; /* it may be a piece itself */
	wire_put_u16(header + LENGTH_AT, HEADER + n);
	wire_put_u16(header + OFFSET_AT, more | ((field & OFFSET) + *at / UNIT));
	wire_put_u16(header + CHECKSUM_AT, 0);
	wire_put_u16(header + CHECKSUM_AT, wire_sum_folded(wire_sum(header, HEADER)));
	*at += n;
	return ETHERNET + HEADER + n;
}
