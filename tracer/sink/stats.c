/* stats.c: a table of all connections, printed at the end, in order of their numbers, and one of
 * the protocols of applications if their messages were looked at. What a connection needs is kept
 * in a few words; beyond a million of them they are only counted. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "explain/elapsed.h"
#include "sink/notation.h"
#include "sink/sinks.h"
#include "sink/stats_messages.h"

enum { ROWS_MAX = 1 << 20, ROWS_FIRST = 256, CELL_MAX = 64, LINE = 1024 };

/* What the table says of one connection. */
struct row {
	uint32_t stream;
	struct endpoint ends[N_SIDES];
	uint8_t conn_state;
	uint16_t reset_cause;
	char history[HISTORY_MAX + 1];
	int64_t duration_ns;
	uint64_t segments[N_SIDES], bytes[N_SIDES], resent[N_SIDES];
	int64_t rtt_ns[3]; /* of both directions: shortest, mean, longest; -1: none */
	uint32_t window_min[N_SIDES], window_max[N_SIDES];
};

struct stats_state {
	struct row *rows;
	size_t n, size;
	uint64_t n_more; /* not kept */
	struct message_stats messages;
};

/* ---- collecting ---- */

static void merge_rtt(struct row *row, const struct connection *c)
{
	const struct direction *a = &c->sent[CLIENT], *b = &c->sent[SERVER];
	uint64_t n = a->rtt_count + b->rtt_count;
	row->rtt_ns[0] = row->rtt_ns[1] = row->rtt_ns[2] = -1;
	if (n == 0 || n > INT64_MAX)
		return;
	bool only_b = a->rtt_count == 0, only_a = b->rtt_count == 0;
	row->rtt_ns[0] = only_b || (!only_a && b->rtt_min_ns < a->rtt_min_ns) ? b->rtt_min_ns
	                                                                      : a->rtt_min_ns;
	row->rtt_ns[1] = a->rtt_sum_ns / (int64_t)n + b->rtt_sum_ns / (int64_t)n;
	row->rtt_ns[2] = a->rtt_max_ns > b->rtt_max_ns ? a->rtt_max_ns : b->rtt_max_ns;
}

static void fill_row(struct row *row, const struct connection *c)
{
	*row = (struct row){
	        .stream = c->stream,
	        .ends = {c->ends[CLIENT], c->ends[SERVER]},
	        .conn_state = (uint8_t)c->conn_state,
	        .reset_cause = c->reset_cause,
	        .duration_ns = elapsed_ns(c->start_ns, c->end_ns),
	};
	memcpy(row->history, c->history, sizeof row->history);
	row->history[HISTORY_MAX] = '\0';
	for (int i = 0; i < N_SIDES; i++) {
		row->segments[i] = c->sent[i].segments;
		row->bytes[i] = c->sent[i].unique_bytes;
		row->resent[i] = c->sent[i].retransmitted_segments;
		row->window_min[i] = c->sent[i].window_min;
		row->window_max[i] = c->sent[i].window_max;
	}
	merge_rtt(row, c);
}

/* A place for one more row, or NULL. */
static struct row *take_row(struct stats_state *state)
{
	if (state->n == state->size) {
		size_t size = state->size ? 2 * state->size : ROWS_FIRST;
		struct row *rows =
		        size <= ROWS_MAX ? realloc(state->rows, size * sizeof *rows) : NULL;
		if (!rows)
			return NULL;
		state->rows = rows;
		state->size = size;
	}
	return &state->rows[state->n++];
}

static void stats_event(struct sink *sink, const struct event *event)
{
	struct stats_state *state = sink->state;
	if (event->kind == EVENT_MESSAGE)
		message_stats_take(&state->messages, &event->message);
	if (event->kind != EVENT_CONNECTION || event->connection.action == CONNECTION_OPENED)
		return;
	struct row *row = take_row(state);
	if (row)
		fill_row(row, &event->connection);
	else
		state->n_more++;
}

/* ---- printing ---- */

static void add_both(struct text *t, const uint64_t values[N_SIDES])
{
	text_add_uint(t, values[CLIENT]);
	text_add_char(t, '/');
	text_add_uint(t, values[SERVER]);
}

