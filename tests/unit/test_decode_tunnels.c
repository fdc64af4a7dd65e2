/* test_decode_tunnels.c: packets in packets: IP in IP, GRE, VXLAN, MPLS, and nesting up to the
 * limit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "packets.h"

enum { LINK_RAW = 101, LINK_ETHERNET = 1 };

static struct frame frame_hello6(void)
{
	struct frame f = frame_data("hello", 5);
	frame_tcp(&f);
	frame_ipv6(&f, 6);
	return f;
}

static void ip_in_ip_in_all_four_ways(void **state)
{
	(void)state;
	for (int outer = 4; outer <= 6; outer += 2) {
		for (int inner = 4; inner <= 6; inner += 2) {
			struct frame f = inner == 4 ? frame_hello() : frame_hello6();
			unsigned number = inner == 4 ? 4 : 41;
			if (outer == 4)
				frame_ipv4(&f, number);
			else
				frame_ipv6(&f, number);
			struct packet p = decode(&f, LINK_RAW);
			assert_hello(&p);
			assert_int_equal(p.tunnels, 1);
			assert_int_equal(p.ip.src.version, inner); /* the innermost is kept */
			assert_int_equal(p.ip.protocol, 6);
			check_prefixes(&f, LINK_RAW);
		}
	}
}

static void gre_with_every_set_of_optional_words(void **state)
{
	(void)state;
	for (unsigned set = 0; set < 8; set++) {
		unsigned flags =
		        (set & 1 ? 0x8000u : 0) | (set & 2 ? 0x2000u : 0) | (set & 4 ? 0x1000u : 0);
		size_t words = (set & 1) + (set >> 1 & 1) + (set >> 2 & 1);
		struct frame f = frame_hello();
		frame_gre(&f, flags, 0x0800, words);
		frame_ipv4(&f, 47);
		struct packet p = decode(&f, LINK_RAW);
		assert_hello(&p);
		assert_layers(&p, "raw ip gre ip tcp");
		assert_int_equal(p.layers[2].len, 4 + 4 * words);
		assert_int_equal(p.tunnels, 1);
		check_prefixes(&f, LINK_RAW);
	}
}

static void gre_carries_ipv6_ethernet_and_ppp(void **state)
{
	(void)state;
	struct frame f = frame_hello6();
	frame_gre(&f, 0, 0x86dd, 0);
	frame_ipv4(&f, 47);
	struct packet p = decode(&f, LINK_RAW);
	assert_hello(&p);
	assert_layers(&p, "raw ip gre ipv6 tcp");

	f = frame_hello();
	frame_ethernet(&f, 0x0800);
	frame_gre(&f, 0x2000, 0x6558, 1);
	frame_ipv6(&f, 47);
	p = decode(&f, LINK_RAW);
	assert_hello(&p);
	assert_layers(&p, "raw ipv6 gre eth ip tcp");

	f = frame_hello(); /* PPTP: version 1 with key, sequence and acknowledgment number */
	frame_bytes_before(&f, "\xff\x03\x00\x21", 4);
	frame_gre(&f, 0x3081, 0x880b, 3);
	frame_ipv4(&f, 47);
	p = decode(&f, LINK_RAW);
	assert_hello(&p);
	assert_layers(&p, "raw ip gre ppp ppp ip tcp");
}

static void gre_that_is_not_understood_is_unknown(void **state)
{
	(void)state;
	static const struct {
		unsigned flags, type;
	} cases[] = {{0x4000, 0x0800}, {0x0002, 0x0800}, {0, 0x88be}, {0, 0}};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct frame f = frame_hello();
		frame_gre(&f, cases[i].flags, cases[i].type, 0);
		frame_ipv4(&f, 47);
		struct packet p = decode(&f, LINK_RAW);
		assert_int_equal(p.status, PACKET_UNKNOWN);
		assert_int_equal(p.kind, KIND_NONE);
		assert_layers(&p, "raw ip gre");
	}
}

static void vxlan_carries_ethernet(void **state)
{
	(void)state;
	struct frame f = frame_hello();
	frame_vlan(&f, 9, 0x0800);
	frame_ethernet(&f, 0x8100);
	frame_vxlan(&f, 42);
	frame_udp(&f, 4789);
	frame_ipv4(&f, 17);
	struct packet p = decode(&f, LINK_RAW);
	assert_hello(&p);
	assert_layers(&p, "raw ip udp vxlan eth vlan ip tcp");
	assert_int_equal(p.tunnels, 1);
	assert_int_equal(p.vlan[0], 9);
	check_prefixes(&f, LINK_RAW);
}

static void other_use_of_the_vxlan_port_stays_udp(void **state)
{
	(void)state;
	struct frame f = frame_data("\0\0\0\0 no tunnel", 14);
	frame_udp(&f, 4789);
	frame_ipv4(&f, 17);
	struct packet p = decode(&f, LINK_RAW);
	assert_int_equal(p.status, PACKET_OK);
	assert_int_equal(p.kind, KIND_UDP);
	assert_int_equal(p.payload_len, 14);
	assert_layers(&p, "raw ip udp");
}

