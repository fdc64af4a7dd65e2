/* ui_bars.c: the first line (where we are, the mode, what was lost) and the last one (keys, prompt,
 * message). What matters most stays longest when the screen is narrow. */
#include <string.h>

#include "base/i18n.h"
#include "explain/elapsed.h"
#include "sink/columns.h"
#include "ui_parts.h"

/* ---- status ---- */

static void add_mode(const struct ui *ui, struct text *t)
{
	const struct model *model = ui->model;
	text_add(t, mode_name(model->mode));
	if (model->mode == MODE_SLOW) {
		text_add_char(t, ' ');
		text_add_span(t, model->pace_ns);
	}
}

static void add_position(const struct ui *ui, struct text *t)
{
	const struct model *model = ui->model;
	uint32_t rows = model_rows(model), behind = model_behind(model);
	uint32_t all = model->mode == MODE_STEP ? rows + behind : rows;
	text_addf(t, "%u/%u", rows ? model_row(model) + 1 : 0, all);
	if (behind > 0 && model->mode != MODE_STEP)
		text_addf(t, " +%u %s", behind, model->mode == MODE_SLOW ? _("waiting") : _("new"));
}

static void add_drops(const struct ui *ui, struct text *t)
{
	const struct model *model = ui->model;
	uint64_t dropped = model->dropped + model->dropped_by_interface;
	if (model->live || dropped > 0)
		text_addf(t, _("dropped %llu"), (unsigned long long)dropped);
}

static void add_progress(const struct ui *ui, struct text *t)
{
	if (ui->source.loading && ui->source.percent >= 0)
		text_addf(t, _("reading %d%%"), ui->source.percent);
	else if (ui->source.loading)
		text_addf(t, _("reading… %llu frames"), (unsigned long long)ui->model->n_frames);
	else if (ui->model->ended && ui->model->live)
		text_add(t, _("ended"));
}

static void add_title(const struct ui *ui, struct text *t)
{
	const char *title = ui->model->title;
	const char *slash = strrchr(title, '/');
	text_add(t, slash && slash[1] ? slash + 1 : title);
}

static void add_search(const struct ui *ui, struct text *t)
{
	const struct search *search = &ui->model->search;
	if (search->pattern[0] == '\0')
		return;
	text_addf(t, "/%s %u/%u", search->pattern, model_hit_number(ui->model), search->hits.n);
	if (search->next < ui->model->log.n)
		text_add(t, "…");
}

static void add_filter(const struct ui *ui, struct text *t)
{
	const struct model *model = ui->model;
	if (model->only_stream != NO_STREAM)
		text_addf(t, _("only #%u"), model->only_stream);
	if (model->expression[0])
		text_addf(t, "%s[%s]", t->len ? " " : "", model->expression);
	if (model->hide_messages)
		text_addf(t, "%s%s", t->len ? " " : "", _("frames only"));
	if (model->is_filtered && model->filtered < model->log.n)
		text_add(t, "…");
}

/* What lies between the mark and the selected row. */
static void add_delta(const struct ui *ui, struct text *t)
{
	const struct model *model = ui->model;
	uint32_t current = model_current(model);
	if (model->mark == NO_RECORD || current == NO_RECORD || model->mark == current)
		return;
	const struct record *mark = log_record(&model->log, model->mark);
	const struct record *record = log_record(&model->log, current);
	int64_t delta_ns = elapsed_ns(mark->time_ns, record->time_ns);
	text_add(t, _("from M: "));
	text_add(t, delta_ns < 0 ? "-" : "");
	text_add_span(t, delta_ns < 0 ? -delta_ns : delta_ns);
}

static void add_times(const struct ui *ui, struct text *t)
{
	static const char *const words[N_TIME_MODES] = {
	        [TIME_SINCE_START] = "",
	        [TIME_SINCE_ROW] = N_("times: from row to row"),
	        [TIME_SINCE_MARK] = N_("times: from the mark"),
	        [TIME_OF_DAY] = "",
	};
	const char *word = words[ui->model->time_mode];
	text_add(t, word[0] ? _(word) : "");
}

