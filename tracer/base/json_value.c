/* json_value.c: takes C values out of a member that json_read.c has found well-formed. Knows no
 * event. */
#include "base/json.h"

#include <string.h>

#include "base/utf8.h"

enum { REPLACEMENT = 0xFFFD }; /* U+FFFD stands for what cannot be said */

bool json_is(const struct json_member *m, const char *key)
{
	return strlen(key) == m->key_len && memcmp(m->key, key, m->key_len) == 0;
}

/* Reads decimal digits from *at. False without a digit or beyond 64 bits. */
static bool take_uint(const char **at, const char *end, uint64_t *value)
{
	const char *start = *at;
	uint64_t sum = 0;
	for (; *at < end && **at >= '0' && **at <= '9'; (*at)++) {
		uint64_t digit = (uint64_t)(**at - '0');
		if (__builtin_mul_overflow(sum, UINT64_C(10), &sum) ||
		    __builtin_add_overflow(sum, digit, &sum))
			return false;
	}
	*value = sum;
	return *at > start;
}

bool json_get_uint(const struct json_member *m, uint64_t *value)
{
	const char *at = m->value, *end = m->value + m->value_len;
	uint64_t sum;
	if (m->type != JSON_NUMBER || !take_uint(&at, end, &sum) || at != end)
		return false;
	*value = sum;
	return true;
}

/* Gives a magnitude its sign; false when it does not fit. */
static bool with_sign(uint64_t magnitude, bool negative, int64_t *value)
{
	uint64_t limit = (uint64_t)INT64_MAX + (negative ? 1 : 0);
	if (magnitude > limit)
		return false;
	*value = (int64_t)(negative ? 0 - magnitude : magnitude);
	return true;
}

static bool take_minus(const char **at, const char *end)
{
	bool minus = *at < end && **at == '-';
	if (minus)
		(*at)++;
	return minus;
}

bool json_get_int(const struct json_member *m, int64_t *value)
{
	const char *at = m->value, *end = m->value + m->value_len;
	uint64_t sum;
	if (m->type != JSON_NUMBER)
		return false;
	bool negative = take_minus(&at, end);
	return take_uint(&at, end, &sum) && at == end && with_sign(sum, negative, value);
}

bool json_get_bool(const struct json_member *m, bool *value)
{
	if (m->type != JSON_TRUE && m->type != JSON_FALSE)
		return false;
	*value = m->type == JSON_TRUE;
	return true;
}

/* The digits after a point as nanoseconds; beyond the ninth they are dropped. */
static bool take_fraction(const char **at, const char *end, uint64_t *ns)
{
	uint64_t unit = 100000000;
	const char *start = *at;
	*ns = 0;
	for (; *at < end && **at >= '0' && **at <= '9'; (*at)++) {
		*ns += unit * (uint64_t)(**at - '0');
		unit /= 10;
	}
	return *at > start;
}

bool json_get_seconds(const struct json_member *m, int64_t *ns)
{
	const char *at = m->value, *end = m->value + m->value_len;
	uint64_t whole, fraction = 0;
	if (m->type != JSON_NUMBER && m->type != JSON_STRING)
		return false;
	bool negative = take_minus(&at, end);
	if (!take_uint(&at, end, &whole))
		return false;
	if (at < end && *at == '.') {
		at++;
		if (!take_fraction(&at, end, &fraction))
			return false;
	}
	return at == end && !__builtin_mul_overflow(whole, UINT64_C(1000000000), &whole) &&
	       !__builtin_add_overflow(whole, fraction, &whole) && with_sign(whole, negative, ns);
}

/* Four hex digits; the reader has checked them. */
static uint32_t take_hex4(const char **at)
{
	uint32_t code = 0;
	for (const char *end = *at + 4; *at < end; (*at)++) {
		char c = **at;
		unsigned digit = (unsigned)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
		code = code << 4 | digit;
	}
	return code;
}

/* The code of \uXXXX, or of two that are a surrogate pair; `at` is behind the u. */
static uint32_t take_unicode(const char **at, const char *end)
{
	uint32_t code = take_hex4(at);
	if (code == 0 || (code >= 0xDC00 && code <= 0xDFFF))
		return REPLACEMENT;
	if (code < 0xD800 || code > 0xDBFF)
		return code;
	if (end - *at < 6 || (*at)[0] != '\\' || (*at)[1] != 'u')
		return REPLACEMENT;
	const char *second = *at + 2;
	uint32_t low = take_hex4(&second);
	if (low < 0xDC00 || low > 0xDFFF)
		return REPLACEMENT;
	*at = second;
	return 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
}

/* The code behind a backslash, which `at` has passed. */
static uint32_t take_escape(const char **at, const char *end)
{
	static const char letters[] = "bfnrt", codes[] = "\b\f\n\r\t";
	char c = *(*at)++;
	if (c == 'u')
		return take_unicode(at, end);
	const char *letter = strchr(letters, c);
	return (uint8_t)(letter ? codes[letter - letters] : c); /* else one of " \ / */
}

long json_get_string(const struct json_member *m, char *out, size_t size)
{
	const char *at = m->value, *end = m->value + m->value_len;
	if (m->type != JSON_STRING)
		return -1;
	struct text t = text_of(out, size);
	while (at < end && !t.cut) {
		const char *plain = at;
		const char *escape = memchr(at, '\\', (size_t)(end - at));
		at = escape ? escape : end;
		text_add_bytes(&t, plain, (size_t)(at - plain));
		if (!escape)
			break;
		at++;
		char character[4];
		size_t n = utf8_write(take_escape(&at, end), character);
		text_add_bytes(&t, character, n);
	}
	return (long)t.len;
}
