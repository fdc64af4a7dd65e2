/* dns.c: see dns.h. */
#include "lib/dns.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* FIXED: type, class, ttl and the length of the data. A pointer has 14 bits. */
enum { LABEL = 63, POINTER = 0xc0, REACH = 0x4000, FIXED = 10 };

/* ---- names ---- */

int dns_name_of(struct dns_name *name, const char *text)
{
	name->len = 0;
	if (strcmp(text, ".") == 0)
		text = "";
	while (*text != '\0') {
		size_t n = strcspn(text, ".");
		if (n == 0 || n > LABEL || name->len + n + 2 > DNS_NAME)
			return -1;
		name->bytes[name->len] = (uint8_t)n;
		memcpy(name->bytes + name->len + 1, text, n);
		name->len = (uint8_t)(name->len + n + 1);
		text += n + (text[n] == '.');
	}
	name->bytes[name->len++] = 0;
	return 0;
}

static char *add_character(char *to, uint8_t c)
{
	if (isalnum(c) || c == '-' || c == '_')
		*to++ = (char)c;
	else
		to += snprintf(to, sizeof "\\123", c > ' ' && c < 0x7f ? "\\%c" : "\\%03u", c);
	return to;
}

char *dns_name_text(const struct dns_name *name, char *text)
{
	char *to = text;
	for (size_t at = 0; at < name->len && name->bytes[at] != 0; at += name->bytes[at] + 1U) {
		if (at > 0)
			*to++ = '.';
		for (size_t i = 1; i <= name->bytes[at]; i++)
			to = add_character(to, name->bytes[at + i]);
	}
	if (to == text)
		*to++ = '.';
	*to = '\0';
	return text;
}

/* Lengths are below 'A', so the bytes can be compared as they are. */
static bool same_bytes(const uint8_t *a, const uint8_t *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (tolower(a[i]) != tolower(b[i]))
			return false;
	return true;
}

bool dns_name_is(const struct dns_name *a, const struct dns_name *b)
{
	return a->len == b->len && same_bytes(a->bytes, b->bytes, a->len);
}

bool dns_name_within(const struct dns_name *name, const struct dns_name *zone)
{
	size_t at = 0;
	while (name->len - at > zone->len)
		at += name->bytes[at] + 1U;
	return name->len - at == zone->len && same_bytes(name->bytes + at, zone->bytes, zone->len);
}

char *dns_type_text(uint16_t type, char *text)
{
	static const struct {
		enum dns_type type;
		const char *name;
	} known[] = {{DNS_PTR, "PTR"}, {DNS_MX, "MX"},       {DNS_A, "A"},
	             {DNS_NS, "NS"},   {DNS_CNAME, "CNAME"}, {DNS_SOA, "SOA"},
	             {DNS_TXT, "TXT"}, {DNS_AAAA, "AAAA"},   {DNS_ANY, "ANY"}};
	(void)snprintf(text, DNS_TYPE_TEXT, "TYPE%u", (unsigned)type); /* fits */
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (known[i].type == type)
			(void)snprintf(text, DNS_TYPE_TEXT, "%s", known[i].name); /* fits */
	return text;
}

/* ---- reading ---- */

/* The next n bytes, or NULL. */
static const uint8_t *take(struct dns_reader *r, size_t n)
{
	if (r->bad || n > r->len - r->at) {
		r->bad = true;
		return NULL;
	}
	r->at += n;
	return r->bytes + r->at - n;
}

uint8_t dns_read_8(struct dns_reader *r)
{
	const uint8_t *p = take(r, 1);
	return p ? p[0] : 0;
}

uint16_t dns_read_16(struct dns_reader *r)
{
	const uint8_t *p = take(r, 2);
	if (!p)
		return 0;
	return (uint16_t)(p[0] << 8 | p[1]);
}

uint32_t dns_read_32(struct dns_reader *r)
{
	uint32_t upper = dns_read_16(r);
	return upper << 16 | dns_read_16(r);
}

