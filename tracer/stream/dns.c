/* dns.c: the Domain Name System, RFC 1035 section 4, over UDP and over TCP (a length of two bytes
 * in front), with EDNS0 (RFC 6891). Multicast DNS (RFC 6762) and LLMNR (RFC 4795) speak the same
 * language on ports of their own, NetBIOS (RFC 1002) a dialect that is not read here. */
#include "stream/dns.h"

#include "base/i18n.h"
#include "stream/protocol.h"
#include "stream/questions.h"

enum { HEADER = 12, PORT_DNS = 53, PORT_NETBIOS = 137, PORT_MDNS = 5353, PORT_LLMNR = 5355 };

/* Records of a part that are read; the others are passed over, however many there are. */
enum { RECORDS_SHOWN = 24 };

struct header {
	uint16_t id, flags;
	uint16_t n[4];  /* questions, answers, authority, additional */
	unsigned rcode; /* with the part that EDNS adds to it */
};

enum { FLAG_QR = 0x8000, FLAG_AA = 0x0400, FLAG_TC = 0x0200 };

static const struct flag {
	uint16_t bit;
	const char *word;
} flags[] = {
        {FLAG_QR, "response"},         {FLAG_AA, "authoritative"},      {FLAG_TC, "truncated"},
        {0x0100, "recursion desired"}, {0x0080, "recursion available"}, {0x0040, "reserved bit"},
        {0x0020, "authentic data"},    {0x0010, "checking disabled"},
};

static const char *const opcodes[] = {"QUERY", "IQUERY", "STATUS", NULL, "NOTIFY", "UPDATE", "DSO"};

static const char *const rcodes[] = {
        "NOERROR", "FORMERR",   "SERVFAIL",       "NXDOMAIN",         "NOTIMP",
        "REFUSED", "YXDOMAIN",  "YXRRSET",        "NXRRSET",          "NOTAUTH",
        "NOTZONE", "DSOTYPENI", [16] = "BADVERS", [23] = "BADCOOKIE",
};

static unsigned opcode_of(const struct header *h)
{
	return h->flags >> 11 & 0xF;
}

static void add_rcode(struct text *t, unsigned rcode)
{
	if (rcode < sizeof rcodes / sizeof rcodes[0] && rcodes[rcode])
		text_add(t, rcodes[rcode]);
	else
		text_addf(t, "RCODE%u", rcode);
}

/* ---- parts ---- */

static struct header read_header(struct cursor *c)
{
	struct header h = {.id = cursor_u16(c), .flags = cursor_u16(c)};
	for (int i = 0; i < 4; i++)
		h.n[i] = cursor_u16(c);
	h.rcode = h.flags & 0xF;
	return h;
}

static void add_header(struct message *m, const struct header *h)
{
	TEXT(id, 16);
	TEXT(words, MESSAGE_VALUE);
	TEXT(rcode, 32);
	text_add(&id, "0x");
	text_add_hex(&id, h->id, 4);
	message_add_text(m, "dns.id", id.bytes);
	for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
		if (!(h->flags & flags[i].bit))
			continue;
		text_add(&words, words.len > 0 ? ", " : "");
		text_add(&words, flags[i].word);
	}
	if (words.len > 0)
		message_add_text(m, "dns.flags", words.bytes);
	unsigned opcode = opcode_of(h);
	if (opcode > 0 && opcode < sizeof opcodes / sizeof opcodes[0] && opcodes[opcode])
		message_add_text(m, "dns.flags.opcode", opcodes[opcode]);
	else if (opcode > 0)
		message_add_uint(m, "dns.flags.opcode", opcode);
	if (!(h->flags & FLAG_QR))
		return;
	add_rcode(&rcode, h->flags & 0xF);
	message_add_text(m, "dns.flags.rcode", rcode.bytes);
}

static void say(struct message *m, const char *words)
{
	message_say(m, words, strlen(words));
}

