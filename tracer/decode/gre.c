/* gre.c: Generic Routing Encapsulation (RFC 2784; key and sequence number RFC 2890) and its variant
 * for PPTP (RFC 2637), which adds an acknowledgment number. Flags tell which optional words follow
 * the first four bytes. */
#include "decode/protocols.h"

#include "base/i18n.h"

enum gre_flag {
	GRE_CHECKSUM = 0x8000,
	GRE_ROUTING = 0x4000,
	GRE_KEY = 0x2000,
	GRE_SEQUENCE = 0x1000,
	GRE_ACK = 0x0080, /* version 1 */
	GRE_VERSION = 0x0007,
};

/* Optional words, in order; each is four bytes. */
static const uint16_t words[] = {GRE_CHECKSUM, GRE_KEY, GRE_SEQUENCE, GRE_ACK};

/* Why a header of these flags is not decoded further, or NULL. */
static const char *find_limit(uint16_t flags, uint16_t type)
{
	if ((flags & GRE_VERSION) > 1)
		return N_("this version of GRE is not decoded");
	if (flags & GRE_ROUTING)
		return N_("GRE with source routes, long out of use, is not decoded");
	if (type == 0)
		return N_("a GRE keep-alive carries nothing");
	return NULL;
}

static const struct protocol *decode(struct packet *packet, struct cursor *c)
{
	size_t start = c->at;
	uint16_t flags = cursor_u16(c);
	uint16_t type = cursor_u16(c);
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (flags & words[i])
			cursor_skip(c, 4);
	if (!packet_header(packet, &protocol_gre, start, c))
		return NULL;
	const char *limit = find_limit(flags, type);
	if (limit) {
		packet_fault(packet, PACKET_UNKNOWN, limit);
		return NULL;
	}
	return protocol_next(packet, KEY_ETHERTYPE, type);
}

static const struct protocol_key keys[] = {{KEY_IP_PROTOCOL, 47}, {KEY_END, 0}};

static const struct field fields[] = {
        {"gre.flags.checksum", N_("Checksum present"), N_("A checksum word follows."), 0, 1,
         FIELD_BOOL},
        {"gre.flags.routing", N_("Routing present"), N_("Source routes follow; out of use."), 1, 1,
         FIELD_BOOL},
        {"gre.flags.key", N_("Key present"),
         N_("A key word follows, which keeps tunnels between the same two hosts apart."), 2, 1,
         FIELD_BOOL},
        {"gre.flags.sequence_number", N_("Sequence number present"),
         N_("A sequence number follows, so that the other end can restore the order."), 3, 1,
         FIELD_BOOL},
        {"gre.flags.strict_source_route", N_("Strict source route"), N_("Out of use."), 4, 1,
         FIELD_BOOL},
        {"gre.flags.recursion_control", N_("Recursion control"), N_("Out of use."), 5, 3,
         FIELD_DEC},
        {"gre.flags.ack", N_("Acknowledgment present"), N_("PPTP only: one more word follows."), 8,
         1, FIELD_BOOL},
        {"gre.flags.reserved", N_("Reserved"), N_("Always zero."), 9, 4, FIELD_DEC},
        {"gre.flags.version", N_("Version"), N_("0, or 1 for PPTP."), 13, 3, FIELD_DEC},
        {"gre.proto", N_("Protocol type"),
         N_("What the tunnel carries, an EtherType: 0x0800 is IPv4, 0x6558 whole Ethernet frames."),
         16, 16, FIELD_HEX},
        {.name = NULL},
};

const struct protocol protocol_gre = {
        .name = "gre",
        .title = N_("Generic Routing Encapsulation"),
        .rfc = "RFC 2784",
        .keys = keys,
        .decode = decode,
        .fields = fields,
};
