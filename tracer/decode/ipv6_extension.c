/* ipv6_extension.c: IPv6 extension headers (RFC 8200 section 4), the Authentication Header
 * (RFC 4302), which IPv4 may carry too, and the Mobility Header (RFC 6275). They differ in how they
 * count their length; each is one layer, so the limit on layers bounds the chain. */
#include "decode/ip.h"

#include "base/i18n.h"

/* Length in bytes = base + unit * (the header's second byte). */
struct extension {
	const struct protocol *protocol; /* NULL: none of that number */
	uint8_t base, unit;
};

static const struct extension extensions[256] = {
        [IP_HOP_BY_HOP] = {&protocol_hop_by_hop, 8, 8},
        [IP_ROUTING] = {&protocol_routing, 8, 8},
        [IP_FRAGMENT] = {&protocol_fragment, 8, 0}, /* its second byte is reserved */
        [IP_AH] = {&protocol_ah, 8, 4},
        [IP_DESTINATION] = {&protocol_destination, 8, 8},
        [IP_MOBILITY] = {&protocol_mobility, 8, 8},
};

static void read_fragment(struct ip_header *ip, struct cursor *c)
{
	uint16_t place = cursor_u16(c);
	ip->id = cursor_u32(c);
	ip->fragment_at = place & 0xfff8; /* units of eight bytes, and the low bits are others */
	ip->more_fragments = place & 1;
	ip->is_fragment = ip->more_fragments || ip->fragment_at > 0;
}

bool ipv6_extension_read(struct ip_header *ip, uint8_t number, uint8_t *next, struct cursor *c)
{
	const struct extension *extension = &extensions[number];
	if (!extension->protocol)
		return false;
	*next = cursor_u8(c);
	size_t len = extension->base + (size_t)extension->unit * cursor_u8(c);
	if (number == IP_FRAGMENT)
		read_fragment(ip, c);
	else
		cursor_skip(c, len - 2);
	return true;
}

/* The header's own number is what the header before it announced. */
static const struct protocol *decode(struct packet *packet, struct cursor *c)
{
	size_t start = c->at;
	uint8_t next = IP_NO_NEXT_HEADER;
	uint8_t number = packet->ip.protocol;
	if (!ipv6_extension_read(&packet->ip, number, &next, c))
		return NULL; /* ip_next() never sends another number here */
	if (!packet_header(packet, extensions[number].protocol, start, c))
		return NULL;
	return ip_next(packet, next);
}

static const struct protocol_key hop_by_hop_keys[] = {{KEY_IP_PROTOCOL, IP_HOP_BY_HOP},
                                                      {KEY_END, 0}};
static const struct protocol_key routing_keys[] = {{KEY_IP_PROTOCOL, IP_ROUTING}, {KEY_END, 0}};
static const struct protocol_key fragment_keys[] = {{KEY_IP_PROTOCOL, IP_FRAGMENT}, {KEY_END, 0}};
static const struct protocol_key ah_keys[] = {{KEY_IP_PROTOCOL, IP_AH}, {KEY_END, 0}};
static const struct protocol_key destination_keys[] = {{KEY_IP_PROTOCOL, IP_DESTINATION},
                                                       {KEY_END, 0}};
static const struct protocol_key mobility_keys[] = {{KEY_IP_PROTOCOL, IP_MOBILITY}, {KEY_END, 0}};

#define NEXT_LABEL   N_("Next header")
#define NEXT_HELP    N_("What follows: 6 is TCP, 17 UDP, 58 ICMPv6, or another extension header.")
#define LENGTH_LABEL N_("Length")
#define LENGTH_HELP  N_("Bytes of this header in units of eight, the first eight not counted.")

static const struct field hop_by_hop_fields[] = {
        {"ipv6.hopopts.nxt", NEXT_LABEL, NEXT_HELP, 0, 8, FIELD_DEC},
        {"ipv6.hopopts.len", LENGTH_LABEL, LENGTH_HELP, 8, 8, FIELD_DEC},
        {.name = NULL},
};

