/* hint.c: `wirelab hint NN [1|2|3]`: the next hint of a lab, or the one asked for. Opening one is
 * recorded, for the learner's own eyes; it costs nothing. After a pass all are there to read. */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "runner/commands.h"
#include "runner/guide.h"
#include "runner/progress.h"

enum { INDENT = 2 };

static int count_hints(const struct lab *lab)
{
	int n = 0;
	while (n < LAB_HINTS && lab->hints[n][0] != '\0')
		n++;
	return n;
}

static void add_hint(struct buffer *out, const struct lab *lab, int level, size_t width)
{
	TEXT(title, 128);
	text_addf(&title, _("Hint %d of %d for lab %02d:\n"), level, count_hints(lab), lab->number);
	buffer_add_string(out, title.bytes);
	guide_add_folded(out, "  ", INDENT, lab->hints[level - 1], width);
}

/* What to do when this was not enough. */
static void add_next(struct buffer *out, const struct lab *lab, int opened)
{
	TEXT(line, 256);
	if (opened < count_hints(lab))
		text_addf(&line, _("\nwirelab hint %02d opens the next one.\n"), lab->number);
	else
		text_addf(&line,
		          _("\nThat is all there is to tell. wirelab check %02d says how far you "
		            "are.\n"),
		          lab->number);
	buffer_add_string(out, line.bytes);
}

/* Shows the hints from `first` to `last`, notes that the last was opened. */
static int show(const struct lab *lab, int first, int last, int opened)
{
	struct err err;
	struct buffer out = {.bytes = NULL};
	size_t width = guide_form().width;
	for (int level = first; level <= last; level++)
		add_hint(&out, lab, level, width);
	if (last > opened)
		opened = last;
	add_next(&out, lab, opened);
	int status = guide_print(&out);
	buffer_release(&out);
	if (progress_record_hint(lab->id, opened, &err) < 0)
		(void)guide_complain(&err); /* the hint was shown all the same */
	return status;
}

static int hint(const struct lab *lab, char **words, struct err *err)
{
	const char *level = words[1];
	struct progress progress;
	struct err ignored; /* a file that cannot be read: told when it cannot be written either */
	int n = count_hints(lab);
	if (n == 0)
		return err_set(err, _("lab %s has no hints"), lab->id);
	(void)progress_load(&progress, lab->id, &ignored);
	int opened = progress.marks[PROGRESS_HINT].count;
	opened = opened < n ? opened : n;
	if (level != NULL) {
		int wanted = level[0] - '0';
		if (wanted < 1 || wanted > n || level[1] != '\0')
			return err_set(err, _("lab %s has the hints 1 to %d, and no '%s'"), lab->id,
			               n, level);
		return show(lab, wanted, wanted, opened);
	}
	bool all = progress.marks[PROGRESS_PASSED].count > 0 || opened == n;
	return show(lab, all ? 1 : opened + 1, all ? n : opened + 1, opened);
}

int command_hint(int argc, char **argv)
{
	const char *usage =
	        _("usage: wirelab hint NN [1|2|3]\n"
	          "Opens the next hint for the exercise of a lab: where to look, then "
	          "the idea and the manual\n"
	          "page, then nearly the code. After a pass, or when all are open, shows "
	          "all of them.\n"
	          "With a number, that one.\n");
	return guide_lab_command(argc, argv, 2, usage, hint);
}
