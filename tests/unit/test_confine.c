/* test_confine.c: children confine themselves and try what they must not be able to do, and what
 * they must. The exit status of a child is the line of the check that failed, 0 if none. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "capture/confine.h"
#include "capture/filter.h"
#include "capture/reader.h"
#include "capture/writer.h"
#include "capture_bytes.h"

/* In a child: the number of the first check that fails is its exit status. */
#define CHECK(condition)                                                                           \
	do {                                                                                       \
		if (!(condition))                                                                  \
			return __LINE__;                                                           \
	} while (0)

/* Runs `checks` in a confined child; fails with the line where it stopped. */
static void in_confined_child(int (*checks)(void))
{
	int line_pipe[2], status;
	int line = 0;

	assert_int_equal(pipe2(line_pipe, O_CLOEXEC), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct err err = {""};
		int stopped = confine_self(&err) == 0 ? checks() : -1;
		if (stopped < 0)
			(void)io_write_all(STDERR_FILENO, err.message, strlen(err.message));
		(void)io_write_all(line_pipe[1], &stopped, sizeof stopped); /* or the read fails */
		_exit(0);
	}
	assert_int_equal(close(line_pipe[1]), 0);
	assert_int_equal(io_read_full(line_pipe[0], &line, sizeof line), sizeof line);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(close(line_pipe[0]), 0);
	assert_int_equal(status, 0);
	if (line != 0)
		fail_msg("the check in line %d failed in the child", line);
}

static int no_way_out(void)
{
	char *const argv[] = {(char[]){"true"}, NULL};

	CHECK(open("/etc/passwd", O_RDONLY) == -1 && errno == EPERM);
	CHECK(open("/tmp/wirelab-test-confine", O_WRONLY | O_CREAT, 0600) == -1 && errno == EPERM);
	CHECK(socket(AF_INET, SOCK_STREAM, 0) == -1 && errno == EPERM);
	CHECK(socket(AF_UNIX, SOCK_STREAM, 0) == -1 && errno == EPERM);
	CHECK(socket(AF_PACKET, SOCK_RAW, 0) == -1 && errno == EPERM);
	CHECK(execv("/bin/true", argv) == -1 && errno == EPERM);
	CHECK(fork() == -1 && errno == EPERM);
	CHECK(ptrace(PTRACE_TRACEME, 0, NULL, NULL) == -1 && errno == EPERM);
	CHECK(kill(getppid(), 0) == -1 && errno == EPERM);
	CHECK(unlink("/tmp/wirelab-test-confine") == -1 && errno == EPERM);
	CHECK(chdir("/") == -1 && errno == EPERM);
	CHECK(ioctl(0, TIOCSTI, "x") == -1 && errno == EPERM);
	return 0;
}

static void a_confined_process_opens_and_starts_nothing(void **state)
{
	(void)state;
	in_confined_child(no_way_out);
}

static int no_new_code(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(page != MAP_FAILED);
	CHECK(mprotect(page, 4096, PROT_READ | PROT_EXEC) == -1 && errno == EPERM);
	CHECK(mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
	              MAP_FAILED &&
	      errno == EPERM);
	CHECK(munmap(page, 4096) == 0);
	return 0;
}

static void a_confined_process_makes_no_code(void **state)
{
	(void)state;
	in_confined_child(no_new_code);
}

/* All three sets, by the kernel's own answer. */
static int no_capability(void)
{
	cap_t caps = cap_get_proc(), none = cap_init();

	CHECK(caps && none);
	CHECK(cap_compare(caps, none) == 0);
	CHECK(cap_free(caps) == 0 && cap_free(none) == 0);
	return 0;
}

static void a_confined_process_has_no_capability(void **state)
{
	(void)state;
	in_confined_child(no_capability);
}

