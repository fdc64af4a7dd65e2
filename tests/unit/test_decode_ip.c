/* test_decode_ip.c: IPv4 and IPv6: values, lengths that lie, fragments, extension headers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "packets.h"

enum { LINK_RAW = 101 };

/* "hello" in TCP in IPv6 behind what has been put between. */
static struct frame frame_segment(void)
{
	struct frame f = frame_data("hello", 5);
	frame_tcp(&f);
	return f;
}

static void set_u16(struct frame *f, size_t at, unsigned value)
{
	frame_bytes(f)[at] = (uint8_t)(value >> 8);
	frame_bytes(f)[at + 1] = (uint8_t)value;
}

static void ipv4_values_are_read(void **state)
{
	(void)state;
	struct frame f = frame_hello();
	struct packet p = decode(&f, LINK_RAW);
	assert_hello(&p);
	assert_int_equal(p.ip.src.version, 4);
	assert_memory_equal(p.ip.src.bytes, frame_ip4_a, 4);
	assert_memory_equal(p.ip.dst.bytes, frame_ip4_b, 4);
	for (size_t i = 4; i < 16; i++)
		assert_int_equal(p.ip.src.bytes[i] | p.ip.dst.bytes[i], 0);
	assert_int_equal(p.ip.ttl, 64);
	assert_int_equal(p.ip.protocol, 6);
	assert_int_equal(p.ip.dscp, 46);
	assert_int_equal(p.ip.ecn, 2);
	assert_int_equal(p.ip.id, 0x1234);
	assert_true(p.ip.dont_fragment);
	assert_false(p.ip.more_fragments);
	assert_false(p.ip.is_fragment);
	assert_int_equal(p.ip.total_len, 20 + 32 + 5);
	assert_int_equal(p.tunnels, 0);
}

static void ipv4_options_are_stepped_over(void **state)
{
	(void)state;
	for (size_t n = 4; n <= 40; n += 4) {
		static const uint8_t options[40] = {0x94, 4}; /* router alert, then end */
		struct frame f = frame_segment();
		frame_ipv4_full(&f, 6, options, n, 0);
		struct packet p = decode(&f, LINK_RAW);
		assert_hello(&p);
		assert_int_equal(p.layers[1].len, 20 + n);
		check_prefixes(&f, LINK_RAW);
	}
}

static void an_ipv4_header_cut_in_its_options_keeps_its_addresses(void **state)
{
	(void)state;
	struct frame f = frame_segment();
	frame_ipv4_full(&f, 6, "\x94\4\0\0", 4, 0);
	struct packet p = decode_cut(&f, LINK_RAW, 22, frame_len(&f));
	assert_int_equal(p.status, PACKET_TRUNCATED);
	assert_memory_equal(p.ip.src.bytes, frame_ip4_a, 4);
	assert_int_equal(p.layers[1].len, 22);
}

static void every_ipv4_header_length_is_survived(void **state)
{
	(void)state;
	for (unsigned words = 0; words < 16; words++) {
		struct frame f = frame_hello();
		frame_bytes(&f)[0] = (uint8_t)(0x40 | words);
		struct packet p = decode(&f, 228);
		if (words < 5) {
			assert_int_equal(p.status, PACKET_MALFORMED);
			assert_int_equal(p.ip.src.version, 0);
		}
		if (words * 4 > frame_len(&f))
			assert_int_equal(p.status, PACKET_MALFORMED);
	}
}

static void every_ipv4_total_length_is_survived(void **state)
{
	(void)state;
	struct frame f = frame_hello();
	unsigned full = (unsigned)frame_len(&f);
	for (unsigned total = 0; total <= 0xffff; total += total < 100 ? 1 : 97) {
		set_u16(&f, 2, total);
		struct packet p = decode(&f, LINK_RAW);
		if (total == 0 || total == full) { /* 0: cut up later by the network card */
			assert_hello(&p);
			assert_int_equal(p.ip.total_len, full);
		} else if (total > full) {
			assert_int_equal(p.status, PACKET_MALFORMED);
			assert_int_equal(p.kind, KIND_TCP);
			assert_int_equal(p.tcp.len, 5);
			assert_int_equal(p.ip.total_len, total);
		} else if (total < 20 + 32) {
			assert_int_equal(p.status, PACKET_MALFORMED);
			assert_int_equal(p.kind, KIND_NONE);
		} else {
			assert_int_equal(p.status, PACKET_OK);
			assert_int_equal(p.tcp.len, total - 20 - 32);
			assert_int_equal(p.payload_len, total - 20 - 32);
		}
	}
}

