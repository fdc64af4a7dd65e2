/* view_states.c: where both ends stand at the selected moment: the state diagram with the path that
 * each has taken, and both transmission control blocks. */
#include "base/i18n.h"
#include "states.h"
#include "view.h"

enum { DRAW_BUDGET = 8192, WORK_BUDGET = 65536, TCB_MIN_WIDTH = 36 };

struct states_state {
	struct state_path path;
	bool drawn; /* since work() was done */
};

static bool same_record(const struct model *model, uint32_t stream)
{
	uint32_t current = model_current(model);
	if (current == NO_RECORD)
		return false;
	const struct record *record = log_record(&model->log, current);
	return record->kind == EVENT_SEGMENT && record->stream == stream;
}

static void find_samples(const struct model *model, const struct conn_entry *conn, uint32_t current,
                         struct states_moment *moment)
{
	if (current == NO_RECORD)
		return;
	moment->now_ns = log_record(&model->log, current)->time_ns;
	for (int side = 0; side < N_SIDES; side++) {
		const struct sample *sample =
		        samples_find(&model->samples, conn->stream, &conn->ends[side], current);
		moment->kernel[side] = sample;
		moment->reasons[side] = sample ? samples_reason(&model->samples, sample) : "";
	}
}

static void find_moment(struct pane *pane, const struct conn_entry *conn,
                        struct states_moment *moment)
{
	const struct model *model = pane->model;
	struct states_state *state = pane->state;
	uint32_t current = model_current(model);
	(void)path_follow(&state->path, model, conn, current, DRAW_BUDGET); /* rest in work() */
	*moment = (struct states_moment){
	        .path = &state->path,
	        .n_steps = path_length(&state->path, current),
	        .is_selected = same_record(model, conn->stream),
	        .raw_numbers = model->raw_numbers,
	};
	moment->has_segment = model_segment_at(model, conn->stream, &moment->segment);
	for (int side = 0; side < N_SIDES && moment->has_segment; side++)
		moment->states[side] = (uint8_t)moment->segment.after[side].state;
	find_samples(model, conn, current, moment);
}

/* Has an end gone to CLOSED otherwise than along an arrow? */
static bool was_cut_short(const struct states_moment *moment)
{
	for (unsigned i = 0; i < moment->n_steps; i++) {
		const struct state_step *step = &moment->path->steps[i];
		if (step->to == TCP_CLOSED && step->from != TCP_LAST_ACK &&
		    step->from != TCP_TIME_WAIT)
			return true;
	}
	return false;
}

/* What the arrows and numbers mean, as far as there is room. */
static void draw_legend(const struct states_moment *moment, const struct conn_entry *conn,
                        struct canvas *canvas, struct rect area, int y)
{
	TEXT(words, 512);
	text_addf(&words, _("Connection %u. "), conn->stream);
	if (moment->has_segment && moment->is_selected)
		text_add(&words, _("Values are before → after the selected segment, once it has "
		                   "arrived. "));
	else if (moment->has_segment)
		text_add(&words, _("Values are those after its last segment before this row. "));
	if (was_cut_short(moment))
		text_add(&words, _("A reset leads to CLOSED from every state; the figure has no "
		                   "arrow for it. "));
	text_add(&words, moment->raw_numbers ? _("Numbers as sent (r: from 0).")
	                                     : _("Numbers from 0 (r: as sent), ISS as sent."));
	(void)canvas_paragraph(canvas, area, y, PEN(ROLE_DIM), words.bytes);
}

static void draw_details(const struct states_moment *moment, const struct conn_entry *conn,
                         struct canvas *canvas, struct rect area)
{
	int y = states_draw_tcbs(moment, canvas, area, 0);
	y = states_draw_kernel(moment, canvas, area, y);
	y += area.h >= 14;
	for (enum side side = CLIENT; side < N_SIDES; side++)
		y = states_draw_path(moment, canvas, area, y, side);
	y += area.h >= 14;
	draw_legend(moment, conn, canvas, area, y);
}

/* Small: both blocks, and the paths beside or below them. */
static void draw_compact(const struct states_moment *moment, const struct conn_entry *conn,
                         struct canvas *canvas, struct rect area)
{
	enum { BLOCKS = 46 };
	if (area.w < BLOCKS + 24) {
		draw_details(moment, conn, canvas, area);
		return;
	}
	struct rect left = {area.x, area.y, BLOCKS, area.h};
	struct rect right = {area.x + BLOCKS + 2, area.y, area.w - BLOCKS - 2, area.h};
	int y = 0;
	(void)states_draw_tcbs(moment, canvas, left, 0); /* the legend is beside it */
	canvas_vline(canvas, area, BLOCKS, 0, area.h, PEN(ROLE_DIM));
	for (enum side side = CLIENT; side < N_SIDES; side++)
		y = states_draw_path(moment, canvas, right, y, side);
	draw_legend(moment, conn, canvas, right, y);
}

static void states_draw(struct pane *pane, struct canvas *canvas, struct rect area)
{
	struct states_state *state = pane->state;
	const struct conn_entry *conn = model_conn(pane->model);
	struct states_moment moment;
	if (!conn) {
		(void)canvas_paragraph(canvas, area, 0, PEN(ROLE_DIM),
		                       _("No TCP connection yet; only TCP has states."));
		return;
	}
	find_moment(pane, conn, &moment);
	state->drawn = true;
	bool high = area.h >= DIAGRAM_HEIGHT, wide = area.w >= DIAGRAM_WIDTH;
	struct rect diagram = {area.x, area.y, DIAGRAM_WIDTH, DIAGRAM_HEIGHT};
	if (high && area.w >= DIAGRAM_WIDTH + 1 + TCB_MIN_WIDTH) {
		struct rect rest = area;
		rest.x += DIAGRAM_WIDTH + 1;
		rest.w -= DIAGRAM_WIDTH + 1;
		states_draw_diagram(&moment, canvas, rect_clip(diagram, area));
		canvas_vline(canvas, area, DIAGRAM_WIDTH, 0, area.h, PEN(ROLE_DIM));
		draw_details(&moment, conn, canvas, rest);
	} else if (wide && area.h >= DIAGRAM_HEIGHT + TCB_ROWS) {
		states_draw_diagram(&moment, canvas, diagram);
		draw_details(&moment, conn, canvas, rect_below(area, DIAGRAM_HEIGHT + 1));
	} else {
		draw_compact(&moment, conn, canvas, area);
	}
}

/* Long connections: the path is followed in pieces. */
static bool states_work(struct pane *pane)
{
	struct states_state *state = pane->state;
	if (!state->drawn)
		return false;
	const struct conn_entry *conn = model_conn(pane->model);
	state->drawn = conn && path_follow(&state->path, pane->model, conn,
	                                   model_current(pane->model), WORK_BUDGET);
	return state->drawn;
}

const struct view view_states = {
        .name = "states",
        .title = N_("States and variables of both ends"),
        .place = PLACE_SIDE,
        .command = COMMAND_STATES,
        .state_size = sizeof(struct states_state),
        .draw = states_draw,
        .work = states_work,
};
