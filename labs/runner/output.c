/* output.c: see output.h. A full disk is an error of the environment, not silence. */
#include "runner/output.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"

enum { ENVIRONMENT = 2 };

int output_status(void)
{
	int now = fflush(stdout), error = errno;
	if (now == 0 && !ferror(stdout))
		return 0;
	(void)fprintf(stderr, _("wirelab: cannot write to standard output%s%s\n"), now ? ": " : "",
	              now ? strerror(error) : "");
	return ENVIRONMENT;
}
