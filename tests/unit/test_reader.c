/* test_reader.c: files as they should be: each format, byte order, unit of time and packing, from
 * files and from pipes. Damaged ones are in test_reader_hostile.c. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <zlib.h>

#include <cmocka.h>

#include "capture/reader.h"
#include "capture_bytes.h"

/* Opens what was built, and frees it. */
static struct reader *reader_of(struct bytes *b)
{
	struct err err = {""};
	int fd = file_of(b->data, b->len);

	assert_true(fd >= 0);
	free(b->data);
	struct reader *reader = reader_open(fd, "F", &err);
	assert_non_null(reader);
	return reader;
}

static void expect_frame(struct reader *reader, int64_t time_ns, int linktype, const char *frame)
{
	struct record record;
	struct err err = {""};

	if (reader_next(reader, &record, &err) != 1)
		fail_msg("no frame: %s", err.message);
	assert_int_equal(record.time_ns, time_ns);
	assert_int_equal(record.linktype, linktype);
	assert_int_equal(record.caplen, strlen(frame));
	assert_memory_equal(record.data, frame, strlen(frame));
	assert_true(record.wirelen >= record.caplen);
}

/* The end, and closes. */
static void expect_end(struct reader *reader)
{
	struct record record;
	struct err err = {""};

	if (reader_next(reader, &record, &err) != 0)
		fail_msg("not the end: %s", err.message);
	reader_close(reader);
}

/* ---- pcap ---- */

static void pcap_is_read_in_each_order_and_unit(void **state)
{
	static const struct {
		uint32_t magic;
		int64_t unit_ns;
	} kinds[] = {{0xa1b2c3d4, 1000}, {0xa1b23c4d, 1}};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct bytes b = {.big = i & 1};
		put_pcap_header(&b, kinds[i / 2].magic, 1);
		put_pcap_record(&b, 1700000000, 999999, "abc", 60);
		put_pcap_record(&b, 5, 0, "defg", 4); /* a step back in time */
		struct reader *reader = reader_of(&b);
		assert_int_equal(reader_linktype(reader), -1);
		expect_frame(reader, 1700000000000000000 + 999999 * kinds[i / 2].unit_ns, 1, "abc");
		assert_int_equal(reader_linktype(reader), 1);
		expect_frame(reader, 5000000000, 1, "defg");
		expect_end(reader);
	}
}

static void kuznetzovs_longer_record_headers_are_read(void **state)
{
	struct bytes b = {0};

	(void)state;
	put_pcap_header(&b, 0xa1b2cd34, 113);
	for (int i = 0; i < 2; i++) {
		put32(&b, 7);
		put32(&b, 8);
		put32(&b, 3);
		put32(&b, 90);
		put_zeros(&b, 8); /* interface, protocol, type, padding */
		put(&b, "xyz", 3);
	}
	struct reader *reader = reader_of(&b);
	expect_frame(reader, 7000008000, 113, "xyz");
	expect_frame(reader, 7000008000, 113, "xyz");
	expect_end(reader);
}

static void fcs_length_above_the_link_type_is_masked_off(void **state)
{
	struct bytes b = {0};

	(void)state;
	put_pcap_header(&b, 0xa1b2c3d4, 0x44000001);
	put_pcap_record(&b, 1, 1, "a", 1);
	struct reader *reader = reader_of(&b);
	expect_frame(reader, 1000001000, 1, "a");
	expect_end(reader);
}

static void lengths_of_old_versions_stand_the_other_way_round(void **state)
{
	struct bytes b = {0};
	struct record record;
	struct err err;

	(void)state;
	put_pcap_header(&b, 0xa1b2c3d4, 1);
	b.data[6] = 2; /* version 2.2 */
	put32(&b, 1);
	put32(&b, 1);
	put32(&b, 1500); /* sent */
	put32(&b, 4);    /* captured */
	put(&b, "abcd", 4);
	struct reader *reader = reader_of(&b);
	assert_int_equal(reader_next(reader, &record, &err), 1);
	assert_int_equal(record.caplen, 4);
	assert_int_equal(record.wirelen, 1500);
	expect_end(reader);
}

static void a_frame_of_no_bytes_is_a_frame(void **state)
{
	struct bytes b = {0};

	(void)state;
	put_pcap_header(&b, 0xa1b2c3d4, 1);
	put_pcap_record(&b, 1, 0, "", 60);
	put_pcap_record(&b, 2, 0, "a", 60);
	struct reader *reader = reader_of(&b);
	expect_frame(reader, 1000000000, 1, "");
	expect_frame(reader, 2000000000, 1, "a");
	expect_end(reader);
}

