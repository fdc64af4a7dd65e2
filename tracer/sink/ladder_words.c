/* ladder_words.c: see ladder_words.h. */
#include "sink/ladder_words.h"

#include <string.h>

#include "base/i18n.h"
#include "sink/marks.h"
#include "sink/notation.h"

/* Which timer of the sender ended the silence, as far as the segment shows it. */
static const char *idle_reason(const struct event *event)
{
	static const char *const reasons[3][N_SIDES] = {
	        {N_(": the client's retransmission timer ran"),
	         N_(": the server's retransmission timer ran")},
	        {N_(": the client's persist timer ran"), N_(": the server's persist timer ran")},
	        {N_(": the client's keep-alive timer ran"),
	         N_(": the server's keep-alive timer ran")},
	};
	if (event->kind != EVENT_SEGMENT)
		return "";
	const struct segment *s = &event->segment;
	const struct tcb *mine = &s->before[s->from];
	bool below = (mine->known & KNOWN_SND) && seq_lt(s->seq_raw, mine->snd_nxt);
	if (!below || (s->flags & TCP_RST))
		return "";
	if (s->len > 1 || (s->flags & (TCP_SYN | TCP_FIN)))
		return _(reasons[0][s->from]);
	if ((mine->known & KNOWN_WND) && mine->snd_wnd == 0)
		return _(reasons[1][s->from]);
	return mine->snd_una == mine->snd_nxt ? _(reasons[2][s->from]) : _(reasons[0][s->from]);
}

void ladder_idle(struct text *t, const struct event *event, int64_t silence_ns)
{
	text_add(t, "~~ ");
	text_add_span(t, silence_ns);
	text_add_char(t, ' ');
	text_add(t, _("idle"));
	text_add(t, idle_reason(event));
	text_add(t, " ~~");
}

const char *ladder_state(const struct segment *s, enum side side)
{
	if (s->before[side].state == s->after[side].state)
		return NULL;
	return tcp_state_short(s->after[side].state);
}

void ladder_head(struct text *t, const struct endpoint *ends, enum side side, bool guessed)
{
	text_add(t, side == CLIENT ? "CLIENT" : "SERVER");
	text_add(t, guessed ? "? " : " ");
	text_add_endpoint(t, &ends[side]);
}

void ladder_offer(struct text *t, const struct direction *d)
{
	if (d->mss) {
		text_add(t, "MSS ");
		text_add_uint(t, d->mss);
	}
	if (d->window_scale > 0) {
		text_add(t, t->len ? " WS " : "WS ");
		text_add_uint(t, (uint64_t)d->window_scale);
	}
	if (d->sack_permitted)
		text_add(t, t->len ? " SACK" : "SACK");
	if (d->timestamps)
		text_add(t, t->len ? " TS" : "TS");
}

bool ladder_is_lost(const struct event *event)
{
	return event->passage.fate == FATE_DROPPED;
}

static bool is_row_of_kernel(const struct kernel_event *k)
{
	return k->news == KERNEL_NEWS_STATE && (k->differs || k->state == TCP_TIME_WAIT);
}

void ladder_kernel(struct text *t, const struct kernel_event *k)
{
	if (k->differs)
		text_add(t, MARK_KERNEL " ");
	text_add(t, "kernel: ");
	notation_kernel(t, k);
}

bool ladder_is_repetition(const struct event *event)
{
	if (event->kind == EVENT_KERNEL)
		return !is_row_of_kernel(&event->kernel);
	return event->kind == EVENT_WIRE && event->wire.action != WIRE_HELD &&
	       event->wire.action != WIRE_RELEASED;
}

const char *ladder_call(const struct call_event *c)
{
	return c->action == CALL_ENTERED ? "calls" : "returns";
}

void ladder_fate(struct text *t, const struct program_event *p)
{
	static const char *const words[N_PROGRAM_ACTIONS] = {
	        [PROGRAM_STARTED] = "starts",
	        [PROGRAM_READY] = "ready",
	        [PROGRAM_SIGNALLED] = "signal",
	        [PROGRAM_EXITED] = "killed",
	};
	if (p->action == PROGRAM_EXITED && !p->signal) {
		text_add(t, "exit ");
		text_add_int(t, p->status);
	} else if ((unsigned)p->action < N_PROGRAM_ACTIONS) {
		text_add(t, words[p->action]);
	}
}

void ladder_fate_details(struct text *t, const struct program_event *p)
{
	if (p->action == PROGRAM_STARTED)
		text_add_terminal(t, p->command, strlen(p->command));
	if (p->signal)
		notation_signal(t, p->signal);
	if (p->by_runner)
		text_add(t, t->len > 0 ? ", by the runner" : "by the runner");
	if (p->expected)
		text_add(t, t->len > 0 ? ", as expected" : "as expected");
}
