/* ui.c: which panes there are, who gets a key, what is drawn where. Commands: ui_commands.c; first
 * and last line: ui_bars.c. */
#include "ui.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "ui_parts.h"

enum { WORK_AT_ONCE = 2000 };

int ui_init(struct ui *ui, struct model *model, struct err *err)
{
	*ui = (struct ui){.model = model,
	                  .main = VIEW_ladder,
	                  .side = VIEW_explain,
	                  .before_help = VIEW_ladder,
	                  .cursor_x = -1};
	ui->source.percent = -1;
	for (int i = 0; i < N_VIEWS; i++) {
		struct pane *pane = &ui->panes[i];
		*pane = (struct pane){.view = views[i], .model = model};
		pane->state = calloc(1, views[i]->state_size ? views[i]->state_size : 1);
		if (!pane->state)
			return err_errno(err, _("no memory"));
	}
	return 0;
}

void ui_release(struct ui *ui)
{
	ui_write_release(ui);
	for (int i = 0; i < N_VIEWS; i++) {
		struct pane *pane = &ui->panes[i];
		if (pane->state && pane->view->release)
			pane->view->release(pane);
		free(pane->state);
		pane->state = NULL;
	}
}

void ui_say(struct ui *ui, const char *format, ...)
{
	struct text t = text_of(ui->message, sizeof ui->message);
	va_list args;
	va_start(args, format);
	text_addv(&t, format, args);
	va_end(args);
}

bool view_has_command(enum command command)
{
	for (int i = 0; i < N_VIEWS; i++)
		if (views[i]->command == command)
			return true;
	return ui_answers(command);
}

/* ---- panes ---- */

static bool has_side(const struct ui *ui)
{
	return ui->main == VIEW_ladder && ui->side >= 0;
}

/* The pane that gets the keys. */
static struct pane *focused(struct ui *ui)
{
	return &ui->panes[has_side(ui) && ui->focus_side ? ui->side : ui->main];
}

void ui_toggle_view(struct ui *ui, int i)
{
	bool is_side = views[i]->place == PLACE_SIDE;
	ui->zoom = false;
	if (!is_side) {
		if (ui->main == i) {
			ui_back(ui);
			return;
		}
		ui->before_help = ui->main == VIEW_help ? VIEW_ladder : ui->main;
		ui->main = i;
		return;
	}
	bool is_shown = has_side(ui) && ui->side == i;
	ui->main = VIEW_ladder;
	if (!is_shown) {
		ui->side = i;
		ui->focus_side = i != VIEW_explain;
	} else {
		ui->side = i == VIEW_explain ? -1 : VIEW_explain;
		ui->focus_side = false;
	}
}

void ui_back(struct ui *ui)
{
	if (ui->main == VIEW_help)
		ui->main = ui->before_help;
	else if (ui->main != VIEW_ladder)
		ui->main = VIEW_ladder;
	else if (ui->zoom)
		ui->zoom = false;
	else if (ui->focus_side && has_side(ui))
		ui->focus_side = false;
	else if (ui->side >= 0 && ui->side != VIEW_explain)
		ui->side = VIEW_explain;
	else
		ui->quit = true;
}

/* ---- keys ---- */

static bool give_to_view(struct ui *ui, struct pane *pane, const struct input *input)
{
	if (!pane->view->key)
		return false;
	unsigned result = pane->view->key(pane, input);
	if (pane->message[0]) {
		ui_say(ui, "%s", pane->message);
		pane->message[0] = '\0';
	}
	if (result & VIEW_CLOSE)
		ui_back(ui);
	return (result & VIEW_HANDLED) != 0;
}

static bool is_inside(struct rect r, const struct input *input)
{
	return input->x >= r.x && input->x < r.x + r.w && input->y >= r.y && input->y < r.y + r.h;
}

/* A border is dragged: the side pane grows or shrinks by as much. */
static void drag(struct ui *ui, const struct input *input)
{
	const struct rect *border = &ui->layout.border;
	ui->shift += ui->layout.border_is_vertical ? border->x - input->x : border->y - input->y;
	int most = ui->layout.border_is_vertical ? 200 : 80; /* layout_make() limits it further */
	ui->shift = ui->shift > most ? most : ui->shift < -most ? -most : ui->shift;
}

static void wheel(struct ui *ui, struct pane *pane, const struct input *input)
{
	enum { ROWS = 3 };
	if (!give_to_view(ui, pane, input))
		model_move(ui->model, input->key == K_WHEEL_UP ? -ROWS : ROWS);
}

static void mouse(struct ui *ui, const struct input *input)
{
	if (input->key == K_DROP)
		ui->dragging = false;
	if (input->key == K_CLICK && is_inside(ui->layout.border, input))
		ui->dragging = true;
	if (ui->dragging) {
		drag(ui, input);
		return;
	}
	/* The layout is that of the last frame: a key since then may have closed the side pane. */
	bool on_side = has_side(ui) && is_inside(ui->layout.side, input);
	if (!on_side && !is_inside(ui->layout.main, input))
		return;
	struct pane *pane = &ui->panes[on_side ? ui->side : ui->main];
	const struct rect *area = on_side ? &ui->layout.side : &ui->layout.main;
	struct input inside = *input;
	inside.x -= area->x;
	inside.y -= area->y;
	if (input->key == K_CLICK)
		ui->focus_side = on_side;
	if (input->key == K_WHEEL_UP || input->key == K_WHEEL_DOWN)
		wheel(ui, pane, &inside);
	else
		(void)give_to_view(ui, pane, &inside); /* nobody else wants it */
}

