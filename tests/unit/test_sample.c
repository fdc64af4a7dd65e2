/* test_sample.c: the kernel's record of a TCP socket: whole, of an older kernel, cut at every byte,
 * with lengths that lie; and of real sockets. */
#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/tcp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

#include "runner/sample.h"

enum { ESTABLISHED = 1, SYN_RECV = 3, TIME_WAIT = 6, CLOSE = 7, LISTEN = 10, NEW_SYN_RECV = 12 };

struct bytes {
	uint8_t all[1024];
	size_t len;
};

static void add_attribute(struct bytes *b, uint16_t type, const void *value, size_t len)
{
	struct nlattr head = {.nla_len = (uint16_t)(sizeof head + len), .nla_type = type};
	memcpy(b->all + b->len, &head, sizeof head);
	memcpy(b->all + b->len + sizeof head, value, len);
	b->len += sizeof head + (len + 3) / 4 * 4;
}

static struct inet_diag_msg record_in(uint8_t state)
{
	struct inet_diag_msg record = {.idiag_family = AF_INET, .idiag_state = state};
	record.id.idiag_sport = htons(8080);
	record.id.idiag_dport = htons(40000);
	record.id.idiag_src[0] = htonl(0x0a000002);
	record.id.idiag_dst[0] = htonl(0x0a000001);
	return record;
}

static struct bytes bytes_of(const struct inet_diag_msg *record)
{
	struct bytes b = {.len = sizeof *record};
	memcpy(b.all, record, sizeof *record);
	return b;
}

static const struct tcp_info info = {.tcpi_retransmits = 2,
                                     .tcpi_probes = 1,
                                     .tcpi_backoff = 3,
                                     .tcpi_rto = 400000,
                                     .tcpi_snd_mss = 1448,
                                     .tcpi_unacked = 5,
                                     .tcpi_sacked = 2,
                                     .tcpi_lost = 1,
                                     .tcpi_retrans = 1,
                                     .tcpi_rtt = 40500,
                                     .tcpi_rttvar = 20000,
                                     .tcpi_snd_ssthresh = 7,
                                     .tcpi_snd_cwnd = 10,
                                     .tcpi_total_retrans = 4};

static struct bytes whole_record(void)
{
	struct inet_diag_msg record = record_in(ESTABLISHED);
	record.idiag_timer = 1;
	record.idiag_expires = 250;
	record.idiag_retrans = 2;
	record.idiag_rqueue = 3;
	record.idiag_wqueue = 1000;
	struct bytes b = bytes_of(&record);
	add_attribute(&b, INET_DIAG_SHUTDOWN, "\1", 1);
	add_attribute(&b, INET_DIAG_CONG, "cubic", 6);
	add_attribute(&b, INET_DIAG_INFO, &info, sizeof info);
	return b;
}

static void a_whole_record_is_read(void **state)
{
	(void)state;
	struct kernel_event k;
	struct bytes b = whole_record();
	assert_true(sample_read(&k, b.all, b.len));
	assert_int_equal(k.state, TCP_ESTABLISHED);
	assert_int_equal(k.local.port, 8080);
	assert_int_equal(k.local.addr.version, 4);
	assert_int_equal(k.local.addr.bytes[3], 2);
	assert_int_equal(k.remote.port, 40000);
	assert_int_equal(k.timer, KERNEL_TIMER_RETRANSMIT);
	assert_int_equal(k.timer_ns, 250 * NS_PER_MS);
	assert_int_equal(k.send_queue, 1000);
	assert_int_equal(k.receive_queue, 3);
	assert_string_equal(k.congestion, "cubic");
	assert_true(k.has_info);
	assert_int_equal(k.retransmits, 2);
	assert_int_equal(k.probes, 1);
	assert_int_equal(k.backoff, 3);
	assert_int_equal(k.rto_ns, 400 * NS_PER_MS);
	assert_int_equal(k.rtt_ns, 40500 * NS_PER_US);
	assert_int_equal(k.rttvar_ns, 20 * NS_PER_MS);
	assert_int_equal(k.snd_cwnd, 10);
	assert_int_equal(k.snd_ssthresh, 7);
	assert_int_equal(k.snd_mss, 1448);
	assert_int_equal(k.unacked, 5);
	assert_int_equal(k.sacked, 2);
	assert_int_equal(k.lost, 1);
	assert_int_equal(k.retrans, 1);
	assert_int_equal(k.total_retrans, 4);
	assert_int_equal(k.stream, -1);
}

