/* buffer.h: text that grows on the heap, for pages whose length is not known before. A failed
 * allocation makes the error stick: later additions do nothing, and the user asks once, at the
 * end. */
#ifndef WIRELAB_RUNNER_BUFFER_H
#define WIRELAB_RUNNER_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

struct buffer {
	char *bytes; /* owned; not terminated; NULL while empty */
	size_t len, size;
	bool failed;
};

void buffer_add(struct buffer *b, const char *bytes, size_t n);
void buffer_add_string(struct buffer *b, const char *s);
void buffer_add_chars(struct buffer *b, char c, size_t n); /* c, n times */

/* Forgets the text, keeps the memory. */
void buffer_clear(struct buffer *b);

/* Frees the memory; the buffer is empty again. */
void buffer_release(struct buffer *b);

#endif
