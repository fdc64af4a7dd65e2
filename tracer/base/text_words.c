/* text_words.c: what the sinks say again and again: addresses (RFC 5952), flags, spans of time,
 * and bytes from outside made safe for a terminal. Knows no file; the locale only as far as it
 * says what a terminal takes for a control. */
#include "base/text.h"

#include <stdlib.h>

#include "base/utf8.h"

static void add_ipv4(struct text *t, const uint8_t bytes[4])
{
	char name[16];
	size_t n = 0;
	for (size_t i = 0; i < 4; i++) {
		uint8_t byte = bytes[i];
		if (i > 0)
			name[n++] = '.';
		if (byte >= 100)
			name[n++] = (char)('0' + byte / 100);
		if (byte >= 10)
			name[n++] = (char)('0' + byte / 10 % 10);
		name[n++] = (char)('0' + byte % 10);
	}
	text_add_bytes(t, name, n);
}

/* A run of zero words, from `at`. */
struct run {
	int at, len;
};

/* The longest run of at least two zero words, the first of equals (RFC 5952 section 4.2). */
static struct run longest_zero_run(const uint16_t words[8])
{
	struct run best = {-1, 1}, now = {0, 0};
	for (int i = 0; i < 8; i++) {
		if (words[i] != 0) {
			now = (struct run){i + 1, 0};
			continue;
		}
		now.len++;
		if (now.len > best.len)
			best = now;
	}
	return best;
}

/* ::1.2.3.4 and ::ffff:1.2.3.4 end in an IPv4 address (RFC 5952 section 5, and as inet_ntop). */
static bool ends_in_ipv4(const uint16_t words[8], struct run zeros)
{
	return zeros.at == 0 && (zeros.len == 6 || (zeros.len == 5 && words[5] == 0xFFFF));
}

static void add_ipv6(struct text *t, const uint8_t bytes[16])
{
	uint16_t words[8];
	for (int i = 0; i < 8; i++)
		words[i] = (uint16_t)((unsigned)bytes[2 * i] << 8 | bytes[2 * i + 1]);
	struct run zeros = longest_zero_run(words);
	int n_words = ends_in_ipv4(words, zeros) ? 6 : 8;
	for (int i = 0; i < n_words; i++) {
		if (i == zeros.at) {
			text_add(t, "::");
			i += zeros.len - 1;
			continue;
		}
		if (i > 0 && i != zeros.at + zeros.len)
			text_add_char(t, ':');
		text_add_hex(t, words[i], 1);
	}
	if (n_words == 6) {
		if (zeros.len == 5)
			text_add_char(t, ':');
		add_ipv4(t, bytes + 12);
	}
}

void text_add_addr(struct text *t, const struct addr *addr)
{
	if (addr->version == 4)
		add_ipv4(t, addr->bytes);
	else if (addr->version == 6)
		add_ipv6(t, addr->bytes);
	else
		text_add_char(t, '-');
}

void text_add_endpoint(struct text *t, const struct endpoint *end)
{
	bool brackets = end->addr.version == 6;
	if (brackets)
		text_add_char(t, '[');
	text_add_addr(t, &end->addr);
	text_add(t, brackets ? "]:" : ":");
	text_add_uint(t, end->port);
}

/* value / 1000 with three significant digits, cut, without zeros at the end: "1.02", "17", "300" */
static void add_thousandths(struct text *t, uint64_t value)
{
	uint64_t whole = value / 1000, rest = value % 1000;
	text_add_uint(t, whole);
	int digits = whole < 10 ? 2 : whole < 100 ? 1 : 0;
	rest /= digits == 2 ? 10 : 100;
	if (digits == 2 && rest % 10 == 0) {
		rest /= 10;
		digits = 1;
	}
	if (digits == 0 || rest == 0)
		return;
	text_add_char(t, '.');
	text_add_uint_pad(t, rest, digits);
}

void text_add_span(struct text *t, int64_t ns)
{
	uint64_t span = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;
	if (ns < 0)
		text_add_char(t, '-');
	if (span < 1000) {
		text_add_uint(t, span);
		text_add(t, " ns");
	} else if (span < 1000 * 1000) {
		text_add_uint(t, span / 1000);
		text_add(t, " us");
	} else if (span < 1000 * 1000 * 1000) {
		add_thousandths(t, span / 1000);
		text_add(t, " ms");
	} else {
		add_thousandths(t, span / (1000 * 1000));
		text_add(t, " s");
	}
}

void text_add_flags(struct text *t, unsigned flags)
{
	static const char *const names[] = {"FIN", "SYN", "RST", "PSH", "ACK",
	                                    "URG", "ECE", "CWR", "AE"};
	size_t n_named = 0;
	for (unsigned bit = 0; bit < sizeof names / sizeof names[0]; bit++) {
		if (!(flags & 1U << bit))
			continue;
		if (n_named++ > 0)
			text_add_char(t, ',');
		text_add(t, names[bit]);
	}
	if (n_named == 0)
		text_add(t, "none");
}

static void add_escaped(struct text *t, uint8_t byte)
{
	static const struct {
		char byte, letter;
	} letters[] = {{'\n', 'n'}, {'\t', 't'}, {'\r', 'r'}, {'\\', '\\'}};

	text_add_char(t, '\\');
	for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++) {
		if (byte == (uint8_t)letters[i].byte) {
			text_add_char(t, letters[i].letter);
			return;
		}
	}
	text_add_char(t, 'x');
	text_add_hex(t, byte, 2);
}

/* The length of the character at bytes if it may stay as it is, else 0. */
static size_t harmless(const char *bytes, size_t n, uint32_t beyond)
{
	uint32_t code = 0;
	size_t len = utf8_read(bytes, n, &code);
	return len > 0 && code != '\\' && code < beyond && !utf8_is_control(code) ? len : 0;
}

/* Escapes what is not harmless, and everything from code point `beyond` on. */
static void add_escaping(struct text *t, const char *bytes, size_t n, uint32_t beyond)
{
	size_t plain = 0; /* bytes[plain..at) may stay as they are */
	size_t at = 0;
	while (at < n) {
		size_t len = harmless(bytes + at, n - at, beyond);
		if (len > 0) {
			at += len;
			continue;
		}
		text_add_bytes(t, bytes + plain, at - plain);
		uint32_t code = 0;
		len = utf8_read(bytes + at, n - at, &code);
		size_t end = at + (len > 0 ? len : 1);
		for (; at < end; at++)
			add_escaped(t, (uint8_t)bytes[at]);
		plain = at;
	}
	text_add_bytes(t, bytes + plain, n - plain);
}

void text_add_safe(struct text *t, const char *bytes, size_t n)
{
	add_escaping(t, bytes, n, UINT32_MAX);
}

void text_add_terminal(struct text *t, const char *bytes, size_t n)
{
	enum { BEYOND_ASCII = 0x80 };
	add_escaping(t, bytes, n, MB_CUR_MAX > 1 ? UINT32_MAX : BEYOND_ASCII);
}
