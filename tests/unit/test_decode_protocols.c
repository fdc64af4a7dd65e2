/* test_decode_protocols.c: the tables themselves: keys are found and unique, fields fit together
 * and agree with what decoding reads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "packets.h"

static void every_key_finds_its_protocol(void **state)
{
	(void)state;
	for (const struct protocol *const *p = protocol_all(); *p; p++)
		for (const struct protocol_key *k = (*p)->keys; k->space != KEY_END; k++)
			assert_ptr_equal(protocol_find(k->space, k->value), *p);
	assert_null(protocol_find(KEY_IP_PROTOCOL, 255));
	assert_null(protocol_find(KEY_ETHERTYPE, 6)); /* a number counts in its own space only */
	assert_null(protocol_find(KEY_END, 0));
}

static void every_protocol_says_what_it_is(void **state)
{
	(void)state;
	size_t n = 0;
	for (const struct protocol *const *p = protocol_all(); *p; p++, n++) {
		assert_true(strlen((*p)->name) > 0);
		assert_true(strlen((*p)->title) > 0);
		assert_true(strlen((*p)->rfc) > 0);
		assert_non_null((*p)->decode);
		assert_non_null((*p)->fields);
	}
	assert_true(n >= 31);
}

static bool size_fits(const struct field *field)
{
	switch (field->format) {
	case FIELD_BOOL:
		return field->bit_len == 1;
	case FIELD_IPV4:
		return field->bit_len == 32;
	case FIELD_IPV6:
		return field->bit_len == 128;
	case FIELD_MAC:
		return field->bit_len == 48;
	case FIELD_BYTES:
		return field->bit_len % 8 == 0 && field->bit_len > 0;
	case FIELD_DEC:
	case FIELD_HEX:
		return field->bit_len >= 1 && field->bit_len <= 32;
	}
	return false;
}

static void fields_are_in_order_and_explained(void **state)
{
	(void)state;
	for (const struct protocol *const *p = protocol_all(); *p; p++) {
		unsigned end = 0;
		for (const struct field *f = (*p)->fields; f->name; f++) {
			assert_true(f->bit_offset >= end);
			end = f->bit_offset + f->bit_len;
			assert_true(size_fits(f));
			assert_non_null(strchr(f->name, '.'));
			assert_true(strlen(f->label) > 0);
			assert_true(f->help[strlen(f->help) - 1] == '.');
		}
		assert_int_equal(end % 8, 0);
	}
}

/* The field's value in a header, as the field pane would read it. */
static uint32_t read_field(const struct protocol *protocol, const char *name, const uint8_t *header)
{
	for (const struct field *f = protocol->fields; f->name; f++) {
		if (strcmp(f->name, name) != 0)
			continue;
		uint32_t value = 0;
		for (unsigned bit = f->bit_offset; bit < f->bit_offset + f->bit_len; bit++)
			value = value << 1 | (header[bit / 8] >> (7 - bit % 8) & 1);
		return value;
	}
	fail_msg("no field %s", name);
	return 0;
}

static void fields_agree_with_decoding(void **state)
{
	(void)state;
	struct frame f = frame_data("hello", 5);
	frame_tcp(&f);
	frame_fragment6(&f, 6, 0, false);
	frame_ipv6(&f, 44);
	frame_ipv4_full(&f, 41, NULL, 0, 0x4000);
	frame_vlan(&f, 0x3abc, 0x0800);
	frame_ethernet(&f, 0x8100);
	struct packet p = decode(&f, 1);
	assert_hello(&p);
	const struct {
		const struct protocol *protocol;
		const char *name;
		uint32_t value;
	} cases[] = {
	        {&protocol_ethernet, "eth.type", 0x8100},
	        {&protocol_vlan, "vlan.id", p.vlan[0]},
	        {&protocol_vlan, "vlan.dei", 1},
	        {&protocol_vlan, "vlan.etype", 0x0800},
	        {&protocol_ipv4, "ip.version", 4},
	        {&protocol_ipv4, "ip.hdr_len", 5},
	        {&protocol_ipv4, "ip.proto", 41},
	        {&protocol_ipv4, "ip.ttl", 64},
	        {&protocol_ipv4, "ip.flags.df", 1},
	        {&protocol_ipv4, "ip.frag_offset", 0},
	        {&protocol_ipv4, "ip.dst", 0x0a000002},
	        {&protocol_ipv6, "ipv6.version", 6},
	        {&protocol_ipv6, "ipv6.tclass.ecn", p.ip.ecn},
	        {&protocol_ipv6, "ipv6.tclass.dscp", p.ip.dscp},
	        {&protocol_ipv6, "ipv6.flow", 0xabcde},
	        {&protocol_ipv6, "ipv6.plen", p.ip.total_len - 40},
	        {&protocol_ipv6, "ipv6.hlim", p.ip.ttl},
	        {&protocol_fragment, "ipv6.fraghdr.ident", p.ip.id},
	        {&protocol_fragment, "ipv6.fraghdr.more", 0},
	        {&protocol_tcp, "tcp.srcport", p.tcp.src_port},
	        {&protocol_tcp, "tcp.dstport", p.tcp.dst_port},
	        {&protocol_tcp, "tcp.seq_raw", p.tcp.seq},
	        {&protocol_tcp, "tcp.ack_raw", p.tcp.ack},
	        {&protocol_tcp, "tcp.hdr_len", p.tcp.header_len / 4u},
	        {&protocol_tcp, "tcp.flags.ack", 1},
	        {&protocol_tcp, "tcp.flags.push", 1},
	        {&protocol_tcp, "tcp.flags.syn", 0},
	        {&protocol_tcp, "tcp.window_size_value", p.tcp.window},
	        {&protocol_tcp, "tcp.checksum", p.tcp.checksum},
	        {&protocol_tcp, "tcp.urgent_pointer", p.tcp.urgent},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct layer *layer = packet_layer(&p, cases[i].protocol);
		assert_non_null(layer);
		const uint8_t *header = frame_bytes(&f) + layer->offset;
		assert_int_equal(read_field(cases[i].protocol, cases[i].name, header),
		                 cases[i].value);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(every_key_finds_its_protocol),
	        cmocka_unit_test(every_protocol_says_what_it_is),
	        cmocka_unit_test(fields_are_in_order_and_explained),
	        cmocka_unit_test(fields_agree_with_decoding),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
