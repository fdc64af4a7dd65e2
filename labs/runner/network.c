/* network.c: see network.h. Needs all capabilities in the namespaces that hosts_fork() made. Must
 * not know what the wire does. */
#include "runner/network.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/sockios.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/i18n.h"
#include "runner/hosts.h"
#include "runner/reasons.h"
#include "runner/wire_cable.h"

enum { IPV4_BITS = 24, IPV6_BITS = 64, ETHERNET_MTU = 1500 };

/* The server's host has some more addresses, behind its own: 10.0.0.3 to 10.0.0.5. There other
 * servers of the same lab may be. */
static const uint8_t n_addresses[N_SIDES] = {[CLIENT] = 1, [SERVER] = 4};

/* The host's interface has the same name in both. */
static const char interface[] = "eth0";

static const struct host {
	struct addr ipv4, ipv6;
	uint8_t mac[MAC_BYTES];
} hosts[N_SIDES] = {
        [CLIENT] = {{4, {10, 0, 0, 1}}, {6, {0xfd, [15] = 1}}, {2, 0, 0, 0, 0, 1}},
        [SERVER] = {{4, {10, 0, 0, 2}}, {6, {0xfd, [15] = 2}}, {2, 0, 0, 0, 0, 2}},
};

void network_init(struct network *network)
{
	for (int side = 0; side < N_SIDES; side++) {
		network->host_fd[side] = network->cable_fd[side] = -1;
		network->diag[side] = NULL;
	}
}

/* A descriptor of the network namespace that we are in; without /proc, which need not be mounted.
 * -1 with errno. */
static int own_network(void)
{
	int socket_fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (socket_fd < 0)
		return -1;
	int fd = ioctl(socket_fd, SIOCGSKNS);
	int error = errno;
	(void)close(socket_fd); /* it was only asked */
	errno = error;
	return fd;
}

/* A fresh network namespace, in which we are then. */
static int make_host(struct network *network, enum side side, struct text *reasons, struct err *err)
{
	if (hosts_new_network() < 0)
		return err_errno(err, _("cannot make a network of its own for the %s"),
		                 side_name(side));
	network->host_fd[side] = own_network();
	if (network->host_fd[side] < 0)
		return err_errno(err, _("cannot hold the network of the %s"), side_name(side));
	TEXT(again, 8); /* both hosts have the same reasons: told once */
	if (hosts_set_up(side == CLIENT ? reasons : &again, err) < 0)
		return -1;
	network->diag[side] = netlink_open(NETLINK_SOCK_DIAG, err);
	return network->diag[side] ? 0 : -1;
}

/* Both cables, from the wire's namespace, with no IP of its own on the far ends. */
static int make_cables(struct network *network, struct err *err)
{
	/* 0 also where this kernel has no IPv6: then there is nothing to turn off */
	(void)hosts_write_setting("ipv6/conf/default/disable_ipv6", "1");
	for (int side = 0; side < N_SIDES; side++) {
		const char *name = side_name((enum side)side);
		if (netlink_veth(name, interface, network->host_fd[side], hosts[side].mac, err) <
		            0 ||
		    netlink_link_up(name, ETHERNET_MTU, err) < 0 ||
		    netlink_offload_off(name, err) < 0 || netlink_checksums_on_wire(name, err) < 0)
			return -1;
		network->cable_fd[side] = cable_open_socket(name, err);
		if (network->cable_fd[side] < 0)
			return -1;
	}
	return 0;
}

/* Only the addresses that we give: no link-local one, no question for a router. */
static void quiet_ipv6(bool ipv6)
{
	static const struct {
		const char *name, *value;
	} settings[] = {
	        {"ipv6/conf/eth0/addr_gen_mode", "1"}, /* none */
	        {"ipv6/conf/eth0/accept_ra", "0"},
	        {"ipv6/conf/eth0/router_solicitations", "0"},
	};
	if (!ipv6)
		(void)hosts_write_setting("ipv6/conf/eth0/disable_ipv6", "1");
	for (size_t i = 0; ipv6 && i < sizeof settings / sizeof *settings; i++)
		(void)hosts_write_setting(settings[i].name, settings[i].value);
	/* where one of them fails, the host says more than it has to, which the wire passes over */
}

