/* test_decode_link.c: link layers: Ethernet and its relatives, cooked captures, loopback, raw IP,
 * PPP, and ARP. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "packets.h"

static void ethernet_carries_ipv4(void **state)
{
	(void)state;
	struct frame f = frame_hello();
	frame_ethernet(&f, 0x0800);
	struct packet p = decode(&f, 1);
	assert_hello(&p);
	assert_layers(&p, "eth ip tcp");
	assert_int_equal(p.layers[1].offset, 14);
	assert_int_equal(p.layers[2].offset, 34);
	assert_int_equal(p.n_vlans, 0);
	check_prefixes(&f, 1);
}

static void padding_of_short_frames_is_not_payload(void **state)
{
	(void)state;
	struct frame inside = frame_data("", 0);
	frame_tcp_options(&inside, NULL, 0);
	frame_ipv4(&inside, 6);
	struct frame f = frame_data("\0\0\0\0\0", 6);
	frame_bytes_before(&f, frame_bytes(&inside), frame_len(&inside));
	frame_ethernet(&f, 0x0800);
	struct packet p = decode(&f, 1);
	assert_int_equal(p.kind, KIND_TCP);
	assert_int_equal(p.tcp.len, 0);
	assert_int_equal(p.payload_len, 0);
	assert_int_equal(p.payload_wirelen, 0);
}

static void vlan_tags_are_read_outer_first(void **state)
{
	(void)state;
	struct frame f = frame_hello();
	frame_vlan(&f, 0x2000 | 7, 0x0800); /* priority 1 */
	frame_vlan(&f, 5, 0x8100);
	frame_ethernet(&f, 0x88a8);
	struct packet p = decode(&f, 1);
	assert_hello(&p);
	assert_layers(&p, "eth ieee8021ad vlan ip tcp");
	assert_int_equal(p.n_vlans, 2);
	assert_int_equal(p.vlan[0], 5);
	assert_int_equal(p.vlan[1], 7);
	check_prefixes(&f, 1);
}

static void the_old_double_tag_is_a_vlan_and_a_third_is_only_a_layer(void **state)
{
	(void)state;
	struct frame f = frame_hello();
	frame_vlan(&f, 3, 0x0800);
	frame_vlan(&f, 2, 0x8100);
	frame_vlan(&f, 1, 0x9100);
	frame_ethernet(&f, 0x9100);
	struct packet p = decode(&f, 1);
	assert_hello(&p);
	assert_layers(&p, "eth vlan vlan vlan ip tcp");
	assert_int_equal(p.n_vlans, 2);
	assert_int_equal(p.vlan[1], 2);
}

static void a_length_instead_of_a_type_means_llc(void **state)
{
	(void)state;
	struct frame f = frame_hello();
	frame_bytes_before(&f, "\xaa\xaa\x03\0\0\0\x08\0", 8);
	frame_ethernet(&f, (unsigned)frame_len(&f));
	struct packet p = decode(&f, 1);
	assert_hello(&p);
	assert_layers(&p, "eth llc ip tcp");
	assert_int_equal(p.layers[1].len, 8);
	check_prefixes(&f, 1);

	frame_bytes(&f)[14 + 4] = 1; /* another organization's numbers */
	p = decode(&f, 1);
	assert_int_equal(p.status, PACKET_UNKNOWN);
	assert_layers(&p, "eth llc");

	struct frame stp = frame_data("\x42\x42\x03\0\0\0\0\0", 8);
	frame_ethernet(&stp, 8);
	p = decode(&stp, 1);
	assert_int_equal(p.status, PACKET_UNKNOWN);
	assert_layers(&p, "eth llc");
	assert_int_equal(p.layers[1].len, 3);
}

