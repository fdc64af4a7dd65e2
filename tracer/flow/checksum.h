/* checksum.h: is the TCP checksum of a packet right (RFC 1071, RFC 9293 section 3.1)? */
#ifndef WIRELAB_FLOW_CHECKSUM_H
#define WIRELAB_FLOW_CHECKSUM_H

#include "decode/packet.h"

enum checksum {
	CHECKSUM_UNKNOWN, /* not all of the packet was captured */
	CHECKSUM_GOOD,
	CHECKSUM_UNFILLED, /* only the pseudo-header is in it: a network card was to add the rest */
	CHECKSUM_WRONG,
};

/* Of a packet of KIND_TCP, IPv4 or IPv6. Reads all of its payload. */
enum checksum checksum_tcp(const struct packet *packet);

#endif
