/* confine.c: least privilege in four steps (capabilities(7), PR_SET_NO_NEW_PRIVS, landlock(7),
 * seccomp(2)), each of which alone would hold; and /proc closed to others (PR_SET_DUMPABLE). It
 * must not know what the tracer does beyond the list of system calls below. */
#include "capture/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <linux/sockios.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/capability.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/i18n.h"

/* ---- capabilities ---- */

/* So that not even a program of root's could get them back. Without CAP_SETPCAP the kernel refuses
 * (EPERM), and no_new_privs does the same work. */
static int drop_bounding_set(void)
{
	for (cap_value_t cap = 0; cap < cap_max_bits(); cap++)
		if (cap_drop_bound(cap) != 0 && errno != EPERM && errno != EINVAL)
			return -1;
	return 0;
}

static bool is_permitted(cap_value_t cap)
{
	cap_flag_value_t value = CAP_CLEAR;
	cap_t now = cap_get_proc();

	if (now) {
		(void)cap_get_flag(now, cap, CAP_PERMITTED, &value); /* else it stays clear */
		(void)cap_free(now);                                 /* it is a valid cap_t */
	}
	return value == CAP_SET;
}

/* Permitted, effective and inheritable; one may be kept in the first two (-1: none). */
static int drop_own_sets(cap_value_t kept)
{
	bool keep = kept >= 0 && is_permitted(kept);
	cap_t left = cap_init();

	if (!left)
		return -1;
	int status = 0;
	if (keep)
		status = cap_set_flag(left, CAP_PERMITTED, 1, &kept, CAP_SET) |
		         cap_set_flag(left, CAP_EFFECTIVE, 1, &kept, CAP_SET);
	if (status == 0)
		status = cap_set_proc(left);
	(void)cap_free(left); /* it is a valid cap_t */
	return status;
}

static int drop_capabilities(cap_value_t kept, struct err *err)
{
	/* An old kernel has no ambient set (EINVAL). */
	if (cap_reset_ambient() != 0 && errno != EINVAL && errno != EPERM)
		return err_errno(err, _("cannot clear the ambient capabilities"));
	if (drop_bounding_set() != 0)
		return err_errno(err, _("cannot drop the bounding set of capabilities"));
	if (drop_own_sets(kept) != 0)
		return err_errno(err, _("cannot drop capabilities"));
	return 0;
}

/* ---- Landlock ---- */

/* File-system rights that each version of Landlock's interface knows: all of them are handled, no
 * rule allows any. The headers of the build machine may be older than the kernel. */
static const uint64_t landlock_rights[] = {
        [1] = (UINT64_C(1) << 13) - 1, /* execute … make symbolic link */
        [2] = (UINT64_C(1) << 14) - 1, /* refer */
        [3] = (UINT64_C(1) << 15) - 1, /* truncate */
        [4] = (UINT64_C(1) << 15) - 1, [5] = (UINT64_C(1) << 16) - 1, /* ioctl on devices */
};

enum { LANDLOCK_NEWEST = sizeof landlock_rights / sizeof landlock_rights[0] - 1 };

/* Forbids to open any file. A kernel without Landlock is no failure: seccomp forbids it too. */
static int forbid_files(struct err *err)
{
	long version =
	        syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

	if (version < 1)
		return 0;
	if (version > LANDLOCK_NEWEST)
		version = LANDLOCK_NEWEST;
	struct landlock_ruleset_attr rules = {.handled_access_fs = landlock_rights[version]};
	long fd = syscall(SYS_landlock_create_ruleset, &rules, sizeof rules.handled_access_fs, 0);
	if (fd < 0)
		return err_errno(err, _("cannot make a Landlock rule"));
	long status = syscall(SYS_landlock_restrict_self, fd, 0);
	int why = errno;
	(void)close((int)fd); /* the rule holds without it */
	errno = why;
	return status == 0 ? 0 : err_errno(err, _("cannot confine the process by Landlock"));
}

/* ---- seccomp ---- */

/* What a running tracer calls, its C library and libpcap included; system calls that a machine
 * does not have are passed over. */
