/* from_packet.c: events for packets that are no TCP segments: UDP datagrams and all other frames.
 */
#include "event/event.h"

#include "decode/protocol.h"

/* A copy of `from`, or the empty text for NULL. */
static void copy_text(char *to, size_t size, const char *from)
{
	struct text t = text_of(to, size);
	if (from)
		text_add(&t, from);
}

static void fill_datagram(struct datagram_event *datagram, const struct packet *packet)
{
	*datagram = (struct datagram_event){
	        .src = {packet->ip.src, packet->udp.src_port},
	        .dst = {packet->ip.dst, packet->udp.dst_port},
	        .length = packet->udp.length,
	        .len = packet->udp.len,
	        .truncated = packet->status == PACKET_TRUNCATED ||
	                     packet->payload_len < packet->payload_wirelen,
	};
	copy_text(datagram->reason, sizeof datagram->reason, packet->reason);
}

static void fill_frame(struct frame_event *frame, const struct packet *packet)
{
	*frame = (struct frame_event){
	        .kind = packet->kind,
	        .status = packet->status,
	        .ip = packet->ip,
	};
	if (packet->kind == KIND_ICMP)
		frame->icmp = packet->icmp;
	if (packet->kind == KIND_ARP)
		frame->arp = packet->arp;
	if (packet->n_layers > 0) {
		const struct layer *innermost = &packet->layers[packet->n_layers - 1];
		copy_text(frame->protocol, sizeof frame->protocol, innermost->protocol->name);
	}
	copy_text(frame->reason, sizeof frame->reason, packet->reason);
}

void event_from_packet(struct event *event, const struct packet *packet)
{
	if (packet->kind == KIND_UDP) {
		event->kind = EVENT_DATAGRAM;
		fill_datagram(&event->datagram, packet);
	} else {
		event->kind = EVENT_FRAME;
		fill_frame(&event->frame_info, packet);
	}
}
