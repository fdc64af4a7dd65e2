/* sample.h: all that the kernel tells of one TCP socket (man 7 sock_diag, `ss -tin` shows the
 * same): from a record of its list to the project's words. Knows nothing of programs or runs. */
#ifndef WIRELAB_RUNNER_SAMPLE_H
#define WIRELAB_RUNNER_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "event/event.h"
#include "runner/netlink.h"

/* Reads one record: struct inet_diag_msg and the attributes behind it. The host, and what the
 * tracer writes, are left at zero. False: the record is too short, or of a socket that is neither
 * open nor opening; what is wrong behind the first part only leaves figures unknown. */
bool sample_read(struct kernel_event *sample, const void *payload, size_t len);

typedef void sample_each_fn(const struct kernel_event *sample, void *data);

/* Calls back for each TCP socket of the namespace, of both address families. 0, or -1 with errno
 * and a message; errno EINTR: the list changed meanwhile. */
int sample_all(struct netlink *diag, sample_each_fn *each, void *data, struct err *err);

#endif