/* One label that stands there as it is. */
static void read_label(struct dns_reader *r, uint8_t n, struct dns_name *name)
{
	const uint8_t *label = n > LABEL ? NULL : take(r, n);
	if (label == NULL || name->len + n + 2 > DNS_NAME) { /* its length, and the root's 0 */
		r->bad = true;
		return;
	}
	name->bytes[name->len] = n;
	memcpy(name->bytes + name->len + 1, label, n);
	name->len = (uint8_t)(name->len + n + 1);
}

/* A pointer has to lead before where we began to read, and we begin anew there: each time there is
 * less before it, so this ends. The reader goes on behind the first pointer. */
void dns_read_name(struct dns_reader *r, struct dns_name *name)
{
	struct dns_reader here = *r;
	size_t began = r->at, behind = 0;
	uint8_t n;
	name->len = 0;
	while ((n = dns_read_8(&here)) != 0 && !here.bad) {
		if ((n & POINTER) != POINTER) {
			read_label(&here, n, name);
			continue;
		}
		size_t target = (size_t)(n & LABEL) << 8 | dns_read_8(&here);
		behind = behind != 0 ? behind : here.at;
		here.bad |= target >= began;
		here.at = began = target;
	}
	r->bad = here.bad;
	if (!r->bad)
		r->at = behind != 0 ? behind : here.at;
	name->len = r->bad ? 0 : name->len;
	name->bytes[name->len++] = 0;
}

struct dns_header dns_read_header(struct dns_reader *r)
{
	struct dns_header header = {.id = dns_read_16(r)};
	header.flags = dns_read_16(r);
	for (int i = 0; i < DNS_SECTIONS; i++)
		header.counts[i] = dns_read_16(r);
	return header;
}

void dns_read_question(struct dns_reader *r, struct dns_question *question)
{
	dns_read_name(r, &question->name);
	question->type = dns_read_16(r);
	question->class = dns_read_16(r);
}

void dns_read_record(struct dns_reader *r, struct dns_record *record)
{
	dns_read_name(r, &record->name);
	record->type = dns_read_16(r);
	record->class = dns_read_16(r);
	record->ttl = dns_read_32(r);
	record->data_len = dns_read_16(r);
	record->data = r->at;
	(void)take(r, record->data_len); /* the reader knows if they are not there */
}

struct dns_reader dns_data(const struct dns_reader *r, const struct dns_record *record)
{
	return (struct dns_reader){
	        .bytes = r->bytes, .len = record->data + record->data_len, .at = record->data};
}

/* ---- writing ---- */

void dns_write_bytes(struct dns_writer *w, const void *bytes, size_t n)
{
	if (w->full || n > w->size - w->len) {
		w->full = true;
		return;
	}
	memcpy(w->bytes + w->len, bytes, n);
	w->len += n;
}

void dns_write_16(struct dns_writer *w, uint16_t value)
{
	uint8_t bytes[] = {(uint8_t)(value >> 8), (uint8_t)value};
	dns_write_bytes(w, bytes, sizeof bytes);
}

void dns_write_32(struct dns_writer *w, uint32_t value)
{
	dns_write_16(w, (uint16_t)(value >> 16));
	dns_write_16(w, (uint16_t)value);
}

void dns_begin(struct dns_writer *w, uint16_t id, uint16_t flags)
{
	w->len = 0;
	w->n_spots = 0;
	w->full = false;
	dns_write_16(w, id);
	dns_write_16(w, flags);
	for (int i = 0; i < DNS_SECTIONS; i++)
		dns_write_16(w, 0);
}

/* Where in the message this name already is, or 0. */
static uint16_t find(const struct dns_writer *w, const struct dns_name *name)
{
	for (int i = 0; i < w->n_spots; i++) {
		struct dns_reader r = {.bytes = w->bytes, .len = w->len, .at = w->spots[i]};
		struct dns_name there;
		dns_read_name(&r, &there);
		if (!r.bad && dns_name_is(name, &there))
			return w->spots[i];
	}
	return 0;
}

