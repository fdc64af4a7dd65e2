/* der.c: elements of DER: identifier and length octets as X.690 section 8.1, and the few types that
 * names and dates are made of. */
#include "stream/der.h"

static bool take_length(struct cursor *c, size_t *len)
{
	enum { LONG_FORM = 0x80, MOST_BYTES = 3 };
	uint8_t first = cursor_u8(c);
	*len = first;
	if (!(first & LONG_FORM))
		return cursor_ok(c);
	unsigned n = first & 0x7FU;
	if (n == 0 || n > MOST_BYTES)
		return false; /* no end, or longer than any TLS message */
	for (*len = 0; n > 0; n--)
		*len = *len << 8 | cursor_u8(c);
	return cursor_ok(c);
}

bool der_take(struct cursor *c, uint8_t *tag, struct cursor *value)
{
	enum { NUMBER_IN_NEXT = 0x1F };
	size_t len;
	*tag = cursor_u8(c);
	if (!cursor_ok(c) || (*tag & NUMBER_IN_NEXT) == NUMBER_IN_NEXT || !take_length(c, &len))
		return false;
	*value = cursor_sub(c, len);
	return cursor_ok(c);
}

bool der_expect(struct cursor *c, uint8_t tag, struct cursor *value)
{
	struct cursor look = *c;
	uint8_t found;
	if (!der_take(&look, &found, value) || found != tag)
		return false;
	*c = look;
	return true;
}

void der_add_oid(struct text *t, struct cursor value)
{
	uint64_t number = 0;
	bool first = true;
	while (cursor_left(&value) > 0) {
		uint8_t byte = cursor_u8(&value);
		number = number << 7 | (byte & 0x7FU);
		if (byte & 0x80)
			continue;
		if (first) { /* two numbers in one: X.690 section 8.19.4 */
			uint64_t root = number < 80 ? number / 40 : 2;
			text_add_uint(t, root);
			number -= root * 40;
			first = false;
		}
		text_add_char(t, '.');
		text_add_uint(t, number);
		number = 0;
	}
}

bool der_is(struct cursor value, const char *bytes, size_t n)
{
	const uint8_t *found = cursor_take(&value, n);
	return found && cursor_left(&value) == 0 && memcmp(found, bytes, n) == 0;
}

static void add_character(struct text *t, unsigned c)
{
	char bytes[3];
	if (c < 0x80) {
		text_add_char(t, (char)c);
	} else if (c < 0x800) {
		bytes[0] = (char)(0xC0 | c >> 6);
		bytes[1] = (char)(0x80 | (c & 0x3F));
		text_add_bytes(t, bytes, 2);
	} else {
		bytes[0] = (char)(0xE0 | c >> 12);
		bytes[1] = (char)(0x80 | (c >> 6 & 0x3F));
		bytes[2] = (char)(0x80 | (c & 0x3F));
		text_add_bytes(t, bytes, 3);
	}
}

void der_add_string(struct text *t, uint8_t tag, struct cursor value)
{
	size_t n = cursor_left(&value);
	if (tag == DER_BMP) { /* two bytes a character */
		while (cursor_left(&value) >= 2)
			add_character(t, cursor_u16(&value));
	} else if (tag == DER_TELETEX) { /* in practice Latin-1 */
		while (cursor_left(&value) > 0)
			add_character(t, cursor_u8(&value));
	} else {
		const uint8_t *bytes = cursor_take(&value, n);
		if (bytes)
			text_add_bytes(t, (const char *)bytes, n);
	}
}

/* ---- times ---- */

static bool take_number(struct cursor *c, int digits, int64_t *number)
{
	for (*number = 0; digits > 0; digits--) {
		uint8_t byte = cursor_u8(c);
		if (byte < '0' || byte > '9')
			return false;
		*number = *number * 10 + (byte - '0');
	}
	return true;
}

/* Days since 1970-01-01 in the Gregorian calendar. The year begins in March here: then the leap day
 * is its last. */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
	enum { DAYS_OF_400_YEARS = 146097, DAYS_TO_1970 = 719468 };
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t m = month <= 2 ? month + 9 : month - 3;
	int64_t of_400 = y % 400;
	return y / 400 * DAYS_OF_400_YEARS + of_400 * 365 + of_400 / 4 - of_400 / 100 +
	       (153 * m + 2) / 5 + day - 1 - DAYS_TO_1970;
}

bool der_time(uint8_t tag, struct cursor value, int64_t *seconds)
{
	int64_t year, month, day, hour, minute, second;
	if (tag != DER_UTC_TIME && tag != DER_GENERALIZED_TIME)
		return false;
	if (!take_number(&value, tag == DER_UTC_TIME ? 2 : 4, &year))
		return false;
	if (tag == DER_UTC_TIME) /* RFC 5280 section 4.1.2.5.1 */
		year += year < 50 ? 2000 : 1900;
	if (!take_number(&value, 2, &month) || !take_number(&value, 2, &day) ||
	    !take_number(&value, 2, &hour) || !take_number(&value, 2, &minute) ||
	    !take_number(&value, 2, &second) || cursor_u8(&value) != 'Z')
		return false;
	if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 ||
	    second > 60)
		return false;
	*seconds = days_of(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
	return true;
}
