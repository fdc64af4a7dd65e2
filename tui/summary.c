/* summary.c: see summary.h. */
#include "summary.h"

#include <stdlib.h>

#include "explain/elapsed.h"

#define RESENT (A_RETRANSMISSION | A_FAST_RETRANSMISSION | A_SPURIOUS_RETRANSMISSION)

static void add_data(struct summary *summary, const struct event *event)
{
	const struct segment *s = &event->segment;
	struct summary_side *side = &summary->sent[s->from];
	if (s->len == 0)
		return;
	if (!summary->has_data)
		summary->first_data = s->from;
	summary->has_data = true;
	if (side->n_data == 0)
		side->first_data_ns = event->time_ns;
	side->last_data_ns = event->time_ns;
	side->n_data++;
	side->n_bytes += s->len;
}

static void add_labels(struct summary_side *side, const struct segment *s)
{
	uint32_t flags = s->analysis.flags;
	if (flags & RESENT) {
		side->n_resent++;
		side->resent_bytes += s->len;
	}
	side->n_out_of_order += (flags & A_OUT_OF_ORDER) != 0;
	side->n_duplicate_acks += (flags & A_DUPLICATE_ACK) != 0;
	side->n_zero_windows += (flags & A_ZERO_WINDOW) != 0;
}

/* An acknowledgment measures the other end's data. */
static void add_round_trip(struct summary_side *side, int64_t rtt_ns)
{
	if (rtt_ns < 0)
		return;
	if (side->n_rtts == 0 || rtt_ns < side->rtt_min_ns)
		side->rtt_min_ns = rtt_ns;
	if (side->n_rtts == 0 || rtt_ns > side->rtt_max_ns)
		side->rtt_max_ns = rtt_ns;
	side->rtt_sum_ns += (double)rtt_ns;
	side->n_rtts++;
}

/* The window of a SYN is never scaled, that of a reset means nothing. */
static void add_window(struct summary_side *side, const struct segment *s)
{
	if (s->flags & TCP_SYN) {
		side->has_syn = true;
		side->options = s->options;
	}
	if (s->flags & (TCP_SYN | TCP_RST))
		return;
	if (side->n_windows == 0 || s->window < side->window_min)
		side->window_min = s->window;
	if (s->window > side->window_max)
		side->window_max = s->window;
	side->n_windows++;
}

static void add_phase(struct summary *summary, const struct event *event)
{
	struct summary_phase *phase = &summary->phases[event->segment.phase];
	if (phase->n_segments++ == 0)
		phase->first_ns = event->time_ns;
	phase->last_ns = event->time_ns;
}

static void count(struct summary_count *counts, uint32_t record)
{
	if (counts->n++ == 0)
		counts->first = record;
}

static void add_findings(struct summary *summary, uint32_t record, const struct segment *s)
{
	for (unsigned i = 0; i < s->n_diagnoses && i < DIAGNOSES_MAX; i++)
		if (s->diagnoses[i].label < N_DIAGNOSES)
			count(&summary->diagnoses[s->diagnoses[i].label], record);
	for (unsigned i = 0; i < N_ANALYSIS_FLAGS; i++)
		if (s->analysis.flags & 1U << i)
			count(&summary->labels[i], record);
}

void summary_add(struct summary *summary, uint32_t record, const struct event *event)
{
	const struct segment *s = &event->segment;
	if (event->kind != EVENT_SEGMENT)
		return;
	if (summary->n_segments++ == 0)
		summary->first_ns = event->time_ns;
	summary->last_ns = event->time_ns;
	summary->sent[s->from].n_segments++;
	add_data(summary, event);
	add_labels(&summary->sent[s->from], s);
	add_round_trip(&summary->sent[side_other(s->from)], s->analysis.ack_rtt_ns);
	add_window(&summary->sent[s->from], s);
	if ((unsigned)s->phase < N_PHASES)
		add_phase(summary, event);
	add_findings(summary, record, s);
	for (int side = 0; side < N_SIDES; side++)
		summary->last[side] = s->after[side];
}

/* ---- findings ---- */

/* In order of the first record; of one record, what it really was comes before Wireshark's label.
 */
static int compare(const void *left, const void *right)
{
	const struct finding *a = left, *b = right;
	if (a->count.first != b->count.first)
		return a->count.first < b->count.first ? -1 : 1;
	if (a->is_diagnosis != b->is_diagnosis)
		return a->is_diagnosis ? -1 : 1;
	return a->label < b->label ? -1 : a->label > b->label;
}

unsigned summary_findings(const struct summary *summary, struct finding findings[FINDINGS_MAX])
{
	unsigned n = 0;
	for (unsigned i = DIAGNOSIS_NONE + 1; i < N_DIAGNOSES; i++)
		if (summary->diagnoses[i].n > 0)
			findings[n++] = (struct finding){true, i, summary->diagnoses[i]};
	for (unsigned i = 0; i < N_ANALYSIS_FLAGS; i++)
		if (summary->labels[i].n > 0)
			findings[n++] = (struct finding){false, i, summary->labels[i]};
	qsort(findings, n, sizeof *findings, compare);
	return n;
}

double summary_rate(const struct summary_side *side)
{
	int64_t ns = elapsed_ns(side->first_data_ns, side->last_data_ns);
	if (side->n_data < 2 || ns <= 0)
		return 0;
	return (double)side->n_bytes * 8.0 * (double)NS_PER_SECOND / (double)ns;
}