static void a_frame_length_that_lies_is_malformed(void **state)
{
	(void)state;
	struct frame f = frame_hello();
	frame_bytes_before(&f, "\xaa\xaa\x03\0\0\0\x08\0", 8);
	frame_ethernet(&f, (unsigned)frame_len(&f) + 1);
	struct packet p = decode(&f, 1);
	assert_int_equal(p.status, PACKET_MALFORMED);
	assert_int_equal(p.kind, KIND_TCP); /* and read all the same */

	f = frame_hello();
	frame_ethernet(&f, 1501); /* neither a length nor an EtherType */
	p = decode(&f, 1);
	assert_int_equal(p.status, PACKET_MALFORMED);
	assert_layers(&p, "eth");
}

static void unknown_numbers_are_named_as_unknown(void **state)
{
	(void)state;
	struct frame f = frame_data("whatever", 8);
	frame_ethernet(&f, 0x88cc);
	struct packet p = decode(&f, 1);
	assert_int_equal(p.status, PACKET_UNKNOWN);
	assert_int_equal(p.payload_len, 8);
	assert_layers(&p, "eth");

	p = decode(&f, 147);
	assert_int_equal(p.status, PACKET_UNKNOWN);
	assert_int_equal(p.n_layers, 0);
	assert_int_equal(p.payload_len, frame_len(&f));
	p = decode(&f, -1);
	assert_int_equal(p.status, PACKET_UNKNOWN);
}

static void frame_sll(struct frame *f, unsigned device, unsigned type)
{
	frame_u16(f, type);
	frame_bytes_before(f, "\2\0\0\0\0\xa\0\0", 8);
	frame_u16(f, 6);
	frame_u16(f, device);
	frame_u16(f, 0);
}

static void cooked_captures_carry_ethertypes_and_llc(void **state)
{
	(void)state;
	struct frame f = frame_hello();
	frame_sll(&f, 1, 0x0800);
	struct packet p = decode(&f, 113);
	assert_hello(&p);
	assert_layers(&p, "sll ip tcp");
	check_prefixes(&f, 113);

	f = frame_hello();
	frame_bytes_before(&f, "\xaa\xaa\x03\0\0\0\x08\0", 8);
	frame_sll(&f, 1, 4);
	p = decode(&f, 113);
	assert_hello(&p);
	assert_layers(&p, "sll llc ip tcp");

	f = frame_hello();
	frame_sll(&f, 824, 0x0800); /* netlink: the number is no EtherType */
	p = decode(&f, 113);
	assert_int_equal(p.status, PACKET_UNKNOWN);
	f = frame_hello();
	frame_sll(&f, 1, 1);
	p = decode(&f, 113);
	assert_int_equal(p.status, PACKET_UNKNOWN);
}

static void cooked_captures_of_version_2_work(void **state)
{
	(void)state;
	struct frame f = frame_hello();
	frame_bytes_before(&f, "\2\0\0\0\0\xa\0\0", 8);
	frame_u16(&f, 0x0406); /* sent by us, 6 bytes of address */
	frame_u16(&f, 1);
	frame_u32(&f, 3);
	frame_u16(&f, 0);
	frame_u16(&f, 0x0800);
	struct packet p = decode(&f, 276);
	assert_hello(&p);
	assert_layers(&p, "sll ip tcp");
	check_prefixes(&f, 276);
}

static void loopback_families_are_read_in_either_byte_order(void **state)
{
	(void)state;
	static const struct {
		uint32_t family;
		int linktype;
	} cases[] = {{2, 0}, {0x02000000, 0}, {2, 108}};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct frame f = frame_hello();
		frame_u32(&f, cases[i].family);
		struct packet p = decode(&f, cases[i].linktype);
		assert_hello(&p);
		assert_layers(&p, "null ip tcp");
		check_prefixes(&f, cases[i].linktype);
	}
	static const uint32_t ipv6[] = {24, 28, 30, 0x18000000, 0x1c000000, 0x1e000000};
	for (size_t i = 0; i < sizeof ipv6 / sizeof ipv6[0]; i++) {
		struct frame f = frame_data("hello", 5);
		frame_tcp(&f);
		frame_ipv6(&f, 6);
		frame_u32(&f, ipv6[i]);
		struct packet p = decode(&f, 0);
		assert_hello(&p);
		assert_layers(&p, "null ipv6 tcp");
	}
	struct frame f = frame_hello();
	frame_u32(&f, 7);
	struct packet p = decode(&f, 0);
	assert_int_equal(p.status, PACKET_UNKNOWN);
}

