/* network.h: two hosts and the two cables between them and the wire, for a run with --wire. Each
 * host is a network namespace of its own; the far ends of their cables are in a third, where only
 * the wire is. Man 7 network_namespaces, man 4 veth. */
#ifndef WIRELAB_RUNNER_NETWORK_H
#define WIRELAB_RUNNER_NETWORK_H

#include <stdbool.h>

#include "base/err.h"
#include "base/text.h"
#include "base/vocab.h"
#include "runner/netlink.h"

struct network {
	int host_fd[N_SIDES];          /* the hosts' network namespaces; -1: there are none */
	int cable_fd[N_SIDES];         /* packet sockets on the cables' far ends; -1: closed */
	struct netlink *diag[N_SIDES]; /* sock_diag of each host */
};

/* No network yet: everything closed. */
void network_init(struct network *network);

/* How the hosts are to be. */
struct network_options {
	bool ipv6;              /* too */
	const char *congestion; /* TCP congestion control of both; "": the kernel's own */
};

/* Makes it all, from within the network namespace that becomes the wire's. Afterwards we are in the
 * client's. What this kernel does not let us set is added to `reasons`. 0, or -1 with errno and a
 * message. */
int network_make(struct network *network, const struct network_options *options,
                 struct text *reasons, struct err *err);

/* Closes our ends of the cables: the wire has them. */
void network_close_cables(struct network *network);

void network_release(struct network *network);

#endif
