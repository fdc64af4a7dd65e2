/* http.h: what the files of HTTP/1.x share (RFC 9112). */
#ifndef WIRELAB_STREAM_HTTP_H
#define WIRELAB_STREAM_HTTP_H

#include "stream/protocol.h"

enum { HTTP_HEAD_MAX = 64 * 1024, HTTP_QUEUE = 32, HTTP_KEPT_BODY = 240, HTTP_TOKEN = 32 };

/* What a head says about the body behind it and about what comes then (RFC 9112 section 6). */
struct http_head {
	bool is_response;
	unsigned status; /* of a response */
	bool is_head, is_connect;
	bool has_length, bad_length;
	uint64_t length;
	bool has_coding, is_chunked; /* chunked is the last coding */
	bool upgrade;
	char protocol[HTTP_TOKEN]; /* it asks for, or turns to */
	char key[HTTP_TOKEN];      /* Sec-WebSocket-Key or -Accept */
	bool deflates;             /* Sec-WebSocket-Extensions names permessage-deflate */
};

/* Reads a start line and header lines, the empty line included, all of which are there, into the
 * message (names, summary, fields) and *head. False: it does not begin as HTTP does. */
bool http_head_read(struct cursor *in, struct message *m, struct http_head *head);

/* Reads header lines up to the empty one as trailers: fields of the message only. */
void http_trailers_read(struct cursor *in, struct message *m);

/* Passes over empty lines, which may stand in front of a request (RFC 9112 section 2.2). */
void http_pass_empty_lines(struct cursor *in);

/* Bytes up to the end of the first empty line; 0: there is none yet. `*looked` is how far it has
 * looked before, 0 at first: what comes a byte at a time is not looked at again and again. */
size_t http_head_len(const struct cursor *in, size_t *looked);

/* Does it begin with a method that is in common use, or as a response does? Behind bytes that are
 * missing anything less is the rest of a word. */
bool http_is_common(const struct cursor *in);

/* Is this the first line of a request or a response, as far as it goes? */
enum recognised http_recognise_line(struct cursor in);

#endif
