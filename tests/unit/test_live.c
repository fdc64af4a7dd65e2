/* test_live.c: live captures on the loopback of a network namespace of its own, and on a veth pair.
 * Skipped where the kernel gives no such namespace. */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/io.h"
#include "capture/confine.h"
#include "capture/live.h"

enum { PORT = 9999, IP_AT = 14, UDP_LEN_AT = IP_AT + 20 + 4, PAYLOAD_AT = IP_AT + 28 };

/* ---- a place to capture in ---- */

static int set_up(const char *interface, bool up)
{
	struct ifreq request = {0};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	(void)snprintf(request.ifr_name, sizeof request.ifr_name, "%s", interface);
	int status = ioctl(fd, SIOCGIFFLAGS, &request);
	request.ifr_flags = (short)(up ? request.ifr_flags | IFF_UP : request.ifr_flags & ~IFF_UP);
	if (status == 0)
		status = ioctl(fd, SIOCSIFFLAGS, &request);
	return close(fd) == 0 ? status : -1;
}

static bool isolated; /* set once, before the first test */

static int isolate(void **state)
{
	(void)state;
	isolated = unshare(geteuid() == 0 ? CLONE_NEWNET : CLONE_NEWUSER | CLONE_NEWNET) == 0 &&
	           set_up("lo", true) == 0;
	if (!isolated)
		print_message("no network namespace here: %s\n", strerror(errno));
	return 0;
}

static const struct live_options plain = {
        .interface = "lo", .snaplen = 65535, .buffer_kib = 1024, .promiscuous = true};

static struct live *open_live(const struct live_options *options)
{
	struct err err = {""};

	if (!isolated)
		skip();
	struct live *live = live_open(options, &err);
	if (!live)
		fail_msg("%s", err.message);
	return live;
}

/* ---- traffic: datagrams to a socket that nobody reads, numbered in their payload ---- */

struct sender {
	int from, to;
	struct sockaddr_in address;
};

static struct sender sender_open(uint16_t port)
{
	struct sender sender = {.address = {.sin_family = AF_INET, .sin_port = htons(port)}};
	struct sockaddr_in any;

	sender.address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	sender.from = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	sender.to = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	memcpy(&any, &sender.address, sizeof any);
	assert_int_equal(bind(sender.to, (struct sockaddr *)&any, sizeof any), 0);
	return sender;
}

static void send_number(const struct sender *sender, uint32_t number)
{
	assert_int_equal(sendto(sender->from, &number, sizeof number, 0,
	                        (const struct sockaddr *)&sender->address, sizeof sender->address),
	                 sizeof number);
}

static void sender_close(struct sender *sender)
{
	assert_int_equal(close(sender->from), 0);
	assert_int_equal(close(sender->to), 0);
}

/* The next frame, waiting at most a second. As live_next(). */
static int wait_frame(struct live *live, struct record *record, struct err *err)
{
	int got = live_next(live, record, err);

	for (int tries = 0; got == 0 && tries < 100; tries++) {
		(void)io_wait_readable(live_fd(live), 10); /* the loop counts */
		got = live_next(live, record, err);
	}
	return got;
}

/* The number in the payload of the datagram. */
static uint32_t number_of(const struct record *record)
{
	uint32_t number = 0;

	assert_true(record->caplen >= PAYLOAD_AT + sizeof number);
	memcpy(&number, record->data + PAYLOAD_AT, sizeof number);
	return number;
}

static void expect_number(struct live *live, uint32_t number)
{
	struct record record;
	struct err err = {""};
	int got = wait_frame(live, &record, &err);

	if (got != 1)
		fail_msg("no frame %u: %d %s", number, got, err.message);
	assert_int_equal(number_of(&record), number);
	assert_int_equal(record.linktype, 1);
	assert_int_equal(record.wirelen, PAYLOAD_AT + 4);
}

static void expect_silence(struct live *live)
{
	struct record record;
	struct err err;

	for (int i = 0; i < 5; i++) {
		assert_int_equal(live_next(live, &record, &err), 0);
		(void)io_wait_readable(live_fd(live), 10); /* only time must pass */
	}
}

/* ---- tests ---- */

static void every_frame_on_lo_is_seen_once_and_in_order(void **state)
{
	enum { N = 500 };
	struct live *live = open_live(&plain);
	struct sender sender = sender_open(PORT);

	(void)state;
	assert_int_equal(live_linktype(live), 1);
	for (uint32_t i = 0; i < N; i++)
		send_number(&sender, i);
	for (uint32_t i = 0; i < N; i++)
		expect_number(live, i);
	expect_silence(live);
	struct live_statistics statistics = live_statistics(live);
	assert_true(statistics.received >= N);
	assert_int_equal(statistics.dropped, 0);
	assert_int_equal(live_statistics(live).received,
	                 statistics.received); /* a sum, not twice */
	sender_close(&sender);
	live_close(live);
}

