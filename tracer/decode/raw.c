/* raw.c: captures without a link layer (tunnel interfaces): the packet starts with its IP header,
 * whose first four bits tell the version. */
#include "decode/ip.h"

#include "base/i18n.h"

static const struct protocol *decode(struct packet *packet, struct cursor *c)
{
	if (!packet_header(packet, &protocol_raw, c->at, c))
		return NULL;
	return ip_next_by_version(packet, c);
}

static const struct protocol_key keys[] = {
        {KEY_LINKTYPE, 101},
        {KEY_LINKTYPE, 12},
        {KEY_LINKTYPE, 14},
        {KEY_END, 0},
};

static const struct field fields[] = {{.name = NULL}};

const struct protocol protocol_raw = {
        .name = "raw",
        .title = N_("Raw IP, no link header"),
        .rfc = "LINKTYPE_RAW",
        .keys = keys,
        .decode = decode,
        .fields = fields,
};
