/* summary.h: one connection in figures, added up segment by segment: what each end sent, how long
 * the phases took, what was found and where first. Pure. */
#ifndef WIRELAB_TUI_SUMMARY_H
#define WIRELAB_TUI_SUMMARY_H

#include "event/event.h"
#include "log.h"

/* What one end sent. */
struct summary_side {
	uint64_t n_segments, n_data, n_bytes; /* resends included */
	uint64_t n_resent, resent_bytes;
	uint64_t n_out_of_order, n_duplicate_acks, n_zero_windows;
	int64_t rtt_min_ns, rtt_max_ns; /* until its data was acknowledged */
	double rtt_sum_ns;
	uint64_t n_rtts;
	uint32_t window_min, window_max;
	uint64_t n_windows;
	int64_t first_data_ns, last_data_ns;
	bool has_syn;
	struct tcp_options options; /* of its SYN */
};

struct summary_phase {
	uint32_t n_segments;
	int64_t first_ns, last_ns;
};

/* How often, and in which record first. */
struct summary_count {
	uint32_t n, first;
};

struct summary {
	uint32_t n_segments;
	int64_t first_ns, last_ns;
	bool has_data;
	enum side first_data; /* who sent data first */
	struct summary_side sent[N_SIDES];
	struct summary_phase phases[N_PHASES];
	struct summary_count diagnoses[N_DIAGNOSES], labels[N_ANALYSIS_FLAGS];
	struct tcb last[N_SIDES]; /* both ends after the last segment */
};

/* Takes the next segment of the connection. */
void summary_add(struct summary *summary, uint32_t record, const struct event *event);

/* One thing that was found. */
struct finding {
	bool is_diagnosis;
	unsigned label; /* enum diagnosis_label, or enum analysis_index */
	struct summary_count count;
};

enum { FINDINGS_MAX = N_DIAGNOSES + N_ANALYSIS_FLAGS };

/* What was found, in the order in which it was found first; their number. */
unsigned summary_findings(const struct summary *summary, struct finding findings[FINDINGS_MAX]);

/* Payload bits for each second between its first and its last data; 0: it cannot be told. */
double summary_rate(const struct summary_side *side);

/* ---- summary_figures.c ---- */

/* One row of the table of both ends. */
struct summary_figure {
	const char *title; /* marked English */
	void (*say)(struct text *t, const struct summary_side *side);
};

extern const struct summary_figure summary_figures[]; /* ends with a title NULL */

#endif
