/* replay.c: see replay.h. */
#include "runner/replay.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "runner/place.h"
#include "runner/probe.h"
#include "runner/progress.h"
#include "runner/recording.h"

enum { MOST_WORDS = 8 };

/* execv() wants words that may be changed: copies of ours. Returns only when it has failed. */
static int become(const char *program, const char *const *words, struct err *err)
{
	char path[PATH_MAX];
	char *argv[MOST_WORDS + 1] = {NULL};
	if (place_program(path, sizeof path, program, err) < 0)
		return -1;
	for (int i = 0; i < MOST_WORDS && words[i] != NULL; i++)
		argv[i] = strdup(words[i]); /* without memory the line ends early, and is refused */
	(void)fflush(NULL);                 /* what waits would be lost */
	(void)execv(path, argv);
	return err_errno(err, _("cannot run %s"), path);
}

int replay_show(const struct replay *replay, struct err *err)
{
	char path[PATH_MAX];
	if (!recording_path(path, replay->lab, replay->variant, replay->fault))
		return err_set(err, _("lab %s has no recorded run of this (%s)"), replay->lab->id,
		               path);
	bool screen =
	        replay->format == NULL && isatty(STDIN_FILENO) != 0 && isatty(STDOUT_FILENO) != 0;
	if (replay->pace != NULL && !screen)
		return err_set(err, "%s", _("--pace is for the screen, on a terminal"));
	progress_note(replay->lab->id, PROGRESS_RUN, NULL);
	(void)fprintf(stderr, _("wirelab: this is the recorded run of the kit, not one of now\n"));
	if (screen) {
		const char *const words[] = {"wirelab-tui", "-r",
		                             path,          replay->pace ? "--pace" : NULL,
		                             replay->pace,  NULL};
		return become("wirelab-tui", words, err);
	}
	const char *const words[] = {"wirelab-trace",
	                             "-r",
	                             path,
	                             "-o",
	                             replay->format ? replay->format : "text",
	                             replay->quiet ? "-q" : NULL,
	                             NULL};
	return become("wirelab-trace", words, err);
}

void replay_offer(const struct lab *lab, const char *variant, const char *fault)
{
	char path[PATH_MAX];
	bool can_run = probe_namespaces() == 0 && probe_capture_inside() == 0;
	if (!can_run && recording_path(path, lab, variant, fault))
		(void)fprintf(stderr, _("wirelab: with --replay you see a recorded run instead\n"));
}
