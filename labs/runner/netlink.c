/* netlink.c: netlink by libmnl, and the one setting that is still an ioctl (ethtool); see
 * netlink.h. Knows messages, not what the runner wants with them. RFC 3549 describes netlink. */
#include "runner/netlink.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/ethtool.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
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

int netlink_link_up(const char *interface, uint32_t mtu, struct err *err)
{
	struct netlink *netlink = netlink_open(NETLINK_ROUTE, err);
	if (!netlink)
		return -1;
	struct nlmsghdr *message = mnl_nlmsg_put_header(netlink->buffer);
	message->nlmsg_type = RTM_NEWLINK;
	message->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	struct ifinfomsg *link = mnl_nlmsg_put_extra_header(message, sizeof *link);
	link->ifi_family = AF_UNSPEC;
	link->ifi_index = (int)if_nametoindex(interface);
	link->ifi_flags = IFF_UP;
	link->ifi_change = IFF_UP;
	mnl_attr_put_u32(message, IFLA_MTU, mtu);
	int result = converse(netlink, message, (struct answer){0});
	int error = errno;
	if (result < 0)
		(void)err_errno(err, _("cannot set up the interface %s"), interface);
	netlink_close(netlink);
	errno = error;
	return result;
}

static int ethtool_set(int fd, const char *interface, uint32_t command, uint32_t value)
{
	struct ethtool_value setting = {.cmd = command, .data = value};
	struct ifreq request = {.ifr_data = (char *)&setting};
	size_t n = strnlen(interface, sizeof request.ifr_name - 1);
	memcpy(request.ifr_name, interface, n);
	return ioctl(fd, SIOCETHTOOL, &request);
}

int netlink_offload_off(const char *interface, struct err *err)
{
	static const uint32_t offloads[] = {ETHTOOL_STSO, ETHTOOL_SGSO, ETHTOOL_SGRO};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return err_errno(err, _("cannot open a socket"));
	int result = 0;
	for (size_t i = 0; i < sizeof offloads / sizeof *offloads && result == 0; i++)
		result = ethtool_set(fd, interface, offloads[i], 0);
	if (result < 0)
		(void)err_errno(err, _("cannot turn segmentation offload of %s off"), interface);
	(void)close(fd); /* nothing was written to it */
	return result;
}
