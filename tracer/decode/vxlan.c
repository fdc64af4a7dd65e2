/* vxlan.c: Virtual eXtensible LAN (RFC 7348): Ethernet frames inside UDP, to the port 4789. */
#include "decode/protocols.h"

#include "base/i18n.h"

enum { FLAG_VNI = 0x0800 }; /* must be set; else something else uses the port */

static const struct protocol *decode(struct packet *packet, struct cursor *c)
{
	struct cursor peek = *c;
	uint16_t flags = cursor_u16(&peek);
	if (cursor_ok(&peek) && !(flags & FLAG_VNI))
		return NULL; /* stays plain UDP */
	size_t start = c->at;
	cursor_skip(c, 8);
	if (!packet_header(packet, &protocol_vxlan, start, c))
		return NULL;
	return &protocol_ethernet;
}

static const struct protocol_key keys[] = {{KEY_UDP_PORT, 4789}, {KEY_END, 0}};

static const struct field fields[] = {
        {"vxlan.flags", N_("Flags"), N_("0x0800 says that the network number below is valid."), 0,
         16, FIELD_HEX},
        {"vxlan.gbp", N_("Group policy"), N_("An extension's label for rules; usually zero."), 16,
         16, FIELD_DEC},
        {"vxlan.vni", N_("Network identifier"),
         N_("Number of the virtual network: many share the same cables, kept apart by it."), 32, 24,
         FIELD_DEC},
        {"vxlan.reserved8", N_("Reserved"), N_("Always zero."), 56, 8, FIELD_DEC},
        {.name = NULL},
};

const struct protocol protocol_vxlan = {
        .name = "vxlan",
        .title = N_("Virtual eXtensible LAN"),
        .rfc = "RFC 7348",
        .keys = keys,
        .decode = decode,
        .fields = fields,
};
