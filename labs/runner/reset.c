/* reset.c: `wirelab reset NN`: the skeleton of an exercise again. What the learner has written is
 * kept under another name, never lost. */
#include <limits.h>
#include <stdio.h>

#include "base/i18n.h"
#include "runner/commands.h"
#include "runner/exercise.h"
#include "runner/guide.h"
#include "runner/output.h"

static int reset(const struct lab *lab, char **words, struct err *err)
{
	struct exercise exercise;
	char kept[PATH_MAX];
	(void)words; /* only the lab */
	if (exercise_find(&exercise, lab, err) < 0 ||
	    exercise_reset(&exercise, kept, sizeof kept, err) < 0)
		return -1;
	if (kept[0] != '\0')
		printf(_("What you had is kept: %s\n"), kept);
	printf(_("The skeleton is in    %s\n"), exercise.copy);
	return output_status();
}

int command_reset(int argc, char **argv)
{
	const char *usage = _("usage: wirelab reset NN\n"
	                      "Puts the skeleton of a lab's exercise where your copy is. Yours is "
	                      "kept beside it, as\n"
	                      "FILE.1, FILE.2 and so on.\n");
	return guide_lab_command(argc, argv, 1, usage, reset);
}
