/* reader_pcapng.c: the pcapng format: sections of blocks, each block with its length in front and
 * behind (draft-ietf-opsawg-pcapng section 3). Packets name an interface of their section, which
 * has the link type and the unit of time. Blocks without packets are handed on as they are if the
 * caller wants them, else passed over. It must not know what is in a frame. */
#include <stdlib.h>

#include "base/i18n.h"
#include "base/vocab.h"
#include "capture/format.h"

enum block_type {
	BLOCK_SECTION = 0x0a0d0d0a,
	BLOCK_INTERFACE = 1,
	BLOCK_PACKET = 2, /* obsolete, section 4.5 */
	BLOCK_SIMPLE_PACKET = 3,
	BLOCK_NAMES = 4,
	BLOCK_STATISTICS = 5,
	BLOCK_ENHANCED_PACKET = 6,
	BLOCK_SECRETS = 10,
};

enum option_code {
	OPTION_END = 0,
	OPTION_RECEIVED = 4, /* of a statistics block */
	OPTION_DROPPED = 5,
	OPTION_TSRESOL = 9,
	OPTION_TSOFFSET = 14,
};

enum {
	BLOCK_OVERHEAD = 12, /* type, length, and the length again */
	SECTION_LEN_MIN = 28,
	BYTE_ORDER_MAGIC = 0x1a2b3c4d,
	MAX_BLOCK = 17 * 1024 * 1024, /* of a block that we look into: the largest frame and more */
	MAX_INTERFACES = 65536,       /* of a section */
	RESOLUTION_MICROSECONDS = 6,  /* without if_tsresol */
};

struct interface {
	int linktype;
	uint32_t snaplen; /* 0: no limit */
	uint8_t resolution;
	int64_t offset_s;
	uint64_t received, dropped; /* as its last statistics block says */
};

/* ---- options (draft section 3.5) ---- */

/* The next option: its code and a cursor over its value; OPTION_END at the end. When it runs past
 * the block, c fails. */
static uint16_t next_option(struct cursor *c, enum order order, struct cursor *value)
{
	if (cursor_left(c) == 0)
		return OPTION_END;
	uint16_t code = order_u16(c, order);
	uint16_t len = order_u16(c, order);
	*value = cursor_sub(c, len);
	cursor_skip(c, -(unsigned)len & 3U); /* values are padded to 32 bits */
	return cursor_ok(c) ? code : OPTION_END;
}

static bool options_fit(struct cursor c, enum order order)
{
	struct cursor value;

	while (next_option(&c, order, &value) != OPTION_END)
		;
	return cursor_ok(&c);
}

static bool interface_options(struct interface *interface, struct cursor c, enum order order)
{
	struct cursor value;
	uint16_t code;

	while ((code = next_option(&c, order, &value)) != OPTION_END) {
		if (code == OPTION_TSRESOL && cursor_left(&value) == 1)
			interface->resolution = cursor_u8(&value);
		else if (code == OPTION_TSOFFSET && cursor_left(&value) == 8)
			interface->offset_s = (int64_t)order_u64(&value, order);
	}
	return cursor_ok(&c);
}

/* ---- blocks: each function gets a cursor over the body. 1: a packet, 0: go on, -1: damaged ----
 */

static void hand_on(const struct reader *reader, enum meta_kind kind, const struct cursor *c)
{
	struct meta meta = {kind, reader->pcapng.order, c->start, (uint32_t)c->end};

	if (reader->on_meta)
		reader->on_meta(reader->meta_arg, &meta);
}

/* Room for one more interface, doubling. 0, or -1 with a message. */
static int grow_interfaces(struct reader *reader, struct err *err)
{
	struct pcapng_file *file = &reader->pcapng;

	if (file->n_interfaces < file->interfaces_size)
		return 0;
	if (file->n_interfaces >= MAX_INTERFACES)
		return reader_damaged(reader, err, _("more than %d interfaces in a section"),
		                      MAX_INTERFACES);
	uint32_t size = file->interfaces_size ? file->interfaces_size * 2 : 4;
	struct interface *larger = reallocarray(file->interfaces, size, sizeof *larger);
	if (!larger)
		return err_set(err, _("%s: not enough memory"), reader->name);
	file->interfaces = larger;
	file->interfaces_size = size;
	return 0;
}

