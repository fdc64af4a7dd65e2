/* test_writer_copy.c: a copy of a pcapng says what the original said: sections, interfaces, names,
 * secrets and options of frames, from either byte order, and nothing that contradicts itself. And
 * the ring: the last frames, whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "capture/reader.h"
#include "base/text.h"
#include "capture/writer.h"
#include "capture_bytes.h"

static char copy[1 << 20];
static size_t copy_len;

struct job {
	struct writer *writer;
	unsigned n_left_out;
};

static void on_meta(void *arg, const struct meta *meta)
{
	struct job *job = arg;
	struct err err;
	int done = writer_meta(job->writer, meta, &err);
	assert_true(done >= 0);
	job->n_left_out += done == 0;
}

/* Copies the file; the bytes of the copy in copy[], and how many blocks were left out. */
static unsigned copied(struct bytes *original, const char *comment)
{
	int fd = file_of("", 0);
	struct err err = {""};
	struct reader *reader = reader_open(file_of(original->data, original->len), "F", &err);
	struct job job = {.writer = writer_open(dup(fd), "C", WRITER_PCAPNG, 0, &err)};
	struct record record;

	assert_true(reader && job.writer);
	reader_on_meta(reader, on_meta, &job);
	while (reader_next(reader, &record, &err) == 1)
		assert_int_equal(writer_record(job.writer, &record, comment, &err), 0);
	assert_string_equal(err.message, "");
	reader_close(reader);
	assert_int_equal(writer_close(job.writer, &err), 0);
	ssize_t n = pread(fd, copy, sizeof copy, 0);
	assert_true(n > 0);
	copy_len = (size_t)n;
	assert_int_equal(close(fd), 0);
	free(original->data);
	return job.n_left_out;
}

static uint32_t number_at(size_t at)
{
	uint32_t value;
	assert_true(at + 4 <= copy_len);
	memcpy(&value, copy + at, 4);
	return value; /* the tests run on little-endian machines, as the files are written */
}

/* The types of the blocks, as text. */
static const char *blocks(void)
{
	static char text[256];
	struct text t = text_of(text, sizeof text);
	for (size_t at = 0; at < copy_len; at += number_at(at + 4)) {
		uint32_t type = number_at(at);
		assert_true(number_at(at + 4) >= 12);
		assert_int_equal(number_at(at + number_at(at + 4) - 4), number_at(at + 4));
		text_add_char(&t, type == 0x0a0d0d0a ? 'S' : (char)('0' + type));
	}
	return text;
}

static bool has(const char *bytes, size_t n)
{
	return memmem(copy, copy_len, bytes, n) != NULL;
}

static void put_names(struct bytes *b)
{
	size_t at = open_block(b, 4);
	put_option(b, 1, "\xc0\0\2\1host.example", 17);
	put32(b, 0);
	close_block(b, at);
}

static void put_secrets(struct bytes *b, const char *secrets, size_t said)
{
	size_t at = open_block(b, 10);
	put32(b, 0x544c534b);
	put32(b, said);
	put(b, secrets, strlen(secrets));
	close_block(b, at);
}

static void put_commented_packet(struct bytes *b, uint32_t interface)
{
	size_t at = open_block(b, 6);
	put32(b, interface);
	put32(b, 0);
	put32(b, 5);
	put32(b, 4);
	put32(b, 4);
	put(b, "abcd", 4);
	put_option(b, 1, "by hand", 7);
	put16(b, 2); /* flags */
	put16(b, 4);
	put32(b, 0x01020304);
	put32(b, 0);
	close_block(b, at);
}

static void everything_is_there_in_its_place(void **state)
{
	(void)state;
	for (int big = 0; big < 2; big++) {
		struct bytes b = {.big = big};
		put_section(&b);
		put_secrets(&b, "CLIENT_RANDOM", 13);
		put_interface(&b, 1, 9, 0);
		put_interface(&b, 113, 6, 0);
		put_names(&b);
		put_commented_packet(&b, 1);
		put_packet(&b, 0, 7, "efgh");
		put_section(&b);
		put_interface(&b, 101, 9, 0);
		put_packet(&b, 0, 9, "ijkl");
		assert_int_equal(copied(&b, "ours"), 0);
		/* 10 is ':' */
		assert_string_equal(blocks(), "S:11466S16");
		assert_true(has("KSLT\x0d\0\0\0CLIENT_RANDOM\0\0\0", 24));
		assert_true(has("\1\0\x11\0\xc0\0\2\1host.example", 21));
		assert_true(has("\1\0\4\0ours\1\0\7\0by hand\0\2\0\4\0\4\3\2\1", 28));
		assert_true(has("\1\0\0\0\0\0\0\0\x88\x13\0\0",
		                12)); /* interface 1, 5 us are 5000 ns */
	}
}

