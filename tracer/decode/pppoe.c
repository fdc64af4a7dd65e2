/* pppoe.c: PPP over Ethernet (RFC 2516), as DSL lines use it. Discovery builds up a session and is
 * named only; session frames carry PPP, and their length trims Ethernet's padding. */
#include "decode/protocols.h"

#include "base/i18n.h"

static bool read_header(struct packet *packet, struct cursor *c, const struct protocol *self)
{
	size_t start = c->at;
	uint8_t version_and_type = cursor_u8(c);
	cursor_skip(c, 3); /* code, session id */
	uint16_t length = cursor_u16(c);
	if (!packet_header(packet, self, start, c))
		return false;
	if (version_and_type != 0x11) {
		packet_fault(packet, PACKET_MALFORMED,
		             N_("the PPPoE version and type are not 1 and 1"));
		return false;
	}
	if (!packet_limit(packet, c, length))
		packet_fault(packet, PACKET_MALFORMED,
		             N_("the PPPoE length is larger than the frame"));
	return true;
}

static const struct protocol *decode_session(struct packet *packet, struct cursor *c)
{
	return read_header(packet, c, &protocol_pppoe) ? &protocol_ppp : NULL;
}

static const struct protocol *decode_discovery(struct packet *packet, struct cursor *c)
{
	(void)read_header(packet, c, &protocol_pppoe_discovery); /* its faults are in the packet */
	return NULL;
}

static const struct protocol_key session_keys[] = {
        {KEY_ETHERTYPE, 0x8864},
        {KEY_LINKTYPE, 51},
        {KEY_END, 0},
};

static const struct protocol_key discovery_keys[] = {{KEY_ETHERTYPE, 0x8863}, {KEY_END, 0}};

static const struct field fields[] = {
        {"pppoe.version", N_("Version"), N_("Always 1."), 0, 4, FIELD_DEC},
        {"pppoe.type", N_("Type"), N_("Always 1."), 4, 4, FIELD_DEC},
        {"pppoe.code", N_("Code"),
         N_("0 in a session; discovery: 0x09 initiation, 0x07 offer, 0x19 request, 0x65 "
            "confirmation, 0xa7 end."),
         8, 8, FIELD_HEX},
        {"pppoe.session_id", N_("Session"),
         N_("Number that the access server gave to this subscriber's session."), 16, 16, FIELD_HEX},
        {"pppoe.payload_length", N_("Payload length"),
         N_("Bytes that follow; what comes after them only fills the Ethernet frame."), 32, 16,
         FIELD_DEC},
        {.name = NULL},
};

const struct protocol protocol_pppoe = {
        .name = "pppoes",
        .title = N_("PPP over Ethernet, session"),
        .rfc = "RFC 2516",
        .keys = session_keys,
        .decode = decode_session,
        .fields = fields,
};

const struct protocol protocol_pppoe_discovery = {
        .name = "pppoed",
        .title = N_("PPP over Ethernet, discovery"),
        .rfc = "RFC 2516",
        .keys = discovery_keys,
        .decode = decode_discovery,
        .fields = fields,
};
