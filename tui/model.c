/* model.c: the model's beginning, end and input. Rows and filters: model_rows.c; time:
 * model_time.c; search and words: model_search.c. */
#include "model.h"

#include <string.h>

#include "base/i18n.h"
#include "model_parts.h"
#include "sink/ladder_words.h"

enum { FILTER_AT_ONCE = 64 };

static const struct program_state no_program = {.started_at = NO_RECORD, .exited_at = NO_RECORD};

int model_init(struct model *model, bool live, struct err *err)
{
	memset(model, 0, sizeof *model);
	model->log.fd = -1;
	model->live = live;
	model->mode = live ? MODE_LIVE : MODE_PAUSED;
	model->resume = live ? MODE_LIVE : MODE_SLOW;
	model->open = true;
	model->only_stream = NO_STREAM;
	model->now = model->mark = model->before_mark = NO_RECORD;
	model->carried = model->carrier = NO_RECORD;
	model->pace_ns = 700 * NS_PER_MS;
	for (int side = 0; side < N_SIDES; side++)
		model->programs[side] = no_program;
	return log_init(&model->log, err);
}

void model_release(struct model *model)
{
	numbers_release(&model->rows);
	numbers_release(&model->search.hits);
	conns_release(&model->conns);
	samples_release(&model->samples);
	log_release(&model->log);
}

/* ---- what the events say about the whole ---- */

static void copy_text(char *to, size_t size, const char *from)
{
	struct text t = text_of(to, size);
	text_add_safe(&t, from, strlen(from));
}

static void take_capture(struct model *model, const struct capture_event *c)
{
	if (c->action == CAPTURE_STARTED) {
		model->capturing = true;
		copy_text(model->filter_bpf, sizeof model->filter_bpf, c->filter);
		if (model->title[0] == '\0')
			copy_text(model->title, sizeof model->title, c->source);
		return;
	}
	model->received = c->received;
	model->dropped = c->dropped;
	model->dropped_by_interface = c->dropped_by_interface;
	if (c->action == CAPTURE_ENDED)
		model->capturing = false;
}

static void take_program(struct model *model, uint32_t i, const struct program_event *p)
{
	struct program_state *state = &model->programs[p->host];
	switch (p->action) {
	case PROGRAM_STARTED:
		*state = no_program;
		state->started = true;
		state->started_at = i;
		state->pid = p->pid;
		copy_text(state->command, sizeof state->command, p->command);
		break;
	case PROGRAM_READY:
		state->ready = true;
		break;
	case PROGRAM_EXITED:
		state->exited = true;
		state->exited_at = i;
		state->status = p->status;
		state->signal = p->signal;
		break;
	case PROGRAM_SIGNALLED:
	case N_PROGRAM_ACTIONS:
		break;
	}
}

static void take_wire(struct model *model, const struct event *event)
{
	if (event->kind == EVENT_SEGMENT)
		model->n_segments++;
	if (event->kind != EVENT_SEGMENT && event->kind != EVENT_DATAGRAM &&
	    event->kind != EVENT_FRAME)
		return;
	model->n_frames++;
	if (!model->has_origin) {
		model->has_origin = true;
		model->origin_ns = event->time_ns;
	}
}

static void take(struct model *model, uint32_t i, const struct event *event)
{
	if (event->kind == EVENT_SESSION && event->session.lab[0])
		copy_text(model->title, sizeof model->title, event->session.lab);
	else if (event->kind == EVENT_CAPTURE)
		take_capture(model, &event->capture);
	else if (event->kind == EVENT_PROGRAM)
		take_program(model, i, &event->program);
	else
		take_wire(model, event);
}

/* Does it belong to a connection whose roles a person has exchanged? */
static bool is_swapped(const struct model *model, const struct event *event)
{
	const struct conn_entry *conn = NULL;
	if (event->kind == EVENT_SEGMENT)
		conn = conns_find(&model->conns, event->segment.stream);
	else if (event->kind == EVENT_CONNECTION)
		conn = conns_find(&model->conns, event->connection.stream);
	else if (event->kind == EVENT_MESSAGE && event->message.stream >= 0)
		conn = conns_find(&model->conns, (uint32_t)event->message.stream);
	return conn && conn->roles_swapped;
}

int model_line(struct model *model, const char *line, size_t n, struct err *err)
{
	struct event event;
	char fault[128];
	model_changed(model);
	if (event_read_brief(&event, line, n, fault, sizeof fault) < 0) {
		model->n_bad_lines++;
		return 0;
	}
	uint32_t i = model->log.n;
	bool swapped = is_swapped(model, &event);
	if (swapped)
		event_swap_roles(&event);
	take(model, i, &event);
	if (event.kind == EVENT_KERNEL &&
	    samples_add(&model->samples, i, event.time_ns, &event.kernel) < 0)
		return err_errno(err, _("no memory for what the kernels say"));
	flights_take(&model->flights, &event);
	if ((event.kind == EVENT_CAPTURE && event.capture.action == CAPTURE_STATISTICS) ||
	    ladder_is_repetition(&event))
		return 0; /* for the status line, or a frame under way: no row */
	if (log_append(&model->log, &event, line, n, err) < 0)
		return -1;
	if (swapped)
		log_mark_swapped(&model->log);
	log_set_calls(&model->log, (model->in_calls.n[CLIENT] ? RECORD_CLIENT_CALLS : 0U) |
	                                   (model->in_calls.n[SERVER] ? RECORD_SERVER_CALLS : 0U));
	in_calls_take(&model->in_calls, &event);
	enum side side;
	if (talks_side(&model->talks, &event, &side))
		log_set_side(&model->log, side);
	if (conns_add(&model->conns, i, log_record(&model->log, i), &event) < 0)
		return err_errno(err, _("no memory for more connections"));
	(void)model_filter_more(model, FILTER_AT_ONCE); /* the rest in model_work() */
	model_arrived(model, i);
	return 0;
}

void model_end(struct model *model)
{
	model->ended = true;
	model->capturing = false;
	model_changed(model);
}

bool model_work(struct model *model, uint32_t budget)
{
	bool filtering = model_filter_more(model, budget);
	bool searching = model_search_more(model, budget);
	return filtering || searching;
}
