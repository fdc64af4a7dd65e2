/* input.h: the bytes of a capture, from a file or a pipe, unpacked on the way if they are gzip
 * (RFC 1952). One buffer; whoever reads asks for n bytes in one piece and looks at them in place.
 * Knows nothing of capture formats. Private to capture/. */
#ifndef WIRELAB_CAPTURE_INPUT_H
#define WIRELAB_CAPTURE_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { INPUT_SIZE = 512 * 1024 }; /* holds the largest ordinary frame with its headers */

enum input_status {
	INPUT_OK,
	INPUT_AGAIN,  /* a signal came, or a non-blocking descriptor has nothing yet */
	INPUT_END,    /* the input ends before that many bytes */
	INPUT_FAILED, /* input->why says what is wrong */
};

struct gunzip;

struct input {
	int fd;         /* owned */
	uint8_t *bytes; /* the buffer; bytes[at .. end) are there and not yet taken */
	size_t size, at, end;
	uint64_t skip;         /* bytes still to be thrown away before the next ones count */
	uint64_t passed;       /* bytes of the stream before bytes[0] */
	uint64_t file_done;    /* bytes read from the descriptor */
	struct gunzip *gunzip; /* NULL: the bytes are plain */
	const char *why;       /* translated; set by INPUT_FAILED */
};

/* Prepares to read fd, which belongs to the input from now on, also on failure. Reads nothing.
 * 0, or -1 without memory. */
int input_init(struct input *in, int fd);

/* Closes the descriptor and frees the buffer. */
void input_release(struct input *in);

/* Fetches until n bytes stand in one piece at input_bytes(). It takes what the descriptor gives
 * and waits for no more than it needs, and the buffer grows only as bytes really come: a length
 * that lies costs no memory. Moves the buffer: pointers from before are void. */
enum input_status input_fetch(struct input *in, size_t n);

/* The same without a call when the bytes are there already. */
static inline enum input_status input_need(struct input *in, size_t n)
{
	return in->skip == 0 && n <= in->end - in->at ? INPUT_OK : input_fetch(in, n);
}

static inline const uint8_t *input_bytes(const struct input *in)
{
	return in->bytes + in->at;
}

/* Takes n bytes that input_need() has fetched. They stay in place until the next fetch. */
static inline void input_take(struct input *in, size_t n)
{
	in->at += n;
}

/* Throws the next n bytes away, however many, as they come. */
static inline void input_skip(struct input *in, uint64_t n)
{
	in->skip += n;
}

/* Bytes that are there, when the end came before enough of them. */
static inline size_t input_left(const struct input *in)
{
	return in->end - in->at;
}

/* Bytes of the unpacked stream taken so far. */
static inline uint64_t input_position(const struct input *in)
{
	return in->passed + in->at;
}

/* Takes everything from here on as gzip. 0, or -1 without memory. */
int input_gunzip(struct input *in);

#endif
