/* ipv4.c: the Internet Protocol, version 4 (RFC 791; DSCP RFC 2474, ECN RFC 3168). The header's
 * total length, not the frame's, says where the payload ends. */
#include "decode/ip.h"

#include "base/i18n.h"

unsigned ipv4_read(struct ip_header *ip, struct cursor *c)
{
	unsigned header_len = (cursor_u8(c) & 0x0f) * 4u;
	uint8_t service = cursor_u8(c);
	ip->total_len = cursor_u16(c);
	ip->id = cursor_u16(c);
	uint16_t fragment = cursor_u16(c);
	ip->ttl = cursor_u8(c);
	ip->protocol = cursor_u8(c);
	cursor_skip(c, 2); /* checksum: network cards fill it in after the capture */
	addr_read(&ip->src, 4, c);
	addr_read(&ip->dst, 4, c);

	ip->dscp = service >> 2;
	ip->ecn = service & 3;
	ip->dont_fragment = fragment & 0x4000;
	ip->more_fragments = fragment & 0x2000;
	ip->fragment_at = (fragment & 0x1fffu) * 8u;
	ip->is_fragment = ip->more_fragments || ip->fragment_at > 0;
	return header_len;
}

/* What is wrong with the header's lengths, or NULL. A total length of 0 stands for a segment that
 * was too large to write it down (offload). */
static const char *find_lie(const struct ip_header *ip, unsigned header_len)
{
	if (header_len < IPV4_HEADER_MIN)
		return N_("the IPv4 header length is below 20 bytes");
	if (ip->total_len != 0 && ip->total_len < header_len)
		return N_("the IPv4 total length is smaller than the header");
	return NULL;
}

static const struct protocol *decode(struct packet *packet, struct cursor *c)
{
	size_t start = c->at;
	unsigned version = ip_version(c);
	if (version == 6) /* some tunnels announce both as IPv4 */
		return &protocol_ipv6;
	struct ip_header ip;
	unsigned header_len = ipv4_read(&ip, c);
	bool fixed = cursor_ok(c);
	if (header_len > IPV4_HEADER_MIN)
		cursor_skip(c, header_len - IPV4_HEADER_MIN); /* options */
	const char *lie = version == 4 ? find_lie(&ip, header_len) : N_("the IP version is not 4");
	if (fixed && lie)
		packet_fault(packet, PACKET_MALFORMED, lie);
	bool whole = packet_header(packet, &protocol_ipv4, start, c);
	if (fixed && !lie)
		ip_enter(packet, &ip);
	if (!whole || lie)
		return NULL;

	uint32_t left = packet_wire_left(packet, c);
	if (ip.total_len == 0)
		packet->ip.total_len = header_len + left;
	else if (!packet_limit(packet, c, ip.total_len - header_len))
		packet_fault(packet, PACKET_MALFORMED,
		             N_("the IPv4 total length is larger than the frame"));
	return ip_next(packet, ip.protocol);
}

static const struct protocol_key keys[] = {
        {KEY_ETHERTYPE, 0x0800}, {KEY_LINKTYPE, 228}, {KEY_IP_PROTOCOL, 4},
        {KEY_PPP, 0x0021},       {KEY_END, 0},
};

static const struct field fields[] = {
        {"ip.version", N_("Version"), N_("4 for IPv4."), 0, 4, FIELD_DEC},
        {"ip.hdr_len", N_("Header length"),
         N_("In units of four bytes: 5 means 20 bytes, more means options follow."), 4, 4,
         FIELD_DEC},
        {"ip.dsfield.dscp", N_("Differentiated services"),
         N_("What treatment routers are asked to give; 0 is the usual."), 8, 6, FIELD_DEC},
        {"ip.dsfield.ecn", N_("Congestion notification"),
         N_("1 or 2: the sender understands marks; 3: a router was congested and marked this "
            "packet instead of dropping it."),
         14, 2, FIELD_DEC},
        {"ip.len", N_("Total length"),
         N_("Bytes of header and payload. What comes after them in the frame is padding."), 16, 16,
         FIELD_DEC},
        {"ip.id", N_("Identification"), N_("The same in all fragments of one datagram."), 32, 16,
         FIELD_HEX},
        {"ip.flags.rb", N_("Reserved"), N_("Always zero."), 48, 1, FIELD_BOOL},
        {"ip.flags.df", N_("Don't fragment"),
         N_("Routers must not cut this packet up; one that is too large comes back as an ICMP "
            "error, from which TCP learns the path's limit."),
         49, 1, FIELD_BOOL},
        {"ip.flags.mf", N_("More fragments"), N_("Set in every fragment but the last."), 50, 1,
         FIELD_BOOL},
        {"ip.frag_offset", N_("Fragment offset"),
         N_("Where this fragment belongs in the datagram, in units of eight bytes."), 51, 13,
         FIELD_DEC},
        {"ip.ttl", N_("Time to live"),
         N_("Each router takes one off; at zero the packet is thrown away, so that none can "
            "circle for ever."),
         64, 8, FIELD_DEC},
        {"ip.proto", N_("Protocol"), N_("What the packet carries: 6 is TCP, 17 UDP, 1 ICMP."), 72,
         8, FIELD_DEC},
        {"ip.checksum", N_("Header checksum"),
         N_("Guards the header only. A network card may fill it in after the capture."), 80, 16,
         FIELD_HEX},
        {"ip.src", N_("Source address"), N_("Who sent the packet."), 96, 32, FIELD_IPV4},
        {"ip.dst", N_("Destination address"), N_("Who shall get it."), 128, 32, FIELD_IPV4},
        {.name = NULL},
};

const struct protocol protocol_ipv4 = {
        .name = "ip",
        .title = N_("Internet Protocol, version 4"),
        .rfc = "RFC 791",
        .keys = keys,
        .decode = decode,
        .fields = fields,
};