void dns_write_name(struct dns_writer *w, const struct dns_name *name)
{
	struct dns_name rest = *name;
	while (rest.bytes[0] != 0) {
		uint16_t spot = find(w, &rest);
		if (spot != 0) {
			dns_write_16(w, (uint16_t)(POINTER << 8 | spot));
			return;
		}
		if (w->n_spots < DNS_SPOTS && w->len < REACH)
			w->spots[w->n_spots++] = (uint16_t)w->len;
		size_t n = rest.bytes[0] + 1U;
		dns_write_bytes(w, rest.bytes, n);
		rest.len = (uint8_t)(rest.len - n);
		memmove(rest.bytes, rest.bytes + n, rest.len);
	}
	dns_write_bytes(w, "", 1); /* the root's 0 */
}

/* Sets or adds to two bytes that are there. */
static void add_at(struct dns_writer *w, size_t at, uint16_t value)
{
	uint16_t sum = (uint16_t)((w->bytes[at] << 8 | w->bytes[at + 1]) + value);
	w->bytes[at] = (uint8_t)(sum >> 8);
	w->bytes[at + 1] = (uint8_t)sum;
}

static void count(struct dns_writer *w, enum dns_section section)
{
	add_at(w, 4 + 2 * (size_t)section, 1);
}

void dns_write_question(struct dns_writer *w, const struct dns_question *question)
{
	dns_write_name(w, &question->name);
	dns_write_16(w, question->type);
	dns_write_16(w, question->class);
	if (!w->full)
		count(w, DNS_QUESTIONS);
}

size_t dns_begin_record(struct dns_writer *w, const struct dns_name *name, uint16_t type,
                        uint16_t class, uint32_t ttl)
{
	size_t begin = w->len;
	dns_write_name(w, name);
	dns_write_16(w, type);
	dns_write_16(w, class);
	dns_write_32(w, ttl);
	dns_write_16(w, 0); /* the length of the data is not known yet */
	return begin;
}

bool dns_end_record(struct dns_writer *w, size_t begin, enum dns_section section)
{
	if (w->full) { /* as if it had never been begun, so that a shorter one may fit */
		while (w->n_spots > 0 && w->spots[w->n_spots - 1] >= begin)
			w->n_spots--;
		w->len = begin;
		w->full = false;
		return false;
	}
	struct dns_reader r = {.bytes = w->bytes, .len = w->len, .at = begin};
	struct dns_record record;
	dns_read_name(&r, &record.name);
	size_t data = r.at + FIXED;
	add_at(w, data - 2, (uint16_t)(w->len - data));
	count(w, section);
	return true;
}

/* What stands before a name in the data of a type, and how many names there are (RFC 3597 section
 * 4: only these may have pointers). */
static const struct shape {
	enum dns_type type;
	uint8_t before, names;
} shapes[] = {{DNS_NS, 0, 1}, {DNS_CNAME, 0, 1}, {DNS_SOA, 0, 2}, {DNS_PTR, 0, 1}, {DNS_MX, 2, 1}};

static void copy_bytes(struct dns_writer *w, struct dns_reader *data, size_t n)
{
	const uint8_t *bytes = take(data, n);
	if (bytes != NULL)
		dns_write_bytes(w, bytes, n);
}

bool dns_copy_record(struct dns_writer *w, const struct dns_reader *from,
                     const struct dns_record *record, uint32_t ttl, enum dns_section section)
{
	struct dns_reader data = dns_data(from, record);
	size_t begin = dns_begin_record(w, &record->name, record->type, record->class, ttl);
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
		if ((uint16_t)shapes[i].type != record->type)
			continue;
		copy_bytes(w, &data, shapes[i].before);
		for (int n = 0; n < shapes[i].names; n++) {
			struct dns_name name;
			dns_read_name(&data, &name);
			dns_write_name(w, &name);
		}
	}
	if (!data.bad)
		copy_bytes(w, &data, data.len - data.at);
	w->full |= data.bad;
	return dns_end_record(w, begin, section);
}

void dns_add_flags(struct dns_writer *w, uint16_t flags)
{
	uint16_t now = (uint16_t)(w->bytes[2] << 8 | w->bytes[3]);
	add_at(w, 2, (uint16_t)(flags & ~now)); /* only those that are not set: then + is | */
}
