/* list.c: `wirelab list` prints the catalogue. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "runner/commands.h"
#include "runner/guide.h"
#include "runner/output.h"
#include "runner/standing.h"

enum { TITLE_COLUMNS = 52, NAME_COLUMNS = 18 };

/* Text from lab.conf, fit for a terminal, in at least so many columns. */
static void print_cell(const char *text, int columns)
{
	TEXT(safe, LAB_TEXT * 4);
	text_add_terminal(&safe, text, strlen(text));
	printf("%-*s", columns, safe.bytes);
}

static bool is_built(const struct lab *lab)
{
	for (int i = 0; i < lab->n_variants; i++)
		if (!lab_is_built(lab, &lab->variants[i], CLIENT) ||
		    !lab_is_built(lab, &lab->variants[i], SERVER))
			return false;
	return true;
}

static void print_lab(const struct standing *standing)
{
	static const char marks[] = {' ', '~', '+'}; /* as enum progress_state */
	const struct lab *lab = standing->lab;
	printf(" %02d %c ", lab->number, marks[standing->state]);
	print_cell(lab->title, TITLE_COLUMNS);
	printf(_(" %3d min"), lab->minutes);
	if (lab->needs[0] != '\0') {
		printf("  %s ", _("after"));
		print_cell(lab->needs, 0);
	}
	if (!is_built(lab))
		printf("  %s", _("(not built: run `make`)"));
	if (lab->document[0] != '\0') {
		printf("\n      %s ", _("from"));
		print_cell(lab->document, 0);
	}
	for (int i = 1; i < lab->n_variants; i++) {
		printf("\n      ");
		print_cell(lab->variants[i].name, NAME_COLUMNS);
		print_cell(lab->variants[i].title, 0);
	}
	printf("\n");
}

static int print_catalogue(void)
{
	struct err err;
	struct catalogue *catalogue = catalogue_new(&err);
	if (catalogue == NULL) {
		fprintf(stderr, "wirelab: %s\n", err.message);
		return 2;
	}
	struct standings *all = standings_new(catalogue, &err);
	for (int i = 0; all != NULL && i < all->n; i++)
		print_lab(&all->labs[i]);
	printf(_("\n+ done, ~ begun.  wirelab show NN: a lab's page.  wirelab run NN [variant]: "
	         "runs "
	         "it.\n"));
	int status = all == NULL ? guide_complain(&err) : output_status();
	free(all);
	for (int i = 0; i < catalogue->n_bad; i++) {
		fprintf(stderr, "wirelab: %s\n", catalogue->bad[i].err.message);
		status = 2;
	}
	free(catalogue);
	return status;
}

int command_list(int argc, char **argv)
{
	int status;
	const char *usage =
	        _("usage: wirelab list\n"
	          "Lists the labs: number, whether you have done it (+) or begun (~), title, "
	          "minutes, "
	          "which labs\n"
	          "come before, the document that each comes from, and its variants.\n");
	return guide_no_words(argc, argv, usage, &status) ? print_catalogue() : status;
}
