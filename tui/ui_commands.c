/* ui_commands.c: what each command does, in one table. What a view does by itself never gets
 * here. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "model_parts.h"
#include "ui_parts.h"

static void do_step(struct ui *ui)
{
	model_step(ui->model, 1);
}

static void do_step_back(struct ui *ui)
{
	model_step(ui->model, -1);
}

static void do_pause(struct ui *ui)
{
	model_pause(ui->model, ui->clock_ns);
}

/* The first [ or ] begins slow motion, the next ones change its pace. */
static void change_pace(struct ui *ui, bool slower)
{
	int64_t pace_ns = ui->model->pace_ns;
	if (ui->model->mode == MODE_SLOW)
		pace_ns = slower ? pace_ns * 2 : pace_ns / 2;
	model_slow(ui->model, pace_ns, ui->clock_ns);
}

static void do_slower(struct ui *ui)
{
	change_pace(ui, true);
}

static void do_faster(struct ui *ui)
{
	change_pace(ui, false);
}

static void do_first(struct ui *ui)
{
	model_first(ui->model);
}

static void do_last(struct ui *ui)
{
	model_last(ui->model);
}

static void do_down(struct ui *ui)
{
	model_move(ui->model, 1);
}

static void do_up(struct ui *ui)
{
	model_move(ui->model, -1);
}

static int page(const struct ui *ui)
{
	int height = ui->panes[VIEW_ladder].height;
	return height > 2 ? height - 1 : 1;
}

static void do_page_down(struct ui *ui)
{
	model_move(ui->model, page(ui));
}

static void do_page_up(struct ui *ui)
{
	model_move(ui->model, -page(ui));
}

static void do_goto(struct ui *ui)
{
	prompt_open(&ui->prompt, COMMAND_GOTO, _("frame number: "), "");
}

static void do_mark(struct ui *ui)
{
	model_mark(ui->model);
	if (ui->model->mark == NO_RECORD)
		ui_say(ui, _("no mark any more"));
	else
		ui_say(ui, _("marked: the first line shows the time from here; ' comes back"));
}

static void do_goto_mark(struct ui *ui)
{
	if (!model_goto_mark(ui->model))
		ui_say(ui, _("no mark; M sets one"));
}

static void do_search(struct ui *ui)
{
	prompt_open(&ui->prompt, COMMAND_SEARCH, "/", "");
}

static void next_hit(struct ui *ui, int direction)
{
	if (ui->model->search.pattern[0] == '\0')
		ui_say(ui, _("nothing to look for; / asks what"));
	else if (!model_next_hit(ui->model, direction))
		ui_say(ui, _("%s: not found"), ui->model->search.pattern);
}

static void do_next_hit(struct ui *ui)
{
	next_hit(ui, 1);
}

static void do_previous_hit(struct ui *ui)
{
	next_hit(ui, -1);
}

static void do_filter(struct ui *ui)
{
	prompt_open(&ui->prompt, COMMAND_FILTER, _("show only: "), ui->filter_text);
}

static void do_only(struct ui *ui)
{
	const struct conn_entry *conn = model_conn(ui->model);
	if (ui->model->only_stream != NO_STREAM)
		model_set_stream(ui->model, NO_STREAM);
	else if (conn)
		model_set_stream(ui->model, conn->stream);
	else
		ui_say(ui, _("no connection here"));
}

static void do_roles(struct ui *ui)
{
	if (model_swap_roles(ui->model))
		ui_say(ui, _("client and server exchanged; R exchanges them again"));
	else if (model_conn(ui->model))
		ui_say(ui, _("no guess: the first SYN was seen, and the client sent it"));
	else
		ui_say(ui, _("no connection here"));
}

static void do_messages(struct ui *ui)
{
	model_set_messages(ui->model, !ui->model->hide_messages);
}

static void do_times(struct ui *ui)
{
	ui->model->time_mode = (ui->model->time_mode + 1) % N_TIME_MODES;
}

static void do_proportional(struct ui *ui)
{
	ui->model->proportional = !ui->model->proportional;
}

static void do_relative(struct ui *ui)
{
	ui->model->raw_numbers = !ui->model->raw_numbers;
	ui_say(ui, "%s",
	       ui->model->raw_numbers ? _("sequence numbers as sent")
	                              : _("sequence numbers counted from 0"));
}

static void do_pane(struct ui *ui)
{
	if (ui->main != VIEW_ladder || ui->side < 0)
		ui_say(ui, _("there is no other pane"));
	else
		ui->focus_side = !ui->focus_side;
}

static void do_zoom(struct ui *ui)
{
	ui->zoom = !ui->zoom;
}

static void do_redraw(struct ui *ui)
{
	ui->redraw = true;
}

static void do_quit(struct ui *ui)
{
	ui->quit = true;
}

static void do_nothing(struct ui *ui)
{
	(void)ui; /* Ctrl-Z: the loop has done it */
}

/* Keys that only some views answer; they stand in the help all the same. */
static void do_elsewhere(struct ui *ui)
{
	ui_say(ui, _("nothing here answers that key; ? says where it is used"));
}

