/* netlink.c: netlink by libmnl, and the one setting that is still an ioctl (ethtool); see
 * netlink.h. Knows messages, not what the runner wants with them. RFC 3549 describes netlink. */
#include "runner/netlink.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/ethtool.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <linux/veth.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/i18n.h"

enum { MESSAGE_BYTES = 16384 }; /* a dump's part is at most this long */

struct netlink {
	struct mnl_socket *socket;
	unsigned sequence;
	char buffer[MESSAGE_BYTES];
};

struct answer {
	netlink_each_fn *each;
	void *data;
};

struct netlink *netlink_open(int bus, struct err *err)
{
	struct netlink *netlink = calloc(1, sizeof *netlink);
	if (netlink)
		netlink->socket = mnl_socket_open2(bus, SOCK_CLOEXEC);
	if (!netlink || !netlink->socket ||
	    mnl_socket_bind(netlink->socket, 0, MNL_SOCKET_AUTOPID) < 0) {
		(void)err_errno(err, _("cannot open a netlink socket"));
		netlink_close(netlink);
		return NULL;
	}
	netlink->sequence = (unsigned)time(NULL);
	return netlink;
}

void netlink_close(struct netlink *netlink)
{
	if (!netlink)
		return;
	if (netlink->socket)
		(void)mnl_socket_close(netlink->socket); /* nothing was buffered */
	free(netlink);
}

static int on_answer(const struct nlmsghdr *message, void *data)
{
	const struct answer *answer = data;
	if (answer->each)
		answer->each(mnl_nlmsg_get_payload(message), mnl_nlmsg_get_payload_len(message),
		             answer->data);
	return MNL_CB_OK;
}

/* Sends the message that was put into the buffer and hands over all answers to it. */
static int converse(struct netlink *netlink, struct nlmsghdr *message, struct answer answer)
{
	unsigned port = mnl_socket_get_portid(netlink->socket);
	unsigned sequence = ++netlink->sequence;
	message->nlmsg_seq = sequence;
	if (mnl_socket_sendto(netlink->socket, message, message->nlmsg_len) < 0)
		return -1;
	int more = MNL_CB_OK;
	while (more == MNL_CB_OK) {
		ssize_t n = mnl_socket_recvfrom(netlink->socket, netlink->buffer, MESSAGE_BYTES);
		if (n < 0)
			return -1;
		more = mnl_cb_run(netlink->buffer, (size_t)n, sequence, port, on_answer, &answer);
	}
	return more == MNL_CB_STOP ? 0 : -1;
}

int netlink_dump(struct netlink *netlink, uint16_t type, const void *request, size_t len,
                 netlink_each_fn *each, void *data, struct err *err)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(netlink->buffer);
	message->nlmsg_type = type;
	message->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	memcpy(mnl_nlmsg_put_extra_header(message, len), request, len);
	if (converse(netlink, message, (struct answer){each, data}) < 0)
		return err_errno(err, _("cannot ask the kernel for its list of sockets"));
	return 0;
}

/* A request that changes something, begun in the socket's buffer. NULL with a message. */
static struct nlmsghdr *begin(struct netlink **netlink, uint16_t type, uint16_t flags,
                              struct err *err)
{
	*netlink = netlink_open(NETLINK_ROUTE, err);
	if (!*netlink)
		return NULL;
	struct nlmsghdr *message = mnl_nlmsg_put_header((*netlink)->buffer);
	message->nlmsg_type = type;
	message->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | NLM_F_ACK | flags);
	return message;
}

/* Sends it and closes the socket. 0, or -1 with errno. */
static int finish(struct netlink *netlink, struct nlmsghdr *message)
{
	int result = converse(netlink, message, (struct answer){0});
	int error = errno;
	netlink_close(netlink);
	errno = error;
	return result;
}

int netlink_link_up(const char *interface, uint32_t mtu, struct err *err)
{
	struct netlink *netlink;
	struct nlmsghdr *message = begin(&netlink, RTM_NEWLINK, 0, err);
	if (!message)
		return -1;
	struct ifinfomsg *link = mnl_nlmsg_put_extra_header(message, sizeof *link);
	link->ifi_family = AF_UNSPEC;
	link->ifi_index = (int)if_nametoindex(interface);
	link->ifi_flags = IFF_UP;
	link->ifi_change = IFF_UP;
	mnl_attr_put_u32(message, IFLA_MTU, mtu);
	if (finish(netlink, message) == 0)
		return 0;
	return err_errno(err, _("cannot set up the interface %s"), interface);
}

int netlink_veth(const char *name, const char *peer, int peer_network, const uint8_t *peer_mac,
                 struct err *err)
{
	struct netlink *netlink;
	struct nlmsghdr *message = begin(&netlink, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, err);
	if (!message)
		return -1;
	struct ifinfomsg *link = mnl_nlmsg_put_extra_header(message, sizeof *link);
	link->ifi_family = AF_UNSPEC;
	mnl_attr_put_strz(message, IFLA_IFNAME, name);
	struct nlattr *info = mnl_attr_nest_start(message, IFLA_LINKINFO);
	mnl_attr_put_strz(message, IFLA_INFO_KIND, "veth");
	struct nlattr *data = mnl_attr_nest_start(message, IFLA_INFO_DATA);
	struct nlattr *other = mnl_attr_nest_start(message, VETH_INFO_PEER);
	link = mnl_nlmsg_put_extra_header(message, sizeof *link);
	link->ifi_family = AF_UNSPEC;
	mnl_attr_put_strz(message, IFLA_IFNAME, peer);
	mnl_attr_put(message, IFLA_ADDRESS, MAC_BYTES, peer_mac);
	mnl_attr_put_u32(message, IFLA_NET_NS_FD, (uint32_t)peer_network);
	mnl_attr_nest_end(message, other);
	mnl_attr_nest_end(message, data);
	mnl_attr_nest_end(message, info);
	if (finish(netlink, message) == 0)
		return 0;
	return err_errno(
	        err,
	        _("cannot make the virtual Ethernet link of the %s (sudo modprobe veth may "
	          "help)"),
	        name);
}

