/* teardown.c: closing a connection in order: RFC 9293 section 3.6 (each direction closes for
 * itself) and figures 12 and 13. */
#include "explain/rule.h"

static bool is_fin(const struct scene *c)
{
	return c->seg->flags & TCP_FIN;
}

static bool is_bare_ack(const struct scene *c)
{
	return (c->seg->flags & (TCP_SYN | TCP_FIN | TCP_RST | TCP_ACK)) == TCP_ACK &&
	       c->seg->len == 0;
}

static bool fin_again(const struct scene *c)
{
	return is_fin(c) && c->all_old;
}

/* This FIN does not acknowledge the other one: the two have crossed. */
static bool fin_crossing(const struct scene *c)
{
	return is_fin(c) && c->mine_after->state == TCP_CLOSING;
}

/* The other end sent FIN first; this FIN acknowledges it at the same time. */
static bool fin_answer_with_ack(const struct scene *c)
{
	return is_fin(c) && c->mine_after->state == TCP_LAST_ACK && c->acks_fin;
}

static bool fin_answer(const struct scene *c)
{
	return is_fin(c) && c->mine_after->state == TCP_LAST_ACK;
}

static bool fin_first(const struct scene *c)
{
	return is_fin(c) && c->mine_after->state == TCP_FIN_WAIT_1;
}

/* Both ends were done with the connection before it came. */
static bool fin_too_late(const struct scene *c)
{
	return is_fin(c) && c->mine->state == TCP_CLOSED && c->theirs->state == TCP_CLOSED;
}

static bool last_ack(const struct scene *c)
{
	return is_bare_ack(c) && c->acks_fin && c->theirs->state == TCP_LAST_ACK;
}

static bool ack_of_crossing_fin(const struct scene *c)
{
	return is_bare_ack(c) && c->acks_fin && c->theirs->state == TCP_CLOSING;
}

static bool ack_of_first_fin(const struct scene *c)
{
	return is_bare_ack(c) && c->acks_fin && c->theirs->state == TCP_FIN_WAIT_1;
}

static bool ack_in_time_wait(const struct scene *c)
{
	return is_bare_ack(c) && c->mine->state == TCP_TIME_WAIT;
}

static bool after_the_end(const struct scene *c)
{
	return c->seg->phase == PHASE_CLOSED && c->mine->state == TCP_CLOSED;
}

const struct rule teardown_rules[] = {
        {fin_again, N_("FIN again"),
         N_("The {me} sends its FIN once more (number {fin}), because no ACK of it came in time: "
            "the FIN or its ACK was lost.{rto}"),
         N_("ACK with ack={end} from the {peer}; one in TIME-WAIT is still there to send it."),
         "RFC 9293 sections 3.6 and 3.8.1"},
        {fin_crossing, N_("FIN from the other side too: simultaneous close"),
         N_("The {me} closes as well, and ack={ack} does not cover the FIN of the {peer}, number "
            "{peer_fin}: it had not arrived when this was sent, so the two FINs crossed on their "
            "way.{with_data} The FIN of the {me} uses up number {fin}."),
         N_("Each end acknowledges the FIN of the other (here ack={end}), and then both wait in "
            "TIME-WAIT."),
         "RFC 9293 section 3.6, figure 13"},
        {fin_answer_with_ack, N_("FIN,ACK: the {me} closes too"),
         N_("One segment does two things: ack={ack} acknowledges the FIN of the {peer}, which used "
            "up number {ack_last}, and FIN closes the direction of the {me}, since its program "
            "closed too.{with_data}{acks_too} This FIN uses up number {fin}. The whole close then "
            "takes "
            "three "
            "segments instead of four."),
         N_("The last ACK from the {peer}, with ack={end}; after it the {peer} waits in "
            "TIME-WAIT."),
         "RFC 9293 section 3.6"},
        {fin_answer, N_("FIN: the {me} closes too"),
         N_("The program at the {me} has closed its socket as well; until now it could still send. "
            "FIN means: no more data from me.{with_data} It uses up number {fin}."),
         N_("The last ACK from the {peer}, with ack={end}; after it the {peer} waits in "
            "TIME-WAIT."),
         "RFC 9293 section 3.6, figure 12"},
        {fin_first, N_("FIN: the {me} has nothing more to send"),
         N_("The program at the {me} called close() or shutdown(), or ended: FIN means that no "
            "more "
            "data comes from the {me}.{with_data} Like a byte, it uses up a sequence number: "
            "{fin}.{acks_too}"),
         N_("ACK with ack={end} from the {peer}, whose program reads end of file. The {peer} may "
            "still send; its own FIN comes when its program closes too."),
         "RFC 9293 section 3.6, figure 12"},
        {fin_too_late, N_("FIN after the connection had ended"),
         N_("The {me} had closed its direction.{with_data} But at the {peer} the connection is "
            "over already: this FIN (number {fin}) comes too late, or again."),
         N_("RST from the {peer}, which no longer knows the connection."),
         "RFC 9293 section 3.10.7.1"},
        {is_fin, N_("FIN from the {me}"),
         N_("The {me} (in state {my_state}) says that it sends no more data.{with_data} The FIN "
            "uses "
            "up number {fin}."),
         N_("ACK with ack={end} from the {peer}."), "RFC 9293 section 3.6"},
        {last_ack, N_("The last ACK: both directions are closed"),
         N_("The {me} acknowledges the FIN of the {peer}: ack={ack}, because it used up number "
            "{ack_last}. The {peer} has finished; the {me} stays in TIME-WAIT (60 s on Linux), in "
            "case this ACK is lost and the FIN comes again, and so that late segments of this "
            "connection cannot be mistaken for a new one's."),
         N_("Nothing more. The address and port pair can be used again after TIME-WAIT."),
         "RFC 9293 sections 3.6 and 3.6.1"},
        {ack_of_crossing_fin, N_("ACK of the FIN that crossed"),
         N_("The FIN of the {peer} has arrived now: ack={ack}, because it used up number "
            "{ack_last}. In a simultaneous close each end sends one of these."),
         N_("One such ACK in each direction; then both ends wait in TIME-WAIT."),
         "RFC 9293 section 3.6, figure 13"},
        {ack_of_first_fin, N_("ACK of the FIN: one direction is closed"),
         N_("The {me} acknowledges the FIN of the {peer}: ack={ack}, because it used up number "
            "{ack_last}. The direction from the {peer} is closed; the other stays open "
            "(half-closed) "
            "until the program at the {me} closes too.{acks_too}"),
         N_("More data from the {me}, or its FIN."), "RFC 9293 section 3.6, figure 12"},
        {ack_in_time_wait, N_("ACK from TIME-WAIT"),
         N_("The {me} has closed and waits in TIME-WAIT; it answers what still comes from the "
            "{peer} with ack={ack}. That is what TIME-WAIT is for."),
         N_("Nothing more, if this ACK arrives."), "RFC 9293 section 3.10.7.4"},
        {after_the_end, N_("{flags} after the connection had ended"),
         N_("The {me} sends {flags} (seq={seq}, {bytes} of data), and this connection is over: "
            "the segment was under way when the end came, or late, or sent again."),
         N_("RST, if the {peer} has forgotten the connection; ACK, if it is in TIME-WAIT."),
         "RFC 9293 section 3.10.7.1"},
        {0},
};
