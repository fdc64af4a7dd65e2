/* hosts.c: see hosts.h; man 7 namespaces, user_namespaces and network_namespaces. Starts no
 * program. */
#include "runner/hosts.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/io.h"
#include "runner/netlink.h"
#include "runner/reasons.h"

enum { ETHERNET_MTU = 1500 };

/* Written in this order below /proc/sys/net, in the new network namespace only. Most are the
 * kernel's defaults, which a distribution or an administrator may have changed: the same lab must
 * show the same segments everywhere (a first SYN: win=64240 mss=1460). */
static const struct pinned {
	const char *name, *value;
	const char *second; /* if the first is not allowed here */
} pinned[] = {
        {"ipv4/tcp_congestion_control", "cubic", "reno"}, /* some keep cubic for root */
        {"ipv4/tcp_rmem", "4096 131072 6291456", NULL},   /* the middle one: a SYN's window */
        {"ipv4/tcp_wmem", "4096 16384 4194304", NULL},
        {"ipv4/tcp_window_scaling", "1", NULL},
        {"ipv4/tcp_adv_win_scale", "1", NULL},
        {"ipv4/tcp_timestamps", "1", NULL},
        {"ipv4/tcp_sack", "1", NULL},
        {"ipv4/tcp_ecn", "2", NULL},
        {"ipv4/tcp_fastopen", "1", NULL},
        {"ipv4/tcp_syn_retries", "6", NULL},
        {"ipv4/tcp_syn_linear_timeouts", "4", NULL}, /* since Linux 6.5 */
        {"ipv4/tcp_synack_retries", "5", NULL},
        {"ipv4/tcp_retries2", "15", NULL},
        {"ipv4/tcp_fin_timeout", "60", NULL},
        {"ipv4/tcp_max_tw_buckets", "65536", NULL}, /* else by the size of the table below */
        {"ipv4/tcp_max_syn_backlog", "1024", NULL}, /* likewise */
        {"ipv4/ip_local_port_range", "32768 60999", NULL},
        {"ipv4/ip_unprivileged_port_start", "0", NULL},
};

/* The raw system call: the C library's fork() takes no flags. The order of its arguments is the
 * same on all architectures that Debian has, but for s390, as long as both pointers are null. */
static pid_t fork_with(unsigned long namespaces)
{
	unsigned long flags = namespaces | (unsigned long)SIGCHLD;
#ifdef __s390__
	return (pid_t)syscall(SYS_clone, 0UL, flags, NULL, NULL, 0UL);
#else
	return (pid_t)syscall(SYS_clone, flags, 0UL, NULL, NULL, 0UL);
#endif
}

pid_t hosts_fork(struct identity *identity)
{
	const unsigned long others = CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWPID;
	*identity = (struct identity){.uid = geteuid(), .gid = getegid(), .mapped = false};
	if (identity->uid == 0) {
		pid_t pid = fork_with(others);
		if (pid >= 0 || errno != EPERM)
			return pid;
	} /* root without CAP_SYS_ADMIN, as in a container, is like any user */
	identity->mapped = true;
	return fork_with(others | CLONE_NEWUSER);
}

static int write_proc(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	int result = io_write_all(fd, value, strlen(value));
	int error = errno;
	(void)close(fd); /* /proc has taken the value, or said no, in write() */
	errno = error;
	return result;
}

static int map_id(const char *path, unsigned id)
{
	char map[64];
	(void)snprintf(map, sizeof map, "%u %u 1", id, id); /* inside, outside, how many */
	return write_proc(path, map);
}

int hosts_become(const struct identity *identity)
{
	if (!identity->mapped)
		return 0;
	/* without "deny" the kernel lets no ordinary user map a group */
	if (write_proc("/proc/self/setgroups", "deny") < 0 && errno != ENOENT)
		return -1;
	if (map_id("/proc/self/uid_map", identity->uid) < 0)
		return -1;
	return map_id("/proc/self/gid_map", identity->gid);
}

int hosts_write_setting(const char *name, const char *value)
{
	char path[128];
	(void)snprintf(path, sizeof path, "/proc/sys/net/%s", name); /* fits */
	return write_proc(path, value);
}

/* Sets one, or its second choice. 0, or -1 with errno. */
static int pin(const struct pinned *setting)
{
	if (hosts_write_setting(setting->name, setting->value) == 0)
		return 0;
	if (errno == ENOENT && access("/proc/sys/net/ipv4", F_OK) == 0)
		return 0; /* one of a newer kernel: nothing to pin */
	return setting->second ? hosts_write_setting(setting->name, setting->second) : -1;
}

static void pin_settings(struct text *reasons)
{
	for (size_t i = 0; i < sizeof pinned / sizeof *pinned; i++) {
		if (pin(&pinned[i]) < 0)
			reasons_add_errno(reasons, pinned[i].name);
	}
}

int hosts_new_network(void)
{
	/* for the namespace that this one makes next; a kernel before 6.1 cannot */
	(void)hosts_write_setting("ipv4/tcp_child_ehash_entries", "1024");
	return unshare(CLONE_NEWNET);
}

int hosts_own_name(void)
{
	static const char name[] = "wirelab";
	return unshare(CLONE_NEWUTS) < 0 ? -1 : sethostname(name, sizeof name - 1);
}

int hosts_set_up(struct text *reasons, struct err *err)
{
	if (netlink_link_up("lo", ETHERNET_MTU, err) < 0 || netlink_offload_off("lo", err) < 0)
		return -1;
	pin_settings(reasons);
	return 0;
}

/* The number in a file of /proc/sys, or `otherwise` where there is no such file. */
static long setting(const char *path, long otherwise)
{
	char digits[32];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return otherwise;
	ssize_t n = io_read_full(fd, digits, sizeof digits - 1);
	(void)close(fd); /* was only read */
	if (n <= 0)
		return otherwise;
	digits[n] = '\0';
	return strtol(digits, NULL, 10);
}

/* What to change on this machine, as far as its settings tell. */
static const char *way_out(void)
{
	if (setting("/proc/sys/user/max_user_namespaces", 1) == 0)
		return _("sudo sysctl user.max_user_namespaces=15000");
	if (setting("/proc/sys/kernel/unprivileged_userns_clone", 1) == 0)
		return _("sudo sysctl kernel.unprivileged_userns_clone=1");
	if (setting("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", 0) == 1)
		return _("sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0 (or an "
		         "AppArmor "
		         "profile that allows wirelab `userns`)");
	return _("a container or sandbox that allows them (its seccomp rules or a chroot may be "
	         "what forbids them)");
}

int hosts_refused(int error, struct err *err)
{
	char storage[128];
	return err_set(err,
	               _("this machine does not let you make namespaces (%s). One of these helps:\n"
	                 "  - %s\n"
	                 "  - sudo wirelab run ...\n"
	                 "  - sudo make setcap, and then: wirelab run --host ... (on the real "
	                 "loopback)"),
	               strerror_r(error, storage, sizeof storage), way_out());
}
