/* test_decode_transport.c: TCP and UDP headers: values, lengths that lie, cut captures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "packets.h"

enum { LINK_RAW = 101, TCP_AT = 20 };

static void tcp_values_are_read(void **state)
{
	(void)state;
	struct frame f = frame_hello();
	struct packet p = decode(&f, LINK_RAW);
	assert_hello(&p);
	assert_int_equal(p.tcp.seq, 1000);
	assert_int_equal(p.tcp.ack, 2000);
	assert_int_equal(p.tcp.flags, TCP_ACK | TCP_PSH);
	assert_int_equal(p.tcp.window, 502);
	assert_int_equal(p.tcp.checksum, 0xc0de);
	assert_int_equal(p.tcp.urgent, 7);
	assert_int_equal(p.tcp.header_len, 32);
	assert_int_equal(p.tcp.options.present, OPT_TIMESTAMPS);
	assert_int_equal(p.tcp.options.timestamp_value, 1);
	assert_int_equal(p.tcp.options.timestamp_echo, 2);
	assert_int_equal(p.layers[2].len, 32);
	assert_int_equal(p.payload_at, 52);
	check_prefixes(&f, LINK_RAW);
}

static void every_tcp_flag_has_its_bit(void **state)
{
	(void)state;
	for (unsigned bit = 0; bit < 12; bit++) { /* three of them reserved, and kept */
		struct frame f = frame_data("", 0);
		frame_tcp_options(&f, NULL, 0);
		frame_bytes(&f)[12] = (uint8_t)(0x50 | 1u << bit >> 8);
		frame_bytes(&f)[13] = (uint8_t)(1u << bit);
		frame_ipv4(&f, 6);
		struct packet p = decode(&f, LINK_RAW);
		assert_int_equal(p.kind, KIND_TCP);
		assert_int_equal(p.tcp.flags, 1u << bit);
		assert_int_equal(p.tcp.header_len, 20);
		assert_int_equal(p.tcp.options.present, 0);
	}
}

static void every_tcp_data_offset_is_survived(void **state)
{
	(void)state;
	for (unsigned words = 0; words < 16; words++) {
		struct frame f = frame_data("0123456789", 10);
		frame_tcp_options(&f, "\1\1\1\1", 4);
		frame_bytes(&f)[12] = (uint8_t)(words << 4);
		frame_ipv4(&f, 6);
		struct packet p = decode(&f, LINK_RAW);
		if (words < 5 || words * 4 > 34) { /* what a receiver would throw away is no TCP */
			assert_int_equal(p.status, PACKET_MALFORMED);
			assert_int_equal(p.kind, KIND_NONE);
			assert_int_equal(p.payload_wirelen, 14);
		} else {
			assert_int_equal(p.kind, KIND_TCP);
			assert_int_equal(p.tcp.len, 34 - words * 4);
			assert_int_equal(p.payload_len, 34 - words * 4);
		}
		assert_layers(&p, "raw ip tcp");
	}
}

static void a_capture_cut_in_the_payload_is_whole(void **state)
{
	(void)state;
	struct frame f = frame_hello();
	struct packet p = decode_cut(&f, LINK_RAW, 54, frame_len(&f));
	assert_int_equal(p.status, PACKET_OK);
	assert_int_equal(p.tcp.len, 5);
	assert_int_equal(p.payload_len, 2);
	assert_int_equal(p.payload_wirelen, 5);
}

static void a_capture_cut_in_the_options_is_still_tcp(void **state)
{
	(void)state;
	struct frame f = frame_hello();
	for (size_t n = TCP_AT + 20; n < TCP_AT + 32; n++) {
		struct packet p = decode_cut(&f, LINK_RAW, n, frame_len(&f));
		assert_int_equal(p.status, PACKET_TRUNCATED);
		assert_int_equal(p.kind, KIND_TCP);
		assert_int_equal(p.tcp.seq, 1000);
		assert_int_equal(p.tcp.urgent, 7);
		assert_int_equal(p.tcp.header_len, 32);
		assert_int_equal(p.tcp.len, 5);
		assert_int_equal(p.tcp.options.present, OPT_CUT);
		assert_int_equal(p.layers[2].len, n - TCP_AT);
		assert_int_equal(p.payload_len, 0);
	}
}

