/* sockdiag.h: which sockets there are, asked from the kernel (man 7 sock_diag; `ss` does the same).
 * It answers for the network namespace of the caller. */
#ifndef WIRELAB_RUNNER_SOCKDIAG_H
#define WIRELAB_RUNNER_SOCKDIAG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/vocab.h"
#include "runner/netlink.h"

/* One socket; state is TCP_STATE_UNKNOWN for UDP. */
struct socket_info {
	enum tcp_state state;
	struct endpoint local, remote;
	int64_t timer_ns; /* until its timer runs out (TIME-WAIT: until it is gone); 0: none */
};

/* Reads one record of the kernel's list. False for one that is too short. */
bool socket_info_read(struct socket_info *socket, const void *payload, size_t len);

/* A count of what matters to a run. */
struct census {
	bool listening;          /* a TCP socket listens on the port */
	bool bound;              /* a UDP socket is bound to the port */
	uint16_t other_port;     /* some other port is listened on (or bound), 0: none */
	int n_open;              /* TCP connections, neither LISTEN nor TIME-WAIT */
	struct socket_info open; /* one of them */
	int n_time_wait;
	struct socket_info time_wait; /* one of them */
};

/* Takes the census. `port`: the lab's; only_port: count no connection of other ports (the host's
 * own network); udp: look at UDP sockets too. 0, or -1 with a message. */
int census_take(struct census *census, struct netlink *diag, uint16_t port, bool only_port,
                bool udp, struct err *err);

/* Adds what was found in another host's network. */
void census_add(struct census *census, const struct census *other);

/* What the programs of this namespace have sent since it began, by the kernel's counters. */
struct traffic {
	uint64_t connects;  /* TCP connections begun, by a SYN */
	uint64_t datagrams; /* UDP */
};

/* Reads net/snmp and net/snmp6 of /proc, which proc_fd has open. 0, or -1 when they are not there.
 */
int traffic_read(int proc_fd, struct traffic *traffic);

#endif
