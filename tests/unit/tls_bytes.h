/* tls_bytes.h: bytes of TLS for the tests, put together from vectors: each has its length in front,
 * which is filled in when the vector is closed. */
#ifndef WIRELAB_TESTS_TLS_BYTES_H
#define WIRELAB_TESTS_TLS_BYTES_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { TLS_BYTES = 1 << 16, TLS_OPEN = 16 };

struct tls_bytes {
	char *bytes; /* of TLS_BYTES */
	size_t n;
	struct {
		size_t at;
		int width;
	} open[TLS_OPEN]; /* vectors that are not closed yet */
	int n_open;
};

static inline struct tls_bytes tls_bytes_new(void)
{
	struct tls_bytes b = {.bytes = calloc(1, TLS_BYTES)};
	if (!b.bytes)
		abort();
	return b;
}

static inline void put(struct tls_bytes *b, const void *bytes, size_t n)
{
	memcpy(b->bytes + b->n, bytes, n);
	b->n += n;
}

/* A number, big-endian, so many bytes wide. */
static inline void put_number(struct tls_bytes *b, uint32_t number, int width)
{
	while (width-- > 0)
		b->bytes[b->n++] = (char)(number >> (8 * width));
}

static inline void put_many(struct tls_bytes *b, char byte, size_t n)
{
	memset(b->bytes + b->n, byte, n);
	b->n += n;
}

#define PUT(b, words) put(b, words, sizeof(words) - 1)

static inline void begin_vector(struct tls_bytes *b, int width)
{
	b->open[b->n_open].at = b->n;
	b->open[b->n_open++].width = width;
	b->n += (size_t)width;
}

static inline void end_vector(struct tls_bytes *b)
{
	size_t at = b->open[--b->n_open].at, end = b->n;
	int width = b->open[b->n_open].width;
	b->n = at;
	put_number(b, (uint32_t)(end - at - (size_t)width), width);
	b->n = end;
}

static inline void begin_record(struct tls_bytes *b, uint8_t type, uint16_t version)
{
	put_number(b, type, 1);
	put_number(b, version, 2);
	begin_vector(b, 2);
}

static inline void begin_handshake(struct tls_bytes *b, uint8_t type)
{
	put_number(b, type, 1);
	begin_vector(b, 3);
}

static inline void begin_extension(struct tls_bytes *b, uint16_t type)
{
	put_number(b, type, 2);
	begin_vector(b, 2);
}

static inline void put_server_name(struct tls_bytes *b, const char *name)
{
	begin_extension(b, 0);
	begin_vector(b, 2);
	put_number(b, 0, 1);
	begin_vector(b, 2);
	put(b, name, strlen(name));
	end_vector(b);
	end_vector(b);
	end_vector(b);
}

static inline void put_alpn(struct tls_bytes *b, const char *first, const char *second)
{
	begin_extension(b, 16);
	begin_vector(b, 2);
	begin_vector(b, 1);
	put(b, first, strlen(first));
	end_vector(b);
	if (second) {
		begin_vector(b, 1);
		put(b, second, strlen(second));
		end_vector(b);
	}
	end_vector(b);
	end_vector(b);
}

/* An extension whose body is a vector of 16-bit numbers; `width` is that of its length. */
static inline void put_numbers(struct tls_bytes *b, uint16_t type, int width,
                               const uint16_t *numbers, size_t n)
{
	begin_extension(b, type);
	begin_vector(b, width);
	for (size_t i = 0; i < n; i++)
		put_number(b, numbers[i], 2);
	end_vector(b);
	end_vector(b);
}

/* The beginning of a hello up to the suites. */
static inline void put_hello_start(struct tls_bytes *b, uint16_t version, char random)
{
	put_number(b, version, 2);
	put_many(b, random, 32);
	begin_vector(b, 1); /* session id */
	end_vector(b);
}

#endif
