/* view_bytes.c: the selected frame, from both sides: layers, headers and fields with their meaning,
 * and the bytes that hold them. What is selected on one side is lit on the other. Right goes into
 * the bytes, left back to the fields; Enter draws the header as the RFC does. */
#include <string.h>

#include "base/i18n.h"
#include "bytes.h"
#include "view.h"

enum { DUMP_NARROW = 8, DUMP_WIDE = 16, TREE_MIN = 38, DUMP_MIN_ROWS = 3 };

/* ---- what is shown ---- */

/* What to select in the new frame: the part that has the same name there, else its innermost
 * layer. */
static void select_same(struct bytes_state *state, const struct part *before)
{
	const struct fields *fields = &state->fields;
	unsigned last_layer = 0;
	for (unsigned i = 0; i < fields->n; i++) {
		const struct part *part = &fields->parts[i];
		if (part->kind == PART_LAYER)
			last_layer = i;
		if (before->label && part->kind == before->kind && part->name[0] &&
		    part->protocol == before->protocol && strcmp(part->name, before->name) == 0) {
			state->selected = i;
			return;
		}
	}
	state->selected = last_layer;
}

/* The frame of a row; of a message the one that completed it. */
static bool frame_of(const struct model *model, uint32_t record, struct event *event)
{
	bool is_message =
	        record != NO_RECORD && log_record(&model->log, record)->kind == EVENT_MESSAGE;
	return model_event(model, is_message ? model_carrier(model, record) : record, event);
}

/* Takes the frame of the selected row apart, unless that is done. */
static void load(struct pane *pane)
{
	struct bytes_state *state = pane->state;
	uint32_t record = model_current(pane->model);
	struct part before = {.label = NULL};
	if (state->has_record && record == state->record)
		return;
	if (state->has_bytes)
		before = state->fields.parts[state->selected];
	state->has_record = true;
	state->record = record;
	state->has_bytes = frame_of(pane->model, record, &state->event) && state->event.n_bytes > 0;
	state->in_dump = false;
	if (!state->has_bytes)
		return;
	const struct event *e = &state->event;
	packet_decode(&state->packet, e->linktype, e->bytes, e->n_bytes, e->wirelen);
	fields_of(&state->fields, &state->packet);
	state->has_bytes = state->fields.n > 0;
	state->byte = 0;
	if (state->has_bytes)
		select_same(state, &before);
}

/* ---- layout ---- */

static int min(int a, int b)
{
	return a < b ? a : b;
}

/* Where the dump goes: to the right if there is room, else below. */
static void split(struct bytes_state *state, struct rect body)
{
	bool figure = state->form != BYTES_TREE && bytes_figure_rows(state) > 0 &&
	              body.w >= FIGURE_MIN_WIDTH &&
	              body.h >= bytes_figure_rows(state) + DUMP_MIN_ROWS;
	state->figure_fits = figure;
	int wide = bytes_dump_width(DUMP_WIDE), narrow = bytes_dump_width(DUMP_NARROW);
	bool beside = !figure && body.w >= TREE_MIN + 1 + narrow;
	bool is_wide = beside ? body.w >= TREE_MIN + 1 + wide : body.w >= wide;
	state->dump_columns = is_wide ? DUMP_WIDE : DUMP_NARROW;
	state->tree = state->dump = body;
	if (beside) {
		state->dump.w = is_wide ? wide : narrow;
		state->tree.w = body.w - state->dump.w - 1;
		state->dump.x = body.x + state->tree.w + 1;
		return;
	}
	int dump_rows = figure ? body.h - bytes_figure_rows(state) : body.h / 2;
	int needed = (state->event.n_bytes + state->dump_columns - 1) / state->dump_columns + 1;
	dump_rows = min(dump_rows, needed);
	state->tree.h = body.h - dump_rows;
	state->dump = rect_below(body, state->tree.h);
}

static void bytes_draw(struct pane *pane, struct canvas *canvas, struct rect area)
{
	struct bytes_state *state = pane->state;
	load(pane);
	if (!state->has_bytes) {
		(void)canvas_paragraph(canvas, area, 0, PEN(ROLE_DIM),
		                       _("No bytes belong to this row: select a segment or another "
		                         "frame."));
		return;
	}
	int stack_rows = bytes_stack_rows(area.h);
	int help_rows = area.h >= 20 ? 3 : area.h >= 8 ? 2 : area.h >= 4 ? 1 : 0;
	struct rect stack = {area.x, area.y, area.w, min(stack_rows, area.h)};
	struct rect body = rect_below(area, stack_rows);
	struct rect help = rect_below(body, body.h - help_rows);
	body.h -= help.h;
	bytes_draw_stack(state, canvas, stack);
	split(state, body);
	if (state->figure_fits)
		bytes_draw_figure(state, canvas, state->tree);
	else
		bytes_draw_tree(state, canvas, state->tree);
	if (state->dump.h > 0)
		bytes_draw_dump(state, canvas, state->dump);
	if (state->dump.x > body.x)
		canvas_vline(canvas, body, state->dump.x - body.x - 1, 0, body.h, PEN(ROLE_DIM));
	bytes_draw_help(state, canvas, help);
	state->tree.x -= area.x;
	state->tree.y -= area.y;
	state->dump.x -= area.x;
	state->dump.y -= area.y;
}

/* ---- keys ---- */

static void select_part(struct bytes_state *state, unsigned i)
{
	state->selected = i;
	state->byte = part_byte_at(&state->fields.parts[i]);
}

