/* loop.h: waits for keys, lines of the source, signals and the pace; draws at most so many times a
 * second. The only part that looks at a clock. */
#ifndef WIRELAB_TUI_LOOP_H
#define WIRELAB_TUI_LOOP_H

#include "source.h"
#include "term.h"
#include "ui.h"

enum { LOOP_FRAMES_PER_SECOND = 30 };

struct loop_options {
	bool ascii;
	int wire_fd; /* takes the commands to the emulated wire; -1: none */
};

/* Runs until the person quits or a signal asks to end. 0, or -1 with a message. */
int loop_run(struct ui *ui, struct source *source, struct terminal *term,
             const struct loop_options *options, struct err *err);

#endif
