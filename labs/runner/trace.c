/* trace.c: `wirelab trace …` is the program wirelab-trace that lies beside this one. */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/i18n.h"
#include "runner/commands.h"
#include "runner/place.h"

int command_trace(int argc, char **argv)
{
	(void)argc; /* argv ends with NULL */
	static char name[] = "wirelab-trace";
	char path[PATH_MAX];
	struct err err;
	if (place_program(path, sizeof path, name, &err) == 0) {
		argv[0] = name;
		(void)execv(path, argv); /* returns only when it has failed */
		(void)err_errno(&err, _("cannot run %s"), path);
	}
	fprintf(stderr, "wirelab: %s\n", err.message);
	return 2;
}
