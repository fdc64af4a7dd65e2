/* play.c: builds frames from instructions. Shares no code with the tracer. */
#include "play.h"

#include <string.h>

#include "fuzz.h"
#include "packets.h"

enum { N_TALKS = 8, MOST_REAL = 64, SHORT = 1500 };

struct player {
	play_frame_fn *frame;
	void *arg;
	unsigned left; /* frames that may still come */
	int64_t now_ns;
	uint32_t next[N_TALKS][2]; /* sequence number that each end sends next */
	uint16_t id;
	struct frame built;
	size_t ips[4]; /* where IP headers start, outer first */
	size_t n_ips;
	size_t udp_at; /* of an outer UDP header, 0: none */
	int linktype;
};

/* An instruction, taken apart. */
struct step {
	unsigned talk, from, wrap, flags, options;
	uint32_t seq, ack, len;
	unsigned window, fragments, kept;
};

static uint32_t stride(unsigned code)
{
	static const uint32_t units[] = {1, 100, 1448, 0x08000000};
	return units[code & 3];
}

static uint32_t length_of(unsigned code)
{
	static const uint32_t lengths[] = {0,    1,    2,    5,    100,   536,   1000,  1220,
	                                   1448, 1460, 2896, 5792, 14480, 32768, 65000, 0};
	return lengths[code & 15];
}

static unsigned window_of(unsigned code)
{
	static const unsigned windows[] = {64240, 0,    1,    2,     100,   501,   536,   1448,
	                                   1460,  2896, 5792, 14480, 29200, 32768, 65535, 65160};
	return windows[code & 15];
}

/* From nothing to half an hour, and now and then back. */
static int64_t time_of(unsigned code)
{
	int64_t ns = INT64_C(1000) << (code & 31);
	if (code < 8)
		return 0;
	return code & 128 && code & 64 ? -ns / 2 : ns + (code >> 5);
}

static struct step step_of(const struct player *p, const uint8_t *i)
{
	struct step s = {
	        .talk = i[0] & 7,
	        .from = i[0] >> 3 & 1,
	        .wrap = i[0] >> 4,
	        .flags = i[1],
	        .len = length_of(i[4]),
	        .window = window_of(i[5]),
	        .options = i[5] >> 4,
	        .fragments = i[7] & 15,
	        .kept = i[7] >> 4,
	};
	s.seq = p->next[s.talk][s.from] + (uint32_t)(int8_t)i[2] * stride(i[4] >> 4);
	s.ack = p->next[s.talk][!s.from] + (uint32_t)(int8_t)i[3] * stride(i[4] >> 6);
	return s;
}

/* ---- headers ---- */

static void start_ip(struct player *p, unsigned version, const struct step *s, unsigned net,
                     unsigned protocol)
{
	struct host ends[2] = {host_of((int)version, net + s->talk / 4),
	                       host_of((int)version, net + 9)};
	size_t at = put_ip(&p->built, &ends[s->from], &ends[!s->from], protocol);
	if (version == 4)
		set16(&p->built, at + 4, p->id);
	p->ips[p->n_ips++] = at;
}

static void start_link(struct player *p, int linktype, unsigned ethertype, unsigned vlan)
{
	struct capture link = {.linktype = linktype};
	struct host host = host_of(4, 1);
	p->linktype = linktype;
	put_link(&p->built, &link, &host, &host, ethertype, vlan ? 7 : 0, vlan);
}

static void start_gre(struct player *p, const struct step *s)
{
	start_link(p, LINK_ETHERNET, 0x0800, 0);
	start_ip(p, 4, s, 100, 47);
	put32(&p->built, 0x0800);
	start_ip(p, 4, s, 1, 6);
}

static void start_ipip(struct player *p, const struct step *s)
{
	start_link(p, LINK_RAW, 0x0800, 0);
	start_ip(p, 4, s, 100, 4);
	start_ip(p, 4, s, 1, 6);
}

