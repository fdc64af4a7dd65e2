/* main.c: the command `wirelab`. The first word says what to do; the table says which words there
 * are. It must not know what the commands do. */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "runner/commands.h"
#include "runner/nearest.h"
#include "runner/output.h"

static const struct command {
	const char *word;
	int (*run)(int argc, char **argv);
	const char *help;
} commands[] = {
        {"list", command_list, N_("list the labs")},
        {"show", command_show, N_("show the page of a lab: wirelab show 01")},
        {"run", command_run, N_("run a lab and see what is on the wire: wirelab run 01")},
        {"predict", command_predict,
         N_("say what you expect, then see what happens: wirelab predict 01")},
        {"check", command_check, N_("check your program for a lab's exercise: wirelab check 01")},
        {"watch", command_watch, N_("check your program at each save: wirelab watch 01")},
        {"hint", command_hint, N_("open the next hint for the exercise: wirelab hint 01")},
        {"solution", command_solution, N_("our program for the exercise, once yours has passed")},
        {"reset", command_reset, N_("start the exercise over; your file is kept")},
        {"progress", command_progress, N_("what you have done so far")},
        {"trace", command_trace, N_("trace an interface or a capture file: wirelab trace -r FILE")},
        {"tui", command_tui, N_("step through a capture or an interface: wirelab tui -r FILE")},
        {"doctor", command_doctor, N_("say what works on this machine, and how to mend the rest")},
};
enum { N_COMMANDS = sizeof commands / sizeof *commands };

static int print_help(void)
{
	printf(_("usage: wirelab COMMAND [WORDS]\n"
	         "Learn TCP/IP by watching real segments.\n\n"));
	for (size_t i = 0; i < N_COMMANDS; i++)
		printf("  %-8s %s\n", commands[i].word, _(commands[i].help));
	printf(_("\n`wirelab COMMAND --help` says more. --version prints the version.\n"
	         "Exit status: 0 fine, 1 a program or a check failed, 2 usage or environment.\n"));
	return output_status();
}

static int unknown(const char *word)
{
	const char *words[N_COMMANDS];
	TEXT(near, 256);
	TEXT(safe, 256);
	for (size_t i = 0; i < N_COMMANDS; i++)
		words[i] = commands[i].word;
	nearest_words(&near, word, words, N_COMMANDS);
	text_add_terminal(&safe, word, strlen(word));
	fprintf(stderr, _("wirelab: there is no command '%s'; there is %s (see wirelab --help)\n"),
	        safe.bytes, near.bytes);
	return 2;
}

/* getopt_long() complains in the name of argv[0]. */
static int call(const struct command *command, int argc, char **argv)
{
	char name[32];
	(void)snprintf(name, sizeof name, "wirelab %s", command->word); /* they are short */
	argv[0] = name;
	return command->run(argc, argv);
}

int main(int argc, char **argv)
{
	i18n_start();
	if (argc < 2)
		return command_home();
	const char *word = argv[1];
	if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
		return print_help();
	if (strcmp(word, "--version") == 0) {
		printf("wirelab %s\n", WIRELAB_VERSION);
		return output_status();
	}
	for (size_t i = 0; i < N_COMMANDS; i++)
		if (strcmp(word, commands[i].word) == 0)
			return call(&commands[i], argc - 1, argv + 1);
	return unknown(word);
}
