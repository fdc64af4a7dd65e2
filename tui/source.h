/* source.h: where the event lines come from: a descriptor, a saved stream, or a tracer that we
 * start. Delivers whole lines, so many at a time that keys are answered in between. */
#ifndef WIRELAB_TUI_SOURCE_H
#define WIRELAB_TUI_SOURCE_H

#include <sys/types.h>

#include "base/err.h"
#include "event/event.h"

struct source {
	int fd;            /* lines come from here, -1: ended */
	int errors_fd;     /* what the tracer has to say, -1: none */
	pid_t pid;         /* the tracer, 0: none, or it has been reaped */
	bool is_file;      /* fd is a plain file: its size is known */
	uint64_t size, at; /* bytes of it, and how many of them have been read */
	bool skipping;     /* inside a line that is too long to be an event */
	size_t begin, end;
	char bytes[2 * EVENT_LINE_MAX];
	size_t n_said;
	char said[512]; /* the beginning of what the tracer wrote to stderr */
};

/* Starts `argv` (argv[0] is its path) and reads its stdout. 0, or -1 with a message. */
int source_start(struct source *source, const char *const argv[], struct err *err);

/* Reads a saved stream: a file, or "-": standard input. 0, or -1 with a message. */
int source_open(struct source *source, const char *path, struct err *err);

/* Reads an open descriptor, which becomes the source's. 0, or -1 with a message. */
int source_adopt(struct source *source, int fd, struct err *err);

/* The next whole line that is here, without newline, valid until the next call; NULL when reading
 * would block or the source has ended (fd is -1 then). */
const char *source_line(struct source *source, size_t *n);

/* Takes what the tracer has written to stderr. */
void source_listen(struct source *source);

/* How the tracer ended, once fd is -1: reaps it. 0: well; -1 with a sentence: it was killed, or
 * failed, and what it said. Waits for it. */
int source_finish(struct source *source, struct err *err);

/* Ends the tracer if it runs, and closes everything. */
void source_release(struct source *source);

#endif