static void the_latest_time_of_a_pcap_does_not_overflow(void **state)
{
	struct bytes b = {0};

	(void)state;
	put_pcap_header(&b, 0xa1b2c3d4, 1);
	put_pcap_record(&b, UINT32_MAX, UINT32_MAX, "a", 60);
	struct reader *reader = reader_of(&b);
	expect_frame(reader, UINT32_MAX * INT64_C(1000000000) + UINT32_MAX * INT64_C(1000), 1, "a");
	expect_end(reader);
}

static void a_header_alone_is_a_capture_without_frames(void **state)
{
	struct bytes pcap = {0}, pcapng = {0};

	(void)state;
	put_pcap_header(&pcap, 0xa1b2c3d4, 1);
	expect_end(reader_of(&pcap));
	put_section(&pcapng);
	expect_end(reader_of(&pcapng));
}

/* ---- pcapng ---- */

static void sections_of_either_order_and_any_link_types_are_read(void **state)
{
	struct bytes b = {0};

	(void)state;
	put_section(&b);
	put_interface(&b, 1, 0, 0);
	put_interface(&b, 276, 9, 0);
	put_packet(&b, 0, 1000001, "a");
	put_packet(&b, 1, 1000001, "bcdef");
	b.big = true;
	put_section(&b);
	put_interface(&b, 101, 0, 0);
	put_packet(&b, 0, 2000000, "g");
	struct reader *reader = reader_of(&b);
	expect_frame(reader, 1000001000, 1, "a");
	expect_frame(reader, 1000001, 276, "bcdef");
	expect_frame(reader, 2000000000, 101, "g");
	assert_int_equal(reader_linktype(reader), 1);
	expect_end(reader);
}

static void simple_and_obsolete_packet_blocks_are_read(void **state)
{
	struct bytes b = {0};

	(void)state;
	put_section(&b);
	put_interface(&b, 1, 0, 0);
	size_t at = open_block(&b, 3);
	put32(&b, 5);
	put(&b, "simpl", 5);
	close_block(&b, at);
	at = open_block(&b, 2);
	put16(&b, 0); /* interface */
	put16(&b, 7); /* drops */
	put32(&b, 0);
	put32(&b, 3000000);
	put32(&b, 3);
	put32(&b, 3);
	put(&b, "old", 3);
	close_block(&b, at);
	struct reader *reader = reader_of(&b);
	expect_frame(reader, 0, 1, "simpl"); /* has no time */
	expect_frame(reader, 3000000000, 1, "old");
	expect_end(reader);
}

static void other_blocks_are_passed_over_whatever_their_size(void **state)
{
	static const size_t sizes[] = {0, 4, 1000, 600 * 1024, 20 * 1024 * 1024};
	struct bytes b = {0};

	(void)state;
	put_section(&b);
	put_interface(&b, 1, 0, 0);
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		size_t at = open_block(&b, 0xbad);
		put_zeros(&b, sizes[i]);
		close_block(&b, at);
		put_packet(&b, 0, 1, "a");
	}
	struct reader *reader = reader_of(&b);
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
		expect_frame(reader, 1000, 1, "a");
	expect_end(reader);
}

static void options_of_a_packet_are_walked(void **state)
{
	struct bytes b = {0};

	(void)state;
	put_section(&b);
	put_interface(&b, 1, 0, 0);
	size_t at = open_block(&b, 6);
	put_zeros(&b, 12);
	put32(&b, 3);
	put32(&b, 3);
	put(&b, "abc\0", 4);
	put_option(&b, 1, "a comment", 9);
	put_option(&b, 0, "", 0);
	close_block(&b, at);
	struct reader *reader = reader_of(&b);
	expect_frame(reader, 0, 1, "abc");
	expect_end(reader);
}

