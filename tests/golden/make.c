/* make.c: writes the captures of the golden tests. Each is a short story of a few frames that shows
 * one thing; the names say which. `make-golden FOLDER` writes all of them. */
#include <string.h>

#include "packets.h"
#include "tests/golden/stories.h"

static void say(struct talk *talk, enum end from, const char *text)
{
	talk_send(talk, from, PSH | ACK, text, strlen(text));
}

static void ack(struct talk *talk, enum end from)
{
	talk_send(talk, from, ACK, NULL, 0);
}

/* ---- opening and closing ---- */

static void close_three(struct capture *capture)
{
	struct talk talk = talk_of(capture, 4, 1, 2);
	talk_handshake(&talk);
	say(&talk, LEFT, "Hello, World!");
	ack(&talk, RIGHT);
	say(&talk, RIGHT, "Hello, you!");
	ack(&talk, LEFT);
	talk_close(&talk, RIGHT, 3);
}

static void close_four(struct capture *capture)
{
	struct talk talk = talk_of(capture, 4, 1, 2);
	talk_handshake(&talk);
	say(&talk, LEFT, "Hello, World!");
	ack(&talk, RIGHT);
	talk_close(&talk, LEFT, 4);
}

/* Both FINs are under way at once; each end then acknowledges the other's. */
static void close_simultaneous(struct capture *capture)
{
	struct talk talk = talk_of(capture, 4, 1, 2);
	talk_handshake(&talk);
	talk_lose(&talk, LEFT, FIN | ACK, NULL, 0);
	talk_lose(&talk, RIGHT, FIN | ACK, NULL, 0);
	talk.got[RIGHT] = talk.seq[LEFT];
	talk.got[LEFT] = talk.seq[RIGHT];
	ack(&talk, LEFT);
	ack(&talk, RIGHT);
}

static void close_half(struct capture *capture)
{
	struct talk talk = talk_of(capture, 4, 1, 2);
	talk_handshake(&talk);
	say(&talk, LEFT, "make this upper case");
	talk_send(&talk, LEFT, FIN | ACK, NULL, 0);
	ack(&talk, RIGHT);
	say(&talk, RIGHT, "MAKE THIS UPPER CASE");
	ack(&talk, LEFT);
	talk_send(&talk, RIGHT, FIN | ACK, NULL, 0);
	ack(&talk, LEFT);
}

static void open_simultaneous(struct capture *capture)
{
	struct talk talk = talk_of(capture, 4, 1, 2);
	talk_lose(&talk, LEFT, SYN, NULL, 0);
	talk_lose(&talk, RIGHT, SYN, NULL, 0);
	talk.got[RIGHT] = talk.seq[LEFT];
	talk.got[LEFT] = talk.seq[RIGHT];
	talk_resend(&talk, LEFT, talk.seq[LEFT] - 1, SYN | ACK, NULL, 0);
	talk_resend(&talk, RIGHT, talk.seq[RIGHT] - 1, SYN | ACK, NULL, 0);
	talk_scale(&talk);
	talk_close(&talk, LEFT, 3);
}

static void refused(struct capture *capture)
{
	struct talk talk = talk_of(capture, 4, 1, 2);
	talk_send(&talk, LEFT, SYN, NULL, 0);
	talk.seq[RIGHT] = 0; /* RFC 9293 section 3.10.7.1: <SEQ=0><ACK=SEG.SEQ+SEG.LEN> */
	talk_send(&talk, RIGHT, RST | ACK, NULL, 0);
}

/* Linux tries again after 1, 2 and 4 seconds. */
static void unanswered(struct capture *capture)
{
	struct talk talk = talk_of(capture, 4, 1, 2);
	talk_lose(&talk, LEFT, SYN, NULL, 0);
	for (int64_t seconds = 1; seconds <= 4; seconds *= 2) {
		capture_wait(capture, seconds * 1000000000);
		talk_resend(&talk, LEFT, talk.seq[LEFT] - 1, SYN, NULL, 0);
	}
}

static void aborted(struct capture *capture)
{
	struct talk talk = talk_of(capture, 4, 1, 2);
	talk_handshake(&talk);
	say(&talk, LEFT, "anybody there?");
	talk_send(&talk, RIGHT, RST | ACK, NULL, 0);
}

