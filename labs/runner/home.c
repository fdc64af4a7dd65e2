/* home.c: bare `wirelab`: where you are, what to do next, and the three commands that matter for
 * it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "runner/commands.h"
#include "runner/guide.h"
#include "runner/output.h"
#include "runner/standing.h"

/* What can be done next in a lab: the first row whose mark it has, and whose other it has not. */
static const struct step {
	enum progress_kind after;   /* N_PROGRESS_KINDS: in any case */
	enum progress_kind without; /* N_PROGRESS_KINDS: in any case */
	bool exercise;              /* only for labs with one */
	struct {
		const char *word, *help;
	} commands[3];
} steps[] = {
        {PROGRESS_FAILED,
         N_PROGRESS_KINDS,
         true,
         {{"watch", N_("checks your program at each save")},
          {"hint", N_("opens the next hint")},
          {"run", N_("shows how ours does it")}}},
        {PROGRESS_RUN, /* as by scripts/demo: before anything was read */
         PROGRESS_SEEN,
         true,
         {{"show", N_("its page: read this first")},
          {"predict", N_("asks what you expect, runs it and compares")},
          {"check", N_("gives you the exercise, then says how far you are")}}},
        {PROGRESS_RUN,
         N_PROGRESS_KINDS,
         true,
         {{"check", N_("gives you the exercise, then says how far you are")},
          {"watch", N_("the same at each save of your file")},
          {"hint", N_("opens the first hint")}}},
        {PROGRESS_PREDICTED,
         N_PROGRESS_KINDS,
         false,
         {{"run", N_("runs it: step through the segments")},
          {"show", N_("the page again")},
          {"predict", N_("the questions again")}}},
        {N_PROGRESS_KINDS,
         N_PROGRESS_KINDS,
         false,
         {{"show", N_("its page: read this first")},
          {"predict", N_("asks what you expect, runs it and compares")},
          {"run", N_("runs it and shows each segment")}}},
};

static bool has_mark(const struct standing *standing, enum progress_kind kind)
{
	return kind != N_PROGRESS_KINDS && standing->progress.marks[kind].count > 0;
}

static const struct step *find_step(const struct standing *standing)
{
	const struct step *step = steps;
	while (step->after != N_PROGRESS_KINDS &&
	       (!has_mark(standing, step->after) || has_mark(standing, step->without) ||
	        (step->exercise && !standing->has_exercise)))
		step++;
	return step;
}

static void print_title(const struct lab *lab)
{
	TEXT(safe, 4 * LAB_TEXT);
	text_add_terminal(&safe, lab->title, strlen(lab->title));
	printf("%02d  %s\n", lab->number, safe.bytes);
}

static void print_steps(const struct standings *all)
{
	const struct standing *next = &all->labs[all->next];
	const struct step *step = find_step(next);
	printf(next->state == PROGRESS_TRIED ? _("You are in lab ") : _("Next is lab "));
	print_title(next->lab);
	printf("\n");
	for (size_t i = 0; i < sizeof step->commands / sizeof *step->commands; i++)
		printf("  wirelab %-8s%02d   %s\n", step->commands[i].word, next->lab->number,
		       _(step->commands[i].help));
	printf(_("\nwirelab list shows all labs, wirelab --help all commands.\n"));
}

static void print_summary(const struct standings *all)
{
	if (all->n_done == 0 && all->n_tried == 0)
		printf(_("Learn TCP/IP by watching real segments: %d labs, none begun yet.\n"),
		       all->n);
	else if (all->n_done == all->n)
		printf(_("All %d labs are done.\n"), all->n);
	else
		printf(_("%d of %d labs done, %d begun.\n"), all->n_done, all->n, all->n_tried);
}

int command_home(void)
{
	struct err err;
	struct catalogue *catalogue = catalogue_new(&err);
	struct standings *all = catalogue == NULL ? NULL : standings_new(catalogue, &err);
	int status = GUIDE_ENVIRONMENT;
	if (all == NULL) {
		(void)guide_complain(&err);
	} else {
		print_summary(all);
		if (all->next >= 0)
			print_steps(all);
		status = output_status();
	}
	free(all);
	free(catalogue);
	return status;
}
