/* calls_sockets.h: which socket a descriptor of a program is. The table of descriptors is the
 * kernel's own, read in /proc/PID/fd while the program is stopped: it is right after dup(), fork(),
 * exec, close_range() and for descriptors that came in a message, which a copy of ours would have
 * to follow call by call. What we keep is a bounded table of sockets by their inode (the number
 * that names a socket for its whole life), with their two addresses: these outlive a reset or a
 * close. */
#ifndef WIRELAB_RUNNER_CALLS_SOCKETS_H
#define WIRELAB_RUNNER_CALLS_SOCKETS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/vocab.h"

enum { CALL_SOCKETS_MAX = 1024 };

struct call_socket {
	uint64_t inode; /* 0: this place is free */
	bool internet;  /* of AF_INET or AF_INET6: what can be seen on the wire */
	struct endpoint local, remote;
};

/* A socket has its place by its inode; a newer one takes the place of one 1024 sockets older. */
struct call_sockets {
	int proc_fd; /* /proc that numbers processes as we do */
	struct call_socket all[CALL_SOCKETS_MAX];
};

/* A descriptor of a process: any of its threads, and the process (its first thread). */
struct call_descriptor {
	pid_t tid, tgid;
	int fd;
};

/* The socket behind it, looked at when it is new to us; NULL when it is none, or not open. Valid
 * until the next call. The process must be stopped, or at least this thread of it. */
struct call_socket *calls_socket(struct call_sockets *sockets,
                                 const struct call_descriptor *descriptor);

/* Asks for its two addresses again: after bind() or connect(). What the kernel does not say any
 * more (after a reset) is kept. */
void calls_socket_refresh(struct call_socket *socket, const struct call_descriptor *descriptor);

/* The inode of a link of /proc/PID/fd, "socket:[123]"; 0: no socket. */
uint64_t calls_socket_inode(const char *link);

#endif