static void start_6in4(struct player *p, const struct step *s)
{
	start_link(p, LINK_SLL, 0x0800, 0);
	start_ip(p, 4, s, 100, 41);
	start_ip(p, 6, s, 1, 6);
}

static void start_vxlan(struct player *p, const struct step *s)
{
	start_link(p, LINK_ETHERNET, 0x0800, 0);
	start_ip(p, 4, s, 100, 17);
	p->udp_at = p->built.len;
	put32(&p->built, 50000u << 16 | 4789);
	put32(&p->built, 0);
	put32(&p->built, 0x08000000);
	put32(&p->built, 42 << 8);
	put_bytes(&p->built, "\2\0\0\0\0\1\2\0\0\0\0\2\x08\0", 14);
	start_ip(p, 4, s, 1, 6);
}

static void start_mpls(struct player *p, const struct step *s)
{
	start_link(p, LINK_ETHERNET, 0x8847, 0);
	put32(&p->built, 16 << 12 | 64);
	put32(&p->built, 17 << 12 | 0x100 | 64);
	start_ip(p, 4, s, 1, 6);
}

static void start_pppoe(struct player *p, const struct step *s)
{
	start_link(p, LINK_ETHERNET, 0x8864, 0);
	put32(&p->built, 0x11000001);
	put32(&p->built, 0xffff0021);
	start_ip(p, 4, s, 1, 6);
}

static void start_quote(struct player *p, const struct step *s)
{
	start_link(p, LINK_ETHERNET, 0x0800, 0);
	start_ip(p, 4, s, 50, 1);
	put32(&p->built, (s->options < 4 ? 0x03040000u : 0x0b000000u) | s->options << 16);
	put32(&p->built, 576);
	start_ip(p, 4, s, 1, 6);
}

/* The wraps that are a link, one tag or none, and one IP header. */
static const struct {
	int linktype;
	unsigned version, vlan;
} plain_wraps[] = {
        {LINK_ETHERNET, 4, 0}, {LINK_ETHERNET, 6, 0}, {LINK_ETHERNET, 4, 5},
        {LINK_RAW, 4, 0},      {LINK_RAW, 6, 0},      {LINK_SLL, 4, 0},
};

enum { N_PLAIN = sizeof plain_wraps / sizeof plain_wraps[0] };

static void (*const other_wraps[])(struct player *, const struct step *) = {
        start_gre, start_ipip, start_6in4, start_vxlan, start_mpls, start_pppoe, start_quote,
};

static void start_wrap(struct player *p, const struct step *s)
{
	size_t other = s->wrap - N_PLAIN;
	p->built.len = p->n_ips = p->udp_at = 0;
	if (s->wrap >= N_PLAIN && other < sizeof other_wraps / sizeof other_wraps[0]) {
		other_wraps[other](p, s);
		return;
	}
	unsigned i = s->wrap < N_PLAIN ? s->wrap : 0;
	unsigned version = plain_wraps[i].version;
	start_link(p, plain_wraps[i].linktype, version == 4 ? 0x0800 : 0x86dd, plain_wraps[i].vlan);
	start_ip(p, version, s, 1, s->wrap >= 13 ? 17 : 6);
}

/* ---- TCP ---- */

static void put_times(struct player *p, const struct step *s)
{
	put32(&p->built, 0x0101080a);
	put32(&p->built, (uint32_t)(p->now_ns / 1000000) + s->from * 7000000);
	put32(&p->built, (uint32_t)(p->now_ns / 1000000) + (s->from ? 0U : 7000000U));
}

/* n blocks behind the acknowledgement number (before it when `duplicate`). */
static void put_sack(struct player *p, const struct step *s, unsigned n, bool duplicate)
{
	put32(&p->built, 0x01010500 | (2 + 8 * n));
	for (unsigned i = 0; i < n; i++) {
		uint32_t left =
		        s->ack + 1448 * (2 * i + 1) * (duplicate && i == 0 ? UINT32_MAX : 1);
		put32(&p->built, left);
		put32(&p->built, left + 1448);
	}
}

