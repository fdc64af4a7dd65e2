/* words.h: a command line without a shell. CMD is split into words as a shell would split it, and
 * {host} and {port} are replaced; nothing else is special: no variables, no patterns, no pipes. */
#ifndef WIRELAB_RUNNER_WORDS_H
#define WIRELAB_RUNNER_WORDS_H

#include "base/err.h"

enum { WORDS_MAX = 64, WORDS_BYTES = 4096 };

struct words {
	char storage[WORDS_BYTES]; /* the words, one after the other, each terminated */
	char *argv[WORDS_MAX + 1]; /* point into storage; NULL behind the last */
	int n;
};

/* Splits `command` into words. Quotes '…' and "…" keep blanks together, a backslash keeps the next
 * character (inside "…" only \" and \\; inside '…' nothing). {host} and {port} become the values
 * given, inside quotes too. 0, or -1 with a message: no word at all, a quote that is not closed,
 * too long. */
int words_split(struct words *words, const char *command, const char *host, const char *port,
                struct err *err);

#endif
