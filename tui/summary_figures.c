/* summary_figures.c: the rows of the summary's table, each with what it says of one end. */
#include "amount.h"
#include "base/i18n.h"
#include "summary.h"

static void with_bytes(struct text *t, uint64_t n, uint64_t n_bytes)
{
	amount_add_exact(t, n);
	if (n > 0) {
		text_add(t, " (");
		amount_add(t, n_bytes);
		text_add(t, " B)");
	}
}

static void say_segments(struct text *t, const struct summary_side *s)
{
	amount_add_exact(t, s->n_segments);
}

static void say_data(struct text *t, const struct summary_side *s)
{
	with_bytes(t, s->n_data, s->n_bytes);
}

static void say_resent(struct text *t, const struct summary_side *s)
{
	with_bytes(t, s->n_resent, s->resent_bytes);
}

static void say_troubles(struct text *t, const struct summary_side *s)
{
	text_addf(t, "%llu, %llu, %llu", (unsigned long long)s->n_out_of_order,
	          (unsigned long long)s->n_duplicate_acks, (unsigned long long)s->n_zero_windows);
}

static void say_rtt(struct text *t, const struct summary_side *s)
{
	if (s->n_rtts == 0) {
		text_add_char(t, '-');
		return;
	}
	text_add_span(t, s->rtt_min_ns);
	text_add_char(t, '/');
	text_add_span(t, (int64_t)(s->rtt_sum_ns / (double)s->n_rtts));
	text_add_char(t, '/');
	text_add_span(t, s->rtt_max_ns);
}

static void say_window(struct text *t, const struct summary_side *s)
{
	if (s->n_windows == 0)
		text_add_char(t, '-');
	else if (s->window_min == s->window_max)
		text_addf(t, "%u", s->window_min);
	else
		text_addf(t, "%u – %u", s->window_min, s->window_max);
}

static void say_rate(struct text *t, const struct summary_side *s)
{
	double rate = summary_rate(s);
	if (rate > 0)
		amount_add_rate(t, rate);
	else
		text_add_char(t, '-');
}

static void say_options(struct text *t, const struct summary_side *s)
{
	uint32_t present = s->options.present;
	if (!s->has_syn) {
		text_add(t, _("no SYN seen"));
		return;
	}
	if (present & OPT_MSS)
		text_addf(t, "MSS %u ", s->options.mss);
	if (present & OPT_WINDOW_SCALE)
		text_addf(t, "WS %u ", s->options.window_scale);
	text_add(t, present & OPT_SACK_PERMITTED ? "SACK " : "");
	text_add(t, present & OPT_TIMESTAMPS ? "TS" : "");
}

const struct summary_figure summary_figures[] = {
        {N_("segments"), say_segments},
        {N_("with data"), say_data},
        {N_("sent again"), say_resent},
        {N_("late/dup/win 0"), say_troubles},
        {N_("RTT min/avg/max"), say_rtt},
        {N_("window"), say_window},
        {N_("throughput"), say_rate},
        {N_("SYN offers"), say_options},
        {NULL, NULL},
};
