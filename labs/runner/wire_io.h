/* wire_io.h: the wire's loop: cables, clock and pipes around the pure middle (wire_plan.h). */
#ifndef WIRELAB_RUNNER_WIRE_IO_H
#define WIRELAB_RUNNER_WIRE_IO_H

#include <stdbool.h>

#include "base/err.h"
#include "base/vocab.h"
#include "runner/wire_fault.h"

/* What it is connected to. */
struct wire_ends {
	int cable_fd[N_SIDES]; /* cable_open_socket() */
	int told_fd;    /* takes struct wire_told, one a message; its end of file asks to stop */
	int log_fd;     /* takes the pcapng stream */
	int control_fd; /* lines of wire_command(); its end of file lets all go; -1: none */
};

struct wire_io;

/* Everything that needs memory or a mapping; wire_io_run() can be confined. `faults` is borrowed.
 * NULL with a message. */
struct wire_io *wire_io_new(const struct wire_faults *faults, bool hold,
                            const struct wire_ends *ends, struct err *err);

/* Carries frames until it is told to stop and nothing is on the wire any more. The exit status. */
int wire_io_run(struct wire_io *io);

#endif
