/* nearest.h: "did you mean". */
#ifndef WIRELAB_RUNNER_NEAREST_H
#define WIRELAB_RUNNER_NEAREST_H

#include "base/text.h"

/* Appends to t those of the n words that are nearest to `word` (a part of it, or few letters
 * away), separated by ", "; all of them when none is near. */
void nearest_words(struct text *t, const char *word, const char *const *words, size_t n);

#endif
