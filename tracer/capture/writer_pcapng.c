/* writer_pcapng.c: the pcapng format (draft-ietf-opsawg-pcapng section 4): one section, one
 * interface for each link type, enhanced packet blocks in nanoseconds with comments. It must not
 * know what is in a frame. */
#include <string.h>

#include "capture/writer_format.h"

enum { BLOCK_INTERFACE = 1, BLOCK_ENHANCED_PACKET = 6 };

enum {
	OPTION_COMMENT = 1,  /* in any block */
	OPTION_USERAPPL = 4, /* in a section */
	OPTION_TSRESOL = 9,  /* in an interface */
	OPTION_HEADER_LEN = 4,
	MAX_OPTION = 65535,
};

enum {
	SECTION_LEN = 28, /* of blocks without options, both lengths included */
	INTERFACE_LEN = 20,
	PACKET_LEN = 32,
	NANOSECONDS = 9, /* 10^-9 s */
};

static const uint32_t block_section = 0x0a0d0d0a;
static const uint32_t byte_order_magic = 0x1a2b3c4d;
static const char userappl[] = "wirelab " WIRELAB_VERSION;

/* Everything is padded to 32 bits. */
static size_t padded(size_t n)
{
	return (n + 3) & ~(size_t)3;
}

/* Bytes that an option of n bytes takes, and the end of the options after it. */
static size_t options_len(size_t n)
{
	return OPTION_HEADER_LEN + padded(n) + OPTION_HEADER_LEN;
}

static uint8_t *put_padded(uint8_t *at, const void *bytes, size_t n)
{
	if (n > 0)
		memcpy(at, bytes, n);
	memset(at + n, 0, padded(n) - n);
	return at + padded(n);
}

/* One option and the end of the options. */
static uint8_t *put_option(uint8_t *at, unsigned code, const void *value, size_t n)
{
	at = put_u16(at, code);
	at = put_u16(at, (unsigned)n);
	at = put_padded(at, value, n);
	return put_u32(at, 0); /* opt_endofopt */
}

int writer_pcapng_section(struct writer *writer)
{
	uint32_t len = (uint32_t)(SECTION_LEN + options_len(sizeof userappl - 1));
	uint8_t *at = writer_room(writer, len);

	if (!at)
		return -1;
	at = put_u32(at, block_section);
	at = put_u32(at, len);
	at = put_u32(at, byte_order_magic);
	at = put_u16(at, 1); /* version 1.0 */
	at = put_u16(at, 0);
	at = put_u32(at, UINT32_MAX); /* length of the section: not known */
	at = put_u32(at, UINT32_MAX);
	at = put_option(at, OPTION_USERAPPL, userappl, sizeof userappl - 1);
	(void)put_u32(at, len); /* the last field */
	return 0;
}

int writer_pcapng_interface(struct writer *writer, int linktype)
{
	static const uint8_t resolution = NANOSECONDS;
	uint32_t len = (uint32_t)(INTERFACE_LEN + options_len(sizeof resolution));

	if (writer->interface_of[linktype] != 0)
		return 0;
	uint8_t *at = writer_room(writer, len);
	if (!at)
		return -1;
	at = put_u32(at, BLOCK_INTERFACE);
	at = put_u32(at, len);
	at = put_u16(at, (unsigned)linktype);
	at = put_u16(at, 0);
	at = put_u32(at, writer->snaplen); /* 0: no limit */
	at = put_option(at, OPTION_TSRESOL, &resolution, sizeof resolution);
	(void)put_u32(at, len); /* the last field */
	writer->interface_of[linktype] = ++writer->n_interfaces;
	return 0;
}

/* Bytes of the comment that fit in an option, never cut inside a UTF-8 character. */
static size_t comment_len(const char *comment)
{
	size_t len = comment ? strlen(comment) : 0;

	if (len <= MAX_OPTION)
		return len;
	for (len = MAX_OPTION; len > 0 && ((unsigned char)comment[len] & 0xc0) == 0x80; len--)
		;
	return len;
}

int writer_pcapng_frame(struct writer *writer, const struct record *record, uint32_t caplen,
                        const char *comment)
{
	uint64_t time = record->time_ns > 0 ? (uint64_t)record->time_ns : 0; /* has no sign */
	size_t n_comment = comment_len(comment);
	uint32_t len = (uint32_t)(PACKET_LEN + padded(caplen) +
	                          (n_comment > 0 ? options_len(n_comment) : 0));
	uint8_t *at = writer_room(writer, len);

	if (!at)
		return -1;
	at = put_u32(at, BLOCK_ENHANCED_PACKET);
	at = put_u32(at, len);
	at = put_u32(at, writer->interface_of[record->linktype] - 1);
	at = put_u32(at, (uint32_t)(time >> 32));
	at = put_u32(at, (uint32_t)time);
	at = put_u32(at, caplen);
	at = put_u32(at, record->wirelen);
	at = put_padded(at, record->data, caplen);
	if (n_comment > 0)
		at = put_option(at, OPTION_COMMENT, comment, n_comment);
	(void)put_u32(at, len); /* the last field */
	return 0;
}

size_t writer_pcapng_block(const uint8_t *block, bool *is_frame)
{
	*is_frame = get_u32(block) == BLOCK_ENHANCED_PACKET;
	return get_u32(block + 4);
}
