/* test_decode_noise.c: bytes that nobody sent: noise on every link type, and good frames with a few
 * bytes changed, which get further in. The frame always ends where its buffer ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "packets.h"

enum { ROUNDS = 100000, NOISE_MAX = 200 };

/* xorshift32: the same noise on every machine. */
static uint32_t noise(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

static void decode_at_end(const uint8_t *buffer, size_t size, int linktype, size_t n, uint32_t more)
{
	struct packet p;
	memset(&p, 0xa5, sizeof p);
	packet_decode(&p, linktype, buffer + (size - n), (uint32_t)n, (uint32_t)n + more);
	check_packet(&p);
}

static void noise_on_every_link_type_is_survived(void **state)
{
	(void)state;
	uint8_t *buffer = malloc(NOISE_MAX);
	assert_non_null(buffer);
	uint32_t seed = 1;
	for (const struct protocol *const *p = protocol_all(); *p; p++) {
		for (const struct protocol_key *k = (*p)->keys; k->space != KEY_END; k++) {
			if (k->space != KEY_LINKTYPE)
				continue;
			for (int round = 0; round < ROUNDS; round++) {
				size_t n = noise(&seed) % (NOISE_MAX + 1);
				for (size_t i = 0; i < n; i++)
					buffer[NOISE_MAX - n + i] = (uint8_t)noise(&seed);
				decode_at_end(buffer, NOISE_MAX, (int)k->value, n,
				              noise(&seed) % 3);
			}
		}
	}
	free(buffer);
}

/* Frames that reach every decoder. */
static size_t sample_frames(struct frame *samples)
{
	size_t n = 0;
	struct frame f = frame_hello();
	frame_ipv4(&f, 4);
	frame_gre(&f, 0xb000, 0x0800, 3);
	frame_ipv4(&f, 47);
	frame_vlan(&f, 1, 0x0800);
	frame_ethernet(&f, 0x88a8);
	samples[n++] = f;

	f = frame_data("hello", 5);
	frame_tcp(&f);
	frame_extension(&f, 6, 1);
	frame_fragment6(&f, 43, 0, false);
	frame_extension(&f, 44, 0);
	frame_ipv6(&f, 0);
	frame_ethernet(&f, 0x86dd);
	frame_vxlan(&f, 1);
	frame_udp(&f, 4789);
	frame_ipv4(&f, 17);
	frame_ethernet(&f, 0x0800);
	samples[n++] = f;

	f = frame_hello();
	frame_bytes_before(&f, "\3\4\0\0\0\0\5\xb4", 8);
	frame_ipv4(&f, 1);
	frame_bytes_before(&f, "\xaa\xaa\3\0\0\0\x8\0", 8);
	frame_ethernet(&f, (unsigned)frame_len(&f));
	samples[n++] = f;

	f = frame_data("", 0);
	frame_tcp_options(&f,
	                  "\2\4\5\xb4\5\x12\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\4\x22\x6"
	                  "abcd",
	                  28);
	frame_ipv6(&f, 6);
	frame_bytes_before(&f, "\1\0\0\0\0\0\0\0", 8); /* an ICMPv6 error quotes it */
	frame_ipv6(&f, 58);
	frame_mpls(&f, 5, true);
	frame_ethernet(&f, 0x8847);
	samples[n++] = f;

	f = frame_hello();
	frame_u16(&f, 0x0021);
	frame_u16(&f, 59);
	frame_u32(&f, 0x11000001);
	frame_ethernet(&f, 0x8864);
	samples[n++] = f;
	return n;
}

static void good_frames_with_wrong_bytes_are_survived(void **state)
{
	(void)state;
	struct frame samples[8];
	size_t n_samples = sample_frames(samples);
	uint32_t seed = 2;
	for (size_t s = 0; s < n_samples; s++) {
		size_t len = frame_len(&samples[s]);
		assert_int_not_equal(decode(&samples[s], 1).kind, KIND_NONE);
		uint8_t *buffer = malloc(len);
		assert_non_null(buffer);
		for (int round = 0; round < ROUNDS; round++) {
			memcpy(buffer, frame_bytes(&samples[s]), len);
			for (uint32_t changes = noise(&seed) % 4; changes > 0; changes--)
				buffer[noise(&seed) % len] = (uint8_t)noise(&seed);
			size_t n = noise(&seed) % 4 ? len : noise(&seed) % (len + 1);
			memmove(buffer + (len - n), buffer, n);
			decode_at_end(buffer, len, 1, n, (uint32_t)(len - n));
		}
		free(buffer);
	}
}

static void the_same_bytes_always_give_the_same_packet(void **state)
{
	(void)state;
	struct frame f = frame_hello();
	frame_ethernet(&f, 0x0800);
	struct packet a, b;
	memset(&a, 0x00, sizeof a);
	memset(&b, 0xff, sizeof b);
	packet_decode(&a, 1, frame_bytes(&f), (uint32_t)frame_len(&f), (uint32_t)frame_len(&f));
	packet_decode(&b, 1, frame_bytes(&f), (uint32_t)frame_len(&f), (uint32_t)frame_len(&f));
	assert_int_equal(a.n_layers, b.n_layers);
	assert_int_equal(a.vlan[0] | a.vlan[1], b.vlan[0] | b.vlan[1]);
	assert_memory_equal(&a.tcp.options.sack_left, &b.tcp.options.sack_left,
	                    sizeof a.tcp.options.sack_left);
	assert_memory_equal(a.tcp.options.cookie, b.tcp.options.cookie,
	                    sizeof a.tcp.options.cookie);
	assert_memory_equal(&a.ip.src, &b.ip.src, sizeof a.ip.src);
	assert_int_equal(a.payload_at, b.payload_at);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(noise_on_every_link_type_is_survived),
	        cmocka_unit_test(good_frames_with_wrong_bytes_are_survived),
	        cmocka_unit_test(the_same_bytes_always_give_the_same_packet),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