/* What to press next, for somebody who has just watched a run go by. */
static void add_hint(const struct ui *ui, struct text *t)
{
	if (model_steps_from_start(ui->model))
		text_add(t, _("s: from the start, step by step"));
}

static void add_wire(const struct ui *ui, struct text *t)
{
	if (ui->wire.there && ui->wire.hold && !ui->model->ended)
		text_addf(t, _("HOLD: %d on the wire"), flights_held(&ui->model->flights));
}

/* In the order in which they must stay; the drawing order is from left to right. */
static const struct status_item {
	void (*add)(const struct ui *, struct text *);
	bool is_cut; /* rather than left out: else nobody would know why rows are missing */
} items[] = {
        {add_mode, false},     {add_position, false}, {add_wire, false},  {add_drops, false},
        {add_progress, false}, {add_search, false},   {add_filter, true}, {add_delta, false},
        {add_title, false},    {add_hint, false},     {add_times, false},
};

void ui_draw_status(const struct ui *ui, struct canvas *canvas)
{
	enum { CUT_MIN = 8 };
	struct rect bar = ui->layout.status;
	struct pen pen = {ROLE_TITLE, STYLE_BAR};
	int x = 1;
	canvas_fill(canvas, bar, pen);
	for (size_t i = 0; i < sizeof items / sizeof items[0]; i++) {
		TEXT(item, EXPRESSION_MAX + 64);
		items[i].add(ui, &item);
		int columns = (int)columns_of(item.bytes, item.len), room = bar.w - x;
		if (item.len == 0 || (columns > room && (!items[i].is_cut || room < CUT_MIN)))
			continue;
		x = canvas_cut(canvas, bar, x, 0, room, pen, item.bytes) + 2;
	}
}

/* ---- footer ---- */

/* "s step": the key and its brief word; false when it does not fit any more. */
static bool draw_key(struct canvas *canvas, struct rect bar, int *x,
                     const struct command_info *info)
{
	TEXT(key, 32);
	key_add_name(&key, info->letter);
	const char *brief = _(info->brief);
	int columns = (int)(columns_of(key.bytes, key.len) + columns_of(brief, strlen(brief)) + 1);
	if (*x + columns > bar.w)
		return false;
	*x = canvas_text(canvas, bar, *x, 0, (struct pen){ROLE_TITLE, STYLE_BAR}, key.bytes) + 1;
	*x = canvas_text(canvas, bar, *x, 0, (struct pen){ROLE_TEXT, STYLE_BAR}, brief) + 2;
	return true;
}

/* Keys for a wire that is not there would only confuse. */
static bool is_useful(const struct ui *ui, enum command command)
{
	bool drives = ui->wire.there && !ui->model->ended;
	return view_has_command(command) && (command_info(command)->group != GROUP_WIRE || drives);
}

static void draw_keys(const struct ui *ui, struct canvas *canvas, struct rect bar)
{
	enum { RANKS = 10 };
	int x = 1;
	for (int rank = 1; rank < RANKS; rank++)
		for (int i = COMMAND_NONE + 1; i < N_COMMANDS; i++) {
			const struct command_info *info = command_info((enum command)i);
			if (info->rank == rank && is_useful(ui, (enum command)i) &&
			    !draw_key(canvas, bar, &x, info))
				return;
		}
}

void ui_draw_footer(struct ui *ui, struct canvas *canvas)
{
	struct rect bar = ui->layout.footer;
	if (ui->prompt.command != COMMAND_NONE) {
		prompt_draw(&ui->prompt, canvas, bar, &ui->cursor_x);
		ui->cursor_y = bar.y;
		return;
	}
	canvas_fill(canvas, bar, (struct pen){ROLE_TEXT, STYLE_BAR});
	const char *words = ui->message[0] ? ui->message : ui->source.fault;
	if (words[0])
		(void)canvas_cut(canvas, bar, 1, 0, bar.w - 2, (struct pen){ROLE_ALERT, STYLE_BAR},
		                 words);
	else
		draw_keys(ui, canvas, bar);
}
