/* test_decode_icmp.c: ICMP and ICMPv6, and the packet that an error quotes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "packets.h"

enum { LINK_RAW = 101, V4 = 4, V6 = 6 };

/* Puts an ICMP header of that version in front, and IP. */
static void frame_icmp(struct frame *f, int version, unsigned type, unsigned code, uint32_t rest)
{
	frame_u32(f, rest);
	frame_u16(f, 0);
	frame_u16(f, type << 8 | code);
	if (version == V4)
		frame_ipv4(f, 1);
	else
		frame_ipv6(f, 58);
}

static void echoes_have_an_identifier_and_a_number(void **state)
{
	(void)state;
	static const struct {
		int version;
		unsigned type;
	} cases[] = {{V4, 8}, {V4, 0}, {V6, 128}, {V6, 129}};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct frame f = frame_data("ping", 4);
		frame_icmp(&f, cases[i].version, cases[i].type, 0, 0x12340056);
		struct packet p = decode(&f, LINK_RAW);
		assert_int_equal(p.status, PACKET_OK);
		assert_int_equal(p.kind, KIND_ICMP);
		assert_int_equal(p.icmp.version, cases[i].version);
		assert_int_equal(p.icmp.type, cases[i].type);
		assert_int_equal(p.icmp.id, 0x1234);
		assert_int_equal(p.icmp.sequence, 0x56);
		assert_int_equal(p.icmp.mtu, 0);
		assert_false(p.icmp.has_quote);
		assert_int_equal(p.payload_len, 4);
		check_prefixes(&f, LINK_RAW);
	}
}

static void errors_quote_addresses_ports_and_sequence_number(void **state)
{
	(void)state;
	static const struct {
		int version;
		unsigned type, code;
		uint32_t rest, mtu;
	} cases[] = {
	        {V4, 3, 4, 1400, 1400}, /* fragmentation needed */
	        {V4, 3, 1, 1400, 0},    {V4, 5, 0, 0x0a000001, 0}, {V4, 11, 0, 0, 0},
	        {V4, 12, 0, 0, 0},      {V6, 1, 4, 0, 0},          {V6, 2, 0, 1280, 1280},
	        {V6, 3, 0, 0, 0},       {V6, 4, 0, 40, 0},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct frame f = frame_data("hello", 5);
		frame_tcp(&f);
		if (cases[i].version == V4)
			frame_ipv4(&f, 6);
		else
			frame_ipv6(&f, 6);
		frame_icmp(&f, cases[i].version, cases[i].type, cases[i].code, cases[i].rest);
		struct packet p = decode(&f, LINK_RAW);
		assert_int_equal(p.status, PACKET_OK);
		assert_int_equal(p.kind, KIND_ICMP);
		assert_int_equal(p.icmp.code, cases[i].code);
		assert_int_equal(p.icmp.mtu, cases[i].mtu);
		assert_true(p.icmp.has_quote);
		assert_int_equal(p.icmp.quote_protocol, 6);
		assert_int_equal(p.icmp.quote_src.addr.version, cases[i].version);
		assert_memory_equal(p.icmp.quote_dst.addr.bytes,
		                    cases[i].version == V4 ? frame_ip4_b : frame_ip6_b, 4);
		assert_int_equal(p.icmp.quote_src.port, 45000);
		assert_int_equal(p.icmp.quote_dst.port, 80);
		assert_true(p.icmp.has_quote_seq);
		assert_int_equal(p.icmp.quote_seq, 1000);
		assert_int_equal(p.tunnels, 0); /* a quoted packet is no tunnel */
		check_prefixes(&f, LINK_RAW);
	}
}

/* How much of the quote is understood when only `n` bytes of it are there. */
static void a_short_quote_gives_what_is_there(void **state)
{
	(void)state;
	struct frame quoted = frame_data("hello", 5);
	frame_tcp(&quoted);
	frame_ipv4_full(&quoted, 6, "\x94\4\0\0", 4, 0);
	for (size_t n = 0; n <= frame_len(&quoted); n++) {
		struct frame f = frame_data(frame_bytes(&quoted), n);
		frame_icmp(&f, V4, 3, 1, 0);
		struct packet p = decode(&f, LINK_RAW);
		assert_int_equal(p.kind, KIND_ICMP);
		assert_int_equal(p.status, PACKET_OK);
		assert_int_equal(p.icmp.has_quote, n >= 20);
		assert_int_equal(p.icmp.quote_dst.port, n >= 28 ? 80 : 0);
		assert_int_equal(p.icmp.quote_src.port, n >= 28 ? 45000 : 0);
		assert_int_equal(p.icmp.has_quote_seq, n >= 32);
	}
}

