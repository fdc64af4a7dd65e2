/* test_tui_fields.c: frames taken apart: every field where its bits are, options one by one, what
 * is cut, what lies, and that no bytes can hurt. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "packets.h"
#include "tui/fields.h"

static struct fields fields;
static struct packet packet;

enum { LINK_ETHERNET = 1, LINK_IPV4 = 228 };

/* Takes the first `caplen` bytes apart; the bytes stay valid in the frame. */
static void take_apart(struct frame *f, int linktype, size_t caplen)
{
	packet_decode(&packet, linktype, frame_bytes(f), (uint32_t)caplen, (uint32_t)frame_len(f));
	fields_of(&fields, &packet);
}

static const struct part *find(const char *name)
{
	for (unsigned i = 0; i < fields.n; i++)
		if (strcmp(fields.parts[i].name, name) == 0)
			return &fields.parts[i];
	fail_msg("no part %s", name);
	return NULL;
}

static void assert_part(const char *name, const char *value, uint32_t byte, uint32_t bit_len)
{
	const struct part *part = find(name);
	assert_string_equal(part->value, value);
	assert_int_equal(part_byte_at(part), byte);
	assert_int_equal(part->bit_len, bit_len);
}

/* What holds for every frame. */
static void check_fields(void)
{
	assert_true(fields.n <= FIELDS_MAX);
	for (unsigned i = 0; i < fields.n; i++) {
		const struct part *part = &fields.parts[i];
		assert_true((uint64_t)part->bit_at + part->bit_len <=
		            (uint64_t)packet.caplen * 8 + (part->bit_len ? 0 : UINT32_MAX));
		assert_non_null(part->help);
		assert_true(strlen(part->value) < PART_VALUE_MAX);
		assert_true(part_depth(part) < 3);
		assert_true(i > 0 || part_depth(part) == 0);
	}
}

static struct frame hello_in_ethernet(void)
{
	struct frame f = frame_hello();
	frame_ethernet(&f, 0x0800);
	return f;
}

static void each_field_has_its_bits_and_its_value(void **state)
{
	(void)state;
	struct frame f = hello_in_ethernet();
	take_apart(&f, LINK_ETHERNET, frame_len(&f));
	check_fields();
	assert_part("eth", "14 bytes", 0, 14 * 8);
	assert_part("eth.type", "0x0800 (ip)", 12, 16);
	assert_part("eth.dst", "02:00:00:00:00:0b", 0, 48);
	assert_part("ip.hdr_len", "5 (20 bytes)", 14, 4);
	assert_int_equal(find("ip.hdr_len")->bit_at, 14 * 8 + 4);
	assert_part("ip.proto", "6 (tcp)", 14 + 9, 8);
	assert_part("ip.src", "10.0.0.1", 14 + 12, 32);
	assert_part("tcp.srcport", "45000", 34, 16);
	assert_part("tcp.hdr_len", "8 (32 bytes)", 46, 4);
	assert_part("tcp.flags.ack", "1 set", 47, 1);
	assert_part("tcp.flags.syn", "0 not set", 47, 1);
	assert_part("tcp.checksum", "0xc0de", 50, 16);
	assert_part("data", "5 bytes \"hello\"", 66, 40);
}

static void layers_have_their_level(void **state)
{
	(void)state;
	struct frame f = hello_in_ethernet();
	take_apart(&f, LINK_ETHERNET, frame_len(&f));
	assert_int_equal(find("eth")->level, LEVEL_LINK);
	assert_int_equal(find("ip")->level, LEVEL_NETWORK);
	assert_int_equal(find("tcp")->level, LEVEL_TRANSPORT);
	assert_int_equal(find("data")->level, LEVEL_APPLICATION);
	assert_string_equal(level_name5(LEVEL_NETWORK), "Network");
	assert_string_equal(level_name4(LEVEL_NETWORK), "Internet");
}

