/* writer_options.c: options of pcapng blocks: a code, a length, a value padded to 32 bits
 * (draft-ietf-opsawg-pcapng section 3.5). Values are bytes or numbers; numbers change their byte
 * order on the way. */
#include "capture/writer_format.h"

enum { MAX_OPTION = 65535, END_OF_OPTIONS = 0 };

size_t option_put(uint8_t *at, unsigned code, const void *value, size_t n)
{
	if (at) {
		at = put_u16(at, code);
		at = put_u16(at, (unsigned)n);
		(void)put_padded(at, value, n); /* the caller counts */
	}
	return OPTION_HEADER_LEN + padded(n);
}

size_t option_text_len(const char *text)
{
	size_t len = text ? strlen(text) : 0;

	if (len <= MAX_OPTION)
		return len;
	for (len = MAX_OPTION; len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80; len--)
		;
	return len;
}

static const struct option_rule *rule_of(const struct option_rule *rules, size_t n, uint16_t code)
{
	for (size_t i = 0; i < n; i++)
		if (rules[i].code == code)
			return &rules[i];
	return NULL;
}

/* A number of another size than its kind says is bytes that nobody understands: left out. */
static uint8_t *copy_value(uint8_t *at, enum option_kind kind, uint16_t code, struct cursor value,
                           enum order order)
{
	size_t n = cursor_left(&value);

	if (kind == OPTION_BYTES)
		return at + option_put(at, code, value.start + value.at, n);
	if (n != (kind == OPTION_U32 ? 4 : 8))
		return at;
	at = put_u16(put_u16(at, code), (unsigned)n);
	return kind == OPTION_U32 ? put_u32(at, order_u32(&value, order))
	                          : put_u64(at, order_u64(&value, order));
}

static bool is_text(const struct cursor *value, const char *text)
{
	size_t n = cursor_left(value);

	return text && value->start && n == strlen(text) &&
	       memcmp(value->start + value->at, text, n) == 0;
}

uint8_t *options_copy(uint8_t *at, struct cursor *c, enum order order,
                      const struct option_rule *rules, size_t n_rules, const char *not_this)
{
	while (cursor_left(c) > 0) {
		uint16_t code = order_u16(c, order);
		uint16_t len = order_u16(c, order);
		struct cursor value = cursor_sub(c, len);
		cursor_skip(c, -(unsigned)len & 3U);
		if (!cursor_ok(c) || code == END_OF_OPTIONS)
			break;
		const struct option_rule *rule = rule_of(rules, n_rules, code);
		if (rule && !(code == OPTION_COMMENT && is_text(&value, not_this)))
			at = copy_value(at, rule->kind, code, value, order);
	}
	return at;
}
