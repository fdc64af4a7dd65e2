/* packet.c: the driver. It hands the cursor from one protocol to the next and knows none of them.
 */
#include "decode/packet.h"

#include "base/i18n.h"
#include "decode/protocol.h"

static void packet_start(struct packet *packet, const uint8_t *data, uint32_t caplen,
                         uint32_t wirelen)
{
	packet->data = data;
	packet->caplen = caplen;
	packet->wirelen = wirelen > caplen ? wirelen : caplen;
	packet->wire_end = packet->wirelen;
	packet->status = PACKET_OK;
	packet->reason = NULL;
	packet->n_layers = 0;
	packet->vlan[0] = packet->vlan[1] = 0;
	packet->n_vlans = 0;
	packet->tunnels = 0;
	packet->kind = KIND_NONE;
	packet->ip = (struct ip_header){.src.version = 0};
}

/* From here inwards, protocol by protocol. Each one reads at least a byte or notes a layer, of
 * which there are at most PACKET_MAX_LAYERS, so this ends. */
static void packet_walk(struct packet *packet, struct cursor *c, const struct protocol *next)
{
	while (next)
		next = next->decode(packet, c);
	packet->payload_at = (uint32_t)c->at;
	packet->payload_len = (uint32_t)cursor_left(c);
	packet->payload_wirelen = packet_wire_left(packet, c);
}

void packet_decode(struct packet *packet, int linktype, const uint8_t *data, uint32_t caplen,
                   uint32_t wirelen)
{
	packet_start(packet, data, caplen, wirelen);
	struct cursor c = cursor_of(data, caplen);
	packet_walk(packet, &c, protocol_next(packet, KEY_LINKTYPE, (uint32_t)linktype));
}

void packet_decode_ip_payload(struct packet *packet, const struct ip_header *first,
                              const uint8_t *data, uint32_t len)
{
	packet_start(packet, data, len, len);
	packet->ip = *first;
	packet->ip.fragment_at = 0;
	packet->ip.more_fragments = packet->ip.is_fragment = false;
	struct cursor c = cursor_of(data, len);
	packet_walk(packet, &c, protocol_next(packet, KEY_IP_PROTOCOL, first->protocol));
}

void packet_fault(struct packet *packet, enum packet_status status, const char *reason)
{
	if (packet->status != PACKET_OK)
		return;
	packet->status = status;
	packet->reason = reason;
}

static void fault_short(struct packet *packet, const struct cursor *c)
{
	if (c->end < packet->wire_end)
		packet_fault(packet, PACKET_TRUNCATED, N_("the capture stops inside this header"));
	else
		packet_fault(packet, PACKET_MALFORMED,
		             N_("this header is longer than what is left of the packet"));
}

bool packet_header(struct packet *packet, const struct protocol *protocol, size_t start,
                   struct cursor *c)
{
	if (packet->n_layers == PACKET_MAX_LAYERS) {
		packet_fault(packet, PACKET_MALFORMED,
		             N_("too many headers stand inside one another"));
		return false;
	}
	bool whole = cursor_ok(c);
	if (!whole) {
		fault_short(packet, c);
		c->at = c->end; /* nothing is left to be a payload */
	}
	packet->layers[packet->n_layers++] = (struct layer){
	        .protocol = protocol,
	        .offset = (uint32_t)start,
	        .len = (uint32_t)(c->at - start),
	};
	return whole;
}

bool packet_limit(struct packet *packet, struct cursor *c, size_t n)
{
	if (n > packet_wire_left(packet, c))
		return false;
	packet->wire_end = (uint32_t)(c->at + n);
	cursor_limit(c, n);
	return true;
}

const struct layer *packet_layer(const struct packet *packet, const struct protocol *protocol)
{
	for (unsigned i = packet->n_layers; i > 0; i--)
		if (packet->layers[i - 1].protocol == protocol)
			return &packet->layers[i - 1];
	return NULL;
}
