/* ui_wire.c: see ui_wire.h. The commands are those of the runner's wire_plan.h. */
#include "ui_wire.h"

#include <string.h>

#include "base/i18n.h"
#include "ui_parts.h"

static bool is_there(struct ui *ui)
{
	if (!ui->wire.there)
		ui_say(ui, _("there is no wire here: wirelab run NN --wire has one"));
	else if (ui->model->ended)
		ui_say(ui, _("the run has ended, and the wire with it"));
	return ui->wire.there && !ui->model->ended;
}

/* A line that finds no room is left out: nobody types so fast. */
static bool send_line(struct ui *ui, const struct text *line)
{
	struct ui_wire *wire = &ui->wire;
	if (line->cut || line->len > sizeof wire->lines - wire->n)
		return false;
	memcpy(wire->lines + wire->n, line->bytes, line->len);
	wire->n += line->len;
	return true;
}

void ui_wire_hold(struct ui *ui)
{
	TEXT(line, 16);
	if (!is_there(ui))
		return;
	text_add(&line, ui->wire.hold ? "flow\n" : "hold\n");
	if (!send_line(ui, &line))
		return;
	ui->wire.hold = !ui->wire.hold;
	ui_say(ui, "%s",
	       ui->wire.hold ? _("each frame waits on the wire now: . lets the next one go")
	                     : _("the frames flow"));
}

/* Sends the command (a word with a space behind) about the chosen frame; NULL, with a sentence,
 * when there is none. */
static const struct flight *order(struct ui *ui, const char *word)
{
	TEXT(line, 64);
	const struct flight *flight = flights_chosen(&ui->model->flights);
	if (!is_there(ui))
		return NULL;
	if (!flight && ui->wire.hold)
		ui_say(ui, _("no frame is on the wire: somebody must send one first"));
	else if (!flight)
		ui_say(ui, _("no frame is on the wire; H makes them wait there"));
	if (!flight)
		return NULL;
	text_add(&line, word);
	text_add_uint(&line, flight->id);
	text_add_char(&line, '\n');
	return send_line(ui, &line) ? flight : NULL;
}

void ui_wire_release(struct ui *ui)
{
	const struct flight *f = order(ui, "release ");
	if (f)
		ui_say(ui, _("the %s's %s goes on"), side_name(f->from), f->what);
}

void ui_wire_drop(struct ui *ui)
{
	const struct flight *f = order(ui, "drop ");
	if (f)
		ui_say(ui, _("the %s's %s is lost: watch what its sender does"), side_name(f->from),
		       f->what);
}

void ui_wire_duplicate(struct ui *ui)
{
	const struct flight *f = order(ui, "duplicate ");
	if (f)
		ui_say(ui, _("the %s's %s is on the wire twice"), side_name(f->from), f->what);
}

void ui_wire_corrupt(struct ui *ui)
{
	const struct flight *f = order(ui, "corrupt ");
	if (f)
		ui_say(ui, _("a byte of the %s's %s is changed; its checksum is not"),
		       side_name(f->from), f->what);
}

void ui_wire_choose(struct ui *ui)
{
	if (!is_there(ui))
		return;
	flights_choose_next(&ui->model->flights);
}
