/* data.c: segments that carry payload, and probes, which carry none or a byte to get an answer: RFC
 * 9293 sections 3.8 (retransmission, probing, keep-alive) and 3.10.7.4. Labels of the analysis are
 * used where it has given them; without them, the states of both ends tell most of it. */
#include "explain/rule.h"

/* Where there is no diagnosis, Wireshark's label decides. */
static bool labelled(const struct scene *c, uint32_t flags)
{
	return c->seg->n_diagnoses == 0 && (c->seg->analysis.flags & flags);
}

static bool found(const struct scene *c, enum diagnosis_label label)
{
	return find_diagnosis(c, label) != NULL;
}

static bool is_data(const struct scene *c)
{
	return c->seg->len > 0 && !(c->seg->flags & (TCP_SYN | TCP_FIN | TCP_RST));
}

/* At most one byte, and no flag that would mean something else. */
static bool is_tiny(const struct scene *c)
{
	return c->seg->len <= 1 &&
	       (c->seg->flags & (TCP_SYN | TCP_FIN | TCP_RST | TCP_ACK)) == TCP_ACK &&
	       (c->mine->known & KNOWN_SND) && c->mine->state >= TCP_ESTABLISHED;
}

static bool may_still_send(const struct tcb *tcb)
{
	return tcb->state == TCP_ESTABLISHED || tcb->state == TCP_CLOSE_WAIT;
}

/* Linux probes with the number before SND.UNA and no byte; others send the next byte, and that one
 * again. */
static bool window_probe(const struct scene *c)
{
	if (!is_tiny(c) || !(c->mine->known & KNOWN_WND) || c->mine->snd_wnd > 0)
		return false;
	bool next_byte = c->seg->seq_raw == c->mine->snd_una || c->place == SEQ_NEXT;
	return c->seg->seq_raw == c->mine->snd_una - 1 || (c->seg->len == 1 && next_byte);
}

static bool keep_alive(const struct scene *c)
{
	return is_tiny(c) && may_still_send(c->mine) && c->mine->snd_una == c->mine->snd_nxt &&
	       c->seg->seq_raw == c->mine->snd_nxt - 1;
}

static bool spurious(const struct scene *c)
{
	return is_data(c) && c->all_old && seq_le(c->seg->seq_raw + c->seg->len, c->mine->snd_una);
}

static bool fast_resend(const struct scene *c)
{
	return is_data(c) && (found(c, D_FAST) || found(c, D_SACK) || found(c, D_PARTIAL_ACK) ||
	                      labelled(c, A_FAST_RETRANSMISSION));
}

static bool tail_loss_probe(const struct scene *c)
{
	return is_data(c) && found(c, D_TAIL_LOSS_PROBE);
}

static bool twice(const struct scene *c)
{
	return is_data(c) && found(c, D_TWICE);
}

static bool resent_or_late(const struct scene *c)
{
	return is_data(c) && found(c, D_RESENT_OR_LATE);
}

static bool out_of_order(const struct scene *c)
{
	return is_data(c) && (found(c, D_OUT_OF_ORDER) || labelled(c, A_OUT_OF_ORDER));
}

static bool timed_resend(const struct scene *c)
{
	return is_data(c) &&
	       (found(c, D_RTO) || found(c, D_RTO_OR_PROBE) || found(c, D_AFTER_RTO) ||
	        found(c, D_RESENT) || labelled(c, A_RETRANSMISSION));
}

static bool old_data(const struct scene *c)
{
	return is_data(c) && c->all_old;
}

static bool partly_old_data(const struct scene *c)
{
	return is_data(c) && c->place == SEQ_BELOW;
}

static bool after_gap(const struct scene *c)
{
	return is_data(c) && c->place == SEQ_AHEAD;
}

/* It may send while the other end may not: the state that a half-closed connection is in. */
static bool half_closed(const struct scene *c)
{
	return is_data(c) && c->mine->state == TCP_CLOSE_WAIT;
}

static bool sent_nothing_yet(const struct scene *c, const struct tcb *tcb, enum side side)
{
	return (tcb->known & KNOWN_ISS) && c->has_base[side] && tcb->snd_nxt == tcb->iss + 1;
}

static bool first_data(const struct scene *c)
{
	return is_data(c) && c->seg->seq == 1 && sent_nothing_yet(c, c->mine, c->me);
}

/* Everything the other end has sent is acknowledged by now, and there was something. */
static bool answering_first(const struct scene *c)
{
	return first_data(c) && (c->theirs->known & KNOWN_ISS) &&
	       !sent_nothing_yet(c, c->theirs, c->peer);
}

