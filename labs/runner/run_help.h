/* run_help.h: the text of `wirelab run --help`. */
#ifndef WIRELAB_RUNNER_RUN_HELP_H
#define WIRELAB_RUNNER_RUN_HELP_H

/* Prints it on standard output. */
void run_help(void);

#endif
