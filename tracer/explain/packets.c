/* packets.c: what is on the wire besides TCP: UDP (RFC 768), ARP (RFC 826), ICMP (RFC 792, RFC
 * 4443), neighbour discovery (RFC 4861), fragments, and frames that could not be decoded. */
#include <string.h>

#include "explain/rule.h"

/* ---- words ---- */

static const struct frame_event *frame_of(const struct scene *c)
{
	return &c->event->frame_info;
}
static const struct datagram_event *datagram_of(const struct scene *c)
{
	return &c->event->datagram;
}

static void add_from(struct text *t, const struct scene *c)
{
	text_add_endpoint(t, &datagram_of(c)->src);
}
static void add_to(struct text *t, const struct scene *c)
{
	text_add_endpoint(t, &datagram_of(c)->dst);
}
static void add_to_port(struct text *t, const struct scene *c)
{
	text_add_uint(t, datagram_of(c)->dst.port);
}
static void add_payload(struct text *t, const struct scene *c)
{
	add_bytes(t, c, datagram_of(c)->len);
}
static void add_ip_src(struct text *t, const struct scene *c)
{
	text_add_addr(t, &frame_of(c)->ip.src);
}
static void add_ip_dst(struct text *t, const struct scene *c)
{
	text_add_addr(t, &frame_of(c)->ip.dst);
}
static void add_sender(struct text *t, const struct scene *c)
{
	text_add_addr(t, &frame_of(c)->arp.sender);
}
static void add_target(struct text *t, const struct scene *c)
{
	text_add_addr(t, &frame_of(c)->arp.target);
}
static void add_mac(struct text *t, const struct scene *c)
{
	for (int i = 0; i < 6; i++) {
		if (i > 0)
			text_add_char(t, ':');
		text_add_hex(t, frame_of(c)->arp.sender_mac[i], 2);
	}
}
static void add_echo(struct text *t, const struct scene *c)
{
	text_add_uint(t, frame_of(c)->icmp.sequence);
}
static void add_type(struct text *t, const struct scene *c)
{
	text_add_uint(t, frame_of(c)->icmp.type);
}
static void add_code(struct text *t, const struct scene *c)
{
	text_add_uint(t, frame_of(c)->icmp.code);
}
static void add_mtu(struct text *t, const struct scene *c)
{
	add_bytes(t, c, frame_of(c)->icmp.mtu);
}
static void add_fragment_at(struct text *t, const struct scene *c)
{
	text_add_uint(t, frame_of(c)->ip.fragment_at);
}
static void add_fragment_id(struct text *t, const struct scene *c)
{
	text_add_uint(t, frame_of(c)->ip.id);
}
static void add_protocol(struct text *t, const struct scene *c)
{
	const char *name = frame_of(c)->protocol;
	text_add_terminal(t, name, strlen(name));
}
static void add_frame_bytes(struct text *t, const struct scene *c)
{
	add_bytes(t, c, c->event->wirelen);
}
static void add_captured(struct text *t, const struct scene *c)
{
	add_bytes(t, c, c->event->caplen);
}

/* The decoder's own sentence; a saved stream may carry any bytes here. */
static void add_reason(struct text *t, const struct scene *c)
{
	const char *reason = frame_of(c)->reason;
	if (reason[0] == '\0')
		return;
	reason = tr(c, reason);
	text_add_char(t, ' ');
	text_add(t, tr(c, N_("The decoder says:")));
	text_add_char(t, ' ');
	text_add_terminal(t, reason, strlen(reason));
	text_add_char(t, '.');
}

/* The name of what the error quotes. */
static void add_quote_kind(struct text *t, const struct scene *c)
{
	uint8_t protocol = frame_of(c)->icmp.quote_protocol;
	if (protocol == 6)
		text_add(t, "TCP");
	else if (protocol == 17)
		text_add(t, "UDP");
	else
		text_add(t, "IP");
}

