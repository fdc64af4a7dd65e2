/* input.c: buffered input and gzip. It never seeks, so a pipe does as well as a file, and it never
 * waits for more than was asked, so that a live pipe is read frame by frame. It must not know what
 * the bytes mean. gzip: RFC 1952; several members one after the other are one stream. */
#include "capture/input.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "base/i18n.h"

enum { PACKED_SIZE = 64 * 1024, GZIP_WINDOW = 15 + 16 /* zlib: gzip header and trailer */ };

struct gunzip {
	z_stream stream;
	uint8_t *packed; /* first_len bytes, or PACKED_SIZE if more: what was read ahead */
	size_t packed_size;
	bool inside; /* in the middle of a member */
	bool again;  /* at least one member is complete */
};

int input_init(struct input *in, int fd)
{
	*in = (struct input){.fd = fd, .size = INPUT_SIZE};
	in->bytes = malloc(in->size);
	if (in->bytes)
		return 0;
	input_release(in);
	return -1;
}

static void gunzip_free(struct gunzip *gz)
{
	(void)inflateEnd(&gz->stream); /* fails only for a stream that is not one */
	free(gz->packed);
	free(gz);
}

void input_release(struct input *in)
{
	if (in->gunzip)
		gunzip_free(in->gunzip);
	free(in->bytes);
	(void)close(in->fd); /* it was only read from */
	*in = (struct input){.fd = -1};
}

static enum input_status failed(struct input *in, const char *why)
{
	in->why = why;
	return INPUT_FAILED;
}

/* One read(2). Sets *got. */
static enum input_status read_some(struct input *in, void *bytes, size_t size, size_t *got)
{
	ssize_t n = read(in->fd, bytes, size);

	*got = n > 0 ? (size_t)n : 0;
	in->file_done += *got;
	if (n > 0)
		return INPUT_OK;
	if (n == 0)
		return INPUT_END;
	if (errno == EINTR || errno == EAGAIN)
		return INPUT_AGAIN;
	return failed(in, strerror(errno));
}

/* Refills what inflate() works on. */
static enum input_status refill_packed(struct input *in)
{
	struct gunzip *gz = in->gunzip;
	size_t got = 0;
	enum input_status status = read_some(in, gz->packed, gz->packed_size, &got);

	gz->stream.next_in = gz->packed;
	gz->stream.avail_in = (uInt)got;
	if (status == INPUT_END && gz->inside)
		return failed(in, _("the compressed data is cut off"));
	return status;
}

/* What one call of inflate() answered: go on, or why not. Bytes after the last member that are no
 * gzip are padding, as for gzip(1). */
static enum input_status after_inflate(struct input *in, int answer, bool produced)
{
	struct gunzip *gz = in->gunzip;

	switch (answer) {
	case Z_OK:
	case Z_BUF_ERROR: /* wants more input */
		return INPUT_OK;
	case Z_STREAM_END:
		gz->inside = false;
		gz->again = true;
		return inflateReset(&gz->stream) == Z_OK ? INPUT_OK : failed(in, "zlib");
	case Z_MEM_ERROR:
		return failed(in, strerror(ENOMEM));
	default:
		if (gz->again && !produced && gz->stream.total_out == 0)
			return INPUT_END;
		return failed(in, _("the compressed data is damaged"));
	}
}

/* Unpacks at least one byte behind in->end. */
static enum input_status inflate_some(struct input *in)
{
	struct gunzip *gz = in->gunzip;
	enum input_status status = INPUT_OK;
	size_t room = in->size - in->end;

	gz->stream.next_out = in->bytes + in->end;
	gz->stream.avail_out = (uInt)room;
	while (status == INPUT_OK && gz->stream.avail_out == room) {
		if (gz->stream.avail_in == 0)
			status = refill_packed(in);
		if (status != INPUT_OK)
			break;
		gz->inside = true;
		int answer = inflate(&gz->stream, Z_NO_FLUSH);
		status = after_inflate(in, answer, gz->stream.avail_out != room);
	}
	size_t got = room - gz->stream.avail_out;
	in->end += got;
	return got > 0 ? INPUT_OK : status;
}

static enum input_status fill(struct input *in)
{
	size_t got = 0;

	if (in->gunzip)
		return inflate_some(in);
	enum input_status status = read_some(in, in->bytes + in->end, in->size - in->end, &got);
	in->end += got;
	return status;
}

/* Moves what is left to the front of the buffer. */
static void move_to_front(struct input *in)
{
	size_t left = in->end - in->at;

	if (in->at > 0)
		memmove(in->bytes, in->bytes + in->at, left);
	in->passed += in->at;
	in->at = 0;
	in->end = left;
}

/* Room for at least one more byte, in a place where n in one piece will fit in the end. */
static enum input_status make_room(struct input *in, size_t n)
{
	if (in->at == in->end || n > in->size - in->at)
		move_to_front(in);
	if (in->end < in->size)
		return INPUT_OK;
	assert(in->size > 0); /* input_init() */
	uint8_t *larger = realloc(in->bytes, in->size * 2);
	if (!larger)
		return failed(in, strerror(ENOMEM));
	in->bytes = larger;
	in->size *= 2;
	return INPUT_OK;
}

/* Throws away what is there of the bytes to skip. */
static void work_off_skip(struct input *in)
{
	size_t left = input_left(in);
	size_t n = in->skip < left ? (size_t)in->skip : left;

	in->at += n;
	in->skip -= n;
}

enum input_status input_fetch(struct input *in, size_t n)
{
	work_off_skip(in);
	while (in->skip > 0 || input_left(in) < n) {
		enum input_status status = make_room(in, in->skip > 0 ? 1 : n);
		if (status == INPUT_OK)
			status = fill(in);
		if (status != INPUT_OK)
			return status;
		work_off_skip(in);
	}
	return INPUT_OK;
}

/* The bytes read so far become the first packed ones. */
int input_gunzip(struct input *in)
{
	size_t left = input_left(in);
	struct gunzip *gz = calloc(1, sizeof *gz);

	if (!gz)
		return -1;
	gz->packed_size = left > PACKED_SIZE ? left : PACKED_SIZE;
	gz->packed = malloc(gz->packed_size);
	if (!gz->packed || inflateInit2(&gz->stream, GZIP_WINDOW) != Z_OK) {
		free(gz->packed);
		free(gz);
		return -1;
	}
	memcpy(gz->packed, input_bytes(in), left);
	gz->stream.next_in = gz->packed;
	gz->stream.avail_in = (uInt)left;
	in->gunzip = gz;
	in->at = in->end = 0;
	return 0;
}
