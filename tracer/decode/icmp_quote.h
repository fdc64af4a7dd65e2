/* icmp_quote.h: the start of the packet that an ICMP error complains about. */
#ifndef WIRELAB_DECODE_ICMP_QUOTE_H
#define WIRELAB_DECODE_ICMP_QUOTE_H

#include "decode/ip.h"

/* Reads the quoted packet from a copy of the cursor and fills the quote's values in *icmp: the
 * addresses, and the ports and the TCP sequence number where enough was quoted. has_quote stays
 * false when not even the IP header is there. */
void icmp_quote_read(struct icmp_header *icmp, struct cursor c);

#endif
