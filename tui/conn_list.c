/* conn_list.c: see conn_list.h. The order is made anew only when the log has grown by a part of the
 * number of connections, or has stopped growing: so that sorting costs little for each segment. */
#include "conn_list.h"

#include <stdlib.h>
#include <string.h>

void conn_list_release(struct conn_list *list)
{
	free(list->figures);
	free(list->order);
	*list = (struct conn_list){.until = 0};
}

/* ---- figures ---- */

static int make_room(struct conn_list *list, uint32_t n)
{
	if (n <= list->room)
		return 0;
	uint32_t room = list->room ? list->room : 64;
	while (room < n)
		room *= 2;
	struct conn_figures *figures = reallocarray(list->figures, room, sizeof *figures);
	if (!figures)
		return -1;
	list->figures = figures;
	list->room = room;
	return 0;
}

static void take_record(struct conn_figures *f, const struct record *r)
{
	if (r->kind == EVENT_SEGMENT) {
		if (f->n_segments == 0)
			f->first_ns = r->time_ns;
		f->last_ns = r->time_ns;
		f->n_segments++;
		f->n_bytes += r->len;
		f->n_alerts += (r->analysis & CONN_ALERTS) != 0;
	} else if (r->action != CONNECTION_OPENED) {
		f->is_closed = true;
	}
	if (!f->has_begun && f->n_segments == 0)
		f->first_ns = f->last_ns = r->time_ns;
	f->has_begun = true;
	for (int side = 0; side < N_SIDES; side++)
		f->states[side] = r->after[side];
}

static void begin_anew(struct conn_list *list)
{
	for (uint32_t i = 0; i < list->n_figures; i++)
		list->figures[i] = (struct conn_figures){.matches = list->figures[i].matches};
	list->until = 0;
	list->dirty = true;
}

/* Takes records up to `horizon`. True: not done. */
static bool take_records(struct conn_list *list, const struct model *model, uint32_t horizon,
                         uint32_t *budget)
{
	const struct conns *conns = &model->conns;
	if (make_room(list, conns->n) < 0)
		return true; /* tried again */
	for (; list->n_figures < conns->n; list->n_figures++)
		list->figures[list->n_figures] = (struct conn_figures){.n_bytes = 0};
	if (horizon < list->until)
		begin_anew(list);
	for (; list->until < horizon; list->until++) {
		const struct record *r = log_record(&model->log, list->until);
		const struct conn_entry *entry;
		if (*budget == 0)
			return true;
		--*budget;
		if (r->stream == NO_STREAM || !(entry = conns_find(conns, r->stream)))
			continue;
		take_record(&list->figures[entry - conns->entries], r);
	}
	return false;
}

/* ---- the filter ---- */

/* Looks at the rows that pass it. The list of one connection's rows says nothing of the others:
 * then it stays as it was. True: not done. */
static bool take_rows(struct conn_list *list, const struct model *model, uint32_t *budget)
{
	bool wanted = model->filter.matches != NULL;
	if (strcmp(list->expression, model->expression) != 0 || wanted != list->is_filtered) {
		struct text t = text_of(list->expression, sizeof list->expression);
		text_add(&t, model->expression);
		list->is_filtered = wanted;
		list->round++;
		list->asked = 0;
		list->dirty = true;
	}
	if (!list->is_filtered || model->only_stream != NO_STREAM)
		return false;
	if (model->rows.n < list->asked)
		list->asked = 0; /* the rows are being found anew */
	for (; list->asked < model->rows.n; list->asked++) {
		if (*budget == 0)
			return true;
		--*budget;
		const struct record *r = log_record(&model->log, model->rows.list[list->asked]);
		const struct conn_entry *entry = conns_find(&model->conns, r->stream);
		if (!entry || entry - model->conns.entries >= list->n_figures)
			continue;
		struct conn_figures *f = &list->figures[entry - model->conns.entries];
		list->dirty = list->dirty || f->matches != list->round;
		f->matches = list->round;
	}
	return false;
}

/* ---- the order ---- */

/* What is compared. */
struct sorting {
	const struct conn_list *list;
	const struct conn_entry *entries;
};

