/* opener.h: opens the next file for a process that may not open any. A helper, started before the
 * confinement, keeps the right to open files and nothing else. It never sees a captured byte: it is
 * asked with a time and a number, and makes the name from the pattern it was started with. So
 * whoever should take over the tracer can at most begin such files anew. */
#ifndef WIRELAB_CAPTURE_OPENER_H
#define WIRELAB_CAPTURE_OPENER_H

#include "base/err.h"
#include "capture/rotate.h"

struct opener;

/* Starts the helper, which ends when the opener is closed or this process is gone. Call it before
 * anything is open that a copy of the process should not hold. NULL with a message. */
struct opener *opener_start(const struct rotate_config *config, struct err *err);

/* Creates or empties the file with this name (rotate_name()) and writes it to `name`. A descriptor,
 * the caller's; -1 with a message. */
int opener_open(struct opener *opener, int64_t since_s, uint32_t number, struct text *name,
                struct err *err);

void opener_close(struct opener *opener);

#endif
