/* packets.c: see packets.h. Formats: draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng; RFC 791,
 * RFC 8200, RFC 9293 section 3.1, RFC 7323 and RFC 2018 for the options. */
#include "packets.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void fail(const char *what)
{
	(void)fprintf(stderr, "packets: %s: %s\n", what, strerror(errno)); /* we are ending */
	exit(2);
}

/* ---- capture files ---- */

static bool is_big(const struct capture *capture)
{
	return capture->form == PCAP_BIG || capture->form == PCAPNG_BIG;
}

static bool is_ng(const struct capture *capture)
{
	return capture->form == PCAPNG || capture->form == PCAPNG_BIG;
}

static void out_bytes(struct capture *capture, const void *bytes, size_t n)
{
	if (n > 0 && fwrite(bytes, n, 1, capture->file) != 1)
		fail("write");
}

static void out_number(struct capture *capture, uint32_t value, size_t size)
{
	uint8_t bytes[4];
	for (size_t i = 0; i < size; i++) {
		size_t shift = is_big(capture) ? size - 1 - i : i;
		bytes[i] = (uint8_t)(value >> (8 * shift));
	}
	out_bytes(capture, bytes, size);
}

static void out32(struct capture *capture, uint32_t value)
{
	out_number(capture, value, 4);
}

static void out16(struct capture *capture, unsigned value)
{
	out_number(capture, value, 2);
}

static void pcap_header(struct capture *capture)
{
	out32(capture, capture->form == PCAP_NANO ? 0xa1b23c4d : 0xa1b2c3d4);
	out16(capture, 2);
	out16(capture, 4);
	out32(capture, 0);
	out32(capture, 0);
	out32(capture, capture->snaplen);
	out32(capture, (uint32_t)capture->linktype);
}

static void ng_section(struct capture *capture)
{
	out32(capture, 0x0a0d0d0a);
	out32(capture, 28);
	out32(capture, 0x1a2b3c4d);
	out16(capture, 1);
	out16(capture, 0);
	out32(capture, 0xffffffff); /* section length not given */
	out32(capture, 0xffffffff);
	out32(capture, 28);
}

static void ng_interface(struct capture *capture)
{
	out32(capture, 1);
	out32(capture, 32);
	out16(capture, (unsigned)capture->linktype);
	out16(capture, 0);
	out32(capture, capture->snaplen);
	out16(capture, 9); /* if_tsresol: 10^-9 */
	out16(capture, 1);
	out_bytes(capture, "\x09\0\0\0", 4);
	out32(capture, 0); /* end of options */
	out32(capture, 32);
}

/* The index of the interface of this link type, described first if it is new. */
static uint32_t ng_interface_of(struct capture *capture)
{
	for (int i = 0; i < capture->n_interfaces; i++) {
		if (capture->interfaces[i] == capture->linktype)
			return (uint32_t)i;
	}
	assert(capture->n_interfaces < MAX_INTERFACES);
	ng_interface(capture);
	capture->interfaces[capture->n_interfaces] = capture->linktype;
	return (uint32_t)capture->n_interfaces++;
}

void capture_create(struct capture *capture, const char *path, enum file_form form, int linktype,
                    uint32_t snaplen)
{
	*capture = (struct capture){
	        .form = form,
	        .snaplen = snaplen,
	        .linktype = linktype,
	        .now_ns = INT64_C(1700000000000000000),
	};
	capture->file = fopen(path, "wbe");
	if (!capture->file || setvbuf(capture->file, NULL, _IOFBF, 1 << 20) != 0)
		fail(path);
	if (is_ng(capture))
		ng_section(capture);
	else
		pcap_header(capture);
}

static void pcap_frame(struct capture *capture, const uint8_t *bytes, uint32_t caplen, uint32_t len)
{
	int64_t fraction = capture->now_ns % 1000000000;
	out32(capture, (uint32_t)(capture->now_ns / 1000000000));
	out32(capture, (uint32_t)(capture->form == PCAP_NANO ? fraction : fraction / 1000));
	out32(capture, caplen);
	out32(capture, len);
	out_bytes(capture, bytes, caplen);
}

static void ng_frame(struct capture *capture, const uint8_t *bytes, uint32_t caplen, uint32_t len)
{
	uint32_t interface = ng_interface_of(capture);
	uint32_t padding = (4 - caplen % 4) % 4;
	uint32_t total = 32 + caplen + padding;
	out32(capture, 6);
	out32(capture, total);
	out32(capture, interface);
	out32(capture, (uint32_t)(capture->now_ns >> 32));
	out32(capture, (uint32_t)capture->now_ns);
	out32(capture, caplen);
	out32(capture, len);
	out_bytes(capture, bytes, caplen);
	out_bytes(capture, "\0\0\0", padding);
	out32(capture, total);
}

void capture_frame(struct capture *capture, const uint8_t *bytes, size_t len)
{
	uint32_t caplen = len < capture->snaplen ? (uint32_t)len : capture->snaplen;
	if (is_ng(capture))
		ng_frame(capture, bytes, caplen, (uint32_t)len);
	else
		pcap_frame(capture, bytes, caplen, (uint32_t)len);
}

