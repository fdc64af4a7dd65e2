/* record.c: what stays in memory of an event. */
#include "log.h"

static void of_segment(struct record *r, const struct event *e)
{
	const struct segment *s = &e->segment;
	r->stream = s->stream;
	r->seq = s->seq;
	r->ack = s->ack;
	r->len = s->len;
	r->window = s->window;
	r->analysis = s->analysis.flags;
	r->flags = s->flags;
	r->side = (uint8_t)s->from;
	r->bits |= RECORD_HAS_SIDE;
	if (s->roles_guessed)
		r->bits |= RECORD_GUESSED;
	if (s->options.n_sack > 0)
		r->bits |= RECORD_SACK;
	r->phase = (uint8_t)s->phase;
	for (int side = 0; side < N_SIDES; side++) {
		r->before[side] = (uint8_t)s->before[side].state;
		r->after[side] = (uint8_t)s->after[side].state;
	}
}

static void of_connection(struct record *r, const struct event *e)
{
	const struct connection *c = &e->connection;
	r->stream = c->stream;
	r->action = (uint8_t)c->action;
	if (c->roles_guessed)
		r->bits |= RECORD_GUESSED;
	for (int side = 0; side < N_SIDES; side++)
		r->before[side] = r->after[side] = (uint8_t)c->states[side];
}

static void of_host(struct record *r, enum side side)
{
	r->side = (uint8_t)side;
	r->bits |= RECORD_HAS_SIDE;
}

static void of_program(struct record *r, const struct event *e)
{
	of_host(r, e->program.host);
	r->action = (uint8_t)e->program.action;
}

static void of_call(struct record *r, const struct event *e)
{
	of_host(r, e->call.host);
	r->action = (uint8_t)e->call.action;
}

static void of_kernel(struct record *r, const struct event *e)
{
	of_host(r, e->kernel.host);
	if (e->kernel.stream >= 0 && e->kernel.stream < NO_STREAM)
		r->stream = (uint32_t)e->kernel.stream;
}

static void of_output(struct record *r, const struct event *e)
{
	of_host(r, e->output.host);
}

static void of_message(struct record *r, const struct event *e)
{
	of_host(r, e->message.from);
	if (e->message.stream >= 0 && e->message.stream < NO_STREAM)
		r->stream = (uint32_t)e->message.stream;
}

static void of_datagram(struct record *r, const struct event *e)
{
	r->len = e->datagram.len;
}

static void of_frame(struct record *r, const struct event *e)
{
	r->action = (uint8_t)e->frame_info.kind;
}

static void of_capture(struct record *r, const struct event *e)
{
	r->action = (uint8_t)e->capture.action;
}

static void of_nothing(struct record *r, const struct event *e)
{
	(void)r;
	(void)e;
}

struct record record_of(const struct event *event)
{
	static void (*const fill[N_EVENT_KINDS])(struct record *, const struct event *) = {
	        [EVENT_SESSION] = of_nothing,       [EVENT_CAPTURE] = of_capture,
	        [EVENT_SEGMENT] = of_segment,       [EVENT_DATAGRAM] = of_datagram,
	        [EVENT_MESSAGE] = of_message,       [EVENT_FRAME] = of_frame,
	        [EVENT_CONNECTION] = of_connection, [EVENT_PROGRAM] = of_program,
	        [EVENT_OUTPUT] = of_output,         [EVENT_CALL] = of_call,
	        [EVENT_KERNEL] = of_kernel,         [EVENT_WIRE] = of_nothing,
	        [EVENT_NOTE] = of_nothing,
	};
	struct record record = {
	        .time_ns = event->time_ns,
	        .frame = event->frame > UINT32_MAX ? 0 : (uint32_t)event->frame,
	        .stream = NO_STREAM,
	        .kind = (uint8_t)event->kind,
	};
	if ((unsigned)event->kind < N_EVENT_KINDS)
		fill[event->kind](&record, event);
	return record;
}
