/* fuzz_decode.c: one frame. Byte 0 chooses the link type, byte 1 how much longer the frame was on
 * the wire; the rest is the frame, which ends where its memory ends. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

static void event_of(const struct packet *packet, const uint8_t *frame, size_t n, int linktype)
{
	static struct event event; /* large */
	memset(&event, 0, sizeof event);
	event.number = event.frame = 1;
	event.caplen = packet->caplen;
	event.wirelen = packet->wirelen;
	event.linktype = (int16_t)linktype;
	event.n_bytes = (uint16_t)(n < EVENT_BYTES_MAX ? n : EVENT_BYTES_MAX);
	memcpy(event.bytes, frame, event.n_bytes);
	event_from_packet(&event, packet);
	fuzz_claim_event(&event);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct packet packet;
	if (size < 3)
		return 0;
	int linktype = fuzz_linktype(data[0]);
	uint32_t more = data[1] < 128 ? 0 : (uint32_t)1 << data[1] % 17;
	size_t n = size - 2;
	uint8_t *frame = malloc(n);
	CLAIM(frame != NULL);
	memcpy(frame, data + 2, n);
	memset(&packet, 0xa5, sizeof packet); /* nothing may rely on what was there */
	packet_decode(&packet, linktype, frame, (uint32_t)n, (uint32_t)n + more);
	fuzz_claim_packet(&packet);
	if (packet.kind != KIND_TCP)
		event_of(&packet, frame, n, linktype);
	free(frame);
	return 0;
}
