/* model_time.c: how far time has come, and moving in it. Times are those of the caller's clock. */
#include "model_parts.h"

const char *mode_name(enum mode mode)
{
	static const char *const names[N_MODES] = {
	        [MODE_LIVE] = "LIVE",
	        [MODE_PAUSED] = "PAUSED",
	        [MODE_STEP] = "STEP",
	        [MODE_SLOW] = "SLOW",
	};
	return names[mode];
}

/* A saved trace opens on its first frame: there is something to explain. */
void model_arrived(struct model *model, uint32_t i)
{
	if (model->mode != MODE_PAUSED || model->touched || model->live)
		return;
	bool has_frame =
	        model->now != NO_RECORD && record_is_on_wire(log_record(&model->log, model->now));
	if (!has_frame && record_is_on_wire(log_record(&model->log, i)))
		model->now = i;
}

/* ---- moving ---- */

/* What has happened until now stays; more must not come by itself. */
static void close_horizon(struct model *model)
{
	model->horizon = model_horizon(model);
	model->open = false;
}

static void leave_following(struct model *model)
{
	if (model->mode != MODE_LIVE && model->mode != MODE_SLOW)
		return;
	model->resume = model->mode;
	model->now = model_current(model);
	close_horizon(model);
	model->mode = MODE_PAUSED;
}

void model_select(struct model *model, uint32_t row)
{
	uint32_t rows = model_rows(model);
	model->touched = true;
	leave_following(model);
	if (rows > 0)
		model->now = model_record_of_row(model, row < rows ? row : rows - 1);
	model_changed(model);
}

void model_reach(struct model *model, uint32_t record)
{
	leave_following(model);
	if (record >= model_horizon(model)) {
		model->horizon = record + 1;
		model->open = false;
	}
	model_select(model, model_row_of_record(model, record));
}

/* Records of which it is known whether they are rows. */
static uint32_t known_records(const struct model *model)
{
	return model->is_filtered ? model->filtered : model->log.n;
}

void model_move(struct model *model, int64_t rows)
{
	int64_t row = (int64_t)model_row(model) + rows;
	int64_t last = (int64_t)model_rows(model) - 1;
	bool is_at_end = rows > 0 && row >= last;
	if (is_at_end && (model->mode == MODE_LIVE || model->mode == MODE_SLOW))
		return; /* already there, and following */
	if (row > last)
		row = last;
	model_select(model, row < 0 ? 0 : (uint32_t)row);
}

/* The first row on the wire; 0 when there is none. */
static uint32_t first_frame(const struct model *model)
{
	uint32_t rows = model_rows(model);
	for (uint32_t row = 0; row < rows; row++)
		if (record_is_on_wire(log_record(&model->log, model_record_of_row(model, row))))
			return row;
	return 0;
}

void model_first(struct model *model)
{
	uint32_t row = first_frame(model);
	bool is_there = model->mode != MODE_LIVE && model_row(model) == row;
	model_select(model, is_there ? 0 : row);
}

bool model_steps_from_start(const struct model *model)
{
	return model->live && model->ended && model->mode == MODE_LIVE && !model->touched &&
	       model_rows(model) > 0;
}

void model_last(struct model *model)
{
	model->touched = true;
	model->open = true;
	model->mode = model->live ? MODE_LIVE : MODE_PAUSED;
	uint32_t rows = model_rows(model);
	if (rows > 0)
		model->now = model_record_of_row(model, rows - 1);
	model_changed(model);
}

void model_pause(struct model *model, int64_t clock_ns)
{
	if (model->mode == MODE_LIVE || model->mode == MODE_SLOW) {
		model->touched = true;
		leave_following(model);
		model_changed(model);
	} else if (model->resume == MODE_SLOW) {
		model_slow(model, model->pace_ns, clock_ns);
	} else {
		model_last(model);
	}
}

void model_step(struct model *model, int direction)
{
	bool from_start = direction > 0 && model_steps_from_start(model);
	uint32_t row = model_row(model), current = model_current(model);
	model->touched = true;
	if (current == NO_RECORD)
		return;
	if (model->mode == MODE_LIVE || model->mode == MODE_SLOW)
		model->resume = model->mode;
	model->mode = MODE_STEP;
	model->open = true; /* so that the next row can be found */
	if (from_start)
		current = model_record_of_row(model, first_frame(model));
	else if (direction > 0 && row + 1 < model_rows(model))
		current = model_record_of_row(model, row + 1);
	else if (direction < 0 && row > 0)
		current = model_record_of_row(model, row - 1);
	model->now = current;
	model->horizon = current + 1;
	model->open = false;
	model_changed(model);
}

bool model_goto_frame(struct model *model, uint64_t frame)
{
	uint32_t known = known_records(model);
	for (uint32_t i = 0; i < known && frame > 0; i++) {
		if (log_record(&model->log, i)->frame != frame || !model_is_row(model, i))
			continue;
		model_reach(model, i);
		return true;
	}
	return false;
}

/* ---- slow motion ---- */

void model_slow(struct model *model, int64_t pace_ns, int64_t clock_ns)
{
	enum { LEAST_MS = 10, MOST_MS = 60000 };
	uint32_t current = model_current(model);
	if (pace_ns < LEAST_MS * NS_PER_MS)
		pace_ns = LEAST_MS * NS_PER_MS;
	if (pace_ns > MOST_MS * NS_PER_MS)
		pace_ns = MOST_MS * NS_PER_MS;
	if (model->mode == MODE_PAUSED && model->open)
		model->horizon = current == NO_RECORD ? 0 : current + 1; /* a file: from here on */
	else
		model->horizon = model_horizon(model);
	if (model->mode != MODE_SLOW || model->next_ns > clock_ns + pace_ns)
		model->next_ns = clock_ns + pace_ns; /* it begins, or has become faster */
	model->open = false;
	model->touched = true;
	model->pace_ns = pace_ns;
	model->mode = model->resume = MODE_SLOW;
	model_changed(model);
}

/* Does a row of that kind take its time? The others appear together with the next that does. */
static bool is_paced(const struct record *record)
{
	return record_is_on_wire(record) || record->kind == EVENT_PROGRAM ||
	       record->kind == EVENT_OUTPUT;
}

void model_tick(struct model *model, int64_t clock_ns)
{
	uint32_t arrived = known_records(model);
	if (model->mode != MODE_SLOW || clock_ns < model->next_ns || model->horizon >= arrived)
		return;
	while (model->horizon < arrived) {
		uint32_t i = model->horizon++;
		if (is_paced(log_record(&model->log, i)) && model_is_row(model, i)) {
			model->next_ns = clock_ns + model->pace_ns;
			break;
		}
	}
	model_changed(model);
}

int64_t model_wait_ns(const struct model *model, int64_t clock_ns)
{
	uint32_t arrived = known_records(model);
	if (model->mode != MODE_SLOW || model->horizon >= arrived)
		return -1;
	return model->next_ns > clock_ns ? model->next_ns - clock_ns : 0;
}

/* ---- the mark ---- */

void model_mark(struct model *model)
{
	uint32_t current = model_current(model);
	model->mark = model->mark == current ? NO_RECORD : current;
	model_changed(model);
}

bool model_goto_mark(struct model *model)
{
	uint32_t current = model_current(model);
	uint32_t target = current == model->mark ? model->before_mark : model->mark;
	if (target == NO_RECORD || target >= known_records(model))
		return false;
	model->before_mark = current;
	model_reach(model, target);
	return true;
}
