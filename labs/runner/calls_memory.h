/* calls_memory.h: what a stopped program has in its memory: the data that the arguments of its
 * calls point to. All reads are bounded by the caller; a bad address is the program's affair. */
#ifndef WIRELAB_RUNNER_CALLS_MEMORY_H
#define WIRELAB_RUNNER_CALLS_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

#include "base/vocab.h"

/* Copies n bytes from that address of the thread's process. False when not all can be read. */
bool calls_memory_read(pid_t tid, uint64_t address, void *to, size_t n);

/* Address and port of a sockaddr of AF_INET or AF_INET6; version 0 for any other. An IPv4 address
 * mapped into IPv6 (RFC 4291 section 2.5.5.2) becomes the IPv4 address that is on the wire. */
struct endpoint calls_endpoint(const struct sockaddr_storage *address, size_t len);

/* The same for a sockaddr in the memory of the thread's process. */
struct endpoint calls_memory_endpoint(pid_t tid, uint64_t address, uint64_t len);

#endif
