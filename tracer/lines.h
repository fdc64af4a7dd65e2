/* lines.h: whole lines from a descriptor that may deliver them in pieces. */
#ifndef WIRELAB_TRACER_LINES_H
#define WIRELAB_TRACER_LINES_H

#include <stdbool.h>
#include <stddef.h>

enum { LINE_MAX_BYTES = 8192 };

struct lines {
	int fd; /* borrowed, non-blocking; -1: none */
	bool ended;
	bool skipping; /* inside a line that is too long: it is dropped */
	size_t at, end;
	char bytes[LINE_MAX_BYTES];
};

/* Reads what is there. False at the end of the file. */
bool lines_fill(struct lines *lines);

/* The next whole line, without its newline; valid until the next lines_fill(). NULL: none yet. */
const char *lines_take(struct lines *lines, size_t *n);

#endif
