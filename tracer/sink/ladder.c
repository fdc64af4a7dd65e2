/* ladder.c: the sequence diagram: the client's lane left, the server's right, one row a segment, a
 * state where it changes. Lanes go by role, so that loopback, where both ends have one address,
 * reads like any network. */
#include <string.h>

#include "base/i18n.h"
#include "explain/elapsed.h"
#include "sink/in_calls.h"
#include "sink/label.h"
#include "sink/ladder_words.h"
#include "sink/lanes.h"
#include "sink/notation.h"
#include "sink/sinks.h"
#include "sink/talks.h"

enum { ROOM = 64 * 1024 }; /* the longest output line, escaped, in narrow rows */

struct ladder_state {
	bool has_origin, has_last;
	int64_t origin_ns; /* of the first frame */
	int64_t last_ns;   /* of the row before */
	uint64_t n_open;   /* connections that are open now */
	bool numbered;     /* two were open at once: rows carry numbers from then on */
	struct in_calls in_calls;
	struct talks talks; /* of datagrams and ICMP */
	struct event held; /* a call that has just been entered: if it returns at once, one row will
	                      do for both; EVENT_CALL: there is such a one */
};

static struct lanes lanes_for(const struct sink *sink)
{
	const struct ladder_state *state = sink->state;
	return (struct lanes){
	        .options = &sink->options,
	        .numbered = state->numbered,
	        .busy = {state->in_calls.n[CLIENT] > 0, state->in_calls.n[SERVER] > 0},
	};
}

/* ---- time ---- */

static bool starts_clock(const struct event *event)
{
	return event->kind == EVENT_SEGMENT || event->kind == EVENT_DATAGRAM ||
	       event->kind == EVENT_FRAME || event->kind == EVENT_CONNECTION;
}

static struct row row_at(struct ladder_state *state, const struct event *event)
{
	if (!state->has_origin && starts_clock(event)) {
		state->has_origin = true;
		state->origin_ns = event->time_ns;
	}
	return (struct row){
	        .has_time = state->has_origin,
	        .time_ns = elapsed_ns(state->origin_ns, event->time_ns),
	        .stream = -1,
	};
}

/* One row for a silence, before the event that ends it. */
static void add_idle(struct sink *sink, struct text *t, const struct event *event)
{
	struct ladder_state *state = sink->state;
	struct lanes lanes = lanes_for(sink);
	int64_t silence_ns = elapsed_ns(state->last_ns, event->time_ns);
	bool idle = state->has_last && silence_ns >= LADDER_IDLE_NS;
	state->has_last = state->has_origin;
	state->last_ns = event->time_ns;
	if (!idle)
		return;
	TEXT(words, 256);
	ladder_idle(&words, event, silence_ns);
	struct row row = {.stream = -1};
	lanes_plain(t, &lanes, &row, &words, PAINT_DIM);
}

/* ---- segments ---- */

/* Below an arrow: what the segment means, in a line. */
static void title_row(struct sink *sink, struct text *t, enum side from, const struct event *event)
{
	struct lanes lanes = lanes_for(sink);
	struct explanation explanation;
	struct row blank = {.stream = -1};
	TEXT(title, NOTATION_TITLE);
	if (!sink->options.explain)
		return;
	explain_event(&explanation, event);
	notation_title(&title, event, &explanation);
	lanes_words(t, &lanes, &blank, from, &title, PAINT_DIM);
}

static void segment_row(struct sink *sink, struct text *t, struct row row,
                        const struct event *event)
{
	const struct segment *s = &event->segment;
	struct lanes lanes = lanes_for(sink);
	const struct arrow arrow = {s->from, ladder_is_lost(event)};
	TEXT(label, 512);
	row.stream = s->stream;
	row.left = ladder_state(s, CLIENT);
	row.right = ladder_state(s, SERVER);
	label_add(&label, event, lanes_label_room(&lanes));
	lanes_arrow(t, &lanes, &row, arrow, &label);
	title_row(sink, t, s->from, event);
}

/* ---- connections ---- */

/* Two texts on one line, the right one above the right lane's end. */
static void add_pair(struct text *t, const struct lanes *lanes, const struct text *left,
                     const struct text *right)
{
	enum { RIGHT_COLUMNS = 24 }; /* a role and an IPv4 address with its port */
	size_t columns = lanes_margin(lanes) + left->len;
	size_t width = lanes_margin(lanes) + lanes_inner(lanes) + 2 * (LANES_STATE + 2);
	size_t at = width - (right->len > RIGHT_COLUMNS ? right->len : RIGHT_COLUMNS);
	text_add_bytes(t, left->bytes, left->len);
	if (right->len > 0)
		text_add_chars(t, ' ', at > columns + 2 && at < width ? at - columns : 2);
	text_add_bytes(t, right->bytes, right->len);
	text_add_char(t, '\n');
}

