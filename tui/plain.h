/* plain.h: events as lines on stdout, where there is no screen to draw on. */
#ifndef WIRELAB_TUI_PLAIN_H
#define WIRELAB_TUI_PLAIN_H

#include "source.h"

/* Prints the source's events in the form of that sink ("text", "ladder") until it ends. 0, or -1
 * with a message. */
int plain_run(struct source *source, const char *form, bool ascii, struct err *err);

#endif
