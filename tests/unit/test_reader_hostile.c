/* test_reader_hostile.c: damaged, cut and lying files: the reader hands out every frame before the
 * damage, says where it is, and never reads or allocates beyond what the file really has. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/resource.h>
#include <zlib.h>

#include <cmocka.h>

#include "capture/reader.h"
#include "capture_bytes.h"

/* Reads everything; touches each byte, so that the sanitizer sees wrong pointers. The frames read;
 * *result is what the last call returned. */
static unsigned read_all(const void *data, size_t n, int *result, struct err *err)
{
	struct record record;
	unsigned n_frames = 0;
	volatile uint8_t sum = 0;
	int fd = file_of(data, n);

	assert_true(fd >= 0);
	struct reader *reader = reader_open(fd, "F", err);
	assert_non_null(reader);
	while ((*result = reader_next(reader, &record, err)) == 1) {
		n_frames++;
		assert_true(record.wirelen >= record.caplen);
		for (uint32_t i = 0; i < record.caplen; i++)
			sum = (uint8_t)(sum + record.data[i]);
	}
	reader_close(reader);
	return n_frames;
}

static void expect_damage(struct bytes *b, unsigned frames, const char *words)
{
	struct err err = {""};
	int result;

	assert_int_equal(read_all(b->data, b->len, &result, &err), frames);
	assert_int_equal(result, -1);
	if (!strstr(err.message, words))
		fail_msg("'%s' is not in '%s'", words, err.message);
	free(b->data);
}

/* ---- samples, and where their frames end ---- */

enum { N_ENDS = 3 };

static void sample_pcap(struct bytes *b, size_t ends[N_ENDS + 1])
{
	put_pcap_header(b, 0xa1b23c4d, 1);
	ends[0] = b->len;
	for (size_t i = 1; i <= N_ENDS; i++) {
		put_pcap_record(b, (uint32_t)i, 0, "a frame of some bytes", 60);
		ends[i] = b->len;
	}
}

/* A cut between two blocks of a section is no damage. */
static void sample_pcapng(struct bytes *b, size_t ends[N_ENDS + 1])
{
	put_section(b);
	put_interface(b, 1, 9, 3600);
	ends[0] = b->len;
	for (size_t i = 1; i <= N_ENDS; i++) {
		put_packet(b, 0, i, "a frame of some bytes");
		ends[i] = b->len;
	}
}

static void gzip(const struct bytes *in, struct bytes *out)
{
	z_stream z = {.next_in = in->data, .avail_in = (uInt)in->len};
	uint8_t packed[8192];

	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_out = packed;
	z.avail_out = sizeof packed;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	put(out, packed, sizeof packed - z.avail_out);
	assert_int_equal(deflateEnd(&z), Z_OK);
}

/* ---- cut off ---- */

/* Cuts to each length from `from` on. */
static void cut_everywhere(const struct bytes *b, size_t from, const size_t *ends)
{
	for (size_t len = from; len <= b->len; len++) {
		struct err err = {""};
		int result;
		unsigned whole = 0;
		bool between = len == ends[0];
		while (whole < N_ENDS && ends[whole + 1] <= len)
			between = ends[++whole] == len;
		unsigned frames = read_all(b->data, len, &result, &err);
		if (frames != whole || result != (between ? 0 : -1))
			fail_msg("cut to %zu bytes: %u frames, %d (%s)", len, frames, result,
			         err.message);
	}
}

static void a_pcap_cut_anywhere_gives_its_whole_frames(void **state)
{
	struct bytes b = {0};
	size_t ends[N_ENDS + 1];

	(void)state;
	sample_pcap(&b, ends);
	cut_everywhere(&b, 0, ends);
	free(b.data);
}

static void a_pcapng_cut_anywhere_gives_its_whole_frames(void **state)
{
	struct bytes b = {.big = true};
	size_t ends[N_ENDS + 1];
	struct err err;
	int result;

	(void)state;
	sample_pcapng(&b, ends);
	for (size_t len = 0; len < ends[0]; len++) /* before the interface is whole */
		assert_int_equal(read_all(b.data, len, &result, &err), 0);
	cut_everywhere(&b, ends[0], ends);
	free(b.data);
}

