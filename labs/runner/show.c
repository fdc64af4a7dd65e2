/* show.c: `wirelab show NN` prints a lab's page, folded to the terminal's width, in a pager when
 * the output is a terminal. */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/io.h"
#include "runner/commands.h"
#include "runner/lab.h"
#include "runner/page.h"
#include "runner/probe.h"

enum { PLAIN_WIDTH = 80, WIDEST = 100, NOT_FOUND = 127 };

static void complain(const char *message)
{
	fprintf(stderr, "wirelab: %s\n", message);
}

/* Reads a whole file. 0, or -1 with a message. */
static int read_file(struct buffer *content, const char *path, struct err *err)
{
	char piece[4096];
	size_t n;
	FILE *file = fopen(path, "re");
	if (file == NULL)
		return err_errno(err, _("cannot read %s"), path);
	while ((n = fread(piece, 1, sizeof piece, file)) > 0)
		buffer_add(content, piece, n);
	bool failed = ferror(file) != 0 || content->failed;
	(void)fclose(file); /* was only read */
	return failed ? err_set(err, _("cannot read %s"), path) : 0;
}

/* The page's form: as wide as the terminal, but no wider than lines are pleasant to read. */
static struct page_options options_for(bool terminal)
{
	struct page_options options = {.width = PLAIN_WIDTH, .color = terminal};
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
	struct winsize size;
	if ((no_color != NULL && no_color[0] != '\0') || term == NULL || strcmp(term, "dumb") == 0)
		options.color = false;
	if (terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		options.width = size.ws_col < WIDEST ? size.ws_col : WIDEST;
	return options;
}

/* The pager to use, "" for none. */
static const char *pager(void)
{
	const char *given = getenv("PAGER");
	if (given != NULL)
		return strcmp(given, "cat") == 0 ? "" : given;
	return probe_tool("less") ? "less -R" : "";
}

/* Shows the page in the pager. False if there is none that works: then nothing was shown. */
static bool show_in_pager(const struct buffer *text)
{
	const char *command = pager();
	if (command[0] == '\0')
		return false;
	/* F: do not stay for what fits on one screen; R: let colours through; X: leave it there */
	if (setenv("LESS", "FRX", 0) < 0)
		return false;
	/* PAGER is the user's own command line, and a shell's by custom (man 1 man) */
	FILE *pipe = popen(command, "we"); // NOLINT(cert-env33-c)
	if (pipe == NULL)
		return false;
	(void)fwrite(text->bytes, 1, text->len, pipe); /* fails when the reader leaves early */
	int status = pclose(pipe);
	return !(WIFEXITED(status) && WEXITSTATUS(status) == NOT_FOUND);
}

static int show_text(const struct buffer *text, bool terminal)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	if (terminal && sigaction(SIGPIPE, &ignore, NULL) == 0 && show_in_pager(text))
		return 0;
	if (io_write_all(STDOUT_FILENO, text->bytes, text->len) == 0)
		return 0;
	complain(strerror(errno));
	return 2;
}

/* Makes the page of the lab. 0, or -1 with a message. */
static int render(struct buffer *text, const char *name, bool terminal, struct err *err)
{
	struct catalogue *catalogue = catalogue_new(err);
	if (catalogue == NULL)
		return -1;
	struct page_options options = options_for(terminal);
	struct buffer markdown = {.bytes = NULL};
	const struct lab *lab = catalogue_find(catalogue, name, err);
	int result = -1;
	char path[PATH_MAX + sizeof "/README.md"];
	if (lab != NULL) {
		(void)snprintf(path, sizeof path, "%s/README.md", lab->folder); /* it fits */
		result = read_file(&markdown, path, err);
	}
	if (result == 0 && page_render(text, markdown.bytes, markdown.len, &options) < 0)
		result = err_set(err, _("no memory for the page"));
	buffer_release(&markdown);
	free(catalogue);
	return result;
}

static int show(const char *name)
{
	struct err err;
	struct buffer text = {.bytes = NULL};
	bool terminal = isatty(STDOUT_FILENO) != 0;
	int status = 2;
	if (render(&text, name, terminal, &err) == 0)
		status = show_text(&text, terminal);
	else
		complain(err.message);
	buffer_release(&text);
	return status;
}

int command_show(int argc, char **argv)
{
	static const struct option options[] = {{"help", no_argument, NULL, 'h'}, {0}};
	int option = getopt_long(argc, argv, "h", options, NULL);
	bool asked = option == 'h';
	if (option == -1 && optind + 1 == argc)
		return show(argv[optind]);
	fprintf(asked ? stdout : stderr, _("usage: wirelab show NN\n"
	                                   "Shows the page of a lab (\"01\" or \"hello\"), in "
	                                   "$PAGER or less on a terminal.\n"));
	return asked ? 0 : 2;
}