static void a_byte_leads_back_to_its_field(void **state)
{
	(void)state;
	struct frame f = hello_in_ethernet();
	take_apart(&f, LINK_ETHERNET, frame_len(&f));
	for (uint32_t byte = 0; byte < frame_len(&f); byte++) {
		unsigned i = fields_at_byte(&fields, byte);
		assert_true(i < fields.n);
		const struct part *part = &fields.parts[i];
		assert_true(byte >= part_byte_at(part));
		assert_true(byte - part_byte_at(part) < part_byte_len(part));
		assert_true(part_depth(part) > 0 || part->kind == PART_PAYLOAD);
	}
	assert_string_equal(fields.parts[fields_at_byte(&fields, 36)].name, "tcp.dstport");
	assert_int_equal(fields_at_byte(&fields, (uint32_t)frame_len(&f)), fields.n);
	unsigned i = fields_at_byte(&fields, 36);
	assert_string_equal(fields.parts[fields_layer(&fields, i)].name, "tcp");
}

static void options_are_listed_one_by_one(void **state)
{
	(void)state;
	static const uint8_t options[] = {2, 4, 5, 0xb4, 4, 2, 8,  10, 0, 0,  0, 7,
	                                  0, 0, 0, 9,    1, 3, 3,  7,  5, 10, 0, 0,
	                                  0, 1, 0, 0,    0, 5, 77, 2,  0, 0,  0, 0};
	struct frame f = frame_data(NULL, 0);
	frame_tcp_options(&f, options, sizeof options);
	frame_ipv4(&f, 6);
	take_apart(&f, LINK_IPV4, frame_len(&f));
	check_fields();
	assert_part("tcp.options.mss", "1460", 40, 32);
	assert_part("tcp.options.mss_val", "1460", 42, 16);
	assert_part("tcp.options.sack_perm", "", 44, 16);
	assert_part("tcp.options.timestamp", "TSval 7, TSecr 9", 46, 80);
	assert_part("tcp.options.nop", "", 56, 8);
	assert_part("tcp.options.wscale", "7", 57, 24);
	assert_part("tcp.options.sack", "Left edge 1, Right edge 5", 60, 80);
	assert_part("tcp.options.unknown", "kind 77, 2 bytes", 70, 16);
	assert_part("tcp.options.eol", "", 72, 32);
	assert_int_equal(find("tcp.options.sack_le")->kind, PART_DETAIL);
}

static void options_of_ipv4_are_listed_too(void **state)
{
	(void)state;
	static const uint8_t options[] = {148, 4, 0, 0, 7, 7, 4, 0, 0, 0, 0, 1};
	struct frame f = frame_data("x", 1);
	frame_udp(&f, 9);
	frame_ipv4_full(&f, 17, options, sizeof options, 0);
	take_apart(&f, LINK_IPV4, frame_len(&f));
	check_fields();
	assert_part("ip.opt.ra", "0", 20, 32);
	assert_part("ip.opt.rr", "4", 24, 56);
	assert_part("ip.opt.nop", "", 31, 8);
	assert_int_equal(find("ip.opt.ra")->kind, PART_OPTION);
}

static void a_length_that_lies_ends_the_list(void **state)
{
	(void)state;
	static const uint8_t options[] = {1, 2, 40, 0};
	static const uint8_t zero[] = {1, 8, 0, 0};
	struct frame f = frame_data(NULL, 0);
	frame_tcp_options(&f, options, sizeof options);
	frame_ipv4(&f, 6);
	take_apart(&f, LINK_IPV4, frame_len(&f));
	check_fields();
	assert_string_equal(fields.parts[fields.n - 1].label, "Malformed options");
	assert_int_equal(part_byte_at(&fields.parts[fields.n - 1]), 41);
	f = frame_data(NULL, 0);
	frame_tcp_options(&f, zero, sizeof zero);
	frame_ipv4(&f, 6);
	take_apart(&f, LINK_IPV4, frame_len(&f));
	check_fields();
	assert_string_equal(fields.parts[fields.n - 1].label, "Malformed options");
}

