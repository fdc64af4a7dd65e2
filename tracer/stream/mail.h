/* mail.h: a mail on its way: headers (RFC 5322) and the dot that ends it (RFC 5321 section 4.5.2).
 * Its body is passed over. */
#ifndef WIRELAB_STREAM_MAIL_H
#define WIRELAB_STREAM_MAIL_H

#include "stream/dialogue.h"

enum { MAIL_HEADER = 256 };

struct mail {
	struct message message;
	bool in_body;
	bool mid_line;    /* the line before was cut */
	bool bare_before; /* the line before ended in LF alone */
	bool bare, bare_dot;
	uint64_t n_lines, n_stuffed;
	uint64_t content; /* bytes without stuffed dots and the dot at its end */
	size_t header_len;
	char header[MAIL_HEADER]; /* the header at hand, without folding */
};

/* `what` is its first word for people. */
void mail_begin(struct mail *mail, const char *what);

/* A line of it. True: that was the dot at its end. */
bool mail_line(struct mail *mail, struct line line, enum line_end end);

/* Nothing more comes: completes the message. */
void mail_finish(struct mail *mail);

#endif
