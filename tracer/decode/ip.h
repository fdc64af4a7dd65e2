/* ip.h: what IPv4, IPv6, their extension headers and the packet quoted in an ICMP error share. */
#ifndef WIRELAB_DECODE_IP_H
#define WIRELAB_DECODE_IP_H

#include <string.h>

#include "decode/protocols.h"

enum { IPV4_HEADER_MIN = 20, IPV6_HEADER_LEN = 40 };

/* Protocol numbers (IANA) that the code itself has to know. */
enum ip_protocol {
	IP_HOP_BY_HOP = 0,
	IP_TCP = 6,
	IP_UDP = 17,
	IP_ROUTING = 43,
	IP_FRAGMENT = 44,
	IP_AH = 51,
	IP_NO_NEXT_HEADER = 59,
	IP_DESTINATION = 60,
	IP_UDP_LITE = 136,
	IP_MOBILITY = 135,
	IP_DCCP = 33,
	IP_SCTP = 132,
};

/* Reads an address of 4 or 16 bytes; all zero when it does not fit. */
static inline void addr_read(struct addr *addr, uint8_t version, struct cursor *c)
{
	size_t len = version == 4 ? 4 : 16;
	const uint8_t *bytes = cursor_take(c, len);
	*addr = (struct addr){.version = version};
	if (bytes)
		memcpy(addr->bytes, bytes, len);
}

/* The version in the next four bits, which stay unread; 0 when there is nothing. */
static inline unsigned ip_version(const struct cursor *c)
{
	struct cursor peek = *c;
	return cursor_u8(&peek) >> 4;
}

/* Reads the 20 fixed bytes of an IPv4 header. Returns its whole length in bytes as it says itself.
 * total_len is the field as it is. */
unsigned ipv4_read(struct ip_header *ip, struct cursor *c);

/* Reads an IPv6 header without extensions. total_len is 0 when its payload length is. */
void ipv6_read(struct ip_header *ip, struct cursor *c);

/* Reads one extension header that the number announces; *next becomes the number of what follows,
 * and a fragment header sets the fragment's values in *ip. False when the number is none of an
 * extension header; then nothing is read. */
bool ipv6_extension_read(struct ip_header *ip, uint8_t number, uint8_t *next, struct cursor *c);

/* Replaces the packet's innermost IP header; the one before it becomes a tunnel's. */
void ip_enter(struct packet *packet, const struct ip_header *ip);

/* The protocol that an IP header or an extension header announces: NULL, with a mark when it is not
 * decoded, without one when nothing follows or this is a fragment. */
const struct protocol *ip_next(struct packet *packet, uint8_t number);

/* IPv4 or IPv6, by the version in the next four bits; another version is marked. */
const struct protocol *ip_next_by_version(struct packet *packet, const struct cursor *c);

#endif
