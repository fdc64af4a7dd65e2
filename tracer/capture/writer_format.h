/* writer_format.h: what the two file formats share behind writer.h. All numbers are written
 * little-endian, whatever the machine, so that the same frames always make the same file. Private
 * to writer*.c. */
#ifndef WIRELAB_CAPTURE_WRITER_FORMAT_H
#define WIRELAB_CAPTURE_WRITER_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "capture/writer.h"

enum { N_LINKTYPES = 65536 }; /* 16 bits in either format */

struct writer {
	int fd;     /* owned */
	char *name; /* owned */
	enum writer_format format;
	uint32_t snaplen;
	int error;      /* errno of the write that failed, 0: none */
	uint8_t *bytes; /* whole blocks that wait to be written */
	size_t len, size;
	off_t file_len;     /* up to the last block written; -1: not a file that can be cut back */
	uint64_t n_saved;   /* frames in the file */
	uint64_t n_waiting; /* frames in the buffer */

	int linktype;           /* pcap: of the file; -1: its header is not written yet */
	uint32_t *interface_of; /* pcapng: by link type, number of its interface + 1; 0: none yet */
	uint32_t n_interfaces;
};

/* Room for one block of n bytes at the end of the buffer, which is flushed first if need be. NULL
 * when that failed (writer->error). */
uint8_t *writer_room(struct writer *writer, size_t n);

/* Writes what waits. 0, or -1 and writer->error. */
int writer_drain(struct writer *writer);

/* Each format's header(s) for frames of this link type, once. 0, -1 when the write failed (pcap
 * writes it at once). */
int writer_pcap_header(struct writer *writer, int linktype);
int writer_pcapng_section(struct writer *writer);
int writer_pcapng_interface(struct writer *writer, int linktype);

/* Appends one frame, `caplen` bytes of it. 0, or -1 and writer->error. */
int writer_pcap_frame(struct writer *writer, const struct record *record, uint32_t caplen);
int writer_pcapng_frame(struct writer *writer, const struct record *record, uint32_t caplen,
                        const char *comment);

/* Length of the block that starts here (at least 16 bytes of it are there), and whether it is a
 * frame. */
size_t writer_pcap_block(const uint8_t *block, bool *is_frame);
size_t writer_pcapng_block(const uint8_t *block, bool *is_frame);

/* ---- little-endian numbers; each returns the place behind ---- */

static inline uint8_t *put_u16(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)value;
	at[1] = (uint8_t)(value >> 8);
	return at + 2;
}

static inline uint8_t *put_u32(uint8_t *at, uint32_t value)
{
	return put_u16(put_u16(at, value & 0xffff), value >> 16);
}

/* Of a block that we wrote ourselves. */
static inline uint32_t get_u32(const uint8_t *at)
{
	return (uint32_t)at[3] << 24 | (uint32_t)at[2] << 16 | (uint32_t)at[1] << 8 | at[0];
}

#endif
