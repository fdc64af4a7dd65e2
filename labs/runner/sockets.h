/* sockets.h: what the kernel says of the run's sockets, as far as the run waits for it or has to
 * tell it.
 */
#ifndef WIRELAB_RUNNER_SOCKETS_H
#define WIRELAB_RUNNER_SOCKETS_H

#include "runner/supervisor.h"

/* Looks at all sockets, into s->census. False, with the failure noted, when the kernel cannot be
 * asked. */
bool sockets_look(struct supervisor *s);

/* Has the client's host, of two, given up each connection, so that it can tell the server's host of
 * none? */
bool sockets_client_has_none(const struct supervisor *s);

/* What the last look found, for the message that the server, or the end of the connections, was
 * waited for in vain. */
void sockets_tell_server(const struct supervisor *s, struct text *t);
void sockets_tell_connection(const struct supervisor *s, struct text *t);

/* A note of the end that is in TIME-WAIT now, if there is one. */
void sockets_tell_time_wait(struct supervisor *s);

#endif
