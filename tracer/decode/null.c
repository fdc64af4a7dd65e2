/* null.c: the loopback header of the BSDs and macOS: four bytes that name an address family, in the
 * capturing machine's byte order (LINKTYPE_NULL) or big-endian (LINKTYPE_LOOP). Families are small
 * numbers, so a large one tells that the bytes stand the other way round. */
#include "decode/protocols.h"

#include "base/i18n.h"

static uint32_t in_order(uint32_t family)
{
	if (family <= 0xffff)
		return family;
	return family >> 24 | (family >> 8 & 0xff00) | (family & 0xff00) << 8 | family << 24;
}

static const struct protocol *decode(struct packet *packet, struct cursor *c)
{
	size_t start = c->at;
	uint32_t family = in_order(cursor_u32(c));
	if (!packet_header(packet, &protocol_null, start, c))
		return NULL;
	if (family == 2)
		return &protocol_ipv4;
	if (family == 24 || family == 28 || family == 30) /* NetBSD, FreeBSD, macOS */
		return &protocol_ipv6;
	packet_fault(packet, PACKET_UNKNOWN, N_("this address family is not decoded"));
	return NULL;
}

static const struct protocol_key keys[] = {
        {KEY_LINKTYPE, 0},
        {KEY_LINKTYPE, 108},
        {KEY_END, 0},
};

static const struct field fields[] = {
        {"null.family", N_("Address family"),
         N_("2 means IPv4; IPv6 is 24, 28 or 30, depending on the system. Its byte order is that "
            "of the machine that captured."),
         0, 32, FIELD_BYTES},
        {.name = NULL},
};

const struct protocol protocol_null = {
        .name = "null",
        .title = N_("BSD loopback"),
        .rfc = "LINKTYPE_NULL",
        .keys = keys,
        .decode = decode,
        .fields = fields,
};