static void an_older_kernel_has_fewer_figures(void **state)
{
	(void)state;
	struct kernel_event k;
	struct inet_diag_msg record = record_in(ESTABLISHED);
	struct bytes b = bytes_of(&record);
	add_attribute(&b, INET_DIAG_INFO, &info, offsetof(struct tcp_info, tcpi_pacing_rate));
	assert_true(sample_read(&k, b.all, b.len));
	assert_true(k.has_info);
	assert_int_equal(k.total_retrans, 4);
	b = bytes_of(&record);
	add_attribute(&b, INET_DIAG_INFO, &info, offsetof(struct tcp_info, tcpi_total_retrans));
	assert_true(sample_read(&k, b.all, b.len));
	assert_false(k.has_info);
}

static void no_threshold_yet_is_zero(void **state)
{
	(void)state;
	struct kernel_event k;
	struct inet_diag_msg record = record_in(ESTABLISHED);
	struct tcp_info fresh = info;
	fresh.tcpi_snd_ssthresh = 0x7fffffff;
	struct bytes b = bytes_of(&record);
	add_attribute(&b, INET_DIAG_INFO, &fresh, sizeof fresh);
	assert_true(sample_read(&k, b.all, b.len));
	assert_int_equal(k.snd_ssthresh, 0);
}

static void a_record_cut_anywhere_does_no_harm(void **state)
{
	(void)state;
	struct kernel_event k;
	struct bytes b = whole_record();
	for (size_t n = 0; n < b.len; n++) {
		uint8_t *copy = malloc(n ? n : 1); /* so that a read behind it is found out */
		assert_non_null(copy);
		memcpy(copy, b.all, n);
		assert_int_equal(sample_read(&k, copy, n), n >= sizeof(struct inet_diag_msg));
		free(copy);
	}
}

static void lengths_that_lie_do_no_harm(void **state)
{
	(void)state;
	static const uint16_t lengths[] = {0, 1, 3, 4, 5, 7, 8, 255, 0x7fff, 0xfffd, 0xffff};
	for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
		struct bytes b = whole_record();
		struct kernel_event k;
		memcpy(b.all + sizeof(struct inet_diag_msg), &lengths[i], sizeof lengths[i]);
		uint8_t *copy = malloc(b.len);
		assert_non_null(copy);
		memcpy(copy, b.all, b.len);
		assert_true(sample_read(&k, copy, b.len));
		assert_int_equal(k.state, TCP_ESTABLISHED);
		free(copy);
	}
}

static void a_name_without_an_end_is_cut(void **state)
{
	(void)state;
	struct kernel_event k;
	struct inet_diag_msg record = record_in(ESTABLISHED);
	struct bytes b = bytes_of(&record);
	add_attribute(&b, INET_DIAG_CONG, "a_name_that_is_too_long", 23);
	assert_true(sample_read(&k, b.all, b.len));
	assert_string_equal(k.congestion, "a_name_that_is_");
}

static void each_state_has_its_name(void **state)
{
	(void)state;
	static const struct {
		uint8_t number;
		enum tcp_state state;
	} states[] = {{ESTABLISHED, TCP_ESTABLISHED},
	              {SYN_RECV, TCP_SYN_RECEIVED},
	              {TIME_WAIT, TCP_TIME_WAIT},
	              {LISTEN, TCP_LISTEN},
	              {NEW_SYN_RECV, TCP_SYN_RECEIVED}};
	struct kernel_event k;
	for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
		struct inet_diag_msg record = record_in(states[i].number);
		assert_true(sample_read(&k, &record, sizeof record));
		assert_int_equal(k.state, states[i].state);
	}
	for (int number = 0; number < 256; number++) { /* an unknown one is no socket to show */
		struct inet_diag_msg record = record_in((uint8_t)number);
		if (number == 0 || number == CLOSE || number > NEW_SYN_RECV)
			assert_false(sample_read(&k, &record, sizeof record));
	}
}

