/* progress_table.c: `wirelab progress`: what was done in each lab, a row a lab. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/i18n.h"
#include "base/text.h"
#include "runner/commands.h"
#include "runner/guide.h"
#include "runner/standing.h"
#include "runner/table.h"

enum { INDENT = 1 };

static const char *const states[] = {"", N_("begun"), N_("done")}; /* as enum progress_state */

static void add_lab(struct text *t, const struct standing *s)
{
	text_add_terminal(t, s->lab->id, strlen(s->lab->id));
}

static void add_state(struct text *t, const struct standing *s)
{
	text_add(t, s->state == PROGRESS_UNTOUCHED ? "" : _(states[s->state]));
}

static void add_predicted(struct text *t, const struct standing *s)
{
	int right = 0, n = s->progress.n_predictions;
	for (int i = 0; i < n; i++)
		right += s->progress.predictions[i].right;
	if (n > 0)
		text_addf(t, _("%d of %d right"), right, n);
}

static void add_count(struct text *t, int count)
{
	if (count > 0)
		text_add_int(t, count);
}

static void add_runs(struct text *t, const struct standing *s)
{
	add_count(t, s->progress.marks[PROGRESS_RUN].count);
}

static void add_hints(struct text *t, const struct standing *s)
{
	add_count(t, s->progress.marks[PROGRESS_HINT].count);
}

static void add_checks(struct text *t, const struct standing *s)
{
	const struct progress_mark *marks = s->progress.marks;
	if (marks[PROGRESS_FAILED].count > 0)
		text_addf(t, _("%d failed"), marks[PROGRESS_FAILED].count);
	if (marks[PROGRESS_FAILED].count > 0 && marks[PROGRESS_PASSED].count > 0)
		text_add(t, ", ");
	if (marks[PROGRESS_PASSED].count > 0)
		text_addf(t, _("%d passed"), marks[PROGRESS_PASSED].count);
}

/* The day on which something was last done there. */
static void add_last(struct text *t, const struct standing *s)
{
	char day[32];
	struct tm tm;
	int64_t last_s = 0;
	for (int kind = 0; kind < N_PROGRESS_KINDS; kind++)
		if (s->progress.marks[kind].last_s > last_s)
			last_s = s->progress.marks[kind].last_s;
	time_t time = (time_t)last_s;
	if (last_s > 0 && localtime_r(&time, &tm) != NULL &&
	    strftime(day, sizeof day, "%Y-%m-%d", &tm) > 0)
		text_add(t, day);
}

static const struct column {
	const char *title;
	void (*add)(struct text *t, const struct standing *standing);
} columns[] = {
        {N_("lab"), add_lab},   {"", add_state},          {N_("predicted"), add_predicted},
        {N_("runs"), add_runs}, {N_("hints"), add_hints}, {N_("checks"), add_checks},
        {N_("last"), add_last},
};
enum { N_COLUMNS = sizeof columns / sizeof *columns };
_Static_assert(N_COLUMNS <= (int)TABLE_MAX_COLUMNS, "the table has room for the columns");
_Static_assert(N_COLUMNS *(LAB_MAX + 1) <= (int)TABLE_MAX_CELLS, "and for the labs");

static void add_cell(struct table *table, const char *text)
{
	buffer_add_string(&table->text, text);
	table_end_cell(table);
}

static void fill(struct table *table, const struct standings *all)
{
	table_start(table, N_COLUMNS);
	table_start_row(table);
	for (size_t i = 0; i < N_COLUMNS; i++)
		add_cell(table, columns[i].title[0] == '\0' ? "" : _(columns[i].title));
	for (int lab = 0; lab < all->n; lab++) {
		table_start_row(table);
		for (size_t i = 0; i < N_COLUMNS; i++) {
			TEXT(cell, 4 * LAB_TEXT);
			columns[i].add(&cell, &all->labs[lab]);
			add_cell(table, cell.bytes);
		}
	}
}

static int print_table(const struct standings *all, struct err *err)
{
	TEXT(summary, 256);
	struct page_options form = guide_form();
	struct buffer out = {.bytes = NULL};
	struct table *table = calloc(1, sizeof *table);
	if (table == NULL)
		return err_errno(err, "%s", _("no memory"));
	fill(table, all);
	table_render(table, INDENT, form.width - INDENT, form.color, &out);
	text_addf(&summary, _("\n%d of %d labs done, %d begun.\n"), all->n_done, all->n,
	          all->n_tried);
	buffer_add_string(&out, summary.bytes);
	int status = guide_show(&out);
	buffer_release(&table->text);
	free(table);
	buffer_release(&out);
	return status;
}

static int progress(void)
{
	struct err err;
	int status = -1;
	struct catalogue *catalogue = catalogue_new(&err);
	struct standings *all = catalogue == NULL ? NULL : standings_new(catalogue, &err);
	if (all != NULL)
		status = print_table(all, &err);
	free(all);
	free(catalogue);
	return status < 0 ? guide_complain(&err) : status;
}

int command_progress(int argc, char **argv)
{
	int status;
	const char *usage =
	        _("usage: wirelab progress\n"
	          "What you have done in each lab: predictions, runs, hints opened, "
	          "checks. It is kept in\n"
	          "$XDG_STATE_HOME/wirelab (~/.local/state/wirelab), a text file a lab.\n");
	return guide_no_words(argc, argv, usage, &status) ? progress() : status;
}
