/* test_io.c: short reads, short writes and signals are looped over; messages name their cause. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/i18n.h"
#include "base/io.h"

enum { MANY = 300000 }; /* more than a pipe holds */

static void make_pipe(int ends[2])
{
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
}

static void on_alarm(int signal)
{
	(void)signal; /* only its interruption is wanted */
}

/* A signal every millisecond from now on, without SA_RESTART; 0 ends it. */
static void set_alarm(int interval_us)
{
	struct sigaction action = {.sa_handler = on_alarm};
	struct itimerval timer = {{0, interval_us}, {0, interval_us}};
	assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
	assert_int_equal(setitimer(ITIMER_REAL, &timer, NULL), 0);
}

/* A child that reads `n` bytes slowly from fd, and tells by its status whether all were right. */
static pid_t slow_reader(int ends[2], size_t n)
{
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid > 0)
		return pid;
	(void)close(ends[1]);
	size_t got = 0;
	char block[4096];
	ssize_t done;
	while ((done = read(ends[0], block, sizeof block)) > 0) {
		for (ssize_t i = 0; i < done; i++, got++)
			if (block[i] != (char)(got % 251))
				_exit(2);
		(void)usleep(200);
	}
	_exit(done == 0 && got == n ? 0 : 1);
}

static void a_write_goes_on_after_short_writes_and_signals(void **state)
{
	(void)state;
	int ends[2];
	make_pipe(ends);
	char *bytes = malloc(MANY);
	assert_non_null(bytes);
	for (size_t i = 0; i < MANY; i++)
		bytes[i] = (char)(i % 251);
	pid_t pid = slow_reader(ends, MANY);
	assert_int_equal(close(ends[0]), 0);
	set_alarm(1000);
	assert_int_equal(io_write_all(ends[1], bytes, MANY), 0);
	set_alarm(0);
	assert_int_equal(close(ends[1]), 0);
	int status = -1;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	free(bytes);
}

static void a_write_to_nobody_is_epipe(void **state)
{
	(void)state;
	int ends[2];
	make_pipe(ends);
	struct sigaction ignore = {.sa_handler = SIG_IGN}, old;
	assert_int_equal(sigaction(SIGPIPE, &ignore, &old), 0);
	assert_int_equal(close(ends[0]), 0);
	errno = 0;
	assert_int_equal(io_write_all(ends[1], "x", 1), -1);
	assert_int_equal(errno, EPIPE);
	assert_int_equal(close(ends[1]), 0);
	assert_int_equal(sigaction(SIGPIPE, &old, NULL), 0);
}

static void a_full_read_collects_pieces_until_the_end(void **state)
{
	(void)state;
	int ends[2];
	make_pipe(ends);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		for (const char *piece = "abcdef"; *piece; piece++) {
			if (io_write_all(ends[1], piece, 1) < 0)
				_exit(1);
			(void)usleep(2000);
		}
		_exit(0);
	}
	assert_int_equal(close(ends[1]), 0);
	char got[16] = "";
	set_alarm(1000);
	assert_int_equal(io_read_full(ends[0], got, 4), 4);
	assert_memory_equal(got, "abcd", 4);
	assert_int_equal(io_read_full(ends[0], got, sizeof got), 2);
	set_alarm(0);
	assert_memory_equal(got, "ef", 2);
	assert_int_equal(io_read_full(ends[0], got, sizeof got), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(close(ends[0]), 0);
}

static void a_read_from_a_closed_descriptor_fails(void **state)
{
	(void)state;
	char byte;
	errno = 0;
	assert_int_equal(io_read_full(-1, &byte, 1), -1);
	assert_int_equal(errno, EBADF);
}

static void waiting_tells_readable_from_timeout_and_error(void **state)
{
	(void)state;
	int ends[2];
	make_pipe(ends);
	assert_int_equal(io_wait_readable(ends[0], 0), 0);
	assert_int_equal(io_write_all(ends[1], "x", 1), 0);
	assert_int_equal(io_wait_readable(ends[0], -1), 1);
	char byte;
	assert_int_equal(io_read_full(ends[0], &byte, 1), 1);
	set_alarm(20000);
	assert_int_equal(io_wait_readable(ends[0], 5000), 0); /* the signal ends the wait */
	set_alarm(0);
	assert_int_equal(close(ends[1]), 0);
	assert_int_equal(io_wait_readable(ends[0], -1), 1); /* hung up */
	assert_int_equal(close(ends[0]), 0);
	errno = 0;
	assert_int_equal(io_wait_readable(ends[0], 0), -1);
	assert_int_equal(errno, EBADF);
}

static void a_message_is_kept_and_minus_one_returned(void **state)
{
	(void)state;
	struct err err;
	assert_int_equal(err_set(&err, "%s: line %d", "lab.conf", 3), -1);
	assert_string_equal(err.message, "lab.conf: line 3");
}

static void a_message_names_errno_and_keeps_it(void **state)
{
	(void)state;
	struct err err;
	errno = ENOENT;
	assert_int_equal(err_errno(&err, "cannot open %s", "x.pcap"), -1);
	assert_string_equal(err.message, "cannot open x.pcap: No such file or directory");
	assert_int_equal(errno, ENOENT);
}

static void a_long_message_is_cut(void **state)
{
	(void)state;
	struct err err;
	char name[2000];
	memset(name, 'n', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	errno = EACCES;
	assert_int_equal(err_errno(&err, "%s", name), -1);
	assert_int_equal(strlen(err.message), sizeof err.message - 1);
}

static void sentences_stay_english_without_a_catalogue(void **state)
{
	(void)state;
	i18n_start();
	assert_string_equal(_("no such sentence in any catalogue"),
	                    "no such sentence in any catalogue");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_write_goes_on_after_short_writes_and_signals),
	        cmocka_unit_test(a_write_to_nobody_is_epipe),
	        cmocka_unit_test(a_full_read_collects_pieces_until_the_end),
	        cmocka_unit_test(a_read_from_a_closed_descriptor_fails),
	        cmocka_unit_test(waiting_tells_readable_from_timeout_and_error),
	        cmocka_unit_test(a_message_is_kept_and_minus_one_returned),
	        cmocka_unit_test(a_message_names_errno_and_keeps_it),
	        cmocka_unit_test(a_long_message_is_cut),
	        cmocka_unit_test(sentences_stay_english_without_a_catalogue),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
