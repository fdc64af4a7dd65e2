/* test_writer.c: what is written is read back the same, by our reader and by tshark where it is
 * installed; and a write that fails leaves a file of whole frames. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "capture/reader.h"
#include "capture/writer.h"
#include "capture_bytes.h"

static struct record frame_of(int64_t time_ns, int linktype, const char *bytes)
{
	return (struct record){.time_ns = time_ns,
	                       .linktype = linktype,
	                       .caplen = (uint32_t)strlen(bytes),
	                       .wirelen = 1514,
	                       .data = (const uint8_t *)bytes};
}

static struct writer *open_writer(int fd, enum writer_format format, uint32_t snaplen)
{
	struct err err;
	struct writer *writer = writer_open(dup(fd), "F", format, snaplen, &err);

	assert_non_null(writer);
	return writer;
}

static void write_frame(struct writer *writer, int64_t time_ns, int linktype, const char *bytes)
{
	struct record record = frame_of(time_ns, linktype, bytes);
	struct err err = {""};

	if (writer_record(writer, &record, NULL, &err) != 0)
		fail_msg("%s", err.message);
}

static void close_writer(struct writer *writer)
{
	struct err err = {""};

	if (writer_close(writer, &err) != 0)
		fail_msg("%s", err.message);
}

static struct reader *read_back(int fd)
{
	struct err err;

	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	struct reader *reader = reader_open(dup(fd), "F", &err);
	assert_non_null(reader);
	return reader;
}

static void expect_frame(struct reader *reader, int64_t time_ns, int linktype, const char *bytes)
{
	struct record record;
	struct err err = {""};

	if (reader_next(reader, &record, &err) != 1)
		fail_msg("no frame: %s", err.message);
	assert_int_equal(record.time_ns, time_ns);
	assert_int_equal(record.linktype, linktype);
	assert_int_equal(record.wirelen, 1514);
	assert_int_equal(record.caplen, strlen(bytes));
	assert_memory_equal(record.data, bytes, strlen(bytes));
}

static void expect_end(struct reader *reader)
{
	struct record record;
	struct err err = {""};

	if (reader_next(reader, &record, &err) != 0)
		fail_msg("not the end: %s", err.message);
	reader_close(reader);
}

/* ---- round trips ---- */

static void the_suffix_says_the_format(void **state)
{
	(void)state;
	assert_int_equal(writer_format_of("a.pcapng"), WRITER_PCAPNG);
	assert_int_equal(writer_format_of("a.ntar"), WRITER_PCAPNG);
	assert_int_equal(writer_format_of("a.pcap"), WRITER_PCAP);
	assert_int_equal(writer_format_of("a.pcapng.old"), WRITER_PCAP);
	assert_int_equal(writer_format_of("-"), WRITER_PCAP);
}

static void pcap_keeps_frames_and_nanoseconds(void **state)
{
	int fd = file_of("", 0);
	struct writer *writer = open_writer(fd, WRITER_PCAP, 65535);

	(void)state;
	write_frame(writer, 1700000000000000001, 276, "abc");
	write_frame(writer, 5, 276, "");
	assert_int_equal(writer_count(writer), 2);
	close_writer(writer);
	struct reader *reader = read_back(fd);
	expect_frame(reader, 1700000000000000001, 276, "abc");
	expect_frame(reader, 5, 276, "");
	expect_end(reader);
	assert_int_equal(close(fd), 0);
}

static void pcapng_keeps_frames_of_several_link_types(void **state)
{
	int fd = file_of("", 0);
	struct writer *writer = open_writer(fd, WRITER_PCAPNG, 65535);

	(void)state;
	write_frame(writer, 1700000000000000001, 1, "abc");
	write_frame(writer, 7, 65535, "defgh");
	write_frame(writer, 8, 1, "");
	close_writer(writer);
	struct reader *reader = read_back(fd);
	expect_frame(reader, 1700000000000000001, 1, "abc");
	expect_frame(reader, 7, 65535, "defgh");
	expect_frame(reader, 8, 1, "");
	expect_end(reader);
	assert_int_equal(close(fd), 0);
}

static void times_that_do_not_fit_become_the_nearest(void **state)
{
	static const int64_t last_pcap = UINT32_MAX * INT64_C(1000000000) + 999999999;

	(void)state;
	for (int format = WRITER_PCAP; format <= WRITER_PCAPNG; format++) {
		int fd = file_of("", 0);
		struct writer *writer = open_writer(fd, (enum writer_format)format, 0);
		write_frame(writer, INT64_MIN, 1, "abc");
		write_frame(writer, INT64_MAX, 1, "abc");
		close_writer(writer);
		struct reader *reader = read_back(fd);
		expect_frame(reader, 0, 1, "abc");
		expect_frame(reader, format == WRITER_PCAP ? last_pcap : INT64_MAX, 1, "abc");
		expect_end(reader);
		assert_int_equal(close(fd), 0);
	}
}

