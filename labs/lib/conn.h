/* conn.h: what loop.c asks of conn.c. Servers include loop.h. */
#ifndef LABS_LIB_CONN_H
#define LABS_LIB_CONN_H

#include "lib/loop.h"

static inline int64_t earlier_ms(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* A client on that socket, in no list yet; epoll is to be asked for EPOLLIN. NULL: no room for it,
 * or the layer did not want it; the socket stays the caller's. */
struct conn *conn_new(struct loop *loop, int fd);

/* Closes its socket and frees it. */
void conn_free(struct conn *c);

/* Reads what is there, serves, sends what goes, as long as that moves something. False when it is
 * over with this client: conn_free() it. */
bool conn_turn(struct conn *c);

/* When patience with this client is over, on the loop's clock. */
int64_t conn_deadline(const struct conn *c);

#endif
