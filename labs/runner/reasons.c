/* reasons.c: see reasons.h. */
#include "runner/reasons.h"

#include <errno.h>
#include <string.h>

void reasons_add(struct text *reasons, const char *what, const char *why)
{
	text_addf(reasons, "%s%s (%s)", reasons->len ? "; " : "", what, why);
}

void reasons_add_errno(struct text *reasons, const char *what)
{
	char storage[128];
	reasons_add(reasons, what, strerror_r(errno, storage, sizeof storage));
}