/* Interface Description Block, draft section 4.2. */
static int read_interface(struct reader *reader, struct cursor c, struct record *record,
                          struct err *err)
{
	struct pcapng_file *file = &reader->pcapng;
	struct interface interface = {.resolution = RESOLUTION_MICROSECONDS};
	const struct cursor body = c;

	(void)record; /* not a packet */
	interface.linktype = order_u16(&c, file->order);
	cursor_skip(&c, 2);
	interface.snaplen = order_u32(&c, file->order);
	if (!cursor_ok(&c) || !interface_options(&interface, c, file->order))
		return reader_damaged(reader, err, _("an interface's block is too short"));
	if (grow_interfaces(reader, err) != 0)
		return -1;
	file->interfaces[file->n_interfaces++] = interface;
	if (reader->linktype < 0)
		reader->linktype = interface.linktype;
	hand_on(reader, META_INTERFACE, &body);
	return 0;
}

static const struct interface *interface_at(const struct reader *reader, uint32_t index,
                                            struct err *err)
{
	if (index < reader->pcapng.n_interfaces)
		return &reader->pcapng.interfaces[index];
	(void)reader_damaged(reader, err, /* NULL says it failed */
	                     _("a frame of interface %u, but the section has described %u"), index,
	                     reader->pcapng.n_interfaces);
	return NULL;
}

/* Fills the record from the lengths that were read and the bytes at c. */
static int take_frame(struct reader *reader, const struct interface *interface, struct cursor *c,
                      struct record *record, struct err *err)
{
	uint32_t max = reader_max_caplen(interface->linktype);

	if (record->caplen > max)
		return reader_damaged(reader, err,
		                      _("it says a frame of %u bytes, more than the %u possible"),
		                      record->caplen, max);
	record->linktype = interface->linktype;
	record->data = cursor_take(c, record->caplen);
	if (record->wirelen < record->caplen)
		record->wirelen = record->caplen;
	cursor_skip(c, -record->caplen & 3U);
	if (!cursor_ok(c) || !options_fit(*c, reader->pcapng.order))
		return reader_damaged(reader, err, _("a frame's block is too short"));
	record->options = c->start + c->at;
	record->options_len = (uint32_t)cursor_left(c);
	record->options_big = reader->pcapng.order == ORDER_BIG;
	return 1;
}

/* What the two blocks with a time have in common, from the time on. */
static int read_timed_packet(struct reader *reader, struct cursor *c, struct record *record,
                             struct err *err)
{
	enum order order = reader->pcapng.order;
	const struct interface *interface = interface_at(reader, record->interface, err);

	if (!interface)
		return -1;
	uint64_t high = order_u32(c, order);
	uint64_t low = order_u32(c, order);
	record->time_ns =
	        pcapng_time_ns(interface->resolution, interface->offset_s, high << 32 | low);
	record->caplen = order_u32(c, order);
	record->wirelen = order_u32(c, order);
	return take_frame(reader, interface, c, record, err);
}

/* Enhanced Packet Block, draft section 4.3. */
static int read_enhanced_packet(struct reader *reader, struct cursor c, struct record *record,
                                struct err *err)
{
	record->interface = order_u32(&c, reader->pcapng.order);
	return read_timed_packet(reader, &c, record, err);
}

/* Packet Block, obsolete (draft, appendix): a shorter interface number and a count of drops. */
static int read_packet(struct reader *reader, struct cursor c, struct record *record,
                       struct err *err)
{
	record->interface = order_u16(&c, reader->pcapng.order);
	cursor_skip(&c, 2);
	return read_timed_packet(reader, &c, record, err);
}

/* Simple Packet Block, draft section 4.4: of the first interface, without a time. */
static int read_simple_packet(struct reader *reader, struct cursor c, struct record *record,
                              struct err *err)
{
	const struct interface *interface = interface_at(reader, 0, err);

	if (!interface)
		return -1;
	record->interface = 0;
	record->time_ns = 0;
	record->wirelen = order_u32(&c, reader->pcapng.order);
	record->caplen = record->wirelen;
	if (interface->snaplen != 0 && record->caplen > interface->snaplen)
		record->caplen = interface->snaplen;
	return take_frame(reader, interface, &c, record, err);
}

