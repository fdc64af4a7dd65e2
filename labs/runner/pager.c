/* pager.c: the part of guide.h that shows long texts on a terminal. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runner/guide.h"
#include "runner/probe.h"

enum { PLAIN_WIDTH = 80, WIDEST = 100, NOT_FOUND = 127 };

/* As wide as the terminal, but no wider than lines are pleasant to read. */
struct page_options guide_form(void)
{
	bool terminal = isatty(STDOUT_FILENO) != 0;
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

/* Shows the text in the pager. False if there is none that works: then nothing was shown. */
static bool show_in_pager(const struct buffer *text)
{
	const char *command = pager();
	if (command[0] == '\0' || text->len == 0)
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

int guide_show(const struct buffer *text)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	bool pages = !text->failed && isatty(STDOUT_FILENO) != 0 &&
	             sigaction(SIGPIPE, &ignore, NULL) == 0 && show_in_pager(text);
	return pages ? GUIDE_FINE : guide_print(text);
}