static void each_unit_of_time_is_understood(void **state)
{
	static const struct {
		uint8_t resolution;
		int64_t offset_s;
		uint64_t ticks;
		int64_t time_ns;
	} cases[] = {
	        {0, 0, 1500000, 1500000000}, /* microseconds when nothing is said */
	        {9, 0, 1500000000123456789, 1500000000123456789},
	        {3, 0, 1500, 1500000000},
	        {12, 0, 1999, 1},
	        {20, 0, 7000000000000000000, 70000000},
	        {127, 0, UINT64_MAX, 0},
	        {0x80 | 10, 0, 5 * 1024 + 512, 5500000000},
	        {0x80 | 32, 0, UINT64_C(3) << 31, 1500000000},
	        {0x80 | 40, 0, UINT64_C(3) << 39, 1500000000},
	        {0x80 | 63, 0, UINT64_C(3) << 62, 1500000000},
	        {0x80 | 64, 0, UINT64_C(1) << 63, 500000000},
	        {0x80 | 127, 0, UINT64_MAX, 0},
	        {6, -100, 7000000, -93000000000}, /* before 1970 */
	        {6, 100, 7000000, 107000000000},
	        {9, 0, UINT64_MAX, INT64_MAX}, /* too late for 63 bits: the last time there is */
	        {1, 0, UINT64_MAX, INT64_MAX},
	        {0x80 | 1, 0, UINT64_MAX, INT64_MAX},
	        {0x80, 0, UINT64_MAX, INT64_MAX},
	        {6, INT64_MAX, 1, INT64_MAX},
	        {6, INT64_MIN, 1, INT64_MIN},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct bytes b = {.big = i & 1};
		put_section(&b);
		put_interface(&b, 1, cases[i].resolution, cases[i].offset_s);
		put_packet(&b, 0, cases[i].ticks, "a");
		struct reader *reader = reader_of(&b);
		expect_frame(reader, cases[i].time_ns, 1, "a");
		expect_end(reader);
	}
}

/* ---- size: frames across the edges of the buffer ---- */

static void frames_larger_than_the_buffers_rest_stay_whole(void **state)
{
	enum { N = 40, LARGEST = 262144 };
	struct bytes b = {0};
	struct record record;
	struct err err;

	(void)state;
	put_pcap_header(&b, 0xa1b2c3d4, 1);
	for (uint32_t i = 0; i < N; i++) {
		uint32_t len = i % 2 ? LARGEST - i : 100 + i;
		put32(&b, i);
		put32(&b, 0);
		put32(&b, len);
		put32(&b, len);
		for (uint32_t k = 0; k < len; k++)
			put(&b, &(uint8_t){(uint8_t)(k * 7 + i)}, 1);
	}
	struct reader *reader = reader_of(&b);
	for (uint32_t i = 0; i < N; i++) {
		assert_int_equal(reader_next(reader, &record, &err), 1);
		assert_int_equal(record.caplen, i % 2 ? LARGEST - i : 100 + i);
		for (uint32_t k = 0; k < record.caplen; k++)
			if (record.data[k] != (uint8_t)(k * 7 + i))
				fail_msg("frame %u, byte %u", i, k);
	}
	expect_end(reader);
}

/* ---- gzip ---- */

static void put_gzip(struct bytes *out, const struct bytes *in)
{
	z_stream z = {.next_in = in->data, .avail_in = (uInt)in->len};
	uint8_t packed[4096];

	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_out = packed;
	z.avail_out = sizeof packed;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	put(out, packed, sizeof packed - z.avail_out);
	assert_int_equal(deflateEnd(&z), Z_OK);
}

static void small_pcap(struct bytes *b)
{
	put_pcap_header(b, 0xa1b2c3d4, 1);
	put_pcap_record(b, 1, 0, "abc", 3);
	put_pcap_record(b, 2, 0, "def", 3);
}

static void expect_small_pcap(struct bytes *b)
{
	struct reader *reader = reader_of(b);

	expect_frame(reader, 1000000000, 1, "abc");
	expect_frame(reader, 2000000000, 1, "def");
	expect_end(reader);
}

static void gzip_is_unpacked(void **state)
{
	struct bytes plain = {0}, packed = {0};

	(void)state;
	small_pcap(&plain);
	put_gzip(&packed, &plain);
	free(plain.data);
	expect_small_pcap(&packed);
}

static void gzip_in_several_members_and_padding_is_one_stream(void **state)
{
	struct bytes plain = {0}, packed = {0};

	(void)state;
	small_pcap(&plain);
	struct bytes first = {.data = plain.data, .len = 30};
	struct bytes second = {.data = plain.data + 30, .len = plain.len - 30};
	put_gzip(&packed, &first);
	put_gzip(&packed, &second);
	put_zeros(&packed, 512);
	free(plain.data);
	expect_small_pcap(&packed);
}

/* ---- pipes ---- */

static void nothing_is_read_before_the_first_frame_is_asked_for(void **state)
{
	struct bytes b = {0};
	struct err err;

	(void)state;
	small_pcap(&b);
	int fd = file_of(b.data, b.len);
	struct reader *reader = reader_open(fd, "F", &err);
	assert_non_null(reader);
	assert_int_equal(lseek(fd, 0, SEEK_CUR), 0);
	expect_frame(reader, 1000000000, 1, "abc");
	assert_int_not_equal(lseek(fd, 0, SEEK_CUR), 0);
	reader_close(reader);
	free(b.data);
}

