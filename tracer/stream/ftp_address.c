/* ftp_address.c: see ftp.h. */
#include <arpa/inet.h>
#include <string.h>

#include "base/text.h"
#include "stream/ftp.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The part up to `delimiter` or the end; takes it and the delimiter away. */
static struct line part_of(struct line *text, char delimiter)
{
	const char *found = text->len > 0 ? memchr(text->bytes, delimiter, text->len) : NULL;
	size_t n = found ? (size_t)(found - text->bytes) : text->len;
	struct line part = {text->bytes, n};
	size_t gone = found ? n + 1 : n;
	text->bytes += gone;
	text->len -= gone;
	return part;
}

/* The digits that it begins with. */
static struct line digits_of(struct line text)
{
	size_t n = 0;
	while (n < text.len && is_digit(text.bytes[n]))
		n++;
	return (struct line){text.bytes, n};
}

bool ftp_read_port(struct line text, struct endpoint *end)
{
	enum { NUMBERS = 6 };
	uint64_t n[NUMBERS];
	while (text.len > 0 && !is_digit(text.bytes[0]))
		text = (struct line){text.bytes + 1, text.len - 1};
	for (int i = 0; i < NUMBERS; i++) {
		struct line part = i < NUMBERS - 1 ? part_of(&text, ',') : digits_of(text);
		if (!line_number(line_trim(part), &n[i]) || n[i] > 255)
			return false;
	}
	*end = (struct endpoint){.addr = {.version = 4}, .port = (uint16_t)(n[4] << 8 | n[5])};
	for (int i = 0; i < 4; i++)
		end->addr.bytes[i] = (uint8_t)n[i];
	return true;
}

static bool read_port_number(struct line text, uint16_t *port)
{
	uint64_t number;
	if (!line_number(text, &number) || number > UINT16_MAX)
		return false;
	*port = (uint16_t)number;
	return true;
}

bool ftp_read_eprt(struct line text, struct endpoint *end)
{
	TEXT(address, INET6_ADDRSTRLEN);
	char delimiter = text.len > 0 ? text.bytes[0] : '\0';
	(void)part_of(&text, delimiter); /* what is before the first one: nothing */
	struct line family = part_of(&text, delimiter), host = part_of(&text, delimiter);
	bool is_6 = line_is(family, "2");
	*end = (struct endpoint){.addr = {.version = is_6 ? 6 : 4}};
	text_add_bytes(&address, host.bytes, host.len);
	return (is_6 || line_is(family, "1")) && !address.cut &&
	       inet_pton(is_6 ? AF_INET6 : AF_INET, address.bytes, end->addr.bytes) == 1 &&
	       read_port_number(part_of(&text, delimiter), &end->port);
}

bool ftp_read_epsv(struct line text, uint16_t *port)
{
	enum { DELIMITERS = 3 };
	(void)part_of(&text, '('); /* words for people */
	char delimiter = text.len > 0 ? text.bytes[0] : '\0';
	for (int i = 0; i < DELIMITERS; i++)
		if (part_of(&text, delimiter).len > 0)
			return false;
	struct line number = part_of(&text, delimiter);
	return text.len > 0 && text.bytes[0] == ')' && read_port_number(number, port);
}
