/* trace.c: `wirelab trace …` and `wirelab tui …` are the programs wirelab-trace and wirelab-tui
 * that lie beside this one. */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/i18n.h"
#include "runner/commands.h"
#include "runner/place.h"

/* Returns only when it has failed. */
static int become(char *name, char **argv)
{
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

int command_trace(int argc, char **argv)
{
	(void)argc; /* argv ends with NULL */
	static char name[] = "wirelab-trace";
	return become(name, argv);
}

int command_tui(int argc, char **argv)
{
	(void)argc; /* argv ends with NULL */
	static char name[] = "wirelab-tui";
	return become(name, argv);
}
