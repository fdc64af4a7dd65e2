/* calls_names.h: names of the numbers in arguments: a table a family, and the two ways to say what
 * is in one: a single name, or flags joined by blanks. */
#ifndef WIRELAB_RUNNER_CALLS_NAMES_H
#define WIRELAB_RUNNER_CALLS_NAMES_H

#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

struct call_name {
	uint64_t value;
	const char *name;
};

/* The name of the value, or the value itself. */
void names_say(struct text *t, uint64_t value, const struct call_name *names, size_t n);

/* The names of all bits that are set, with `between` before each but the first; bits without a name
 * as one hexadecimal number. Nothing for 0. */
void names_say_flags(struct text *t, uint64_t value, const struct call_name *names, size_t n,
                     const char *between);

/* "ECONNREFUSED"; the number for one that no socket gives. */
void names_say_error(struct text *t, int error);

#endif
