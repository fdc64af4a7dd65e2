/* limits.c: see limits.h. The figures leave room for every lab, for programs under AddressSanitizer
 * and for interpreters, and end what runs away within a second or two. */
#include "runner/limits.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/io.h"
#include "runner/apart.h"
#include "runner/privilege.h"
#include "runner/program.h"
#include "runner/stages.h"
#include "runner/supervisor.h"

#define MIB (1024ULL * 1024)

enum { FAILED = 1 }; /* exit status */
enum { MAX_CPU_S = 6, MAX_PROCESSES = 400, MAX_FILE_MIB = 64, MAX_MEMORY_MIB = 512 };

/* RLIMIT_AS and RLIMIT_DATA would end programs of Go and of AddressSanitizer at once, which reserve
 * terabytes and use little; RLIMIT_NPROC counts all processes of the user on older kernels. */
static const struct limit {
	__rlimit_resource_t resource;
	rlim_t most;
} limits[] = {
        {RLIMIT_CPU, MAX_CPU_S},
        {RLIMIT_FSIZE, MAX_FILE_MIB *MIB},
        {RLIMIT_CORE, 0},
        {RLIMIT_NPROC, 4096},
};

static int set_limits(void)
{
	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
		struct rlimit limit;
		if (getrlimit(limits[i].resource, &limit) < 0)
			return -1;
		if (limit.rlim_max > limits[i].most)
			limit.rlim_max = limits[i].most;
		limit.rlim_cur = limit.rlim_max;
		if (limits[i].resource == RLIMIT_CPU && limit.rlim_cur > 1)
			limit.rlim_cur--; /* first SIGXCPU, which says why, then SIGKILL */
		if (setrlimit(limits[i].resource, &limit) < 0)
			return -1;
	}
	return 0;
}

/* What no network program needs, and what reaches out of the namespaces: other namespaces, other
 * processes' memory, the kernel's keys and programs. */
static const char *const refused[] = {
        "unshare",
        "setns",
        "mount",
        "umount2",
        "pivot_root",
        "ptrace",
        "process_vm_readv",
        "process_vm_writev",
        "bpf",
        "perf_event_open",
        "keyctl",
        "add_key",
        "request_key",
        "userfaultfd",
        "open_by_handle_at",
        "kexec_load",
        "init_module",
        "finit_module",
        "reboot",
        "swapon",
};

static int add_rules(scmp_filter_ctx filter)
{
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		int call = seccomp_syscall_resolve_name(refused[i]);
		if (call == __NR_SCMP_ERROR)
			continue; /* this architecture has no such call */
		int error = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), call, 0);
		if (error != 0)
			return error;
	}
	/* the sockets of services on this machine, which lie in the file system */
	return seccomp_rule_add(filter, SCMP_ACT_ERRNO(EAFNOSUPPORT), SCMP_SYS(socket), 1,
	                        SCMP_A0(SCMP_CMP_EQ, AF_UNIX, 0));
}

static int load_filter(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	if (!filter) {
		errno = ENOMEM;
		return -1;
	}
	int error = add_rules(filter);
	if (error == 0)
		error = seccomp_load(filter);
	seccomp_release(filter);
	errno = -error;
	return error == 0 ? 0 : -1;
}

int limits_confine_self(void)
{
	return set_limits() < 0 || privilege_none() < 0 || load_filter() < 0 ? -1 : 0;
}

/* ---- the watch ---- */

/* Resident bytes of a process; 0 when it has just ended. */
static uint64_t resident(int proc_fd, const char *pid)
{
	char path[300], line[128];
	(void)snprintf(path, sizeof path, "%s/statm", pid); /* a name of a folder: it fits */
	int fd = openat(proc_fd, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	ssize_t n = io_read_full(fd, line, sizeof line - 1);
	(void)close(fd); /* was only read */
	line[n > 0 ? n : 0] = '\0';
	char *second;
	(void)strtoull(line, &second, 10); /* its whole address space */
	return strtoull(second, NULL, 10) * (uint64_t)sysconf(_SC_PAGESIZE);
}

static bool is_ours(const struct supervisor *s, pid_t pid)
{
	return pid == getpid() || pid == s->tracing.pid || pid == s->wire.pid || pid == s->apart;
}

/* True, with a sentence, when it is too much. */
static bool is_exceeded(const struct supervisor *s, struct text *what)
{
	uint64_t bytes = 0, n = 0;
	int fd = program_proc_is_ours(s->proc_fd)
	                 ? openat(s->proc_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
	                 : -1;
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);
	if (!folder)
		return false; /* nothing to look at: the limits of each process are all there is */
	for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
		pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);
		if (!isdigit((unsigned char)entry->d_name[0]) || is_ours(s, pid))
			continue;
		bytes += resident(s->proc_fd, entry->d_name);
		n++;
	}
	(void)closedir(folder); /* was only read */
	if (bytes > MAX_MEMORY_MIB * MIB)
		text_addf(what, _("the programs used more than %d MiB of memory"), MAX_MEMORY_MIB);
	else if (n > MAX_PROCESSES)
		text_addf(what, _("the programs made more than %d processes"), MAX_PROCESSES);
	return what->len > 0;
}

void limits_watch(struct supervisor *s)
{
	TEXT(what, 200);
	int64_t now = supervisor_now();
	if (!s->plan->confined || !stages_running(s) || now < s->limits_ns)
		return;
	s->limits_ns = now + LIMITS_LOOK_MS * NS_PER_MS;
	if (!is_exceeded(s, &what))
		return;
	(void)supervisor_fail(s, FAILED, _("%s: ended"), what.bytes);
	report_note(&s->report, "ended: %s", what.bytes);
	calls_hold_no_more(&s->calls);
	apart_end(s->apart); /* with their process 1 all are killed */
	stages_stop(s);
}
