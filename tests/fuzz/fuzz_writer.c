/* fuzz_writer.c: what is written is read back the same. Byte 0 chooses format and snap length; then
 * come records of 16 bytes (time, link type, lengths, comment) with their frames. */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cursor.h"
#include "capture/reader.h"
#include "capture/writer.h"
#include "fuzz.h"

enum { MOST_RECORDS = 64 };

struct sheaf {
	struct record records[MOST_RECORDS];
	char comments[MOST_RECORDS][32];
	size_t n;
};

/* The next record of the input; false at its end. */
static bool take(struct cursor *c, struct record *record, char comment[32])
{
	uint64_t time = cursor_u64(c);
	unsigned linktype = cursor_u8(c), len = cursor_u8(c);
	unsigned more = cursor_u16(c);
	size_t comment_len = cursor_u8(c) % 32;
	cursor_skip(c, 3);
	const uint8_t *data = cursor_take(c, len);
	const uint8_t *words = cursor_take(c, comment_len);
	if (!cursor_ok(c))
		return false;
	*record = (struct record){
	        .time_ns = (int64_t)(time >> 2),
	        .linktype = linktype & 1 ? 1 : fuzz_linktype(linktype >> 1) & 0xffff,
	        .caplen = len,
	        .wirelen = len + more,
	        .data = data,
	};
	memset(comment, 0, 32);
	memcpy(comment, words, comment_len);
	return true;
}

/* Writes them all; keeps in the sheaf those that were taken. */
static void write_all(struct cursor *c, struct sheaf *sheaf, enum writer_format format, int fd,
                      uint32_t snaplen)
{
	struct err err;
	struct writer *writer = writer_open(fd, "F", format, snaplen, &err);
	CLAIM(writer != NULL);
	sheaf->n = 0;
	for (unsigned i = 0; i < MOST_RECORDS; i++) {
		struct record *record = &sheaf->records[sheaf->n];
		char *comment = sheaf->comments[sheaf->n];
		if (!take(c, record, comment))
			break;
		if (writer_record(writer, record, comment[0] ? comment : NULL, &err) == 0)
			sheaf->n++;
		else
			CLAIM(writer_error(writer) == 0); /* refused, not failed */
		if (i % 7 == 3)
			CLAIM(writer_flush(writer, &err) == 0);
	}
	CLAIM(writer_count(writer) == sheaf->n);
	CLAIM(writer_close(writer, &err) == 0);
}

/* pcap counts 32 bits of seconds. */
static int64_t time_in(enum writer_format format, int64_t time_ns)
{
	const int64_t last = UINT32_MAX * INT64_C(1000000000) + 999999999;
	return format == WRITER_PCAP && time_ns > last ? last : time_ns;
}

static void claim_same(const struct record *sent, const struct record *got,
                       enum writer_format format, uint32_t snaplen)
{
	uint32_t caplen = snaplen && sent->caplen > snaplen ? snaplen : sent->caplen;
	CLAIM(got->caplen == caplen);
	CLAIM(got->wirelen == sent->wirelen);
	CLAIM(got->linktype == sent->linktype);
	CLAIM(got->time_ns == time_in(format, sent->time_ns));
	CLAIM(memcmp(got->data, sent->data, caplen) == 0);
}

static void read_all(const struct sheaf *sheaf, enum writer_format format, int fd, uint32_t snaplen)
{
	struct err err;
	struct record record;
	struct reader *reader = reader_open(fd, "F", &err);
	CLAIM(reader != NULL);
	for (size_t i = 0; i < sheaf->n; i++) {
		CLAIM(reader_next(reader, &record, &err) == 1);
		claim_same(&sheaf->records[i], &record, format, snaplen);
	}
	CLAIM(reader_next(reader, &record, &err) == 0);
	reader_close(reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct sheaf sheaf; /* large */
	if (size < 17)
		return 0;
	enum writer_format format = data[0] & 1 ? WRITER_PCAPNG : WRITER_PCAP;
	uint32_t snaplen = data[0] & 2 ? 1 + (data[0] >> 2) : 0;
	struct cursor c = cursor_of(data + 1, size - 1);
	int fd = memfd_create("file", MFD_CLOEXEC);
	int copy = dup(fd);
	CLAIM(fd >= 0 && copy >= 0);
	write_all(&c, &sheaf, format, fd, snaplen);
	CLAIM(lseek(copy, 0, SEEK_SET) == 0);
	read_all(&sheaf, format, copy, snaplen);
	return 0;
}
