/* lines.c: see lines.h. A line longer than the buffer is dropped whole: no event is that long. */
#include "lines.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

bool lines_fill(struct lines *l)
{
	memmove(l->bytes, l->bytes + l->at, l->end - l->at);
	l->end -= l->at;
	l->at = 0;
	if (l->end == sizeof l->bytes) {
		l->skipping = true;
		l->end = 0;
	}
	ssize_t n = read(l->fd, l->bytes + l->end, sizeof l->bytes - l->end);
	if (n > 0)
		l->end += (size_t)n;
	else if (n == 0 || (errno != EAGAIN && errno != EINTR))
		l->ended = true;
	return !l->ended;
}

const char *lines_take(struct lines *l, size_t *n)
{
	for (;;) {
		char *start = l->bytes + l->at;
		char *newline = memchr(start, '\n', l->end - l->at);
		if (!newline)
			return NULL;
		*n = (size_t)(newline - start);
		l->at += *n + 1;
		if (!l->skipping)
			return start;
		l->skipping = false; /* that was the end of the long one */
	}
}
