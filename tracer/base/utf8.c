/* utf8.c: UTF-8 by the table of RFC 3629 section 4. Knows no locale. */
#include "base/utf8.h"

/* One row of the RFC's grammar: a lead byte's range, how many bytes follow, and the range of the
 * first of them, which is what rules out overlong forms, surrogates and codes that are too big. */
static const struct form {
	uint8_t first, last;
	uint8_t n_more;
	uint8_t second_min, second_max;
} forms[] = {
        {0xC2, 0xDF, 1, 0x80, 0xBF}, {0xE0, 0xE0, 2, 0xA0, 0xBF}, {0xE1, 0xEC, 2, 0x80, 0xBF},
        {0xED, 0xED, 2, 0x80, 0x9F}, {0xEE, 0xEF, 2, 0x80, 0xBF}, {0xF0, 0xF0, 3, 0x90, 0xBF},
        {0xF1, 0xF3, 3, 0x80, 0xBF}, {0xF4, 0xF4, 3, 0x80, 0x8F},
};

static const struct form *form_of(uint8_t lead)
{
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
		if (lead >= forms[i].first && lead <= forms[i].last)
			return &forms[i];
	return NULL;
}

size_t utf8_read(const char *bytes, size_t n, uint32_t *code)
{
	if (n == 0)
		return 0;
	uint8_t lead = (uint8_t)bytes[0];
	*code = lead;
	if (lead < 0x80)
		return 1;
	const struct form *form = form_of(lead);
	if (!form || n <= form->n_more)
		return 0;
	uint8_t second = (uint8_t)bytes[1];
	if (second < form->second_min || second > form->second_max)
		return 0;
	*code = lead & (0x3FU >> form->n_more);
	for (size_t i = 1; i <= form->n_more; i++) {
		uint8_t next = (uint8_t)bytes[i];
		if ((next & 0xC0) != 0x80)
			return 0;
		*code = *code << 6 | (next & 0x3F);
	}
	return form->n_more + (size_t)1;
}

size_t utf8_write(uint32_t code, char *out)
{
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	size_t n = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	for (size_t i = n - 1; i > 0; i--) {
		out[i] = (char)(uint8_t)(0x80 | (code & 0x3F));
		code >>= 6;
	}
	static const uint8_t lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
	out[0] = (char)(uint8_t)(lead[n] | code);
	return n;
}

bool utf8_is_control(uint32_t code)
{
	return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x061C || code == 0x200E ||
	       code == 0x200F || (code >= 0x2028 && code <= 0x202E) ||
	       (code >= 0x2066 && code <= 0x2069);
}