/* The next part of the tree in that direction. */
static void move_in_tree(struct bytes_state *state, int by)
{
	int i = (int)state->selected, n = (int)state->fields.n;
	do
		i += by;
	while (i >= 0 && i < n && !bytes_is_visible(state, (unsigned)i));
	if (i >= 0 && i < n)
		select_part(state, (unsigned)i);
}

/* The layer before or behind. */
static void move_layer(struct bytes_state *state, int by)
{
	int i = (int)fields_layer(&state->fields, state->selected), n = (int)state->fields.n;
	do
		i += by;
	while (i >= 0 && i < n && part_depth(&state->fields.parts[i]) > 0);
	if (i >= 0 && i < n)
		select_part(state, (unsigned)i);
}

static void move_in_dump(struct bytes_state *state, int64_t by)
{
	int64_t at = (int64_t)state->byte + by;
	if (at < 0 || at >= state->event.n_bytes)
		return;
	state->byte = (uint32_t)at;
	unsigned part = fields_at_byte(&state->fields, state->byte);
	if (part < state->fields.n)
		state->selected = part;
}

static unsigned dump_key(struct bytes_state *state, const struct input *input)
{
	uint32_t columns = (uint32_t)state->dump_columns;
	bool at_edge = state->byte % columns == 0;
	if (input->command == COMMAND_BACK || (input->command == COMMAND_LEFT && at_edge))
		state->in_dump = false;
	else if (input->command == COMMAND_LEFT)
		move_in_dump(state, -1);
	else if (input->command == COMMAND_RIGHT)
		move_in_dump(state, 1);
	else if (input->command == COMMAND_UP)
		move_in_dump(state, -(int64_t)columns);
	else if (input->command == COMMAND_DOWN)
		move_in_dump(state, columns);
	else
		return VIEW_IGNORED;
	return VIEW_HANDLED | VIEW_REDRAW;
}

static void toggle_form(struct pane *pane)
{
	struct bytes_state *state = pane->state;
	struct text t = text_of(pane->message, sizeof pane->message);
	if (state->figure_fits) {
		state->form = BYTES_TREE;
		return;
	}
	bool was_tree = state->form == BYTES_TREE;
	state->form = BYTES_FIGURE;
	split(state, (struct rect){0, 0, pane->width, pane->height - 5});
	if (!state->figure_fits && !was_tree)
		text_add(&t, _("the header's figure needs more room; z gives this pane all of it"));
}

static unsigned tree_key(struct pane *pane, const struct input *input)
{
	struct bytes_state *state = pane->state;
	if (input->command == COMMAND_DOWN)
		move_in_tree(state, 1);
	else if (input->command == COMMAND_UP)
		move_in_tree(state, -1);
	else if (input->command == COMMAND_PAGE_DOWN)
		move_layer(state, 1);
	else if (input->command == COMMAND_PAGE_UP)
		move_layer(state, -1);
	else if (input->command == COMMAND_LEFT)
		select_part(state, fields_layer(&state->fields, state->selected));
	else if (input->command == COMMAND_ENTER)
		toggle_form(pane);
	else if (input->command == COMMAND_RIGHT) {
		state->in_dump = true;
		state->byte = part_byte_at(&state->fields.parts[state->selected]);
		move_in_dump(state, 0);
	} else
		return VIEW_IGNORED;
	return VIEW_HANDLED | VIEW_REDRAW;
}

/* ---- mouse ---- */

static bool is_inside(struct rect r, const struct input *input)
{
	return input->x >= r.x && input->x < r.x + r.w && input->y >= r.y && input->y < r.y + r.h;
}

static void click_tree(struct bytes_state *state, int y)
{
	int row = 0;
	for (unsigned i = 0; i < state->fields.n; i++) {
		if (!bytes_is_visible(state, i))
			continue;
		if (row++ == state->tree_top + y) {
			select_part(state, i);
			state->in_dump = false;
			return;
		}
	}
}

static void click_dump(struct bytes_state *state, int x, int y)
{
	int characters = 6 + 3 * state->dump_columns;
	int column = x >= characters ? x - characters : (x - 5) / 3;
	int64_t at = (int64_t)(state->dump_top + y) * state->dump_columns + column;
	if (x < 5 || column >= state->dump_columns)
		return;
	state->in_dump = true;
	move_in_dump(state, at - (int64_t)state->byte);
}

static unsigned mouse(struct bytes_state *state, const struct input *input)
{
	if (input->key == K_WHEEL_DOWN)
		move_in_tree(state, 1);
	else if (input->key == K_WHEEL_UP)
		move_in_tree(state, -1);
	else if (input->key != K_CLICK)
		return VIEW_IGNORED;
	else if (is_inside(state->dump, input))
		click_dump(state, input->x - state->dump.x, input->y - state->dump.y);
	else if (is_inside(state->tree, input) && !state->figure_fits)
		click_tree(state, input->y - state->tree.y);
	return VIEW_HANDLED | VIEW_REDRAW;
}

static unsigned bytes_key(struct pane *pane, const struct input *input)
{
	struct bytes_state *state = pane->state;
	load(pane);
	if (!state->has_bytes || state->dump_columns == 0)
		return VIEW_IGNORED; /* nothing there, or never drawn */
	if (input->key >= K_CLICK && input->key <= K_WHEEL_DOWN)
		return mouse(state, input);
	return state->in_dump ? dump_key(state, input) : tree_key(pane, input);
}

const struct view view_bytes = {
        .name = "bytes",
        .title = N_("Headers, fields and bytes"),
        .place = PLACE_SIDE,
        .command = COMMAND_BYTES,
        .state_size = sizeof(struct bytes_state),
        .draw = bytes_draw,
        .key = bytes_key,
};