static size_t addr_len(const struct addr *addr)
{
	return addr->version == 4 ? 4 : 16;
}

int netlink_address(const char *interface, const struct addr *addr, uint8_t bits, struct err *err)
{
	struct netlink *netlink;
	struct nlmsghdr *message = begin(&netlink, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, err);
	if (!message)
		return -1;
	struct ifaddrmsg *address = mnl_nlmsg_put_extra_header(message, sizeof *address);
	address->ifa_family = addr->version == 4 ? AF_INET : AF_INET6;
	address->ifa_prefixlen = bits;
	address->ifa_flags = addr->version == 4 ? 0 : IFA_F_NODAD;
	address->ifa_index = if_nametoindex(interface);
	mnl_attr_put(message, IFA_LOCAL, addr_len(addr), addr->bytes);
	mnl_attr_put(message, IFA_ADDRESS, addr_len(addr), addr->bytes);
	if (finish(netlink, message) == 0)
		return 0;
	return err_errno(err, _("cannot give the interface %s its address"), interface);
}

int netlink_neighbour(const char *interface, const struct addr *addr, const uint8_t *mac,
                      struct err *err)
{
	struct netlink *netlink;
	struct nlmsghdr *message = begin(&netlink, RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, err);
	if (!message)
		return -1;
	struct ndmsg *neighbour = mnl_nlmsg_put_extra_header(message, sizeof *neighbour);
	neighbour->ndm_family = addr->version == 4 ? AF_INET : AF_INET6;
	neighbour->ndm_state = NUD_PERMANENT;
	neighbour->ndm_ifindex = (int)if_nametoindex(interface);
	mnl_attr_put(message, NDA_DST, addr_len(addr), addr->bytes);
	mnl_attr_put(message, NDA_LLADDR, MAC_BYTES, mac);
	if (finish(netlink, message) == 0)
		return 0;
	return err_errno(err, _("cannot name a neighbour on the interface %s"), interface);
}

int netlink_congestion(const char *interface, const struct addr *addr, const char *algorithm,
                       struct err *err)
{
	struct netlink *netlink;
	struct nlmsghdr *message = begin(&netlink, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, err);
	if (!message)
		return -1;
	struct rtmsg *route = mnl_nlmsg_put_extra_header(message, sizeof *route);
	route->rtm_family = addr->version == 4 ? AF_INET : AF_INET6;
	route->rtm_dst_len = (unsigned char)(addr_len(addr) * 8);
	route->rtm_table = RT_TABLE_MAIN;
	route->rtm_protocol = RTPROT_STATIC;
	route->rtm_scope = RT_SCOPE_LINK;
	route->rtm_type = RTN_UNICAST;
	mnl_attr_put(message, RTA_DST, addr_len(addr), addr->bytes);
	mnl_attr_put_u32(message, RTA_OIF, if_nametoindex(interface));
	struct nlattr *metrics = mnl_attr_nest_start(message, RTA_METRICS);
	mnl_attr_put_strz(message, RTAX_CC_ALGO, algorithm);
	mnl_attr_nest_end(message, metrics);
	if (finish(netlink, message) == 0)
		return 0;
	return err_errno(err, _("cannot set the congestion control %s on %s"), algorithm,
	                 interface);
}

static int ethtool_set(int fd, const char *interface, uint32_t command, uint32_t value)
{
	struct ethtool_value setting = {.cmd = command, .data = value};
	struct ifreq request = {.ifr_data = (char *)&setting};
	size_t n = strnlen(interface, sizeof request.ifr_name - 1);
	memcpy(request.ifr_name, interface, n);
	return ioctl(fd, SIOCETHTOOL, &request);
}

/* Sets all these to 0. */
static int turn_off(const char *interface, const uint32_t *commands, size_t n, struct err *err)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return err_errno(err, _("cannot open a socket"));
	int result = 0;
	for (size_t i = 0; i < n && result == 0; i++)
		result = ethtool_set(fd, interface, commands[i], 0);
	if (result < 0)
		(void)err_errno(err, _("cannot turn the offloads of %s off"), interface);
	(void)close(fd); /* nothing was written to it */
	return result;
}

int netlink_offload_off(const char *interface, struct err *err)
{
	static const uint32_t offloads[] = {ETHTOOL_STSO, ETHTOOL_SGSO, ETHTOOL_SGRO};
	return turn_off(interface, offloads, sizeof offloads / sizeof *offloads, err);
}

int netlink_checksums_on_wire(const char *interface, struct err *err)
{
	static const uint32_t checksums[] = {ETHTOOL_STXCSUM, ETHTOOL_SRXCSUM};
	return turn_off(interface, checksums, sizeof checksums / sizeof *checksums, err);
}