/* An ICMP error quotes the packet that it is about: that tells whose it was. */
static void add_quote(struct text *t, const struct scene *c)
{
	const struct icmp_header *icmp = &frame_of(c)->icmp;
	if (!icmp->has_quote)
		return;
	text_add_char(t, ' ');
	text_add(t, tr(c, N_("It quotes the packet that it is about:")));
	text_add_char(t, ' ');
	add_quote_kind(t, c);
	text_add_char(t, ' ');
	text_add_endpoint(t, &icmp->quote_src);
	text_add(t, " > ");
	text_add_endpoint(t, &icmp->quote_dst);
	if (icmp->has_quote_seq) {
		text_add(t, ", seq ");
		text_add_uint(t, icmp->quote_seq);
	}
	text_add_char(t, '.');
}

static void add_quote_port(struct text *t, const struct scene *c)
{
	text_add_uint(t, frame_of(c)->icmp.quote_dst.port);
}

static const struct word words[] = {
        {"bytes", add_payload},
        {"captured", add_captured},
        {"code", add_code},
        {"echo", add_echo},
        {"fragment_at", add_fragment_at},
        {"fragment_id", add_fragment_id},
        {"frame_bytes", add_frame_bytes},
        {"from", add_from},
        {"ip_dst", add_ip_dst},
        {"ip_src", add_ip_src},
        {"mac", add_mac},
        {"mtu", add_mtu},
        {"protocol", add_protocol},
        {"quote", add_quote},
        {"quote_kind", add_quote_kind},
        {"quote_port", add_quote_port},
        {"reason", add_reason},
        {"sender", add_sender},
        {"target", add_target},
        {"to", add_to},
        {"to_port", add_to_port},
        {"type", add_type},
};

const struct vocabulary packet_words = {words, sizeof words / sizeof words[0]};

/* ---- conditions ---- */

static bool always(const struct scene *c)
{
	(void)c; /* the last rule of a list */
	return true;
}

static bool datagram_cut(const struct scene *c)
{
	return datagram_of(c)->truncated;
}

static bool dns(const struct scene *c)
{
	return datagram_of(c)->dst.port == 53 || datagram_of(c)->src.port == 53;
}

static bool decoded(const struct scene *c, enum packet_kind kind)
{
	return frame_of(c)->kind == kind &&
	       (frame_of(c)->status == PACKET_OK || frame_of(c)->status == PACKET_UNKNOWN);
}

static bool same_addr(const struct addr *a, const struct addr *b)
{
	return memcmp(a, b, sizeof *a) == 0;
}

static bool is_zero_addr(const struct addr *a)
{
	static const uint8_t zeros[sizeof a->bytes];
	return memcmp(a->bytes, zeros, sizeof zeros) == 0;
}

static bool arp_announces(const struct scene *c)
{
	return decoded(c, KIND_ARP) &&
	       same_addr(&frame_of(c)->arp.sender, &frame_of(c)->arp.target);
}

static bool arp_probe(const struct scene *c)
{
	return decoded(c, KIND_ARP) && frame_of(c)->arp.operation == 1 &&
	       is_zero_addr(&frame_of(c)->arp.sender);
}

static bool arp_request(const struct scene *c)
{
	return decoded(c, KIND_ARP) && frame_of(c)->arp.operation == 1;
}

static bool arp_reply(const struct scene *c)
{
	return decoded(c, KIND_ARP) && frame_of(c)->arp.operation == 2;
}

/* ICMP numbers its types differently in the two versions of IP. */
static bool icmp_is(const struct scene *c, int type4, int type6)
{
	const struct icmp_header *icmp = &frame_of(c)->icmp;
	return decoded(c, KIND_ICMP) && icmp->type == (icmp->version == 6 ? type6 : type4);
}

