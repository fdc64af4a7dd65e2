/* stats_messages.c: see stats_messages.h. Knows no protocol by name. */
#include "sink/stats_messages.h"

#include <stdlib.h>

enum { FIRST_ROOM = 64, CELL = 64, LINE = 512 };

/* ---- collecting ---- */

static struct protocol_stats *find(struct message_stats *stats, const char *name)
{
	for (unsigned i = 0; i < stats->n; i++)
		if (strcmp(stats->protocols[i].name, name) == 0)
			return &stats->protocols[i];
	if (stats->n == STATS_PROTOCOLS)
		return NULL;
	struct protocol_stats *p = &stats->protocols[stats->n++];
	struct text t = text_of(p->name, sizeof p->name);
	text_add(&t, name);
	return p;
}

static void keep_latency(struct protocol_stats *p, int64_t ns)
{
	if (p->n_kept == p->room) {
		size_t room = p->room ? 2 * p->room : FIRST_ROOM;
		int64_t *more =
		        room <= STATS_LATENCIES ? realloc(p->latencies, room * sizeof *more) : NULL;
		if (!more)
			return;
		p->latencies = more;
		p->room = room;
	}
	p->latencies[p->n_kept++] = ns;
}

void message_stats_take(struct message_stats *stats, const struct message *m)
{
	struct protocol_stats *p = find(stats, m->protocol);
	if (!p || (unsigned)m->from >= N_SIDES)
		return;
	p->messages[m->from]++;
	p->bytes[m->from] += m->length;
	p->troubles += m->trouble[0] != '\0';
	if (m->latency_ns < 0)
		return;
	p->n_answers++;
	if (m->latency_ns > p->longest_ns)
		p->longest_ns = m->latency_ns;
	keep_latency(p, m->latency_ns);
}

/* ---- printing ---- */

static int by_length(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;
	return *x < *y ? -1 : *x > *y;
}

/* The middle one; of an even number the lower. */
static int64_t median(struct protocol_stats *p)
{
	qsort(p->latencies, p->n_kept, sizeof p->latencies[0], by_length);
	return p->latencies[(p->n_kept - 1) / 2];
}

static void add_sides(struct text *t, const uint64_t values[N_SIDES])
{
	text_add_uint(t, values[CLIENT]);
	text_add_char(t, '/');
	text_add_uint(t, values[SERVER]);
}

static void cell_name(struct text *t, struct protocol_stats *p)
{
	text_add_terminal(t, p->name, strlen(p->name));
}
static void cell_messages(struct text *t, struct protocol_stats *p)
{
	add_sides(t, p->messages);
}
static void cell_bytes(struct text *t, struct protocol_stats *p)
{
	add_sides(t, p->bytes);
}
static void cell_answers(struct text *t, struct protocol_stats *p)
{
	text_add_uint(t, p->n_answers);
}
static void cell_median(struct text *t, struct protocol_stats *p)
{
	if (p->n_kept > 0)
		text_add_span(t, median(p));
	else
		text_add_char(t, '-');
}
static void cell_longest(struct text *t, struct protocol_stats *p)
{
	if (p->n_answers > 0)
		text_add_span(t, p->longest_ns);
	else
		text_add_char(t, '-');
}
static void cell_troubles(struct text *t, struct protocol_stats *p)
{
	text_add_uint(t, p->troubles);
}

static const struct column {
	const char *title; /* words of the stream, never translated */
	size_t width;
	void (*add)(struct text *t, struct protocol_stats *p);
} columns[] = {
        {"protocol", 10, cell_name},
        {"messages client/server", 22, cell_messages},
        {"bytes client/server", 21, cell_bytes},
        {"answers", 8, cell_answers},
        {"latency median", 14, cell_median},
        {"max", 8, cell_longest},
        {"trouble", 7, cell_troubles},
};
enum { N_COLUMNS = sizeof columns / sizeof columns[0] };

/* The first column begins at the left, the others end at the right. */
static void add_cell(struct text *t, size_t c, const char *words)
{
	size_t n = strlen(words), gap = columns[c].width > n ? columns[c].width - n : 0;
	text_add(t, c > 0 ? "  " : "");
	if (c > 0)
		text_add_chars(t, ' ', gap);
	text_add(t, words);
	if (c == 0)
		text_add_chars(t, ' ', gap);
}

void message_stats_print(struct message_stats *stats, struct out *out)
{
	if (stats->n == 0)
		return;
	struct text *t = out_room(out, LINE);
	text_add_char(t, '\n');
	for (size_t c = 0; c < N_COLUMNS; c++)
		add_cell(t, c, columns[c].title);
	text_add_char(t, '\n');
	for (unsigned i = 0; i < stats->n; i++) {
		t = out_room(out, LINE);
		for (size_t c = 0; c < N_COLUMNS; c++) {
			TEXT(cell, CELL);
			columns[c].add(&cell, &stats->protocols[i]);
			add_cell(t, c, cell.bytes);
		}
		text_add_char(t, '\n');
	}
}

void message_stats_release(struct message_stats *stats)
{
	for (unsigned i = 0; i < stats->n; i++)
		free(stats->protocols[i].latencies);
	*stats = (struct message_stats){0};
}