static bool read_question(struct cursor *c, struct message *m)
{
	TEXT(name, DNS_NAME_TEXT);
	TEXT(type, 32);
	if (!dns_name_read(c, &name))
		return false;
	dns_add_type(&type, cursor_u16(c));
	cursor_skip(c, 2); /* the class, IN as good as always */
	if (!cursor_ok(c))
		return false;
	message_add(m, "dns.qry.name", name.bytes, name.len);
	message_add(m, "dns.qry.type", type.bytes, type.len);
	say(m, " ");
	say(m, type.bytes);
	say(m, " ");
	say(m, name.bytes);
	return true;
}

/* One of very many. */
static bool skip_question(struct cursor *c)
{
	if (!dns_name_skip(c))
		return false;
	cursor_skip(c, 4);
	return cursor_ok(c);
}

/* What OPT says instead of a class and a time to live (RFC 6891 section 6.1). */
static void add_edns(struct message *m, uint16_t size, uint32_t bits)
{
	TEXT(words, MESSAGE_VALUE);
	text_add(&words, "UDP up to ");
	text_add_uint(&words, size);
	text_add(&words, " bytes");
	if (bits & 0x8000)
		text_add(&words, ", DNSSEC wanted");
	if (bits >> 24) {
		text_add(&words, ", response code ");
		text_add_uint(&words, (bits >> 24 << 4) & 0xFF0);
		text_add(&words, " more");
	}
	message_add_text(m, "dns.edns", words.bytes);
}

/* What the summary shows of an answer: the data alone. */
static void say_answer(struct message *m, unsigned section, unsigned nth, const char *data)
{
	if (section != 1)
		return;
	say(m, nth == 0 ? ": " : ", ");
	say(m, nth < RECORDS_SHOWN ? data : "...");
}

static const char *const sections[4] = {NULL, "dns.answer", "dns.authority", "dns.additional"};

/* A record behind its name. */
struct record {
	uint16_t type, class;
	uint32_t ttl;
	struct cursor data;
};

/* Takes it from the cursor. False: it is not all there. */
static bool take_record(struct cursor *c, struct record *r)
{
	r->type = cursor_u16(c);
	r->class = cursor_u16(c);
	r->ttl = cursor_u32(c);
	size_t len = cursor_u16(c);
	r->data = *c;
	cursor_limit(&r->data, len);
	cursor_skip(c, len);
	return cursor_ok(c);
}

/* The name is in *line already. */
static void add_record(struct message *m, struct text *line, struct record *r, unsigned section,
                       unsigned nth)
{
	TEXT(data, DNS_DATA_TEXT);
	size_t len = cursor_left(&r->data);
	bool good = dns_add_data(&data, r->type, &r->data, section < 3 ? m : NULL);
	if (!good && len > 0) /* an update names records without data */
		message_trouble(m, N_("a record whose data contradicts its type"));
	text_add_char(line, ' ');
	text_add_uint(line, r->ttl);
	text_add_char(line, ' ');
	dns_add_type(line, r->type);
	text_add_char(line, ' ');
	text_add_bytes(line, data.bytes, data.len);
	message_add(m, sections[section], line->bytes, line->len);
	say_answer(m, section, nth, data.bytes);
}

static bool read_record(struct cursor *c, struct message *m, struct header *h, unsigned section,
                        unsigned nth)
{
	TEXT(line, DNS_NAME_TEXT + DNS_DATA_TEXT + 64);
	struct record r;
	bool is_shown = nth < RECORDS_SHOWN;
	if (!(is_shown ? dns_name_read(c, &line) : dns_name_skip(c)) || !take_record(c, &r))
		return false;
	if (r.type == DNS_TYPE_OPT) {
		h->rcode |= r.ttl >> 24 << 4;
		add_edns(m, r.class, r.ttl);
	} else if (is_shown) {
		add_record(m, &line, &r, section, nth);
	} else if (nth == RECORDS_SHOWN) {
		say_answer(m, section, nth, NULL);
	}
	return true;
}