static void port_reuse(struct capture *capture)
{
	for (uint32_t i = 0; i < 2; i++) {
		struct talk talk = talk_of(capture, 4, 1, 2);
		talk.seq[LEFT] += i * 1000000;
		talk.seq[RIGHT] += i * 1000000;
		talk_handshake(&talk);
		talk_close(&talk, LEFT, 3);
	}
}

static void mid_stream(struct capture *capture)
{
	struct talk talk = talk_of(capture, 4, 1, 2);
	talk.got[LEFT] = talk.seq[RIGHT];
	talk.got[RIGHT] = talk.seq[LEFT];
	say(&talk, LEFT, "in the middle");
	ack(&talk, RIGHT);
	talk_close(&talk, LEFT, 3);
}

/* ---- what goes wrong on the way ---- */

enum { SEGMENT = 100 };

static void data(struct talk *talk, enum end from, bool lost)
{
	char payload[SEGMENT];
	memset(payload, 'd', sizeof payload);
	(lost ? talk_lose : talk_send)(talk, from, ACK, payload, sizeof payload);
}

static void sack_ack(struct talk *talk, enum end from, uint32_t left, uint32_t right)
{
	talk->sack[0][0] = left;
	talk->sack[0][1] = right;
	talk->n_sack = 1;
	ack(talk, from);
}

/* One segment is lost; three later ones are answered by duplicate ACKs with SACK; it is sent again
 * at once, and one ACK covers all four. */
static void fast_retransmit(struct capture *capture)
{
	struct talk talk = talk_of(capture, 4, 1, 2);
	char payload[SEGMENT];
	memset(payload, 'd', sizeof payload);
	talk_handshake(&talk);
	data(&talk, LEFT, false);
	ack(&talk, RIGHT);
	uint32_t lost = talk.seq[LEFT];
	data(&talk, LEFT, true);
	for (int i = 0; i < 3; i++) {
		data(&talk, LEFT, false);
		sack_ack(&talk, RIGHT, lost + SEGMENT, talk.seq[LEFT]);
	}
	talk_resend(&talk, LEFT, lost, ACK, payload, SEGMENT);
	talk.got[RIGHT] = talk.seq[LEFT];
	ack(&talk, RIGHT);
	talk_close(&talk, LEFT, 4);
}

/* The last segment is lost: nothing comes back, and the timer runs out, twice. */
static void timeout(struct capture *capture)
{
	struct talk talk = talk_of(capture, 4, 1, 2);
	char payload[SEGMENT];
	memset(payload, 'd', sizeof payload);
	talk_handshake(&talk);
	uint32_t lost = talk.seq[LEFT];
	data(&talk, LEFT, true);
	capture_wait(capture, 204000000);
	talk_resend(&talk, LEFT, lost, ACK, payload, SEGMENT);
	talk.got[RIGHT] = lost; /* lost as well */
	capture_wait(capture, 408000000);
	talk_resend(&talk, LEFT, lost, ACK, payload, SEGMENT);
	ack(&talk, RIGHT);
	talk_close(&talk, LEFT, 3);
}

static void out_of_order(struct capture *capture)
{
	struct talk talk = talk_of(capture, 4, 1, 2);
	char payload[SEGMENT];
	memset(payload, 'd', sizeof payload);
	talk.gap_ns = 10000;
	talk_handshake(&talk);
	uint32_t first = talk.seq[LEFT];
	talk.seq[LEFT] += SEGMENT;
	data(&talk, LEFT, true);
	talk_resend(&talk, LEFT, first, ACK, payload, SEGMENT);
	talk.got[RIGHT] = talk.seq[LEFT];
	ack(&talk, RIGHT);
	talk_close(&talk, LEFT, 3);
}

/* The reader stops reading; the sender probes; the reader goes on. */
static void zero_window(struct capture *capture)
{
	struct talk talk = talk_of(capture, 4, 1, 2);
	talk_handshake(&talk);
	data(&talk, LEFT, false);
	talk.window[RIGHT] = 0;
	ack(&talk, RIGHT);
	for (int64_t ms = 200; ms <= 400; ms *= 2) {
		capture_wait(capture, ms * 1000000);
		talk_resend(&talk, LEFT, talk.seq[LEFT] - 1, ACK, NULL, 0);
		ack(&talk, RIGHT);
	}
	talk.window[RIGHT] = 509;
	ack(&talk, RIGHT);
	data(&talk, LEFT, false);
	ack(&talk, RIGHT);
	talk_close(&talk, LEFT, 3);
}