void capture_wait(struct capture *capture, int64_t ns)
{
	capture->now_ns += ns;
}

void capture_close(struct capture *capture)
{
	if (fclose(capture->file) != 0)
		fail("close");
}

/* ---- frames ---- */

void put_bytes(struct frame *frame, const void *bytes, size_t n)
{
	assert(n <= sizeof frame->bytes - frame->len);
	if (n > 0)
		memcpy(frame->bytes + frame->len, bytes, n);
	frame->len += n;
}

void put8(struct frame *frame, unsigned value)
{
	uint8_t byte = (uint8_t)value;
	put_bytes(frame, &byte, 1);
}

void put16(struct frame *frame, unsigned value)
{
	put8(frame, value >> 8);
	put8(frame, value & 0xff);
}

void put32(struct frame *frame, uint32_t value)
{
	put16(frame, value >> 16);
	put16(frame, value & 0xffff);
}

void set16(struct frame *frame, size_t at, unsigned value)
{
	assert(at + 2 <= frame->len);
	frame->bytes[at] = (uint8_t)(value >> 8);
	frame->bytes[at + 1] = (uint8_t)value;
}

/* ---- hosts, link and network headers ---- */

struct host host_of(int version, unsigned n)
{
	struct host host = {.mac = {2, 0, 0, 0, (uint8_t)(n >> 8), (uint8_t)n},
	                    .version = (uint8_t)version};
	if (version == 4)
		memcpy(host.addr, (uint8_t[]){192, 0, 2, (uint8_t)n}, 4);
	else
		memcpy(host.addr,
		       (uint8_t[]){0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		                   (uint8_t)(n >> 8), (uint8_t)n},
		       16);
	return host;
}

static void put_ethernet(struct frame *frame, const struct host *src, const struct host *dst,
                         unsigned ethertype, unsigned outer_vlan, unsigned vlan)
{
	put_bytes(frame, dst->mac, 6);
	put_bytes(frame, src->mac, 6);
	if (outer_vlan) {
		put16(frame, 0x88a8);
		put16(frame, outer_vlan);
	}
	if (vlan) {
		put16(frame, 0x8100);
		put16(frame, vlan);
	}
	put16(frame, ethertype);
}

void put_link(struct frame *frame, const struct capture *capture, const struct host *src,
              const struct host *dst, unsigned ethertype, unsigned outer_vlan, unsigned vlan)
{
	frame->len = 0;
	if (capture->linktype == LINK_ETHERNET) {
		put_ethernet(frame, src, dst, ethertype, outer_vlan, vlan);
	} else if (capture->linktype == LINK_SLL) {
		put16(frame, 0); /* to us */
		put16(frame, 1); /* ARPHRD_ETHER */
		put16(frame, 6);
		put_bytes(frame, src->mac, 6);
		put16(frame, 0);
		put16(frame, ethertype);
	}
}

size_t put_ip(struct frame *frame, const struct host *src, const struct host *dst,
              unsigned protocol)
{
	size_t at = frame->len;
	if (src->version == 4) {
		put16(frame, 0x4500);
		put16(frame, 0); /* length: ip_finish */
		put16(frame, 0);
		put16(frame, 0x4000); /* don't fragment */
		put16(frame, 64 << 8 | protocol);
		put16(frame, 0); /* checksum: ip_finish */
		put_bytes(frame, src->addr, 4);
		put_bytes(frame, dst->addr, 4);
	} else {
		put32(frame, 0x60000000);
		put16(frame, 0); /* length: ip_finish */
		put16(frame, protocol << 8 | 64);
		put_bytes(frame, src->addr, 16);
		put_bytes(frame, dst->addr, 16);
	}
	return at;
}

/* RFC 1071. */
static uint32_t sum(const uint8_t *bytes, size_t n, uint32_t total)
{
	for (size_t i = 0; i + 1 < n; i += 2)
		total += (uint32_t)bytes[i] << 8 | bytes[i + 1];
	return n % 2 ? total + ((uint32_t)bytes[n - 1] << 8) : total;
}

static unsigned fold(uint32_t total)
{
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return ~total & 0xffff;
}

void ip_finish(struct frame *frame, size_t ip_at, int checksum_at)
{
	bool v4 = frame->bytes[ip_at] >> 4 == 4;
	size_t header = v4 ? 20 : 40, addresses = v4 ? 8 : 32;
	size_t len = frame->len - ip_at - header;
	uint8_t *ip = frame->bytes + ip_at;
	unsigned protocol = v4 ? ip[9] : ip[6];
	if (v4) {
		set16(frame, ip_at + 2, (unsigned)(len + header));
		set16(frame, ip_at + 10, fold(sum(ip, header, 0)));
	} else {
		set16(frame, ip_at + 4, (unsigned)len);
	}
	if (checksum_at < 0)
		return;
	uint32_t total = protocol == 1 ? 0 : protocol + (uint32_t)len; /* ICMP: no pseudo-header */
	if (protocol != 1)
		total = sum(ip + header - addresses, addresses, total);
	set16(frame, ip_at + header + (size_t)checksum_at, fold(sum(ip + header, len, total)));
}

