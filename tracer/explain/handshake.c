/* handshake.c: opening a connection: RFC 9293 section 3.5 (three-way, simultaneous), RFC 7413 (Fast
 * Open). */
#include "explain/rule.h"

static bool is_syn(const struct scene *c)
{
	return (c->seg->flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
}

static bool is_syn_ack(const struct scene *c)
{
	return (c->seg->flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK);
}

static bool in_open_connection(const struct tcb *tcb)
{
	return tcb->state >= TCP_ESTABLISHED && tcb->state <= TCP_LAST_ACK;
}

static bool syn_into_open(const struct scene *c)
{
	return is_syn(c) && in_open_connection(c->mine) && in_open_connection(c->theirs);
}

static bool syn_again(const struct scene *c)
{
	return is_syn(c) && c->all_old;
}

static bool syn_crossing(const struct scene *c)
{
	return is_syn(c) && c->theirs->state == TCP_SYN_SENT;
}

static bool syn_with_cookie(const struct scene *c)
{
	const struct tcp_options *o = &c->seg->options;
	return is_syn(c) && c->seg->len > 0 && (o->present & OPT_FAST_OPEN) && o->cookie_len > 0;
}

static bool syn_with_data(const struct scene *c)
{
	return is_syn(c) && c->seg->len > 0;
}

/* Both ends have sent a SYN, and neither was an answer: RFC 9293 figure 7. */
static bool syn_ack_crossing(const struct scene *c)
{
	return is_syn_ack(c) && c->theirs->state == TCP_SYN_RECEIVED &&
	       (c->mine->known & c->theirs->known & KNOWN_ISS);
}

/* The other end's SYN,ACK has come already: this one is the fourth and last. */
static bool syn_ack_crossing_last(const struct scene *c)
{
	return syn_ack_crossing(c) && c->mine->state == TCP_ESTABLISHED;
}

static bool syn_ack_again(const struct scene *c)
{
	return is_syn_ack(c) && c->all_old;
}

static bool syn_ack_takes_data(const struct scene *c)
{
	return is_syn_ack(c) && c->acked_bytes > 0;
}

static bool syn_ack_leaves_data(const struct scene *c)
{
	return is_syn_ack(c) && c->acks_syn && c->flying > 0;
}

/* A bare ACK that moves the other end from SYN-RECEIVED to ESTABLISHED. */
static bool third_ack(const struct scene *c)
{
	return (c->seg->flags & (TCP_ACK | TCP_FIN)) == TCP_ACK && c->seg->len == 0 &&
	       c->theirs->state == TCP_SYN_RECEIVED && c->theirs_after->state == TCP_ESTABLISHED;
}

const struct rule handshake_rules[] = {
        {syn_into_open, N_("SYN into a connection that is already open"),
         N_("The {me} sends a SYN although this connection is open: a leftover of an old "
            "connection, a program that started again after a crash, or an attack."),
         N_("The {peer} should not believe it: it answers with an ACK of what it expects (a "
            "challenge ACK), and a {me} that really has lost the connection answers that with "
            "RST."),
         "RFC 9293 section 3.10.7.4, RFC 5961 section 4"},
        {syn_again, N_("SYN again: no answer came"),
         N_("The {me} sends its SYN again, with the same number {seq}, because its retransmission "
            "timer ran out before an answer came: the SYN or its answer was lost, or nobody at "
            "{dst} listens for it.{rto}"),
         N_("A SYN,ACK with ack={end}. Without one, the {me} waits about twice as long each time "
            "and gives up after some tries (ETIMEDOUT)."),
         "RFC 9293 section 3.8.1, RFC 6298 section 5"},
        {syn_crossing, N_("SYN from the other side too: simultaneous open"),
         N_("The {me} has sent a SYN of its own while the SYN of the {peer} was on its way: both "
            "are asking, and neither is answering. Its initial sequence number is {seq_raw}, from "
            "here on counted as 0.{offers}"),
         N_("Each end answers the SYN of the other with SYN,ACK: four segments instead of three, "
            "and one connection, not two."),
         "RFC 9293 section 3.5, figure 7"},
        {syn_with_cookie, N_("SYN with data: TCP Fast Open"),
         N_("The {me} asks to open a connection to {dst} and sends {bytes} already in the SYN. The "
            "cookie ({cookie}), which the {peer} gave it on an earlier connection, shows that it "
            "is no forger."),
         N_("A {peer} that accepts the cookie answers SYN,ACK with ack={end}; with ack=1 it has "
            "taken only the SYN, and the data has to be sent again."),
         "RFC 7413 sections 3 and 4.2"},
        {syn_with_data, N_("SYN with data"),
         N_("The {me} asks to open a connection to {dst} and puts {bytes} into the SYN itself. "
            "That "
            "is legal, but the {peer} must not give them to its program before the handshake is "
            "complete."),
         N_("SYN,ACK with ack={end} if the {peer} keeps the data, or ack=1 if it takes only the "
            "SYN."),
         "RFC 9293 section 3.4"},
        {is_syn, N_("SYN: the {me} asks to open a connection"),
         N_("The {me} asks {dst} for a connection. Its initial sequence number (ISN), {seq_raw}, "
            "should be one that nobody can guess; from here on it is counted as 0. The {me} has "
            "room for "
            "{win}.{offers}{reused}"),
         N_("SYN,ACK from the {peer} with ack={end}, because the SYN uses up sequence number "
            "{seq}. "
            "If nothing listens on port {port}, RST,ACK comes instead."),
         "RFC 9293 section 3.5"},
        {syn_ack_crossing_last, N_("SYN,ACK: the simultaneous open is complete"),
         N_("The {me} too repeats its SYN (seq={seq}) and acknowledges the one that it got: "
            "ack={ack}, because the SYN of the {peer} used up number {ack_last}. Now each has "
            "acknowledged the other."),
         N_("Data, from either end: both may send from now on."), "RFC 9293 section 3.5, figure 7"},
        {syn_ack_crossing, N_("SYN,ACK that completes a simultaneous open"),
         N_("The {me} repeats its SYN (seq={seq}) and now acknowledges the one that it got: "
            "ack={ack}, because the SYN of the {peer} used up number {ack_last}."),
         N_("The same from the {peer}; once both SYNs are acknowledged, both ends are "
            "ESTABLISHED."),
         "RFC 9293 section 3.5, figure 7"},
        {syn_ack_again, N_("SYN,ACK again"),
         N_("The {me} sends its SYN,ACK once more: the ACK that should complete the handshake did "
            "not reach it in time, or it got the SYN of the {peer} a second time.{rto}"),
         N_("ACK with ack={end} from the {peer}, again if it had sent one."),
         "RFC 9293 section 3.8.1, RFC 6298 section 5"},
        {syn_ack_takes_data, N_("SYN,ACK: agreed, and the data in the SYN was taken"),
         N_("The {me} agrees, and ack={ack} covers the SYN and the {acked} that came in it: the "
            "Fast Open cookie was good, and the program can have them now. Its own numbers start "
            "at {seq_raw}, counted as 0.{offers}"),
         N_("ACK with ack={end} from the {peer}, as always; the {me} need not wait for it to "
            "answer the data."),
         "RFC 7413 section 4.2"},
        {syn_ack_leaves_data, N_("SYN,ACK: agreed, but the data in the SYN was not taken"),
         N_("The {me} agrees to the connection, but ack={ack} covers the SYN alone: {flying} that "
            "came in the SYN do not count as received.{offers}"),
         N_("ACK with ack={end} from the {peer}, which then sends the data again as if it had "
            "never sent it."),
         "RFC 7413 section 4.2"},
        {is_syn_ack, N_("SYN,ACK: the {me} agrees to the connection"),
         N_("The {me} answers the SYN: ack={ack}, because that SYN used up number {ack_last}. It "
            "also sends its own SYN, since each direction counts for itself: its initial sequence "
            "number (ISN), {seq_raw}, is from here on counted as 0.{offers}"),
         N_("ACK with ack={end} from the {peer}, because this SYN uses up number {seq}."),
         "RFC 9293 section 3.5"},
        {third_ack, N_("ACK: the handshake is complete"),
         N_("The {me} acknowledges the SYN of the {peer}: ack={ack}, because that SYN used up "
            "number {ack_last}. It carries no data, so seq={seq} is only the number that the next "
            "byte of the {me} will have.{window_unit}"),
         N_("Data, from either end: both may send from now on."), "RFC 9293 section 3.5"},
        {0},
};
