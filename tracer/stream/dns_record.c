/* dns_record.c: names and data of resource records: RFC 1035 section 3 and 4.1.4, RFC 3596, 2782,
 * 6672, 8659, 4034, 6698, 4255, 9460, 3597. Each type of record is a row that lists what its data
 * is made of. */
#include "stream/dns.h"

/* ---- names ---- */

/* A dot or backslash inside a label is escaped, and what is not printable (RFC 1035 section 5.1).
 */
static void add_label(struct text *t, const uint8_t *label, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (label[i] == '.' || label[i] == '\\')
			text_add_char(t, '\\');
		if (label[i] > ' ' && label[i] < 0x7f) {
			text_add_char(t, (char)label[i]);
		} else {
			text_add_char(t, '\\');
			text_add_uint_pad(t, label[i], 3);
		}
	}
}

/* The way through a name. */
struct walk {
	struct cursor at;
	size_t lowest; /* pointers lead to somewhere before this */
	size_t end;    /* behind the first pointer, where the name ends */
	unsigned n_jumps;
	bool broken;
};

/* Moves to where a pointer shows: always before the label's own beginning and that of all pointers
 * before. False: it does not, or there have been more pointers than a name has labels. */
static bool jump(struct walk *w, uint8_t high)
{
	enum { OFFSET_HIGH = 0x3F, JUMPS = 128 };
	size_t to = (size_t)(high & OFFSET_HIGH) << 8 | cursor_u8(&w->at);
	if (!cursor_ok(&w->at) || to >= w->lowest || w->n_jumps == JUMPS)
		return false;
	if (w->n_jumps++ == 0)
		w->end = w->at.at;
	w->lowest = w->at.at = to;
	return true;
}

enum { POINTER = 0xC0 }; /* in a label's length */

/* The next label. NULL and w->broken unset: the name's end. */
static const uint8_t *next_label(struct walk *w, uint8_t *len)
{
	*len = cursor_u8(&w->at);
	while (cursor_ok(&w->at) && (*len & POINTER) == POINTER && jump(w, *len))
		*len = cursor_u8(&w->at);
	w->broken = !cursor_ok(&w->at) || (*len & POINTER) != 0;
	if (w->broken || *len == 0)
		return NULL;
	const uint8_t *label = cursor_take(&w->at, *len);
	w->broken = !label;
	return label;
}

bool dns_name_read(struct cursor *c, struct text *t)
{
	enum { NAME_MAX_BYTES = 255 };
	struct walk w = {.at = *c, .lowest = c->at};
	const uint8_t *label;
	size_t total = 1;
	uint8_t len;
	while ((label = next_label(&w, &len))) {
		if (total > 1)
			text_add_char(t, '.');
		add_label(t, label, len);
		total += len + 1U;
		if (total > NAME_MAX_BYTES)
			return false;
	}
	if (w.broken)
		return false;
	if (total == 1)
		text_add_char(t, '.');
	c->at = w.n_jumps > 0 ? w.end : w.at.at;
	return true;
}

bool dns_name_skip(struct cursor *c)
{
	uint8_t len;
	while ((len = cursor_u8(c)) > 0 && (len & POINTER) == 0)
		cursor_skip(c, len);
	if ((len & POINTER) == POINTER)
		cursor_skip(c, 1);
	return cursor_ok(c) && (len == 0 || (len & POINTER) == POINTER);
}

/* ---- data ---- */

static bool add_name(struct text *t, struct cursor *c)
{
	return dns_name_read(c, t);
}

static bool add_ipv4(struct text *t, struct cursor *c)
{
	struct addr addr = {.version = 4};
	const uint8_t *bytes = cursor_take(c, 4);
	if (!bytes)
		return false;
	memcpy(addr.bytes, bytes, 4);
	text_add_addr(t, &addr);
	return true;
}

static bool add_ipv6(struct text *t, struct cursor *c)
{
	struct addr addr = {.version = 6};
	const uint8_t *bytes = cursor_take(c, sizeof addr.bytes);
	if (!bytes)
		return false;
	memcpy(addr.bytes, bytes, sizeof addr.bytes);
	text_add_addr(t, &addr);
	return true;
}

static bool add_u8(struct text *t, struct cursor *c)
{
	text_add_uint(t, cursor_u8(c));
	return cursor_ok(c);
}

static bool add_u16(struct text *t, struct cursor *c)
{
	text_add_uint(t, cursor_u16(c));
	return cursor_ok(c);
}

static bool add_u32(struct text *t, struct cursor *c)
{
	text_add_uint(t, cursor_u32(c));
	return cursor_ok(c);
}

static bool add_type(struct text *t, struct cursor *c)
{
	dns_add_type(t, cursor_u16(c));
	return cursor_ok(c);
}

static bool add_string(struct text *t, struct cursor *c)
{
	size_t n = cursor_u8(c);
	const uint8_t *bytes = cursor_take(c, n);
	if (!bytes)
		return false;
	text_add_char(t, '"');
	text_add_safe(t, (const char *)bytes, n);
	text_add_char(t, '"');
	return true;
}

static bool add_strings(struct text *t, struct cursor *c)
{
	for (bool first = true; cursor_left(c) > 0; first = false) {
		if (!first)
			text_add_char(t, ' ');
		if (!add_string(t, c))
			return false;
	}
	return true;
}

static bool add_rest_text(struct text *t, struct cursor *c)
{
	size_t n = cursor_left(c);
	text_add_char(t, '"');
	text_add_safe(t, (const char *)cursor_take(c, n), n);
	text_add_char(t, '"');
	return true;
}