static void a_capture_cut_in_the_fixed_header_is_not(void **state)
{
	(void)state;
	struct frame f = frame_hello();
	for (size_t n = TCP_AT; n < TCP_AT + 20; n++) {
		struct packet p = decode_cut(&f, LINK_RAW, n, frame_len(&f));
		assert_int_equal(p.status, PACKET_TRUNCATED);
		assert_int_equal(p.kind, KIND_NONE);
		assert_layers(&p, "raw ip tcp");
		assert_int_equal(p.ip.protocol, 6);
	}
}

static void a_wire_length_below_the_captured_one_is_corrected(void **state)
{
	(void)state;
	struct frame f = frame_hello();
	struct packet p = decode_cut(&f, LINK_RAW, frame_len(&f), 3);
	assert_hello(&p);
	assert_int_equal(p.wirelen, frame_len(&f));
}

static void garbled_options_leave_a_usable_segment(void **state)
{
	(void)state;
	struct frame f = frame_data("hello", 5);
	frame_tcp_options(&f, "\2\4\5\xb4\x8\0\0\0", 8);
	frame_ipv4(&f, 6);
	struct packet p = decode(&f, LINK_RAW);
	assert_int_equal(p.status, PACKET_MALFORMED);
	assert_int_equal(p.kind, KIND_TCP);
	assert_int_equal(p.tcp.len, 5);
	assert_int_equal(p.tcp.options.present, OPT_MSS | OPT_MALFORMED);
	assert_int_equal(p.tcp.options.mss, 1460);
}

static void udp_values_are_read(void **state)
{
	(void)state;
	struct frame f = frame_data("hello", 5);
	frame_udp(&f, 53);
	frame_ipv4(&f, 17);
	struct packet p = decode(&f, LINK_RAW);
	assert_int_equal(p.status, PACKET_OK);
	assert_int_equal(p.kind, KIND_UDP);
	assert_layers(&p, "raw ip udp");
	assert_int_equal(p.udp.src_port, 40000);
	assert_int_equal(p.udp.dst_port, 53);
	assert_int_equal(p.udp.length, 13);
	assert_int_equal(p.udp.len, 5);
	assert_int_equal(p.payload_len, 5);
	check_prefixes(&f, LINK_RAW);
}

static void every_udp_length_is_survived(void **state)
{
	(void)state;
	for (unsigned length = 0; length <= 0xffff; length += length < 100 ? 1 : 97) {
		struct frame f = frame_data("hello", 5);
		frame_udp(&f, 53);
		frame_bytes(&f)[4] = (uint8_t)(length >> 8);
		frame_bytes(&f)[5] = (uint8_t)length;
		frame_ipv4(&f, 17);
		struct packet p = decode(&f, LINK_RAW);
		if (length == 0) { /* too large to write it down */
			assert_int_equal(p.kind, KIND_UDP);
			assert_int_equal(p.udp.len, 5);
		} else if (length < 8 || length > 13) {
			assert_int_equal(p.status, PACKET_MALFORMED);
			assert_int_equal(p.kind, KIND_NONE);
		} else {
			assert_int_equal(p.status, PACKET_OK);
			assert_int_equal(p.udp.len, length - 8);
			assert_int_equal(p.payload_len, length - 8);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(tcp_values_are_read),
	        cmocka_unit_test(every_tcp_flag_has_its_bit),
	        cmocka_unit_test(every_tcp_data_offset_is_survived),
	        cmocka_unit_test(a_capture_cut_in_the_payload_is_whole),
	        cmocka_unit_test(a_capture_cut_in_the_options_is_still_tcp),
	        cmocka_unit_test(a_capture_cut_in_the_fixed_header_is_not),
	        cmocka_unit_test(a_wire_length_below_the_captured_one_is_corrected),
	        cmocka_unit_test(garbled_options_leave_a_usable_segment),
	        cmocka_unit_test(udp_values_are_read),
	        cmocka_unit_test(every_udp_length_is_survived),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
