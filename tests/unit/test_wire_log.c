/* test_wire_log.c: the wire's stream is a capture file that our own reader takes, with the fate of
 * each frame in a comment. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "runner/wire_log.h"
#include "wire_frames.h"

enum { HEAD_BYTES = 28 + 2 * 44, BYTES_MAX = 1 << 20 };

struct pipe_log {
	struct wire_log log;
	int read_fd;
	uint8_t bytes[BYTES_MAX];
	size_t len;
};

static struct pipe_log *log_new(void)
{
	int ends[2];
	struct pipe_log *p = calloc(1, sizeof *p);
	assert_non_null(p);
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_int_equal(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
	p->read_fd = ends[0];
	assert_int_equal(wire_log_init(&p->log, ends[1]), 0);
	return p;
}

static void log_free(struct pipe_log *p)
{
	wire_log_release(&p->log);
	if (p->read_fd >= 0)
		assert_int_equal(close(p->read_fd), 0);
	free(p);
}

static size_t read_all(struct pipe_log *p)
{
	ssize_t n;
	while (p->len < BYTES_MAX &&
	       (n = read(p->read_fd, p->bytes + p->len, BYTES_MAX - p->len)) > 0)
		p->len += (size_t)n;
	return p->len;
}

static uint32_t number_at(const struct pipe_log *p, size_t at)
{
	assert_true(at + 4 <= p->len);
	const uint8_t *b = p->bytes + at;
	return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static struct flight *flight_new(enum side from)
{
	struct flight *flight = calloc(1, sizeof *flight);
	assert_non_null(flight);
	struct test_frame frame = frame_of(4, from, TCP_ACK, 5);
	memcpy(flight->bytes, frame.bytes, frame.len);
	flight->len = frame.len;
	flight->from = from;
	flight->id = 7;
	return flight;
}

/* The comment of the only frame of a stream that begins with the head. */
static void assert_comment(const struct flight *flight, const char *expected)
{
	struct pipe_log *p = log_new();
	wire_log_frame(&p->log, flight, 1700000000 * NS_PER_SECOND + 1,
	               1700000000 * NS_PER_SECOND + 20 * NS_PER_MS);
	wire_log_flush(&p->log);
	(void)read_all(p);
	size_t at = HEAD_BYTES, padded = (flight->len + 3U) & ~3U;
	assert_int_equal(number_at(p, at), 6);
	assert_int_equal(number_at(p, at + 8), flight->from);
	uint64_t time = (uint64_t)number_at(p, at + 12) << 32 | number_at(p, at + 16);
	assert_true(time == UINT64_C(1700000000020000000));
	assert_int_equal(number_at(p, at + 20), flight->len);
	assert_memory_equal(p->bytes + at + 28, flight->bytes, flight->len);
	at += 28 + padded;
	assert_int_equal(number_at(p, at), 1 | (uint32_t)strlen(expected) << 16);
	assert_memory_equal(p->bytes + at + 4, expected, strlen(expected));
	log_free(p);
}

static void the_stream_begins_with_a_section_and_two_interfaces(void **state)
{
	(void)state;
	struct pipe_log *p = log_new();
	assert_int_equal(read_all(p), HEAD_BYTES);
	assert_int_equal(number_at(p, 0), 0x0a0d0d0a);
	assert_int_equal(number_at(p, 4), 28);
	assert_int_equal(number_at(p, 8), 0x1a2b3c4d);
	assert_int_equal(number_at(p, 28), 1);
	assert_int_equal(number_at(p, 32), 44);
	assert_int_equal(number_at(p, 36), 1); /* Ethernet */
	assert_memory_equal(p->bytes + 48, "client", 6);
	assert_memory_equal(p->bytes + 92, "server", 6);
	assert_int_equal(p->bytes[60], 9); /* nanoseconds */
	log_free(p);
}

static void the_comment_says_what_became_of_a_frame(void **state)
{
	(void)state;
	struct flight *f = flight_new(SERVER);
	assert_comment(f, "wire: sent=1700000000.000000001 fate=arrived id=7");
	f->overtaken = true;
	f->by[0] = "delay server data 5ms";
	assert_comment(f, "wire: sent=1700000000.000000001 fate=arrived,reordered id=7 by=delay "
	                  "server data 5ms");
	f->overtaken = false;
	f->corrupted = true;
	f->by[1] = "corrupt server data";
	assert_comment(f,
	               "wire: sent=1700000000.000000001 fate=corrupted id=7 by=delay server data "
	               "5ms, corrupt server data");
	f->corrupted = false;
	f->of = 3;
	f->by[0] = f->by[1] = NULL;
	assert_comment(f, "wire: sent=1700000000.000000001 fate=duplicate id=7");
	f->lost = true;
	assert_comment(f, "wire: sent=1700000000.000000001 fate=dropped id=7");
	free(f);
}

static void a_reader_that_does_not_read_blocks_nobody(void **state)
{
	(void)state;
	struct pipe_log *p = log_new();
	struct flight *f = flight_new(CLIENT);
	const uint64_t lost[N_SIDES] = {5, 0};
	while (p->log.n_missed[CLIENT] < 10) {
		wire_log_frame(&p->log, f, 0, 0);
		wire_log_flush(&p->log);
	}
	uint64_t written = p->log.n_frames[CLIENT] - 10;
	uint64_t n = 0;
	size_t at = 0;
	bool finished = false;
	while (read_all(p) > at || wire_log_waits(&p->log)) { /* block by block */
		while (p->len - at >= 8 && p->len - at >= number_at(p, at + 4)) {
			n += number_at(p, at) == 6;
			at += number_at(p, at + 4);
		}
		memmove(p->bytes, p->bytes + at, p->len - at);
		p->len -= at;
		at = 0;
		wire_log_flush(&p->log);
		if (!finished && !wire_log_waits(&p->log)) {
			wire_log_statistics(&p->log, lost, 0);
			finished = true;
		}
		if (finished && p->len == 0 && !wire_log_waits(&p->log) && read_all(p) == 0)
			break;
	}
	assert_true(n == written);
	assert_int_equal(p->len, 0); /* whole blocks, to the end */
	free(f);
	log_free(p);
}

static void a_reader_that_has_gone_is_no_fault(void **state)
{
	(void)state;
	struct pipe_log *p = log_new();
	struct flight *f = flight_new(CLIENT);
	assert_int_equal(close(p->read_fd), 0);
	p->read_fd = -1;
	wire_log_frame(&p->log, f, 0, 0);
	wire_log_flush(&p->log);
	assert_false(wire_log_waits(&p->log));
	wire_log_frame(&p->log, f, 0, 0);
	assert_int_equal(p->log.n_frames[CLIENT], 2);
	free(f);
	log_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(the_stream_begins_with_a_section_and_two_interfaces),
	        cmocka_unit_test(the_comment_says_what_became_of_a_frame),
	        cmocka_unit_test(a_reader_that_does_not_read_blocks_nobody),
	        cmocka_unit_test(a_reader_that_has_gone_is_no_fault),
	};
	struct sigaction ignore = {.sa_handler = SIG_IGN}; /* as in the supervisor */
	if (sigaction(SIGPIPE, &ignore, NULL) < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
