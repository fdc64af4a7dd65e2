/* ui_write.c: see ui_write.h. */
#include "ui_write.h"

#include <langinfo.h>
#include <string.h>

#include "base/i18n.h"
#include "ui_parts.h"

enum { ROWS_AT_ONCE = 2000, LEAST_WIDTH = 80, MOST_WIDTH = 200 };

/* "some.txt" for some.pcap, "lo.txt" for lo. */
static void suggest(const struct model *model, struct text *t)
{
	const char *slash = strrchr(model->title, '/');
	const char *name = slash ? slash + 1 : model->title;
	text_add_bytes(t, name, strcspn(name, "."));
	text_add(t, t->len > 0 ? ".txt" : "wirelab.txt");
}

/* The question, with as many of the possible forms as leave room for the answer. */
static void add_label(struct text *t, int width)
{
	enum { ALL = 110, SOME = 70 };
	if (width < SOME) {
		text_add(t, _("write to: "));
		return;
	}
	text_add(t, _("write to ("));
	if (width < ALL)
		text_add(t, ".txt .ndjson .pcapng …");
	else
		save_add_suffixes(t);
	text_add(t, "): ");
}

void ui_write_ask(struct ui *ui)
{
	struct ui_write *write = &ui->write;
	struct text label = text_of(write->label, sizeof write->label);
	TEXT(name, PROMPT_MAX);
	if (write->save) {
		ui_say(ui, _("%s is being written; wait"), write->path);
		return;
	}
	add_label(&label, ui->layout.status.w);
	if (write->path[0])
		text_add(&name, write->path);
	else
		suggest(ui->model, &name);
	write->asking = false;
	prompt_open(&ui->prompt, COMMAND_WRITE, write->label, name.bytes);
}

static void begin(struct ui *ui, bool replace)
{
	struct err err;
	int width = ui->layout.status.w;
	width = width < LEAST_WIDTH ? LEAST_WIDTH : width > MOST_WIDTH ? MOST_WIDTH : width;
	const struct save_options options = {
	        .replace = replace,
	        .unicode = strcmp(nl_langinfo(CODESET), "UTF-8") == 0,
	        .width = width,
	};
	ui->write.save = save_begin(ui->model, ui->write.path, &options, &err);
	if (!ui->write.save)
		ui_say(ui, "%s", err.message);
	else
		ui_say(ui, _("writing %s …"), ui->write.path);
}

static void ask_to_replace(struct ui *ui)
{
	struct ui_write *write = &ui->write;
	struct text label = text_of(write->label, sizeof write->label);
	text_addf(&label, _("%s exists; replace it (y/n)? "), write->path);
	write->asking = true;
	prompt_open(&ui->prompt, COMMAND_WRITE, write->label, "");
}

void ui_write_answer(struct ui *ui, const char *text)
{
	struct ui_write *write = &ui->write;
	struct err err;
	if (write->asking && (text[0] == 'y' || text[0] == 'Y')) {
		begin(ui, true);
	} else if (write->asking || text[0] == '\0') {
		ui_say(ui, _("nothing was written"));
	} else {
		struct text path = text_of(write->path, sizeof write->path);
		text_add(&path, text);
		if (save_check(write->path, &err) < 0)
			ui_say(ui, "%s", err.message);
		else if (save_exists(write->path))
			ask_to_replace(ui);
		else
			begin(ui, false);
	}
}

bool ui_write_work(struct ui *ui)
{
	struct ui_write *write = &ui->write;
	struct err err;
	TEXT(report, 400);
	if (!write->save)
		return false;
	int more = save_work(write->save, ROWS_AT_ONCE, &err);
	if (more > 0)
		return true;
	struct save *save = write->save;
	write->save = NULL;
	if (more < 0)
		save_cancel(save);
	else
		more = save_finish(save, &report, &err);
	if (more < 0)
		ui_say(ui, "%s", err.message);
	else
		ui_say(ui, "%s", report.bytes);
	return true; /* there is something new to draw */
}

void ui_write_release(struct ui *ui)
{
	save_cancel(ui->write.save);
	ui->write.save = NULL;
}
