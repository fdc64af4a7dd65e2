/* mpls.c: MPLS labels (RFC 3032), one layer each. The label stack does not say what it carries: the
 * first four bits are an IP version, or 0 for a pseudowire's control word (RFC 4385), behind which
 * an Ethernet frame is assumed (RFC 4448). */
#include "decode/ip.h"

#include "base/i18n.h"

enum { BOTTOM_OF_STACK = 0x100 };

static const struct protocol *decode_label(struct packet *packet, struct cursor *c)
{
	size_t start = c->at;
	uint32_t entry = cursor_u32(c);
	if (!packet_header(packet, &protocol_mpls, start, c))
		return NULL;
	if (!(entry & BOTTOM_OF_STACK))
		return &protocol_mpls;
	if (cursor_left(c) > 0 && ip_version(c) == 0)
		return &protocol_pw;
	return ip_next_by_version(packet, c);
}

static const struct protocol *decode_pw(struct packet *packet, struct cursor *c)
{
	size_t start = c->at;
	cursor_skip(c, 4);
	if (!packet_header(packet, &protocol_pw, start, c))
		return NULL;
	return &protocol_ethernet;
}

static const struct protocol_key label_keys[] = {
        {KEY_ETHERTYPE, 0x8847}, /* unicast */
        {KEY_ETHERTYPE, 0x8848}, /* multicast */
        {KEY_PPP, 0x0281},       /* RFC 3032 section 4.3 */
        {KEY_PPP, 0x0283},       /* multicast */
        {KEY_IP_PROTOCOL, 137},  /* RFC 4023 */
        {KEY_UDP_PORT, 6635},    /* RFC 7510 */
        {KEY_END, 0},
};

static const struct protocol_key pw_keys[] = {{KEY_END, 0}}; /* guessed, never announced */

static const struct field label_fields[] = {
        {"mpls.label", N_("Label"),
         N_("Routers pass the packet on by this number alone, and replace it at each hop."), 0, 20,
         FIELD_DEC},
        {"mpls.exp", N_("Traffic class"), N_("How urgent the packet is."), 20, 3, FIELD_DEC},
        {"mpls.bottom", N_("Bottom of stack"), N_("Set in the last label; the packet follows."), 23,
         1, FIELD_BOOL},
        {"mpls.ttl", N_("Time to live"), N_("Each router takes one off."), 24, 8, FIELD_DEC},
        {.name = NULL},
};

static const struct field pw_fields[] = {
        {"pwmcw.flags", N_("Flags"), N_("Zero at the start tells it from an IP packet."), 0, 16,
         FIELD_HEX},
        {"pwmcw.sequence_number", N_("Sequence number"),
         N_("Restores the order of frames; 0 when unused."), 16, 16, FIELD_DEC},
        {.name = NULL},
};

const struct protocol protocol_mpls = {
        .name = "mpls",
        .title = N_("Multiprotocol Label Switching"),
        .rfc = "RFC 3032",
        .keys = label_keys,
        .decode = decode_label,
        .fields = label_fields,
};

const struct protocol protocol_pw = {
        .name = "pwethcw",
        .title = N_("Pseudowire control word"),
        .rfc = "RFC 4385",
        .keys = pw_keys,
        .decode = decode_pw,
        .fields = pw_fields,
};
