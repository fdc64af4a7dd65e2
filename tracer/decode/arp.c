/* arp.c: the Address Resolution Protocol (RFC 826) for IPv4 over Ethernet: "who has this IP
 * address, tell me your hardware address". Other kinds of address are named only. */
#include <string.h>

#include "decode/ip.h"

#include "base/i18n.h"

static void read_mac(uint8_t mac[6], struct cursor *c)
{
	const uint8_t *bytes = cursor_take(c, 6);
	if (bytes)
		memcpy(mac, bytes, 6);
}

static const struct protocol *decode(struct packet *packet, struct cursor *c)
{
	size_t start = c->at;
	cursor_skip(c, 2); /* hardware type: Ethernet, IEEE 802 and others have 6-byte addresses */
	uint16_t protocol = cursor_u16(c);
	uint8_t hardware_len = cursor_u8(c);
	uint8_t protocol_len = cursor_u8(c);
	struct arp_packet arp = {.operation = cursor_u16(c)};
	bool known = protocol == 0x0800 && hardware_len == 6 && protocol_len == 4;
	if (known) {
		read_mac(arp.sender_mac, c);
		addr_read(&arp.sender, 4, c);
		read_mac(arp.target_mac, c);
		addr_read(&arp.target, 4, c);
	}
	if (!packet_header(packet, &protocol_arp, start, c))
		return NULL;
	if (!known) {
		packet_fault(packet, PACKET_UNKNOWN,
		             N_("this ARP packet is not about IPv4 over Ethernet"));
		return NULL;
	}
	packet->kind = KIND_ARP;
	packet->arp = arp;
	cursor_limit(c, 0); /* what follows fills the Ethernet frame */
	packet->wire_end = (uint32_t)c->at;
	return NULL;
}

static const struct protocol_key keys[] = {{KEY_ETHERTYPE, 0x0806}, {KEY_END, 0}};

static const struct field fields[] = {
        {"arp.hw.type", N_("Hardware type"), N_("Kind of link; 1 is Ethernet."), 0, 16, FIELD_DEC},
        {"arp.proto.type", N_("Protocol type"), N_("Kind of address asked for; 0x0800 is IPv4."),
         16, 16, FIELD_HEX},
        {"arp.hw.size", N_("Hardware address length"),
         N_("Bytes of a hardware address; 6 on Ethernet."), 32, 8, FIELD_DEC},
        {"arp.proto.size", N_("Protocol address length"),
         N_("Bytes of a protocol address; 4 for IPv4."), 40, 8, FIELD_DEC},
        {"arp.opcode", N_("Operation"), N_("1 asks, 2 answers."), 48, 16, FIELD_DEC},
        {"arp.src.hw_mac", N_("Sender's hardware address"),
         N_("Who asks or answers. Everybody who hears it may note it with the IP address."), 64, 48,
         FIELD_MAC},
        {"arp.src.proto_ipv4", N_("Sender's IP address"), N_("The sender's own IPv4 address."), 112,
         32, FIELD_IPV4},
        {"arp.dst.hw_mac", N_("Target's hardware address"),
         N_("In a question, what is asked for: all zeros."), 144, 48, FIELD_MAC},
        {"arp.dst.proto_ipv4", N_("Target's IP address"),
         N_("In a question, the IPv4 address whose owner should answer."), 192, 32, FIELD_IPV4},
        {.name = NULL},
};

const struct protocol protocol_arp = {
        .name = "arp",
        .title = N_("Address Resolution Protocol"),
        .rfc = "RFC 826",
        .keys = keys,
        .decode = decode,
        .fields = fields,
};
