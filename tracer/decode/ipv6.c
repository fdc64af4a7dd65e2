/* ipv6.c: the Internet Protocol, version 6 (RFC 8200): the fixed header of 40 bytes. Extension
 * headers are protocols of their own, in ipv6_extension.c. */
#include "decode/ip.h"

#include "base/i18n.h"

void ipv6_read(struct ip_header *ip, struct cursor *c)
{
	uint32_t first = cursor_u32(c); /* version, traffic class, flow label */
	uint16_t payload_len = cursor_u16(c);
	uint8_t next = cursor_u8(c);
	*ip = (struct ip_header){
	        .protocol = next,
	        .dscp = (uint8_t)(first >> 22 & 0x3f),
	        .ecn = (uint8_t)(first >> 20 & 3),
	        .total_len = payload_len == 0 ? 0 : IPV6_HEADER_LEN + (uint32_t)payload_len,
	        .dont_fragment = true, /* routers never cut IPv6 packets up */
	};
	ip->ttl = cursor_u8(c);
	addr_read(&ip->src, 6, c);
	addr_read(&ip->dst, 6, c);
}

/* A payload length of 0 stands for a jumbogram (RFC 2675) or a segment cut up later by the network
 * card; only a packet that says nothing follows means it literally. */
static void limit_payload(struct packet *packet, struct cursor *c)
{
	struct ip_header *ip = &packet->ip;
	if (ip->total_len == 0 && ip->protocol != IP_NO_NEXT_HEADER) {
		ip->total_len = IPV6_HEADER_LEN + packet_wire_left(packet, c);
		return;
	}
	uint32_t payload = ip->total_len == 0 ? 0 : ip->total_len - IPV6_HEADER_LEN;
	ip->total_len = IPV6_HEADER_LEN + payload;
	if (!packet_limit(packet, c, payload))
		packet_fault(packet, PACKET_MALFORMED,
		             N_("the IPv6 payload length is larger than the frame"));
}

static const struct protocol *decode(struct packet *packet, struct cursor *c)
{
	size_t start = c->at;
	unsigned version = ip_version(c);
	struct ip_header ip;
	ipv6_read(&ip, c);
	if (!packet_header(packet, &protocol_ipv6, start, c))
		return NULL;
	if (version != 6) {
		packet_fault(packet, PACKET_MALFORMED, N_("the IP version is not 6"));
		return NULL;
	}
	ip_enter(packet, &ip);
	limit_payload(packet, c);
	return ip_next(packet, ip.protocol);
}

static const struct protocol_key keys[] = {
        {KEY_ETHERTYPE, 0x86dd}, {KEY_LINKTYPE, 229}, {KEY_IP_PROTOCOL, 41},
        {KEY_PPP, 0x0057},       {KEY_END, 0},
};

static const struct field fields[] = {
        {"ipv6.version", N_("Version"), N_("6 for IPv6."), 0, 4, FIELD_DEC},
        {"ipv6.tclass.dscp", N_("Differentiated services"),
         N_("What treatment routers are asked to give; 0 is the usual."), 4, 6, FIELD_DEC},
        {"ipv6.tclass.ecn", N_("Congestion notification"),
         N_("1 or 2: the sender understands marks; 3: a router was congested and marked this "
            "packet instead of dropping it."),
         10, 2, FIELD_DEC},
        {"ipv6.flow", N_("Flow label"),
         N_("The same number on all packets of a conversation, so that routers can send them the "
            "same way."),
         12, 20, FIELD_HEX},
        {"ipv6.plen", N_("Payload length"),
         N_("Bytes after this header, extension headers included."), 32, 16, FIELD_DEC},
        {"ipv6.nxt", N_("Next header"),
         N_("What follows: 6 is TCP, 17 UDP, 58 ICMPv6, or an extension header."), 48, 8,
         FIELD_DEC},
        {"ipv6.hlim", N_("Hop limit"),
         N_("Each router takes one off; at zero the packet is thrown away."), 56, 8, FIELD_DEC},
        {"ipv6.src", N_("Source address"), N_("Who sent the packet."), 64, 128, FIELD_IPV6},
        {"ipv6.dst", N_("Destination address"), N_("Who shall get it."), 192, 128, FIELD_IPV6},
        {.name = NULL},
};

const struct protocol protocol_ipv6 = {
        .name = "ipv6",
        .title = N_("Internet Protocol, version 6"),
        .rfc = "RFC 8200",
        .keys = keys,
        .decode = decode,
        .fields = fields,
};