static bool echo_request(const struct scene *c)
{
	return icmp_is(c, 8, 128);
}
static bool echo_reply(const struct scene *c)
{
	return icmp_is(c, 0, 129);
}
static bool too_big(const struct scene *c)
{
	return icmp_is(c, 3, 2) && (frame_of(c)->icmp.version == 6 || frame_of(c)->icmp.code == 4);
}
static bool port_unreachable(const struct scene *c)
{
	const struct icmp_header *icmp = &frame_of(c)->icmp;
	return icmp_is(c, 3, 1) && icmp->has_quote && icmp->code == (icmp->version == 6 ? 4 : 3);
}
static bool unreachable(const struct scene *c)
{
	return icmp_is(c, 3, 1);
}
static bool time_exceeded(const struct scene *c)
{
	return icmp_is(c, 11, 3);
}
static bool redirect(const struct scene *c)
{
	return icmp_is(c, 5, 137);
}
static bool neighbour_question(const struct scene *c)
{
	return icmp_is(c, -1, 135);
}
static bool neighbour_answer(const struct scene *c)
{
	return icmp_is(c, -1, 136);
}
static bool router_message(const struct scene *c)
{
	return icmp_is(c, -1, 133) || icmp_is(c, -1, 134);
}
static bool icmp_other(const struct scene *c)
{
	return decoded(c, KIND_ICMP);
}
static bool fragment(const struct scene *c)
{
	return decoded(c, KIND_FRAGMENT);
}
static bool cut_short(const struct scene *c)
{
	return frame_of(c)->status == PACKET_TRUNCATED;
}
static bool malformed(const struct scene *c)
{
	return frame_of(c)->status == PACKET_MALFORMED;
}

/* ---- sentences ---- */

const struct rule datagram_rules[] = {
        {datagram_cut, N_("UDP datagram, cut by the capture"),
         N_("A datagram with {bytes} from {from} to {to}, of which the capture holds only a part."),
         NULL, "RFC 768"},
        {dns, N_("UDP datagram with {bytes}, by its port a DNS message"),
         N_("{from} sends {bytes} to {to} in one datagram. Port 53 is the name service: a question "
            "goes to it, the answer comes from it."),
         N_("To a question, one datagram as an answer. UDP does not promise one: the program that "
            "asked has to ask again."),
         "RFC 768, RFC 1035 section 4.2.1"},
        {always, N_("UDP datagram with {bytes}"),
         N_("{from} sends {bytes} to {to}, as one message: UDP has no connection, no handshake, no "
            "acknowledgment and no retransmission."),
         N_("Whatever the programs agreed on. If nothing listens on port {to_port}, the other host "
            "answers with an ICMP \"port unreachable\"."),
         "RFC 768"},
        {0},
};

