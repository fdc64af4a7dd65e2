/* lines.h: dialogues of lines, as SMTP (RFC 5321), FTP (RFC 959) and others of their age have them:
 * a command is a line, a reply is a number of three digits and words. For blocking sockets, one
 * client a thread. What the commands mean it does not know. */
#ifndef LABS_LIB_LINES_H
#define LABS_LIB_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/net.h"

enum { LINE_BYTES = 1024 };

/* What has come on a connection and not been read yet, and the line that was read last. */
struct lines {
	int fd;
	char waiting[LINE_BYTES];
	size_t n_waiting;
	char line[LINE_BYTES]; /* ends with a 0, without the end of line */
	size_t len;
	bool by_the_book; /* it ended with CR LF, not with LF alone */
};

/* For that socket, of which nothing has been read. */
void lines_init(struct lines *lines, int fd);

/* Reads up to the next end of line, into lines->line. 1: there it is; 0: the other end has closed;
 * -1 with errno: ETIMEDOUT when there was none within limit_ms, EMSGSIZE when the line was too long
 * (all of it is thrown away, the next call reads the next one), or why recv() failed. */
int lines_read(struct lines *lines, int limit_ms);

/* Sends what printf() would print, and CR LF. 0, or -1 with errno. */
int lines_say(struct lines *lines, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Reads one reply, of several lines perhaps ("220-Welcome", "220 to all"), and prints each behind
 * "< ". Its number; the last line stays in lines->line. -1 with errno when there is none. */
int lines_reply(struct lines *lines, int limit_ms);

/* Prints "> " and the command, sends it, reads the reply. Its number, or -1 with errno. */
int lines_ask(struct lines *lines, int limit_ms, const char *format, ...)
        __attribute__((format(printf, 3, 4)));

/* Listens there and calls talk() for each client, in a thread of its own; the socket is closed when
 * it comes back. A client more than there is room for is told `full`. Ends with 0 on SIGTERM. */
_Noreturn void lines_serve(struct place place, void (*talk)(struct lines *lines, void *context),
                           void *context, const char *full);

#endif
