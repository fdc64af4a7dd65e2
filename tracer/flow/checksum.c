/* checksum.c: the Internet checksum over pseudo-header, TCP header and payload. */
#include "flow/checksum.h"

#include "base/cursor.h"
#include "decode/protocols.h"

enum { ALL_ONES = 0xffff, PROTOCOL_TCP = 6 };

/* The sum of 16-bit words, an odd byte at the end padded with zero. */
static uint64_t sum_bytes(const uint8_t *bytes, size_t n)
{
	struct cursor c = cursor_of(bytes, n);
	uint64_t sum = 0;
	while (cursor_left(&c) >= 2)
		sum += cursor_u16(&c);
	if (cursor_left(&c) > 0)
		sum += (uint64_t)cursor_u8(&c) << 8;
	return sum;
}

static uint16_t fold(uint64_t sum)
{
	while (sum > ALL_ONES)
		sum = (sum & ALL_ONES) + (sum >> 16);
	return (uint16_t)sum;
}

enum checksum checksum_tcp(const struct packet *packet)
{
	const struct layer *layer = packet_layer(packet, &protocol_tcp);
	size_t addr_len = packet->ip.src.version == 4 ? 4 : 16;
	if (!layer || packet->payload_len < packet->tcp.len || packet->status != PACKET_OK)
		return CHECKSUM_UNKNOWN;
	size_t len = packet->tcp.header_len + (size_t)packet->tcp.len;
	if (len > packet->caplen - layer->offset)
		return CHECKSUM_UNKNOWN;
	uint64_t pseudo = sum_bytes(packet->ip.src.bytes, addr_len) +
	                  sum_bytes(packet->ip.dst.bytes, addr_len) + PROTOCOL_TCP + len;
	if (fold(pseudo + sum_bytes(packet->data + layer->offset, len)) == ALL_ONES)
		return CHECKSUM_GOOD;
	/* a card that cuts segments up gets the sum without the length */
	uint16_t field = packet->tcp.checksum;
	bool partial = field == fold(pseudo) || field == fold(pseudo - len) || field == 0;
	return partial ? CHECKSUM_UNFILLED : CHECKSUM_WRONG;
}