static void frames_are_cut_to_the_snap_length(void **state)
{
	(void)state;
	for (int format = WRITER_PCAP; format <= WRITER_PCAPNG; format++) {
		int fd = file_of("", 0);
		struct writer *writer = open_writer(fd, (enum writer_format)format, 5);
		write_frame(writer, 1, 1, "abcdefgh");
		close_writer(writer);
		struct reader *reader = read_back(fd);
		expect_frame(reader, 1, 1, "abcde");
		expect_end(reader);
		assert_int_equal(close(fd), 0);
	}
}

static void a_capture_without_frames_is_a_valid_file(void **state)
{
	(void)state;
	for (int format = WRITER_PCAP; format <= WRITER_PCAPNG; format++) {
		int fd = file_of("", 0);
		close_writer(open_writer(fd, (enum writer_format)format, 65535));
		struct reader *reader = read_back(fd);
		expect_end(reader);
		assert_int_equal(close(fd), 0);
	}
}

static void many_and_large_frames_pass_the_buffer(void **state)
{
	enum { N = 3000, LARGE = 1 << 20 };
	int fd = file_of("", 0);
	struct writer *writer = open_writer(fd, WRITER_PCAPNG, 0);
	char *large = malloc(LARGE + 1);

	(void)state;
	assert_non_null(large);
	memset(large, 'x', LARGE);
	large[LARGE] = '\0';
	for (int i = 0; i < N; i++)
		write_frame(writer, i, 1,
		            "some bytes of a frame, more than a hundred of them so "
		            "that many frames fill the buffer several times");
	write_frame(writer, N, 189, large); /* larger than the buffer; USB may be */
	close_writer(writer);
	struct reader *reader = read_back(fd);
	for (int i = 0; i < N; i++)
		expect_frame(reader, i, 1,
		             "some bytes of a frame, more than a hundred of them so "
		             "that many frames fill the buffer several times");
	struct record record;
	struct err err;
	assert_int_equal(reader_next(reader, &record, &err), 1);
	assert_int_equal(record.caplen, LARGE);
	assert_memory_equal(record.data, large, LARGE);
	expect_end(reader);
	free(large);
	assert_int_equal(close(fd), 0);
}

static void a_second_link_type_in_pcap_names_the_mend(void **state)
{
	int fd = file_of("", 0);
	struct writer *writer = open_writer(fd, WRITER_PCAP, 0);
	struct record other = frame_of(1, 101, "abc");
	struct err err = {""};

	(void)state;
	write_frame(writer, 1, 1, "abc");
	assert_int_equal(writer_record(writer, &other, NULL, &err), -1);
	assert_non_null(strstr(err.message, ".pcapng"));
	assert_int_equal(writer_error(writer), 0);
	write_frame(writer, 2, 1, "def"); /* the first type still goes */
	close_writer(writer);
	struct reader *reader = read_back(fd);
	expect_frame(reader, 1, 1, "abc");
	expect_frame(reader, 2, 1, "def");
	expect_end(reader);
	assert_int_equal(close(fd), 0);
}

static void a_flush_brings_everything_to_the_file(void **state)
{
	int fd = file_of("", 0);
	struct writer *writer = open_writer(fd, WRITER_PCAPNG, 0);
	struct err err;

	(void)state;
	write_frame(writer, 1, 1, "abc");
	assert_int_equal(writer_flush(writer, &err), 0);
	struct reader *reader = read_back(fd);
	expect_frame(reader, 1, 1, "abc");
	expect_end(reader);
	close_writer(writer);
	assert_int_equal(close(fd), 0);
}

static void a_frame_larger_than_the_ring_is_refused_alone(void **state)
{
	static const uint8_t large[400];
	int fd = file_of("", 0);
	struct writer *writer = open_writer(fd, WRITER_PCAPNG, 0);
	struct record record = frame_of(2, 1, "");
	struct err err = {""};

	(void)state;
	assert_int_equal(writer_keep_last(writer, sizeof large, &err), 0);
	write_frame(writer, 1, 1, "abc");
	record.data = large;
	record.caplen = sizeof large;
	assert_int_equal(writer_record(writer, &record, NULL, &err), -1);
	assert_non_null(strstr(err.message, "--ring"));
	assert_int_equal(writer_error(writer), 0);
	write_frame(writer, 3, 1, "def");
	assert_int_equal(writer_write_ring(writer, &err), 0);
	close_writer(writer);
	struct reader *reader = read_back(fd);
	expect_frame(reader, 1, 1, "abc");
	expect_frame(reader, 3, 1, "def");
	expect_end(reader);
	assert_int_equal(close(fd), 0);
}