const struct rule frame_rules[] = {
        {cut_short, N_("A frame that the capture cut short"),
         N_("Of {frame_bytes} on the wire the capture holds {captured}, too few for the {protocol} "
            "header.{reason} The capture cut it, the wire did not."),
         NULL, NULL},
        {malformed, N_("A malformed frame"),
         N_("The {protocol} header contradicts itself or the frame.{reason} A receiver should drop "
            "it."),
         NULL, NULL},
        {arp_announces, N_("ARP announcement of {sender}"),
         N_("{mac} says unasked that {sender} is its address, so that neighbours note it and "
            "anyone "
            "with the same address objects."),
         N_("Nothing, if the address is used once only."), "RFC 826, RFC 5227 section 2.3"},
        {arp_probe, N_("ARP probe: does anyone have {target}?"),
         N_("{mac} wants to use {target} and asks first whether someone has it; its own address is "
            "still empty."),
         N_("Nothing, if the address is free; an ARP reply, if not."), "RFC 5227 section 2.1"},
        {arp_request, N_("ARP request: who has {target}?"),
         N_("{sender} (Ethernet address {mac}) wants to send to {target} on its own network and "
            "does "
            "not know which Ethernet address that is. It asks everybody."),
         N_("An ARP reply from {target} with its Ethernet address; then the packet that waited for "
            "it."),
         "RFC 826"},
        {arp_reply, N_("ARP reply: {sender} is at {mac}"),
         N_("{sender} tells {target} its Ethernet address: {mac}. {target} keeps it in its table "
            "for "
            "some minutes."),
         N_("The packet that {target} had to hold back."), "RFC 826"},
        {echo_request, N_("Ping: echo request {echo}"),
         N_("{ip_src} asks {ip_dst} for an echo (number {echo}): a test whether it can be reached "
            "and how long the way takes."),
         N_("An echo reply from {ip_dst} with the same number."), "RFC 792, RFC 4443 section 4.1"},
        {echo_reply, N_("Ping: echo reply {echo}"),
         N_("{ip_src} answers echo request {echo} of {ip_dst}: the kernel does this, no program is "
            "needed."),
         N_("The next request, if any."), "RFC 792, RFC 4443 section 4.2"},
        {too_big, N_("ICMP: packet too big, {mtu} fit"),
         N_("{ip_src} could not forward a packet of {ip_dst}: it must not be fragmented, and the "
            "next link takes {mtu} at most.{quote}"),
         N_("{ip_dst} remembers the size for this way and sends smaller packets (path MTU "
            "discovery)."),
         "RFC 1191, RFC 8201"},
        {port_unreachable, N_("ICMP: nobody uses {quote_kind} port {quote_port}"),
         N_("{ip_src} tells {ip_dst} that a packet came for port {quote_port}, which no program "
            "uses.{quote}"),
         N_("If the sender's socket was connected, its next call fails with ECONNREFUSED; "
            "otherwise "
            "its program never hears of it."),
         "RFC 792, RFC 1122 section 4.1.3.3"},
        {unreachable, N_("ICMP: destination unreachable (code {code})"),
         N_("{ip_src} tells {ip_dst} that a packet could not be delivered: no way to the host or "
            "network, or it is forbidden (code {code}).{quote}"),
         N_("The sender may try again or give up; TCP keeps trying for a while."),
         "RFC 792, RFC 4443 section 3.1, RFC 5461"},
        {time_exceeded, N_("ICMP: time exceeded"),
         N_("A packet of {ip_dst} had passed so many routers that its hop count ran out at "
            "{ip_src}; "
            "or, with code 1, its fragments did not all come.{quote}"),
         N_("traceroute provokes this on purpose, to learn the way."),
         "RFC 792, RFC 4443 section 3.3"},
        {redirect, N_("ICMP: there is a better first hop"),
         N_("The router {ip_src} tells {ip_dst} of a shorter way to a destination.{quote}"), NULL,
         "RFC 792, RFC 4861 section 8"},
        {neighbour_question, N_("Neighbour solicitation"),
         N_("{ip_src} asks for the link address of a neighbour on its own network: what ARP does "
            "for IPv4."),
         N_("A neighbour advertisement."), "RFC 4861 section 7.2"},
        {neighbour_answer, N_("Neighbour advertisement"),
         N_("{ip_src} tells {ip_dst} its link address."), N_("The packet that waited for it."),
         "RFC 4861 section 7.2"},
        {router_message, N_("Router discovery"),
         N_("{ip_src} sends ICMPv6 type {type} to {ip_dst}: hosts ask for routers with 133, "
            "routers "
            "present themselves and the network's prefix with 134."),
         NULL, "RFC 4861 section 6"},
        {icmp_other, N_("ICMP type {type}, code {code}"),
         N_("A message of the network layer from {ip_src} to {ip_dst}.{quote}"), NULL, "RFC 792"},
        {fragment, N_("A piece of an IP packet"),
         N_("{ip_src} sends {ip_dst} a packet in pieces, because it did not fit into one: this "
            "piece of packet {fragment_id} begins at byte {fragment_at}. The receiver puts them "
            "together, and so does this tool; what is inside is shown with the last that comes."),
         N_("The other pieces. If one is missing, the receiver drops them all."),
         "RFC 791 section 3.2, RFC 8200 section 4.5"},
        {always, N_("A frame that is not decoded further"),
         N_("{frame_bytes}; the innermost layer that was understood is {protocol}.{reason}"), NULL,
         NULL},
        {0},
};
