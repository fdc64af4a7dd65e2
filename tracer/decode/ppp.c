/* ppp.c: the Point-to-Point Protocol (RFC 1661) and what may stand before its protocol field: a
 * direction byte that some captures add, and HDLC framing (RFC 1662), which the ends may have
 * agreed to leave out. Cisco's HDLC shares the link types and starts with another address byte. */
#include "decode/protocols.h"

#include "base/i18n.h"

static bool looks_like_chdlc(uint8_t address)
{
	return address == 0x0f || address == 0x8f; /* unicast, multicast */
}

static const struct protocol *decode_direction(struct packet *packet, struct cursor *c)
{
	size_t start = c->at;
	cursor_skip(c, 1);
	if (!packet_header(packet, &protocol_ppp_direction, start, c))
		return NULL;
	return &protocol_ppp_framing;
}

static const struct protocol *decode_framing(struct packet *packet, struct cursor *c)
{
	struct cursor framing = *c;
	uint8_t address = cursor_u8(&framing);
	uint8_t control = cursor_u8(&framing);
	if (looks_like_chdlc(address))
		return &protocol_chdlc;
	if (address != 0xff || (cursor_ok(&framing) && control != 0x03))
		return &protocol_ppp;
	size_t start = c->at;
	*c = framing;
	if (!packet_header(packet, &protocol_ppp_framing, start, c))
		return NULL;
	return &protocol_ppp;
}

static const struct protocol *decode_ppp(struct packet *packet, struct cursor *c)
{
	size_t start = c->at;
	uint16_t number = cursor_u8(c);
	if ((number & 1) == 0) /* RFC 1661 section 2: the last byte alone is odd */
		number = (uint16_t)(number << 8 | cursor_u8(c));
	if (!packet_header(packet, &protocol_ppp, start, c))
		return NULL;
	return protocol_next(packet, KEY_PPP, number);
}

static const struct protocol *decode_chdlc(struct packet *packet, struct cursor *c)
{
	size_t start = c->at;
	cursor_skip(c, 2);
	uint16_t type = cursor_u16(c);
	if (!packet_header(packet, &protocol_chdlc, start, c))
		return NULL;
	return protocol_next(packet, KEY_ETHERTYPE, type);
}

static const struct protocol_key direction_keys[] = {{KEY_LINKTYPE, 204}, {KEY_END, 0}};
static const struct protocol_key chdlc_keys[] = {{KEY_LINKTYPE, 104}, {KEY_END, 0}};
static const struct protocol_key ppp_keys[] = {{KEY_END, 0}};
static const struct protocol_key framing_keys[] = {
        {KEY_LINKTYPE, 9},
        {KEY_LINKTYPE, 50},
        {KEY_ETHERTYPE, 0x880b}, /* in GRE: PPTP */
        {KEY_END, 0},
};

static const struct field direction_fields[] = {
        {"ppp.direction", N_("Direction"), N_("0: received by the capturing host, else sent."), 0,
         8, FIELD_DEC},
        {.name = NULL},
};

static const struct field framing_fields[] = {
        {"ppp.address", N_("Address"),
         N_("Always 0xff, all stations: a point-to-point link has only one other end."), 0, 8,
         FIELD_HEX},
        {"ppp.control", N_("Control"), N_("Always 0x03: plain data without numbering."), 8, 8,
         FIELD_HEX},
        {.name = NULL},
};

static const struct field ppp_fields[] = {
        {"ppp.protocol", N_("Protocol"),
         N_("What follows: 0x0021 is IPv4, 0x0057 IPv6, 0xc021 the negotiation of the link."), 0,
         16, FIELD_HEX},
        {.name = NULL},
};

static const struct field chdlc_fields[] = {
        {"chdlc.address", N_("Address"), N_("0x0f: to the other end; 0x8f: multicast."), 0, 8,
         FIELD_HEX},
        {"chdlc.control", N_("Control"), N_("Always zero."), 8, 8, FIELD_HEX},
        {"chdlc.protocol", N_("Protocol"), N_("What follows, an EtherType: 0x0800 is IPv4."), 16,
         16, FIELD_HEX},
        {.name = NULL},
};

const struct protocol protocol_ppp_direction = {
        .name = "ppp",
        .title = N_("PPP capture, direction"),
        .rfc = "LINKTYPE_PPP_WITH_DIR",
        .keys = direction_keys,
        .decode = decode_direction,
        .fields = direction_fields,
};

const struct protocol protocol_ppp_framing = {
        .name = "ppp",
        .title = N_("PPP in HDLC-like framing"),
        .rfc = "RFC 1662",
        .keys = framing_keys,
        .decode = decode_framing,
        .fields = framing_fields,
};

const struct protocol protocol_ppp = {
        .name = "ppp",
        .title = N_("Point-to-Point Protocol"),
        .rfc = "RFC 1661",
        .keys = ppp_keys,
        .decode = decode_ppp,
        .fields = ppp_fields,
};

const struct protocol protocol_chdlc = {
        .name = "chdlc",
        .title = N_("Cisco HDLC"),
        .rfc = "RFC 1547 section 4.3.1",
        .keys = chdlc_keys,
        .decode = decode_chdlc,
        .fields = chdlc_fields,
};
