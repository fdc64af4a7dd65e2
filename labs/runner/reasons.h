/* reasons.h: what could not be set up for a run, and why not, in one line that ends as a note:
 * "/proc (Permission denied); congestion control bbr (this kernel does not have it)". */
#ifndef WIRELAB_RUNNER_REASONS_H
#define WIRELAB_RUNNER_REASONS_H

#include "base/text.h"

void reasons_add(struct text *reasons, const char *what, const char *why);

/* The same with what errno says. */
void reasons_add_errno(struct text *reasons, const char *what);

#endif