/* Section Header Block, draft section 4.1: its byte order is known by now. The section's length is
 * not needed: a section ends where the next begins. */
static int read_section(struct reader *reader, struct cursor c, struct record *record,
                        struct err *err)
{
	struct pcapng_file *file = &reader->pcapng;
	const struct cursor body = c;

	(void)record; /* not a packet */
	cursor_skip(&c, 4);
	uint16_t major = order_u16(&c, file->order);
	uint16_t minor = order_u16(&c, file->order);
	if (major != 1)
		return reader_damaged(reader, err, _("pcapng version %u.%u is not known"), major,
		                      minor);
	file->n_interfaces = 0;
	hand_on(reader, META_SECTION, &body);
	return 0;
}

/* Name Resolution Block and Decryption Secrets Block, draft sections 4.5 and 4.7: not ours to look
 * into. */
static int read_names(struct reader *reader, struct cursor c, struct record *record,
                      struct err *err)
{
	(void)record;
	(void)err; /* what is wrong in it is the business of who copies it */
	hand_on(reader, META_NAMES, &c);
	return 0;
}

static int read_secrets(struct reader *reader, struct cursor c, struct record *record,
                        struct err *err)
{
	(void)record;
	(void)err;
	hand_on(reader, META_SECRETS, &c);
	return 0;
}

/* Interface Statistics Block, draft section 4.6: counts since the capture began. One that makes no
 * sense says nothing. */
static int read_statistics(struct reader *reader, struct cursor c, struct record *record,
                           struct err *err)
{
	struct pcapng_file *file = &reader->pcapng;
	struct cursor value;
	uint16_t code;

	(void)record;
	(void)err;
	uint32_t index = order_u32(&c, file->order);
	cursor_skip(&c, 8); /* the time */
	if (!cursor_ok(&c) || index >= file->n_interfaces)
		return 0;
	while ((code = next_option(&c, file->order, &value)) != OPTION_END) {
		if (code == OPTION_RECEIVED && cursor_left(&value) == 8)
			file->interfaces[index].received = order_u64(&value, file->order);
		else if (code == OPTION_DROPPED && cursor_left(&value) == 8)
			file->interfaces[index].dropped = order_u64(&value, file->order);
	}
	return 0;
}

void reader_statistics(const struct reader *reader, uint64_t *received, uint64_t *dropped)
{
	*received = *dropped = 0;
	for (uint32_t i = 0; i < reader->pcapng.n_interfaces; i++) {
		*received += reader->pcapng.interfaces[i].received;
		*dropped += reader->pcapng.interfaces[i].dropped;
	}
}

/* Which blocks of a type are read; the others are passed over. */
enum need { ALL, PLAUSIBLE /* not too long to be true */, WANTED /* and there is on_meta */ };

struct block_handler {
	uint32_t type;
	int (*read)(struct reader *reader, struct cursor c, struct record *record, struct err *err);
	enum need need;
};

static const struct block_handler handlers[] = {
        {BLOCK_ENHANCED_PACKET, read_enhanced_packet, ALL},
        {BLOCK_INTERFACE, read_interface, ALL},
        {BLOCK_SIMPLE_PACKET, read_simple_packet, ALL},
        {BLOCK_PACKET, read_packet, ALL},
        {BLOCK_SECTION, read_section, ALL},
        {BLOCK_STATISTICS, read_statistics, PLAUSIBLE},
        {BLOCK_NAMES, read_names, WANTED},
        {BLOCK_SECRETS, read_secrets, WANTED},
};

static const struct block_handler *handler_of(const struct reader *reader, uint32_t type,
                                              uint32_t len)
{
	const struct block_handler *found = NULL;

	for (size_t i = 0; i < sizeof handlers / sizeof handlers[0] && !found; i++)
		if (handlers[i].type == type)
			found = &handlers[i];
	if (!found || found->need == ALL)
		return found;
	bool passed_over = len > MAX_BLOCK || (found->need == WANTED && !reader->on_meta);
	return passed_over ? NULL : found;
}

/* ---- the block reader ---- */