static bool read_part(struct cursor *c, struct message *m, struct header *h, unsigned section,
                      unsigned nth)
{
	if (section > 0)
		return read_record(c, m, h, section, nth);
	return nth < RECORDS_SHOWN ? read_question(c, m) : skip_question(c);
}

static const struct counted {
	const char *name;
} counts[4] = {
        {"dns.count.queries"}, {"dns.count.answers"}, {"dns.count.auth_rr"}, {"dns.count.add_rr"}};

/* All parts as the counts say; false where they lie. */
static bool read_parts(struct cursor *c, struct message *m, struct header *h)
{
	for (unsigned section = 0; section < 4; section++) {
		if (h->n[section] > 1 || (section > 0 && h->n[section] > 0) ||
		    (section == 1 && (h->flags & FLAG_QR)))
			message_add_uint(m, counts[section].name, h->n[section]);
		for (unsigned i = 0; i < h->n[section]; i++)
			if (!read_part(c, m, h, section, i))
				return false;
	}
	return true;
}

/* No answer: either there is none, or the servers of a part below are named (RFC 1034 section
 * 4.3.2, step 3b). */
static void say_nothing_found(struct message *m, const struct header *h)
{
	const char *server = h->flags & FLAG_AA ? NULL : message_field(m, "dns.ns");
	say(m, server ? ": ask " : ": no such record");
	if (server)
		say(m, server);
}

static void finish_summary(struct message *m, const struct header *h)
{
	TEXT(rcode, 32);
	if (!(h->flags & FLAG_QR))
		return;
	if (h->flags & FLAG_TC)
		say(m, ": truncated");
	else if (h->rcode != 0)
		say(m, ": ");
	else if (h->n[1] == 0 && opcode_of(h) == 0)
		say_nothing_found(m, h);
	add_rcode(&rcode, h->rcode);
	if (h->rcode != 0)
		say(m, rcode.bytes);
}

/* ---- a message ---- */

static const char *name_of_port(uint16_t a, uint16_t b)
{
	if (a == PORT_MDNS || b == PORT_MDNS)
		return "mdns";
	return a == PORT_LLMNR || b == PORT_LLMNR ? "llmnr" : "dns";
}

static struct question question_of(const struct message *m, uint16_t id, bool is_response)
{
	return (struct question){.waits = true,
	                         .id = id,
	                         .asker = is_response ? m->dst : m->src,
	                         .asked = is_response ? m->src : m->dst};
}

static void match(struct questions *asked, struct message *m, const struct header *h,
                  int64_t time_ns, uint64_t frame)
{
	bool is_response = h->flags & FLAG_QR;
	struct question like = question_of(m, h->id, is_response);
	if (!is_response) {
		like.time_ns = time_ns;
		like.frame = frame;
		questions_add(asked, &like);
		return;
	}
	const struct question *found = questions_find(asked, &like);
	if (!found || time_ns < found->time_ns)
		return;
	m->request_frame = found->frame;
	m->latency_ns = time_ns - found->time_ns;
}

/* What it is, if it is no ordinary question. */
static void say_opcode(struct message *m)
{
	const char *opcode = message_field(m, "dns.flags.opcode");
	if (!opcode)
		return;
	say(m, " ");
	say(m, opcode);
}

/* Reads one message, whole in `c`. */
static void read_message(struct cursor *c, struct message *m, struct header *h)
{
	*h = read_header(c);
	bool is_response = h->flags & FLAG_QR;
	m->from = is_response ? SERVER : CLIENT;
	message_name(m, name_of_port(m->src.port, m->dst.port), is_response ? "response" : "query");
	say(m, m->kind);
	add_header(m, h);
	say_opcode(m);
	if (!read_parts(c, m, h))
		message_trouble(m,
		                N_("its counts promise more than it holds, or a name is broken"));
	else if (cursor_left(c) > 0)
		message_trouble(m, N_("bytes behind its end"));
	finish_summary(m, h);
}

