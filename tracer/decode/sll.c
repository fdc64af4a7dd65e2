/* sll.c: Linux "cooked" captures, what the `any` interface gives: the real link header is gone and
 * a made-up one tells the essentials. Version 1 and version 2 (which adds the interface).
 * LINKTYPE_LINUX_SLL and LINKTYPE_LINUX_SLL2 in libpcap's list of link types. */
#include "decode/protocols.h"

#include "base/i18n.h"

enum {
	ARPHRD_NETLINK_VALUE = 824, /* a netlink message, no frame: the protocol is its family */
	TYPE_LLC = 0x0004,          /* below EtherTypes: an 802.2 frame */
	ETHERTYPE_MIN = 0x0600,
};

static const struct protocol *inside(struct packet *packet, uint16_t device, uint16_t type)
{
	if (device != ARPHRD_NETLINK_VALUE) {
		if (type >= ETHERTYPE_MIN)
			return protocol_next(packet, KEY_ETHERTYPE, type);
		if (type == TYPE_LLC)
			return &protocol_llc;
	}
	packet_fault(packet, PACKET_UNKNOWN, N_("what this cooked frame carries is not decoded"));
	return NULL;
}

static const struct protocol *decode_v1(struct packet *packet, struct cursor *c)
{
	size_t start = c->at;
	cursor_skip(c, 2); /* packet type */
	uint16_t device = cursor_u16(c);
	cursor_skip(c, 10); /* address length and address */
	uint16_t type = cursor_u16(c);
	if (!packet_header(packet, &protocol_sll, start, c))
		return NULL;
	return inside(packet, device, type);
}

static const struct protocol *decode_v2(struct packet *packet, struct cursor *c)
{
	size_t start = c->at;
	uint16_t type = cursor_u16(c);
	cursor_skip(c, 6); /* reserved, interface index */
	uint16_t device = cursor_u16(c);
	cursor_skip(c, 10); /* packet type, address length and address */
	if (!packet_header(packet, &protocol_sll2, start, c))
		return NULL;
	return inside(packet, device, type);
}

static const struct protocol_key keys_v1[] = {{KEY_LINKTYPE, 113}, {KEY_END, 0}};
static const struct protocol_key keys_v2[] = {{KEY_LINKTYPE, 276}, {KEY_END, 0}};

#define WAY_LABEL    N_("Packet type")
#define WAY_HELP     N_("0: to us, 1: broadcast, 2: multicast, 3: to another host, 4: sent by us.")
#define DEVICE_LABEL N_("Device type")
#define DEVICE_HELP  N_("What kind of interface it was: 1 is Ethernet, 772 loopback.")
#define SIZE_LABEL   N_("Address length")
#define SIZE_HELP    N_("How many of the next 8 bytes are the sender's hardware address.")
#define SOURCE_LABEL N_("Source")
#define SOURCE_HELP  N_("Hardware address of the sender, filled up with zeros.")
#define TYPE_LABEL   N_("Protocol")
#define TYPE_HELP    N_("What follows, an EtherType: 0x0800 is IPv4, 0x86dd IPv6, 0x0806 ARP.")

static const struct field fields_v1[] = {
        {"sll.pkttype", WAY_LABEL, WAY_HELP, 0, 16, FIELD_DEC},
        {"sll.hatype", DEVICE_LABEL, DEVICE_HELP, 16, 16, FIELD_DEC},
        {"sll.halen", SIZE_LABEL, SIZE_HELP, 32, 16, FIELD_DEC},
        {"sll.src.other", SOURCE_LABEL, SOURCE_HELP, 48, 64, FIELD_BYTES},
        {"sll.etype", TYPE_LABEL, TYPE_HELP, 112, 16, FIELD_HEX},
        {.name = NULL},
};

static const struct field fields_v2[] = {
        {"sll.etype", TYPE_LABEL, TYPE_HELP, 0, 16, FIELD_HEX},
        {"sll.unused", N_("Unused"), N_("Always zero."), 16, 16, FIELD_BYTES},
        {"sll.ifindex", N_("Interface index"),
         N_("Number of the interface on the capturing machine, as `ip link` shows it."), 32, 32,
         FIELD_DEC},
        {"sll.hatype", DEVICE_LABEL, DEVICE_HELP, 64, 16, FIELD_DEC},
        {"sll.pkttype", WAY_LABEL, WAY_HELP, 80, 8, FIELD_DEC},
        {"sll.halen", SIZE_LABEL, SIZE_HELP, 88, 8, FIELD_DEC},
        {"sll.src.other", SOURCE_LABEL, SOURCE_HELP, 96, 64, FIELD_BYTES},
        {.name = NULL},
};

const struct protocol protocol_sll = {
        .name = "sll",
        .title = N_("Linux cooked capture"),
        .rfc = "LINKTYPE_LINUX_SLL",
        .keys = keys_v1,
        .decode = decode_v1,
        .fields = fields_v1,
};

const struct protocol protocol_sll2 = {
        .name = "sll",
        .title = N_("Linux cooked capture, version 2"),
        .rfc = "LINKTYPE_LINUX_SLL2",
        .keys = keys_v2,
        .decode = decode_v2,
        .fields = fields_v2,
};