/* ---- other programs' opinion ---- */

/* The first line that a command prints about the file; skips the test where there is no such
 * program. */
static void ask(const char *program, const char *arguments, int fd, char *line, int size)
{
	char command[300];

	(void)snprintf(command, sizeof command,
	               "command -v %s >/dev/null && %s %s /proc/self/fd/%d 2>/dev/null", program,
	               program, arguments, fd);
	FILE *pipe = popen(command, "r");
	assert_non_null(pipe);
	char *got = fgets(line, size, pipe);
	int status = pclose(pipe);
	if (!got && status != 0) {
		print_message("no %s here\n", program);
		skip();
	}
	assert_non_null(got);
}

static void comments_are_read_by_tshark(void **state)
{
	static const char *const comments[] = {"a", "ab", "abc", "abcd", "g\xc3\xbc\xc3\xbc"};
	int fd = memfd_create("comments", 0);
	struct writer *writer = open_writer(fd, WRITER_PCAPNG, 0);
	struct err err;
	char line[200];

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		struct record record = frame_of((int64_t)i, 1, comments[i]);
		assert_int_equal(writer_record(writer, &record, comments[i], &err), 0);
	}
	close_writer(writer);
	struct reader *reader = read_back(fd);
	for (size_t i = 0; i < 5; i++)
		expect_frame(reader, (int64_t)i, 1, comments[i]);
	expect_end(reader);
	ask("tshark", "-T fields -e frame.comment -Y frame.number==5 -r", fd, line, sizeof line);
	assert_string_equal(line, "g\xc3\xbc\xc3\xbc\n");
	assert_int_equal(close(fd), 0);
}

static void both_formats_are_read_by_capinfos(void **state)
{
	char line[200];

	(void)state;
	for (int format = WRITER_PCAP; format <= WRITER_PCAPNG; format++) {
		int fd = memfd_create("written", 0);
		struct writer *writer = open_writer(fd, (enum writer_format)format, 65535);
		write_frame(writer, 1700000000000000001, 1, "abc");
		write_frame(writer, 1700000000000000002, 1, "def");
		close_writer(writer);
		ask("capinfos", "-TrcMB", fd, line, sizeof line);
		assert_non_null(strstr(line, "\t2"));
		assert_int_equal(close(fd), 0);
	}
}

static void a_comment_too_long_is_cut_between_characters(void **state)
{
	enum { MAX = 65535 };
	int fd = file_of("", 0);
	struct writer *writer = open_writer(fd, WRITER_PCAPNG, 0);
	struct record record = frame_of(1, 1, "abc");
	struct err err;
	char *comment = malloc(MAX + 2);
	uint8_t tail[12];

	(void)state;
	assert_non_null(comment);
	memset(comment, 'x', MAX - 1);
	memcpy(comment + MAX - 1, "\xc3\xbc", 3);
	assert_int_equal(writer_record(writer, &record, comment, &err), 0);
	close_writer(writer);
	struct reader *reader = read_back(fd);
	expect_frame(reader, 1, 1, "abc");
	expect_end(reader);
	assert_true(lseek(fd, -12, SEEK_END) > 0);
	assert_int_equal(io_read_full(fd, tail, sizeof tail), sizeof tail);
	assert_memory_equal(tail, "xx\0\0\0\0\0\0", 8); /* two x, padding, end of options */
	free(comment);
	assert_int_equal(close(fd), 0);
}

/* ---- writes that fail ---- */

/* Writes until it fails; the count of frames that were taken before. */
static unsigned write_until_failure(struct writer *writer, struct err *err)
{
	struct record record = frame_of(1, 1, "a frame of a length that does not divide the limit");
	unsigned n = 0;

	while (n < 1000000 && writer_record(writer, &record, NULL, err) == 0)
		n++;
	return n;
}

