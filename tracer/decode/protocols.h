/* protocols.h: the list of all protocols. To add one: write its file, add its line here. The
 * search goes in this order, so the commonest come first. */
#ifndef WIRELAB_DECODE_PROTOCOLS_H
#define WIRELAB_DECODE_PROTOCOLS_H

#include "decode/protocol.h"

#define PROTOCOLS(X)                                                                               \
	X(ethernet)                                                                                \
	X(ipv4)                                                                                    \
	X(tcp)                                                                                     \
	X(ipv6)                                                                                    \
	X(udp)                                                                                     \
	X(sll2)                                                                                    \
	X(sll)                                                                                     \
	X(raw)                                                                                     \
	X(null)                                                                                    \
	X(vlan)                                                                                    \
	X(qinq)                                                                                    \
	X(arp)                                                                                     \
	X(icmp)                                                                                    \
	X(icmpv6)                                                                                  \
	X(llc)                                                                                     \
	X(hop_by_hop)                                                                              \
	X(routing)                                                                                 \
	X(fragment)                                                                                \
	X(destination)                                                                             \
	X(ah)                                                                                      \
	X(mobility)                                                                                \
	X(gre)                                                                                     \
	X(vxlan)                                                                                   \
	X(mpls)                                                                                    \
	X(pw)                                                                                      \
	X(pppoe)                                                                                   \
	X(pppoe_discovery)                                                                         \
	X(ppp)                                                                                     \
	X(ppp_framing)                                                                             \
	X(ppp_direction)                                                                           \
	X(chdlc)

#define X(id) extern const struct protocol protocol_##id;
PROTOCOLS(X)
#undef X

#endif