static void a_tunnel_cut_inside_is_no_datagram_any_more(void **state)
{
	(void)state;
	struct frame f = frame_hello();
	frame_ethernet(&f, 0x0800);
	frame_vxlan(&f, 42);
	frame_udp(&f, 4789);
	frame_ipv4(&f, 17);
	struct packet p = decode_cut(&f, LINK_RAW, frame_len(&f) - 5 - 32, frame_len(&f));
	assert_int_equal(p.status, PACKET_TRUNCATED);
	assert_int_equal(p.kind, KIND_NONE); /* the inner IP header was reached */
	assert_int_equal(p.tunnels, 1);
}

static void mpls_labels_are_a_layer_each_and_the_inside_is_guessed(void **state)
{
	(void)state;
	struct frame f = frame_hello6();
	frame_mpls(&f, 200, true);
	frame_mpls(&f, 100, false);
	frame_ethernet(&f, 0x8847);
	struct packet p = decode(&f, LINK_ETHERNET);
	assert_hello(&p);
	assert_layers(&p, "eth mpls mpls ipv6 tcp");
	assert_int_equal(p.tunnels, 0);
	check_prefixes(&f, LINK_ETHERNET);

	f = frame_hello();
	frame_ethernet(&f, 0x0800);
	frame_u32(&f, 5); /* control word of a pseudowire */
	frame_mpls(&f, 100, true);
	frame_ethernet(&f, 0x8848);
	p = decode(&f, LINK_ETHERNET);
	assert_hello(&p);
	assert_layers(&p, "eth mpls pwethcw eth ip tcp");
	check_prefixes(&f, LINK_ETHERNET);

	f = frame_data("\x91garbage", 8);
	frame_mpls(&f, 100, true);
	frame_ethernet(&f, 0x8847);
	p = decode(&f, LINK_ETHERNET);
	assert_int_equal(p.status, PACKET_UNKNOWN);
}

static void mpls_in_ip_udp_and_ppp(void **state)
{
	(void)state;
	struct frame f = frame_hello();
	frame_mpls(&f, 1, true);
	struct frame in_udp = f, in_ppp = f;
	frame_ipv4(&f, 137);
	struct packet p = decode(&f, LINK_RAW);
	assert_hello(&p);
	frame_udp(&in_udp, 6635);
	frame_ipv4(&in_udp, 17);
	p = decode(&in_udp, LINK_RAW);
	assert_hello(&p);
	assert_layers(&p, "raw ip udp mpls ip tcp");
	frame_u16(&in_ppp, 0x0281);
	p = decode(&in_ppp, 9);
	assert_hello(&p);
}

static void nesting_is_read_up_to_the_limit(void **state)
{
	(void)state;
	for (int outer = 0; outer < 40; outer++) {
		struct frame f = frame_hello();
		for (int i = 0; i < outer; i++)
			frame_ipv4(&f, 4);
		struct packet p = decode(&f, 228);
		if (outer + 2 <= PACKET_MAX_LAYERS) {
			assert_hello(&p);
			assert_int_equal(p.n_layers, outer + 2);
			assert_int_equal(p.tunnels, outer);
			check_prefixes(&f, 228);
		} else {
			assert_int_equal(p.status, PACKET_MALFORMED);
			assert_int_equal(p.n_layers, PACKET_MAX_LAYERS);
		}
	}
}

static void an_endless_label_stack_ends(void **state)
{
	(void)state;
	struct frame f = frame_hello();
	for (int i = 0; i < 200; i++)
		frame_mpls(&f, 1, false);
	frame_ethernet(&f, 0x8847);
	struct packet p = decode(&f, LINK_ETHERNET);
	assert_int_equal(p.status, PACKET_MALFORMED);
	assert_int_equal(p.n_layers, PACKET_MAX_LAYERS);
}

static void an_inner_length_does_not_reach_beyond_the_outer_one(void **state)
{
	(void)state;
	struct frame f = frame_hello();
	frame_bytes(&f)[2] = 0x40; /* total length 16 KiB */
	frame_ipv4(&f, 4);
	frame_ethernet(&f, 0x0800);
	struct packet p = decode(&f, LINK_ETHERNET);
	assert_int_equal(p.status, PACKET_MALFORMED);
	assert_int_equal(p.kind, KIND_TCP);
	assert_int_equal(p.tcp.len, 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(ip_in_ip_in_all_four_ways),
	        cmocka_unit_test(gre_with_every_set_of_optional_words),
	        cmocka_unit_test(gre_carries_ipv6_ethernet_and_ppp),
	        cmocka_unit_test(gre_that_is_not_understood_is_unknown),
	        cmocka_unit_test(vxlan_carries_ethernet),
	        cmocka_unit_test(other_use_of_the_vxlan_port_stays_udp),
	        cmocka_unit_test(a_tunnel_cut_inside_is_no_datagram_any_more),
	        cmocka_unit_test(mpls_labels_are_a_layer_each_and_the_inside_is_guessed),
	        cmocka_unit_test(mpls_in_ip_udp_and_ppp),
	        cmocka_unit_test(nesting_is_read_up_to_the_limit),
	        cmocka_unit_test(an_endless_label_stack_ends),
	        cmocka_unit_test(an_inner_length_does_not_reach_beyond_the_outer_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
