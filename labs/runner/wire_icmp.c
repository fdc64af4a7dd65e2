/* wire_icmp.c: see wire_icmp.h. Two rows of a table say what differs between the versions of IP. */
#include "runner/wire_icmp.h"

#include <stdbool.h>
#include <string.h>

#include "runner/wire_frame.h"
#include "runner/wire_sum.h"

enum { ETHERNET = 14, MAC = 6, ICMP_HEADER = 8, TTL = 64, GROUP_BIT = 1 };
enum { ICMP = 1, ICMPV6 = 58 };

/* The wire as a router: its address on the link, its MAC address. */
static const uint8_t own_mac[MAC] = {2, 0, 0, 0, 0, 0xfe};

static const struct version {
	uint8_t header_len;
	uint8_t addresses_at, address_len; /* in the IP header: source, then destination */
	uint16_t at_most; /* bytes of the answer's IP packet: RFC 1812 section 4.3.2.3, RFC 4443 */
	uint8_t protocol, type, code;
	uint8_t own[16];
} versions[] = {
        {20, 12, 4, 576, ICMP, 3, 4, {10, 0, 0, 254}},
        {40, 8, 16, 1280, ICMPV6, 2, 0, {0xfd, [15] = 0xfe}},
};

static void put_ipv4(uint8_t *ip, uint32_t len)
{
	ip[0] = 0x45;
	wire_put_u16(ip + 2, len);
	ip[8] = TTL;
	ip[9] = ICMP;
	wire_put_u16(ip + 10, wire_sum_folded(wire_sum(ip, 20)));
}

static void put_ipv6(uint8_t *ip, uint32_t payload_len)
{
	ip[0] = 0x60;
	wire_put_u16(ip + 4, payload_len);
	ip[6] = ICMPV6;
	ip[7] = TTL;
}

static bool is_due(const struct wire_frame *frame, const uint8_t *bytes, uint32_t len)
{
	return frame->version != 0 && len > ETHERNET && !frame->is_icmp_error &&
	       !frame->is_later_piece && (bytes[0] & GROUP_BIT) == 0 &&
	       (frame->version == 6 || frame->dont_fragment);
}

/* Behind the IP header, whose addresses are there already: a checksum of ICMPv6 covers them. */
static void put_icmp(uint8_t *ip, const struct version *v, uint32_t icmp_len, uint32_t mtu)
{
	uint8_t *icmp = ip + v->header_len;
	icmp[0] = v->type;
	icmp[1] = v->code;
	wire_put_u16(icmp + 6, mtu); /* in IPv6 a field of four bytes, whose upper two are 0 */
	uint32_t pseudo = 0;
	if (v->protocol == ICMPV6)
		pseudo = wire_sum(ip + v->addresses_at, 2U * v->address_len) + icmp_len + ICMPV6;
	wire_put_u16(icmp + 2, wire_sum_folded(pseudo + wire_sum(icmp, icmp_len)));
}

uint32_t wire_icmp_answer(uint8_t *answer, size_t size, const uint8_t *bytes, uint32_t len,
                          uint32_t mtu)
{
	struct wire_frame frame;
	wire_frame_read(&frame, bytes, len);
	if (!is_due(&frame, bytes, len))
		return 0;
	const struct version *v = &versions[frame.version == 6];
	uint32_t quote_len = len - ETHERNET, before = v->header_len + ICMP_HEADER;
	if (quote_len > v->at_most - before)
		quote_len = v->at_most - before;
	uint32_t icmp_len = ICMP_HEADER + quote_len, ip_len = v->header_len + icmp_len;
	if (size < ETHERNET + ip_len || len < (uint32_t)ETHERNET + v->header_len)
		return 0;
	memset(answer, 0, ETHERNET + before);
	memcpy(answer, bytes + MAC, MAC); /* back to where it came from */
	memcpy(answer + MAC, own_mac, MAC);
	memcpy(answer + 2 * (size_t)MAC, bytes + 2 * (size_t)MAC, 2); /* the same version of IP */
	uint8_t *ip = answer + ETHERNET;
	memcpy(ip + v->addresses_at, v->own, v->address_len);
	memcpy(ip + v->addresses_at + v->address_len, bytes + ETHERNET + v->addresses_at,
	       v->address_len);
	memcpy(ip + before, bytes + ETHERNET, quote_len);
	if (frame.version == 6)
		put_ipv6(ip, icmp_len);
	else
		put_ipv4(ip, ip_len);
	put_icmp(ip, v, icmp_len, mtu);
	return ETHERNET + ip_len;
}
