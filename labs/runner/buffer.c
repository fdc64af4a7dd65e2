/* buffer.c: a growing text. */
#include "runner/buffer.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_SIZE = 256 };

/* Makes room for n more bytes. False without memory. */
static bool grow(struct buffer *b, size_t n)
{
	if (b->failed || n > (size_t)-1 / 4 - b->len)
		b->failed = true;
	if (b->failed || n <= b->size - b->len)
		return !b->failed;
	size_t size = b->size > 0 ? b->size : FIRST_SIZE;
	while (size - b->len < n)
		size *= 2;
	char *bytes = realloc(b->bytes, size);
	if (bytes == NULL) {
		b->failed = true;
		return false;
	}
	b->bytes = bytes;
	b->size = size;
	return true;
}

void buffer_add(struct buffer *b, const char *bytes, size_t n)
{
	if (n == 0 || !grow(b, n))
		return;
	memcpy(b->bytes + b->len, bytes, n);
	b->len += n;
}

void buffer_add_string(struct buffer *b, const char *s)
{
	buffer_add(b, s, strlen(s));
}

void buffer_add_chars(struct buffer *b, char c, size_t n)
{
	if (n == 0 || !grow(b, n))
		return;
	memset(b->bytes + b->len, c, n);
	b->len += n;
}

void buffer_clear(struct buffer *b)
{
	b->len = 0;
}

void buffer_release(struct buffer *b)
{
	free(b->bytes);
	*b = (struct buffer){.bytes = NULL};
}
