/* capture_bytes.h: for the tests of capture/: builds capture files byte by byte, in either byte
 * order, so that also files which no program would write can be read. */
#ifndef WIRELAB_TESTS_CAPTURE_BYTES_H
#define WIRELAB_TESTS_CAPTURE_BYTES_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/io.h"

struct bytes {
	uint8_t *data; /* owned; free() it */
	size_t len, size;
	bool big; /* numbers are written big-endian */
};

static inline void put(struct bytes *b, const void *data, size_t n)
{
	if (n > b->size - b->len) {
		b->size = (b->len + n) * 2;
		b->data = realloc(b->data, b->size);
		if (!b->data)
			abort();
	}
	if (n > 0)
		memcpy(b->data + b->len, data, n);
	b->len += n;
}

static inline void put_number(struct bytes *b, uint64_t value, size_t n)
{
	uint8_t out[8];

	for (size_t i = 0; i < n; i++)
		out[b->big ? n - 1 - i : i] = (uint8_t)(value >> 8 * i);
	put(b, out, n);
}

static inline void put16(struct bytes *b, uint64_t value)
{
	put_number(b, value, 2);
}

static inline void put32(struct bytes *b, uint64_t value)
{
	put_number(b, value, 4);
}

static inline void put_zeros(struct bytes *b, size_t n)
{
	static const uint8_t zeros[4096];

	for (; n > sizeof zeros; n -= sizeof zeros)
		put(b, zeros, sizeof zeros);
	put(b, zeros, n);
}

/* ---- pcap ---- */

static inline void put_pcap_header(struct bytes *b, uint32_t magic, uint32_t linktype)
{
	put32(b, magic);
	put16(b, 2);
	put16(b, 4);
	put_zeros(b, 8);
	put32(b, 65535);
	put32(b, linktype);
}

static inline void put_pcap_record(struct bytes *b, uint32_t seconds, uint32_t fraction,
                                   const char *frame, uint32_t wirelen)
{
	put32(b, seconds);
	put32(b, fraction);
	put32(b, strlen(frame));
	put32(b, wirelen);
	put(b, frame, strlen(frame));
}

/* ---- pcapng: each block is opened, filled and closed (its lengths put right) ---- */

static inline size_t open_block(struct bytes *b, uint32_t type)
{
	size_t at = b->len;

	put32(b, type);
	put32(b, 0);
	return at;
}

static inline void close_block(struct bytes *b, size_t at)
{
	put_zeros(b, -b->len & 3);
	put32(b, b->len + 4 - at);
	memcpy(b->data + at + 4, b->data + b->len - 4, 4);
}

static inline void put_section(struct bytes *b)
{
	size_t at = open_block(b, 0x0a0d0d0a);

	put32(b, 0x1a2b3c4d);
	put16(b, 1);
	put16(b, 0);
	put_number(b, UINT64_MAX, 8);
	close_block(b, at);
}

static inline void put_option(struct bytes *b, unsigned code, const void *value, size_t n)
{
	put16(b, code);
	put16(b, n);
	put(b, value, n);
	put_zeros(b, -n & 3);
}

/* resolution 0: without the option; offset 0: without it. */
static inline void put_interface(struct bytes *b, unsigned linktype, uint8_t resolution,
                                 int64_t offset_s)
{
	size_t at = open_block(b, 1);

	put16(b, linktype);
	put16(b, 0);
	put32(b, 65535);
	if (resolution != 0)
		put_option(b, 9, &resolution, 1);
	if (offset_s != 0) {
		put16(b, 14);
		put16(b, 8);
		put_number(b, (uint64_t)offset_s, 8);
	}
	close_block(b, at);
}

static inline void put_packet(struct bytes *b, uint32_t interface, uint64_t ticks,
                              const char *frame)
{
	size_t at = open_block(b, 6);

	put32(b, interface);
	put32(b, ticks >> 32);
	put32(b, ticks & 0xffffffff);
	put32(b, strlen(frame));
	put32(b, strlen(frame));
	put(b, frame, strlen(frame));
	close_block(b, at);
}

/* ---- files without a name ---- */

/* A descriptor of a file that holds these bytes, at its start; -1 on failure. */
static inline int file_of(const void *data, size_t n)
{
	int fd = memfd_create("capture", MFD_CLOEXEC);

	if (fd < 0 || io_write_all(fd, data, n) != 0 || lseek(fd, 0, SEEK_SET) != 0)
		return -1;
	return fd;
}

#endif
