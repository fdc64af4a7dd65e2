/* vlan.c: the tags that put a frame into a virtual LAN: IEEE 802.1Q (and the older double tag with
 * EtherType 0x9100) and the provider's outer tag of 802.1ad, QinQ. They differ only in name. */
#include "decode/protocols.h"

#include "base/i18n.h"

static const struct protocol *read_tag(struct packet *packet, struct cursor *c,
                                       const struct protocol *self)
{
	size_t start = c->at;
	uint16_t control = cursor_u16(c);
	uint16_t type = cursor_u16(c);
	if (!packet_header(packet, self, start, c))
		return NULL;
	if (packet->n_vlans < 2) /* a third tag is a layer all the same */
		packet->vlan[packet->n_vlans++] = control & 0x0fff;
	return ethertype_next(packet, c, type);
}

static const struct protocol *decode_vlan(struct packet *packet, struct cursor *c)
{
	return read_tag(packet, c, &protocol_vlan);
}

static const struct protocol *decode_qinq(struct packet *packet, struct cursor *c)
{
	return read_tag(packet, c, &protocol_qinq);
}

static const struct protocol_key vlan_keys[] = {
        {KEY_ETHERTYPE, 0x8100},
        {KEY_ETHERTYPE, 0x9100},
        {KEY_END, 0},
};

static const struct protocol_key qinq_keys[] = {
        {KEY_ETHERTYPE, 0x88a8},
        {KEY_END, 0},
};

#define PRIORITY_HELP                                                                              \
	N_("How urgent the frame is to switches, 0 to 7; 1 is the lowest, 0 the usual.")
#define DEI_HELP  N_("Drop eligible: when a switch is short of room, this frame may go first.")
#define ID_HELP   N_("Number of the virtual LAN: one cable carries many, kept apart by it.")
#define TYPE_HELP N_("What follows the tag, as in the Ethernet header: 0x0800 is IPv4.")

static const struct field vlan_fields[] = {
        {"vlan.priority", N_("Priority"), PRIORITY_HELP, 0, 3, FIELD_DEC},
        {"vlan.dei", N_("Drop eligible"), DEI_HELP, 3, 1, FIELD_BOOL},
        {"vlan.id", N_("VLAN"), ID_HELP, 4, 12, FIELD_DEC},
        {"vlan.etype", N_("Type"), TYPE_HELP, 16, 16, FIELD_HEX},
        {.name = NULL},
};

static const struct field qinq_fields[] = {
        {"ieee8021ad.priority", N_("Priority"), PRIORITY_HELP, 0, 3, FIELD_DEC},
        {"ieee8021ad.dei", N_("Drop eligible"), DEI_HELP, 3, 1, FIELD_BOOL},
        {"ieee8021ad.id", N_("Provider's VLAN"), ID_HELP, 4, 12, FIELD_DEC},
        {"vlan.etype", N_("Type"), TYPE_HELP, 16, 16, FIELD_HEX},
        {.name = NULL},
};

const struct protocol protocol_vlan = {
        .name = "vlan",
        .title = N_("802.1Q Virtual LAN"),
        .rfc = "IEEE 802.1Q",
        .keys = vlan_keys,
        .decode = decode_vlan,
        .fields = vlan_fields,
};

const struct protocol protocol_qinq = {
        .name = "ieee8021ad",
        .title = N_("802.1ad Provider Bridge (QinQ)"),
        .rfc = "IEEE 802.1ad",
        .keys = qinq_keys,
        .decode = decode_qinq,
        .fields = qinq_fields,
};
