/* list.c: `wirelab list` prints the catalogue. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "runner/commands.h"
#include "runner/lab.h"
#include "runner/output.h"

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

static void print_lab(const struct lab *lab)
{
	printf(" %02d  ", lab->number);
	print_cell(lab->title, TITLE_COLUMNS);
	printf(_(" %3d min"), lab->minutes);
	if (lab->needs[0] != '\0') {
		printf("  %s ", _("after"));
		print_cell(lab->needs, 0);
	}
	if (!is_built(lab))
		printf("  %s", _("(not built: run `make`)"));
	if (lab->document[0] != '\0') {
		printf("\n     %s ", _("from"));
		print_cell(lab->document, 0);
	}
	for (int i = 1; i < lab->n_variants; i++) {
		printf("\n     ");
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
	for (int i = 0; i < catalogue->n_labs; i++)
		print_lab(&catalogue->labs[i]);
	printf(_("\nwirelab show NN: a lab's page.  wirelab run NN [variant]: runs it.\n"));
	int status = output_status();
	for (int i = 0; i < catalogue->n_bad; i++) {
		fprintf(stderr, "wirelab: %s\n", catalogue->bad[i].err.message);
		status = 2;
	}
	free(catalogue);
	return status;
}

int command_list(int argc, char **argv)
{
	static const struct option options[] = {{"help", no_argument, NULL, 'h'}, {0}};
	int option = getopt_long(argc, argv, "h", options, NULL);
	bool asked = option == 'h';
	if (option == -1 && optind == argc)
		return print_catalogue();
	fprintf(asked ? stdout : stderr, _("usage: wirelab list\n"
	                                   "Lists the labs: number, title, minutes, which labs "
	                                   "come before, the document that\n"
	                                   "each comes from, and its variants.\n"));
	return asked ? 0 : 2;
}
