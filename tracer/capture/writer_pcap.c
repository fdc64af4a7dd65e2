/* writer_pcap.c: the pcap format in its nanosecond form (draft-ietf-opsawg-pcap sections 4 and
 * 5): one file header, then records. It must not know what is in a frame. */
#include <string.h>

#include "base/vocab.h"
#include "capture/writer_format.h"

enum { FILE_HEADER_LEN = 24, RECORD_HEADER_LEN = 16, CAPLEN_AT = 8, NO_SNAPLEN = 262144 };

static const uint32_t nanosecond_magic = 0xa1b23c4d;

/* The header goes out at once: a reader at the other end of a pipe wants it, and the buffer then
 * holds records only. */
int writer_pcap_header(struct writer *writer, int linktype)
{
	if (writer->linktype >= 0)
		return 0;
	uint8_t *header = writer_head_room(writer, FILE_HEADER_LEN);
	uint8_t *at = header;
	if (!at)
		return -1;
	writer->linktype = linktype;
	at = put_u32(at, nanosecond_magic);
	at = put_u16(at, 2); /* version 2.4 */
	at = put_u16(at, 4);
	at = put_u32(at, 0); /* two fields that nobody uses */
	at = put_u32(at, 0);
	at = put_u32(at, writer->snaplen ? writer->snaplen : NO_SNAPLEN);
	(void)put_u32(at, (uint32_t)linktype); /* the last field */
	if (writer_head_done(writer, header, FILE_HEADER_LEN) != 0)
		return -1;
	return writer_drain(writer);
}

/* Seconds are 32 bits without a sign: what lies outside becomes the nearest time that fits. */
static uint8_t *put_time(uint8_t *at, int64_t time_ns)
{
	const int64_t last_ns = UINT32_MAX * NS_PER_SECOND + NS_PER_SECOND - 1;

	if (time_ns < 0)
		time_ns = 0;
	if (time_ns > last_ns)
		time_ns = last_ns;
	at = put_u32(at, (uint32_t)(time_ns / NS_PER_SECOND));
	return put_u32(at, (uint32_t)(time_ns % NS_PER_SECOND));
}

int writer_pcap_frame(struct writer *writer, const struct record *record, uint32_t caplen)
{
	uint8_t *at = writer_room(writer, (size_t)RECORD_HEADER_LEN + caplen);

	if (!at)
		return -1;
	at = put_time(at, record->time_ns);
	at = put_u32(at, caplen);
	at = put_u32(at, record->wirelen);
	if (caplen > 0)
		memcpy(at, record->data, caplen);
	return 0;
}

size_t writer_pcap_block(const uint8_t *block, bool *is_frame)
{
	*is_frame = true;
	return RECORD_HEADER_LEN + (size_t)get_u32(block + CAPLEN_AT);
}
