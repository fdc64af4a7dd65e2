/* states_kernel.c: what the kernels say of the two sockets, beside what the segments say: the
 * state, with a mark where the two differ, and the figures that no segment shows. */
#include <string.h>

#include "base/i18n.h"
#include "sink/marks.h"
#include "states.h"

bool states_has_kernel(const struct states_moment *moment)
{
	return moment->kernel[CLIENT] || moment->kernel[SERVER];
}

/* A segment that is under way, or that came after the sample, is no difference. */
static bool differs(const struct states_moment *moment, enum side side)
{
	const struct sample *k = moment->kernel[side];
	return k && k->differs && k->inferred == moment->states[side];
}

void states_draw_kernel_state(const struct states_moment *moment, struct canvas *canvas,
                              struct rect area, int y)
{
	(void)canvas_text(canvas, area, 0, y, PEN(ROLE_DIM), _("kernel"));
	for (enum side side = CLIENT; side < N_SIDES; side++) {
		const struct sample *k = moment->kernel[side];
		struct rect cell = states_cell(area, y, side);
		TEXT(words, 64);
		if (!k) {
			(void)canvas_cut(canvas, cell, 0, 0, cell.w, PEN(ROLE_DIM), "-");
			continue;
		}
		bool marked = differs(moment, side);
		text_add(&words, marked ? MARK_KERNEL " " : "");
		text_add(&words, cell.w >= 15 ? tcp_state_name((enum tcp_state)k->state)
		                              : tcp_state_short((enum tcp_state)k->state));
		bool same = k->state == moment->states[side];
		struct pen pen = PEN(marked ? ROLE_ALERT : same ? ROLE_STATE : ROLE_DIM);
		(void)canvas_cut(canvas, cell, 0, 0, cell.w, pen, words.bytes);
	}
}

/* ---- figures ---- */

static void add_window(struct text *t, const struct sample *k, int64_t now_ns)
{
	(void)now_ns;
	if (!k->has_info)
		return;
	text_add_uint(t, k->cwnd);
	if (k->ssthresh)
		text_addf(t, " (%u)", k->ssthresh);
}

static void add_rtt(struct text *t, const struct sample *k, int64_t now_ns)
{
	(void)now_ns;
	if (k->has_info && k->rtt_ns > 0)
		text_add_span(t, k->rtt_ns);
}

static void add_rto(struct text *t, const struct sample *k, int64_t now_ns)
{
	(void)now_ns;
	if (k->has_info)
		text_add_span(t, k->rto_ns);
}

static void add_flight(struct text *t, const struct sample *k, int64_t now_ns)
{
	(void)now_ns;
	if (!k->has_info)
		return;
	text_add_uint(t, k->unacked);
	if (k->lost)
		text_addf(t, _(", %u lost"), k->lost);
	if (k->total_retrans)
		text_addf(t, _(", %u resent"), k->total_retrans);
}

static void add_queues(struct text *t, const struct sample *k, int64_t now_ns)
{
	(void)now_ns;
	if (k->state != TCP_TIME_WAIT && k->state != TCP_CLOSED)
		text_addf(t, _("%u out, %u in"), k->send_queue, k->receive_queue);
}

/* Short: there is little room. */
static const char *const timers[N_KERNEL_TIMERS] = {
        [KERNEL_TIMER_NONE] = "",
        [KERNEL_TIMER_RETRANSMIT] = N_("resend"),
        [KERNEL_TIMER_KEEPALIVE] = N_("keepalive"),
        [KERNEL_TIMER_TIME_WAIT] = "time-wait",
        [KERNEL_TIMER_PROBE] = N_("probe"),
};

/* Counts down from what the kernel said, to the moment that is shown. */
static void add_timer(struct text *t, const struct sample *k, int64_t now_ns)
{
	int64_t left_ns = k->timer_ns - (now_ns - k->time_ns);
	if (k->timer == KERNEL_TIMER_NONE)
		return;
	text_addf(t, "%s ", _(timers[k->timer]));
	text_add_span(t, left_ns < 0 ? 0 : left_ns);
}

static const struct figure {
	const char *name;
	void (*add)(struct text *t, const struct sample *k, int64_t now_ns);
} figures[] = {
        {N_("timer"), add_timer}, {N_("cwnd"), add_window}, {N_("unacked"), add_flight},
        {N_("rtt"), add_rtt},     {N_("timeout"), add_rto}, {N_("queues"), add_queues},
};

/* One row, if one of the two has it. */
static int draw_figure(const struct states_moment *moment, const struct figure *figure,
                       struct canvas *canvas, struct rect area, int y)
{
	bool any = false;
	for (enum side side = CLIENT; side < N_SIDES; side++) {
		struct rect cell = states_cell(area, y, side);
		TEXT(words, 96);
		if (moment->kernel[side])
			figure->add(&words, moment->kernel[side], moment->now_ns);
		any = any || words.len > 0;
		(void)canvas_cut(canvas, cell, 0, 0, cell.w, PEN(ROLE_TEXT), words.bytes);
	}
	if (any)
		(void)canvas_text(canvas, area, 0, y, PEN(ROLE_DIM), _(figure->name));
	return y + any;
}

static int draw_reason(const struct states_moment *moment, enum side side, struct canvas *canvas,
                       struct rect area, int y)
{
	TEXT(words, 400);
	if (!differs(moment, side))
		return y;
	text_addf(&words, _("%s The %s's kernel is not where the segments say. "), MARK_KERNEL,
	          side == CLIENT ? _("client") : _("server"));
	if (moment->reasons[side][0])
		text_addf(&words, _("The reason: %s."), _(moment->reasons[side]));
	else
		text_add(&words, _("No reason is known."));
	return canvas_paragraph(canvas, area, y, PEN(ROLE_ALERT), words.bytes);
}

int states_draw_kernel(const struct states_moment *moment, struct canvas *canvas, struct rect area,
                       int y)
{
	if (!states_has_kernel(moment))
		return y;
	for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
		y = draw_figure(moment, &figures[i], canvas, area, y);
	for (enum side side = CLIENT; side < N_SIDES; side++)
		y = draw_reason(moment, side, canvas, area, y);
	return y;
}
