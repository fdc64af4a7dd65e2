/* text.h: a bounded string that is appended to. The caller owns the storage; what does not fit is
 * cut (never inside a character of UTF-8) and remembered in `cut`; after that nothing more is added
 * until text_clear(). The string always stays terminated. Fast integer and address formatting for
 * the sinks, which must not call printf for each segment. */
#ifndef WIRELAB_BASE_TEXT_H
#define WIRELAB_BASE_TEXT_H

#include <stdarg.h>

#include "base/vocab.h"

struct text {
	char *bytes; /* borrowed storage, always terminated by '\0' */
	size_t len;  /* bytes used, without the terminator */
	size_t size; /* bytes of storage, at least 1 */
	bool cut;    /* something did not fit */
};

/* Declares a text `name` with `n` bytes of storage on the stack. */
#define TEXT(name, n)                                                                              \
	char name##_bytes[n];                                                                      \
	struct text name = text_of(name##_bytes, sizeof name##_bytes)

struct text text_of(char *storage, size_t size);
void text_clear(struct text *t);

void text_add(struct text *t, const char *s);                     /* a C string */
void text_add_bytes(struct text *t, const char *bytes, size_t n); /* n bytes as they are */
void text_add_char(struct text *t, char c);
void text_add_chars(struct text *t, char c, size_t n);             /* c, n times */
void text_add_uint(struct text *t, uint64_t value);                /* decimal */
void text_add_int(struct text *t, int64_t value);                  /* decimal, with sign if < 0 */
void text_add_uint_pad(struct text *t, uint64_t value, int width); /* decimal, zeros in front */
void text_add_hex(struct text *t, uint64_t value, int width);      /* lower case, zeros in front */
void text_add_hex_bytes(struct text *t, const uint8_t *bytes, size_t n); /* "0aff", two a byte */

/* printf into the text; for sentences, not for the path of each segment. */
void text_addf(struct text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_addv(struct text *t, const char *format, va_list args)
        __attribute__((format(printf, 2, 0)));

/* "127.0.0.1", "::1" (RFC 5952); "-" for no address. */
void text_add_addr(struct text *t, const struct addr *addr);

/* "127.0.0.1:80", "[::1]:80". */
void text_add_endpoint(struct text *t, const struct endpoint *end);

/* Seconds and nine digits, "1700000000.000000001"; negative times get a sign. */
void text_add_seconds(struct text *t, int64_t ns);

/* Milliseconds and three digits, "0.017"; what is below a microsecond is dropped. */
void text_add_ms(struct text *t, int64_t ns);

/* A span for people: "850 ns", "17 us", "1.02 ms", "300 ms", "1.5 s"; at most three significant
 * digits below 1000 s, the rest dropped. */
void text_add_span(struct text *t, int64_t ns);

/* "SYN,ACK", low bit first, "none" without flags. */
void text_add_flags(struct text *t, unsigned flags);

/* Bytes from outside made safe for a terminal: printable ASCII and well-formed UTF-8 stay; control
 * bytes (C0, DEL, C1), controls of writing direction, line separators, broken UTF-8 and backslashes
 * become \n, \t, \r, \\, \xHH (each byte of a character). */
void text_add_safe(struct text *t, const char *bytes, size_t n);

/* The same for the terminal at hand: where the locale's characters are single bytes, a byte from
 * 0x80 on could be a control (C1) to it, so everything outside ASCII is escaped. */
void text_add_terminal(struct text *t, const char *bytes, size_t n);

#endif
