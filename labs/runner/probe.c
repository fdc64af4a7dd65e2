/* probe.c: the probes of `wirelab doctor`. It must not know what is told about them. */
#include "runner/probe.h"

#include <endian.h>
#include <errno.h>
#include <limits.h>
#include <linux/capability.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "runner/hosts.h"
#include "runner/sockdiag.h"

enum { PORT_ANY = 0 };

/* Waits for a child whose exit status is an errno value. */
static int verdict(pid_t child)
{
	int status;
	if (child < 0)
		return errno;
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : ECHILD;
}

/* Runs `probe` as the first process of namespaces like those of a run. */
static int inside(int (*probe)(void))
{
	struct identity identity;
	struct err err; /* the errno says enough */
	TEXT(reasons, 256);
	pid_t child = hosts_fork(&identity);
	if (child != 0)
		return verdict(child);
	if (hosts_become(&identity) < 0 || hosts_set_up(&reasons, &err) < 0)
		_exit(errno != 0 ? errno : EPERM);
	_exit(probe());
}

static int nothing_more(void)
{
	return 0;
}

static int open_packet_socket(void)
{
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return errno;
	(void)close(fd); /* that it opened is the answer */
	return 0;
}

int probe_namespaces(void)
{
	return inside(nothing_more);
}

int probe_capture_inside(void)
{
	return inside(open_packet_socket);
}

/* Sends one request to the kernel's network code and waits for its acknowledgement. */
static int ask_kernel(const void *request, size_t n)
{
	struct {
		struct nlmsghdr header;
		struct nlmsgerr error;
		char rest[256]; /* the request is quoted behind the answer */
	} answer;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (fd < 0)
		return errno;
	memset(&answer, 0, sizeof answer);
	int error = 0;
	if (send(fd, request, n, 0) < 0 || recv(fd, &answer, sizeof answer, 0) < 0)
		error = errno;
	else if (answer.header.nlmsg_type == NLMSG_ERROR)
		error = -answer.error.error;
	(void)close(fd); /* it holds nothing */
	return error;
}

/* "Make a link of kind veth": attributes within attributes, each with its length and type. */
static int make_veth(void)
{
	struct {
		struct nlmsghdr header;
		struct ifinfomsg link;
		struct rtattr info, kind;
		char kind_name[4];
	} request = {
	        .header = {.nlmsg_len = sizeof request,
	                   .nlmsg_type = RTM_NEWLINK,
	                   .nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK},
	        .info = {.rta_len = 2 * sizeof(struct rtattr) + 4, .rta_type = IFLA_LINKINFO},
	        .kind = {.rta_len = sizeof(struct rtattr) + 4, .rta_type = IFLA_INFO_KIND},
	        .kind_name = {'v', 'e', 't', 'h'},
	};
	return ask_kernel(&request, sizeof request);
}

int probe_veth(void)
{
	return inside(make_veth);
}

int probe_ptrace(void)
{
	pid_t child = fork();
	if (child != 0)
		return verdict(child);
	_exit(ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0 ? errno : 0);
}

int probe_sock_diag(void)
{
	struct err err; /* the errno says enough */
	struct census census;
	errno = 0;
	struct netlink *diag = netlink_open(NETLINK_SOCK_DIAG, &err);
	if (diag == NULL)
		return errno != 0 ? errno : EPROTONOSUPPORT;
	int result = census_take(&census, diag, PORT_ANY, true, false, &err);
	int error = errno;
	netlink_close(diag);
	if (result == 0)
		return 0;
	return error != 0 ? error : EPROTONOSUPPORT;
}

/* True if the file carries CAP_NET_RAW for whoever executes it (linux/capability.h has the form of
 * the attribute). */
static bool has_file_capability(const char *path)
{
	struct vfs_cap_data caps;
	memset(&caps, 0, sizeof caps);
	ssize_t n = getxattr(path, "security.capability", &caps, sizeof caps);
	return n >= (ssize_t)XATTR_CAPS_SZ_1 &&
	       (le32toh(caps.data[0].permitted) & UINT32_C(1) << CAP_NET_RAW) != 0;
}

int probe_capture_here(const char *tracer_path)
{
	return has_file_capability(tracer_path) ? 0 : open_packet_socket();
}

bool probe_tool(const char *name)
{
	char path[PATH_MAX];
	const char *at = getenv("PATH");
	while (at != NULL && *at != '\0') {
		int len = (int)strcspn(at, ":");
		int n = snprintf(path, sizeof path, "%.*s/%s", len, at, name);
		if (len > 0 && n < (int)sizeof path && access(path, X_OK) == 0)
			return true;
		at += len + (at[len] == ':');
	}
	return false;
}
