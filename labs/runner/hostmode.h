/* hostmode.h: what `--host` needs in place of namespaces: nobody else may use the port, and no
 * process may be left behind though there is no PID namespace that would end with us. */
#ifndef WIRELAB_RUNNER_HOSTMODE_H
#define WIRELAB_RUNNER_HOSTMODE_H

#include <stdint.h>

#include "base/err.h"

/* Makes us the one whom orphans of our children fall to. 0, or -1 with errno. */
int hostmode_adopt_orphans(void);

/* 0 if nobody listens on the port (TCP) or is bound to it (UDP); -1 with a message that names the
 * mend. */
int hostmode_port_is_free(uint16_t port, struct err *err);

/* Kills and reaps every child that we have, and theirs, which fall to us as they become orphans. */
void hostmode_end_children(void);

#endif