/* Every byte comes alone; a frame is handed out with its last byte, neither later nor earlier. */
static void trickle(const struct bytes *b, const size_t *ends, size_t n_ends)
{
	struct record record;
	struct err err;
	int ends_of_pipe[2];
	size_t seen = 0;

	assert_int_equal(pipe2(ends_of_pipe, O_NONBLOCK), 0);
	struct reader *reader = reader_open(ends_of_pipe[0], "-", &err);
	assert_non_null(reader);
	assert_int_equal(reader_fd(reader), ends_of_pipe[0]);
	for (size_t i = 0; i < b->len; i++) {
		assert_int_equal(write(ends_of_pipe[1], b->data + i, 1), 1);
		bool whole = seen < n_ends && i + 1 == ends[seen];
		assert_int_equal(reader_next(reader, &record, &err), whole ? 1 : READER_AGAIN);
		seen += whole;
	}
	assert_int_equal(seen, n_ends);
	assert_int_equal(close(ends_of_pipe[1]), 0);
	expect_end(reader);
}

static void a_pipe_is_read_frame_by_frame(void **state)
{
	struct bytes pcap = {0}, pcapng = {.big = true};
	size_t ends[2];

	(void)state;
	put_pcap_header(&pcap, 0xa1b2c3d4, 1);
	put_pcap_record(&pcap, 1, 0, "abc", 3);
	ends[0] = pcap.len;
	put_pcap_record(&pcap, 2, 0, "def", 3);
	ends[1] = pcap.len;
	trickle(&pcap, ends, 2);
	free(pcap.data);

	put_section(&pcapng);
	put_interface(&pcapng, 1, 9, 0);
	put_packet(&pcapng, 0, 5, "abc");
	ends[0] = pcapng.len;
	size_t at = open_block(&pcapng, 0xbad);
	put_zeros(&pcapng, 50);
	close_block(&pcapng, at);
	put_packet(&pcapng, 0, 5, "");
	ends[1] = pcapng.len;
	trickle(&pcapng, ends, 2);
	free(pcapng.data);
}

static void progress_counts_the_bytes_of_the_file(void **state)
{
	struct bytes b = {0};
	uint64_t done, total;

	(void)state;
	small_pcap(&b);
	size_t len = b.len;
	struct reader *reader = reader_of(&b);
	reader_progress(reader, &done, &total);
	assert_int_equal(done, 0);
	assert_int_equal(total, len);
	expect_frame(reader, 1000000000, 1, "abc");
	reader_progress(reader, &done, &total);
	assert_int_equal(done, 24 + 16 + 3);
	expect_frame(reader, 2000000000, 1, "def");
	reader_progress(reader, &done, &total);
	assert_int_equal(done, len);
	expect_end(reader);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(pcap_is_read_in_each_order_and_unit),
	        cmocka_unit_test(kuznetzovs_longer_record_headers_are_read),
	        cmocka_unit_test(fcs_length_above_the_link_type_is_masked_off),
	        cmocka_unit_test(lengths_of_old_versions_stand_the_other_way_round),
	        cmocka_unit_test(a_frame_of_no_bytes_is_a_frame),
	        cmocka_unit_test(the_latest_time_of_a_pcap_does_not_overflow),
	        cmocka_unit_test(a_header_alone_is_a_capture_without_frames),
	        cmocka_unit_test(sections_of_either_order_and_any_link_types_are_read),
	        cmocka_unit_test(simple_and_obsolete_packet_blocks_are_read),
	        cmocka_unit_test(other_blocks_are_passed_over_whatever_their_size),
	        cmocka_unit_test(options_of_a_packet_are_walked),
	        cmocka_unit_test(each_unit_of_time_is_understood),
	        cmocka_unit_test(frames_larger_than_the_buffers_rest_stay_whole),
	        cmocka_unit_test(gzip_is_unpacked),
	        cmocka_unit_test(gzip_in_several_members_and_padding_is_one_stream),
	        cmocka_unit_test(nothing_is_read_before_the_first_frame_is_asked_for),
	        cmocka_unit_test(a_pipe_is_read_frame_by_frame),
	        cmocka_unit_test(progress_counts_the_bytes_of_the_file),
	};

	return cmocka_run_group_tests_name("reader", tests, NULL, NULL);
}