static void other_versions_are_malformed_except_ipv6_announced_as_ipv4(void **state)
{
	(void)state;
	struct frame f = frame_hello();
	frame_bytes(&f)[0] = 0x55;
	struct packet p = decode(&f, 228);
	assert_int_equal(p.status, PACKET_MALFORMED);
	assert_int_equal(p.ip.src.version, 0);
	p = decode(&f, 229);
	assert_int_equal(p.status, PACKET_MALFORMED);

	f = frame_segment();
	frame_ipv6(&f, 6);
	p = decode(&f, 228);
	assert_hello(&p);
	assert_layers(&p, "ipv6 tcp");
}

static void ipv4_fragments_are_recognised(void **state)
{
	(void)state;
	static const struct {
		unsigned bits, at;
		bool more, fragment;
	} cases[] = {
	        {0x2000, 0, true, true},           /* first */
	        {0x2001, 8, true, true},           /* middle */
	        {0x0002, 16, false, true},         /* last */
	        {0x1fff, 8 * 0x1fff, false, true}, /* as far as it goes */
	        {0x4000, 0, false, false},         {0x8000, 0, false, false}, /* reserved bit */
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct frame f = frame_segment();
		frame_ipv4_full(&f, 6, NULL, 0, cases[i].bits);
		struct packet p = decode(&f, LINK_RAW);
		assert_int_equal(p.status, PACKET_OK);
		assert_int_equal(p.ip.is_fragment, cases[i].fragment);
		assert_int_equal(p.ip.more_fragments, cases[i].more);
		assert_int_equal(p.ip.fragment_at, cases[i].at);
		assert_int_equal(p.kind, cases[i].fragment ? KIND_FRAGMENT : KIND_TCP);
		assert_int_equal(p.payload_len, cases[i].fragment ? 37 : 5);
		check_prefixes(&f, LINK_RAW);
	}
}

static void ipv6_values_are_read(void **state)
{
	(void)state;
	struct frame f = frame_segment();
	frame_ipv6(&f, 6);
	struct packet p = decode(&f, LINK_RAW);
	assert_hello(&p);
	assert_int_equal(p.ip.src.version, 6);
	assert_memory_equal(p.ip.src.bytes, frame_ip6_a, 16);
	assert_memory_equal(p.ip.dst.bytes, frame_ip6_b, 16);
	assert_int_equal(p.ip.ttl, 63);
	assert_int_equal(p.ip.protocol, 6);
	assert_int_equal(p.ip.dscp, 46);
	assert_int_equal(p.ip.ecn, 3);
	assert_int_equal(p.ip.total_len, 40 + 32 + 5);
	assert_false(p.ip.is_fragment);
}

static void every_ipv6_payload_length_is_survived(void **state)
{
	(void)state;
	struct frame f = frame_segment();
	frame_ipv6(&f, 6);
	unsigned full = (unsigned)frame_len(&f) - 40;
	for (unsigned n = 0; n <= 0xffff; n += n < 100 ? 1 : 97) {
		set_u16(&f, 4, n);
		struct packet p = decode(&f, LINK_RAW);
		if (n == 0 || n == full) {
			assert_hello(&p);
			assert_int_equal(p.ip.total_len, 40 + full);
		} else if (n > full) {
			assert_int_equal(p.status, PACKET_MALFORMED);
			assert_int_equal(p.tcp.len, 5);
		} else if (n < 32) {
			assert_int_equal(p.status, PACKET_MALFORMED);
			assert_int_equal(p.kind, KIND_NONE);
		} else {
			assert_int_equal(p.tcp.len, n - 32);
		}
	}
}

