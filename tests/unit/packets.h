/* packets.h: builds frames for the decoder's tests, from the inside out: frame_data() first, then
 * each header in front of what is there, so that lengths fill themselves in; and decodes them from
 * exact copies on the heap, where a read past the end is caught. Included after <cmocka.h>. */
#ifndef WIRELAB_TESTS_PACKETS_H
#define WIRELAB_TESTS_PACKETS_H

#include <stdlib.h>
#include <string.h>

#include "decode/protocols.h"

enum { FRAME_MAX = 2048 };

struct frame {
	uint8_t storage[FRAME_MAX];
	size_t at; /* the frame is storage[at] … storage[FRAME_MAX - 1] */
};

static inline size_t frame_len(const struct frame *f)
{
	return FRAME_MAX - f->at;
}

static inline uint8_t *frame_bytes(struct frame *f)
{
	return f->storage + f->at;
}

/* ---- building ---- */

static inline void frame_bytes_before(struct frame *f, const void *bytes, size_t n)
{
	assert_true(n <= f->at);
	f->at -= n;
	if (n > 0)
		memcpy(f->storage + f->at, bytes, n);
}

static inline void frame_u8(struct frame *f, unsigned value)
{
	uint8_t byte = (uint8_t)value;
	frame_bytes_before(f, &byte, 1);
}

static inline void frame_u16(struct frame *f, unsigned value)
{
	frame_u8(f, value & 0xff);
	frame_u8(f, value >> 8 & 0xff);
}

static inline void frame_u32(struct frame *f, uint32_t value)
{
	frame_u16(f, value & 0xffff);
	frame_u16(f, value >> 16);
}

static inline struct frame frame_data(const void *bytes, size_t n)
{
	struct frame f = {.at = FRAME_MAX};
	frame_bytes_before(&f, bytes, n);
	return f;
}

static const uint8_t frame_mac_a[6] = {0x02, 0, 0, 0, 0, 0x0a};
static const uint8_t frame_mac_b[6] = {0x02, 0, 0, 0, 0, 0x0b};
static const uint8_t frame_ip4_a[4] = {10, 0, 0, 1};
static const uint8_t frame_ip4_b[4] = {10, 0, 0, 2};
static const uint8_t frame_ip6_a[16] = {0xfd, 0x77, [15] = 1};
static const uint8_t frame_ip6_b[16] = {0xfd, 0x77, [15] = 2};

static inline void frame_ethernet(struct frame *f, unsigned type)
{
	frame_u16(f, type);
	frame_bytes_before(f, frame_mac_a, 6);
	frame_bytes_before(f, frame_mac_b, 6);
}

static inline void frame_vlan(struct frame *f, unsigned id, unsigned type)
{
	frame_u16(f, type);
	frame_u16(f, id);
}

/* An IPv4 header with `n` bytes of options (a multiple of four) and these 16 bits of flags and
 * fragment offset. */
static inline void frame_ipv4_full(struct frame *f, unsigned protocol, const void *options,
                                   size_t n, unsigned fragment)
{
	unsigned header_len = 20 + (unsigned)n;
	unsigned total_len = header_len + (unsigned)frame_len(f);
	frame_bytes_before(f, options, n);
	frame_bytes_before(f, frame_ip4_b, 4);
	frame_bytes_before(f, frame_ip4_a, 4);
	frame_u16(f, 0); /* checksum */
	frame_u8(f, protocol);
	frame_u8(f, 64);
	frame_u16(f, fragment);
	frame_u16(f, 0x1234); /* identification */
	frame_u16(f, total_len);
	frame_u8(f, 46 << 2 | 2); /* DSCP EF, ECT(0) */
	frame_u8(f, 4u << 4 | header_len / 4);
}

static inline void frame_ipv4(struct frame *f, unsigned protocol)
{
	frame_ipv4_full(f, protocol, NULL, 0, 0x4000);
}

static inline void frame_ipv6(struct frame *f, unsigned next)
{
	unsigned payload_len = (unsigned)frame_len(f);
	frame_bytes_before(f, frame_ip6_b, 16);
	frame_bytes_before(f, frame_ip6_a, 16);
	frame_u8(f, 63);
	frame_u8(f, next);
	frame_u16(f, payload_len);
	frame_u32(f, 6u << 28 | 46u << 22 | 3u << 20 | 0xabcde);
}

/* A hop-by-hop, routing, destination or mobility header of 8 * (1 + more) bytes. */
static inline void frame_extension(struct frame *f, unsigned next, unsigned more)
{
	static const uint8_t zeros[2040];
	frame_bytes_before(f, zeros, 6 + 8 * (size_t)more);
	frame_u8(f, more);
	frame_u8(f, next);
}

static inline void frame_fragment6(struct frame *f, unsigned next, unsigned offset, bool more)
{
	frame_u32(f, 0xfeedbeef);
	frame_u16(f, offset | more);
	frame_u8(f, 0);
	frame_u8(f, next);
}

static inline void frame_udp(struct frame *f, unsigned dst_port)
{
	unsigned length = 8 + (unsigned)frame_len(f);
	frame_u16(f, 0);
	frame_u16(f, length);
	frame_u16(f, dst_port);
	frame_u16(f, 40000);
}

/* A TCP header with n bytes of options (a multiple of four). */
static inline void frame_tcp_options(struct frame *f, const void *options, size_t n)
{
	frame_bytes_before(f, options, n);
	frame_u16(f, 7);      /* urgent pointer */
	frame_u16(f, 0xc0de); /* checksum */
	frame_u16(f, 502);
	frame_u16(f, (20 + (unsigned)n) / 4 << 12 | TCP_ACK | TCP_PSH);
	frame_u32(f, 2000);
	frame_u32(f, 1000);
	frame_u16(f, 80);
	frame_u16(f, 45000);
}