static void cell_stream(struct text *t, const struct row *row)
{
	text_add_uint(t, row->stream);
}
static void cell_client(struct text *t, const struct row *row)
{
	text_add_endpoint(t, &row->ends[CLIENT]);
}
static void cell_server(struct text *t, const struct row *row)
{
	text_add_endpoint(t, &row->ends[SERVER]);
}
static void cell_state(struct text *t, const struct row *row)
{
	text_add(t, conn_state_name((enum conn_state)row->conn_state));
}
static void cell_history(struct text *t, const struct row *row)
{
	text_add_terminal(t, row->history, strlen(row->history));
}
static void cell_duration(struct text *t, const struct row *row)
{
	text_add_span(t, row->duration_ns);
}
static void cell_segments(struct text *t, const struct row *row)
{
	add_both(t, row->segments);
}
static void cell_bytes(struct text *t, const struct row *row)
{
	add_both(t, row->bytes);
}
static void cell_resent(struct text *t, const struct row *row)
{
	add_both(t, row->resent);
}
static void cell_rtt(struct text *t, const struct row *row)
{
	if (row->rtt_ns[0] < 0) {
		text_add_char(t, '-');
		return;
	}
	for (int i = 0; i < 3; i++) {
		if (i > 0)
			text_add_char(t, '/');
		text_add_ms(t, row->rtt_ns[i]);
	}
}
static void add_window(struct text *t, const struct row *row, enum side side)
{
	text_add_uint(t, row->window_min[side]);
	text_add_char(t, '-');
	text_add_uint(t, row->window_max[side]);
}
static void cell_windows(struct text *t, const struct row *row)
{
	add_window(t, row, CLIENT);
	text_add_char(t, '/');
	add_window(t, row, SERVER);
}
static void cell_cause(struct text *t, const struct row *row)
{
	text_add(t, diagnosis_name((enum diagnosis_label)row->reset_cause));
}

static const struct column {
	const char *title; /* words of the stream, never translated */
	bool right;        /* numbers end at the right */
	void (*add)(struct text *t, const struct row *row);
} columns[] = {
        {"stream", true, cell_stream},           {"client", false, cell_client},
        {"server", false, cell_server},          {"state", false, cell_state},
        {"history", false, cell_history},        {"duration", true, cell_duration},
        {"segments", true, cell_segments},       {"bytes", true, cell_bytes},
        {"resent", true, cell_resent},           {"rtt ms min/avg/max", true, cell_rtt},
        {"windows min-max", true, cell_windows}, {"reset", false, cell_cause},
};

enum { N_COLUMNS = sizeof columns / sizeof columns[0] };

static void measure(const struct stats_state *state, size_t widths[N_COLUMNS])
{
	for (size_t c = 0; c < N_COLUMNS; c++) {
		widths[c] = strlen(columns[c].title);
		for (size_t i = 0; i < state->n; i++) {
			TEXT(cell, CELL_MAX);
			columns[c].add(&cell, &state->rows[i]);
			if (cell.len > widths[c])
				widths[c] = cell.len;
		}
	}
}

static void add_cell(struct text *t, size_t c, const char *words, size_t len, size_t width)
{
	size_t gap = width > len ? width - len : 0;
	if (c > 0)
		text_add(t, "  ");
	if (columns[c].right)
		text_add_chars(t, ' ', gap);
	text_add_bytes(t, words, len);
	if (!columns[c].right && c + 1 < N_COLUMNS)
		text_add_chars(t, ' ', gap);
}

static int by_stream(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	return x->stream < y->stream ? -1 : x->stream > y->stream;
}

static void print_row(struct sink *sink, const struct row *row, const size_t widths[N_COLUMNS])
{
	struct text *t = out_room(&sink->out, LINE);
	for (size_t c = 0; c < N_COLUMNS; c++) {
		TEXT(cell, CELL_MAX);
		columns[c].add(&cell, row);
		add_cell(t, c, cell.bytes, cell.len, widths[c]);
	}
	while (t->len > 0 && t->bytes[t->len - 1] == ' ')
		t->bytes[--t->len] = '\0';
	text_add_char(t, '\n');
}

static void stats_finish(struct sink *sink)
{
	struct stats_state *state = sink->state;
	size_t widths[N_COLUMNS];
	if (state->n > 0)
		qsort(state->rows, state->n, sizeof *state->rows, by_stream);
	measure(state, widths);
	struct text *t = out_room(&sink->out, LINE);
	for (size_t c = 0; c < N_COLUMNS; c++)
		add_cell(t, c, columns[c].title, strlen(columns[c].title), widths[c]);
	text_add_char(t, '\n');
	for (size_t i = 0; i < state->n; i++)
		print_row(sink, &state->rows[i], widths);
	if (state->n_more > 0) {
		t = out_room(&sink->out, LINE);
		text_addf(t, _("and %llu more connections\n"), (unsigned long long)state->n_more);
	}
	message_stats_print(&state->messages, &sink->out);
	message_stats_release(&state->messages);
	free(state->rows);
	state->rows = NULL;
}

const struct sink_type sink_stats = {
        .name = "stats",
        .help = N_("a table of the connections and of what applications said, at the end"),
        .state_size = sizeof(struct stats_state),
        .sums_up = true,
        .event = stats_event,
        .finish = stats_finish,
};
