/* calls_memory.c: see calls_memory.h; man 2 process_vm_readv. Knows no system call. */
#include "runner/calls_memory.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/uio.h>

bool calls_memory_read(pid_t tid, uint64_t address, void *to, size_t n)
{
	struct iovec local = {.iov_base = to, .iov_len = n};
	struct iovec remote = {.iov_len = n};
	uintptr_t there = (uintptr_t)address; /* of another process: no pointer of ours */
	memcpy(&remote.iov_base, &there, sizeof there);
	return address != 0 && process_vm_readv(tid, &local, 1, &remote, 1, 0) == (ssize_t)n;
}

static struct endpoint endpoint_v4(const struct sockaddr_in *in)
{
	struct endpoint end = {.addr.version = 4, .port = ntohs(in->sin_port)};
	memcpy(end.addr.bytes, &in->sin_addr, sizeof in->sin_addr);
	return end;
}

static struct endpoint endpoint_v6(const struct sockaddr_in6 *in)
{
	struct endpoint end = {.addr.version = 6, .port = ntohs(in->sin6_port)};
	const uint8_t *bytes = in->sin6_addr.s6_addr;
	if (IN6_IS_ADDR_V4MAPPED(&in->sin6_addr)) {
		end.addr.version = 4;
		memcpy(end.addr.bytes, bytes + 12, 4); /* behind ten zeros and ff:ff */
	} else {
		memcpy(end.addr.bytes, bytes, sizeof end.addr.bytes);
	}
	return end;
}

struct endpoint calls_endpoint(const struct sockaddr_storage *address, size_t len)
{
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
	if (address->ss_family == AF_INET && len >= sizeof in) {
		memcpy(&in, address, sizeof in);
		return endpoint_v4(&in);
	}
	if (address->ss_family == AF_INET6 && len >= sizeof in6) {
		memcpy(&in6, address, sizeof in6);
		return endpoint_v6(&in6);
	}
	return (struct endpoint){.port = 0};
}

struct endpoint calls_memory_endpoint(pid_t tid, uint64_t address, uint64_t len)
{
	struct sockaddr_storage storage = {.ss_family = AF_UNSPEC};
	size_t n = len < sizeof storage ? (size_t)len : sizeof storage;
	if (n < sizeof(sa_family_t) || !calls_memory_read(tid, address, &storage, n))
		return (struct endpoint){.port = 0};
	return calls_endpoint(&storage, n);
}