static void a_gzip_cut_anywhere_is_told_from_a_whole_one(void **state)
{
	struct bytes plain = {0}, packed = {0};
	size_t ends[N_ENDS + 1];
	struct err err;
	int result;

	(void)state;
	sample_pcap(&plain, ends);
	gzip(&plain, &packed);
	for (size_t len = 0; len < packed.len; len++) {
		assert_true(read_all(packed.data, len, &result, &err) <= N_ENDS);
		assert_int_equal(result, -1);
	}
	assert_int_equal(read_all(packed.data, packed.len, &result, &err), N_ENDS);
	assert_int_equal(result, 0);
	free(plain.data);
	free(packed.data);
}

static void the_message_says_where_a_file_is_cut_off(void **state)
{
	struct bytes b = {0};
	size_t ends[N_ENDS + 1];

	(void)state;
	sample_pcap(&b, ends);
	b.len -= 1;
	expect_damage(&b, 2, "F: the file is cut off inside frame 3; 2 frames were read");
	b = (struct bytes){0};
	sample_pcap(&b, ends);
	b.len = ends[1] + 3;
	expect_damage(&b, 1, "F: the file is cut off inside frame 2; 1 frame was read");
}

/* ---- no capture at all ---- */

static void other_files_are_not_captures(void **state)
{
	struct bytes text = {0}, empty = {0}, packed_text = {0}, plain = {0};

	(void)state;
	put(&text, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", 35);
	expect_damage(&text, 0, "F: this is not a capture file");
	expect_damage(&empty, 0, "F: the file is empty");
	put(&plain, "hello, world", 12);
	gzip(&plain, &packed_text);
	free(plain.data);
	expect_damage(&packed_text, 0, "F: this is not a capture file");
}

static void a_directory_cannot_be_read(void **state)
{
	struct record record;
	struct err err = {""};
	int fd = open("/", O_RDONLY | O_DIRECTORY);

	(void)state;
	assert_true(fd >= 0);
	struct reader *reader = reader_open(fd, "/", &err);
	assert_int_equal(reader_next(reader, &record, &err), -1);
	assert_non_null(strstr(err.message, "directory"));
	reader_close(reader);
}

/* ---- lengths that lie ---- */

static void a_frame_larger_than_possible_is_damage(void **state)
{
	static const uint32_t lengths[] = {262145, 4325376, 0x7fffffff, 0x80000000, 0xffffffff};

	(void)state;
	for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
		struct bytes b = {0};
		size_t ends[N_ENDS + 1];
		sample_pcap(&b, ends);
		put_zeros(&b, 8);
		put32(&b, lengths[i]);
		put32(&b, lengths[i]);
		put_zeros(&b, 1000);
		expect_damage(&b, N_ENDS, "F: the file is damaged at byte");
	}
}

static void block_lengths_that_lie_are_damage(void **state)
{
	static const uint32_t lengths[] = {
	        0, 4, 8, 11, 13, 93, 0x7ffffffc, 0x80000000, 0xfffffffc, 0xffffffff, 17 << 20 | 4};
	static const uint32_t types[] = {6, 3, 2, 1};

	(void)state;
	for (size_t i = 0; i < sizeof lengths / sizeof lengths[0] * 4; i++) {
		struct bytes b = {.big = i & 1};
		size_t ends[N_ENDS + 1];
		sample_pcapng(&b, ends);
		put32(&b, types[i % 4]);
		put32(&b, lengths[i / 4]);
		put_zeros(&b, 100);
		expect_damage(&b, N_ENDS, "that says it is");
	}
}

/* ---- how much memory a length may cost ---- */

enum { MODEST = 8 << 20 };

#ifdef __SANITIZE_ADDRESS__

/* The sanitizer's own memory fits in no limit, but it tells each piece that is asked for. gcc
 * brings no header for that. */
int __sanitizer_install_malloc_and_free_hooks(void (*on_malloc)(const volatile void *, size_t),
                                              void (*on_free)(const volatile void *));

static size_t largest;

static void note_malloc(const volatile void *piece, size_t size)
{
	(void)piece;
	if (size > largest)
		largest = size;
}

