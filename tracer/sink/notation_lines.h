/* notation_lines.h: what the files behind notation.h share: a line for each kind of event of a run.
 */
#ifndef WIRELAB_SINK_NOTATION_LINES_H
#define WIRELAB_SINK_NOTATION_LINES_H

#include <string.h>

#include "sink/notation.h"

/* Bytes from outside, made safe. */
static inline void notation_outside(struct text *t, const char *s)
{
	text_add_terminal(t, s, strlen(s));
}

void notation_message_line(struct text *t, const struct event *event);
void notation_program_line(struct text *t, const struct event *event);
void notation_output_line(struct text *t, const struct event *event);
void notation_call_line(struct text *t, const struct event *event);
void notation_kernel_line(struct text *t, const struct event *event);
void notation_wire_line(struct text *t, const struct event *event);

#endif
