/* netlink.h: talking to the kernel's network code. The only user of libmnl: the rest of the runner
 * sees plain structs. */
#ifndef WIRELAB_RUNNER_NETLINK_H
#define WIRELAB_RUNNER_NETLINK_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/vocab.h"

enum { MAC_BYTES = 6 };

struct netlink;

/* Opens a socket to a part of the kernel: NETLINK_ROUTE, NETLINK_SOCK_DIAG. NULL with a message. */
struct netlink *netlink_open(int bus, struct err *err);
void netlink_close(struct netlink *netlink); /* NULL is fine */

/* Called for each answer: its payload behind the netlink header. */
typedef void netlink_each_fn(const void *payload, size_t len, void *data);

/* Asks for a list (NLM_F_DUMP): sends `request` as a message of `type` and calls `each` for every
 * answer. 0, or -1 with errno and a message; errno EINTR: the list changed meanwhile, ask again. */
int netlink_dump(struct netlink *netlink, uint16_t type, const void *request, size_t len,
                 netlink_each_fn *each, void *data, struct err *err);

/* Sets an interface up, with that MTU. 0, or -1 with errno and a message. */
int netlink_link_up(const char *interface, uint32_t mtu, struct err *err);

/* Turns segmentation offload off (TSO, GSO, GRO), so that what is captured has the size of what
 * would be on a wire. 0, or -1 with errno and a message. */
int netlink_offload_off(const char *interface, struct err *err);

/* Turns the network card's checksums off, on the way out and in: segments carry real ones, and
 * wrong ones are noticed. 0, or -1 with errno and a message. */
int netlink_checksums_on_wire(const char *interface, struct err *err);

/* Makes a pair of virtual Ethernet interfaces: `name` here, `peer` in the network namespace that
 * peer_network is open on, with that hardware address. 0, or -1 with errno and a message. */
int netlink_veth(const char *name, const char *peer, int peer_network, const uint8_t *peer_mac,
                 struct err *err);

/* Gives an interface an address, in use at once (IPv6: without looking for a duplicate), with so
 * many bits of network. 0, or -1 with errno and a message. */
int netlink_address(const char *interface, const struct addr *addr, uint8_t bits, struct err *err);

/* Says for ever which hardware address a neighbour has: nobody has to ask. 0, or -1 with errno and
 * a message. */
int netlink_neighbour(const char *interface, const struct addr *addr, const uint8_t *mac,
                      struct err *err);

/* Makes a route to that neighbour alone, on which the kernel uses that TCP congestion control
 * ("cubic"), whatever it allows programs to ask for. 0, or -1 with errno and a message; EINVAL: it
 * has none of that name. */
int netlink_congestion(const char *interface, const struct addr *addr, const char *algorithm,
                       struct err *err);

#endif
