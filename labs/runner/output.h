/* output.h: did what was printed arrive? */
#ifndef WIRELAB_RUNNER_OUTPUT_H
#define WIRELAB_RUNNER_OUTPUT_H

/* Writes what waits for standard output. The exit status: 0, or 2 with a message on stderr when it,
 * or anything printed before, could not be written. */
int output_status(void);

#endif
