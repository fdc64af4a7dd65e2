/* replay.h: `wirelab run NN --replay`: the recorded run of a lab, on the screen or as text. */
#ifndef WIRELAB_RUNNER_REPLAY_H
#define WIRELAB_RUNNER_REPLAY_H

#include <stdbool.h>

#include "base/err.h"
#include "runner/lab.h"

struct replay {
	const struct lab *lab;
	const char *variant, *fault; /* "": plain, none */
	const char *format;          /* NULL: the screen on a terminal, else text */
	const char *pace;            /* of the screen, or NULL */
	bool quiet;
};

/* Becomes wirelab-tui or wirelab-trace with the recorded run: returns only when that failed, -1
 * with a message. */
int replay_show(const struct replay *replay, struct err *err);

/* After a run that could not be made: if it is this machine that can make none, and there is a
 * recorded one, says so on stderr. */
void replay_offer(const struct lab *lab, const char *variant, const char *fault);

#endif