static void a_quoted_datagram_has_ports_but_no_sequence_number(void **state)
{
	(void)state;
	struct frame f = frame_data("", 0);
	frame_udp(&f, 53);
	frame_ipv4(&f, 17);
	frame_icmp(&f, V4, 3, 3, 0);
	struct packet p = decode(&f, LINK_RAW);
	assert_true(p.icmp.has_quote);
	assert_int_equal(p.icmp.quote_protocol, 17);
	assert_int_equal(p.icmp.quote_dst.port, 53);
	assert_false(p.icmp.has_quote_seq);
}

static void a_quoted_later_fragment_has_no_ports(void **state)
{
	(void)state;
	struct frame f = frame_data("hello", 5);
	frame_tcp(&f);
	frame_ipv4_full(&f, 6, NULL, 0, 0x0002);
	frame_icmp(&f, V4, 11, 1, 0);
	struct packet p = decode(&f, LINK_RAW);
	assert_true(p.icmp.has_quote);
	assert_int_equal(p.icmp.quote_dst.port, 0);
	assert_false(p.icmp.has_quote_seq);
}

static void extension_headers_in_a_quote_are_stepped_over(void **state)
{
	(void)state;
	struct frame f = frame_data("hello", 5);
	frame_tcp(&f);
	frame_fragment6(&f, 6, 0, true);
	frame_extension(&f, 44, 1);
	frame_ipv6(&f, 60);
	frame_icmp(&f, V6, 1, 0, 0);
	struct packet p = decode(&f, LINK_RAW);
	assert_true(p.icmp.has_quote);
	assert_int_equal(p.icmp.quote_protocol, 6);
	assert_int_equal(p.icmp.quote_src.port, 45000);
	assert_true(p.icmp.has_quote_seq);

	struct frame deep = frame_data("hello", 5);
	frame_tcp(&deep);
	for (int i = 0; i < 40; i++)
		frame_extension(&deep, i == 0 ? 6 : 60, 0);
	frame_ipv6(&deep, 60);
	frame_icmp(&deep, V6, 1, 0, 0);
	p = decode(&deep, LINK_RAW);
	assert_true(p.icmp.has_quote);
	assert_false(p.icmp.has_quote_seq);
}

static void a_quote_of_something_else_is_none(void **state)
{
	(void)state;
	struct frame f = frame_hello();
	frame_bytes(&f)[0] = 0x75; /* version 7 */
	frame_icmp(&f, V4, 3, 1, 0);
	assert_false(decode(&f, LINK_RAW).icmp.has_quote);
	f = frame_hello();
	frame_bytes(&f)[0] = 0x44; /* header of 16 bytes */
	frame_icmp(&f, V4, 3, 1, 0);
	assert_false(decode(&f, LINK_RAW).icmp.has_quote);
}

static void other_types_are_named_by_number_only(void **state)
{
	(void)state;
	struct frame f = frame_data("0123456789abcdef", 16); /* a neighbour solicitation's target */
	frame_icmp(&f, V6, 135, 0, 0x11223344);
	struct packet p = decode(&f, LINK_RAW);
	assert_int_equal(p.kind, KIND_ICMP);
	assert_int_equal(p.icmp.type, 135);
	assert_int_equal(p.icmp.id, 0);
	assert_int_equal(p.icmp.mtu, 0);
	assert_false(p.icmp.has_quote);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(echoes_have_an_identifier_and_a_number),
	        cmocka_unit_test(errors_quote_addresses_ports_and_sequence_number),
	        cmocka_unit_test(a_short_quote_gives_what_is_there),
	        cmocka_unit_test(a_quoted_datagram_has_ports_but_no_sequence_number),
	        cmocka_unit_test(a_quoted_later_fragment_has_no_ports),
	        cmocka_unit_test(extension_headers_in_a_quote_are_stepped_over),
	        cmocka_unit_test(a_quote_of_something_else_is_none),
	        cmocka_unit_test(other_types_are_named_by_number_only),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
