/* screen.h: the TUI of a run: wirelab-tui reads the tracer's events from a pipe and has the
 * terminal for itself; what the supervisor has to say waits until it is gone. */
#ifndef WIRELAB_RUNNER_SCREEN_H
#define WIRELAB_RUNNER_SCREEN_H

#include <sys/types.h>

#include "base/err.h"
#include "runner/plan.h"

struct screen {
	pid_t pid;     /* of wirelab-tui, 0: none runs */
	int events[2]; /* pipe: read end, write end; -1: closed */
	int words_fd;  /* a file in memory for what is said on stderr meanwhile */
	int wire[2];   /* with a wire: the TUI's end, from which commands come; the wire's */
};

/* Makes the pipe and the file, and with a wire what drives it. 0, or -1 with a message. */
int screen_prepare(struct screen *screen, struct run_plan *plan, struct err *err);

/* In the supervisor: its stdout becomes the pipe, its stderr the file. 0, or -1 with errno. */
int screen_redirect(struct screen *screen);

/* Starts wirelab-tui on this terminal. 0, or -1 with a message. */
int screen_start(struct screen *screen, const struct run_plan *plan, struct err *err);

/* Prints what was said meanwhile and closes everything. */
void screen_release(struct screen *screen);

#endif
