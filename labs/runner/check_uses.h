/* check_uses.h: what a learner's program has to be compiled with, told by what it includes: files
 * of labs/lib, and libraries. */
#ifndef WIRELAB_RUNNER_CHECK_USES_H
#define WIRELAB_RUNNER_CHECK_USES_H

#include <limits.h>
#include <stdbool.h>

enum { CHECK_USES_MAX = 16, CHECK_USES_NAME = 64 };

struct check_uses {
	char names[CHECK_USES_MAX][CHECK_USES_NAME]; /* "net": of labs/lib/net.c */
	int n;
	bool tls; /* OpenSSL */
};

/* Follows `#include "lib/NAME.h"` from the file `source` into the folder `lib`, and on from there.
 * What cannot be read, or is one too many, is left out: the compiler will say what is missing. */
void check_find_uses(struct check_uses *uses, const char *source, const char *lib);

#endif