static const struct field routing_fields[] = {
        {"ipv6.routing.nxt", NEXT_LABEL, NEXT_HELP, 0, 8, FIELD_DEC},
        {"ipv6.routing.len", LENGTH_LABEL, LENGTH_HELP, 8, 8, FIELD_DEC},
        {"ipv6.routing.type", N_("Type"), N_("Kind of list; 4 is segment routing."), 16, 8,
         FIELD_DEC},
        {"ipv6.routing.segleft", N_("Segments left"),
         N_("How many of the listed stops are still to be visited."), 24, 8, FIELD_DEC},
        {.name = NULL},
};

static const struct field fragment_fields[] = {
        {"ipv6.fraghdr.nxt", NEXT_LABEL, NEXT_HELP, 0, 8, FIELD_DEC},
        {"ipv6.fraghdr.reserved_octet", N_("Reserved"), N_("Always zero."), 8, 8, FIELD_HEX},
        {"ipv6.fraghdr.offset", N_("Fragment offset"),
         N_("Where this fragment belongs in the datagram, in units of eight bytes."), 16, 13,
         FIELD_DEC},
        {"ipv6.fraghdr.reserved_bits", N_("Reserved"), N_("Always zero."), 29, 2, FIELD_DEC},
        {"ipv6.fraghdr.more", N_("More fragments"), N_("Set in every fragment but the last."), 31,
         1, FIELD_BOOL},
        {"ipv6.fraghdr.ident", N_("Identification"),
         N_("The same in all fragments of one datagram."), 32, 32, FIELD_HEX},
        {.name = NULL},
};

static const struct field ah_fields[] = {
        {"ah.next_header", NEXT_LABEL, NEXT_HELP, 0, 8, FIELD_DEC},
        {"ah.length", LENGTH_LABEL,
         N_("Bytes of this header in units of four, the first eight not counted."), 8, 8,
         FIELD_DEC},
        {"ah.reserved", N_("Reserved"), N_("Always zero."), 16, 16, FIELD_BYTES},
        {"ah.spi", N_("Security parameters index"),
         N_("Tells the receiver which key and method the proof below was made with."), 32, 32,
         FIELD_HEX},
        {"ah.sequence", N_("Sequence number"),
         N_("Counts packets, so that a recorded one cannot be sent again."), 64, 32, FIELD_DEC},
        {.name = NULL},
};

static const struct field destination_fields[] = {
        {"ipv6.dstopts.nxt", NEXT_LABEL, NEXT_HELP, 0, 8, FIELD_DEC},
        {"ipv6.dstopts.len", LENGTH_LABEL, LENGTH_HELP, 8, 8, FIELD_DEC},
        {.name = NULL},
};

static const struct field mobility_fields[] = {
        {"mip6.proto", NEXT_LABEL, NEXT_HELP, 0, 8, FIELD_DEC},
        {"mip6.hlen", LENGTH_LABEL, LENGTH_HELP, 8, 8, FIELD_DEC},
        {"mip6.mhtype", N_("Type"), N_("Kind of message between a mobile host and its home."), 16,
         8, FIELD_DEC},
        {"mip6.reserved", N_("Reserved"), N_("Always zero."), 24, 8, FIELD_HEX},
        {"mip6.csum", N_("Checksum"), N_("Guards this header and the addresses."), 32, 16,
         FIELD_HEX},
        {.name = NULL},
};

#define EXTENSION(id, filter_name, title_text, standard)                                           \
	const struct protocol protocol_##id = {                                                    \
	        .name = (filter_name),                                                             \
	        .title = (title_text),                                                             \
	        .rfc = (standard),                                                                 \
	        .keys = id##_keys,                                                                 \
	        .decode = decode,                                                                  \
	        .fields = id##_fields,                                                             \
	}

EXTENSION(hop_by_hop, "ipv6.hopopts", N_("IPv6 hop-by-hop options"), "RFC 8200 section 4.3");
EXTENSION(routing, "ipv6.routing", N_("IPv6 routing header"), "RFC 8200 section 4.4");
EXTENSION(fragment, "ipv6.fraghdr", N_("IPv6 fragment header"), "RFC 8200 section 4.5");
EXTENSION(destination, "ipv6.dstopts", N_("IPv6 destination options"), "RFC 8200 section 4.6");
EXTENSION(ah, "ah", N_("Authentication Header"), "RFC 4302");
EXTENSION(mobility, "mipv6", N_("IPv6 mobility header"), "RFC 6275 section 6.1");