/* The names of both ends, above their lanes. */
static void name_row(struct sink *sink, struct text *t, int64_t stream,
                     const struct endpoint ends[N_SIDES], bool guessed)
{
	struct lanes lanes = lanes_for(sink);
	TEXT(left, 96);
	TEXT(right, 96);
	TEXT(margin, 64);
	ladder_head(&left, ends, CLIENT, guessed);
	ladder_head(&right, ends, SERVER, guessed);
	(void)paint_on(t, &sink->options, PAINT_TITLE); /* a whole line: nothing to count */
	text_add(&margin, " +ms");
	if (lanes.numbered && stream >= 0) {
		text_clear(&margin);
		text_add_char(&margin, '#');
		text_add_uint(&margin, (uint64_t)stream);
	}
	text_add_bytes(t, margin.bytes, margin.len);
	text_add_chars(t, ' ', lanes_margin(&lanes) - margin.len);
	add_pair(t, &lanes, &left, &right);
	(void)paint_off(t, &sink->options);
}

static void header_rows(struct sink *sink, struct text *t, const struct connection *c)
{
	struct lanes lanes = lanes_for(sink);
	TEXT(left, 96);
	TEXT(right, 96);
	name_row(sink, t, c->stream, c->ends, c->roles_guessed);
	ladder_offer(&left, &c->sent[CLIENT]);
	ladder_offer(&right, &c->sent[SERVER]);
	if (left.len + right.len == 0)
		return;
	text_add_chars(t, ' ', lanes_margin(&lanes));
	add_pair(t, &lanes, &left, &right);
}

static void connection_rows(struct sink *sink, struct text *t, struct row row,
                            const struct event *event)
{
	struct ladder_state *state = sink->state;
	const struct connection *c = &event->connection;
	enum side side;
	(void)talks_side(&state->talks, event, &side); /* remembers who began */
	if (c->action == CONNECTION_OPENED) {
		state->numbered = state->numbered || state->n_open > 0;
		state->n_open++;
		header_rows(sink, t, c);
		return;
	}
	if (state->n_open > 0)
		state->n_open--;
	struct lanes lanes = lanes_for(sink);
	TEXT(words, 1024);
	row.stream = c->stream;
	notation_event(&words, event);
	for (side = CLIENT; side < N_SIDES; side++) {
		text_add(&words, "; ");
		notation_direction(&words, c, side);
	}
	lanes_plain(t, &lanes, &row, &words, PAINT_DIM);
}

/* ---- programs ---- */

static void output_rows(struct sink *sink, struct text *t, struct row row,
                        const struct event *event)
{
	const struct output_event *o = &event->output;
	struct lanes lanes = lanes_for(sink);
	TEXT(words, 4 * EVENT_TEXT_MAX);
	text_add_terminal(&words, o->text, strlen(o->text));
	const char *verb = o->is_stderr ? "stderr" : "prints";
	if (o->host == CLIENT)
		row.left = verb;
	else
		row.right = verb;
	lanes_words(t, &lanes, &row, o->host, &words,
	            o->is_stderr ? PAINT_ALERT : paint_side(o->host));
}

static void program_rows(struct sink *sink, struct text *t, struct row row,
                         const struct event *event)
{
	const struct program_event *p = &event->program;
	struct lanes lanes = lanes_for(sink);
	TEXT(words, 4 * EVENT_TEXT_MAX + 64);
	TEXT(fate, LANES_STATE + 1);
	ladder_fate(&fate, p);
	ladder_fate_details(&words, p);
	if (p->host == CLIENT)
		row.left = fate.bytes;
	else
		row.right = fate.bytes;
	lanes_words(t, &lanes, &row, p->host, &words, PAINT_DIM);
}

/* Calls that do not wait for anything: their return is the next thing to happen, as a rule. */
static bool is_quick(const struct call_event *c)
{
	static const char *const names[] = {"socket",     "bind",     "listen",      "setsockopt",
	                                    "getsockopt", "shutdown", "getsockname", "getpeername",
	                                    "fcntl",      "close",    "dup",         "socketpair"};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(c->name, names[i]) == 0)
			return c->action == CALL_ENTERED;
	return false;
}

static bool is_held(const struct ladder_state *state, const struct call_event *c)
{
	return state->held.kind == EVENT_CALL && state->held.call.id == c->id;
}

static void call_rows(struct sink *sink, struct text *t, struct row row, const struct event *event)
{
	const struct call_event *c = &event->call;
	struct lanes lanes = lanes_for(sink);
	TEXT(words, 4 * EVENT_TEXT_MAX);
	bool at_once = is_held(sink->state, c);
	const char *verb = at_once ? "calls" : ladder_call(c);
	if (at_once || c->action == CALL_ENTERED)
		notation_call(&words, event);
	else
		notation_return(&words, event);
	if (c->host == CLIENT)
		row.left = verb;
	else
		row.right = verb;
	lanes_words(t, &lanes, &row, c->host, &words, PAINT_DIM);
}

