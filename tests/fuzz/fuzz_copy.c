/* fuzz_copy.c: a capture file, copied with all that it says of itself: sections, interfaces, names,
 * secrets, the options of frames. The copy must be a capture with the same frames. Byte 0 chooses
 * whether our comments go with them, and whether only the last ones are kept (--ring). */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "capture/reader.h"
#include "capture/writer.h"
#include "fuzz.h"

enum { MOST_FRAMES = 2000, RING = 4096 };

/* What is the same in the copy, in short. */
struct digest {
	uint64_t n, sum;
};

static uint64_t mix(uint64_t sum, uint64_t value)
{
	return (sum ^ value) * UINT64_C(0x9e3779b97f4a7c15) + (sum >> 29);
}

static void digest(struct digest *d, const struct record *record)
{
	d->n++;
	d->sum = mix(d->sum, (uint64_t)record->linktype << 32 | record->wirelen);
	for (uint32_t i = 0; i < record->caplen; i++)
		d->sum = mix(d->sum, record->data[i]);
}

static void on_meta(void *arg, const struct meta *meta)
{
	struct err err = {""};
	int copied = writer_meta(arg, meta, &err);
	CLAIM(copied >= 0 || err.message[0]);
}

static struct digest copy(struct reader *reader, struct writer *writer, const char *comment)
{
	struct digest d = {0};
	struct record record;
	struct err err;
	reader_on_meta(reader, on_meta, writer);
	for (unsigned i = 0; i < MOST_FRAMES && reader_next(reader, &record, &err) == 1; i++)
		if (writer_record(writer, &record, comment, &err) == 0)
			digest(&d, &record);
	return d;
}

static struct digest read_back(int fd)
{
	struct digest d = {0};
	struct record record;
	struct err err = {""};
	CLAIM(lseek(fd, 0, SEEK_SET) == 0);
	struct reader *reader = reader_open(fd, "copy", &err);
	int got;
	CLAIM(reader != NULL);
	while ((got = reader_next(reader, &record, &err)) == 1)
		digest(&d, &record);
	CLAIM(got == 0);
	reader_close(reader);
	return d;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err err;
	if (size < 2 || size > 1 << 20)
		return 0;
	bool ring = data[0] & 2;
	int fd = memfd_create("copy", MFD_CLOEXEC), again = dup(fd);
	CLAIM(fd >= 0 && again >= 0);
	struct reader *reader = reader_open(fuzz_file(data + 1, size - 1), "F", &err);
	struct writer *writer = writer_open(fd, "copy", WRITER_PCAPNG, 0, &err);
	CLAIM(reader != NULL && writer != NULL);
	writer_describe(writer, "a copy");
	if (ring)
		CLAIM(writer_keep_last(writer, RING, &err) == 0);
	struct digest sent = copy(reader, writer, data[0] & 1 ? "ours" : NULL);
	reader_close(reader);
	CLAIM(writer_error(writer) == 0); /* what was refused is no failure */
	if (ring)
		CLAIM(writer_write_ring(writer, &err) == 0);
	CLAIM(writer_close(writer, &err) == 0);
	struct digest got = read_back(again);
	CLAIM(ring ? got.n <= sent.n : got.n == sent.n && got.sum == sent.sum);
	return 0;
}
