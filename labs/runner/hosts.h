/* hosts.h: the place where a run happens: user, network, mount and PID namespaces of its own, made
 * without root; a loopback on which segments look as on Ethernet, and the kernel's TCP set to the
 * same figures on every machine. */
#ifndef WIRELAB_RUNNER_HOSTS_H
#define WIRELAB_RUNNER_HOSTS_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/text.h"

/* Who we are outside; inside, this id means the same user. */
struct identity {
	uid_t uid;
	gid_t gid;
	bool mapped; /* a user namespace was made: the ids still have to be mapped */
};

/* Like fork(), but the child is process 1 of fresh namespaces, with all capabilities there. Real
 * root needs no user namespace. The child's id to the parent, 0 to the child, -1 with errno where
 * it is forbidden. */
pid_t hosts_fork(struct identity *identity);

/* In the child: maps the user's own ids (not root: what is root in its namespace could open packet
 * sockets and take the interface down). 0, or -1 with errno. */
int hosts_become(const struct identity *identity);

/* Goes into a fresh network namespace, whose table of TCP sockets is small: the kernel's list of
 * them, which a run asks for often, takes as long as the table (half a millisecond where it has a
 * machine's usual size). 0, or -1 with errno. */
int hosts_new_network(void);

/* In the child: the run's own name of this machine, the same everywhere; if it had a domain, the
 * resolver would look for names there too (man 5 resolv.conf, `search`). 0, or -1 with errno. */
int hosts_own_name(void);

/* In the child: loopback up with MTU 1500 and no offload, and the pinned settings. What this kernel
 * does not let us set is added to `reasons`. 0, or -1 with errno and a message. */
int hosts_set_up(struct text *reasons, struct err *err);

/* Writes a setting of the network namespace that we are in: `name` below /proc/sys/net. 0, or -1
 * with errno. */
int hosts_write_setting(const char *name, const char *value);

/* The message for a machine that forbids namespaces, which names the ways out; `error` is the errno
 * of hosts_fork(), hosts_become() or hosts_set_up(). Returns -1. */
int hosts_refused(int error, struct err *err);

#endif
