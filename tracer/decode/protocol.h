/* protocol.h: the form of a protocol. Each is one file in decode/ that ends in one table: its name,
 * the keys by which an outer layer calls it, its decode function and its fields. The driver, the
 * field pane and the help know no protocol; they read these tables. */
#ifndef WIRELAB_DECODE_PROTOCOL_H
#define WIRELAB_DECODE_PROTOCOL_H

#include "base/cursor.h"
#include "decode/packet.h"

/* The number spaces in which an outer layer names an inner one. */
enum key_space {
	KEY_LINKTYPE, /* capture files' LINKTYPE_ values */
	KEY_ETHERTYPE,
	KEY_IP_PROTOCOL,
	KEY_PPP, /* PPP protocol numbers */
	KEY_UDP_PORT,
	KEY_END
};

struct protocol_key {
	enum key_space space;
	uint32_t value;
};

enum field_format {
	FIELD_DEC,
	FIELD_HEX,
	FIELD_BOOL, /* one bit */
	FIELD_IPV4,
	FIELD_IPV6,
	FIELD_MAC,
	FIELD_BYTES,
};

/* One fixed field of a header: for the field pane, the header figures and the help. A field that
 * lies beyond the layer's length is absent from that packet. */
struct field {
	const char *name;    /* Wireshark's display-filter name */
	const char *label;   /* marked English, "Source port" */
	const char *help;    /* marked English: one or two sentences for a beginner */
	uint16_t bit_offset; /* from the start of the header */
	uint16_t bit_len;
	enum field_format format;
};

struct protocol {
	const char *name;                /* Wireshark's filter name: "tcp" */
	const char *title;               /* marked English: "Transmission Control Protocol" */
	const char *rfc;                 /* "RFC 9293", or the standard that defines it */
	const struct protocol_key *keys; /* ends with KEY_END */

	/* Reads its header from c, notes it with packet_header(), fills the packet's values, limits
	 * c to its own payload, and returns the protocol of what it carries: NULL when it is the
	 * innermost, or when the packet is marked and nothing more can be read. */
	const struct protocol *(*decode)(struct packet *packet, struct cursor *c);

	const struct field *fields; /* ends with name NULL */
};

/* The protocol that answers to this key, or NULL. */
const struct protocol *protocol_find(enum key_space space, uint32_t value);

/* All protocols; ends with NULL. */
const struct protocol *const *protocol_all(void);

/* ---- for the protocols' own files ---- */

/* Marks the packet with a status and a reason (marked English); the first mark stays. */
void packet_fault(struct packet *packet, enum packet_status status, const char *reason);

/* Notes as a layer the header that the cursor has read since offset `start`. False, and the packet
 * is marked, when a read failed (the capture was cut: PACKET_TRUNCATED; else PACKET_MALFORMED; the
 * layer then holds what there is), or when too many headers stand inside one another. */
bool packet_header(struct packet *packet, const struct protocol *protocol, size_t start,
                   struct cursor *c);

/* What follows is at most n bytes long on the wire (a length field). False when fewer are left,
 * which changes nothing. */
bool packet_limit(struct packet *packet, struct cursor *c, size_t n);

/* Bytes between the cursor and the end of the payload as it was on the wire. */
static inline uint32_t packet_wire_left(const struct packet *packet, const struct cursor *c)
{
	return packet->wire_end - (uint32_t)c->at;
}

/* For an outer layer: the inner protocol, or marks the packet PACKET_UNKNOWN and returns NULL. */
const struct protocol *protocol_next(struct packet *packet, enum key_space space, uint32_t value);

/* What an EtherType or 802.3 length field (both share the place) announces. */
const struct protocol *ethertype_next(struct packet *packet, struct cursor *c, uint16_t type);

#endif
