/* reader_pcap.c: the pcap format: one file header, then records of a header and the frame's bytes
 * (draft-ietf-opsawg-pcap sections 4 and 5). It must not know what is in a frame. */
#include "base/i18n.h"
#include "base/vocab.h"
#include "capture/format.h"

enum { FILE_HEADER_LEN = 24, RECORD_HEADER_LEN = 16, MODIFIED_HEADER_LEN = 24 };

/* The first four bytes say the byte order, the time unit and the variant. */
struct magic {
	uint32_t value;
	size_t header_len;
	int64_t unit_ns;
};

static const struct magic magics[] = {
        {0xa1b2c3d4, RECORD_HEADER_LEN, NS_PER_US},
        {0xa1b23c4d, RECORD_HEADER_LEN, 1},
        {0xa1b2cd34, MODIFIED_HEADER_LEN, NS_PER_US}, /* Kuznetzov's: interface, protocol, type */
};

/* True if `value`, read in that order, is a magic number; then fills the file's format. */
static bool find_magic(struct pcap_file *file, uint32_t value, enum order order)
{
	for (size_t i = 0; i < sizeof magics / sizeof magics[0]; i++) {
		if (magics[i].value != value)
			continue;
		file->order = order;
		file->header_len = magics[i].header_len;
		file->unit_ns = magics[i].unit_ns;
		return true;
	}
	return false;
}

/* Until version 2.2 the two lengths stood the other way round, and in 2.3 either way (libpcap). */
static void put_lengths_right(const struct pcap_file *file, struct record *record)
{
	uint32_t first = record->caplen;

	if (file->minor < 3 || (file->minor == 3 && record->caplen > record->wirelen)) {
		record->caplen = record->wirelen;
		record->wirelen = first;
	}
}

/* Both seconds and fraction are unsigned, so that no file can overflow 63 bits. */
static void read_record_header(const struct pcap_file *file, struct cursor c, struct record *record)
{
	int64_t seconds = order_u32(&c, file->order);
	int64_t fraction = order_u32(&c, file->order);

	record->time_ns = seconds * NS_PER_SECOND + fraction * file->unit_ns;
	record->caplen = order_u32(&c, file->order);
	record->wirelen = order_u32(&c, file->order);
	record->linktype = file->linktype;
	record->interface = 0;
	record->options_len = 0;
	put_lengths_right(file, record);
}

static int pcap_next(struct reader *reader, struct record *record, struct err *err)
{
	const struct pcap_file *file = &reader->pcap;
	int got = reader_want(reader, file->header_len, err);

	if (got != 1)
		return got;
	struct cursor header = cursor_of(input_bytes(&reader->input), RECORD_HEADER_LEN);
	read_record_header(file, header, record);
	if (record->caplen > file->max_caplen)
		return reader_damaged(reader, err,
		                      _("it says a frame of %u bytes, more than the %u possible"),
		                      record->caplen, file->max_caplen);
	got = reader_want(reader, file->header_len + record->caplen, err);
	if (got != 1)
		return got;
	record->data = input_bytes(&reader->input) + file->header_len;
	if (record->wirelen < record->caplen)
		record->wirelen = record->caplen;
	input_take(&reader->input, file->header_len + record->caplen);
	return 1;
}

/* Magic, version, two unused fields, snap length, link type with the FCS length above it. The
 * snap length is no limit for a reader: files with longer records exist, and tcpdump and
 * Wireshark read them. */
int reader_pcap_start(struct reader *reader, struct err *err)
{
	struct pcap_file *file = &reader->pcap;
	struct cursor c = cursor_of(input_bytes(&reader->input), 4);
	uint32_t magic = cursor_u32(&c);

	if (!find_magic(file, magic, ORDER_BIG) &&
	    !find_magic(file, __builtin_bswap32(magic), ORDER_LITTLE))
		return 0;
	int got = reader_want(reader, FILE_HEADER_LEN, err);
	if (got != 1)
		return got;
	c = cursor_of(input_bytes(&reader->input), FILE_HEADER_LEN);
	cursor_skip(&c, 4);
	uint16_t major = order_u16(&c, file->order);
	file->minor = order_u16(&c, file->order);
	cursor_skip(&c, 12);
	file->linktype = (int)(order_u32(&c, file->order) & 0xffff);
	if (major != 2)
		return err_set(err, _("%s: pcap version %u.%u is not known, only 2.x is"),
		               reader->name, major, file->minor);
	file->max_caplen = reader_max_caplen(file->linktype);
	input_take(&reader->input, FILE_HEADER_LEN);
	reader->linktype = file->linktype;
	reader->next = pcap_next;
	return 1;
}