static const int allowed_calls[] = {
        /* what is open: input, output, the capture's ring, the terminal */
        SCMP_SYS(read),
        SCMP_SYS(readv),
        SCMP_SYS(pread64),
        SCMP_SYS(recvfrom),
        SCMP_SYS(recvmsg),
        SCMP_SYS(recv),
        SCMP_SYS(write),
        SCMP_SYS(writev),
        SCMP_SYS(pwrite64),
        SCMP_SYS(lseek),
        SCMP_SYS(_llseek),
        SCMP_SYS(ftruncate),
        SCMP_SYS(ftruncate64),
        SCMP_SYS(fsync),
        SCMP_SYS(fdatasync),
        SCMP_SYS(fstat),
        SCMP_SYS(fstat64),
        SCMP_SYS(newfstatat),
        SCMP_SYS(fstatat64),
        SCMP_SYS(statx),
        SCMP_SYS(close),
        SCMP_SYS(getsockopt),
        /* waiting */
        SCMP_SYS(poll),
        SCMP_SYS(ppoll),
        SCMP_SYS(ppoll_time64),
        SCMP_SYS(select),
        SCMP_SYS(_newselect),
        SCMP_SYS(pselect6),
        SCMP_SYS(pselect6_time64),
        SCMP_SYS(epoll_wait),
        SCMP_SYS(epoll_pwait),
        SCMP_SYS(epoll_ctl),
        SCMP_SYS(nanosleep),
        SCMP_SYS(clock_nanosleep),
        SCMP_SYS(clock_nanosleep_time64),
        SCMP_SYS(restart_syscall),
        SCMP_SYS(sched_yield),
        SCMP_SYS(futex),
        SCMP_SYS(futex_time64),
        /* memory */
        SCMP_SYS(brk),
        SCMP_SYS(munmap),
        SCMP_SYS(mremap),
        SCMP_SYS(madvise),
        /* time, signals, itself */
        SCMP_SYS(clock_gettime),
        SCMP_SYS(clock_gettime64),
        SCMP_SYS(clock_getres),
        SCMP_SYS(gettimeofday),
        SCMP_SYS(time),
        SCMP_SYS(timer_settime),
        SCMP_SYS(setitimer),
        SCMP_SYS(timerfd_settime),
        SCMP_SYS(rt_sigaction),
        SCMP_SYS(rt_sigprocmask),
        SCMP_SYS(rt_sigreturn),
        SCMP_SYS(rt_sigpending),
        SCMP_SYS(rt_sigsuspend),
        SCMP_SYS(rt_sigtimedwait),
        SCMP_SYS(sigreturn),
        SCMP_SYS(sigaltstack),
        SCMP_SYS(getpid),
        SCMP_SYS(getppid),
        SCMP_SYS(gettid),
        SCMP_SYS(getuid),
        SCMP_SYS(geteuid),
        SCMP_SYS(getgid),
        SCMP_SYS(getegid),
        SCMP_SYS(capget),
        SCMP_SYS(getrandom),
        SCMP_SYS(getrusage),
        SCMP_SYS(sysinfo),
        SCMP_SYS(uname),
        SCMP_SYS(exit),
        SCMP_SYS(exit_group),
};

/* Calls of which only one use is allowed: argument `arg`, under `mask`, equals `value`. */
struct narrow_call {
	int call;
	unsigned arg;
	uint64_t mask, value;
};

#define WHOLE UINT64_C(0xffffffff) /* of an int */

