/* wire_icmp.h: what a router says of a packet that its next link cannot carry: ICMP "fragmentation
 * needed" with the next link's MTU (RFC 1191 section 4), or ICMPv6 Packet Too Big (RFC 4443
 * section 3.2). It comes from an address of the wire's own. */
#ifndef WIRELAB_RUNNER_WIRE_ICMP_H
#define WIRELAB_RUNNER_WIRE_ICMP_H

#include <stddef.h>
#include <stdint.h>

/* Builds the frame that answers this one. Its length; 0 where no answer is due: not IP, itself an
 * ICMP error, not the first fragment, sent to many, or IPv4 without DF. */
uint32_t wire_icmp_answer(uint8_t *answer, size_t size, const uint8_t *bytes, uint32_t len,
                          uint32_t mtu);

#endif
