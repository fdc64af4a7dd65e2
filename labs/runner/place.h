/* place.h: where things lie. Wirelab runs in place from a clone and from an install folder; every
 * path is found from the running program itself, so that a clone can be moved. */
#ifndef WIRELAB_RUNNER_PLACE_H
#define WIRELAB_RUNNER_PLACE_H

#include <stddef.h>

#include "base/err.h"

/* The path of another of our programs ("wirelab-trace"), which lies beside this one. 0, or -1 with
 * a message when it is not there or cannot be run. */
int place_program(char *path, size_t size, const char *name, struct err *err);

/* The labs' sources: the first folder that has a catalogue page (README.md) and is one of
 * ../labs … ../../../../labs above the program, WIRELAB_LABS, the install folder. 0, or -1 with a
 * message. */
int place_labs(char *folder, size_t size, struct err *err);

/* Where the built programs of lab `id` lie: ../labs/ID in a build folder, else the install
 * folder. The folder need not exist. 0, or -1 with a message. */
int place_lab_programs(char *folder, size_t size, const char *id, struct err *err);

#endif