static const struct narrow_call narrow_calls[] = {
        /* memory, but no new code */
        {SCMP_SYS(mmap), 2, PROT_EXEC, 0},
        {SCMP_SYS(mmap2), 2, PROT_EXEC, 0},
        {SCMP_SYS(mprotect), 2, PROT_EXEC, 0},
        /* the terminal's size; what waits in a pipe; whether the interface is up */
        {SCMP_SYS(ioctl), 1, WHOLE, TCGETS},
        {SCMP_SYS(ioctl), 1, WHOLE, TIOCGWINSZ},
        {SCMP_SYS(ioctl), 1, WHOLE, FIONREAD},
        {SCMP_SYS(ioctl), 1, WHOLE, SIOCGIFFLAGS},
        {SCMP_SYS(ioctl), 1, WHOLE, SIOCGIFINDEX},
        {SCMP_SYS(ioctl), 1, WHOLE, SIOCGIFNAME},
        {SCMP_SYS(fcntl), 1, WHOLE, F_GETFL},
        {SCMP_SYS(fcntl), 1, WHOLE, F_SETFL},
        {SCMP_SYS(fcntl), 1, WHOLE, F_GETFD},
        {SCMP_SYS(fcntl64), 1, WHOLE, F_GETFL},
        {SCMP_SYS(fcntl64), 1, WHOLE, F_SETFL},
        {SCMP_SYS(fcntl64), 1, WHOLE, F_GETFD},
};

/* A call that this machine lacks has a negative number and cannot be added: that is all right. */
static int allow(scmp_filter_ctx filter, int call, unsigned n_args, struct scmp_arg_cmp *args)
{
	return call < 0 ? 0 : seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, n_args, args);
}

static int add_rules(scmp_filter_ctx filter)
{
	int status = 0;

	for (size_t i = 0; i < sizeof allowed_calls / sizeof allowed_calls[0] && !status; i++)
		status = allow(filter, allowed_calls[i], 0, NULL);
	for (size_t i = 0; i < sizeof narrow_calls / sizeof narrow_calls[0] && !status; i++) {
		const struct narrow_call *narrow = &narrow_calls[i];
		struct scmp_arg_cmp only =
		        SCMP_CMP(narrow->arg, SCMP_CMP_MASKED_EQ, narrow->mask, narrow->value);
		status = allow(filter, narrow->call, 1, &only);
	}
	if (!status) { /* abort() sends a signal to the process itself, and only that is allowed */
		struct scmp_arg_cmp self = SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0);
		status = allow(filter, SCMP_SYS(tgkill), 1, &self);
	}
	return status;
}

/* What the opener and the wire need besides; the list ends with -1. */
static const int opener_calls[] = {SCMP_SYS(openat), SCMP_SYS(sendmsg), -1};
static const int wire_calls[] = {SCMP_SYS(sendmmsg), -1};

static int filter_system_calls(const int *more, struct err *err)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));

	if (!filter)
		return err_set(err, _("cannot make a seccomp filter: not enough memory"));
	int status = add_rules(filter);
	for (; more && *more != -1 && !status; more++)
		status = allow(filter, *more, 0, NULL);
	if (!status)
		status = seccomp_load(filter);
	seccomp_release(filter);
	if (!status)
		return 0;
	errno = -status; /* libseccomp returns it so */
	return err_errno(err, _("cannot install the seccomp filter"));
}

static int no_new_privileges(struct err *err)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return err_errno(err, _("cannot set no_new_privs"));
	return 0;
}

/* A lab program has our user's rights: without this it could open our descriptors and memory in
 * /proc. There is no core file either: it would hold what was captured. Our own /proc/self, which
 * libraries read, stays open to us. */
static int hide_in_proc(struct err *err)
{
	if (prctl(PR_SET_DUMPABLE, 0) != 0)
		return err_errno(err, _("cannot keep other programs out of this process"));
	return 0;
}

/* All of it, for a process that opens no files any more. */
static int confine(const int *more_calls, struct err *err)
{
	if (hide_in_proc(err) != 0)
		return -1;
	if (drop_capabilities(-1, err) != 0 || no_new_privileges(err) != 0)
		return -1;
	if (forbid_files(err) != 0)
		return -1;
	return filter_system_calls(more_calls, err);
}

int confine_self(struct err *err)
{
	return confine(NULL, err);
}

int confine_wire(struct err *err)
{
	return confine(wire_calls, err);
}

int confine_opener(struct err *err)
{
	if (hide_in_proc(err) != 0)
		return -1;
	if (drop_capabilities(CAP_DAC_OVERRIDE, err) != 0 || no_new_privileges(err) != 0)
		return -1;
	return filter_system_calls(opener_calls, err);
}
