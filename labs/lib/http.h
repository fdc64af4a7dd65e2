/* http.h: the messages of HTTP/1.0 and 1.1 (RFC 9110, RFC 9112) as the labs read them: a head, and
 * where the body behind it ends. From bytes that are there already: nothing here waits, sends or
 * knows a socket. Strict where guessing would be dangerous: two lengths, a space before a colon. */
#ifndef LABS_LIB_HTTP_H
#define LABS_LIB_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	HTTP_HEADERS = 64,      /* in one head: more is answered by 431 */
	HTTP_TARGET_MAX = 2048, /* bytes; 414 */
	HTTP_HEAD_MAX = 8192    /* bytes of a head, all in all; 431 */
};

/* Bytes that lie in somebody else's buffer, and are good as long as those are. */
struct text {
	const char *at;
	size_t n;
};

/* How one finds the end of a body (RFC 9112 section 6.3). */
enum http_framing { HTTP_NO_BODY, HTTP_LENGTH, HTTP_CHUNKED, HTTP_UNTIL_CLOSE };

/* A request's or a response's first line and header fields. */
struct http_head {
	struct text method, target; /* of a request */
	int status;                 /* of a response */
	struct text reason;
	int minor; /* of the version: HTTP/1.minor */
	size_t n_headers;
	struct text names[HTTP_HEADERS], values[HTTP_HEADERS];
	enum http_framing framing;
	uint64_t body_len;     /* with HTTP_LENGTH */
	bool keep_alive;       /* the sender means to go on with this connection */
	bool expects_continue; /* it waits for "100 Continue" before it sends its body */
};

/* Reads a request's head from the n bytes. Its length, with the empty line; 0 when there is more to
 * come; or, below 0, the status to refuse it with: -400, -414, -417, -431, -501, -505. */
int http_read_request(struct http_head *head, const char *bytes, size_t n);

/* The same for a response. to_head: the request was a HEAD, so no body follows whatever it says.
 * Below 0: this is no HTTP. */
int http_read_response(struct http_head *head, const char *bytes, size_t n, bool to_head);

/* The value of the first header of that name, in any case; at is NULL if there is none. */
struct text http_header(const struct http_head *head, const char *name);

/* Is `token` in the header's list of words, as in "Connection: close, upgrade"? In any case. */
bool http_lists(const struct http_head *head, const char *name, const char *token);

bool text_is(struct text text, const char *word);
bool text_is_like(struct text text, const char *word); /* in any case */

/* Where one is in a body. {0} is no body; http_body_of() begins one. */
struct http_body {
	enum http_framing framing;
	uint64_t left;  /* of it, or of this chunk */
	int step;       /* inside the framing of chunks */
	size_t skipped; /* bytes since the last content: extensions and trailers have a limit too */
};

enum http_part { HTTP_MORE, HTTP_PIECE, HTTP_END, HTTP_BAD };

struct http_body http_body_of(const struct http_head *head);

/* Goes on in a body. *taken of the n bytes are done with. HTTP_PIECE: *piece is content; HTTP_MORE:
 * all bytes are used up; HTTP_END: the body is complete; HTTP_BAD: this is no chunk. (A body that
 * ends with the connection is HTTP_PIECE and HTTP_MORE for ever.) */
enum http_part http_read_body(struct http_body *body, const char *bytes, size_t n, size_t *taken,
                              struct text *piece);

/* The path of a target ("/a%20b?c" or "http://host/a%20b"), decoded and ended with '\0'; *query is
 * what stands behind "?". False when it is none, too long for `size`, holds a '\0', or has ".." in
 * it and so would lead out of any folder. */
bool http_path(struct text target, char *path, size_t size, struct text *query);

/* Collects the content of a body of which the first n bytes are at `bytes`, from its beginning;
 * into `content` there is room for max. Its length and, in *used, how many bytes it took; -1: it is
 * not whole yet; -400: no chunk; -413: more than max. */
int http_whole_body(const struct http_head *head, const char *bytes, size_t n, char *content,
                    size_t max, size_t *used);

/* The value of a hexadecimal digit, or -1. */
int http_hex(char c);

enum { HTTP_DATE = 32 };

/* The time, as in "Date: Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 section 5.6.7). */
void http_date(char text[HTTP_DATE]);

/* "Not Found" for 404; "Unknown" for what is not in the table. */
const char *http_reason(int status);

#endif