static bool add_rest_hex(struct text *t, struct cursor *c)
{
	enum { SHOWN = 32 };
	size_t n = cursor_left(c);
	const uint8_t *bytes = cursor_take(c, n);
	text_add_hex_bytes(t, bytes, n < SHOWN ? n : SHOWN);
	if (n > SHOWN)
		text_add(t, "...");
	return true;
}

typedef bool add_part(struct text *t, struct cursor *c);

enum { PARTS = 9 };

static const struct record_type {
	const char *name;
	add_part *parts[PARTS]; /* of its data, up to the first NULL; none: in hexadecimal */
	uint16_t number;
} types[] = {
        {"A", {add_ipv4}, 1},
        {"NS", {add_name}, 2},
        {"CNAME", {add_name}, 5},
        {"SOA", {add_name, add_name, add_u32, add_u32, add_u32, add_u32, add_u32}, 6},
        {"NULL", {0}, 10},
        {"WKS", {0}, 11},
        {"PTR", {add_name}, 12},
        {"HINFO", {add_string, add_string}, 13},
        {"MINFO", {add_name, add_name}, 14},
        {"MX", {add_u16, add_name}, 15},
        {"TXT", {add_strings}, 16},
        {"RP", {add_name, add_name}, 17},
        {"AFSDB", {add_u16, add_name}, 18},
        {"SIG", {0}, 24},
        {"KEY", {0}, 25},
        {"AAAA", {add_ipv6}, 28},
        {"LOC", {0}, 29},
        {"NB", {0}, 32},
        {"SRV", {add_u16, add_u16, add_u16, add_name}, 33},
        {"NAPTR", {add_u16, add_u16, add_string, add_string, add_string, add_name}, 35},
        {"CERT", {0}, 37},
        {"DNAME", {add_name}, 39},
        {"OPT", {0}, 41},
        {"DS", {add_u16, add_u8, add_u8, add_rest_hex}, 43},
        {"SSHFP", {add_u8, add_u8, add_rest_hex}, 44},
        {"RRSIG",
         {add_type, add_u8, add_u8, add_u32, add_u32, add_u32, add_u16, add_name, add_rest_hex},
         46},
        {"NSEC", {add_name, add_rest_hex}, 47},
        {"DNSKEY", {add_u16, add_u8, add_u8, add_rest_hex}, 48},
        {"NSEC3", {add_u8, add_u8, add_u16, add_rest_hex}, 50},
        {"NSEC3PARAM", {add_u8, add_u8, add_u16, add_rest_hex}, 51},
        {"TLSA", {add_u8, add_u8, add_u8, add_rest_hex}, 52},
        {"CDS", {add_u16, add_u8, add_u8, add_rest_hex}, 59},
        {"CDNSKEY", {add_u16, add_u8, add_u8, add_rest_hex}, 60},
        {"SVCB", {add_u16, add_name, add_rest_hex}, 64},
        {"HTTPS", {add_u16, add_name, add_rest_hex}, 65},
        {"SPF", {add_strings}, 99},
        {"TKEY", {0}, 249},
        {"TSIG", {0}, 250},
        {"IXFR", {0}, 251},
        {"AXFR", {0}, 252},
        {"ANY", {0}, 255},
        {"URI", {add_u16, add_u16, add_rest_text}, 256},
        {"CAA", {add_u8, add_string, add_rest_text}, 257},
};

/* The parts that Wireshark's filters name. */
static const struct named_part {
	const char *field;
	uint16_t type;
	uint8_t part;
} named_parts[] = {
        {"dns.a", 1, 0},
        {"dns.ns", 2, 0},
        {"dns.cname", 5, 0},
        {"dns.soa.mname", 6, 0},
        {"dns.ptr.domain_name", 12, 0},
        {"dns.mx.mail_exchange", 15, 1},
        {"dns.txt", 16, 0},
        {"dns.aaaa", 28, 0},
        {"dns.srv.target", 33, 3},
        {"dns.dname", 39, 0},
};

static const char *field_of(uint16_t type, size_t part)
{
	for (size_t i = 0; i < sizeof named_parts / sizeof named_parts[0]; i++)
		if (named_parts[i].type == type && named_parts[i].part == part)
			return named_parts[i].field;
	return NULL;
}

static const struct record_type *type_of(uint16_t number)
{
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if (types[i].number == number)
			return &types[i];
	return NULL;
}

bool dns_type_is_known(uint16_t type)
{
	return type_of(type) != NULL;
}

void dns_add_type(struct text *t, uint16_t type)
{
	const struct record_type *known = type_of(type);
	text_add(t, known ? known->name : "TYPE");
	if (!known)
		text_add_uint(t, type);
}

/* RFC 3597 section 5. */
static bool add_unknown(struct text *t, struct cursor *data)
{
	text_add(t, "\\# ");
	text_add_uint(t, cursor_left(data));
	text_add_char(t, ' ');
	return add_rest_hex(t, data);
}

bool dns_add_data(struct text *t, uint16_t type, struct cursor *data, struct message *m)
{
	const struct record_type *known = type_of(type);
	if (!known || !known->parts[0])
		return add_unknown(t, data);
	for (size_t i = 0; i < PARTS && known->parts[i]; i++) {
		if (i > 0)
			text_add_char(t, ' ');
		size_t before = t->len;
		if (!known->parts[i](t, data))
			return false;
		const char *field = m ? field_of(type, i) : NULL;
		if (field)
			message_add(m, field, t->bytes + before, t->len - before);
	}
	return cursor_left(data) == 0;
}
