/* utf8.h: tells well-formed UTF-8 from anything else (RFC 3629 section 4), and names the
 * characters that could deceive a reader on a terminal. */
#ifndef WIRELAB_BASE_UTF8_H
#define WIRELAB_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of the well-formed character at the start of bytes[0..n), its code in *code; 0 when it is
 * broken, cut off, overlong, a surrogate or beyond U+10FFFF, or when n is 0. */
size_t utf8_read(const char *bytes, size_t n, uint32_t *code);

/* Writes a code of at most U+10FFFF as UTF-8 into out[4]. The number of bytes. */
size_t utf8_write(uint32_t code, char *out);

/* True for what must not reach a terminal as it is: C0, DEL, C1, the controls of writing direction
 * (which can make a line read otherwise than it is), line and paragraph separators. */
bool utf8_is_control(uint32_t code);

#endif
