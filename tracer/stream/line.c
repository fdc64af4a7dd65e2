/* line.c: lines of text and their words, for protocols that are written in lines. */
#include <string.h>
#include <strings.h>

#include "stream/protocol.h"

bool line_take(struct cursor *c, struct line *line)
{
	struct cursor look = *c;
	size_t left = cursor_left(&look);
	const uint8_t *bytes = cursor_take(&look, left);
	const uint8_t *end = bytes && left > 0 ? memchr(bytes, '\n', left) : NULL;
	if (!end)
		return false;
	size_t n = (size_t)(end - bytes);
	cursor_skip(c, n + 1);
	*line = (struct line){(const char *)bytes, n > 0 && bytes[n - 1] == '\r' ? n - 1 : n};
	return true;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

struct line line_word(struct line *line)
{
	struct line word = {line->bytes, 0};
	while (word.len < line->len && !is_blank(line->bytes[word.len]))
		word.len++;
	size_t gone = word.len < line->len ? word.len + 1 : word.len;
	line->bytes += gone;
	line->len -= gone;
	return word;
}

struct line line_trim(struct line line)
{
	while (line.len > 0 && is_blank(line.bytes[0])) {
		line.bytes++;
		line.len--;
	}
	while (line.len > 0 && is_blank(line.bytes[line.len - 1]))
		line.len--;
	return line;
}

bool line_is(struct line line, const char *word)
{
	return strlen(word) == line.len && strncasecmp(line.bytes, word, line.len) == 0;
}

bool line_number(struct line line, uint64_t *number)
{
	enum { DIGITS = 18 }; /* always below 2^63 */
	*number = 0;
	for (size_t i = 0; i < line.len; i++) {
		char c = line.bytes[i];
		if (c < '0' || c > '9' || i == DIGITS)
			return false;
		*number = *number * 10 + (uint64_t)(c - '0');
	}
	return line.len > 0;
}
