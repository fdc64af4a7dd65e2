/* writer_ring.c: the last blocks, in one piece of memory that is written round and round. A block
 * is never split: one that does not fit before the end starts at 0 again. */
#include <errno.h>
#include <stdlib.h>

#include "base/io.h"
#include "capture/writer_format.h"

int ring_init(struct writer_ring *ring, size_t size)
{
	*ring = (struct writer_ring){.bytes = malloc(size), .size = size};
	return ring->bytes ? 0 : -1;
}

void ring_release(struct writer_ring *ring)
{
	free(ring->bytes);
	ring->bytes = NULL;
}

static size_t block_len(const struct writer *writer, const uint8_t *block)
{
	bool is_frame;

	return writer->format == WRITER_PCAP ? writer_pcap_block(block, &is_frame)
	                                     : writer_pcapng_block(block, &is_frame);
}

static void forget_oldest(struct writer *writer)
{
	struct writer_ring *ring = &writer->ring;

	ring->first += block_len(writer, ring->bytes + ring->first);
	if (ring->turned && ring->first >= ring->turn) {
		ring->first = 0;
		ring->turned = false;
	}
}

static void start_over(struct writer_ring *ring)
{
	ring->turn = ring->end;
	ring->end = 0;
	ring->turned = ring->first < ring->turn;
	if (!ring->turned) /* nothing is in it */
		ring->first = 0;
}

static bool fits(const struct writer_ring *ring, size_t n)
{
	return n <= (ring->turned ? ring->first : ring->size) - ring->end;
}

uint8_t *ring_room(struct writer *writer, size_t n)
{
	struct writer_ring *ring = &writer->ring;

	if (n > ring->size)
		return NULL;
	while (!fits(ring, n)) {
		if (ring->turned)
			forget_oldest(writer);
		else
			start_over(ring);
	}
	uint8_t *room = ring->bytes + ring->end;
	ring->end += n;
	return room;
}

/* Frames between two places. */
static int64_t count(const struct writer *writer, size_t from, size_t to)
{
	int64_t n = 0;

	for (; from < to; n++)
		from += block_len(writer, writer->ring.bytes + from);
	return n;
}

int64_t ring_write(const struct writer *writer, int fd)
{
	const struct writer_ring *ring = &writer->ring;
	size_t older_end = ring->turned ? ring->turn : ring->end;
	size_t newer_end = ring->turned ? ring->end : 0;

	if (io_write_all(fd, ring->bytes + ring->first, older_end - ring->first) != 0 ||
	    io_write_all(fd, ring->bytes, newer_end) != 0)
		return -1;
	return count(writer, ring->first, older_end) + count(writer, 0, newer_end);
}