static void times_are_now_and_in_nanoseconds(void **state)
{
	struct live *live = open_live(&plain);
	struct sender sender = sender_open(PORT);
	struct timespec before, after;
	struct record record;
	struct err err;
	int64_t fine = 0;

	(void)state;
	assert_int_equal(clock_gettime(CLOCK_REALTIME, &before), 0);
	for (uint32_t i = 0; i < 20; i++)
		send_number(&sender, i);
	assert_int_equal(clock_gettime(CLOCK_REALTIME, &after), 0);
	for (uint32_t i = 0; i < 20; i++) {
		assert_int_equal(wait_frame(live, &record, &err), 1);
		assert_true(record.time_ns >= before.tv_sec * 1000000000 + before.tv_nsec);
		assert_true(record.time_ns <= after.tv_sec * 1000000000 + after.tv_nsec);
		fine |= record.time_ns % 1000;
	}
	assert_int_not_equal(fine, 0);
	sender_close(&sender);
	live_close(live);
}

static void a_filter_lets_only_its_frames_through(void **state)
{
	struct live_options options = plain;
	options.filter = "udp port 9999";
	struct live *live = open_live(&options);
	struct sender wanted = sender_open(PORT), other = sender_open(PORT + 1);

	(void)state;
	for (uint32_t i = 0; i < 10; i++) {
		send_number(&other, 1000 + i);
		send_number(&wanted, i);
	}
	for (uint32_t i = 0; i < 10; i++)
		expect_number(live, i);
	expect_silence(live);
	sender_close(&wanted);
	sender_close(&other);
	live_close(live);
}

static void immediate_captures_and_short_ones_work(void **state)
{
	struct live_options options = plain;
	struct record record;
	struct err err;
	options.immediate = true;
	options.snaplen = 40;
	struct live *live = open_live(&options);
	struct sender sender = sender_open(PORT);

	(void)state;
	send_number(&sender, 1);
	assert_int_equal(wait_frame(live, &record, &err), 1);
	assert_int_equal(record.caplen, 40);
	assert_int_equal(record.wirelen, PAYLOAD_AT + 4);
	expect_silence(live);
	sender_close(&sender);
	live_close(live);
}

static void the_any_interface_is_captured_cooked(void **state)
{
	struct live_options options = plain;
	struct record record;
	struct err err;
	options.interface = "any";
	struct live *live = open_live(&options);
	struct sender sender = sender_open(PORT);

	(void)state;
	assert_true(live_linktype(live) == 113 || live_linktype(live) == 276);
	send_number(&sender, 1);
	assert_int_equal(wait_frame(live, &record, &err), 1);
	assert_int_equal(record.linktype, live_linktype(live));
	sender_close(&sender);
	live_close(live);
}

static void expect_refusal(const struct live_options *options, const char *word)
{
	struct err err = {""};

	if (!isolated)
		skip();
	assert_null(live_open(options, &err));
	if (!strstr(err.message, word))
		fail_msg("'%s' is not in '%s'", word, err.message);
}

static void an_unknown_interface_is_answered_with_those_there_are(void **state)
{
	struct live_options options = plain;

	(void)state;
	options.interface = "eth99";
	expect_refusal(&options, "there is no interface 'eth99'; there are: lo");
	options.interface = "an interface with a very long name";
	expect_refusal(&options, "there are: lo");
	options.interface = "";
	expect_refusal(&options, "''");
}

static void a_wrong_filter_is_refused_with_its_reason(void **state)
{
	struct live_options options = plain;

	(void)state;
	options.filter = "tcp port";
	expect_refusal(&options, "filter 'tcp port'");
}

/* In a child without capabilities; its exit status 0: the message names the ways out. */
static int refused_without_privilege(void)
{
	struct err err = {""};
	cap_t none = cap_init();

	if (!none || cap_set_proc(none) != 0 || cap_free(none) != 0)
		return 1;
	if (live_open(&plain, &err))
		return 2;
	return strstr(err.message, "CAP_NET_RAW") && strstr(err.message, "make setcap") &&
	                       strstr(err.message, "wirelab run")
	               ? 0
	               : 3;
}

static void expect_child(int (*checks)(void))
{
	int status;

	if (!isolated)
		skip();
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0)
		_exit(checks());
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void without_permission_the_message_names_the_ways(void **state)
{
	(void)state;
	expect_child(refused_without_privilege);
}

