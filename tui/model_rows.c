/* model_rows.c: which records are rows. Without a filter every record is one, and no list is
 * kept. */
#include <stdlib.h>

#include "model_parts.h"

/* ---- lists of numbers ---- */

int numbers_add(struct numbers *numbers, uint32_t number)
{
	if (numbers->n == numbers->room) {
		uint32_t room = numbers->room ? 2 * numbers->room : 256;
		uint32_t *list = reallocarray(numbers->list, room, sizeof *list);
		if (!list)
			return -1;
		numbers->list = list;
		numbers->room = room;
	}
	numbers->list[numbers->n++] = number;
	return 0;
}

void numbers_release(struct numbers *numbers)
{
	free(numbers->list);
	*numbers = (struct numbers){0};
}

uint32_t numbers_find(const struct numbers *numbers, uint32_t least)
{
	uint32_t low = 0, high = numbers->n;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (numbers->list[middle] < least)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* ---- rows ---- */

uint32_t model_horizon(const struct model *model)
{
	return model->open || model->horizon > model->log.n ? model->log.n : model->horizon;
}

uint32_t model_rows(const struct model *model)
{
	uint32_t horizon = model_horizon(model);
	return model->is_filtered ? numbers_find(&model->rows, horizon) : horizon;
}

uint32_t model_behind(const struct model *model)
{
	uint32_t all = model->is_filtered ? model->rows.n : model->log.n;
	return all - model_rows(model);
}

uint32_t model_record_of_row(const struct model *model, uint32_t row)
{
	return model->is_filtered ? model->rows.list[row] : row;
}

uint32_t model_row_of_record(const struct model *model, uint32_t record)
{
	uint32_t rows = model_rows(model);
	uint32_t row = model->is_filtered ? numbers_find(&model->rows, record) : record;
	return row < rows ? row : rows;
}

bool model_is_row(const struct model *model, uint32_t record)
{
	if (!model->is_filtered)
		return true;
	uint32_t row = numbers_find(&model->rows, record);
	return row < model->rows.n && model->rows.list[row] == record;
}

uint32_t model_row(const struct model *model)
{
	uint32_t rows = model_rows(model);
	if (rows == 0)
		return 0;
	if (model->mode == MODE_LIVE || model->mode == MODE_SLOW || model->now == NO_RECORD)
		return model->mode == MODE_PAUSED ? 0 : rows - 1;
	uint32_t row = model_row_of_record(model, model->now);
	return row < rows ? row : rows - 1;
}

uint32_t model_current(const struct model *model)
{
	return model_rows(model) ? model_record_of_row(model, model_row(model)) : NO_RECORD;
}

bool model_event(const struct model *model, uint32_t record, struct event *event)
{
	return record < model->log.n && log_event(&model->log, record, event) == 0;
}

bool model_now(const struct model *model, struct event *event)
{
	return model_event(model, model_current(model), event);
}

/* ---- connections at that moment ---- */

const struct conn_entry *model_conn(const struct model *model)
{
	enum { NEAR = 4096 };
	uint32_t current = model_current(model);
	if (current == NO_RECORD)
		return NULL;
	for (uint32_t i = 0; i <= current && i < NEAR; i++) {
		uint32_t stream = log_record(&model->log, current - i)->stream;
		if (stream != NO_STREAM)
			return conns_find(&model->conns, stream);
	}
	if (model->only_stream != NO_STREAM)
		return conns_find(&model->conns, model->only_stream);
	return model->conns.n ? &model->conns.entries[0] : NULL;
}

bool model_segment_at(const struct model *model, uint32_t stream, struct segment *segment)
{
	const struct conn_entry *conn = conns_find(&model->conns, stream);
	uint32_t at = model_current(model);
	struct event event;
	if (!conn || at == NO_RECORD || conn->first == NO_RECORD)
		return false;
	if (at > conn->last)
		at = conn->last;
	for (; at >= conn->first && at != NO_RECORD; at--) {
		const struct record *record = log_record(&model->log, at);
		if (record->kind != EVENT_SEGMENT || record->stream != stream)
			continue;
		if (!model_event(model, at, &event))
			return false;
		*segment = event.segment;
		return true;
	}
	return false;
}

/* ---- filters ---- */

/* What programs and the capture say belongs to every connection. */
static bool is_of_stream(const struct record *record, uint32_t stream)
{
	return record->stream == stream ||
	       (record->stream == NO_STREAM && !record_is_on_wire(record));
}

static bool passes(const struct model *model, uint32_t i)
{
	const struct record *record = log_record(&model->log, i);
	struct event event;
	if (model->hide_messages && !record_is_on_wire(record))
		return false;
	if (model->only_stream != NO_STREAM && !is_of_stream(record, model->only_stream))
		return false;
	if (!model->filter.matches)
		return true;
	return model_event(model, i, &event) && model->filter.matches(model->filter.arg, &event);
}

bool model_filter_more(struct model *model, uint32_t budget)
{
	if (!model->is_filtered)
		return false;
	for (; model->filtered < model->log.n; model->filtered++) {
		if (budget-- == 0)
			return true;
		if (passes(model, model->filtered) &&
		    numbers_add(&model->rows, model->filtered) < 0)
			return true; /* no memory: tried again when there may be some */
		model_changed(model);
	}
	return false;
}

/* Where the selection is when other records are rows: where it was; on the frame that completed a
 * message, when the message is no row any more; and on that message, when it is one again. */
static uint32_t selection_kept(struct model *model, uint32_t current)
{
	if (current == model->carrier && passes(model, model->carried))
		return model->carried;
	uint32_t carrier = passes(model, current) ? NO_RECORD : model_carrier(model, current);
	if (carrier == NO_RECORD || !passes(model, carrier))
		return current;
	model->carried = current;
	model->carrier = carrier;
	return carrier;
}

/* Begins the list of rows anew; the selected moment stays. */
static void refilter(struct model *model)
{
	uint32_t current = model_current(model);
	if (current != NO_RECORD)
		model->now = selection_kept(model, current);
	model->is_filtered =
	        model->hide_messages || model->only_stream != NO_STREAM || model->filter.matches;
	model->rows.n = 0;
	model->filtered = 0;
	model_changed(model);
}

void model_set_filter(struct model *model, struct event_filter filter, const char *expression)
{
	struct text t = text_of(model->expression, sizeof model->expression);
	text_add(&t, expression);
	model->filter = filter;
	refilter(model);
}

void model_set_stream(struct model *model, uint32_t stream)
{
	model->only_stream = stream;
	refilter(model);
}

void model_set_messages(struct model *model, bool hide)
{
	model->hide_messages = hide;
	refilter(model);
}

/* Does it say which end of its connection is the client? */
static bool record_has_roles(const struct record *record)
{
	return record->kind == EVENT_SEGMENT || record->kind == EVENT_CONNECTION ||
	       record->kind == EVENT_MESSAGE;
}

bool model_swap_roles(struct model *model)
{
	const struct conn_entry *conn = model_conn(model);
	if (!conn || !conn->roles_guessed)
		return false;
	uint32_t stream = conn->stream;
	conns_swap_roles(&model->conns, stream);
	for (uint32_t i = 0; i < model->log.n; i++) {
		const struct record *record = log_record(&model->log, i);
		if (record->stream == stream && record_has_roles(record))
			log_swap_roles(&model->log, i);
	}
	model->search.next = 0;
	model->search.hits.n = 0;
	refilter(model);
	return true;
}
