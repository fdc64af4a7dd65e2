/* change.c: which variables of both ends a segment changes, from the transmission control blocks
 * before and after it (RFC 9293 section 3.3.1). What the sender has sent is certain; what the other
 * end makes of it holds once the segment has arrived, and the sentence says so. */
#include "explain/rule.h"

/* A variable of one end that is a sequence number of either end. */
struct variable {
	const char *name; /* RFC 9293's */
	uint8_t known;    /* enum peer_known */
	bool counts_other_end;
	uint32_t (*get)(const struct tcb *tcb);
};

static uint32_t get_una(const struct tcb *tcb)
{
	return tcb->snd_una;
}
static uint32_t get_nxt(const struct tcb *tcb)
{
	return tcb->snd_nxt;
}
static uint32_t get_rcv(const struct tcb *tcb)
{
	return tcb->rcv_nxt;
}

static const struct variable variables[] = {
        {"SND.UNA", KNOWN_SND, false, get_una},
        {"SND.NXT", KNOWN_SND, false, get_nxt},
        {"RCV.NXT", KNOWN_RCV, true, get_rcv},
};

/* One end, before and after. */
struct end_change {
	const struct scene *scene;
	enum side side;
	const struct tcb *before, *after;
	bool any; /* something has been said about it */
};

/* The separator before the next item: the end's name before the first one. */
static void add_lead(struct text *t, struct end_change *change)
{
	if (change->any) {
		text_add(t, ", ");
		return;
	}
	change->any = true;
	if (t->len > 0)
		text_add_char(t, ' ');
	if (change->side == change->scene->me)
		text_add(t, change->side == CLIENT ? tr(change->scene, N_("Client:"))
		                                   : tr(change->scene, N_("Server:")));
	else
		text_add(t, change->side == CLIENT
		                    ? tr(change->scene, N_("Client, once this arrives:"))
		                    : tr(change->scene, N_("Server, once this arrives:")));
	text_add_char(t, ' ');
}

static void add_state(struct text *t, struct end_change *change)
{
	enum tcp_state before = change->before->state;
	enum tcp_state after = change->after->state;
	if (before == after || after == TCP_STATE_UNKNOWN)
		return;
	add_lead(t, change);
	if (before == TCP_CLOSE_WAIT && after == TCP_CLOSING) {
		text_add(t,
		         tr(change->scene,
		            N_("ESTABLISHED -> FIN-WAIT-1, and CLOSING once the other FIN arrives "
		               "(CLOSE-WAIT was a guess: that FIN had not arrived yet)")));
		return;
	}
	if (before == TCP_SYN_RECEIVED && after == TCP_CLOSED &&
	    !(change->before->known & KNOWN_ISS)) {
		text_add(t, tr(change->scene, N_("CLOSED (that it was listening was a guess: it "
		                                 "never answered the SYN)")));
		return;
	}
	if (before != TCP_STATE_UNKNOWN) {
		text_add(t, tcp_state_name(before));
		text_add(t, " -> ");
	}
	text_add(t, tcp_state_name(after));
}

static void add_value(struct text *t, struct end_change *change, const char *name, bool was_known,
                      uint32_t before, uint32_t after)
{
	if (was_known && before == after)
		return;
	add_lead(t, change);
	text_add(t, name);
	text_add_char(t, ' ');
	if (was_known) {
		text_add_uint(t, before);
		text_add(t, " -> ");
	} else {
		text_add(t, "= ");
	}
	text_add_uint(t, after);
}

static void add_variable(struct text *t, struct end_change *change, const struct variable *variable)
{
	enum side counted = variable->counts_other_end ? side_other(change->side) : change->side;
	if (!(change->after->known & variable->known) || !change->scene->has_base[counted])
		return;
	uint32_t base = change->scene->base[counted];
	add_value(t, change, variable->name, (change->before->known & variable->known) != 0,
	          variable->get(change->before) - base, variable->get(change->after) - base);
}

/* All that changes in one end, as one sentence. A closed end has no variables any more. */
static void add_end(struct text *t, struct end_change change)
{
	add_state(t, &change);
	if (change.after->state != TCP_CLOSED) {
		for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++)
			add_variable(t, &change, &variables[i]);
		if (change.after->known & KNOWN_WND)
			add_value(t, &change, "SND.WND", (change.before->known & KNOWN_WND) != 0,
			          change.before->snd_wnd, change.after->snd_wnd);
	}
	if (change.any)
		text_add_char(t, '.');
}

void add_changes(struct text *t, const struct scene *scene)
{
	add_end(t, (struct end_change){scene, scene->me, scene->mine, scene->mine_after, false});
	add_end(t,
	        (struct end_change){scene, scene->peer, scene->theirs, scene->theirs_after, false});
	if (t->len == 0)
		text_add(t, tr(scene, N_("It changes no variable at either end.")));
}
