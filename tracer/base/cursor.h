/* cursor.h: the checked reader. All bytes from the wire are read through it: in order, big-endian,
 * never past the end. The first read that does not fit makes the error stick; every later read
 * returns 0, so a parser reads a whole header and tests cursor_ok() once. */
#ifndef WIRELAB_BASE_CURSOR_H
#define WIRELAB_BASE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cursor {
	const uint8_t *start; /* borrowed; the offsets below count from here */
	size_t at;
	size_t end;
	bool failed;
};

static inline struct cursor cursor_of(const uint8_t *data, size_t len)
{
	return (struct cursor){.start = data, .at = 0, .end = len, .failed = false};
}

/* True as long as no read went past the end. */
static inline bool cursor_ok(const struct cursor *c)
{
	return !c->failed;
}

/* Bytes not yet read. */
static inline size_t cursor_left(const struct cursor *c)
{
	return c->end - c->at;
}

/* The next n bytes, or NULL (and the error sticks) when there are fewer. Advances. */
static inline const uint8_t *cursor_take(struct cursor *c, size_t n)
{
	if (c->failed || n > c->end - c->at) {
		c->failed = true;
		return NULL;
	}
	const uint8_t *bytes = c->start + c->at;
	c->at += n;
	return bytes;
}

static inline void cursor_skip(struct cursor *c, size_t n)
{
	(void)cursor_take(c, n); /* the error sticks; nothing else to do with the bytes */
}

static inline uint8_t cursor_u8(struct cursor *c)
{
	const uint8_t *b = cursor_take(c, 1);
	return b ? b[0] : 0;
}

static inline uint16_t cursor_u16(struct cursor *c)
{
	const uint8_t *b = cursor_take(c, 2);
	return b ? (uint16_t)((unsigned)b[0] << 8 | b[1]) : 0;
}

static inline uint32_t cursor_u32(struct cursor *c)
{
	const uint8_t *b = cursor_take(c, 4);
	return b ? (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3] : 0;
}

static inline uint64_t cursor_u64(struct cursor *c)
{
	uint64_t high = cursor_u32(c);
	return high << 32 | cursor_u32(c);
}

/* A cursor over the next n bytes (its error is its own); advances c past them. On a short read
 * both fail. */
static inline struct cursor cursor_sub(struct cursor *c, size_t n)
{
	const uint8_t *bytes = cursor_take(c, n);
	struct cursor sub = cursor_of(bytes, bytes ? n : 0);
	sub.failed = bytes == NULL;
	return sub;
}

/* Forbids reads beyond n more bytes (a length field that is smaller than the buffer). A larger n
 * changes nothing. */
static inline void cursor_limit(struct cursor *c, size_t n)
{
	if (n < c->end - c->at)
		c->end = c->at + n;
}

#endif
