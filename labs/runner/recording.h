/* recording.h: the events of a whole run of a lab: one that is made now, by `wirelab run`, or the
 * one that lies in the lab's folder golden/, for machines that can make none. */
#ifndef WIRELAB_RUNNER_RECORDING_H
#define WIRELAB_RUNNER_RECORDING_H

#include <limits.h>

#include "base/err.h"
#include "runner/expect.h"
#include "runner/lab.h"

/* Runs the lab's variant ("": plain) with that fault ("": none). How its programs ended does not
 * matter. 0, or -1 with a message when the run could not be made: it has said why on stderr.
 * *record is to be released in any case. */
int recording_make(struct run_record *record, const struct lab *lab, const char *variant,
                   const char *fault, struct err *err);

/* The path of the recorded run: golden/plain.ndjson, VARIANT.ndjson, VARIANT+FAULT.ndjson. True if
 * there is one. */
bool recording_path(char path[static PATH_MAX], const struct lab *lab, const char *variant,
                    const char *fault);

/* Reads the recorded run. 0, or -1 with a message. */
int recording_load(struct run_record *record, const struct lab *lab, const char *variant,
                   const char *fault, struct err *err);

#endif