/* The i-th address of a host. */
static struct addr counted_from(struct addr first, uint8_t i)
{
	uint8_t *last = &first.bytes[first.version == 4 ? 3 : 15];
	*last = (uint8_t)(*last + i);
	return first;
}

static int plug_in(enum side side, bool ipv6, struct err *err)
{
	const struct host *own = &hosts[side], *other = &hosts[side_other(side)];
	for (uint8_t i = 0; i < n_addresses[side]; i++) {
		struct addr addr = counted_from(ipv6 ? own->ipv6 : own->ipv4, i);
		if (netlink_address(interface, &addr, ipv6 ? IPV6_BITS : IPV4_BITS, err) < 0)
			return -1;
	}
	for (uint8_t i = 0; i < n_addresses[side_other(side)]; i++) {
		struct addr addr = counted_from(ipv6 ? other->ipv6 : other->ipv4, i);
		if (netlink_neighbour(interface, &addr, other->mac, err) < 0)
			return -1;
	}
	return 0;
}

/* Both ends get the same, so a kernel that has none of that name says so twice: told once. A run
 * without it can still be looked at. */
static void choose_congestion(const struct host *other, const struct network_options *options,
                              struct text *reasons)
{
	struct err err;
	TEXT(what, 64);
	int result = netlink_congestion(interface, &other->ipv4, options->congestion, &err);
	if (result == 0 && options->ipv6)
		result = netlink_congestion(interface, &other->ipv6, options->congestion, &err);
	if (result == 0 || other != &hosts[SERVER])
		return;
	text_addf(&what, "congestion control %s", options->congestion);
	if (errno == EINVAL)
		reasons_add(reasons, what.bytes, "this kernel does not have it");
	else
		reasons_add_errno(reasons, what.bytes);
}

static int set_up_host(const struct network *network, enum side side,
                       const struct network_options *options, struct text *reasons, struct err *err)
{
	if (setns(network->host_fd[side], CLONE_NEWNET) < 0)
		return err_errno(err, _("cannot enter the network of the %s"), side_name(side));
	quiet_ipv6(options->ipv6);
	if (netlink_offload_off(interface, err) < 0 ||
	    netlink_checksums_on_wire(interface, err) < 0 ||
	    netlink_link_up(interface, ETHERNET_MTU, err) < 0 || plug_in(side, false, err) < 0)
		return -1;
	if (options->ipv6 && plug_in(side, true, err) < 0)
		return -1;
	if (options->congestion[0] != '\0')
		choose_congestion(&hosts[side_other(side)], options, reasons);
	return 0;
}

int network_make(struct network *network, const struct network_options *options,
                 struct text *reasons, struct err *err)
{
	int wire_fd = own_network();
	if (wire_fd < 0)
		return err_errno(err, _("cannot hold the network of the wire"));
	int result = make_host(network, CLIENT, reasons, err);
	if (result == 0)
		result = make_host(network, SERVER, reasons, err);
	if (result == 0 && setns(wire_fd, CLONE_NEWNET) < 0)
		result = err_errno(err, _("cannot enter the network of the wire"));
	if (result == 0)
		result = make_cables(network, err);
	if (result == 0)
		result = set_up_host(network, SERVER, options, reasons, err);
	if (result == 0)
		result = set_up_host(network, CLIENT, options, reasons, err);
	int error = errno;
	(void)close(wire_fd); /* the cables hold it now */
	errno = error;
	return result;
}

static void close_both(int *fds)
{
	for (int side = 0; side < N_SIDES; side++) {
		if (fds[side] >= 0)
			(void)close(fds[side]); /* nothing was written that could be lost */
		fds[side] = -1;
	}
}

void network_close_cables(struct network *network)
{
	close_both(network->cable_fd);
}

void network_release(struct network *network)
{
	close_both(network->cable_fd);
	close_both(network->host_fd);
	for (int side = 0; side < N_SIDES; side++) {
		netlink_close(network->diag[side]);
		network->diag[side] = NULL;
	}
}
