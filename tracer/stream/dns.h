/* dns.h: what the files of DNS share. */
#ifndef WIRELAB_STREAM_DNS_H
#define WIRELAB_STREAM_DNS_H

#include "base/cursor.h"
#include "stream/message.h"

enum { DNS_NAME_TEXT = 1040, DNS_DATA_TEXT = 256 };

/* Reads a name (RFC 1035 section 4.1.4) of the message that `c` reads from its first byte on, and
 * appends it, "example.com", the root as ".". Pointers only go back, so they end. False: it is
 * broken, or leads through more pointers than a name has labels. */
bool dns_name_read(struct cursor *c, struct text *t);

/* Passes over a name without looking where its pointer leads. False: it is broken. */
bool dns_name_skip(struct cursor *c);

/* "A", "AAAA"; "TYPE65280" (RFC 3597) for one that is not known. Never NULL bytes. */
void dns_add_type(struct text *t, uint16_t type);

/* Is it one of the types that are known here? */
bool dns_type_is_known(uint16_t type);

/* Appends a record's data as in a zone file. `data` ends with the data and counts from the
 * message's start. False: the data contradicts its type. If `m` is not NULL, the part that
 * Wireshark's filters name (the address, the name of a mail exchange) becomes a field of it. */
bool dns_add_data(struct text *t, uint16_t type, struct cursor *data, struct message *m);

enum { DNS_TYPE_A = 1, DNS_TYPE_CNAME = 5, DNS_TYPE_AAAA = 28, DNS_TYPE_OPT = 41 };

#endif