static void message_rows(struct sink *sink, struct text *t, struct row row,
                         const struct event *event)
{
	const struct message *m = &event->message;
	struct lanes lanes = lanes_for(sink);
	TEXT(words, 4 * EVENT_TEXT_MAX);
	TEXT(name, LANES_STATE + 1);
	notation_message(&words, m);
	notation_protocol(&name, m);
	row.stream = m->stream;
	if (m->from == CLIENT)
		row.left = name.bytes;
	else
		row.right = name.bytes;
	lanes_words(t, &lanes, &row, m->from, &words,
	            m->trouble[0] ? PAINT_ALERT : paint_side(m->from));
}

static void kernel_rows(struct sink *sink, struct text *t, struct row row,
                        const struct event *event)
{
	const struct kernel_event *k = &event->kernel;
	struct lanes lanes = lanes_for(sink);
	TEXT(words, 2 * EVENT_TEXT_MAX);
	ladder_kernel(&words, k);
	row.stream = k->stream;
	if (k->host == CLIENT)
		row.left = tcp_state_short(k->state);
	else
		row.right = tcp_state_short(k->state);
	lanes_words(t, &lanes, &row, k->host, &words, k->differs ? PAINT_ALERT : PAINT_DIM);
}

/* ---- the rest ---- */

static void plain_row(struct sink *sink, struct text *t, struct row row, const struct event *event)
{
	struct lanes lanes = lanes_for(sink);
	TEXT(words, 8 * EVENT_TEXT_MAX + 256);
	if (event->kind == EVENT_SESSION || event->kind == EVENT_CAPTURE)
		row.has_time = false;
	notation_event(&words, event);
	lanes_plain(t, &lanes, &row, &words, event->kind == EVENT_NOTE ? PAINT_ALERT : PAINT_DIM);
}

/* A datagram or an ICMP message: an arrow where it is known which end sent it. */
static void frame_row(struct sink *sink, struct text *t, struct row row, const struct event *event)
{
	struct ladder_state *state = sink->state;
	struct lanes lanes = lanes_for(sink);
	uint32_t n_talks = state->talks.n;
	struct arrow arrow = {.lost = ladder_is_lost(event)};
	TEXT(label, 512);
	if (!talks_side(&state->talks, event, &arrow.from)) {
		plain_row(sink, t, row, event);
		return;
	}
	if (state->talks.n != n_talks && event->kind == EVENT_DATAGRAM)
		name_row(sink, t, -1, (struct endpoint[]){event->datagram.src, event->datagram.dst},
		         false);
	notation_arrow(&label, event);
	lanes_arrow(t, &lanes, &row, arrow, &label);
	title_row(sink, t, arrow.from, event);
}

static void put_rows(struct sink *sink, const struct event *event)
{
	static void (*const rows[N_EVENT_KINDS])(struct sink *, struct text *, struct row,
	                                         const struct event *) = {
	        [EVENT_SESSION] = plain_row,    [EVENT_CAPTURE] = plain_row,
	        [EVENT_SEGMENT] = segment_row,  [EVENT_DATAGRAM] = frame_row,
	        [EVENT_FRAME] = frame_row,      [EVENT_CONNECTION] = connection_rows,
	        [EVENT_MESSAGE] = message_rows, [EVENT_PROGRAM] = program_rows,
	        [EVENT_OUTPUT] = output_rows,   [EVENT_CALL] = call_rows,
	        [EVENT_KERNEL] = kernel_rows,   [EVENT_WIRE] = plain_row,
	        [EVENT_NOTE] = plain_row,
	};
	if (!rows[event->kind])
		return;
	struct text *t = out_room(&sink->out, ROOM);
	struct row row = row_at(sink->state, event);
	if (event->kind != EVENT_SESSION && event->kind != EVENT_CAPTURE)
		add_idle(sink, t, event);
	rows[event->kind](sink, t, row, event);
}

/* The row of a held call, before anything but its return. */
static void put_held(struct sink *sink)
{
	struct ladder_state *state = sink->state;
	if (state->held.kind != EVENT_CALL)
		return;
	const struct event held = state->held;
	state->held.kind = EVENT_SESSION;
	put_rows(sink, &held);
	in_calls_take(&state->in_calls, &held);
}

static void ladder_event(struct sink *sink, const struct event *event)
{
	struct ladder_state *state = sink->state;
	if ((unsigned)event->kind >= N_EVENT_KINDS || ladder_is_repetition(event))
		return;
	bool returns = event->kind == EVENT_CALL && is_held(state, &event->call);
	if (!returns)
		put_held(sink);
	if (event->kind == EVENT_CALL && is_quick(&event->call)) {
		state->held = *event;
		return;
	}
	put_rows(sink, event);
	in_calls_take(&state->in_calls, event);
	if (returns)
		state->held.kind = EVENT_SESSION;
}

static void ladder_finish(struct sink *sink)
{
	put_held(sink);
}

const struct sink_type sink_ladder = {
        .name = "ladder",
        .help = N_("a sequence diagram: client left, server right"),
        .for_people = true,
        .state_size = sizeof(struct ladder_state),
        .event = ladder_event,
        .finish = ladder_finish,
};