static void sequence_wrap(struct capture *capture)
{
	struct talk talk = talk_of(capture, 4, 1, 2);
	talk.seq[LEFT] = UINT32_MAX - 50;
	talk_handshake(&talk);
	data(&talk, LEFT, false);
	ack(&talk, RIGHT);
	talk_close(&talk, LEFT, 3);
}

/* ---- other networks and links ---- */

static void ipv6(struct capture *capture)
{
	struct talk talk = talk_of(capture, 6, 1, 2);
	talk_handshake(&talk);
	say(&talk, LEFT, "Hello, six!");
	ack(&talk, RIGHT);
	talk_close(&talk, LEFT, 4);
}

static void vlan(struct capture *capture)
{
	struct talk talk = talk_of(capture, 4, 1, 2);
	talk.vlan = 42;
	talk_handshake(&talk);
	talk.outer_vlan = 7;
	talk_close(&talk, LEFT, 3);
}

static void mixed_links(struct capture *capture)
{
	struct talk talk = talk_of(capture, 4, 1, 2);
	talk_handshake(&talk);
	capture->linktype = LINK_RAW;
	say(&talk, LEFT, "raw");
	ack(&talk, RIGHT);
	capture->linktype = LINK_SLL;
	talk_close(&talk, LEFT, 3);
}

static void short_hello(struct capture *capture)
{
	struct talk talk = talk_of(capture, 4, 1, 2);
	talk_handshake(&talk);
	say(&talk, LEFT, "Hello!");
	talk_close(&talk, LEFT, 3);
}

/* ---- other protocols ---- */

static void put_udp(struct frame *frame, const struct capture *capture, enum end from,
                    const char *text)
{
	struct host hosts[2] = {host_of(4, 1), host_of(4, 2)};
	unsigned ports[2] = {40001, 9};
	put_link(frame, capture, &hosts[from], &hosts[!from], 0x0800, 0, 0);
	size_t ip_at = put_ip(frame, &hosts[from], &hosts[!from], 17);
	put16(frame, ports[from]);
	put16(frame, ports[!from]);
	put16(frame, (unsigned)strlen(text) + 8);
	put16(frame, 0);
	put_bytes(frame, text, strlen(text));
	ip_finish(frame, ip_at, 6);
}

/* An ICMP message from the right host, with what it quotes. */
static void send_icmp(struct capture *capture, unsigned type, unsigned code, uint32_t rest,
                      const void *quote, size_t len)
{
	struct frame frame;
	struct host left = host_of(4, 1), right = host_of(4, 2);
	put_link(&frame, capture, &right, &left, 0x0800, 0, 0);
	size_t ip_at = put_ip(&frame, &right, &left, 1);
	put16(&frame, type << 8 | code);
	put16(&frame, 0);
	put32(&frame, rest);
	put_bytes(&frame, quote, len);
	ip_finish(&frame, ip_at, 2);
	capture_wait(capture, 100000);
	capture_frame(capture, frame.bytes, frame.len);
}

static void udp_icmp(struct capture *capture)
{
	struct frame datagram;
	put_udp(&datagram, capture, LEFT, "is anybody listening?");
	capture_frame(capture, datagram.bytes, datagram.len);
	send_icmp(capture, 3, 3, 0, datagram.bytes + 14, 28); /* port unreachable */
	put_udp(&datagram, capture, RIGHT, "");
	capture_wait(capture, 100000);
	capture_frame(capture, datagram.bytes, datagram.len);
	send_icmp(capture, 8, 0, 0x12340001, "ping", 4);
	send_icmp(capture, 0, 0, 0x12340001, "ping", 4);
	put_udp(&datagram, capture, LEFT, "as if this were too big");
	send_icmp(capture, 3, 4, 1400, datagram.bytes + 14, 28); /* fragmentation needed */
}