static void what_the_capture_cut_is_said_to_be_missing(void **state)
{
	(void)state;
	struct frame f = hello_in_ethernet();
	take_apart(&f, LINK_ETHERNET, 14 + 20 + 14); /* up to the window */
	check_fields();
	assert_true(find("tcp")->cut);
	assert_string_equal(find("tcp.window_size_value")->value, "not captured");
	assert_int_equal(find("tcp.window_size_value")->bit_len, 0);
	assert_false(find("tcp.seq_raw")->cut);
	take_apart(&f, LINK_ETHERNET, 14 + 20 + 20 + 3); /* in the options */
	check_fields();
	assert_string_equal(fields.parts[fields.n - 1].value, "not captured");
	take_apart(&f, LINK_ETHERNET, frame_len(&f) - 2); /* in the payload */
	assert_true(find("data")->cut);
	assert_string_equal(find("data")->value, "5 bytes, 3 of them here \"hel…");
}

static void padding_belongs_to_the_link(void **state)
{
	(void)state;
	struct frame f = frame_data("\0\0\0\0\0\0", 6), inner = frame_hello();
	frame_bytes_before(&f, frame_bytes(&inner), frame_len(&inner));
	frame_ethernet(&f, 0x0800);
	take_apart(&f, LINK_ETHERNET, frame_len(&f));
	check_fields();
	assert_part("eth.padding", "6 bytes", 14 + 57, 48);
	assert_int_equal(find("eth.padding")->level, LEVEL_LINK);
}

static void a_payload_cannot_reach_the_terminal(void **state)
{
	(void)state;
	struct frame f = frame_data("a\x1b[31m\x07", 7);
	frame_tcp(&f);
	frame_ipv4(&f, 6);
	take_apart(&f, LINK_IPV4, frame_len(&f));
	assert_string_equal(find("data")->value, "7 bytes \"a\\x1b[31m\\x07\"");
}

/* Every prefix of several frames, cut by the capture or really that short, in exact memory. */
static void every_prefix_can_be_taken_apart(void **state)
{
	(void)state;
	struct frame f = hello_in_ethernet();
	for (size_t n = 0; n <= frame_len(&f); n++) {
		uint8_t *copy = malloc(n + 1);
		assert_non_null(copy);
		memcpy(copy, frame_bytes(&f), n);
		for (int cut = 0; cut < 2; cut++) {
			packet_decode(&packet, LINK_ETHERNET, copy, (uint32_t)n,
			              (uint32_t)(cut ? frame_len(&f) : n));
			fields_of(&fields, &packet);
			check_fields();
		}
		free(copy);
	}
}

static void random_bytes_can_be_taken_apart(void **state)
{
	(void)state;
	static const int linktypes[] = {0, 1, 9, 50, 101, 104, 108, 113, 228, 229, 276};
	unsigned random = 7;
	for (int round = 0; round < 30000; round++) {
		struct frame f = hello_in_ethernet();
		uint8_t *bytes = frame_bytes(&f);
		for (int i = 0; i < 4; i++) {
			random = random * 1103515245 + 12345;
			bytes[(random >> 8) % frame_len(&f)] = (uint8_t)(random >> 20);
		}
		int linktype = round % 3 ? LINK_ETHERNET : linktypes[(unsigned)round / 3 % 11];
		take_apart(&f, linktype, frame_len(&f) - (random >> 16) % 8);
		check_fields();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(each_field_has_its_bits_and_its_value),
	        cmocka_unit_test(layers_have_their_level),
	        cmocka_unit_test(a_byte_leads_back_to_its_field),
	        cmocka_unit_test(options_are_listed_one_by_one),
	        cmocka_unit_test(options_of_ipv4_are_listed_too),
	        cmocka_unit_test(a_length_that_lies_ends_the_list),
	        cmocka_unit_test(what_the_capture_cut_is_said_to_be_missing),
	        cmocka_unit_test(padding_belongs_to_the_link),
	        cmocka_unit_test(a_payload_cannot_reach_the_terminal),
	        cmocka_unit_test(every_prefix_can_be_taken_apart),
	        cmocka_unit_test(random_bytes_can_be_taken_apart),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