static void time_wait_has_a_timer_and_no_figures(void **state)
{
	(void)state;
	struct kernel_event k;
	struct inet_diag_msg record = record_in(TIME_WAIT);
	record.idiag_timer = 3;
	record.idiag_expires = 59900;
	struct bytes b = bytes_of(&record);
	add_attribute(&b, INET_DIAG_INFO, &info, sizeof info);
	assert_true(sample_read(&k, b.all, b.len));
	assert_int_equal(k.timer, KERNEL_TIMER_TIME_WAIT);
	assert_int_equal(k.timer_ns, 59900 * NS_PER_MS);
	assert_false(k.has_info);
}

static void a_listener_has_no_other_end(void **state)
{
	(void)state;
	struct kernel_event k;
	struct inet_diag_msg record = record_in(LISTEN);
	record.idiag_rqueue = 2;
	record.idiag_wqueue = 16;
	assert_true(sample_read(&k, &record, sizeof record));
	assert_int_equal(k.remote.addr.version, 0);
	assert_int_equal(k.remote.port, 0);
	assert_int_equal(k.receive_queue, 2);
	assert_int_equal(k.send_queue, 16);
	assert_false(k.has_info);
}

static void an_unknown_timer_is_none(void **state)
{
	(void)state;
	struct kernel_event k;
	struct inet_diag_msg record = record_in(ESTABLISHED);
	record.idiag_timer = 200;
	record.idiag_expires = 5;
	assert_true(sample_read(&k, &record, sizeof record));
	assert_int_equal(k.timer, KERNEL_TIMER_NONE);
	assert_int_equal(k.timer_ns, 0);
}

static void an_address_mapped_into_ipv6_is_what_is_on_the_wire(void **state)
{
	(void)state;
	struct kernel_event k;
	struct inet_diag_msg record = record_in(ESTABLISHED);
	record.idiag_family = AF_INET6;
	memset(record.id.idiag_src, 0, sizeof record.id.idiag_src);
	record.id.idiag_src[2] = htonl(0xffff);
	record.id.idiag_src[3] = htonl(0x7f000001);
	assert_true(sample_read(&k, &record, sizeof record));
	assert_int_equal(k.local.addr.version, 4);
	assert_int_equal(k.local.addr.bytes[0], 127);
	assert_int_equal(k.local.addr.bytes[3], 1);
	assert_int_equal(k.local.addr.bytes[12], 0);
	assert_int_equal(k.remote.addr.version, 6);
}

/* ---- real ones ---- */

struct found {
	uint16_t port;
	int n_listening, n_established;
};

static void count(const struct kernel_event *sample, void *data)
{
	struct found *found = data;
	if (sample->local.port != found->port && sample->remote.port != found->port)
		return;
	found->n_listening += sample->state == TCP_LISTEN;
	found->n_established += sample->state == TCP_ESTABLISHED && sample->has_info &&
	                        sample->snd_cwnd > 0 && sample->congestion[0];
}

static void the_kernel_lists_real_sockets(void **state)
{
	(void)state;
	struct err err;
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t len = sizeof address;
	struct netlink *diag = netlink_open(NETLINK_SOCK_DIAG, &err);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_non_null(diag);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
	assert_int_equal(listen(listener, 1), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &len), 0);
	assert_int_equal(connect(client, (struct sockaddr *)&address, sizeof address), 0);
	struct found found = {.port = ntohs(address.sin_port)};
	assert_int_equal(sample_all(diag, count, &found, &err), 0);
	assert_int_equal(found.n_listening, 1);
	assert_int_equal(found.n_established, 2);
	assert_int_equal(close(client), 0);
	assert_int_equal(close(listener), 0);
	netlink_close(diag);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_whole_record_is_read),
	        cmocka_unit_test(an_older_kernel_has_fewer_figures),
	        cmocka_unit_test(no_threshold_yet_is_zero),
	        cmocka_unit_test(a_record_cut_anywhere_does_no_harm),
	        cmocka_unit_test(lengths_that_lie_do_no_harm),
	        cmocka_unit_test(a_name_without_an_end_is_cut),
	        cmocka_unit_test(each_state_has_its_name),
	        cmocka_unit_test(time_wait_has_a_timer_and_no_figures),
	        cmocka_unit_test(a_listener_has_no_other_end),
	        cmocka_unit_test(an_unknown_timer_is_none),
	        cmocka_unit_test(an_address_mapped_into_ipv6_is_what_is_on_the_wire),
	        cmocka_unit_test(the_kernel_lists_real_sockets),
	};
	return cmocka_run_group_tests_name("sample", tests, NULL, NULL);
}