bool ui_key(struct ui *ui, const struct input *input, int64_t clock_ns)
{
	struct input known = *input;
	ui->clock_ns = clock_ns;
	if (input->key == K_RESIZE || input->key == K_NONE)
		return input->key == K_RESIZE;
	if (input->key >= K_CLICK && input->key <= K_WHEEL_DOWN) {
		mouse(ui, &known);
		return true;
	}
	if (ui->prompt.command != COMMAND_NONE) {
		if (prompt_key(&ui->prompt, &known) == PROMPT_DONE)
			ui_prompt_done(ui);
		return true;
	}
	ui->message[0] = '\0';
	known.command = (int)command_of_key(input->key);
	if (give_to_view(ui, focused(ui), &known))
		return true;
	if (!ui_command(ui, (enum command)known.command))
		ui_say(ui, _("no such key here; ? shows them all"));
	return true;
}

bool ui_work(struct ui *ui)
{
	bool more = model_work(ui->model, WORK_AT_ONCE);
	more = ui_write_work(ui) || more;
	for (int i = 0; i < N_VIEWS; i++)
		if (views[i]->work)
			more = views[i]->work(&ui->panes[i]) || more;
	return more;
}

/* ---- drawing ---- */

static void draw_border(struct ui *ui, struct canvas *canvas)
{
	const struct rect *border = &ui->layout.border;
	const char *title = _(views[ui->side]->title);
	struct pen pen = pen_with(PEN(ROLE_TITLE), ui->focus_side ? STYLE_LIT : 0);
	if (ui->layout.border_is_vertical) {
		canvas_vline(canvas, *border, 0, 0, border->h, PEN(ROLE_DIM));
		(void)canvas_text(canvas, ui->layout.side, 1, 0, pen, title);
		return;
	}
	canvas_hline(canvas, *border, 0, 0, border->w, PEN(ROLE_DIM));
	int x = canvas_text(canvas, *border, 2, 0, pen, " ");
	x = canvas_cut(canvas, *border, x, 0, border->w - 6, pen, title);
	(void)canvas_text(canvas, *border, x, 0, pen, " ");
}

static void draw_pane(struct ui *ui, struct canvas *canvas, int i, struct rect area)
{
	struct pane *pane = &ui->panes[i];
	if (area.w <= 0 || area.h <= 0)
		return;
	pane->width = area.w;
	pane->height = area.h;
	pane->focused = focused(ui) == pane;
	pane->view->draw(pane, canvas, area);
}

/* What is being waited for, as long as nothing else can be seen; or that it will not come. */
static void draw_waiting(const struct ui *ui, struct canvas *canvas)
{
	const char *words = ui->model->ended ? _("It has ended, and no frame was on the wire.")
	                                     : ui->source.waiting;
	struct rect area = ui->layout.main;
	int rows = (int)model_rows(ui->model) + 1;
	if (ui->model->n_frames > 0 || ui->model->flights.n > 0 || ui->main != VIEW_ladder ||
	    area.h < rows + 1)
		return;
	area.x += 2;
	area.w -= 4;
	area = rect_below(area, rows);
	(void)canvas_paragraph(canvas, area, 0, PEN(ROLE_TITLE), words);
}

static void draw_too_small(const struct ui *ui, struct canvas *canvas)
{
	struct rect all = {0, 0, canvas->width, canvas->height};
	(void)ui;
	(void)canvas_textf(canvas, all, 0, 0, PEN(ROLE_ALERT), _("need %dx%d, have %dx%d"),
	                   SCREEN_MIN_WIDTH, SCREEN_MIN_HEIGHT, canvas->width, canvas->height);
	(void)canvas_paragraph(canvas, all, 1, PEN(ROLE_TEXT), _("tracing goes on; Q quits"));
}

void ui_draw(struct ui *ui, struct canvas *canvas)
{
	const struct layout_wish wish = {
	        .main_alone = !has_side(ui) || (ui->zoom && !ui->focus_side),
	        .side_alone = has_side(ui) && ui->zoom && ui->focus_side,
	        .shift = ui->shift,
	};
	canvas_clear(canvas);
	ui->cursor_x = ui->cursor_y = -1;
	ui->layout = layout_make(canvas->width, canvas->height, &wish);
	if (ui->layout.tier == TIER_TOO_SMALL) {
		draw_too_small(ui, canvas);
		return;
	}
	struct rect side = ui->layout.side;
	draw_pane(ui, canvas, ui->main, ui->layout.main);
	draw_waiting(ui, canvas);
	if (side.w > 0) {
		if (ui->layout.border_is_vertical)
			side = rect_below(side, 1); /* its title stands there */
		draw_pane(ui, canvas, ui->side, side);
	}
	if (ui->layout.border.w > 0)
		draw_border(ui, canvas);
	ui_draw_status(ui, canvas);
	ui_draw_footer(ui, canvas);
}
