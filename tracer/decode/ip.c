/* ip.c: the steps that both versions of IP share on the way inwards. */
#include "decode/ip.h"

#include "base/i18n.h"

void ip_enter(struct packet *packet, const struct ip_header *ip)
{
	if (packet->ip.src.version != 0)
		packet->tunnels++;
	packet->ip = *ip;
	packet->kind = KIND_NONE; /* a UDP header outside was a tunnel's */
}

const struct protocol *ip_next(struct packet *packet, uint8_t number)
{
	packet->ip.protocol = number;
	if (packet->ip.is_fragment) {
		packet->kind = KIND_FRAGMENT;
		return NULL;
	}
	if (number == IP_NO_NEXT_HEADER)
		return NULL;
	return protocol_next(packet, KEY_IP_PROTOCOL, number);
}

const struct protocol *ip_next_by_version(struct packet *packet, const struct cursor *c)
{
	unsigned version = ip_version(c);
	if (version == 6)
		return &protocol_ipv6;
	if (version == 4 || cursor_left(c) == 0) /* which says what is wrong with an empty one */
		return &protocol_ipv4;
	packet_fault(packet, PACKET_UNKNOWN, N_("neither IPv4 nor IPv6 by its first four bits"));
	return NULL;
}
