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
#include <string.h>
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
enum { MAX_CPU_S = 6, MAX_PROCESSES = 400, MAX_FILE_MIB = 64 };
enum { MAX_MEMORY_MIB = 512, MAX_WRITTEN_MIB = 256 };
enum { PROC_BYTES = 2048 }; /* of a file about a process: more than any of those read here has */

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

/* A file about a process (man 5 proc); "" when it has just ended, or may not be read. */
static void read_about(int proc_fd, const char *pid, const char *name, char text[PROC_BYTES])
{
	char path[300];
	(void)snprintf(path, sizeof path, "%s/%s", pid, name); /* a name of a folder: it fits */
	int fd = openat(proc_fd, path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : io_read_full(fd, text, PROC_BYTES - 1);
	if (fd >= 0)
		(void)close(fd); /* was only read */
	text[n > 0 ? n : 0] = '\0';
}

/* The number behind "\nName:"; 0: there is no such line. */
static uint64_t number_behind(const char *text, const char *name)
{
	const char *at = strstr(text, name);
	return at ? strtoull(at + strlen(name), NULL, 10) : 0;
}

/* What a process has in memory; what it shares with others counts in full. */
static uint64_t resident(int proc_fd, const char *pid)
{
	char text[PROC_BYTES], *second;
	read_about(proc_fd, pid, "statm", text);
	(void)strtoull(text, &second, 10); /* its whole address space */
	return strtoull(second, NULL, 10) * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* The same, but of what n processes share, as after fork(), each has one n-th. The kernel takes its
 * time to find that out. */
static uint64_t own_part(int proc_fd, const char *pid)
{
	char text[PROC_BYTES];
	read_about(proc_fd, pid, "smaps_rollup", text);
	return text[0] != '\0' ? number_behind(text, "\nPss:") * 1024 : resident(proc_fd, pid);
}

/* What it, and its children that have ended, have written to disks and have not taken back. */
static uint64_t written(int proc_fd, const char *pid)
{
	char text[PROC_BYTES];
	read_about(proc_fd, pid, "io", text);
	uint64_t n = number_behind(text, "\nwrite_bytes:");
	uint64_t back = number_behind(text, "\ncancelled_write_bytes:");
	return n > back ? n - back : 0;
}

static bool is_ours(const struct supervisor *s, pid_t pid)
{
	return pid == getpid() || pid == s->tracing.pid || pid == s->wire.pid || pid == s->apart;
}

static uint64_t one(int proc_fd, const char *pid)
{
	(void)proc_fd; /* it is there: that is all */
	(void)pid;
	return 1;
}

/* The sum of a figure over all processes of the programs; 0 where they cannot be seen: then the
 * limits of each are all there is. */
static uint64_t sum(const struct supervisor *s, uint64_t (*figure)(int proc_fd, const char *pid))
{
	uint64_t total = 0;
	int fd = program_proc_is_ours(s->proc_fd)
	                 ? openat(s->proc_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
	                 : -1;
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);
	if (!folder)
		return 0;
	for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
		pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);
		if (isdigit((unsigned char)entry->d_name[0]) && !is_ours(s, pid))
			total += figure(s->proc_fd, entry->d_name);
	}
	(void)closedir(folder); /* was only read */
	return total;
}

/* True, with a sentence, when it is too much. */
static bool is_exceeded(const struct supervisor *s, struct text *what)
{
	const uint64_t most = MAX_MEMORY_MIB * MIB;
	if (sum(s, one) > MAX_PROCESSES)
		text_addf(what, _("the programs made more than %d processes"), MAX_PROCESSES);
	else if (sum(s, resident) > most && sum(s, own_part) > most)
		text_addf(what, _("the programs used more than %d MiB of memory"), MAX_MEMORY_MIB);
	else if (sum(s, written) > MAX_WRITTEN_MIB * MIB)
		text_addf(what, _("the programs wrote more than %d MiB to files"), MAX_WRITTEN_MIB);
	return what->len > 0;
}

void limits_watch(struct supervisor *s)
{
	TEXT(what, 200);
	if (!s->plan->confined || !stages_running(s) || supervisor_now() < s->limits_ns)
		return;
	bool exceeded = is_exceeded(s, &what);
	s->limits_ns = supervisor_now() + LIMITS_LOOK_MS * NS_PER_MS; /* a look may take long */
	if (!exceeded)
		return;
	(void)supervisor_fail(s, FAILED, _("%s: ended"), what.bytes);
	report_note(&s->report, "ended: %s", what.bytes);
	calls_hold_no_more(&s->calls);
	apart_end(s->apart); /* with their process 1 all are killed */
	stages_stop(s);
}