static void ipv6_extension_headers_are_walked(void **state)
{
	(void)state;
	struct frame f = frame_segment();
	frame_extension(&f, 6, 2);
	frame_fragment6(&f, 60, 0, false); /* an atomic fragment is none */
	frame_extension(&f, 44, 3);
	frame_extension(&f, 43, 0);
	frame_extension(&f, 60, 1);
	frame_ipv6(&f, 0);
	struct packet p = decode(&f, LINK_RAW);
	assert_hello(&p);
	assert_layers(&p, "raw ipv6 ipv6.hopopts ipv6.dstopts ipv6.routing ipv6.fraghdr "
	                  "ipv6.dstopts tcp");
	assert_int_equal(p.layers[2].len, 16);
	assert_int_equal(p.layers[4].len, 32);
	assert_int_equal(p.ip.protocol, 6);
	assert_int_equal(p.ip.id, 0xfeedbeef);
	assert_false(p.ip.is_fragment);
	check_prefixes(&f, LINK_RAW);
}

static void ah_counts_its_length_in_words(void **state)
{
	(void)state;
	struct frame f = frame_segment();
	frame_bytes_before(&f, "\6\4\0\0\0\0\0\1\0\0\0\2MAC MAC MAC ", 24);
	struct frame v4 = f;
	frame_ipv6(&f, 51);
	struct packet p = decode(&f, LINK_RAW);
	assert_hello(&p);
	assert_layers(&p, "raw ipv6 ah tcp");
	check_prefixes(&f, LINK_RAW);
	frame_ipv4(&v4, 51);
	p = decode(&v4, LINK_RAW);
	assert_hello(&p);
	assert_layers(&p, "raw ip ah tcp");
	assert_int_equal(p.ip.protocol, 6);
}

static void a_mobility_header_may_carry_nothing(void **state)
{
	(void)state;
	struct frame f = frame_data("", 0);
	frame_extension(&f, 59, 0);
	frame_ipv6(&f, 135);
	struct packet p = decode(&f, LINK_RAW);
	assert_int_equal(p.status, PACKET_OK);
	assert_int_equal(p.kind, KIND_NONE);
	assert_layers(&p, "raw ipv6 mipv6");

	f = frame_data("", 0);
	frame_ipv6(&f, 59);
	p = decode(&f, LINK_RAW);
	assert_int_equal(p.status, PACKET_OK);
	assert_int_equal(p.ip.total_len, 40);
}

static void ipv6_fragments_are_recognised(void **state)
{
	(void)state;
	struct frame f = frame_segment();
	frame_fragment6(&f, 6, 0, true);
	frame_ipv6(&f, 44);
	struct packet p = decode(&f, LINK_RAW);
	assert_int_equal(p.kind, KIND_FRAGMENT);
	assert_true(p.ip.more_fragments);
	assert_int_equal(p.ip.fragment_at, 0);
	assert_int_equal(p.ip.protocol, 6);
	assert_int_equal(p.payload_len, 37);
	check_prefixes(&f, LINK_RAW);

	f = frame_segment();
	frame_fragment6(&f, 6, 0xfff8, false);
	frame_ipv6(&f, 44);
	p = decode(&f, LINK_RAW);
	assert_int_equal(p.kind, KIND_FRAGMENT);
	assert_false(p.ip.more_fragments);
	assert_int_equal(p.ip.fragment_at, 0xfff8);
}

static void every_extension_length_is_survived(void **state)
{
	(void)state;
	static const unsigned numbers[] = {0, 43, 44, 51, 60, 135};
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
		for (unsigned n = 0; n < 256; n++) {
			struct frame f = frame_segment();
			frame_extension(&f, 59, 0);
			frame_ipv6(&f, numbers[i]);
			frame_bytes(&f)[41] = (uint8_t)n;
			struct packet p = decode(&f, LINK_RAW);
			bool fits = numbers[i] == 44 || 8 + n * (numbers[i] == 51 ? 4 : 8) <= 45;
			assert_int_equal(p.status, fits ? PACKET_OK : PACKET_MALFORMED);
		}
	}
}

