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

/* One fixed field of a header: for the field pane, the header figures and the help. */
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

	/* Reads its header from c, pushes its layer, fills the packet's values, limits c to its own
	 * payload, and returns the protocol of what it carries: NULL when it is the innermost, or
	 * when it has marked the packet with packet_fault(). */
	const struct protocol *(*decode)(struct packet *packet, struct cursor *c);

	const struct field *fields; /* ends with name NULL */
};

/* The protocol that answers to this key, or NULL. */
const struct protocol *protocol_find(enum key_space space, uint32_t value);

/* All protocols; ends with NULL. */
const struct protocol *const *protocol_all(void);

/* Notes a header of `len` bytes that starts at `offset` of the packet. Layers beyond the limit are
 * counted as malformed nesting: returns false and marks the packet. */
bool packet_push(struct packet *packet, const struct protocol *protocol, size_t offset, size_t len);

/* For an outer layer: the inner protocol, or marks the packet PACKET_UNKNOWN and returns NULL. */
const struct protocol *protocol_next(struct packet *packet, enum key_space space, uint32_t value);

#endif