static void raw_ip_is_told_by_its_version(void **state)
{
	(void)state;
	static const int linktypes[] = {12, 14, 101};
	struct frame v4 = frame_hello();
	struct frame v6 = frame_data("hello", 5);
	frame_tcp(&v6);
	frame_ipv6(&v6, 6);
	for (size_t i = 0; i < sizeof linktypes / sizeof linktypes[0]; i++) {
		struct packet p = decode(&v4, linktypes[i]);
		assert_hello(&p);
		assert_layers(&p, "raw ip tcp");
		p = decode(&v6, linktypes[i]);
		assert_hello(&p);
		assert_layers(&p, "raw ipv6 tcp");
		check_prefixes(&v4, linktypes[i]);
		check_prefixes(&v6, linktypes[i]);
	}
	frame_bytes(&v4)[0] = 0x55;
	struct packet p = decode(&v4, 101);
	assert_int_equal(p.status, PACKET_UNKNOWN);
	assert_layers(&p, "raw");
}

static void link_types_for_one_version_name_it(void **state)
{
	(void)state;
	struct frame v4 = frame_hello();
	struct frame v6 = frame_data("hello", 5);
	frame_tcp(&v6);
	frame_ipv6(&v6, 6);
	struct packet p = decode(&v4, 228);
	assert_hello(&p);
	assert_layers(&p, "ip tcp");
	p = decode(&v6, 229);
	assert_hello(&p);
	assert_layers(&p, "ipv6 tcp");
	check_prefixes(&v4, 228);
	check_prefixes(&v6, 229);
}

