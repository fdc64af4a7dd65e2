/* fuzz_reader.c: a capture file. Byte 0 says in what pieces a pipe delivers it; the file is read
 * once from memory and once from that pipe, and both must give the same frames. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "capture/reader.h"
#include "fuzz.h"

enum { MOST_FRAMES = 5000 };

/* What came out of a file, in short. */
struct result {
	unsigned n_frames;
	int status;
	uint64_t sum; /* of all that a record says */
};

static uint64_t mix(uint64_t sum, uint64_t value)
{
	return (sum ^ value) * UINT64_C(0x9e3779b97f4a7c15) + (sum >> 29);
}

static void take(struct result *result, const struct record *record)
{
	struct packet packet;
	CLAIM(record->wirelen >= record->caplen);
	CLAIM(record->linktype >= 0 && record->linktype <= 65535);
	result->sum = mix(result->sum, (uint64_t)record->time_ns);
	result->sum = mix(result->sum, (uint64_t)record->linktype << 32 | record->wirelen);
	for (uint32_t i = 0; i < record->caplen; i++)
		result->sum = mix(result->sum, record->data[i]);
	packet_decode(&packet, record->linktype, record->data, record->caplen, record->wirelen);
	fuzz_claim_packet(&packet);
	result->n_frames++;
}

static struct reader *open_reader(int fd)
{
	struct err err;
	struct reader *reader = reader_open(fd, "F", &err);
	CLAIM(reader != NULL);
	return reader;
}

/* Reads on as far as it goes; true when more may come. */
static bool read_on(struct reader *reader, struct result *result)
{
	struct err err = {""};
	struct record record;
	while (result->n_frames < MOST_FRAMES) {
		result->status = reader_next(reader, &record, &err);
		if (result->status == READER_AGAIN)
			return true;
		if (result->status != 1)
			break;
		take(result, &record);
	}
	if (result->status < 0)
		fuzz_claim_printable(err.message, strlen(err.message), "");
	CLAIM(result->status >= 0 || err.message[0]);
	return false;
}

static struct result from_memory(const uint8_t *data, size_t size)
{
	struct result result = {0};
	struct reader *reader = open_reader(fuzz_file(data, size));
	CLAIM(!read_on(reader, &result));
	reader_close(reader);
	return result;
}

static struct result from_pipe(const uint8_t *data, size_t size, size_t piece)
{
	struct result result = {0};
	int ends[2];
	CLAIM(pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0);
	struct reader *reader = open_reader(ends[0]);
	for (size_t at = 0; at < size; at += piece) {
		size_t n = piece < size - at ? piece : size - at;
		CLAIM(io_write_all(ends[1], data + at, n) == 0);
		if (!read_on(reader, &result))
			break;
	}
	CLAIM(close(ends[1]) == 0);
	if (result.n_frames < MOST_FRAMES && result.status == READER_AGAIN)
		CLAIM(!read_on(reader, &result));
	reader_close(reader);
	return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const size_t pieces[] = {4096, 1, 7, 64, 333, 60000};
	if (size < 2 || size > 1 << 20)
		return 0;
	size_t piece = pieces[data[0] % 6];
	struct result whole = from_memory(data + 1, size - 1);
	if (size / piece > 2000) /* one byte at a time takes long */
		return 0;
	struct result pieced = from_pipe(data + 1, size - 1, piece);
	CLAIM(whole.n_frames == pieced.n_frames);
	CLAIM(whole.status == pieced.status);
	CLAIM(whole.sum == pieced.sum);
	return 0;
}
