/* wire_frame.c: see wire_frame.h; the flags are those of RFC 9293 section 3.1. */
#include "runner/wire_frame.h"

#include <strings.h>

#include "decode/packet.h"

enum { LINKTYPE_ETHERNET = 1, ETHERNET_HEADER = 14, TCP_WINDOW_LOW_BYTE = 15 };

/* ICMPv6 below 128 is an error (RFC 4443 section 2.1); 130 to 143 are groups and neighbours. */
enum { ICMPV6_FIRST_INFO = 128, ICMPV6_FIRST_HOST = 130, ICMPV6_LAST_HOST = 143 };

bool wire_kind_parse(const char *word, enum wire_kind *kind)
{
	static const struct {
		const char *word;
		enum wire_kind kind;
	} kinds[] = {
	        {"SYN", WIRE_KIND_SYN},         {"SYN,ACK", WIRE_KIND_SYN_ACK},
	        {"SYN-ACK", WIRE_KIND_SYN_ACK}, {"ACK", WIRE_KIND_ACK},
	        {"data", WIRE_KIND_DATA},       {"FIN", WIRE_KIND_FIN},
	        {"RST", WIRE_KIND_RST},         {"any", WIRE_KIND_ANY},
	};
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (strcasecmp(word, kinds[i].word) != 0)
			continue;
		*kind = kinds[i].kind;
		return true;
	}
	return false;
}

static unsigned bit(enum wire_kind kind)
{
	return 1U << kind;
}

static unsigned tcp_kinds(const struct tcp_header *tcp)
{
	unsigned kinds = bit(WIRE_KIND_ANY);
	if (tcp->flags & TCP_SYN)
		kinds |= bit(tcp->flags & TCP_ACK ? WIRE_KIND_SYN_ACK : WIRE_KIND_SYN);
	if (tcp->len > 0)
		kinds |= bit(WIRE_KIND_DATA);
	if (tcp->flags & TCP_FIN)
		kinds |= bit(WIRE_KIND_FIN);
	if (tcp->flags & TCP_RST)
		kinds |= bit(WIRE_KIND_RST);
	bool bare = kinds == bit(WIRE_KIND_ANY) && tcp->flags & TCP_ACK;
	return kinds | (bare ? bit(WIRE_KIND_ACK) : 0);
}

static bool is_icmp_error(const struct icmp_header *icmp)
{
	static const unsigned errors = 1U << 3 | 1U << 4 | 1U << 5 | 1U << 11 | 1U << 12;
	if (icmp->version == 6)
		return icmp->type < ICMPV6_FIRST_INFO;
	return icmp->type < 32 && (errors >> icmp->type & 1U) != 0;
}

static bool is_host_talk(const struct packet *packet)
{
	return packet->kind == KIND_ICMP && packet->icmp.version == 6 &&
	       packet->icmp.type >= ICMPV6_FIRST_HOST && packet->icmp.type <= ICMPV6_LAST_HOST;
}

static unsigned kinds_of(const struct packet *packet)
{
	unsigned any = packet->ip.src.version ? bit(WIRE_KIND_ANY) : 0;
	if (packet->kind == KIND_TCP)
		return tcp_kinds(&packet->tcp);
	if (packet->kind == KIND_UDP && packet->udp.len > 0)
		return any | bit(WIRE_KIND_DATA);
	return any;
}

/* The payload's first byte; without payload a byte of TCP's window, where a receiver that does not
 * look at the checksum would be harmed least. */
static uint32_t corrupt_at(const struct packet *packet)
{
	uint32_t at = 0;
	if (packet->payload_len > 0 && packet->payload_at > ETHERNET_HEADER)
		at = packet->payload_at;
	else if (packet->kind == KIND_TCP)
		at = packet->payload_at - packet->tcp.header_len + TCP_WINDOW_LOW_BYTE;
	return at < packet->caplen ? at : 0;
}

void wire_frame_read(struct wire_frame *frame, const uint8_t *bytes, uint32_t len)
{
	struct packet packet;
	packet_decode(&packet, LINKTYPE_ETHERNET, bytes, len, len);
	*frame = (struct wire_frame){.kinds = kinds_of(&packet), .version = packet.ip.src.version};
	frame->is_host_talk = is_host_talk(&packet);
	if (frame->version == 0 || packet.n_vlans > 0 || packet.tunnels > 0)
		return;
	frame->ip_at = ETHERNET_HEADER;
	frame->ip_len = packet.ip.total_len;
	frame->corrupt_at = corrupt_at(&packet);
	frame->dont_fragment = packet.ip.dont_fragment;
	frame->is_later_piece = packet.ip.fragment_at > 0;
	frame->is_icmp_error = packet.kind == KIND_ICMP && is_icmp_error(&packet.icmp);
}

static void describe_tcp(struct text *t, const struct tcp_header *tcp)
{
	unsigned flags = tcp->flags;
	if (tcp->len > 0) {
		text_addf(t, "data %u byte%s", tcp->len, tcp->len == 1 ? "" : "s");
		flags &= ~(unsigned)(TCP_ACK | TCP_PSH);
		if (flags == 0)
			return;
		text_add(t, ", ");
	}
	text_add_flags(t, flags);
}

void wire_frame_describe(struct text *t, const uint8_t *bytes, uint32_t len)
{
	static const char *const names[] = {
	        [KIND_NONE] = "frame", [KIND_ARP] = "ARP",           [KIND_ICMP] = "ICMP",
	        [KIND_UDP] = "UDP",    [KIND_FRAGMENT] = "fragment",
	};
	struct packet packet;
	packet_decode(&packet, LINKTYPE_ETHERNET, bytes, len, len);
	if (packet.kind == KIND_TCP) {
		describe_tcp(t, &packet.tcp);
		return;
	}
	text_add(t, names[packet.kind]);
	if (packet.kind == KIND_UDP)
		text_addf(t, " %u byte%s", packet.udp.len, packet.udp.len == 1 ? "" : "s");
}

bool wire_is_kind(const struct wire_frame *frame, enum wire_kind kind)
{
	return (frame->kinds >> kind & 1U) != 0;
}

void wire_counts_add(struct wire_counts *counts, enum side from, const struct wire_frame *frame)
{
	for (int kind = 0; kind < N_WIRE_KINDS; kind++)
		counts->n[from][kind] += wire_is_kind(frame, (enum wire_kind)kind);
}