/* A limit on the size of files stands for a full disk: the last write is a short one. */
static void a_full_disk_leaves_whole_frames(void **state)
{
	struct rlimit old;
	struct sigaction ignore = {.sa_handler = SIG_IGN}, before;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	assert_int_equal(sigaction(SIGXFSZ, &ignore, &before), 0);
	for (int format = WRITER_PCAP; format <= WRITER_PCAPNG; format++) {
		for (rlim_t limit = 400001; limit < 400140; limit += 3) {
			int fd = file_of("", 0);
			struct rlimit small = {.rlim_cur = limit, .rlim_max = old.rlim_max};
			struct err err = {""};
			struct writer *writer = open_writer(fd, (enum writer_format)format, 0);
			assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
			assert_true(write_until_failure(writer, &err) < 1000000);
			uint64_t saved = writer_count(writer);
			assert_int_equal(writer_error(writer), EFBIG);
			struct err again = {""};
			assert_int_equal(writer_close(writer, &again), -1);
			assert_string_equal(err.message, again.message);
			assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);

			char words[64];
			(void)snprintf(words, sizeof words, "; %lu frames were saved",
			               (unsigned long)saved);
			assert_non_null(strstr(err.message, words));
			assert_true(lseek(fd, 0, SEEK_END) > (off_t)limit - 200); /* nearly full */
			struct reader *reader = read_back(fd);
			for (uint64_t i = 0; i < saved; i++)
				expect_frame(reader, 1, 1,
				             "a frame of a length that does not divide the limit");
			expect_end(reader);
			assert_int_equal(close(fd), 0);
		}
	}
	assert_int_equal(sigaction(SIGXFSZ, &before, NULL), 0);
}

static void no_space_is_said_with_the_frames_saved(void **state)
{
	struct err err = {""};
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);

	(void)state;
	if (fd < 0)
		skip();
	struct writer *writer = open_writer(fd, WRITER_PCAPNG, 0);
	(void)write_until_failure(writer, &err); /* the message is what counts */
	assert_string_equal(err.message, "F: No space left on device; 0 frames were saved");
	assert_int_equal(writer_close(writer, &err), -1);
	assert_int_equal(close(fd), 0);
}

static void a_reader_that_goes_is_told_from_a_full_disk(void **state)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN}, before;
	struct err err = {""};
	int ends[2];

	(void)state;
	assert_int_equal(sigaction(SIGPIPE, &ignore, &before), 0);
	assert_int_equal(pipe(ends), 0);
	struct writer *writer = open_writer(ends[1], WRITER_PCAP, 0);
	assert_int_equal(close(ends[0]), 0);
	assert_true(write_until_failure(writer, &err) < 1000000);
	assert_int_equal(writer_error(writer), EPIPE);
	assert_int_equal(writer_close(writer, &err), -1);
	assert_int_equal(close(ends[1]), 0);
	assert_int_equal(sigaction(SIGPIPE, &before, NULL), 0);
}

/* `wirelab-trace -w - >> file`: what stood in the file before is not ours to cut. */
static void a_file_opened_for_appending_is_never_cut(void **state)
{
	struct rlimit old, small = {.rlim_cur = 1000};
	struct sigaction ignore = {.sa_handler = SIG_IGN}, before;
	int fd = file_of("what stood here", 15);
	struct err err;

	(void)state;
	assert_int_equal(fcntl(fd, F_SETFL, O_APPEND), 0);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	small.rlim_max = old.rlim_max;
	assert_int_equal(sigaction(SIGXFSZ, &ignore, &before), 0);
	struct writer *writer = open_writer(fd, WRITER_PCAPNG, 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	assert_true(write_until_failure(writer, &err) < 1000000);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_int_equal(writer_close(writer, &err), -1);
	assert_int_equal(sigaction(SIGXFSZ, &before, NULL), 0);
	assert_int_equal(lseek(fd, 0, SEEK_END), 1000);
	assert_int_equal(close(fd), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(the_suffix_says_the_format),
	        cmocka_unit_test(pcap_keeps_frames_and_nanoseconds),
	        cmocka_unit_test(pcapng_keeps_frames_of_several_link_types),
	        cmocka_unit_test(times_that_do_not_fit_become_the_nearest),
	        cmocka_unit_test(frames_are_cut_to_the_snap_length),
	        cmocka_unit_test(a_capture_without_frames_is_a_valid_file),
	        cmocka_unit_test(many_and_large_frames_pass_the_buffer),
	        cmocka_unit_test(a_second_link_type_in_pcap_names_the_mend),
	        cmocka_unit_test(a_flush_brings_everything_to_the_file),
	        cmocka_unit_test(a_frame_larger_than_the_ring_is_refused_alone),
	        cmocka_unit_test(comments_are_read_by_tshark),
	        cmocka_unit_test(both_formats_are_read_by_capinfos),
	        cmocka_unit_test(a_comment_too_long_is_cut_between_characters),
	        cmocka_unit_test(a_full_disk_leaves_whole_frames),
	        cmocka_unit_test(no_space_is_said_with_the_frames_saved),
	        cmocka_unit_test(a_reader_that_goes_is_told_from_a_full_disk),
	        cmocka_unit_test(a_file_opened_for_appending_is_never_cut),
	};

	return cmocka_run_group_tests_name("writer", tests, NULL, NULL);
}