static int compare_numbers(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int compare_ends(const struct endpoint *a, const struct endpoint *b)
{
	int by = compare_numbers(a->addr.version, b->addr.version);
	if (by == 0)
		by = memcmp(a->addr.bytes, b->addr.bytes, sizeof a->addr.bytes);
	return by ? by : compare_numbers(a->port, b->port);
}

static int64_t duration(const struct conn_figures *f)
{
	return (int64_t)((uint64_t)f->last_ns - (uint64_t)f->first_ns);
}

static int compare_states(const struct conn_figures *a, const struct conn_figures *b)
{
	int by = compare_numbers(a->states[CLIENT], b->states[CLIENT]);
	return by ? by : compare_numbers(a->states[SERVER], b->states[SERVER]);
}

static int compare_columns(const struct sorting *s, uint32_t a, uint32_t b)
{
	const struct conn_entry *e = &s->entries[a], *g = &s->entries[b];
	const struct conn_figures *f = &s->list->figures[a], *h = &s->list->figures[b];
	switch (s->list->column) {
	case COLUMN_CLIENT:
		return compare_ends(&e->ends[CLIENT], &g->ends[CLIENT]);
	case COLUMN_SERVER:
		return compare_ends(&e->ends[SERVER], &g->ends[SERVER]);
	case COLUMN_START:
		return compare_numbers(f->first_ns, h->first_ns);
	case COLUMN_DURATION:
		return compare_numbers(duration(f), duration(h));
	case COLUMN_BYTES:
		return (f->n_bytes > h->n_bytes) - (f->n_bytes < h->n_bytes);
	case COLUMN_SEGMENTS:
		return compare_numbers(f->n_segments, h->n_segments);
	case COLUMN_ALERTS:
		return compare_numbers(f->n_alerts, h->n_alerts);
	case COLUMN_STATES:
		return compare_states(f, h);
	case COLUMN_CLOSE:
		return compare_numbers(f->is_closed ? e->close + 1 : 0,
		                       h->is_closed ? g->close + 1 : 0);
	case COLUMN_NUMBER:
	case N_CONN_COLUMNS:
		break;
	}
	return 0;
}

/* Equals stand in order of appearance, so that rows do not jump. */
static int compare(const void *left, const void *right, void *arg)
{
	const struct sorting *s = arg;
	uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
	int by = compare_columns(s, a, b);
	if (by == 0)
		by = compare_numbers(s->entries[a].stream, s->entries[b].stream);
	return s->list->reverse ? -by : by;
}

static bool is_shown(const struct conn_list *list, uint32_t i)
{
	const struct conn_figures *f = &list->figures[i];
	return f->has_begun && (!list->is_filtered || f->matches == list->round);
}

static bool make_order(struct conn_list *list, const struct model *model)
{
	struct sorting sorting = {list, model->conns.entries};
	if (list->n_figures > list->room_order) {
		uint32_t *order = reallocarray(list->order, list->room, sizeof *order);
		if (!order)
			return false;
		list->order = order;
		list->room_order = list->room;
	}
	list->n = 0;
	for (uint32_t i = 0; i < list->n_figures; i++)
		if (is_shown(list, i))
			list->order[list->n++] = i;
	if (list->n > 0)
		qsort_r(list->order, list->n, sizeof *list->order, compare, &sorting);
	list->dirty = false;
	list->version++;
	list->ordered = list->until;
	return true;
}

/* Is the order too old to be kept? */
static bool is_due(const struct conn_list *list)
{
	uint32_t since = list->until - list->ordered;
	bool is_quiet = list->until == list->seen;
	return list->dirty || since > list->n / 4 || (since > 0 && is_quiet);
}

bool conn_list_update(struct conn_list *list, const struct model *model, uint32_t horizon,
                      uint32_t budget)
{
	bool more = take_records(list, model, horizon, &budget);
	more = take_rows(list, model, &budget) || more;
	if (is_due(list) && !make_order(list, model))
		more = true;
	list->seen = list->until;
	return more;
}

void conn_list_sort(struct conn_list *list, enum conn_column column)
{
	list->reverse = column == list->column ? !list->reverse : false;
	list->column = column;
	list->dirty = true;
}

void conn_list_reverse(struct conn_list *list)
{
	list->reverse = !list->reverse;
	list->dirty = true;
}

uint32_t conn_list_find(const struct conn_list *list, const struct model *model, uint32_t stream)
{
	for (uint32_t i = 0; i < list->n; i++)
		if (model->conns.entries[list->order[i]].stream == stream)
			return i;
	return list->n;
}
