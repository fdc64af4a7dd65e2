/* io.h: the one place that loops on short writes, short reads and EINTR. */
#ifndef WIRELAB_BASE_IO_H
#define WIRELAB_BASE_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Writes all n bytes. 0, or -1 with errno (EPIPE when the reader has gone). */
int io_write_all(int fd, const void *bytes, size_t n);

/* Reads until n bytes or end of file. Bytes read (fewer only at the end), or -1 with errno. */
ssize_t io_read_full(int fd, void *bytes, size_t n);

/* Waits until fd is readable, at most timeout_ms (-1: for ever). 1 readable or hung up, 0 timeout
 * or a signal, -1 error. */
int io_wait_readable(int fd, int timeout_ms);

#endif
