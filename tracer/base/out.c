/* out.c: buffered output whose error sticks; see out.h. Knows nothing of what it writes. */
#include "base/out.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "base/io.h"

int out_init(struct out *out, int fd, size_t size)
{
	assert(size > 0);
	char *storage = malloc(size);
	*out = (struct out){.fd = fd, .error = storage ? 0 : ENOMEM};
	if (!storage)
		return -1;
	out->text = text_of(storage, size);
	return 0;
}

/* Writes straight to the descriptor unless an earlier write has failed. */
static void out_write(struct out *out, const void *bytes, size_t n)
{
	if (out->error == 0 && n > 0 && io_write_all(out->fd, bytes, n) < 0)
		out->error = errno;
}

int out_flush(struct out *out)
{
	out_write(out, out->text.bytes, out->text.len);
	if (out->text.cut && out->error == 0)
		out->error = ENOBUFS; /* somebody asked out_room() for less than it then wrote */
	if (out->text.bytes)
		text_clear(&out->text);
	return out->error == 0 ? 0 : -1;
}

struct text *out_room(struct out *out, size_t n)
{
	assert(n < out->text.size);
	if (n >= out->text.size - out->text.len || out->error != 0)
		(void)out_flush(out); /* the error sticks in out */
	return &out->text;
}

void out_bytes(struct out *out, const void *bytes, size_t n)
{
	if (n < out->text.size) {
		text_add_bytes(out_room(out, n), bytes, n);
		return;
	}
	(void)out_flush(out); /* the error sticks in out */
	out_write(out, bytes, n);
}

int out_release(struct out *out)
{
	int result = out_flush(out);
	free(out->text.bytes);
	out->text = (struct text){0};
	return result;
}