/* Between a message and its frames; in other views the key opens what is selected there. */
static void do_link(struct ui *ui)
{
	if (!model_follow_link(ui->model))
		ui_say(ui,
		       _("no message that this belongs to is among the rows (m shows messages)"));
}

static void (*const actions[N_COMMANDS])(struct ui *) = {
        [COMMAND_STEP] = do_step,
        [COMMAND_STEP_BACK] = do_step_back,
        [COMMAND_PAUSE] = do_pause,
        [COMMAND_SLOWER] = do_slower,
        [COMMAND_FASTER] = do_faster,
        [COMMAND_FIRST] = do_first,
        [COMMAND_LAST] = do_last,
        [COMMAND_DOWN] = do_down,
        [COMMAND_UP] = do_up,
        [COMMAND_PAGE_DOWN] = do_page_down,
        [COMMAND_PAGE_UP] = do_page_up,
        [COMMAND_GOTO] = do_goto,
        [COMMAND_MARK] = do_mark,
        [COMMAND_GOTO_MARK] = do_goto_mark,
        [COMMAND_SEARCH] = do_search,
        [COMMAND_NEXT_HIT] = do_next_hit,
        [COMMAND_PREVIOUS_HIT] = do_previous_hit,
        [COMMAND_FILTER] = do_filter,
        [COMMAND_ONLY] = do_only,
        [COMMAND_ROLES] = do_roles,
        [COMMAND_MESSAGES] = do_messages,
        [COMMAND_TIMES] = do_times,
        [COMMAND_PROPORTIONAL] = do_proportional,
        [COMMAND_RELATIVE] = do_relative,
        [COMMAND_PANE] = do_pane,
        [COMMAND_ZOOM] = do_zoom,
        [COMMAND_WRITE] = ui_write_ask,
        [COMMAND_HOLD] = ui_wire_hold,
        [COMMAND_RELEASE] = ui_wire_release,
        [COMMAND_DROP] = ui_wire_drop,
        [COMMAND_DUPLICATE] = ui_wire_duplicate,
        [COMMAND_CORRUPT] = ui_wire_corrupt,
        [COMMAND_CHOOSE] = ui_wire_choose,
        [COMMAND_SUSPEND] = do_nothing,
        [COMMAND_REDRAW] = do_redraw,
        [COMMAND_LEFT] = do_elsewhere,
        [COMMAND_RIGHT] = do_elsewhere,
        [COMMAND_ENTER] = do_link,
        [COMMAND_FORM] = do_elsewhere,
        [COMMAND_DIRECTION] = do_elsewhere,
        [COMMAND_NEARER] = do_elsewhere,
        [COMMAND_FARTHER] = do_elsewhere,
        [COMMAND_WHOLE] = do_elsewhere,
        [COMMAND_BACK] = ui_back,
        [COMMAND_QUIT] = do_quit,
};

bool ui_answers(enum command command)
{
	return actions[command] != NULL;
}

bool ui_command(struct ui *ui, enum command command)
{
	for (int i = 0; i < N_VIEWS && command != COMMAND_NONE; i++)
		if (views[i]->command == command) {
			ui_toggle_view(ui, i);
			return true;
		}
	if (!actions[command])
		return false;
	actions[command](ui);
	model_changed(ui->model);
	return true;
}

/* ---- prompts ---- */

static void search_done(struct ui *ui, const char *text)
{
	enum { AT_ONCE = 5000 };
	model_search(ui->model, text);
	(void)model_work(ui->model, AT_ONCE); /* the rest comes in the next rounds */
	if (text[0])
		next_hit(ui, 1);
}

/* An empty expression shows everything again; a wrong one changes nothing and can be corrected. */
static void filter_done(struct ui *ui, const char *text)
{
	struct err err;
	struct text kept = text_of(ui->filter_text, sizeof ui->filter_text);
	struct event_filter filter = {NULL, NULL};
	text_add(&kept, text);
	if (text[strspn(text, " ")] != '\0') {
		if (filter_compile(&ui->draft, text, NULL, &err) < 0) {
			ui_say(ui, _("%s (f: correct it)"), err.message);
			return;
		}
		ui->filter = ui->draft;
		filter = (struct event_filter){filter_matches, &ui->filter};
	}
	model_set_filter(ui->model, filter, filter.matches ? text : "");
}

static void goto_done(struct ui *ui, const char *text)
{
	char *end;
	errno = 0;
	unsigned long long number = strtoull(text, &end, 10);
	if (errno || end == text || *end)
		ui_say(ui, _("%s is no frame number"), text);
	else if (!model_goto_frame(ui->model, number))
		ui_say(ui, _("no frame %s among the rows"), text);
}

void ui_prompt_done(struct ui *ui)
{
	static void (*const done[N_COMMANDS])(struct ui *, const char *) = {
	        [COMMAND_SEARCH] = search_done,
	        [COMMAND_GOTO] = goto_done,
	        [COMMAND_WRITE] = ui_write_answer,
	        [COMMAND_FILTER] = filter_done,
	};
	enum command command = ui->prompt.command;
	ui->prompt.command = COMMAND_NONE;
	if (done[command])
		done[command](ui, ui->prompt.text);
}
