/* wire_frames.h: frames for the tests of the emulated wire: Ethernet, IPv4 or IPv6, TCP; between
 * 10.0.0.1 (fd00::1) and 10.0.0.2 (fd00::2). Checksums are not filled in. */
#ifndef WIRELAB_TESTS_WIRE_FRAMES_H
#define WIRELAB_TESTS_WIRE_FRAMES_H

#include <stdint.h>
#include <string.h>

#include "base/vocab.h"

enum { FRAME_ETHERNET = 14, FRAME_TCP = 20, FRAME_TEST_MAX = 1514 };

struct test_frame {
	uint8_t bytes[FRAME_TEST_MAX];
	uint32_t len;
};

static inline void frame_ip(uint8_t *ip, int version, enum side from, uint32_t payload)
{
	uint8_t source = from == CLIENT ? 1 : 2, destination = from == CLIENT ? 2 : 1;
	if (version == 4) {
		uint32_t total = 20 + payload;
		const uint8_t header[20] = {0x45,
		                            0,
		                            (uint8_t)(total >> 8),
		                            (uint8_t)total,
		                            0,
		                            1,
		                            0x40,
		                            0,
		                            64,
		                            6,
		                            0,
		                            0,
		                            10,
		                            0,
		                            0,
		                            source,
		                            10,
		                            0,
		                            0,
		                            destination};
		memcpy(ip, header, sizeof header);
		return;
	}
	const uint8_t header[40] = {0x60,
	                            [4] = (uint8_t)(payload >> 8),
	                            (uint8_t)payload,
	                            6,
	                            64,
	                            0xfd,
	                            [23] = source,
	                            0xfd,
	                            [39] = destination};
	memcpy(ip, header, sizeof header);
}

/* A segment with these flags and so many bytes of payload, each 'a'. */
static inline struct test_frame frame_of(int version, enum side from, unsigned flags, uint32_t n)
{
	struct test_frame frame;
	uint32_t ip_len = version == 4 ? 20 : 40;
	memset(frame.bytes, 0, sizeof frame.bytes);
	frame.bytes[0] = frame.bytes[6] = 2;
	frame.bytes[12] = version == 4 ? 0x08 : 0x86;
	frame.bytes[13] = version == 4 ? 0x00 : 0xdd;
	frame_ip(frame.bytes + FRAME_ETHERNET, version, from, FRAME_TCP + n);
	uint8_t *tcp = frame.bytes + FRAME_ETHERNET + ip_len;
	tcp[0] = from == CLIENT ? 0x90 : 0x1f;
	tcp[1] = from == CLIENT ? 0x00 : 0x90;
	tcp[2] = from == CLIENT ? 0x1f : 0x90;
	tcp[3] = from == CLIENT ? 0x90 : 0x00;
	tcp[12] = 0x50;
	tcp[13] = (uint8_t)flags;
	memset(tcp + FRAME_TCP, 'a', n);
	frame.len = FRAME_ETHERNET + ip_len + FRAME_TCP + n;
	return frame;
}

#endif