const struct rule data_rules[] = {
        {window_probe, N_("Zero-window probe: is there room again?"),
         N_("The {peer} last announced a window of 0, so the {me} may send no data. Its persist "
            "timer ran out and it asks, with sequence number {seq}, which makes the {peer} answer: "
            "without such probes a lost window update would stop both ends for ever."),
         N_("An ACK from the {peer} with the window it has now. While that is 0, the {me} asks "
            "again, waiting longer each time."),
         "RFC 9293 section 3.8.6.1"},
        {keep_alive, N_("Keep-alive: is the {peer} still there?"),
         N_("Nothing is missing, and nothing had to be said for a while. The {me} sends seq={seq}, "
            "a "
            "number acknowledged long ago, only to get an answer; its next byte will have number "
            "{my_next}."),
         N_("An ACK from the {peer}, if it is still there; after several probes without one the "
            "{me} gives the connection up."),
         "RFC 9293 section 3.8.4"},
        {spurious, N_("{bytes} sent again without need"),
         N_("The {me} sends {bytes} again ({numbers}) that the {peer} has acknowledged already. "
            "The "
            "ACK was still on its way when the {me} sent them, or it was lost."),
         N_("An ACK that repeats what the {peer} expects; it throws the bytes away, since it has "
            "them."),
         "RFC 9293 section 3.10.7.4, RFC 2018"},
        {fast_resend, N_("Fast retransmission of {bytes}"),
         N_("The {me} sends {bytes} again ({numbers}) without waiting for its timer: the {peer} "
            "kept asking for number {seq}, so later bytes arrived and these did not.{rto}"),
         N_("An ACK that jumps ahead from {seq}: it then covers these bytes and whatever had "
            "arrived after them."),
         "RFC 5681 section 3.2"},
        {out_of_order, N_("{bytes} out of order"),
         N_("The {me} sends {bytes} ({numbers}) after later ones, up to {my_next}, had been seen "
            "here already. It comes too soon for a retransmission timer: most likely it was "
            "overtaken on the way."),
         N_("An ACK that covers it and what had overtaken it."), "RFC 9293 section 3.10.7.4"},
        {tail_loss_probe, N_("Tail loss probe: {bytes} again"),
         N_("The {me} sends its last {bytes} again ({numbers}), because no ACK came: if the end of "
            "a burst is lost, no later segment makes the {peer} complain."),
         N_("ACK with at least ack={end} from the {peer}; or an ACK whose SACK shows what is "
            "missing before."),
         "RFC 8985 section 7"},
        {twice, N_("{bytes} a second time"),
         N_("The same {bytes} of the {me} ({numbers}) once more. The {peer} has them already and "
            "throws the copy away."),
         NULL, "RFC 9293 section 3.10.7.4"},
        {resent_or_late, N_("{bytes} again, or late"),
         N_("The {me} had sent up to {my_next}, and these {bytes} ({numbers}) lie below: a hole is "
            "filled."),
         N_("An ACK that covers them and what came before them."), "RFC 9293 section 3.10.7.4"},
        {timed_resend, N_("Retransmission of {bytes}"),
         N_("The {me} sends {bytes} again ({numbers}), because no ACK of them came in time: they "
            "were lost, or the ACK was.{rto}"),
         N_("ACK with at least ack={end} from the {peer}. If that does not come, the {me} tries "
            "again after about twice the time."),
         "RFC 9293 section 3.8.1, RFC 6298 section 5"},
        {old_data, N_("{bytes} a second time, or late"),
         N_("The {me} had already sent everything below {my_next}, and this is {numbers}: a "
            "retransmission of bytes that were not acknowledged, or a segment that was overtaken "
            "on "
            "the way."),
         N_("ACK with at least ack={end} from the {peer}."), "RFC 9293 section 3.8.1"},
        {partly_old_data, N_("{bytes}, in part sent before"),
         N_("The {me} sends {numbers}; what lies below {my_next} had been sent before, the rest is "
            "new. A sender may cut its stream anew when it sends again."),
         N_("ACK with ack={end} from the {peer}."), "RFC 9293 section 3.8.1"},
        {after_gap, N_("{bytes}, and some missing before them"),
         N_("The {me} sends {numbers}, but the last number seen from it was below {my_next}: "
            "{missing} between are missing here. They were lost on the way, are late, the "
            "capture missed them, or a filter left them out."),
         N_("If they were lost, the {peer} repeats ack={my_next} until they come again; if they "
            "are missing only here, it acknowledges as usual."),
         "RFC 9293 section 3.10.7.4"},
        {half_closed, N_("{bytes} in a half-closed connection"),
         N_("The {peer} has closed its direction, but this one is still open: the {me} sends "
            "{bytes} ({numbers}).{acks_fin}{acks_too}{push}{window_full}"),
         N_("ACK with ack={end} from the {peer}, if its program still reads; if it has closed the "
            "socket altogether, RST."),
         "RFC 9293 section 3.6"},
        {answering_first, N_("{bytes} from the {me}: its first, after the {peer} spoke"),
         N_("The program at the {me} now speaks too: {bytes} of what it wrote ({numbers}; numbers "
            "begin at 1, since the SYN used up 0).{acks_too}{push}{window_full}"),
         N_("ACK with ack={end} from the {peer}, alone or together with data of its own."),
         "RFC 9293 sections 3.4 and 3.10.7.4"},
        {first_data, N_("{bytes} from the {me}: the first data of the connection"),
         N_("The program at the {me} speaks first: {bytes} of what it wrote ({numbers}; numbers "
            "begin at 1, since the SYN used up 0).{acks_too}{push}{window_full}"),
         N_("ACK with ack={end} from the {peer}, alone or together with data of its own."),
         "RFC 9293 sections 3.4 and 3.10.7.4"},
        {is_data, N_("{bytes} from the {me}"),
         N_("The {me} sends the next {bytes} of its stream ({numbers}).{acks_too}{push}{in_flight}"
            "{window_full}"),
         N_("ACK with ack={end} or more from the {peer}, alone or together with data of its own."),
         "RFC 9293 section 3.10.7.4"},
        {0},
};
