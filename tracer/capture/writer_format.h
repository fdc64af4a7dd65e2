/* writer_format.h: what the two file formats share behind writer.h. All numbers are written
 * little-endian, whatever the machine, so that the same frames always make the same file. Private
 * to writer*.c. */
#ifndef WIRELAB_CAPTURE_WRITER_FORMAT_H
#define WIRELAB_CAPTURE_WRITER_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/types.h>

#include "capture/writer.h"

enum { N_LINKTYPES = 65536 }; /* 16 bits in either format */

/* The last blocks written, in memory. */
struct writer_ring {
	uint8_t *bytes; /* NULL: there is no ring, frames go to the file */
	size_t size;
	size_t first, end; /* of the oldest block; behind the newest */
	size_t turn;       /* end of the blocks before those that start at 0 again */
	bool turned;       /* blocks are in [first, turn) and [0, end), else in [first, end) */
};

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
	uint64_t n_bytes;   /* of the file at hand, those in the buffer included */

	uint8_t *head; /* the blocks that every file starts with, as they were written */
	size_t head_len, head_size;
	struct writer_ring ring;

	int linktype;           /* pcap: of the file; -1: its header is not written yet */
	uint32_t *interface_of; /* pcapng: by link type, number of its interface + 1; 0: none yet */
	uint32_t n_interfaces;
	char *comment;  /* pcapng: of the section; owned, NULL: none */
	bool section;   /* pcapng: a section is open */
	bool copies;    /* pcapng: the interfaces are those of the file that is copied */
	bool any_frame; /* or interface: the file has what makes it valid */
};

/* Room for one block of n bytes at the end of the buffer, which is flushed first if need be. NULL
 * when that failed (writer->error). With a ring the room is there. */
uint8_t *writer_room(struct writer *writer, size_t n);

/* Gives the last n bytes of the room back: the block became shorter. */
void writer_give_back(struct writer *writer, size_t n);

/* Room for a block that belongs to the head of every file; writer_head_done() then puts it into the
 * file at hand. What the head has no room for any more is in this file alone. */
uint8_t *writer_head_room(struct writer *writer, size_t n);
int writer_head_done(struct writer *writer, uint8_t *block, size_t n);

/* Writes what waits. 0, or -1 and writer->error. */
int writer_drain(struct writer *writer);

/* Each format's header(s) for frames of this link type, once. 0, -1 when the write failed (pcap
 * writes it at once). */
int writer_pcap_header(struct writer *writer, int linktype);
int writer_pcapng_interface(struct writer *writer, int linktype);

/* The interface by its name and filter (each may be NULL). */
int writer_pcapng_named_interface(struct writer *writer, int linktype, const char *name,
                                  const char *filter);

/* Appends one frame, `caplen` bytes of it. 0, or -1 and writer->error. */
int writer_pcap_frame(struct writer *writer, const struct record *record, uint32_t caplen);
int writer_pcapng_frame(struct writer *writer, const struct record *record, uint32_t caplen,
                        const char *comment);

/* The same block for the copy. 1, 0: it contradicts itself and is left out, -1: writer->error. */
int writer_pcapng_meta(struct writer *writer, const struct meta *meta);

/* A block of TLS secrets. 0, or -1 and writer->error. */
int writer_pcapng_secrets(struct writer *writer, const char *lines, size_t n);

/* Length of the block that starts here (at least 16 bytes of it are there), and whether it is a
 * frame. */
size_t writer_pcap_block(const uint8_t *block, bool *is_frame);
size_t writer_pcapng_block(const uint8_t *block, bool *is_frame);

/* ---- writer_ring.c ---- */

/* 0, or -1 without memory. */
int ring_init(struct writer_ring *ring, size_t size);
void ring_release(struct writer_ring *ring);

/* Room for a block, made by forgetting the oldest ones. NULL when it is larger than the ring. */
uint8_t *ring_room(struct writer *writer, size_t n);

/* Writes what is in the ring. Frames written, or -1 with errno. */
int64_t ring_write(const struct writer *writer, int fd);

/* ---- writer_options.c: pcapng options (draft section 3.5) ---- */
enum { OPTION_HEADER_LEN = 4, OPTION_COMMENT = 1 };

/* Everything is padded to 32 bits. */
static inline size_t padded(size_t n)
{
	return (n + 3) & ~(size_t)3;
}

/* How the value of an option is copied. */
enum option_kind { OPTION_BYTES, OPTION_U32, OPTION_U64 };

struct option_rule {
	uint16_t code;
	enum option_kind kind;
};

/* One option; `at` NULL: only counted. Returns the bytes that it takes. */
size_t option_put(uint8_t *at, unsigned code, const void *value, size_t n);

/* Bytes of a text that fit in an option, never cut inside a UTF-8 character; 0 for NULL. */
size_t option_text_len(const char *text);

/* Appends the options of a block that `rules` name and skips the others; a comment that is `not`
 * (may be NULL) too. The place behind; never more bytes than they had. When an option does not fit
 * in its block, c fails. */
uint8_t *options_copy(uint8_t *at, struct cursor *c, enum order order,
                      const struct option_rule *rules, size_t n_rules, const char *not_this);

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

static inline uint8_t *put_u64(uint8_t *at, uint64_t value)
{
	return put_u32(put_u32(at, (uint32_t)value), (uint32_t)(value >> 32));
}

static inline uint8_t *put_padded(uint8_t *at, const void *bytes, size_t n)
{
	if (n > 0)
		memcpy(at, bytes, n);
	memset(at + n, 0, padded(n) - n);
	return at + padded(n);
}

/* Of a block that we wrote ourselves. */
static inline uint32_t get_u32(const uint8_t *at)
{
	return (uint32_t)at[3] << 24 | (uint32_t)at[2] << 16 | (uint32_t)at[1] << 8 | at[0];
}

#endif