static void an_endless_chain_of_extensions_ends(void **state)
{
	(void)state;
	struct frame f = frame_segment();
	for (int i = 0; i < 100; i++)
		frame_extension(&f, 60, 0);
	frame_ipv6(&f, 60);
	struct packet p = decode(&f, LINK_RAW);
	assert_int_equal(p.status, PACKET_MALFORMED);
	assert_int_equal(p.n_layers, PACKET_MAX_LAYERS);
	assert_int_equal(p.kind, KIND_NONE);
}

static void protocols_that_are_not_decoded_are_unknown(void **state)
{
	(void)state;
	struct frame f = frame_data("12345678", 8);
	frame_ipv4(&f, 50);
	struct packet p = decode(&f, LINK_RAW);
	assert_int_equal(p.status, PACKET_UNKNOWN);
	assert_int_equal(p.kind, KIND_NONE);
	assert_int_equal(p.ip.protocol, 50);
	assert_int_equal(p.payload_len, 8);
}

static void a_reassembled_payload_is_decoded_like_any_other(void **state)
{
	(void)state;
	struct frame whole = frame_segment();
	frame_extension(&whole, 6, 0);
	struct ip_header first = {
	        .src = {.version = 6, .bytes = {0xfd}},
	        .dst = {.version = 6, .bytes = {0xfe}},
	        .protocol = 60,
	        .more_fragments = true,
	        .is_fragment = true,
	        .id = 77,
	};
	uint8_t *copy = malloc(frame_len(&whole));
	assert_non_null(copy);
	memcpy(copy, frame_bytes(&whole), frame_len(&whole));
	struct packet p;
	memset(&p, 0xa5, sizeof p);
	packet_decode_ip_payload(&p, &first, copy, (uint32_t)frame_len(&whole));
	check_packet(&p);
	assert_hello(&p);
	assert_layers(&p, "ipv6.dstopts tcp");
	assert_false(p.ip.is_fragment);
	assert_false(p.ip.more_fragments);
	assert_int_equal(p.ip.id, 77);
	assert_int_equal(p.ip.src.bytes[0], 0xfd);
	assert_int_equal(p.tunnels, 0);
	free(copy);
}

static void the_layer_nearest_to_the_payload_is_found(void **state)
{
	(void)state;
	struct frame f = frame_hello();
	frame_ipv4(&f, 4);
	struct packet p = decode(&f, LINK_RAW);
	const struct layer *layer = packet_layer(&p, &protocol_ipv4);
	assert_non_null(layer);
	assert_int_equal(layer->offset, 20);
	assert_null(packet_layer(&p, &protocol_udp));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(ipv4_values_are_read),
	        cmocka_unit_test(ipv4_options_are_stepped_over),
	        cmocka_unit_test(an_ipv4_header_cut_in_its_options_keeps_its_addresses),
	        cmocka_unit_test(every_ipv4_header_length_is_survived),
	        cmocka_unit_test(every_ipv4_total_length_is_survived),
	        cmocka_unit_test(other_versions_are_malformed_except_ipv6_announced_as_ipv4),
	        cmocka_unit_test(ipv4_fragments_are_recognised),
	        cmocka_unit_test(ipv6_values_are_read),
	        cmocka_unit_test(every_ipv6_payload_length_is_survived),
	        cmocka_unit_test(ipv6_extension_headers_are_walked),
	        cmocka_unit_test(ah_counts_its_length_in_words),
	        cmocka_unit_test(a_mobility_header_may_carry_nothing),
	        cmocka_unit_test(ipv6_fragments_are_recognised),
	        cmocka_unit_test(every_extension_length_is_survived),
	        cmocka_unit_test(an_endless_chain_of_extensions_ends),
	        cmocka_unit_test(protocols_that_are_not_decoded_are_unknown),
	        cmocka_unit_test(a_reassembled_payload_is_decoded_like_any_other),
	        cmocka_unit_test(the_layer_nearest_to_the_payload_is_found),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
