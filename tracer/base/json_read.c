/* json_read.c: reads one flat JSON object (RFC 8259) without trust: every byte is checked against
 * the grammar once, nothing is allocated, nesting is bounded. Values are taken out of a member by
 * json_value.c. Knows no event. */
#include "base/json.h"

#include <endian.h>
#include <string.h>

#include "base/utf8.h"

enum { MAX_DEPTH = 8 };

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static void skip_space(struct json_reader *r)
{
	while (r->at < r->end &&
	       (*r->at == ' ' || *r->at == '\t' || *r->at == '\r' || *r->at == '\n'))
		r->at++;
}

/* Passes over c if it is next. */
static bool skip_char(struct json_reader *r, char c)
{
	if (r->at == r->end || *r->at != c)
		return false;
	r->at++;
	return true;
}

static bool skip_digits(struct json_reader *r)
{
	const char *start = r->at;
	while (r->at < r->end && is_digit(*r->at))
		r->at++;
	return r->at > start;
}

/* number = [ "-" ] ( "0" / digit1-9 *digit ) [ "." 1*digit ] [ ( "e" / "E" ) [ sign ] 1*digit ] */
static bool skip_number(struct json_reader *r)
{
	(void)skip_char(r, '-');
	if (!skip_char(r, '0') && !skip_digits(r))
		return false;
	if (skip_char(r, '.') && !skip_digits(r))
		return false;
	if (skip_char(r, 'e') || skip_char(r, 'E')) {
		if (!skip_char(r, '+'))
			(void)skip_char(r, '-');
		return skip_digits(r);
	}
	return true;
}

/* After a backslash. */
static bool skip_escape(struct json_reader *r)
{
	if (r->at == r->end)
		return false;
	char c = *r->at++;
	if (c != 'u')
		return c != '\0' && strchr("\"\\/bfnrt", c) != NULL;
	if (r->end - r->at < 4)
		return false;
	for (const char *end = r->at + 4; r->at < end; r->at++)
		if (!is_hex(*r->at))
			return false;
	return true;
}

/* How many of eight bytes, from the first on, stand for themselves: ASCII without controls, quote
 * and backslash. BELOW(word, n) sets the top bit of each byte below n, and perhaps of some behind
 * such a byte: the first one that is set is right. */
static size_t plain_run(const char *bytes)
{
#define EACH(byte)     (UINT64_C(0x0101010101010101) * (byte))
#define BELOW(word, n) (((word)-EACH(n)) & ~(word))
	uint64_t w;
	memcpy(&w, bytes, sizeof w);
	w = le64toh(w); /* the first byte is the lowest */
	uint64_t quote = w ^ EACH('"'), backslash = w ^ EACH('\\');
	uint64_t odd = w | BELOW(w, 0x20) | BELOW(quote, 1) | BELOW(backslash, 1);
	odd &= EACH(0x80);
	return odd ? (size_t)__builtin_ctzll(odd) / 8 : sizeof w;
#undef BELOW
#undef EACH
}

/* Most of a stream is such bytes. */
static void skip_plain(struct json_reader *r)
{
	size_t n = sizeof(uint64_t);
	while (n == sizeof(uint64_t) && (size_t)(r->end - r->at) >= n) {
		n = plain_run(r->at);
		r->at += n;
	}
}

static bool skip_string(struct json_reader *r)
{
	if (!skip_char(r, '"'))
		return false;
	skip_plain(r);
	while (r->at < r->end) {
		unsigned char c = (unsigned char)*r->at;
		if (c == '"') {
			r->at++;
			return true;
		}
		uint32_t code;
		size_t len = c < 0x80 ? 1 : utf8_read(r->at, (size_t)(r->end - r->at), &code);
		if (c < 0x20 || len == 0)
			return false;
		r->at += len;
		if (c == '\\' && !skip_escape(r))
			return false;
	}
	return false;
}

static bool skip_word(struct json_reader *r, const char *word)
{
	size_t n = strlen(word);
	if ((size_t)(r->end - r->at) < n || memcmp(r->at, word, n) != 0)
		return false;
	r->at += n;
	return true;
}