static void note_free(const volatile void *piece)
{
	(void)piece;
}

static void expect_modest_damage(struct bytes *b)
{
	static bool installed; /* once for all: hooks cannot be taken back */
	if (!installed)
		assert_int_not_equal(
		        __sanitizer_install_malloc_and_free_hooks(note_malloc, note_free), 0);
	installed = true;
	largest = 0;
	expect_damage(b, N_ENDS, "cut off");
	assert_in_range(largest, 1, MODEST);
}

#else

static void expect_modest_damage(struct bytes *b)
{
	struct rlimit old, small;
	assert_int_equal(getrlimit(RLIMIT_DATA, &old), 0);
	small = (struct rlimit){.rlim_cur = MODEST, .rlim_max = old.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_DATA, &small), 0);
	expect_damage(b, N_ENDS, "cut off");
	assert_int_equal(setrlimit(RLIMIT_DATA, &old), 0);
}

#endif

static void a_lying_length_costs_no_memory(void **state)
{
	struct bytes b = {0};
	size_t ends[N_ENDS + 1];

	(void)state;
	sample_pcapng(&b, ends);
	put32(&b, 6);
	put32(&b, 16 << 20);
	put_zeros(&b, 2000);
	expect_modest_damage(&b);
}

static void a_blocks_two_lengths_must_agree(void **state)
{
	struct bytes b = {0};
	size_t ends[N_ENDS + 1];

	(void)state;
	sample_pcapng(&b, ends);
	b.data[b.len - 4] ^= 4;
	expect_damage(&b, 2, "two lengths differ");
}

/* ---- contents that contradict themselves ---- */

static void a_frame_must_fit_in_its_block(void **state)
{
	static const uint32_t caplens[] = {5, 262144, 262145, 0x7fffffff, 0xfffffffd, 0xffffffff};

	(void)state;
	for (size_t i = 0; i < sizeof caplens / sizeof caplens[0]; i++) {
		struct bytes b = {0};
		size_t ends[N_ENDS + 1];
		sample_pcapng(&b, ends);
		size_t at = open_block(&b, 6);
		put_zeros(&b, 12);
		put32(&b, caplens[i]);
		put32(&b, caplens[i]);
		put(&b, "abcd", 4);
		close_block(&b, at);
		expect_damage(&b, N_ENDS, "; 3 frames were read");
	}
}

static void every_short_block_is_refused(void **state)
{
	static const struct {
		uint32_t type;
		size_t min; /* bytes of body without which it makes no sense */
	} kinds[] = {{6, 20}, {3, 4}, {2, 20}, {1, 8}};

	(void)state;
	for (size_t i = 0; i < 4; i++)
		for (size_t len = 0; len < kinds[i].min; len += 4) {
			struct bytes b = {0};
			size_t ends[N_ENDS + 1];
			sample_pcapng(&b, ends);
			size_t at = open_block(&b, kinds[i].type);
			put_zeros(&b, len);
			if (kinds[i].type == 3 && len == 0)
				put32(&b, 100); /* a packet of 100 bytes, none of them there */
			close_block(&b, at);
			expect_damage(&b, N_ENDS, "too short");
		}
}

static void options_must_fit_in_their_block(void **state)
{
	struct bytes b = {0};
	size_t ends[N_ENDS + 1];

	(void)state;
	sample_pcapng(&b, ends);
	size_t at = open_block(&b, 1);
	put16(&b, 1);
	put16(&b, 0);
	put32(&b, 0);
	put16(&b, 9);
	put16(&b, 1000);
	close_block(&b, at);
	expect_damage(&b, N_ENDS, "an interface's block is too short");
	b = (struct bytes){0};
	sample_pcapng(&b, ends);
	at = open_block(&b, 6);
	put_zeros(&b, 20);
	put16(&b, 1);
	put16(&b, 5);
	put32(&b, 0);
	close_block(&b, at);
	expect_damage(&b, N_ENDS, "a frame's block is too short");
}

