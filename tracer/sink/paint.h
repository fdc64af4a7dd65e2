/* paint.h: the colours of the text sinks: six roles, told apart also by people who do not see red
 * and green alike. Colour only ever repeats what the words say. */
#ifndef WIRELAB_SINK_PAINT_H
#define WIRELAB_SINK_PAINT_H

#include "sink/sink.h"

enum paint {
	PAINT_DIM,    /* times, lanes, what can wait */
	PAINT_CLIENT, /* blue */
	PAINT_SERVER, /* orange */
	PAINT_STATE,  /* states of the two ends */
	PAINT_TITLE,  /* what a segment is, in a few words */
	PAINT_ALERT,  /* loss, resets, faults */
	N_PAINTS
};

/* What paint_on() writes with options->marks: this byte plus the role; paint_off(): plus N_PAINTS.
 * Text that was made safe has no such bytes. */
enum { PAINT_MARK = 0x0E };

/* The role of one side. */
static inline enum paint paint_side(enum side side)
{
	return side == CLIENT ? PAINT_CLIENT : PAINT_SERVER;
}

/* Begins and ends a role; both return the bytes added, 0 without colours and marks. */
size_t paint_on(struct text *t, const struct sink_options *options, enum paint paint);
size_t paint_off(struct text *t, const struct sink_options *options);

#endif
