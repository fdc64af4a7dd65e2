/* udp.c: the User Datagram Protocol (RFC 768). A length of 0 stands for one too large to write down
 * (RFC 2675 section 4, or a datagram cut up later by the network card). */
#include "decode/protocols.h"

#include "base/i18n.h"

enum { HEADER_LEN = 8 };

static const char *find_lie(const struct udp_header *udp, uint32_t left)
{
	if (udp->length != 0 && udp->length < HEADER_LEN)
		return N_("the UDP length is smaller than the header");
	if (udp->length > HEADER_LEN + left)
		return N_("the UDP length is larger than the IP payload");
	return NULL;
}

static const struct protocol *decode(struct packet *packet, struct cursor *c)
{
	size_t start = c->at;
	struct udp_header udp = {.src_port = cursor_u16(c)};
	udp.dst_port = cursor_u16(c);
	udp.length = cursor_u16(c);
	cursor_skip(c, 2); /* checksum */
	if (!packet_header(packet, &protocol_udp, start, c))
		return NULL;
	uint32_t left = packet_wire_left(packet, c);
	const char *lie = find_lie(&udp, left);
	if (lie) {
		packet_fault(packet, PACKET_MALFORMED, lie);
		return NULL;
	}
	udp.len = udp.length == 0 ? left : udp.length - (uint32_t)HEADER_LEN;
	(void)packet_limit(packet, c, udp.len); /* fits: find_lie() has compared them */
	packet->kind = KIND_UDP;
	packet->udp = udp;
	return protocol_find(KEY_UDP_PORT, udp.dst_port);
}

static const struct protocol_key keys[] = {{KEY_IP_PROTOCOL, 17}, {KEY_END, 0}};

static const struct field fields[] = {
        {"udp.srcport", N_("Source port"), N_("Which program on the sending host."), 0, 16,
         FIELD_DEC},
        {"udp.dstport", N_("Destination port"),
         N_("Which program on the receiving host: 53 is DNS, 443 QUIC."), 16, 16, FIELD_DEC},
        {"udp.length", N_("Length"), N_("Bytes of this header (8) and the data."), 32, 16,
         FIELD_DEC},
        {"udp.checksum", N_("Checksum"),
         N_("Guards the datagram and the IP addresses; 0 means the sender left it out."), 48, 16,
         FIELD_HEX},
        {.name = NULL},
};

const struct protocol protocol_udp = {
        .name = "udp",
        .title = N_("User Datagram Protocol"),
        .rfc = "RFC 768",
        .keys = keys,
        .decode = decode,
        .fields = fields,
};
