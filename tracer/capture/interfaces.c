/* interfaces.c: questions to the kernel about interfaces (netdevice(7)), and the list for -D. */
#include "capture/interfaces.h"

#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <pcap.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "base/i18n.h"
#include "base/io.h"
#include "capture/live.h"

int interface_socket(void)
{
	return socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

/* The request for an interface of that name; a name too long for one matches none. */
static struct ifreq request_for(const char *name)
{
	struct ifreq request = {0};

	(void)snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name); /* cut to fit */
	return request;
}

enum interface_state interface_state(int fd, const char *name)
{
	struct ifreq request = request_for(name);

	if (ioctl(fd, SIOCGIFFLAGS, &request) != 0)
		return errno == ENODEV ? INTERFACE_GONE : INTERFACE_UP; /* cannot tell: go on */
	return request.ifr_flags & IFF_UP ? INTERFACE_UP : INTERFACE_DOWN;
}

static bool is_loopback(int fd, const char *name)
{
	struct ifreq request = request_for(name);

	return ioctl(fd, SIOCGIFFLAGS, &request) == 0 && (request.ifr_flags & IFF_LOOPBACK);
}

static bool is_veth(int fd, const char *name)
{
	struct ethtool_drvinfo driver = {.cmd = ETHTOOL_GDRVINFO};
	struct ifreq request = request_for(name);

	request.ifr_data = (char *)&driver;
	return ioctl(fd, SIOCETHTOOL, &request) == 0 && strcmp(driver.driver, "veth") == 0;
}

bool interface_sees_all(int fd, const char *name)
{
	return is_loopback(fd, name) || is_veth(fd, name);
}

void interface_names(struct text *names)
{
	struct if_nameindex *all = if_nameindex();

	for (struct if_nameindex *at = all; at && at->if_index != 0; at++) {
		text_add(names, at->if_name);
		text_add(names, ", ");
	}
	text_add(names, "any");
	if (all)
		if_freenameindex(all);
}

/* ---- the list for -D ---- */

static struct addr addr_of(const struct sockaddr *address)
{
	struct addr addr = {0};

	if (address && address->sa_family == AF_INET) {
		struct sockaddr_in in;
		memcpy(&in, address, sizeof in);
		addr.version = 4;
		memcpy(addr.bytes, &in.sin_addr, sizeof in.sin_addr);
	} else if (address && address->sa_family == AF_INET6) {
		struct sockaddr_in6 in;
		memcpy(&in, address, sizeof in);
		addr.version = 6;
		memcpy(addr.bytes, &in.sin6_addr, sizeof in.sin6_addr);
	}
	return addr;
}

static const char *state_of(const pcap_if_t *device)
{
	if (!(device->flags & PCAP_IF_UP))
		return _("down");
	return device->flags & PCAP_IF_RUNNING ? _("up") : _("up, not connected");
}

/* One line: name, state, addresses. */
static int list_one(int fd, const pcap_if_t *device)
{
	TEXT(line, 1024);

	text_addf(&line, "%-15s %s", device->name, state_of(device));
	for (const pcap_addr_t *at = device->addresses; at; at = at->next) {
		struct addr addr = addr_of(at->addr);
		if (addr.version == 0)
			continue;
		text_add(&line, "  ");
		text_add_addr(&line, &addr);
	}
	if (strcmp(device->name, "any") == 0)
		text_addf(&line, "  (%s)", _("all interfaces at once"));
	text_add_char(&line, '\n');
	return io_write_all(fd, line.bytes, line.len);
}

/* libpcap also lists devices that are no network interfaces (USB, D-Bus, netfilter logs). */
static bool is_interface(const pcap_if_t *device)
{
	return strcmp(device->name, "any") == 0 || if_nametoindex(device->name) != 0;
}

int live_list(int fd, struct err *err)
{
	char why[PCAP_ERRBUF_SIZE];
	pcap_if_t *devices = NULL;
	int status = 0;

	if (pcap_findalldevs(&devices, why) != 0)
		return err_set(err, _("cannot list the interfaces: %s"), why);
	for (const pcap_if_t *at = devices; at && status == 0; at = at->next)
		if (is_interface(at))
			status = list_one(fd, at);
	if (status != 0)
		(void)err_errno(err, _("cannot write the list")); /* the status is returned */
	pcap_freealldevs(devices);
	return status;
}