static void ppp_is_read_with_and_without_its_framing(void **state)
{
	(void)state;
	static const struct {
		int linktype;
		const char *bytes;
		size_t n;
		const char *layers;
	} cases[] = {
	        {9, "\xff\x03\x00\x21", 4, "ppp ppp ip tcp"},
	        {9, "\x00\x21", 2, "ppp ip tcp"},
	        {9, "\x21", 1, "ppp ip tcp"},
	        {9, "\xff\x03\x21", 3, "ppp ppp ip tcp"},
	        {50, "\xff\x03\x00\x21", 4, "ppp ppp ip tcp"},
	        {50, "\x0f\x00\x08\x00", 4, "chdlc ip tcp"},
	        {104, "\x8f\x00\x08\x00", 4, "chdlc ip tcp"},
	        {204, "\x01\xff\x03\x00\x21", 5, "ppp ppp ppp ip tcp"},
	        {204, "\x00\x00\x21", 3, "ppp ppp ip tcp"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct frame f = frame_hello();
		frame_bytes_before(&f, cases[i].bytes, cases[i].n);
		struct packet p = decode(&f, cases[i].linktype);
		assert_hello(&p);
		assert_layers(&p, cases[i].layers);
		check_prefixes(&f, cases[i].linktype);
	}
	struct frame lcp = frame_data("\xff\x03\xc0\x21\1\1\0\4", 8);
	struct packet p = decode(&lcp, 9);
	assert_int_equal(p.status, PACKET_UNKNOWN);
}

static struct frame frame_pppoe(unsigned more)
{
	struct frame f = frame_hello();
	frame_u16(&f, 0x0021);
	unsigned length = (unsigned)frame_len(&f) + more;
	frame_u16(&f, length);
	frame_u16(&f, 1);
	frame_u16(&f, 0x1100);
	return f;
}

static void pppoe_carries_ppp_and_trims_padding(void **state)
{
	(void)state;
	struct frame f = frame_pppoe(0);
	struct packet p = decode(&f, 51);
	assert_hello(&p);
	assert_layers(&p, "pppoes ppp ip tcp");
	check_prefixes(&f, 51);
	frame_ethernet(&f, 0x8864);
	p = decode(&f, 1);
	assert_hello(&p);
	assert_layers(&p, "eth pppoes ppp ip tcp");

	f = frame_pppoe(0);
	frame_ethernet(&f, 0x8863); /* discovery */
	p = decode(&f, 1);
	assert_int_equal(p.status, PACKET_OK);
	assert_int_equal(p.kind, KIND_NONE);
	assert_layers(&p, "eth pppoed");

	f = frame_pppoe(1); /* longer than the frame */
	p = decode(&f, 51);
	assert_int_equal(p.status, PACKET_MALFORMED);
	assert_int_equal(p.kind, KIND_TCP);
	frame_bytes(&f)[0] = 0x21; /* version 2 */
	p = decode(&f, 51);
	assert_int_equal(p.status, PACKET_MALFORMED);
	assert_int_equal(p.kind, KIND_NONE);
}

static struct frame frame_arp(unsigned protocol, unsigned sizes)
{
	struct frame f = frame_data(NULL, 0);
	frame_bytes_before(&f, "\0\0\0", 3); /* padding */
	frame_bytes_before(&f, frame_ip4_b, 4);
	frame_bytes_before(&f, frame_mac_b, 6);
	frame_bytes_before(&f, frame_ip4_a, 4);
	frame_bytes_before(&f, frame_mac_a, 6);
	frame_u16(&f, 2);
	frame_u16(&f, sizes);
	frame_u16(&f, protocol);
	frame_u16(&f, 1);
	frame_ethernet(&f, 0x0806);
	return f;
}

static void arp_gives_who_asks_whom(void **state)
{
	(void)state;
	struct frame f = frame_arp(0x0800, 0x0604);
	struct packet p = decode(&f, 1);
	assert_int_equal(p.status, PACKET_OK);
	assert_int_equal(p.kind, KIND_ARP);
	assert_layers(&p, "eth arp");
	assert_int_equal(p.arp.operation, 2);
	assert_memory_equal(p.arp.sender_mac, frame_mac_a, 6);
	assert_memory_equal(p.arp.target_mac, frame_mac_b, 6);
	assert_int_equal(p.arp.sender.version, 4);
	assert_memory_equal(p.arp.sender.bytes, frame_ip4_a, 4);
	assert_memory_equal(p.arp.target.bytes, frame_ip4_b, 4);
	assert_int_equal(p.payload_wirelen, 0);
	check_prefixes(&f, 1);
}

static void arp_of_other_addresses_is_unknown(void **state)
{
	(void)state;
	struct frame f = frame_arp(0x86dd, 0x0604);
	assert_int_equal(decode(&f, 1).status, PACKET_UNKNOWN);
	f = frame_arp(0x0800, 0x0804);
	assert_int_equal(decode(&f, 1).status, PACKET_UNKNOWN);
	f = frame_arp(0x0800, 0x0610);
	assert_int_equal(decode(&f, 1).status, PACKET_UNKNOWN);
	assert_int_equal(decode(&f, 1).kind, KIND_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(ethernet_carries_ipv4),
	        cmocka_unit_test(padding_of_short_frames_is_not_payload),
	        cmocka_unit_test(vlan_tags_are_read_outer_first),
	        cmocka_unit_test(the_old_double_tag_is_a_vlan_and_a_third_is_only_a_layer),
	        cmocka_unit_test(a_length_instead_of_a_type_means_llc),
	        cmocka_unit_test(a_frame_length_that_lies_is_malformed),
	        cmocka_unit_test(unknown_numbers_are_named_as_unknown),
	        cmocka_unit_test(cooked_captures_carry_ethertypes_and_llc),
	        cmocka_unit_test(cooked_captures_of_version_2_work),
	        cmocka_unit_test(loopback_families_are_read_in_either_byte_order),
	        cmocka_unit_test(raw_ip_is_told_by_its_version),
	        cmocka_unit_test(link_types_for_one_version_name_it),
	        cmocka_unit_test(ppp_is_read_with_and_without_its_framing),
	        cmocka_unit_test(pppoe_carries_ppp_and_trims_padding),
	        cmocka_unit_test(arp_gives_who_asks_whom),
	        cmocka_unit_test(arp_of_other_addresses_is_unknown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
