/* icmp_quote.c: reads the packet quoted in an ICMP error. Errors quote the IP header and at least 8
 * bytes of what it carries (RFC 792; RFC 4443 section 3 quotes as much as fits): enough for the
 * ports and the sequence number, by which the error finds its connection. */
#include "decode/icmp_quote.h"

enum { MAX_EXTENSIONS = 8 };

/* Steps over IPv6 extension headers to what the quoted packet carries. */
static void skip_extensions(struct ip_header *ip, struct cursor *c)
{
	uint8_t next = ip->protocol;
	for (int i = 0; i < MAX_EXTENSIONS; i++) {
		if (!ipv6_extension_read(ip, ip->protocol, &next, c) || !cursor_ok(c))
			return;
		ip->protocol = next;
	}
}

static bool read_ip(struct ip_header *ip, struct cursor *c)
{
	if (ip_version(c) == 6) {
		ipv6_read(ip, c);
		if (!cursor_ok(c))
			return false;
		skip_extensions(ip, c);
		return true;
	}
	if (ip_version(c) != 4)
		return false;
	unsigned header_len = ipv4_read(ip, c);
	if (!cursor_ok(c) || header_len < IPV4_HEADER_MIN)
		return false;
	cursor_skip(c, header_len - IPV4_HEADER_MIN);
	return true;
}

static bool starts_with_ports(uint8_t protocol)
{
	return protocol == IP_TCP || protocol == IP_UDP || protocol == IP_UDP_LITE ||
	       protocol == IP_DCCP || protocol == IP_SCTP;
}

void icmp_quote_read(struct icmp_header *icmp, struct cursor c)
{
	struct ip_header ip;
	if (!read_ip(&ip, &c))
		return;
	icmp->has_quote = true;
	icmp->quote_protocol = ip.protocol;
	icmp->quote_src.addr = ip.src;
	icmp->quote_dst.addr = ip.dst;
	if (ip.fragment_at > 0 || !starts_with_ports(ip.protocol))
		return;
	uint16_t src_port = cursor_u16(&c);
	uint16_t dst_port = cursor_u16(&c);
	if (!cursor_ok(&c))
		return;
	icmp->quote_src.port = src_port;
	icmp->quote_dst.port = dst_port;
	if (ip.protocol != IP_TCP)
		return;
	icmp->quote_seq = cursor_u32(&c);
	icmp->has_quote_seq = cursor_ok(&c);
}