static void arp(struct capture *capture)
{
	struct frame frame;
	struct host hosts[2] = {host_of(4, 1), host_of(4, 2)};
	struct host all = {.mac = {255, 255, 255, 255, 255, 255}};
	for (enum end from = LEFT; from <= RIGHT; from++) {
		const struct host *src = &hosts[from], *dst = &hosts[!from];
		put_link(&frame, capture, src, from == LEFT ? &all : dst, 0x0806, 0, 0);
		put_bytes(&frame, "\0\1\x08\0\6\4\0", 7);
		put8(&frame, from == LEFT ? 1 : 2); /* request, reply */
		put_bytes(&frame, src->mac, 6);
		put_bytes(&frame, src->addr, 4);
		put_bytes(&frame, from == LEFT ? (const uint8_t *)"\0\0\0\0\0\0" : dst->mac, 6);
		put_bytes(&frame, dst->addr, 4);
		capture_frame(capture, frame.bytes, frame.len);
		capture_wait(capture, 100000);
	}
}

/* ---- unusual and broken bytes ---- */

static void tcp_options(struct capture *capture)
{
	static const struct {
		size_t len;
		const char *bytes;
	} syns[] = {
	        {12, "\x22\x0a\1\2\3\4\5\6\7\x08\1\1"}, /* Fast Open cookie */
	        {20, "\x13\x12"
	             "0123456789abcdef"
	             "\1\1"}, /* MD5 signature */
	        {16, "\x1d\x10\1\2"
	             "0123456789ab"}, /* AO */
	        {12, "\x1e\x0c\0\x81"
	             "01234567"},      /* MPTCP capable */
	        {4, "\x1c\4\x80\x1e"}, /* user timeout, 30 minutes */
	        {8, "\xfd\6\x12\x34"
	            "ab\1\1"},                 /* experiment */
	        {8, "\2\4\5\xb4\3\x09\x0e\1"}, /* a length that lies */
	        {4, "\3\3\x0f\0"},             /* a shift that is too large */
	};
	for (unsigned i = 0; i < sizeof syns / sizeof *syns; i++) {
		struct talk talk = talk_of(capture, 4, 1, 2);
		talk.port[LEFT] = (uint16_t)(40000 + i);
		talk.options = syns[i].bytes;
		talk.options_len = syns[i].len;
		talk_send(&talk, LEFT, SYN, NULL, 0);
	}
}

static void put_syn(struct frame *frame, const struct capture *capture)
{
	struct host left = host_of(4, 1), right = host_of(4, 2);
	put_link(frame, capture, &left, &right, 0x0800, 0, 0);
	size_t ip_at = put_ip(frame, &left, &right, 6);
	put32(frame, 40000u << 16 | 8080);
	put32(frame, 1000);
	put32(frame, 0);
	put32(frame, 0x50020000 | 64240);
	put32(frame, 0);
	ip_finish(frame, ip_at, 16);
}

/* One SYN again and again, each time with two bytes of it changed to something that cannot be. */
static void malformed(struct capture *capture)
{
	static const struct {
		size_t at;
		unsigned value;
	} faults[] = {
	        {14, 0x4400}, /* IPv4 header of 16 bytes */
	        {14, 0x5500}, /* version 5 */
	        {14, 0x4f00}, /* header longer than the packet */
	        {16, 19},     /* total length below the header's */
	        {16, 2000},   /* total length beyond the frame */
	        {46, 0x4002}, /* TCP header of 16 bytes */
	        {46, 0xf002}, /* TCP header longer than the packet */
	        {46, 0x5003}, /* SYN and FIN */
	        {12, 0x1234}, /* unknown ethertype */
	        {22, 0x4099}, /* unknown IP protocol */
	};
	struct frame frame;
	for (unsigned i = 0; i < sizeof faults / sizeof *faults; i++) {
		put_syn(&frame, capture);
		set16(&frame, faults[i].at, faults[i].value);
		capture_frame(capture, frame.bytes, frame.len);
		capture_wait(capture, 100000);
	}
	capture_frame(capture, frame.bytes, 0);
}

static void fragments(struct capture *capture)
{
	struct frame frame;
	put_udp(&frame, capture, LEFT, "a datagram in two pieces");
	for (unsigned i = 0; i < 2; i++) {
		set16(&frame, 20, i == 0 ? 0x2000 : 2); /* more fragments; offset 16 */
		capture_frame(capture, frame.bytes, frame.len);
		capture_wait(capture, 100000);
	}
}