static void a_comment_that_is_there_already_is_not_repeated(void **state)
{
	(void)state;
	struct bytes b = {0};
	put_section(&b);
	put_interface(&b, 1, 9, 0);
	put_commented_packet(&b, 0);
	(void)copied(&b, "by hand");
	const char *first = memmem(copy, copy_len, "by hand", 7);
	assert_non_null(first);
	assert_null(memmem(first + 1, copy_len - (size_t)(first + 1 - copy), "by hand", 7));
}

static void blocks_that_contradict_themselves_are_left_out(void **state)
{
	(void)state;
	struct bytes b = {0};
	put_section(&b);
	put_interface(&b, 1, 9, 0);
	put_secrets(&b, "short", 4000000000);
	size_t at = open_block(&b, 10);
	put32(&b, 1);
	close_block(&b, at);
	at = open_block(&b, 4);
	put16(&b, 1);
	put16(&b, 60000); /* a record longer than the block */
	close_block(&b, at);
	put_packet(&b, 0, 1, "abcd");
	assert_int_equal(copied(&b, NULL), 3);
	assert_string_equal(blocks(), "S16");
}

static void every_cut_of_the_secrets_is_survived(void **state)
{
	(void)state;
	for (size_t n = 0; n <= 24; n += 4) {
		struct bytes b = {0};
		put_section(&b);
		size_t at = open_block(&b, 10);
		put(&b, "KSLT\x08\0\0\0secrets!\1\0\4\0note", n);
		close_block(&b, at);
		assert_int_equal(copied(&b, NULL), n < 16);
	}
}

/* ---- the ring ---- */

static void the_ring_keeps_the_last_frames_whole(void **state)
{
	enum { N = 5000, RING = 64 * 1024 };
	(void)state;
	for (int format = WRITER_PCAP; format <= WRITER_PCAPNG; format++) {
		int fd = file_of("", 0);
		struct err err = {""};
		struct writer *writer =
		        writer_open(dup(fd), "R", (enum writer_format)format, 0, &err);
		uint8_t bytes[900] = {0};
		struct record record = {.linktype = 1, .data = bytes};
		assert_non_null(writer);
		assert_int_equal(writer_keep_last(writer, RING, &err), 0);
		for (uint32_t i = 0; i < N; i++) {
			record.time_ns = i;
			record.caplen = record.wirelen = i * 7919 % sizeof bytes;
			assert_int_equal(writer_record(writer, &record, "c", &err), 0);
		}
		assert_int_equal(writer_write_ring(writer, &err), 0);
		assert_int_equal(writer_close(writer, &err), 0);
		off_t size = lseek(fd, 0, SEEK_END);
		assert_true(size > RING / 2 && size < RING + 1000);
		assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
		struct reader *reader = reader_open(fd, "R", &err);
		int64_t last = -1;
		while (reader_next(reader, &record, &err) == 1) {
			assert_true(last < 0 || record.time_ns == last + 1);
			assert_int_equal(record.caplen,
			                 record.time_ns * 7919 % (int64_t)sizeof bytes);
			last = record.time_ns;
		}
		assert_string_equal(err.message, "");
		assert_int_equal(last, N - 1);
		reader_close(reader);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(everything_is_there_in_its_place),
	        cmocka_unit_test(a_comment_that_is_there_already_is_not_repeated),
	        cmocka_unit_test(blocks_that_contradict_themselves_are_left_out),
	        cmocka_unit_test(every_cut_of_the_secrets_is_survived),
	        cmocka_unit_test(the_ring_keeps_the_last_frames_whole),
	};
	return cmocka_run_group_tests_name("writer_copy", tests, NULL, NULL);
}
