/* scene.c: the facts about one segment that several rules need, worked out once, from the states of
 * both ends before it (RFC 9293 section 3.3.1 names the variables). */
#include "explain/rule.h"

/* The raw number that counts as 0 for each sender: the segment itself tells its own, its
 * acknowledgment the other's; else the initial sequence number. */
static void find_bases(struct scene *scene)
{
	const struct segment *s = scene->seg;
	scene->base[scene->me] = s->seq_raw - s->seq;
	scene->has_base[scene->me] = true;
	if (s->flags & TCP_ACK) {
		scene->base[scene->peer] = s->ack_raw - s->ack;
		scene->has_base[scene->peer] = true;
	} else if (scene->theirs->known & KNOWN_ISS) {
		scene->base[scene->peer] = scene->theirs->iss;
		scene->has_base[scene->peer] = true;
	}
}

static void find_place(struct scene *scene)
{
	const struct segment *s = scene->seg;
	if (!(scene->mine->known & KNOWN_SND))
		return;
	uint32_t next = scene->mine->snd_nxt;
	scene->place = seq_lt(s->seq_raw, next)   ? SEQ_BELOW
	               : seq_gt(s->seq_raw, next) ? SEQ_AHEAD
	                                          : SEQ_NEXT;
	scene->all_old =
	        scene->place == SEQ_BELOW && seq_le(s->seq_raw + (scene->end - s->seq), next);
}

uint32_t taken_back(const struct scene *scene)
{
	const struct segment *s = scene->seg;
	uint32_t before = scene->theirs->snd_una + scene->theirs->snd_wnd;
	int32_t less = seq_diff(before, s->ack_raw + s->window);
	int32_t unit = 1 << (s->window_scale > 0 && s->window_scale <= 14 ? s->window_scale : 0);
	return less > unit ? (uint32_t)less : 0;
}

bool waits_for_ack_of_fin(const struct tcb *tcb)
{
	return tcb->state == TCP_FIN_WAIT_1 || tcb->state == TCP_CLOSING ||
	       tcb->state == TCP_LAST_ACK;
}

bool may_wait_for_accept(const struct scene *scene)
{
	const struct tcb *mine = scene->mine;
	bool called = scene->event->cause.call != 0; /* on a socket of this connection */
	return scene->me == SERVER && !called && (mine->known & KNOWN_ISS) &&
	       mine->snd_nxt == mine->iss + 1;
}

static void find_acked(struct scene *scene)
{
	const struct segment *s = scene->seg;
	const struct tcb *theirs = scene->theirs;
	if (!(s->flags & TCP_ACK) || !(theirs->known & KNOWN_SND))
		return;
	if (seq_gt(s->ack_raw, theirs->snd_una))
		scene->acked = s->ack_raw - theirs->snd_una;
	if (seq_lt(s->ack_raw, theirs->snd_nxt))
		scene->flying = theirs->snd_nxt - s->ack_raw;
	scene->acks_syn =
	        scene->acked > 0 && (theirs->known & KNOWN_ISS) && theirs->snd_una == theirs->iss;
	scene->acks_fin =
	        scene->acked > 0 && waits_for_ack_of_fin(theirs) && s->ack_raw == theirs->snd_nxt;
	scene->acked_bytes = scene->acked - scene->acks_syn;
	if (scene->acks_fin && scene->acked_bytes > 0)
		scene->acked_bytes--;
}

/* The empty sentence stands for a catalogue's header: without a catalogue it stays empty. */
static bool has_catalogue(void)
{
	return gettext("")[0] != '\0';
}

void scene_set(struct scene *scene, const struct event *event)
{
	*scene = (struct scene){.event = event, .translated = has_catalogue()};
	if (event->kind != EVENT_SEGMENT)
		return;
	const struct segment *s = &event->segment;
	scene->seg = s;
	scene->me = s->from;
	scene->peer = side_other(s->from);
	scene->mine = &s->before[scene->me];
	scene->theirs = &s->before[scene->peer];
	scene->mine_after = &s->after[scene->me];
	scene->theirs_after = &s->after[scene->peer];
	scene->end = s->seq + s->len + !!(s->flags & TCP_SYN) + !!(s->flags & TCP_FIN);
	find_bases(scene);
	find_place(scene);
	find_acked(scene);
}