/* The kernel's view: the child stands still while its parent reads /proc. */
static void the_kernel_shows_the_process_as_confined(void **state)
{
	static const char *const lines[] = {"CapInh:\t0000000000000000\n",
	                                    "CapPrm:\t0000000000000000\n",
	                                    "CapEff:\t0000000000000000\n",
	                                    "CapAmb:\t0000000000000000\n",
	                                    "NoNewPrivs:\t1\n",
	                                    "Seccomp:\t2\n"};
	int ready[2];
	char path[64], text[4096] = "", byte = 0;
	bool may_drop = cap_get_bound(CAP_SETPCAP) == 1;
	struct err err;

	(void)state;
	cap_t caps = cap_get_proc();
	cap_flag_value_t effective = CAP_CLEAR;
	assert_int_equal(cap_get_flag(caps, CAP_SETPCAP, CAP_EFFECTIVE, &effective), 0);
	assert_int_equal(cap_free(caps), 0);
	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		if (confine_self(&err) == 0)
			(void)io_write_all(ready[1], "x", 1); /* or the parent's read fails */
		for (;;)
			(void)poll(NULL, 0, -1); /* until killed */
	}
	assert_int_equal(io_read_full(ready[0], &byte, 1), 1);
	(void)snprintf(path, sizeof path, "/proc/%d/status", (int)child);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_true(io_read_full(fd, text, sizeof text - 1) > 0);
	assert_int_equal(close(fd), 0);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		if (!strstr(text, lines[i]))
			fail_msg("no %s in\n%s", lines[i], text);
	if (may_drop && effective == CAP_SET)
		assert_non_null(strstr(text, "CapBnd:\t0000000000000000\n"));
	assert_int_equal(close(ready[0]), 0);
	assert_int_equal(close(ready[1]), 0);
}

/* Reading, filtering, writing and allocating go on. */
static int input_fd, output_fd;

static int copy_a_capture(void)
{
	struct err err;
	struct record record;
	struct reader *reader = reader_open(input_fd, "in", &err);
	struct writer *writer = writer_open(output_fd, "out", WRITER_PCAPNG, 65535, &err);
	struct filter *filter = filter_new("greater 3 or tcp port 80", &err);
	uint64_t done, total;
	int got;

	CHECK(reader && writer && filter);
	while ((got = reader_next(reader, &record, &err)) == 1) {
		CHECK(filter_match(filter, &record, &err) == 1);
		record.linktype = 104; /* compiled for only now */
		CHECK(filter_match(filter, &record, &err) == 1);
		CHECK(writer_record(writer, &record, "comment", &err) == 0);
	}
	CHECK(got == 0);
	reader_progress(reader, &done, &total);
	CHECK(done == total);
	CHECK(ftruncate(output_fd, 0) == 0 && lseek(output_fd, 0, SEEK_CUR) == 0);
	void *large = malloc(64 << 20);
	CHECK(large != NULL);
	free(large);
	reader_close(reader);
	filter_free(filter);
	return writer_close(writer, &err) == 0 ? 0 : __LINE__;
}

static void a_confined_process_still_reads_filters_and_writes(void **state)
{
	struct bytes b = {0};

	(void)state;
	put_pcap_header(&b, 0xa1b2c3d4, 1);
	put_pcap_record(&b, 1, 0, "abcdef", 6);
	put_pcap_record(&b, 2, 0, "ghijkl", 6);
	input_fd = file_of(b.data, b.len);
	output_fd = file_of("", 0);
	assert_true(input_fd >= 0 && output_fd >= 0);
	free(b.data);
	in_confined_child(copy_a_capture);
	struct record record;
	struct err err;
	assert_int_equal(lseek(output_fd, 0, SEEK_SET), 0);
	struct reader *reader = reader_open(output_fd, "out", &err);
	assert_int_equal(reader_next(reader, &record, &err), 1);
	assert_int_equal(record.linktype, 104);
	assert_int_equal(reader_next(reader, &record, &err), 1);
	assert_memory_equal(record.data, "ghijkl", 6);
	assert_int_equal(reader_next(reader, &record, &err), 0);
	reader_close(reader);
	assert_int_equal(close(input_fd), 0);
}

static void (*volatile stop)(void) = abort;

/* A failed assertion must end the process, as SIGABRT, not in an endless loop. */
static void abort_works_under_confinement(void **state)
{
	int status;
	struct err err;

	(void)state;
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct sigaction plain = {.sa_handler = SIG_DFL};
		if (sigaction(SIGABRT, &plain, NULL) == 0 && confine_self(&err) == 0)
			stop();
		_exit(1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
}

static int confine_once_more(void)
{
	struct err err = {""};

	CHECK(confine_self(&err) == -1); /* the filter forbids to change the filter */
	CHECK(strlen(err.message) > 10);
	return 0;
}

static void confinement_cannot_be_changed(void **state)
{
	(void)state;
	in_confined_child(confine_once_more);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_confined_process_opens_and_starts_nothing),
	        cmocka_unit_test(a_confined_process_makes_no_code),
	        cmocka_unit_test(a_confined_process_has_no_capability),
	        cmocka_unit_test(the_kernel_shows_the_process_as_confined),
	        cmocka_unit_test(a_confined_process_still_reads_filters_and_writes),
	        cmocka_unit_test(abort_works_under_confinement),
	        cmocka_unit_test(confinement_cannot_be_changed),
	};

	return cmocka_run_group_tests_name("confine", tests, NULL, NULL);
}