static void put_options(struct player *p, const struct step *s)
{
	static const struct {
		const char *bytes;
		size_t n;
	} fixed[] = {
	        {"", 0},
	        {"\2\4\5\xb4", 4},
	        {"\2\4\5\xb4\4\2\1\3\3\7\1\1", 12},
	        {"\2\4\2\x18\4\2\1\3\3\16\1\1\x22\x0a\1\2\3\4\5\6\7\10\1\1", 24}, /* a cookie */
	        {"\x22\2\1\1\3\3\17\1", 8},
	        {"\36\14\0\1abcdefgh", 12}, /* multipath */
	        {"\5\377\1\1", 4},          /* a length that lies */
	        {"\23\22aaaaaaaaaaaaaaaa\1\1", 20},
	        {"\0\0\0\0", 4},
	};
	enum { N_FIXED = sizeof fixed / sizeof fixed[0] };
	if (s->options < N_FIXED) {
		put_bytes(&p->built, fixed[s->options].bytes, fixed[s->options].n);
		return;
	}
	put_times(p, s);
	if (s->options == 10 || s->options == 11)
		put_sack(p, s, s->options - 9, false);
	else if (s->options == 12)
		put_sack(p, s, 2, true);
	else if (s->options == 13)
		put_sack(p, s, 3, false);
	else if (s->options == 14)
		put_bytes(&p->built, "\2\4\5\xb4\4\2\1\3\3\7\1\1", 12);
}

static void put_tcp(struct player *p, const struct step *s)
{
	unsigned ports[2] = {40000 + s->talk % 2, 8080 + s->talk / 2 % 2};
	size_t at = p->built.len;
	put16(&p->built, ports[s->from]);
	put16(&p->built, ports[!s->from]);
	put32(&p->built, s->seq);
	put32(&p->built, s->ack);
	put16(&p->built, s->flags);
	put16(&p->built, s->window);
	put32(&p->built, 0); /* checksum, urgent pointer */
	put_options(p, s);
	p->built.bytes[at + 12] |= (uint8_t)((p->built.len - at) / 4 << 4);
}

static void put_payload(struct player *p, uint32_t n)
{
	static const uint8_t payload[SHORT] = "GET / HTTP/1.1\r\nHost: \x1b[31m\r\n\r\n";
	put_bytes(&p->built, payload, n);
}

/* ---- lengths, and out ---- */

/* All lengths, as if `missing` bytes more followed. */
static void finish(struct player *p, uint32_t missing)
{
	struct frame *f = &p->built;
	size_t end = f->len + missing;
	for (size_t i = 0; i < p->n_ips; i++) {
		bool v4 = f->bytes[p->ips[i]] >> 4 == 4;
		size_t len = end - p->ips[i] - (v4 ? 0 : 40);
		set16(f, p->ips[i] + (v4 ? 2 : 4), (unsigned)(len & 0xffff));
	}
	if (p->udp_at)
		set16(f, p->udp_at + 4, (unsigned)((end - p->udp_at) & 0xffff));
}

static void emit(struct player *p, const uint8_t *bytes, size_t n, size_t wirelen)
{
	if (p->left == 0)
		return;
	p->left--;
	struct record record = {
	        .time_ns = p->now_ns,
	        .linktype = p->linktype,
	        .caplen = (uint32_t)n,
	        .wirelen = (uint32_t)wirelen,
	        .data = bytes,
	};
	p->frame(p->arg, &record);
}

/* Bytes [from, to) of the innermost IP payload as a fragment. IPv6 gets its extension header. */
static void emit_fragment(struct player *p, size_t from, size_t to, bool more)
{
	static struct frame piece; /* large */
	size_t ip = p->ips[p->n_ips - 1];
	bool v4 = p->built.bytes[ip] >> 4 == 4;
	size_t header = v4 ? 20 : 40;
	const uint8_t *payload = p->built.bytes + ip + header;
	unsigned field = (unsigned)(from / 8);
	piece.len = 0;
	put_bytes(&piece, p->built.bytes, ip + header);
	if (v4) {
		set16(&piece, ip + 2, (unsigned)(20 + to - from));
		set16(&piece, ip + 6, field | (more ? 0x2000 : 0));
	} else {
		set16(&piece, ip + 4, (unsigned)(8 + to - from));
		put32(&piece, (uint32_t)piece.bytes[ip + 6] << 24 | field << 3 | more);
		put32(&piece, p->id);
		piece.bytes[ip + 6] = 44;
	}
	put_bytes(&piece, payload + from, to - from);
	emit(p, piece.bytes, piece.len, piece.len);
}

