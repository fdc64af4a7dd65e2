/* ethernet.c: Ethernet II and IEEE 802.3 frames, as captured: without preamble, usually without
 * check sequence. Padding after a short payload is trimmed by the length field of what is inside.
 * IEEE 802.3 section 3; the EtherType rule is RFC 1122 section 2.3.3. */
#include "decode/protocols.h"

#include "base/i18n.h"

/* A type field up to 1500 is the payload's length, from 0x0600 on an EtherType. */
enum { LENGTH_MAX = 1500, ETHERTYPE_MIN = 0x0600 };

const struct protocol *ethertype_next(struct packet *packet, struct cursor *c, uint16_t type)
{
	if (type >= ETHERTYPE_MIN)
		return protocol_next(packet, KEY_ETHERTYPE, type);
	if (type > LENGTH_MAX) {
		packet_fault(packet, PACKET_MALFORMED,
		             N_("the type field is neither a length nor an EtherType"));
		return NULL;
	}
	if (!packet_limit(packet, c, type))
		packet_fault(packet, PACKET_MALFORMED,
		             N_("the 802.3 length is larger than the frame"));
	return &protocol_llc;
}

static const struct protocol *decode(struct packet *packet, struct cursor *c)
{
	size_t start = c->at;
	cursor_skip(c, 12);
	uint16_t type = cursor_u16(c);
	if (!packet_header(packet, &protocol_ethernet, start, c))
		return NULL;
	return ethertype_next(packet, c, type);
}

static const struct protocol_key keys[] = {
        {KEY_LINKTYPE, 1},
        {KEY_ETHERTYPE, 0x6558}, /* Transparent Ethernet Bridging, in GRE */
        {KEY_END, 0},
};

static const struct field fields[] = {
        {"eth.dst", N_("Destination"),
         N_("Hardware address of the network card that this frame is for; ff:ff:ff:ff:ff:ff means "
            "everybody on this link."),
         0, 48, FIELD_MAC},
        {"eth.src", N_("Source"),
         N_("Hardware address of the network card that sent this frame. It is the neighbour's, "
            "which may be a router, and never travels beyond this link."),
         48, 48, FIELD_MAC},
        {"eth.type", N_("Type"),
         N_("Tells what the frame carries: 0x0800 is IPv4, 0x86dd IPv6, 0x0806 ARP. A value up "
            "to 1500 is the payload's length instead."),
         96, 16, FIELD_HEX},
        {.name = NULL},
};

const struct protocol protocol_ethernet = {
        .name = "eth",
        .title = N_("Ethernet"),
        .rfc = "IEEE 802.3",
        .keys = keys,
        .decode = decode,
        .fields = fields,
};
