/* hook.c: the tracer, and a test inside it: linked with --wrap=confine_self, so that right after it
 * has confined itself it tries what it must not be able to do any more, and tells on standard
 * error, one line for each, "hook: NAME EPERM". Then it goes on to trace. Only the program of the
 * tests has this in it; tracer/main.c knows nothing of it. */
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "capture/confine.h"

int __real_confine_self(struct err *err);
int __wrap_confine_self(struct err *err);

static long address(const void *what)
{
	return (long)(intptr_t)what;
}

static void tell(const char *name, long result)
{
	const char *word = result < 0 ? strerrorname_np(errno) : "WORKED";
	(void)fprintf(stderr, "hook: %s %s\n", name, word ? word : "?"); /* the test looks for it */
}

static void try_files(void)
{
	tell("open", syscall(SYS_open, "/etc/passwd", O_RDONLY));
	tell("openat", syscall(SYS_openat, AT_FDCWD, "/proc/self/status", O_RDONLY));
	tell("creat", syscall(SYS_creat, "/tmp/wirelab-hook", 0600));
	tell("unlink", syscall(SYS_unlink, "/tmp/wirelab-hook"));
	tell("rename", syscall(SYS_rename, "/tmp/wirelab-hook", "/tmp/wirelab-hook-2"));
	tell("chmod", syscall(SYS_chmod, "/tmp", 0777));
	tell("mount", syscall(SYS_mount, "none", "/tmp", "tmpfs", 0, NULL));
	tell("memfd_create", syscall(SYS_memfd_create, "hook", 0));
	tell("open_by_handle_at", syscall(SYS_open_by_handle_at, AT_FDCWD, NULL, O_RDONLY));
}

static void try_network(void)
{
	int pair[2];
	tell("socket-tcp", syscall(SYS_socket, AF_INET, SOCK_STREAM, 0));
	tell("socket-unix", syscall(SYS_socket, AF_UNIX, SOCK_STREAM, 0));
	tell("socket-packet", syscall(SYS_socket, AF_PACKET, SOCK_RAW, 0));
	tell("socket-netlink", syscall(SYS_socket, AF_NETLINK, SOCK_RAW, 0));
	tell("socketpair", syscall(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, pair));
	tell("sendto", syscall(SYS_sendto, 0, "x", 1, 0, NULL, 0));
	tell("bind", syscall(SYS_bind, 0, NULL, 0));
	tell("connect", syscall(SYS_connect, 0, NULL, 0));
}

static void try_programs(void)
{
	char name[] = "true";
	char *argv[] = {name, NULL}, *none[] = {NULL};
	tell("execve", syscall(SYS_execve, "/bin/true", argv, none));
	tell("execveat", syscall(SYS_execveat, AT_FDCWD, "/bin/true", argv, none, 0));
	long child = syscall(SYS_fork);
	if (child == 0)
		_exit(0);
	tell("fork", child);
	tell("clone3", syscall(SYS_clone3, NULL, CLONE_ARGS_SIZE_VER0));
	tell("ptrace", syscall(SYS_ptrace, PTRACE_TRACEME, 0, 0, 0));
	tell("kill", syscall(SYS_kill, getppid(), 0));
	tell("process_vm_readv", syscall(SYS_process_vm_readv, getppid(), NULL, 0, NULL, 0, 0));
	tell("code", syscall(SYS_mmap, 0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
	                     -1, 0) == address(MAP_FAILED)
	                     ? -1
	                     : 0);
}

static void try_privileges(void)
{
	tell("setuid", syscall(SYS_setuid, 0));
	tell("capset", syscall(SYS_capset, NULL, NULL));
	tell("unshare", syscall(SYS_unshare, 0x10000000)); /* CLONE_NEWUSER */
	tell("setns", syscall(SYS_setns, 0, 0));
	tell("bpf", syscall(SYS_bpf, 0, NULL, 0));
	tell("io_uring_setup", syscall(SYS_io_uring_setup, 1, NULL));
	tell("prctl", syscall(SYS_prctl, PR_SET_DUMPABLE, 1, 0, 0, 0));
	tell("seccomp", syscall(SYS_seccomp, 0, 0, NULL));
}

int __wrap_confine_self(struct err *err)
{
	int status = __real_confine_self(err);
	try_files();
	try_network();
	try_programs();
	try_privileges();
	(void)fputs("hook: done\n", stderr); /* the test waits for it */
	return status;
}