static bool is_port_of_dns(uint16_t port)
{
	return port == PORT_DNS || port == PORT_MDNS || port == PORT_LLMNR;
}

/* The header of an ordinary question or answer: what somebody else sends is hardly ever that. */
static bool is_likely(struct cursor c)
{
	enum { RESERVED = 0x0040, RCODES = 6 };
	struct header h = read_header(&c);
	bool is_response = h.flags & FLAG_QR;
	TEXT(name, DNS_NAME_TEXT);
	if (!cursor_ok(&c) || h.n[0] != 1 || opcode_of(&h) != 0 || (h.flags & RESERVED) ||
	    (h.flags & 0xF) >= RCODES || h.n[3] > 32)
		return false;
	if (!is_response && (h.n[1] > 0 || h.n[2] > 0 || (h.flags & 0x0680)))
		return false;
	return dns_name_read(&c, &name) && dns_type_is_known(cursor_u16(&c)) &&
	       cursor_u16(&c) == 1 && cursor_ok(&c) &&
	       (is_response || h.n[3] > 0 || !cursor_left(&c));
}

static bool dns_datagram(struct questions *asked, struct message *m, struct cursor *in,
                         int64_t time_ns)
{
	struct header h;
	bool by_port = is_port_of_dns(m->src.port) || is_port_of_dns(m->dst.port);
	bool netbios = m->src.port == PORT_NETBIOS || m->dst.port == PORT_NETBIOS;
	if (netbios || cursor_left(in) < HEADER || (!by_port && !is_likely(*in)))
		return false;
	read_message(in, m, &h);
	if (!by_port && m->trouble[0])
		return false;
	match(asked, m, &h, time_ns, m->frames[0]);
	return true;
}

/* ---- over TCP: RFC 1035 section 4.2.2, RFC 7766 ---- */

struct dns {
	struct questions asked;
};

static enum feed dns_feed(struct talk *talk, enum side from, struct cursor *in)
{
	struct dns *dns = talk_state(talk);
	struct message m;
	struct header h;
	size_t len = cursor_u16(in);
	if (!cursor_ok(in) || cursor_left(in) < len)
		return FEED_MORE;
	if (len < HEADER)
		return FEED_LOST;
	const uint8_t *bytes = cursor_take(in, len);
	struct cursor c = cursor_of(bytes, len);
	message_begin(&m, "dns", "query");
	m.src = talk_ends(talk)[from];
	m.dst = talk_ends(talk)[side_other(from)];
	m.length = len + 2;
	read_message(&c, &m, &h);
	match(&dns->asked, &m, &h, talk_time_ns(talk), talk_frame(talk));
	talk_emit(talk, from, &m);
	return FEED_TOOK;
}

static enum recognised dns_recognise(const struct opening *opening)
{
	struct cursor c = opening->said[opening->from];
	bool by_port = is_port_of_dns(opening->ends[CLIENT].port) ||
	               is_port_of_dns(opening->ends[SERVER].port);
	size_t len = cursor_u16(&c);
	if (opening->again) /* behind a gap it may be the middle of a message as well */
		return len >= HEADER && is_likely(c) ? RECOGNISED_YES : RECOGNISED_NO;
	if (!cursor_ok(&c))
		return RECOGNISED_MAYBE;
	if (len < HEADER || (!by_port && len > cursor_left(&c) + 512))
		return RECOGNISED_NO;
	if (cursor_left(&c) < len)
		return by_port && cursor_left(&c) >= HEADER ? RECOGNISED_YES : RECOGNISED_MAYBE;
	cursor_limit(&c, len);
	struct cursor message = cursor_of(cursor_take(&c, len), len);
	return by_port || is_likely(message) ? RECOGNISED_YES : RECOGNISED_NO;
}

const struct app_protocol app_dns = {
        .name = "dns",
        .state_size = sizeof(struct dns),
        .recognise = dns_recognise,
        .feed = dns_feed,
        .datagram = dns_datagram,
};
