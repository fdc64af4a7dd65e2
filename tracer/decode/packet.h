/* packet.h: what the bytes of one frame say, and nothing more. Decoding knows no connection, no
 * clock and no terminal; a bad packet is data: a status and a reason.
 *
 * packet_decode() walks from the link layer inwards. Each protocol that it met is one layer; the
 * innermost network and transport headers are also kept as plain values, in host order. */
#ifndef WIRELAB_DECODE_PACKET_H
#define WIRELAB_DECODE_PACKET_H

#include "base/vocab.h"
#include "decode/tcp_options.h"

struct protocol;

enum { PACKET_MAX_LAYERS = 16 };

/* One header: where it stands in the frame and which protocol it is. */
struct layer {
	const struct protocol *protocol;
	uint32_t offset; /* bytes from the start of the packet's data */
	uint32_t len;    /* bytes of header, without what it carries, as far as captured: offset +
	                    len never passes caplen */
};

enum packet_status {
	PACKET_OK,
	PACKET_TRUNCATED, /* the capture stopped inside a header (snaplen, cut file) */
	PACKET_MALFORMED, /* a header contradicts itself or the frame; still decoded if possible */
	PACKET_UNKNOWN,   /* a protocol that is not decoded; the layers before it are */
};

/* What the innermost decoded header is. It is set only when that header's fixed part is whole and
 * does not contradict itself, whatever the status: a TCP header whose options are cut or garbled is
 * still KIND_TCP, one that a receiver would throw away (an impossible length) is not. So go by
 * the kind to use the values, and by the status to say what is wrong. */
enum packet_kind {
	KIND_NONE, /* nothing beyond the link or network layer */
	KIND_ARP,
	KIND_ICMP, /* ICMP and ICMPv6 */
	KIND_UDP,
	KIND_TCP,
	KIND_FRAGMENT, /* a piece of an IP datagram; what it carries is not looked at */
};

/* The innermost IPv4 or IPv6 header. */
struct ip_header {
	struct addr src, dst; /* version 0: no IP header */
	uint8_t ttl;          /* hop limit in IPv6 */
	uint8_t protocol;     /* what it carries, after extension headers */
	uint8_t ecn;          /* RFC 3168, two bits */
	uint8_t dscp;
	uint32_t id;          /* IPv4 identification; IPv6 fragment identification */
	uint32_t fragment_at; /* offset of this piece in bytes */
	bool dont_fragment;
	bool more_fragments;
	bool is_fragment;   /* more_fragments, or fragment_at > 0 */
	uint32_t total_len; /* header and payload as the header says; where that is 0 (a large
	                       segment, cut up only later by the network card): as on the wire */
};

/* The TCP header, RFC 9293 section 3.1. */
struct tcp_header {
	uint16_t src_port, dst_port;
	uint32_t seq, ack;
	uint16_t flags; /* enum tcp_flag */
	uint16_t window;
	uint16_t checksum;
	uint16_t urgent;
	uint8_t header_len; /* bytes, options included */
	uint32_t len;       /* payload bytes sent, by the IP header, even if fewer were captured */
	struct tcp_options options;
};

struct udp_header {
	uint16_t src_port, dst_port;
	uint16_t length; /* the header's field, 8 included */
	uint32_t len;    /* payload bytes sent */
};

/* ICMP or ICMPv6, with the packet that an error quotes. */
struct icmp_header {
	uint8_t version; /* 4: ICMP, 6: ICMPv6 */
	uint8_t type, code;
	uint16_t id, sequence; /* echo */
	uint32_t mtu;          /* next-hop MTU of "fragmentation needed" / Packet Too Big, else 0 */
	bool has_quote;        /* the quoted headers below were readable */
	uint8_t quote_protocol;
	struct endpoint quote_src, quote_dst; /* ports 0 where not readable */
	uint32_t quote_seq;                   /* of a quoted TCP header, if has_quote_seq */
	bool has_quote_seq;
};

struct arp_packet {
	uint16_t operation; /* 1 request, 2 reply */
	uint8_t sender_mac[6], target_mac[6];
	struct addr sender, target;
};

/* A borrowed view of one frame. Valid as long as the frame's bytes are. Filled are layers[] up to
 * n_layers, the member of the union that `kind` names, and everything else; what is beyond is not
 * even zeroed, for speed. */
struct packet {
	const uint8_t *data; /* borrowed */
	uint32_t caplen;     /* bytes captured */
	uint32_t wirelen;    /* bytes on the wire, never less than caplen */

	enum packet_status status;
	const char *reason; /* why not PACKET_OK: a marked (N_) English sentence; NULL when OK */

	struct layer layers[PACKET_MAX_LAYERS];
	uint8_t n_layers;
	uint16_t vlan[2]; /* VLAN ids, outer first */
	uint8_t n_vlans;
	uint8_t tunnels; /* IP headers outside the innermost one */

	enum packet_kind kind;
	struct ip_header ip;
	union {
		struct tcp_header tcp;
		struct udp_header udp;
		struct icmp_header icmp;
		struct arp_packet arp;
	};
	uint32_t payload_at;      /* offset of the innermost payload in data */
	uint32_t payload_len;     /* bytes of it that were captured */
	uint32_t payload_wirelen; /* bytes of it that were sent */

	uint32_t wire_end; /* while decoding: where the payload at hand ends on the wire, counted as
	                      offsets are; the cursor's end is there or, in a cut packet, before */
};

/* Decodes a frame of link type `linktype` (a LINKTYPE_ value as in capture files), whatever its
 * bytes. Never allocates, never reads beyond caplen. */
void packet_decode(struct packet *packet, int linktype, const uint8_t *data, uint32_t caplen,
                   uint32_t wirelen);

/* Decodes the payload of an IP datagram that was put together from its fragments. `first` is the IP
 * header of its first fragment: packet->ip becomes a copy of it that is no fragment any more.
 * Offsets and layers count from the payload's first byte. */
void packet_decode_ip_payload(struct packet *packet, const struct ip_header *first,
                              const uint8_t *data, uint32_t len);

/* The layer of that protocol nearest to the payload, or NULL. */
const struct layer *packet_layer(const struct packet *packet, const struct protocol *protocol);

#endif
