/* writer_pcapng.c: the pcapng format (draft-ietf-opsawg-pcapng section 4): a section, its
 * interfaces (those of the file that is copied, else one for each link type) and enhanced packet
 * blocks in nanoseconds with comments. It must not know what is in a frame. */
#include "capture/writer_format.h"

enum { BLOCK_INTERFACE = 1, BLOCK_NAMES = 4, BLOCK_ENHANCED_PACKET = 6, BLOCK_SECRETS = 10 };

enum {
	OPTION_USERAPPL = 4, /* in a section */
	OPTION_NAME = 2,     /* in an interface */
	OPTION_TSRESOL = 9,
	OPTION_FILTER = 11,
};

enum {
	SECTION_LEN = 28, /* of blocks without options, both lengths included */
	INTERFACE_LEN = 20,
	PACKET_LEN = 32,
	END_LEN = 4, /* of the end of the options */
	BLOCK_OVERHEAD = 12,
	NANOSECONDS = 9, /* 10^-9 s */
	TEXT_FILTER = 0, /* kind of if_filter */
};

static const uint32_t block_section = 0x0a0d0d0a;
static const uint32_t byte_order_magic = 0x1a2b3c4d;
static const char userappl[] = "wirelab " WIRELAB_VERSION;

/* The length behind the block's body, and in front. */
static size_t finish_bare(uint8_t *block, uint8_t *at)
{
	size_t len = (size_t)(at - block) + 4;
	(void)put_u32(at, (uint32_t)len); /* the last field */
	(void)put_u32(block + 4, (uint32_t)len);
	return len;
}

/* The same behind options, which have an end of their own. */
static size_t finish(uint8_t *block, uint8_t *at)
{
	return finish_bare(block, put_u32(at, 0));
}

/* ---- sections ---- */

/* `c`: the options of the section that is copied, or NULL. */
static int write_section(struct writer *writer, struct cursor *c, enum order order)
{
	static const struct option_rule kept[] = {{OPTION_COMMENT, OPTION_BYTES},
	                                          {2 /* hardware */, OPTION_BYTES},
	                                          {3 /* os */, OPTION_BYTES}};
	size_t n_comment = option_text_len(writer->comment);
	size_t most = SECTION_LEN + END_LEN + option_put(NULL, 0, NULL, sizeof userappl) +
	              option_put(NULL, 0, NULL, n_comment) + (c ? cursor_left(c) : 0);
	uint8_t *block = writer_head_room(writer, most);

	if (!block)
		return -1;
	uint8_t *at = put_u32(put_u32(block, block_section), 0);
	at = put_u32(at, byte_order_magic);
	at = put_u16(put_u16(at, 1), 0); /* version 1.0 */
	at = put_u64(at, UINT64_MAX);    /* length of the section: not known */
	if (n_comment > 0)
		at += option_put(at, OPTION_COMMENT, writer->comment, n_comment);
	if (c)
		at = options_copy(at, c, order, kept, 3, writer->comment);
	at += option_put(at, OPTION_USERAPPL, userappl, sizeof userappl - 1);
	writer->section = true;
	return writer_head_done(writer, block, finish(block, at));
}

/* A section of the file that is copied; its interfaces will follow. */
static int copy_section(struct writer *writer, struct cursor *c, enum order order)
{
	cursor_skip(c, 16); /* byte order, version, length */
	writer->copies = true;
	writer->n_interfaces = 0;
	writer->head_len = 0;
	return cursor_ok(c) && write_section(writer, c, order) != 0 ? -1 : cursor_ok(c);
}

/* ---- interfaces ---- */

static uint8_t *start_interface(struct writer *writer, size_t options_len, int linktype,
                                uint32_t snaplen)
{
	static const uint8_t resolution = NANOSECONDS;
	size_t tsresol_len = option_put(NULL, 0, NULL, sizeof resolution);
	uint8_t *at = writer_head_room(writer, INTERFACE_LEN + tsresol_len + options_len + END_LEN);

	if (!at)
		return NULL;
	at = put_u32(put_u32(at, BLOCK_INTERFACE), 0);
	at = put_u16(put_u16(at, (unsigned)linktype), 0);
	at = put_u32(at, snaplen); /* 0: no limit */
	return at + option_put(at, OPTION_TSRESOL, &resolution, sizeof resolution);
}

