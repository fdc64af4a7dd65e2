/* show.c: `wirelab show NN` prints a lab's page, folded to the terminal's width, in a pager when
 * the output is a terminal. */
#include <limits.h>
#include <stdio.h>

#include "base/i18n.h"
#include "runner/commands.h"
#include "runner/files.h"
#include "runner/guide.h"
#include "runner/progress.h"

/* Makes the page of the lab. 0, or -1 with a message. */
static int render(struct buffer *text, const struct lab *lab, struct err *err)
{
	char path[PATH_MAX + sizeof "/README.md"];
	struct page_options options = guide_form();
	struct buffer markdown = {.bytes = NULL};
	(void)snprintf(path, sizeof path, "%s/README.md", lab->folder); /* it fits */
	int result = files_read(&markdown, path, err);
	if (result == 0 && page_render(text, markdown.bytes, markdown.len, &options) < 0)
		result = err_set(err, _("no memory for the page"));
	buffer_release(&markdown);
	return result;
}

static int show(const struct lab *lab, char **words, struct err *err)
{
	struct buffer text = {.bytes = NULL};
	(void)words; /* only the lab */
	int status = render(&text, lab, err) == 0 ? guide_show(&text) : -1;
	if (status == GUIDE_FINE)
		progress_note(lab->id, PROGRESS_SEEN, NULL);
	buffer_release(&text);
	return status;
}

int command_show(int argc, char **argv)
{
	const char *usage =
	        _("usage: wirelab show NN\n"
	          "Shows the page of a lab (\"01\" or \"hello\"), in $PAGER or less on a "
	          "terminal.\n");
	return guide_lab_command(argc, argv, 1, usage, show);
}
