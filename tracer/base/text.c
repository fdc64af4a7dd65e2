/* text.c: a bounded string, and numbers without printf. Addresses and words are in text_words.c.
 * Knows no file and no locale. */
#include "base/text.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

enum { UINT64_DIGITS = 20 };

static const char two_digits[] = "00010203040506070809"
                                 "10111213141516171819"
                                 "20212223242526272829"
                                 "30313233343536373839"
                                 "40414243444546474849"
                                 "50515253545556575859"
                                 "60616263646566676869"
                                 "70717273747576777879"
                                 "80818283848586878889"
                                 "90919293949596979899";
static const char hex_digits[] = "0123456789abcdef";

struct text text_of(char *storage, size_t size)
{
	assert(size > 0);
	storage[0] = '\0';
	return (struct text){.bytes = storage, .len = 0, .size = size, .cut = false};
}

void text_clear(struct text *t)
{
	t->len = 0;
	t->cut = false;
	t->bytes[0] = '\0';
}

/* Drops the beginning of a character whose end did not fit. */
static void trim_partial(struct text *t)
{
	size_t start = t->len;
	uint32_t code;
	while (start > 0 && t->len - start < 4) {
		uint8_t byte = (uint8_t)t->bytes[--start];
		if ((byte & 0xC0) == 0x80)
			continue;
		if (byte >= 0xC0 && utf8_read(t->bytes + start, t->len - start, &code) == 0)
			t->len = start;
		break;
	}
}

/* What fits of bytes that do not; nothing is added to a text that has been cut before. */
static void add_cut(struct text *t, const char *bytes)
{
	if (t->cut)
		return;
	size_t room = t->size - 1 - t->len;
	memcpy(t->bytes + t->len, bytes, room);
	t->len += room;
	t->cut = true;
	trim_partial(t);
	t->bytes[t->len] = '\0';
}

void text_add_bytes(struct text *t, const char *bytes, size_t n)
{
	if (n == 0)
		return;
	if (n >= t->size - t->len || t->cut) {
		add_cut(t, bytes);
		return;
	}
	memcpy(t->bytes + t->len, bytes, n);
	t->len += n;
	t->bytes[t->len] = '\0';
}

void text_add(struct text *t, const char *s)
{
	text_add_bytes(t, s, strlen(s));
}

void text_add_char(struct text *t, char c)
{
	text_add_bytes(t, &c, 1);
}

void text_add_chars(struct text *t, char c, size_t n)
{
	size_t room = t->size - 1 - t->len;
	if (t->cut)
		return;
	t->cut = n > room;
	if (n > room)
		n = room;
	memset(t->bytes + t->len, c, n);
	t->len += n;
	t->bytes[t->len] = '\0';
}

/* The decimal digits so that they end before `end`; where they start. */
static char *put_uint(char *end, uint64_t value)
{
	while (value >= 100) {
		end -= 2;
		memcpy(end, two_digits + value % 100 * 2, 2);
		value /= 100;
	}
	if (value < 10) {
		*--end = (char)('0' + value);
		return end;
	}
	end -= 2;
	memcpy(end, two_digits + value * 2, 2);
	return end;
}

void text_add_uint(struct text *t, uint64_t value)
{
	char digits[UINT64_DIGITS];
	char *end = digits + sizeof digits;
	char *start = put_uint(end, value);
	text_add_bytes(t, start, (size_t)(end - start));
}

/* The absolute value, INT64_MIN included. */
static uint64_t magnitude(int64_t value)
{
	return value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

static void add_sign(struct text *t, int64_t value)
{
	if (value < 0)
		text_add_char(t, '-');
}

void text_add_int(struct text *t, int64_t value)
{
	add_sign(t, value);
	text_add_uint(t, magnitude(value));
}

void text_add_uint_pad(struct text *t, uint64_t value, int width)
{
	char digits[UINT64_DIGITS];
	char *end = digits + sizeof digits;
	char *start = put_uint(end, value);
	int zeros = width - (int)(end - start);
	if (zeros > 0)
		text_add_chars(t, '0', (size_t)zeros);
	text_add_bytes(t, start, (size_t)(end - start));
}

void text_add_hex(struct text *t, uint64_t value, int width)
{
	char digits[16];
	char *end = digits + sizeof digits;
	char *start = end;
	do {
		*--start = hex_digits[value & 0xF];
		value >>= 4;
	} while (value > 0);
	int zeros = width - (int)(end - start);
	if (zeros > 0)
		text_add_chars(t, '0', (size_t)zeros);
	text_add_bytes(t, start, (size_t)(end - start));
}

void text_add_hex_bytes(struct text *t, const uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char two[2] = {hex_digits[bytes[i] >> 4], hex_digits[bytes[i] & 0xF]};
		text_add_bytes(t, two, 2);
	}
}

void text_addv(struct text *t, const char *format, va_list args)
{
	if (t->cut)
		return;
	size_t room = t->size - t->len;
	int n = vsnprintf(t->bytes + t->len, room, format, args);
	if (n < 0) { /* no memory, or a format the C library refuses: nothing was added */
		t->bytes[t->len] = '\0';
		t->cut = true;
		return;
	}
	t->cut = (size_t)n >= room;
	t->len += t->cut ? room - 1 : (size_t)n;
	if (t->cut)
		trim_partial(t);
	t->bytes[t->len] = '\0';
}

void text_addf(struct text *t, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	text_addv(t, format, args);
	va_end(args);
}

void text_add_seconds(struct text *t, int64_t ns)
{
	uint64_t all = magnitude(ns);
	char digits[UINT64_DIGITS + 1];
	char *end = digits + sizeof digits;
	char *point = end - 10;
	/* a 1 in front keeps the zeros; the point then takes its place */
	(void)put_uint(end, all % 1000000000 + 1000000000);
	*point = '.';
	char *start = put_uint(point, all / 1000000000);
	add_sign(t, ns);
	text_add_bytes(t, start, (size_t)(end - start));
}

void text_add_ms(struct text *t, int64_t ns)
{
	uint64_t us = magnitude(ns) / 1000;
	add_sign(t, us > 0 ? ns : 0);
	text_add_uint(t, us / 1000);
	text_add_char(t, '.');
	text_add_uint_pad(t, us % 1000, 3);
}
