/* io.c: loops on short writes, short reads and EINTR. Knows nothing of what the bytes mean. */
#include "base/io.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

int io_write_all(int fd, const void *bytes, size_t n)
{
	const char *at = bytes;
	while (n > 0) {
		ssize_t done = write(fd, at, n);
		if (done < 0) {
			if (errno == EINTR)
				continue;
			return -1;
		}
		at += done;
		n -= (size_t)done;
	}
	return 0;
}

ssize_t io_read_full(int fd, void *bytes, size_t n)
{
	char *at = bytes;
	size_t got = 0;
	while (got < n) {
		ssize_t done = read(fd, at + got, n - got);
		if (done == 0)
			break;
		if (done < 0) {
			if (errno == EINTR)
				continue;
			return -1;
		}
		got += (size_t)done;
	}
	return (ssize_t)got;
}

int io_wait_readable(int fd, int timeout_ms)
{
	struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
	int n = poll(&poll_fd, 1, timeout_ms);
	if (n < 0)
		return errno == EINTR ? 0 : -1;
	if (n > 0 && (poll_fd.revents & POLLNVAL)) {
		errno = EBADF;
		return -1;
	}
	return n;
}