static void a_packet_needs_an_interface_of_its_section(void **state)
{
	struct bytes b = {0};
	size_t ends[N_ENDS + 1];

	(void)state;
	sample_pcapng(&b, ends);
	put_packet(&b, 1, 0, "a");
	expect_damage(&b, N_ENDS, "interface 1");
	b = (struct bytes){0};
	sample_pcapng(&b, ends);
	put_section(&b); /* forgets the interfaces of the one before */
	put_packet(&b, 0, 0, "a");
	expect_damage(&b, N_ENDS, "interface 0");
}

static void a_section_needs_byte_order_and_version(void **state)
{
	struct bytes order = {0}, version = {0};

	(void)state;
	put_section(&order);
	order.data[8] ^= 1;
	expect_damage(&order, 0, "byte order");
	put_section(&version);
	version.data[12] = 2;
	expect_damage(&version, 0, "version 2.0");
}

static void interfaces_are_limited(void **state)
{
	struct bytes b = {0};
	struct err err;
	int result;

	(void)state;
	put_section(&b);
	for (int i = 0; i < 65536; i++)
		put_interface(&b, 1, 0, 0);
	put_packet(&b, 65535, 0, "a");
	assert_int_equal(read_all(b.data, b.len, &result, &err), 1);
	assert_int_equal(result, 0);
	put_interface(&b, 1, 0, 0);
	expect_damage(&b, 1, "more than 65536 interfaces");
}

/* ---- anything: bits turned over at random places, always the same ones ---- */

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223; /* Numerical Recipes' generator */
	return *seed >> 8;
}

static void mutate(const struct bytes *sample, unsigned times)
{
	uint8_t *copy = malloc(sample->len);
	uint32_t seed = 1;
	unsigned damaged = 0;

	assert_non_null(copy);
	for (unsigned i = 0; i < times; i++) {
		struct err err = {""};
		int result;
		memcpy(copy, sample->data, sample->len);
		for (uint32_t k = next_random(&seed) % 4; k < 4; k++)
			copy[next_random(&seed) % sample->len] ^=
			        (uint8_t)(1U << next_random(&seed) % 8);
		unsigned frames = read_all(copy, sample->len, &result, &err);
		assert_true(frames <= sample->len / 16);
		assert_true(result == 0 || (result == -1 && err.message[0] != '\0'));
		damaged += result == -1;
	}
	assert_true(damaged > times / 20);
	free(copy);
}

static void two_thousand_mutations_do_no_harm(void **state)
{
	struct bytes pcap = {0}, pcapng = {0}, packed = {0};
	size_t ends[N_ENDS + 1];

	(void)state;
	sample_pcap(&pcap, ends);
	sample_pcapng(&pcapng, ends);
	pcapng.big = true;
	sample_pcapng(&pcapng, ends);
	gzip(&pcapng, &packed);
	mutate(&pcap, 2000);
	mutate(&pcapng, 2000);
	mutate(&packed, 2000);
	free(pcap.data);
	free(pcapng.data);
	free(packed.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_pcap_cut_anywhere_gives_its_whole_frames),
	        cmocka_unit_test(a_pcapng_cut_anywhere_gives_its_whole_frames),
	        cmocka_unit_test(a_gzip_cut_anywhere_is_told_from_a_whole_one),
	        cmocka_unit_test(the_message_says_where_a_file_is_cut_off),
	        cmocka_unit_test(other_files_are_not_captures),
	        cmocka_unit_test(a_directory_cannot_be_read),
	        cmocka_unit_test(a_frame_larger_than_possible_is_damage),
	        cmocka_unit_test(block_lengths_that_lie_are_damage),
	        cmocka_unit_test(a_lying_length_costs_no_memory),
	        cmocka_unit_test(a_blocks_two_lengths_must_agree),
	        cmocka_unit_test(a_frame_must_fit_in_its_block),
	        cmocka_unit_test(every_short_block_is_refused),
	        cmocka_unit_test(options_must_fit_in_their_block),
	        cmocka_unit_test(a_packet_needs_an_interface_of_its_section),
	        cmocka_unit_test(a_section_needs_byte_order_and_version),
	        cmocka_unit_test(interfaces_are_limited),
	        cmocka_unit_test(two_thousand_mutations_do_no_harm),
	};

	return cmocka_run_group_tests_name("hostile files", tests, NULL, NULL);
}
