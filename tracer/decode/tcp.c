/* tcp.c: the header of a TCP segment (RFC 9293 section 3.1). Knows one segment, no connection. */
#include "decode/protocols.h"

#include "base/i18n.h"

enum { HEADER_MIN = 20 };

/* The 20 fixed bytes, in their order. */
static void read_fixed(struct tcp_header *tcp, struct cursor *c)
{
	tcp->src_port = cursor_u16(c);
	tcp->dst_port = cursor_u16(c);
	tcp->seq = cursor_u32(c);
	tcp->ack = cursor_u32(c);
	uint16_t offset_and_flags = cursor_u16(c);
	tcp->header_len = (uint8_t)((offset_and_flags >> 12) * 4);
	tcp->flags = offset_and_flags & 0x0fff; /* with the three reserved bits, as Wireshark */
	tcp->window = cursor_u16(c);
	tcp->checksum = cursor_u16(c);
	tcp->urgent = cursor_u16(c);
}

/* A receiver throws such a segment away, so it is none. */
static const char *find_lie(const struct tcp_header *tcp, uint32_t segment_len)
{
	if (tcp->header_len < HEADER_MIN)
		return N_("the TCP data offset is below 20 bytes");
	if (tcp->header_len > segment_len)
		return N_("the TCP data offset is larger than the segment");
	return NULL;
}

/* Reads the options as far as they were captured, and steps over them. */
static void read_options(struct packet *packet, struct cursor *c, size_t len)
{
	struct cursor options = *c;
	cursor_limit(&options, len);
	tcp_options_parse(&packet->tcp.options, &options, len);
	if (packet->tcp.options.present & OPT_MALFORMED)
		packet_fault(packet, PACKET_MALFORMED, N_("a TCP option has an impossible length"));
	cursor_skip(c, len);
}

static const struct protocol *decode(struct packet *packet, struct cursor *c)
{
	size_t start = c->at;
	uint32_t segment_len = packet_wire_left(packet, c);
	struct tcp_header *tcp = &packet->tcp;
	read_fixed(tcp, c);
	if (cursor_ok(c)) {
		const char *lie = find_lie(tcp, segment_len);
		if (lie) {
			packet_fault(packet, PACKET_MALFORMED, lie);
		} else {
			packet->kind = KIND_TCP;
			tcp->len = segment_len - tcp->header_len;
			read_options(packet, c, tcp->header_len - (size_t)HEADER_MIN);
		}
	}
	(void)packet_header(packet, &protocol_tcp, start, c); /* innermost either way */
	return NULL;
}

static const struct protocol_key keys[] = {{KEY_IP_PROTOCOL, 6}, {KEY_END, 0}};

static const struct field fields[] = {
        {"tcp.srcport", N_("Source port"),
         N_("Which program on the sending host. A client's is picked by its kernel."), 0, 16,
         FIELD_DEC},
        {"tcp.dstport", N_("Destination port"),
         N_("Which program on the receiving host. Both addresses and both ports together name the "
            "connection."),
         16, 16, FIELD_DEC},
        {"tcp.seq_raw", N_("Sequence number"),
         N_("Number of the first byte of data in this segment. SYN and FIN use up a number each. "
            "Counting starts at a random number."),
         32, 32, FIELD_DEC},
        {"tcp.ack_raw", N_("Acknowledgment number"),
         N_("The next byte that the sender of this segment expects: it has all before it. Counts "
            "only with the ACK flag."),
         64, 32, FIELD_DEC},
        {"tcp.hdr_len", N_("Data offset"),
         N_("Length of this header in units of four bytes: 5 without options, 15 at most."), 96, 4,
         FIELD_DEC},
        {"tcp.flags.res", N_("Reserved"), N_("Always zero."), 100, 3, FIELD_DEC},
        {"tcp.flags.ae", N_("Accurate ECN"), N_("Part of a finer report of congestion marks."), 103,
         1, FIELD_BOOL},
        {"tcp.flags.cwr", N_("Congestion window reduced"),
         N_("The sender has slowed down, as a congestion mark asked it to."), 104, 1, FIELD_BOOL},
        {"tcp.flags.ece", N_("ECN echo"),
         N_("A packet arrived with a congestion mark: please slow down."), 105, 1, FIELD_BOOL},
        {"tcp.flags.urg", N_("Urgent"), N_("The urgent pointer counts. Hardly used today."), 106, 1,
         FIELD_BOOL},
        {"tcp.flags.ack", N_("Acknowledgment"),
         N_("The acknowledgment number counts; set in every segment but the first SYN."), 107, 1,
         FIELD_BOOL},
        {"tcp.flags.push", N_("Push"),
         N_("Hand the data to the program now, more may take a while."), 108, 1, FIELD_BOOL},
        {"tcp.flags.reset", N_("Reset"),
         N_("Ends the connection at once, or refuses it; nothing more is delivered."), 109, 1,
         FIELD_BOOL},
        {"tcp.flags.syn", N_("Synchronize"),
         N_("Opens the connection: the sequence number is where this end starts counting."), 110, 1,
         FIELD_BOOL},
        {"tcp.flags.fin", N_("Finish"), N_("This end has sent all its data; it can still receive."),
         111, 1, FIELD_BOOL},
        {"tcp.window_size_value", N_("Window"),
         N_("How many bytes more the sender of this segment can take; after the handshake in units "
            "that the window scale option set."),
         112, 16, FIELD_DEC},
        {"tcp.checksum", N_("Checksum"),
         N_("Guards the segment and the IP addresses. On loopback, and where the network card "
            "fills it in, it is still unfinished when captured."),
         128, 16, FIELD_HEX},
        {"tcp.urgent_pointer", N_("Urgent pointer"),
         N_("With the URG flag: where the urgent data ends, counted from the sequence number."),
         144, 16, FIELD_DEC},
        {.name = NULL},
};

const struct protocol protocol_tcp = {
        .name = "tcp",
        .title = N_("Transmission Control Protocol"),
        .rfc = "RFC 9293",
        .keys = keys,
        .decode = decode,
        .fields = fields,
};