/* A section says its byte order behind its length; a following section may have another. 1, or as
 * reader_want(). */
static int find_order(struct reader *reader, struct err *err)
{
	int got = reader_want(reader, BLOCK_OVERHEAD, err);

	if (got != 1)
		return got;
	struct cursor c = cursor_of(input_bytes(&reader->input) + 8, 4);
	uint32_t magic = cursor_u32(&c);
	if (magic == BYTE_ORDER_MAGIC)
		reader->pcapng.order = ORDER_BIG;
	else if (magic == __builtin_bswap32(BYTE_ORDER_MAGIC))
		reader->pcapng.order = ORDER_LITTLE;
	else
		return reader_damaged(reader, err, _("a section without a byte order"));
	return 1;
}

/* A whole block is there: its length stands at its end again. 1, 0 or -1 as the handlers. */
static int read_block(struct reader *reader, const struct block_handler *handler, uint32_t len,
                      struct record *record, struct err *err)
{
	const uint8_t *block = input_bytes(&reader->input);
	struct cursor behind = cursor_of(block + len - 4, 4);
	int got = 0;

	if (order_u32(&behind, reader->pcapng.order) != len)
		return reader_damaged(reader, err, _("a block's two lengths differ"));
	if (handler)
		got = handler->read(reader, cursor_of(block + 8, len - BLOCK_OVERHEAD), record,
		                    err);
	if (got >= 0)
		input_take(&reader->input, len);
	return got;
}

/* A block's length as it says it, or 0 and a message when it cannot be true. */
static uint32_t block_len(struct reader *reader, uint32_t type, uint32_t len, struct err *err)
{
	uint32_t min = type == BLOCK_SECTION ? SECTION_LEN_MIN : BLOCK_OVERHEAD;
	bool too_long = len > MAX_BLOCK && handler_of(reader, type, len);

	if (len >= min && len % 4 == 0 && !too_long)
		return len;
	(void)reader_damaged(reader, err, /* 0 says it failed */
	                     _("a block of type 0x%x that says it is %u bytes long"), type, len);
	return 0;
}

/* Type and length of the block that comes next. 1, or as reader_want(). */
static int block_header(struct reader *reader, uint32_t *type, uint32_t *len, struct err *err)
{
	int got = reader_want(reader, 8, err);

	if (got != 1)
		return got;
	struct cursor c = cursor_of(input_bytes(&reader->input), 8);
	*type = order_u32(&c, reader->pcapng.order);
	if (*type == BLOCK_SECTION && (got = find_order(reader, err)) != 1)
		return got;
	c = cursor_of(input_bytes(&reader->input), 8); /* order and buffer may have changed */
	cursor_skip(&c, 4);
	*len = block_len(reader, *type, order_u32(&c, reader->pcapng.order), err);
	return *len != 0 ? 1 : -1;
}

/* One block. 1: a packet, else what the caller returns; *more: it was another block, go on. */
static int next_block(struct reader *reader, struct record *record, bool *more, struct err *err)
{
	uint32_t type, len;
	int got = block_header(reader, &type, &len, err);

	*more = false;
	if (got != 1)
		return got;
	const struct block_handler *handler = handler_of(reader, type, len);
	if (!handler && len > INPUT_SIZE) { /* no need to have it all in memory */
		input_skip(&reader->input, len);
		*more = true;
		return 0;
	}
	got = reader_want(reader, len, err);
	if (got != 1)
		return got;
	got = read_block(reader, handler, len, record, err);
	*more = got == 0;
	return got;
}

static int pcapng_next(struct reader *reader, struct record *record, struct err *err)
{
	bool more;
	int got;

	do
		got = next_block(reader, record, &more, err);
	while (more);
	return got;
}

int reader_pcapng_start(struct reader *reader, struct err *err)
{
	struct cursor c = cursor_of(input_bytes(&reader->input), 4);

	(void)err;                           /* the first block is read as all others are */
	if (cursor_u32(&c) != BLOCK_SECTION) /* the type reads the same in either order */
		return 0;
	reader->next = pcapng_next;
	return 1;
}

void reader_pcapng_release(struct reader *reader)
{
	free(reader->pcapng.interfaces);
	reader->pcapng.interfaces = NULL;
}