/* Every length a snap length can leave of a SYN. */
static void truncated(struct capture *capture)
{
	struct frame frame;
	put_syn(&frame, capture);
	for (uint32_t snaplen = 4; snaplen < frame.len; snaplen += 5) {
		capture->snaplen = snaplen;
		capture_frame(capture, frame.bytes, frame.len);
		capture_wait(capture, 100000);
	}
}

static const struct {
	const char *file;
	enum file_form form;
	int linktype;
	void (*story)(struct capture *capture);
} captures[] = {
        {"close_three.pcap", PCAP_NANO, LINK_ETHERNET, close_three},
        {"close_four.pcap", PCAP_NANO, LINK_ETHERNET, close_four},
        {"close_simultaneous.pcap", PCAP_MICRO, LINK_ETHERNET, close_simultaneous},
        {"close_half.pcap", PCAP_MICRO, LINK_ETHERNET, close_half},
        {"open_simultaneous.pcap", PCAP_MICRO, LINK_ETHERNET, open_simultaneous},
        {"refused.pcap", PCAP_MICRO, LINK_ETHERNET, refused},
        {"unanswered.pcap", PCAP_MICRO, LINK_ETHERNET, unanswered},
        {"aborted.pcap", PCAP_MICRO, LINK_ETHERNET, aborted},
        {"port_reuse.pcap", PCAP_MICRO, LINK_ETHERNET, port_reuse},
        {"mid_stream.pcap", PCAP_MICRO, LINK_ETHERNET, mid_stream},
        {"fast_retransmit.pcap", PCAP_NANO, LINK_ETHERNET, fast_retransmit},
        {"timeout.pcap", PCAP_NANO, LINK_ETHERNET, timeout},
        {"out_of_order.pcap", PCAP_NANO, LINK_ETHERNET, out_of_order},
        {"zero_window.pcap", PCAP_NANO, LINK_ETHERNET, zero_window},
        {"sequence_wrap.pcap", PCAP_NANO, LINK_ETHERNET, sequence_wrap},
        {"ipv6.pcap", PCAP_MICRO, LINK_ETHERNET, ipv6},
        {"vlan.pcap", PCAP_MICRO, LINK_ETHERNET, vlan},
        {"big_endian.pcap", PCAP_BIG, LINK_ETHERNET, short_hello},
        {"raw.pcap", PCAP_MICRO, LINK_RAW, short_hello},
        {"cooked.pcap", PCAP_MICRO, LINK_SLL, short_hello},
        {"mixed_links.pcapng", PCAPNG, LINK_ETHERNET, mixed_links},
        {"big_endian.pcapng", PCAPNG_BIG, LINK_ETHERNET, short_hello},
        {"udp_icmp.pcap", PCAP_MICRO, LINK_ETHERNET, udp_icmp},
        {"arp.pcap", PCAP_MICRO, LINK_ETHERNET, arp},
        {"tcp_options.pcap", PCAP_MICRO, LINK_ETHERNET, tcp_options},
        {"malformed.pcap", PCAP_MICRO, LINK_ETHERNET, malformed},
        {"fragments.pcap", PCAP_MICRO, LINK_ETHERNET, fragments},
        {"truncated.pcap", PCAP_MICRO, LINK_ETHERNET, truncated},
        {"http.pcap", PCAP_MICRO, LINK_ETHERNET, http_story},
        {"dns.pcap", PCAP_MICRO, LINK_ETHERNET, dns_story},
        {"websocket.pcap", PCAP_MICRO, LINK_ETHERNET, websocket_story},
        {"smtp.pcap", PCAP_MICRO, LINK_ETHERNET, smtp_story},
        {"ftp.pcap", PCAP_MICRO, LINK_ETHERNET, ftp_story},
};

int main(int argc, char **argv)
{
	if (argc != 2) {
		(void)fprintf(stderr, "usage: make-golden FOLDER\n"); /* we are ending */
		return 2;
	}
	for (unsigned i = 0; i < sizeof captures / sizeof *captures; i++) {
		char path[4096];
		struct capture capture;
		int n = snprintf(path, sizeof path, "%s/%s", argv[1], captures[i].file);
		if (n < 0 || (size_t)n >= sizeof path)
			return 2;
		capture_create(&capture, path, captures[i].form, captures[i].linktype, 65535);
		captures[i].story(&capture);
		capture_close(&capture);
	}
	return 0;
}