static inline void frame_tcp(struct frame *f)
{
	static const uint8_t timestamps[12] = {1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2};
	frame_tcp_options(f, timestamps, sizeof timestamps);
}

static inline void frame_gre(struct frame *f, unsigned flags, unsigned type, size_t n_words)
{
	static const uint8_t zeros[16];
	frame_bytes_before(f, zeros, 4 * n_words);
	frame_u16(f, type);
	frame_u16(f, flags);
}

static inline void frame_mpls(struct frame *f, uint32_t label, bool bottom)
{
	frame_u32(f, label << 12 | (uint32_t)bottom << 8 | 64);
}

static inline void frame_vxlan(struct frame *f, uint32_t vni)
{
	frame_u32(f, vni << 8);
	frame_u32(f, 0x08000000);
}

/* "hello" in TCP in IPv4: what most frames carry. */
static inline struct frame frame_hello(void)
{
	struct frame f = frame_data("hello", 5);
	frame_tcp(&f);
	frame_ipv4(&f, 6);
	return f;
}

/* ---- decoding ---- */

/* What holds for every packet, whatever its bytes. */
static inline void check_packet(const struct packet *p)
{
	assert_true(p->n_layers <= PACKET_MAX_LAYERS);
	for (unsigned i = 0; i < p->n_layers; i++) {
		assert_non_null(p->layers[i].protocol);
		assert_true(p->layers[i].offset <= p->caplen);
		assert_true(p->layers[i].len <= p->caplen - p->layers[i].offset);
	}
	assert_true(p->payload_at <= p->caplen);
	assert_true(p->payload_len <= p->caplen - p->payload_at);
	assert_true(p->payload_wirelen >= p->payload_len);
	assert_true(p->payload_wirelen <= p->wirelen - p->payload_at);
	assert_true(p->n_vlans <= 2);
	assert_true(p->kind <= KIND_FRAGMENT);
	assert_true((p->status == PACKET_OK) == (p->reason == NULL));
	if (p->kind == KIND_TCP) {
		assert_in_range(p->tcp.header_len, 20, 60);
		assert_true(p->tcp.len <= p->wirelen);
		assert_true(p->tcp.options.n_sack <= TCP_MAX_SACK);
		assert_true(p->tcp.options.n_other <= TCP_MAX_OTHER);
		assert_true(p->tcp.options.cookie_len <= TCP_MAX_COOKIE);
	}
	if (p->kind != KIND_NONE && p->kind != KIND_ARP)
		assert_true(p->ip.src.version == 4 || p->ip.src.version == 6);
}

/* Decodes the first `caplen` bytes of a frame that was `wirelen` bytes long. The packet outlives
 * the copy of the bytes: look at its values only. */
static inline struct packet decode_cut(const struct frame *f, int linktype, size_t caplen,
                                       size_t wirelen)
{
	uint8_t *copy = malloc(caplen > 0 ? caplen : 1);
	assert_non_null(copy);
	memcpy(copy, f->storage + f->at, caplen);
	struct packet packet;
	memset(&packet, 0xa5, sizeof packet); /* decoding must not rely on what was there */
	packet_decode(&packet, linktype, copy + (caplen > 0 ? 0 : 1), (uint32_t)caplen,
	              (uint32_t)wirelen);
	free(copy);
	check_packet(&packet);
	return packet;
}

static inline struct packet decode(const struct frame *f, int linktype)
{
	return decode_cut(f, linktype, frame_len(f), frame_len(f));
}

/* Decodes every prefix of a frame that decodes well: cut by the capture, it is truncated as long as
 * headers are missing and unharmed after that; really that short on the wire, it is never truncated
 * but may be anything else. */
static inline void check_prefixes(const struct frame *f, int linktype)
{
	struct packet whole = decode(f, linktype);
	for (size_t n = 0; n <= frame_len(f); n++) {
		struct packet cut = decode_cut(f, linktype, n, frame_len(f));
		if (n < whole.payload_at) {
			assert_int_equal(cut.status, PACKET_TRUNCATED);
		} else {
			assert_int_equal(cut.status, whole.status);
			assert_int_equal(cut.kind, whole.kind);
			assert_int_equal(cut.n_layers, whole.n_layers);
			assert_int_equal(cut.payload_at, whole.payload_at);
			assert_int_equal(cut.payload_wirelen, whole.payload_wirelen);
		}
		struct packet short_one = decode_cut(f, linktype, n, n);
		assert_int_not_equal(short_one.status, PACKET_TRUNCATED);
	}
}

/* "eth ip tcp": the names of the layers, outermost first. */
static inline void assert_layers(const struct packet *p, const char *expected)
{
	char names[256] = "";
	size_t len = 0;
	for (unsigned i = 0; i < p->n_layers; i++) {
		const char *name = p->layers[i].protocol->name;
		assert_true(len + strlen(name) + 2 < sizeof names);
		if (i > 0)
			names[len++] = ' ';
		memcpy(names + len, name, strlen(name) + 1);
		len += strlen(name);
	}
	assert_string_equal(names, expected);
}

/* The packet is frame_hello() in whatever stands around it. */
static inline void assert_hello(const struct packet *p)
{
	assert_int_equal(p->status, PACKET_OK);
	assert_int_equal(p->kind, KIND_TCP);
	assert_int_equal(p->tcp.src_port, 45000);
	assert_int_equal(p->tcp.dst_port, 80);
	assert_int_equal(p->tcp.len, 5);
	assert_int_equal(p->payload_len, 5);
}

#endif
