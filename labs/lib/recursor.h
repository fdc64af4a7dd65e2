/* recursor.h: a recursive name server, for lab 22: for those who say RD it asks the others, from
 * the root on, and remembers what it was told (RFC 1034 section 4.3.1). */
#ifndef LABS_LIB_RECURSOR_H
#define LABS_LIB_RECURSOR_H

#include "lib/nameserver.h"

struct recursor;

/* One that begins at that root; for ever. NULL without memory. */
struct recursor *recursor_new(struct place root);

/* An answer_function; `recursor` is the struct recursor. Asks for up to a minute: the server is to
 * be `slow`. */
void recursor_answer(const void *recursor, const struct query *query, struct dns_writer *w);

#endif
