/* filter_read.c: what a person wrote right of an operator, read in every way that it can be: as a
 * number, a time, an address. Which of them counts, the name left of it decides. */
#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include "filter_parts.h"

/* Digits of a base from *at on. False: none, or too large for int64_t. */
static bool take_digits(const char **at, const char *end, unsigned base, int64_t *value)
{
	const char *start = *at;
	*value = 0;
	for (; *at < end; (*at)++) {
		static const char digits[] = "0123456789abcdef";
		const char *digit = memchr(digits, **at | 0x20, base);
		if (!digit || (**at < '0'))
			break;
		if (*value > (INT64_MAX - 15) / (int64_t)base)
			return false;
		*value = *value * (int64_t)base + (digit - digits);
	}
	return *at > start;
}

bool filter_value_is(const struct filter_value *v, const char *word)
{
	return v->n == strlen(word) && strncasecmp(v->text, word, v->n) == 0;
}

static void read_number(struct filter_value *v)
{
	const char *at = v->text, *end = v->text + v->n;
	bool negative = at < end && *at == '-';
	at += negative;
	bool hex = end - at > 2 && at[0] == '0' && (at[1] | 0x20) == 'x';
	at += hex ? 2 : 0;
	v->is_number = take_digits(&at, end, hex ? 16 : 10, &v->number) && at == end;
	if (negative)
		v->number = -v->number;
	if (filter_value_is(v, "true") || filter_value_is(v, "false")) {
		v->is_number = true;
		v->number = filter_value_is(v, "true");
	}
}

static const struct {
	const char *name;
	int64_t ns;
} units[] = {
        {"", NS_PER_SECOND}, {"s", NS_PER_SECOND}, {"ms", NS_PER_MS}, {"us", NS_PER_US}, {"ns", 1}};

/* "1.5", "200ms", "1700000000.000000001". */
static void read_time(struct filter_value *v)
{
	const char *at = v->text, *end = v->text + v->n;
	int64_t whole, fraction = 0, scale = NS_PER_SECOND;
	bool negative = at < end && *at == '-';
	at += negative;
	if (!take_digits(&at, end, 10, &whole))
		return;
	if (at < end && *at == '.')
		for (at++; at < end && *at >= '0' && *at <= '9' && scale > 1; at++) {
			scale /= 10;
			fraction += (*at - '0') * scale;
		}
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
		if ((size_t)(end - at) != strlen(units[i].name) ||
		    strncasecmp(at, units[i].name, (size_t)(end - at)) != 0)
			continue;
		if (whole >= INT64_MAX / units[i].ns)
			return;
		v->is_time = true;
		v->ns = whole * units[i].ns + fraction / (NS_PER_SECOND / units[i].ns);
		if (negative)
			v->ns = -v->ns;
	}
}

/* "10.0.0.1", "10.0.0.0/8", "::1". */
static void read_addr(struct filter_value *v)
{
	char word[FILTER_TEXT_MAX];
	memcpy(word, v->text, v->n + 1);
	char *slash = strchr(word, '/');
	if (slash)
		*slash = '\0';
	if (inet_pton(AF_INET, word, v->addr.bytes) == 1)
		v->addr.version = 4;
	else if (inet_pton(AF_INET6, word, v->addr.bytes) == 1)
		v->addr.version = 6;
	else
		return;
	int64_t prefix = v->addr.version == 4 ? 32 : 128, most = prefix;
	const char *at = slash ? slash + 1 : NULL, *end = word + v->n;
	if (at && (!take_digits(&at, end, 10, &prefix) || at != end || prefix > most))
		return;
	v->prefix = (unsigned)prefix;
	v->is_addr = true;
}

bool filter_read_value(struct filter_value *v, const char *text, size_t n, bool quoted)
{
	*v = (struct filter_value){.n = n, .quoted = quoted};
	if (n >= sizeof v->text)
		return false;
	memcpy(v->text, text, n);
	read_number(v);
	read_time(v);
	read_addr(v);
	return true;
}
