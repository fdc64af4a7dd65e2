/* http_body.c: where a body ends, and what of it is content: a length, chunks (RFC 9112
 * section 7.1), or the end of the connection. See http.h. */
#include "lib/http.h"

#include <string.h>

/* The steps of a chunk: "a;ext" CR LF, ten bytes, CR LF; the last is "0" CR LF, trailers, CR LF. */
enum step {
	SIZE_FIRST,
	SIZE,
	EXTENSION,
	SIZE_LF,
	DATA,
	DATA_CR,
	DATA_LF,
	TRAILER,
	TRAILER_LINE,
	DONE
};

enum { FRAME_MAX = 8192 }; /* bytes between two pieces of content, all trailers together */

struct http_body http_body_of(const struct http_head *head)
{
	return (struct http_body){.framing = head->framing,
	                          .left = head->framing == HTTP_LENGTH ? head->body_len : 0};
}

static int after_size(const struct http_body *body)
{
	return body->left > 0 ? DATA : TRAILER;
}

/* One byte of a chunk's frame: the next step, or -1 when it does not belong there. */
static int next_step(struct http_body *body, char c)
{
	int digit = http_hex(c);
	switch ((enum step)body->step) {
	case SIZE_FIRST:
	case SIZE:
		if (digit >= 0) {
			bool fits = body->left <= UINT64_MAX / 32;
			body->left = body->left * 16 + (uint64_t)digit;
			return fits ? SIZE : -1;
		}
		if (body->step == SIZE_FIRST)
			return -1;
		return c == '\r' ? SIZE_LF : c == ';' || c == ' ' || c == '\t' ? EXTENSION : -1;
	case EXTENSION:
		return c == '\r' ? SIZE_LF : c == '\n' ? -1 : EXTENSION;
	case SIZE_LF:
		return c == '\n' ? after_size(body) : -1;
	case DATA_CR:
		return c == '\r' ? DATA_LF : -1;
	case DATA_LF:
		return c == '\n' ? SIZE_FIRST : -1;
	case TRAILER: /* at the beginning of a line */
		return c == '\n' ? DONE : c == '\r' ? TRAILER : TRAILER_LINE;
	case TRAILER_LINE:
		return c == '\n' ? TRAILER : TRAILER_LINE;
	case DATA:
	case DONE:
		break; /* have no frame */
	}
	return -1;
}

/* The frame before the next content. True when there is content to come, or nothing more. */
static enum http_part skip_frame(struct http_body *body, const char *bytes, size_t n, size_t *taken)
{
	while (body->step != DATA && body->step != DONE) {
		if (*taken == n)
			return HTTP_MORE;
		body->step = next_step(body, bytes[(*taken)++]);
		if (body->step < 0 || ++body->skipped > FRAME_MAX) {
			body->step = -1;
			return HTTP_BAD;
		}
	}
	body->skipped = 0;
	return body->step == DONE ? HTTP_END : HTTP_PIECE;
}

/* As much content as there is. */
static enum http_part take_content(struct http_body *body, struct text bytes, size_t *taken,
                                   struct text *piece)
{
	bool endless = body->framing == HTTP_UNTIL_CLOSE;
	size_t n = !endless && body->left < bytes.n ? (size_t)body->left : bytes.n;
	if (n == 0)
		return HTTP_MORE;
	*piece = (struct text){bytes.at, n};
	*taken += n;
	body->left -= endless ? 0 : n;
	if (body->framing == HTTP_CHUNKED && body->left == 0)
		body->step = DATA_CR;
	return HTTP_PIECE;
}

enum http_part http_read_body(struct http_body *body, const char *bytes, size_t n, size_t *taken,
                              struct text *piece)
{
	*taken = 0;
	*piece = (struct text){NULL, 0};
	if (body->framing == HTTP_CHUNKED) {
		enum http_part part = body->step < 0 ? HTTP_BAD : skip_frame(body, bytes, n, taken);
		if (part != HTTP_PIECE)
			return part;
	} else if (body->framing != HTTP_UNTIL_CLOSE && body->left == 0) {
		return HTTP_END;
	}
	return take_content(body, (struct text){bytes + *taken, n - *taken}, taken, piece);
}

int http_whole_body(const struct http_head *head, const char *bytes, size_t n, char *content,
                    size_t max, size_t *used)
{
	struct http_body body = http_body_of(head);
	struct text piece;
	size_t len = 0, taken;
	*used = 0;
	if (body.framing == HTTP_LENGTH && body.left > max)
		return -413; /* without waiting for it */
	for (;;) {
		enum http_part part =
		        http_read_body(&body, bytes + *used, n - *used, &taken, &piece);
		*used += taken;
		if (part == HTTP_END)
			return (int)len;
		if (part != HTTP_PIECE)
			return part == HTTP_BAD ? -400 : -1;
		if (piece.n > max - len)
			return -413;
		memcpy(content + len, piece.at, piece.n);
		len += piece.n;
	}
}
