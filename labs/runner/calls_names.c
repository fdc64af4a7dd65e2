/* calls_names.c: see calls_names.h. */
#include "runner/calls_names.h"

#include <errno.h>

enum { HEX_DIGITS_MAX = 16 };

void names_say(struct text *t, uint64_t value, const struct call_name *names, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (names[i].value == value) {
			text_add(t, names[i].name);
			return;
		}
	}
	text_add_uint(t, value);
}

static int hex_digits(uint64_t value)
{
	int n = 1;
	while (n < HEX_DIGITS_MAX && value >> 4 * n)
		n++;
	return n;
}

void names_say_flags(struct text *t, uint64_t value, const struct call_name *names, size_t n,
                     const char *between)
{
	const char *before = "";
	for (size_t i = 0; i < n; i++) {
		if (!(value & names[i].value))
			continue;
		text_add(t, before);
		text_add(t, names[i].name);
		before = between;
		value &= ~names[i].value;
	}
	if (value == 0)
		return;
	text_add(t, before);
	text_add(t, "0x");
	text_add_hex(t, value, hex_digits(value));
}

void names_say_error(struct text *t, int error)
{
	static const struct call_name errors[] = {
	        {0, "0"},
	        {ECONNREFUSED, "ECONNREFUSED"},
	        {ECONNRESET, "ECONNRESET"},
	        {ECONNABORTED, "ECONNABORTED"},
	        {ETIMEDOUT, "ETIMEDOUT"},
	        {EHOSTUNREACH, "EHOSTUNREACH"},
	        {ENETUNREACH, "ENETUNREACH"},
	        {EINPROGRESS, "EINPROGRESS"},
	        {EPIPE, "EPIPE"},
	        {EMSGSIZE, "EMSGSIZE"},
	        {EPROTO, "EPROTO"},
	        {EADDRNOTAVAIL, "EADDRNOTAVAIL"},
	        {ENOBUFS, "ENOBUFS"},
	        {ENETDOWN, "ENETDOWN"},
	        {EHOSTDOWN, "EHOSTDOWN"},
	};
	names_say(t, (uint64_t)error, errors, sizeof errors / sizeof *errors);
}