/* ---- TCP ---- */

struct talk talk_of(struct capture *capture, int version, unsigned left, unsigned right)
{
	return (struct talk){
	        .capture = capture,
	        .host = {host_of(version, left), host_of(version, right)},
	        .port = {40000, 8080},
	        .seq = {1000, 5000},
	        .window = {64240, 65160},
	        .gap_ns = 100000,
	};
}

/* Each end's timestamp clock: milliseconds, from another start. */
static uint32_t clock_of(const struct talk *talk, enum end end)
{
	return (uint32_t)(talk->capture->now_ns / 1000000) + (end == LEFT ? 0 : 7000000);
}

/* Kind, length and value as Linux arranges them. */
static void put_options(struct frame *frame, const struct talk *talk, enum end from, unsigned flags)
{
	if (talk->options) {
		put_bytes(frame, talk->options, talk->options_len);
		return;
	}
	if (flags & SYN)
		put32(frame, 0x02040000 | 1460);
	if (talk->plain)
		return;
	put32(frame, flags & SYN ? 0x0402080a : 0x0101080a);
	put32(frame, clock_of(talk, from));
	put32(frame, talk->echo[from]);
	if (flags & SYN)
		put32(frame, 0x01030307);
	if (talk->n_sack > 0)
		put32(frame, 0x01010500 | (2 + 8 * (uint32_t)talk->n_sack));
	for (int i = 0; i < talk->n_sack; i++) {
		put32(frame, talk->sack[i][0]);
		put32(frame, talk->sack[i][1]);
	}
}

static void put_tcp(struct frame *frame, const struct talk *talk, enum end from, uint32_t seq,
                    unsigned flags)
{
	size_t at = frame->len;
	put16(frame, talk->port[from]);
	put16(frame, talk->port[!from]);
	put32(frame, seq);
	put32(frame, flags & ACK ? talk->got[from] : 0);
	put16(frame, flags);
	put16(frame, flags & RST ? 0 : talk->window[from]);
	put32(frame, 0); /* checksum, urgent pointer */
	if (!(flags & RST))
		put_options(frame, talk, from, flags);
	frame->bytes[at + 12] = (uint8_t)((frame->len - at) / 4 << 4);
}

static void send_segment(struct talk *talk, enum end from, uint32_t seq, unsigned flags,
                         const void *payload, size_t len)
{
	struct frame frame;
	const struct host *src = &talk->host[from], *dst = &talk->host[!from];
	capture_wait(talk->capture, talk->gap_ns);
	put_link(&frame, talk->capture, src, dst, src->version == 4 ? 0x0800 : 0x86dd,
	         talk->outer_vlan, talk->vlan);
	size_t ip_at = put_ip(&frame, src, dst, 6);
	put_tcp(&frame, talk, from, seq, flags);
	put_bytes(&frame, payload, len);
	ip_finish(&frame, ip_at, 16);
	capture_frame(talk->capture, frame.bytes, frame.len);
	talk->n_sack = 0;
	talk->options = NULL;
}

static uint32_t space(unsigned flags, size_t len)
{
	return (uint32_t)len + (flags & SYN ? 1 : 0) + (flags & FIN ? 1 : 0);
}

static void deliver(struct talk *talk, enum end to, uint32_t seq, unsigned flags, size_t len)
{
	talk->echo[to] = clock_of(talk, !to);
	if (flags & SYN)
		talk->got[to] = seq;
	if (talk->got[to] == seq)
		talk->got[to] = seq + space(flags, len);
}

void talk_lose(struct talk *talk, enum end from, unsigned flags, const void *payload, size_t len)
{
	send_segment(talk, from, talk->seq[from], flags, payload, len);
	talk->seq[from] += space(flags, len);
}

void talk_send(struct talk *talk, enum end from, unsigned flags, const void *payload, size_t len)
{
	uint32_t seq = talk->seq[from];
	talk_lose(talk, from, flags, payload, len);
	deliver(talk, !from, seq, flags, len);
}

void talk_resend(struct talk *talk, enum end from, uint32_t seq, unsigned flags,
                 const void *payload, size_t len)
{
	send_segment(talk, from, seq, flags, payload, len);
	deliver(talk, !from, seq, flags, len);
}

void talk_scale(struct talk *talk)
{
	if (talk->plain)
		return;
	talk->window[LEFT] = 502;
	talk->window[RIGHT] = 509;
}

void talk_handshake(struct talk *talk)
{
	talk_send(talk, LEFT, SYN, NULL, 0);
	talk_send(talk, RIGHT, SYN | ACK, NULL, 0);
	talk_scale(talk);
	talk_send(talk, LEFT, ACK, NULL, 0);
}

void talk_close(struct talk *talk, enum end first, int segments)
{
	talk_send(talk, first, FIN | ACK, NULL, 0);
	if (segments == 4)
		talk_send(talk, !first, ACK, NULL, 0);
	talk_send(talk, !first, FIN | ACK, NULL, 0);
	talk_send(talk, first, ACK, NULL, 0);
}
