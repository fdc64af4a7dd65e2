/* value_text.c: members that are strings: texts, words, addresses and bytes in hexadecimal. */
#include "event/schema.h"

#include <arpa/inet.h>
#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_WORD = 64 }; /* longer than any word or address of the stream */

/* ---- texts: char arrays, terminated ---- */
static void write_text(struct text *t, const struct member *m, const uint8_t *e)
{
	const char *s = (const char *)e + m->at;
	json_quote(t, s, strnlen(s, m->size));
}

static bool read_text(const struct json_member *value, const struct member *m, uint8_t *e)
{
	return json_get_string(value, (char *)e + m->at, m->size) >= 0;
}

static bool has_text(const struct member *m, const uint8_t *e)
{
	return e[m->at] != '\0';
}

const struct codec type_text = {write_text, read_text, NULL, NULL};
const struct codec type_text_if = {write_text, read_text, has_text, NULL};

/* A short string without escapes that matter. False: not a string, or too long to be one of ours.
 */
static bool get_word(const struct json_member *value, char word[MAX_WORD])
{
	long n = json_get_string(value, word, MAX_WORD);
	return n >= 0 && n < MAX_WORD - 1;
}

/* ---- words of an enum or of a bool ---- */
static void write_word(struct text *t, const struct member *m, const uint8_t *e)
{
	unsigned value = (unsigned)field_load(e, m->at, m->size);
	assert(value < m->words->n);
	text_add_char(t, '"');
	text_add(t, m->words->name(value));
	text_add_char(t, '"');
}

static bool read_word(const struct json_member *value, const struct member *m, uint8_t *e)
{
	char word[MAX_WORD];
	int found = get_word(value, word) ? words_find(m->words, word) : -1;
	return found >= 0 && field_store(e, m->at, m->size, (uint64_t)found);
}

static bool is_true(const struct member *m, const uint8_t *e)
{
	return field_load(e, m->at, m->size) != 0;
}

const struct codec type_word = {write_word, read_word, NULL, NULL};
const struct codec type_word_true = {write_word, read_word, is_true, NULL};

/* ---- errors of calls ---- */
static const char other_errno[] = "errno ";

static void write_errno(struct text *t, const struct member *m, const uint8_t *e)
{
	int32_t error = (int32_t)field_load_signed(e, m->at, m->size);
	const char *name = errno_name(error);
	text_add_char(t, '"');
	text_add(t, name ? name : other_errno);
	if (!name)
		text_add_int(t, error);
	text_add_char(t, '"');
}

static bool read_errno(const struct json_member *value, const struct member *m, uint8_t *e)
{
	char word[MAX_WORD];
	if (json_get_string(value, word, sizeof word) < 0)
		return false;
	int32_t error = errno_number(word);
	if (error == 0 && strncmp(word, other_errno, sizeof other_errno - 1) == 0)
		error = (int32_t)strtol(word + sizeof other_errno - 1, NULL, 10); /* 0: refused */
	return error != 0 && field_store_signed(e, m->at, m->size, error);
}

static bool is_errno(const struct member *m, const uint8_t *e)
{
	return field_load(e, m->at, m->size) != 0;
}

const struct codec type_errno = {write_errno, read_errno, is_errno, NULL};

/* ---- addresses ---- */
static struct addr load_addr(const struct member *m, const uint8_t *e)
{
	struct addr addr;
	memcpy(&addr, e + m->at, sizeof addr);
	return addr;
}

static void write_addr(struct text *t, const struct member *m, const uint8_t *e)
{
	struct addr addr = load_addr(m, e);
	text_add_char(t, '"');
	text_add_addr(t, &addr);
	text_add_char(t, '"');
}

/* Reads an address of that version. */
static bool read_version(const struct json_member *value, const struct member *m, uint8_t *e,
                         uint8_t version)
{
	char word[MAX_WORD];
	struct addr addr = {.version = version};
	if (!get_word(value, word) ||
	    inet_pton(version == 4 ? AF_INET : AF_INET6, word, addr.bytes) != 1)
		return false;
	memcpy(e + m->at, &addr, sizeof addr);
	return true;
}

static bool read_ipv4(const struct json_member *value, const struct member *m, uint8_t *e)
{
	return read_version(value, m, e, 4);
}

static bool read_ipv6(const struct json_member *value, const struct member *m, uint8_t *e)
{
	return read_version(value, m, e, 6);
}

static bool read_addr(const struct json_member *value, const struct member *m, uint8_t *e)
{
	return read_version(value, m, e, 4) || read_version(value, m, e, 6);
}

static bool is_ipv4(const struct member *m, const uint8_t *e)
{
	return load_addr(m, e).version == 4;
}

static bool is_ipv6(const struct member *m, const uint8_t *e)
{
	return load_addr(m, e).version == 6;
}

static bool is_addr(const struct member *m, const uint8_t *e)
{
	return load_addr(m, e).version != 0;
}

const struct codec type_ipv4 = {write_addr, read_ipv4, is_ipv4, NULL};
const struct codec type_ipv6 = {write_addr, read_ipv6, is_ipv6, NULL};
const struct codec type_addr = {write_addr, read_addr, is_addr, NULL};

/* ---- hexadecimal ---- */
static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One byte of two digits, or -1. */
static int hex_byte(const char *digits)
{
	int high = hex_digit(digits[0]), low = high < 0 ? -1 : hex_digit(digits[1]);
	return low < 0 ? -1 : high << 4 | low;
}

static void write_mac(struct text *t, const struct member *m, const uint8_t *e)
{
	text_add_char(t, '"');
	for (size_t i = 0; i < m->size; i++) {
		if (i > 0)
			text_add_char(t, ':');
		text_add_hex_bytes(t, e + m->at + i, 1);
	}
	text_add_char(t, '"');
}

static bool read_mac(const struct json_member *value, const struct member *m, uint8_t *e)
{
	char word[MAX_WORD];
	if (!get_word(value, word) || strlen(word) != m->size * (size_t)3 - 1)
		return false;
	for (size_t i = 0; i < m->size; i++) {
		int byte = hex_byte(word + 3 * i);
		char after = word[3 * i + 2];
		if (byte < 0 || after != (i + 1 < m->size ? ':' : '\0'))
			return false;
		e[m->at + i] = (uint8_t)byte;
	}
	return true;
}

const struct codec type_mac = {write_mac, read_mac, NULL, NULL};

static size_t hex_count(const struct member *m, const uint8_t *e)
{
	size_t n = (size_t)field_load(e, m->other_at, m->other_size);
	return n < m->size ? n : m->size;
}

static bool has_hex(const struct member *m, const uint8_t *e)
{
	return hex_count(m, e) > 0;
}

static void write_hex(struct text *t, const struct member *m, const uint8_t *e)
{
	text_add_char(t, '"');
	text_add_hex_bytes(t, e + m->at, hex_count(m, e));
	text_add_char(t, '"');
}

static bool read_hex(const struct json_member *value, const struct member *m, uint8_t *e)
{
	size_t n = value->value_len / 2;
	if (value->type != JSON_STRING || value->value_len % 2 != 0 || n > m->size)
		return false;
	for (size_t i = 0; i < n; i++) {
		int byte = hex_byte(value->value + 2 * i);
		if (byte < 0)
			return false;
		e[m->at + i] = (uint8_t)byte;
	}
	return field_store(e, m->other_at, m->other_size, n);
}

const struct codec type_hex = {write_hex, read_hex, has_hex, NULL};