/* In order, in reverse, with an overlap, with a gap, with one twice, the last one alone … */
static void emit_fragments(struct player *p, unsigned how)
{
	size_t ip = p->ips[p->n_ips - 1];
	size_t len = p->built.len - ip - (p->built.bytes[ip] >> 4 == 4 ? 20 : 40);
	size_t third = len / 3 / 8 * 8, lap = how & 4 ? 8 : 0;
	size_t cuts[3][2] = {{0, third}, {third - (third ? lap : 0), 2 * third}, {2 * third, len}};
	for (unsigned i = 0; i < 3; i++) {
		unsigned which = how & 2 ? 2 - i : i;
		if (how & 8 && which == how % 3)
			continue;
		emit_fragment(p, cuts[which][0], cuts[which][1], which != 2);
		if (how == 5)
			emit_fragment(p, cuts[which][0], cuts[which][1], which != 2);
	}
}

static void send(struct player *p, const struct step *s)
{
	bool fragmented = s->fragments != 0;
	uint32_t real = s->len < MOST_REAL ? s->len : MOST_REAL;
	if (fragmented)
		real = s->len < SHORT ? s->len : SHORT;
	start_wrap(p, s);
	put_tcp(p, s);
	put_payload(p, real);
	finish(p, fragmented ? 0 : s->len - real);
	if (fragmented) {
		emit_fragments(p, s->fragments);
		return;
	}
	size_t whole = p->built.len + s->len - real, kept = p->built.len;
	if (s->kept && (size_t)s->kept * 8 < kept)
		kept = s->kept * 8;
	emit(p, p->built.bytes, kept, whole);
}

static void instruct(struct player *p, const uint8_t *instruction)
{
	struct step s = step_of(p, instruction);
	uint32_t end = s.seq + s.len + (s.flags & SYN ? 1 : 0) + (s.flags & FIN ? 1 : 0);
	p->now_ns += time_of(instruction[6]);
	p->id = (uint16_t)(p->id + !(instruction[6] & 1)); /* now and then the same again */
	send(p, &s);
	if ((int32_t)(end - p->next[s.talk][s.from]) > 0)
		p->next[s.talk][s.from] = end;
}

/* Returns the bytes used. */
static size_t raw(struct player *p, const uint8_t *at, size_t left)
{
	size_t n = at[1] | (size_t)at[2] << 8;
	if (n > left - PLAY_SIZE)
		n = left - PLAY_SIZE;
	p->linktype = fuzz_linktype(at[3]);
	p->now_ns += time_of(at[6]);
	emit(p, at + PLAY_SIZE, n, n + at[7]);
	return PLAY_SIZE + n;
}

void play(const uint8_t *program, size_t size, unsigned most, play_frame_fn *frame, void *arg)
{
	static struct player p; /* large */
	p.frame = frame;
	p.arg = arg;
	p.left = most;
	p.now_ns = INT64_C(1700000000000000000);
	p.id = 1;
	for (unsigned i = 0; i < N_TALKS; i++) {
		p.next[i][0] = i & 1 ? 0xfffffc00 : 1000; /* some wrap round soon */
		p.next[i][1] = 5000 + i;
	}
	while (size >= PLAY_SIZE && p.left > 0) {
		size_t used = PLAY_SIZE;
		if (program[0] >> 4 == PLAY_RAW)
			used = raw(&p, program, size);
		else
			instruct(&p, program);
		program += used;
		size -= used;
	}
}