/* Captures, confined, from a sender that was opened before. Exit status 0: all is well. */
static int captures_confined(void)
{
	struct err err = {""};
	struct record record;
	uint32_t number = 7;
	struct live *live = live_open(&plain, &err);
	struct sender sender = sender_open(PORT);

	if (!live ||
	    connect(sender.from, (struct sockaddr *)&sender.address, sizeof sender.address) != 0)
		return 1;
	if (confine_self(&err) != 0)
		return 2;
	for (; number < 300; number++) {
		if (write(sender.from, &number, sizeof number) != sizeof number)
			return 3;
		if (wait_frame(live, &record, &err) != 1 || number_of(&record) != number)
			return 4;
	}
	struct live_statistics statistics = live_statistics(live);
	if (statistics.received < 293 || statistics.dropped != 0)
		return 5;
	live_close(live);
	return 0;
}

static void a_capture_goes_on_under_confinement(void **state)
{
	(void)state;
	expect_child(captures_confined);
}

static void expect_the_end(struct live *live, const char *words)
{
	struct record record;
	struct err err = {""};

	assert_int_equal(wait_frame(live, &record, &err), -1);
	if (!strstr(err.message, words))
		fail_msg("'%s' is not in '%s'", words, err.message);
	live_close(live);
}

static void an_interface_that_goes_down_ends_the_capture_after_its_frames(void **state)
{
	struct live *live = open_live(&plain);
	struct sender sender = sender_open(PORT);

	(void)state;
	for (uint32_t i = 0; i < 5; i++)
		send_number(&sender, i);
	assert_int_equal(set_up("lo", false), 0);
	for (uint32_t i = 0; i < 5; i++)
		expect_number(live, i);
	expect_the_end(live, "interface lo went down");
	assert_int_equal(set_up("lo", true), 0);
	sender_close(&sender);
}

/* ip(8) makes the interfaces; without it the test is skipped. */
static void ip(const char *arguments)
{
	char command[200];

	(void)snprintf(command, sizeof command, "ip %s 2>/dev/null", arguments);
	if (system(command) != 0)
		skip();
}

static void an_interface_that_is_removed_ends_the_capture(void **state)
{
	struct live_options options = plain;

	(void)state;
	if (!isolated)
		skip();
	ip("link add va type veth peer name vb");
	ip("link set va up");
	options.interface = "va";
	struct live *live = open_live(&options);
	ip("link del va");
	expect_the_end(live, "va");
}

static void an_interface_that_is_down_says_how_to_bring_it_up(void **state)
{
	struct live_options options = plain;
	struct err err = {""};

	(void)state;
	if (!isolated)
		skip();
	ip("link add vc type veth peer name vd");
	options.interface = "vc";
	struct live *live = live_open(&options, &err);
	if (live)
		expect_the_end(live, "went down");
	else
		assert_non_null(strstr(err.message, "ip link set vc up"));
	ip("link del vc");
}

static void the_list_has_lo_with_its_address(void **state)
{
	int ends[2];
	struct err err = {""};
	char text[8192] = "";

	(void)state;
	if (!isolated)
		skip();
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(live_list(ends[1], &err), 0);
	assert_int_equal(close(ends[1]), 0);
	assert_true(io_read_full(ends[0], text, sizeof text - 1) > 0);
	assert_int_equal(close(ends[0]), 0);
	const char *lo = strstr(text, "lo   ");
	assert_non_null(lo);
	assert_non_null(strstr(lo, "up"));
	assert_non_null(strstr(lo, "127.0.0.1"));
	assert_non_null(strstr(text, "any  "));
	assert_null(strstr(text, "nflog"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(every_frame_on_lo_is_seen_once_and_in_order),
	        cmocka_unit_test(times_are_now_and_in_nanoseconds),
	        cmocka_unit_test(a_filter_lets_only_its_frames_through),
	        cmocka_unit_test(immediate_captures_and_short_ones_work),
	        cmocka_unit_test(the_any_interface_is_captured_cooked),
	        cmocka_unit_test(an_unknown_interface_is_answered_with_those_there_are),
	        cmocka_unit_test(a_wrong_filter_is_refused_with_its_reason),
	        cmocka_unit_test(without_permission_the_message_names_the_ways),
	        cmocka_unit_test(a_capture_goes_on_under_confinement),
	        cmocka_unit_test(an_interface_that_goes_down_ends_the_capture_after_its_frames),
	        cmocka_unit_test(an_interface_that_is_removed_ends_the_capture),
	        cmocka_unit_test(an_interface_that_is_down_says_how_to_bring_it_up),
	        cmocka_unit_test(the_list_has_lo_with_its_address),
	};

	return cmocka_run_group_tests_name("live", tests, isolate, NULL);
}
