/* icmp.c: the Internet Control Message Protocol for IPv4 (RFC 792, RFC 1191) and for IPv6
 * (RFC 4443): echo, and the errors, which quote the packet that they are about. */
#include "decode/icmp_quote.h"

#include "base/i18n.h"

/* What the second four bytes and the rest of a message hold, by its type. */
enum icmp_form {
	PLAIN,
	HAS_ID = 1 << 0,    /* identifier and sequence number */
	HAS_QUOTE = 1 << 1, /* an error: quotes a packet */
	HAS_MTU = 1 << 2,
};

static const uint8_t forms_v4[256] = {
        [0] = HAS_ID,     /* echo reply */
        [3] = HAS_QUOTE,  /* destination unreachable */
        [4] = HAS_QUOTE,  /* source quench */
        [5] = HAS_QUOTE,  /* redirect */
        [8] = HAS_ID,     /* echo request */
        [11] = HAS_QUOTE, /* time exceeded */
        [12] = HAS_QUOTE, /* parameter problem */
        [13] = HAS_ID,    /* timestamp request */
        [14] = HAS_ID,    /* timestamp reply */
};

static const uint8_t forms_v6[256] = {
        [1] = HAS_QUOTE,           /* destination unreachable */
        [2] = HAS_QUOTE | HAS_MTU, /* packet too big */
        [3] = HAS_QUOTE,           /* time exceeded */
        [4] = HAS_QUOTE,           /* parameter problem */
        [128] = HAS_ID,            /* echo request */
        [129] = HAS_ID,            /* echo reply */
};

enum { UNREACHABLE_V4 = 3, FRAGMENTATION_NEEDED = 4 };

/* The second four bytes, which the type decides about. */
static void read_rest(struct icmp_header *icmp, unsigned form, uint32_t rest)
{
	if (form & HAS_ID) {
		icmp->id = (uint16_t)(rest >> 16);
		icmp->sequence = (uint16_t)rest;
	}
	if (form & HAS_MTU)
		icmp->mtu = rest;
	if (icmp->version == 4 && icmp->type == UNREACHABLE_V4 &&
	    icmp->code == FRAGMENTATION_NEEDED)
		icmp->mtu = rest & 0xffff;
}

static const struct protocol *read_message(struct packet *packet, struct cursor *c,
                                           const struct protocol *self, uint8_t version,
                                           const uint8_t forms[256])
{
	size_t start = c->at;
	struct icmp_header icmp = {.version = version, .type = cursor_u8(c)};
	icmp.code = cursor_u8(c);
	cursor_skip(c, 2); /* checksum */
	uint32_t rest = cursor_u32(c);
	if (!packet_header(packet, self, start, c))
		return NULL;
	unsigned form = forms[icmp.type];
	read_rest(&icmp, form, rest);
	if (form & HAS_QUOTE)
		icmp_quote_read(&icmp, *c);
	packet->kind = KIND_ICMP;
	packet->icmp = icmp;
	return NULL;
}

static const struct protocol *decode_v4(struct packet *packet, struct cursor *c)
{
	return read_message(packet, c, &protocol_icmp, 4, forms_v4);
}

static const struct protocol *decode_v6(struct packet *packet, struct cursor *c)
{
	return read_message(packet, c, &protocol_icmpv6, 6, forms_v6);
}

static const struct protocol_key keys_v4[] = {{KEY_IP_PROTOCOL, 1}, {KEY_END, 0}};
static const struct protocol_key keys_v6[] = {{KEY_IP_PROTOCOL, 58}, {KEY_END, 0}};

#define CODE_LABEL     N_("Code")
#define CODE_HELP      N_("Says more about the type: which kind of unreachable, for example.")
#define CHECKSUM_LABEL N_("Checksum")
#define REST_LABEL     N_("Rest of header")
#define REST_HELP                                                                                  \
	N_("Depends on the type: identifier and sequence number of an echo, the size that fits "   \
	   "of a packet too big, unused in other errors.")

static const struct field fields_v4[] = {
        {"icmp.type", N_("Type"),
         N_("8 asks for an echo, 0 is the echo; 3 unreachable, 11 time exceeded: errors that quote "
            "the packet they are about."),
         0, 8, FIELD_DEC},
        {"icmp.code", CODE_LABEL, CODE_HELP, 8, 8, FIELD_DEC},
        {"icmp.checksum", CHECKSUM_LABEL, N_("Guards the whole message."), 16, 16, FIELD_HEX},
        {"icmp.unused", REST_LABEL, REST_HELP, 32, 32, FIELD_BYTES},
        {.name = NULL},
};

static const struct field fields_v6[] = {
        {"icmpv6.type", N_("Type"),
         N_("Below 128 an error: 1 unreachable, 2 packet too big, 3 time exceeded; 128 asks for an "
            "echo, 129 is the echo; 133 to 137 find routers and neighbours."),
         0, 8, FIELD_DEC},
        {"icmpv6.code", CODE_LABEL, CODE_HELP, 8, 8, FIELD_DEC},
        {"icmpv6.checksum", CHECKSUM_LABEL, N_("Guards the message and the IP addresses."), 16, 16,
         FIELD_HEX},
        {"icmpv6.reserved", REST_LABEL, REST_HELP, 32, 32, FIELD_BYTES},
        {.name = NULL},
};

const struct protocol protocol_icmp = {
        .name = "icmp",
        .title = N_("Internet Control Message Protocol"),
        .rfc = "RFC 792",
        .keys = keys_v4,
        .decode = decode_v4,
        .fields = fields_v4,
};

const struct protocol protocol_icmpv6 = {
        .name = "icmpv6",
        .title = N_("Internet Control Message Protocol for IPv6"),
        .rfc = "RFC 4443",
        .keys = keys_v6,
        .decode = decode_v6,
        .fields = fields_v6,
};
