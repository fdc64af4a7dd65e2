/* stages.h: what happens in a run, in order: one table. Each stage begins with an action and lasts
 * until a condition holds; nothing in it waits by sleeping. */
#ifndef WIRELAB_RUNNER_STAGES_H
#define WIRELAB_RUNNER_STAGES_H

#include "runner/supervisor.h"

/* Begins the first stage. */
void stages_begin(struct supervisor *s);

/* Goes on to the next stage as long as the current one is done. False: there is none left. */
bool stages_advance(struct supervisor *s);

/* The deadline has passed: gives up, or gets rougher, as the stage has it. */
void stages_late(struct supervisor *s);

/* True if the stage's condition has to be looked up again and again. */
bool stages_polls(const struct supervisor *s);

/* True until the programs are told to stop: whatever goes wrong now ends the run. */
bool stages_running(const struct supervisor *s);

/* Ends the run from wherever it is, by going to the stage that stops the programs. */
void stages_stop(struct supervisor *s);

/* What is being waited for, for a message: "the client to end". */
void stages_waits_for(const struct supervisor *s, struct text *t);

#endif