static bool skip_value(struct json_reader *r, int depth);

/* An array or an object, brackets included. */
static bool skip_nested(struct json_reader *r, char close, int depth)
{
	if (depth >= MAX_DEPTH)
		return false;
	r->at++; /* the bracket that the caller saw */
	skip_space(r);
	if (skip_char(r, close))
		return true;
	for (;;) {
		if (close == '}') {
			if (!skip_string(r))
				return false;
			skip_space(r);
			if (!skip_char(r, ':'))
				return false;
			skip_space(r);
		}
		if (!skip_value(r, depth + 1))
			return false;
		skip_space(r);
		if (skip_char(r, close))
			return true;
		if (!skip_char(r, ','))
			return false;
		skip_space(r);
	}
}

/* What the first byte of a value says it is. */
static enum json_type type_of(char c)
{
	switch (c) {
	case '"':
		return JSON_STRING;
	case '{':
		return JSON_OBJECT;
	case '[':
		return JSON_ARRAY;
	case 't':
		return JSON_TRUE;
	case 'f':
		return JSON_FALSE;
	case 'n':
		return JSON_NULL;
	}
	return JSON_NUMBER;
}

static bool skip_value(struct json_reader *r, int depth)
{
	if (r->at == r->end)
		return false;
	switch (type_of(*r->at)) {
	case JSON_STRING:
		return skip_string(r);
	case JSON_OBJECT:
		return skip_nested(r, '}', depth);
	case JSON_ARRAY:
		return skip_nested(r, ']', depth);
	case JSON_TRUE:
		return skip_word(r, "true");
	case JSON_FALSE:
		return skip_word(r, "false");
	case JSON_NULL:
		return skip_word(r, "null");
	case JSON_NUMBER:
		return skip_number(r);
	}
	return false;
}

static struct json_reader open_with(const char *bytes, size_t n, char open, char close)
{
	struct json_reader r = {.at = bytes, .end = bytes + n, .close = close, .first = true};
	skip_space(&r);
	r.failed = !skip_char(&r, open);
	return r;
}

struct json_reader json_read(const char *line, size_t n)
{
	return open_with(line, n, '{', '}');
}

struct json_reader json_read_array(const struct json_member *m)
{
	struct json_reader r = open_with(m->value, m->value_len, '[', ']');
	if (m->type != JSON_ARRAY)
		r.failed = true;
	return r;
}

/* The key and its colon; an array's elements have none. */
static bool read_key(struct json_reader *r, struct json_member *m)
{
	m->key = "";
	m->key_len = 0;
	if (r->close == ']')
		return true;
	const char *start = r->at;
	if (!skip_string(r))
		return false;
	m->key = start + 1;
	m->key_len = (size_t)(r->at - start) - 2;
	skip_space(r);
	if (!skip_char(r, ':'))
		return false;
	skip_space(r);
	return true;
}

static bool read_value(struct json_reader *r, struct json_member *m)
{
	m->value = r->at;
	if (!skip_value(r, 0))
		return false;
	m->type = type_of(*m->value);
	m->value_len = (size_t)(r->at - m->value);
	if (m->type == JSON_STRING) { /* without its quotes */
		m->value++;
		m->value_len -= 2;
	}
	return true;
}

/* After the closing bracket: nothing but space. */
static bool at_end(struct json_reader *r)
{
	skip_space(r);
	return r->at == r->end;
}

bool json_next(struct json_reader *r, struct json_member *m)
{
	if (r->failed || r->close == '\0')
		return false;
	skip_space(r);
	if (skip_char(r, r->close)) {
		r->failed = !at_end(r);
		r->close = '\0'; /* a further call finds the end again */
		return false;
	}
	bool ok = r->first || skip_char(r, ',');
	r->first = false;
	skip_space(r);
	ok = ok && read_key(r, m) && read_value(r, m);
	r->failed = !ok;
	return ok;
}
