/* llc.c: IEEE 802.2 Logical Link Control, what an 802.3 frame with a length carries, and its SNAP
 * extension, which holds an EtherType after all (RFC 1042). */
#include "decode/protocols.h"

#include "base/i18n.h"

enum {
	SAP_SNAP = 0xaa,
	CONTROL_UI = 0x03,      /* unnumbered information */
	OUI_ETHERTYPE = 0x0000, /* RFC 1042 */
	OUI_BRIDGED = 0x00f8,   /* IEEE 802.1H: the same, by a bridge */
};

static uint32_t read_oui(struct cursor *c)
{
	uint32_t high = cursor_u8(c);
	return high << 16 | cursor_u16(c);
}

static const struct protocol *decode(struct packet *packet, struct cursor *c)
{
	size_t start = c->at;
	uint8_t dsap = cursor_u8(c);
	uint8_t ssap = cursor_u8(c);
	uint8_t control = cursor_u8(c);
	bool snap = dsap == SAP_SNAP && ssap == SAP_SNAP && control == CONTROL_UI;
	uint32_t oui = 0;
	uint16_t type = 0;
	if (snap) {
		oui = read_oui(c);
		type = cursor_u16(c);
	}
	if (!packet_header(packet, &protocol_llc, start, c))
		return NULL;
	if (snap && (oui == OUI_ETHERTYPE || oui == OUI_BRIDGED))
		return protocol_next(packet, KEY_ETHERTYPE, type);
	packet_fault(packet, PACKET_UNKNOWN, N_("what this LLC service carries is not decoded"));
	return NULL;
}

static const struct protocol_key keys[] = {{KEY_END, 0}}; /* ethertype_next() calls it */

static const struct field fields[] = {
        {"llc.dsap", N_("Destination service"),
         N_("Which service of the receiver the frame is for: 0x42 is spanning tree, 0xaa SNAP."), 0,
         8, FIELD_HEX},
        {"llc.ssap", N_("Source service"), N_("Which service of the sender it comes from."), 8, 8,
         FIELD_HEX},
        {"llc.control", N_("Control"),
         N_("Kind of LLC frame; 0x03 is plain data without numbering."), 16, 8, FIELD_HEX},
        {"llc.oui", N_("Organization"),
         N_("SNAP only: who defined the type that follows; 0 means an ordinary EtherType."), 24, 24,
         FIELD_HEX},
        {"llc.type", N_("Type"), N_("SNAP only: what follows, 0x0800 is IPv4."), 48, 16, FIELD_HEX},
        {.name = NULL},
};

const struct protocol protocol_llc = {
        .name = "llc",
        .title = N_("Logical Link Control"),
        .rfc = "IEEE 802.2, RFC 1042",
        .keys = keys,
        .decode = decode,
        .fields = fields,
};
