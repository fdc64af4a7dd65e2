/* calls_sockets.c: see calls_sockets.h. To ask for the addresses we hold a copy of the descriptor
 * (pidfd_getfd) for a moment, in which the program is stopped: a close() of it means what it says.
 */
#include "runner/calls_sockets.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runner/calls_memory.h"

#define SOCKET_PREFIX "socket:["

/* Numbers of Linux 5.3 and 5.6, the same on all architectures, for older headers. */
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif

uint64_t calls_socket_inode(const char *link)
{
	if (strncmp(link, SOCKET_PREFIX, strlen(SOCKET_PREFIX)) != 0)
		return 0;
	return strtoull(link + strlen(SOCKET_PREFIX), NULL, 10);
}

/* A copy of the program's descriptor, or -1. */
static int borrow(const struct call_descriptor *descriptor)
{
	int process = (int)syscall(SYS_pidfd_open, descriptor->tgid, 0U);
	if (process < 0)
		return -1;
	int fd = (int)syscall(SYS_pidfd_getfd, process, descriptor->fd, 0U);
	(void)close(process); /* it holds nothing */
	return fd;
}

/* Port 0: it has no address yet, or none any more. */
static void keep(struct endpoint *end, const struct sockaddr_storage *address, socklen_t len)
{
	struct endpoint now = calls_endpoint(address, len);
	if (now.port != 0)
		*end = now;
}

static void ask_addresses(struct call_socket *socket, int fd)
{
	struct sockaddr_storage address;
	socklen_t len = sizeof address;
	if (getsockname(fd, (struct sockaddr *)&address, &len) == 0)
		keep(&socket->local, &address, len);
	len = sizeof address;
	if (getpeername(fd, (struct sockaddr *)&address, &len) == 0)
		keep(&socket->remote, &address, len);
}

/* Where we may not look, it counts as one that can be seen on the wire. */
static void look_at(struct call_socket *socket, const struct call_descriptor *descriptor)
{
	int fd = borrow(descriptor), domain = AF_INET;
	socklen_t len = sizeof domain;
	socket->internet = true;
	if (fd < 0)
		return;
	if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &len) == 0)
		socket->internet = domain == AF_INET || domain == AF_INET6;
	if (socket->internet)
		ask_addresses(socket, fd);
	(void)close(fd); /* the program has it open */
}

struct call_socket *calls_socket(struct call_sockets *sockets,
                                 const struct call_descriptor *descriptor)
{
	char path[64], link[64];
	(void)snprintf(path, sizeof path, "%d/fd/%d", (int)descriptor->tid, descriptor->fd);
	ssize_t n = readlinkat(sockets->proc_fd, path, link, sizeof link - 1);
	link[n > 0 ? n : 0] = '\0';
	uint64_t inode = calls_socket_inode(link);
	if (inode == 0)
		return NULL;
	struct call_socket *socket = &sockets->all[inode % CALL_SOCKETS_MAX];
	if (socket->inode != inode) {
		*socket = (struct call_socket){.inode = inode};
		look_at(socket, descriptor);
	}
	return socket;
}

void calls_socket_refresh(struct call_socket *socket, const struct call_descriptor *descriptor)
{
	int fd = borrow(descriptor);
	if (fd < 0)
		return;
	ask_addresses(socket, fd);
	(void)close(fd); /* the program has it open */
}