static int finish_interface(struct writer *writer, uint8_t *at)
{
	uint8_t *block = writer->head + writer->head_len;

	writer->n_interfaces++;
	return writer_head_done(writer, block, finish(block, at));
}

int writer_pcapng_named_interface(struct writer *writer, int linktype, const char *name,
                                  const char *filter)
{
	size_t n_name = option_text_len(name);
	size_t n_filter = option_text_len(filter);

	if (!writer->section && write_section(writer, NULL, ORDER_LITTLE) != 0)
		return -1;
	size_t most = option_put(NULL, 0, NULL, n_name) + option_put(NULL, 0, NULL, 1 + n_filter);
	uint8_t *at = start_interface(writer, most, linktype, writer->snaplen);
	if (!at)
		return -1;
	if (n_name > 0)
		at += option_put(at, OPTION_NAME, name, n_name);
	if (filter && n_filter > 0) {
		at = put_u16(put_u16(at, OPTION_FILTER), (unsigned)(1 + n_filter));
		*at = TEXT_FILTER;
		memcpy(at + 1, filter, n_filter);
		memset(at + 1 + n_filter, 0, padded(1 + n_filter) - (1 + n_filter));
		at += padded(1 + n_filter);
	}
	writer->interface_of[linktype] = writer->n_interfaces + 1;
	return finish_interface(writer, at);
}

int writer_pcapng_interface(struct writer *writer, int linktype)
{
	if (writer->copies || writer->interface_of[linktype] != 0)
		return 0;
	return writer_pcapng_named_interface(writer, linktype, NULL, NULL);
}

/* Times are in nanoseconds since the epoch by now: its own resolution and offset stay behind. */
static int copy_interface(struct writer *writer, struct cursor *c, enum order order)
{
	static const struct option_rule kept[] = {
	        {OPTION_COMMENT, OPTION_BYTES},
	        {OPTION_NAME, OPTION_BYTES},
	        {3, OPTION_BYTES},  /* description */
	        {4, OPTION_BYTES},  /* IPv4 address */
	        {5, OPTION_BYTES},  /* IPv6 address */
	        {6, OPTION_BYTES},  /* MAC address */
	        {7, OPTION_BYTES},  /* EUI address */
	        {8, OPTION_U64},    /* speed */
	        {12, OPTION_BYTES}, /* os */
	        {13, OPTION_BYTES}, /* length of the FCS */
	        {15, OPTION_BYTES}, /* hardware */
	        {16, OPTION_U64},   /* speed of sending */
	        {17, OPTION_U64},   /* and receiving */
	        {18, OPTION_BYTES}, /* time zone's name */
	};
	int linktype = order_u16(c, order);
	cursor_skip(c, 2);
	uint32_t snaplen = order_u32(c, order);
	if (snaplen == 0 || (writer->snaplen != 0 && writer->snaplen < snaplen))
		snaplen = writer->snaplen;
	uint8_t *at = start_interface(writer, cursor_left(c), linktype, snaplen);
	if (!at)
		return -1;
	at = options_copy(at, c, order, kept, sizeof kept / sizeof kept[0], NULL);
	return finish_interface(writer, at) != 0 ? -1 : 1;
}

/* ---- names and secrets ---- */

/* Records have the form of options, and so have the options behind their end. */
static int copy_names(struct writer *writer, struct cursor *c, enum order order)
{
	static const struct option_rule records[] = {
	        {1, OPTION_BYTES}, {2, OPTION_BYTES}, {3, OPTION_BYTES}, {4, OPTION_BYTES}};
	uint8_t *block = writer_head_room(writer, BLOCK_OVERHEAD + cursor_left(c) + 2 * END_LEN);

	if (!block)
		return -1;
	uint8_t *at = put_u32(put_u32(block, BLOCK_NAMES), 0);
	at = options_copy(at, c, order, records, 4, NULL);
	at = put_u32(at, 0);
	at = options_copy(at, c, order, records, 4, NULL);
	return cursor_ok(c) ? (writer_head_done(writer, block, finish(block, at)) != 0 ? -1 : 1)
	                    : 0;
}

static int copy_secrets(struct writer *writer, struct cursor *c, enum order order)
{
	static const struct option_rule kept[] = {{OPTION_COMMENT, OPTION_BYTES}};
	uint8_t *block = writer_head_room(writer, BLOCK_OVERHEAD + cursor_left(c) + END_LEN);

	if (!block)
		return -1;
	uint32_t type = order_u32(c, order);
	uint32_t len = order_u32(c, order);
	const uint8_t *secrets = cursor_take(c, len);
	cursor_skip(c, -len & 3U);
	if (!cursor_ok(c))
		return 0;
	uint8_t *at = put_u32(put_u32(block, BLOCK_SECRETS), 0);
	at = put_u32(put_u32(at, type), len);
	at = put_padded(at, secrets, len);
	at = options_copy(at, c, order, kept, 1, NULL);
	return writer_head_done(writer, block, finish(block, at)) != 0 ? -1 : 1;
}

int writer_pcapng_secrets(struct writer *writer, const char *lines, size_t n)
{
	if (!writer->section && write_section(writer, NULL, ORDER_LITTLE) != 0)
		return -1;
	uint8_t *block = writer_head_room(writer, BLOCK_OVERHEAD + 8 + padded(n));
	if (!block)
		return -1;
	uint8_t *at = put_u32(put_u32(block, BLOCK_SECRETS), 0);
	at = put_u32(put_u32(at, SECRETS_TLS_KEY_LOG), (uint32_t)n);
	at = put_padded(at, lines, n);
	return writer_head_done(writer, block, finish_bare(block, at));
}

int writer_pcapng_meta(struct writer *writer, const struct meta *meta)
{
	static int (*const copy[])(struct writer *, struct cursor *, enum order) = {
	        [META_SECTION] = copy_section,
	        [META_INTERFACE] = copy_interface,
	        [META_NAMES] = copy_names,
	        [META_SECRETS] = copy_secrets,
	};
	struct cursor c = cursor_of(meta->body, meta->len);

	return copy[meta->kind](writer, &c, meta->order);
}

/* ---- frames ---- */

/* The options of the frame, where it comes from. */
static uint8_t *copy_packet_options(uint8_t *at, const struct record *record, const char *comment)
{
	static const struct option_rule kept[] = {
	        {OPTION_COMMENT, OPTION_BYTES},
	        {2, OPTION_U32},   /* flags: direction, reception, … */
	        {3, OPTION_BYTES}, /* hash */
	        {4, OPTION_U64},   /* frames dropped before this one */
	        {5, OPTION_U64},   /* packet's number */
	        {6, OPTION_U32},   /* queue */
	        {7, OPTION_BYTES}, /* verdict */
	};
	struct cursor c = cursor_of(record->options, record->options_len);

	return options_copy(at, &c, record->options_big ? ORDER_BIG : ORDER_LITTLE, kept,
	                    sizeof kept / sizeof kept[0], comment);
}

int writer_pcapng_frame(struct writer *writer, const struct record *record, uint32_t caplen,
                        const char *comment)
{
	uint64_t time = record->time_ns > 0 ? (uint64_t)record->time_ns : 0; /* has no sign */
	size_t n_comment = option_text_len(comment);
	size_t most = PACKET_LEN + padded(caplen) + OPTION_HEADER_LEN + padded(n_comment) +
	              record->options_len + END_LEN;
	uint8_t *block = writer_room(writer, most);
	uint8_t *at = block;

	if (!at)
		return -1;
	at = put_u32(put_u32(at, BLOCK_ENHANCED_PACKET), 0);
	at = put_u32(
	        at,
	        writer->copies ? record->interface : writer->interface_of[record->linktype] - 1);
	at = put_u32(at, (uint32_t)(time >> 32));
	at = put_u32(at, (uint32_t)time);
	at = put_u32(at, caplen);
	at = put_u32(at, record->wirelen);
	at = put_padded(at, record->data, caplen);
	if (n_comment > 0)
		at += option_put(at, OPTION_COMMENT, comment, n_comment);
	if (record->options_len > 0)
		at = copy_packet_options(at, record, comment);
	bool any_option = at > block + PACKET_LEN - 4 + padded(caplen);
	size_t len = any_option ? finish(block, at) : finish_bare(block, at);
	writer_give_back(writer, most - len);
	return 0;
}

size_t writer_pcapng_block(const uint8_t *block, bool *is_frame)
{
	*is_frame = get_u32(block) == BLOCK_ENHANCED_PACKET;
	return get_u32(block + 4);
}
