/* reset.c: RST ends a connection at once, without TIME-WAIT: RFC 9293 sections 3.5.2 and 3.5.3.
 * What made an end send it cannot be seen on the wire; its state and what it had received tell
 * which causes are possible (RFC 1122 section 4.2.2.13, RFC 2525 section 2.17). */
#include "explain/rule.h"

static bool is_rst(const struct scene *c)
{
	return c->seg->flags & TCP_RST;
}

static bool ignored(const struct scene *c)
{
	return is_rst(c) && find_diagnosis(c, D_RST_IGNORED);
}

static bool gave_up(const struct scene *c)
{
	return is_rst(c) && find_diagnosis(c, D_RST_GAVE_UP);
}

static bool half_open(const struct scene *c)
{
	return is_rst(c) && find_diagnosis(c, D_RST_HALF_OPEN);
}

/* The sender had received payload of the peer: RCV.NXT is beyond the SYN's number. */
static bool got_data(const struct scene *c)
{
	return (c->mine->known & KNOWN_RCV) && c->has_base[c->peer] &&
	       seq_gt(c->mine->rcv_nxt, c->base[c->peer] + 1);
}

static bool refused(const struct scene *c)
{
	return is_rst(c) && c->theirs->state == TCP_SYN_SENT;
}

static bool answers_syn_ack(const struct scene *c)
{
	return is_rst(c) && c->theirs->state == TCP_SYN_RECEIVED;
}

static bool gives_up_opening(const struct scene *c)
{
	return is_rst(c) && (c->mine->state == TCP_SYN_RECEIVED || c->mine->state == TCP_SYN_SENT);
}

/* Its own FIN was sent: the program has closed, and something came after that. */
static bool data_after_close(const struct scene *c)
{
	enum tcp_state state = c->mine->state;
	return is_rst(c) && (state == TCP_FIN_WAIT_1 || state == TCP_FIN_WAIT_2 ||
	                     state == TCP_CLOSING || state == TCP_LAST_ACK);
}

static bool instead_of_fin(const struct scene *c)
{
	return is_rst(c) && c->mine->state == TCP_CLOSE_WAIT;
}

static bool aborts_after_data(const struct scene *c)
{
	return is_rst(c) && c->mine->state == TCP_ESTABLISHED && got_data(c);
}

/* The same of a server that has not yet said anything: the connection may never have reached a
 * program. */
static bool aborts_unheard(const struct scene *c)
{
	return aborts_after_data(c) && may_wait_for_accept(c);
}

static bool aborts(const struct scene *c)
{
	return is_rst(c) && c->mine->state == TCP_ESTABLISHED;
}

static bool aborts_unasked(const struct scene *c)
{
	return aborts(c) && may_wait_for_accept(c);
}

static bool after_end(const struct scene *c)
{
	return is_rst(c) && (c->mine->state == TCP_CLOSED || c->mine->state == TCP_TIME_WAIT);
}

static bool peer_is_open(const struct scene *c)
{
	return c->theirs->state != TCP_CLOSED && c->theirs->state != TCP_TIME_WAIT;
}

/* The other end still takes the connection for open, and has sent data into it. */
static bool data_after_end(const struct scene *c)
{
	const struct diagnosis *d = after_end(c) ? find_diagnosis(c, D_RST_AFTER_CLOSE) : NULL;
	return d && d->size > 0 && peer_is_open(c);
}

static bool still_open_after_end(const struct scene *c)
{
	return after_end(c) && peer_is_open(c);
}

/* True in every case where both ends drop a connection that was open. */
#define READ_FAILS                                                                                 \
	N_("Nothing: a RST is not acknowledged, and there is no TIME-WAIT. At the {peer} "         \
	   "{failing_calls}.")

const struct rule reset_rules[] = {
        {ignored, N_("RST that does not count"),
         N_("The {me} sends a RST, but with numbers that do not fit: the {peer} is not to obey "
            "it."),
         N_("The connection goes on."), "RFC 9293 section 3.5.3"},
        {gave_up, N_("RST: the {me} gives up"),
         N_("The {peer} has not answered for too long: the {me} ends the connection without "
            "knowing whether anybody is there."),
         N_("Nothing: at the {me} the program's next call fails with ETIMEDOUT."),
         "RFC 9293 section 3.8.3, RFC 1122 section 4.2.3.6"},
        {half_open, N_("RST: the {me} knows no such connection"),
         N_("A segment of the {peer} came for a connection that the {me} does not have (any "
            "more): its kernel answers with RST."),
         READ_FAILS, "RFC 9293 sections 3.5.1 and 3.10.7.1"},
        {refused, N_("RST: the {me} refuses the connection"),
         N_("No program listens on port {src_port} at the {me} (or a firewall answers in its "
            "place): "
            "the kernel refuses the SYN at once. ack={ack} shows which SYN is meant. It has no "
            "sequence "
            "numbers of its own: it sends {seq_raw} as seq, which is counted as {seq} here."),
         N_("Nothing: connect() at the {peer} fails with ECONNREFUSED (\"connection refused\")."),
         "RFC 9293 section 3.5.2"},
        {answers_syn_ack, N_("RST: the {me} wants no connection after all"),
         N_("The {me} answers the SYN,ACK with RST instead of ACK: it gave up in the meantime, it "
            "never asked (the SYN was forged or old), or it only wanted to know whether the port "
            "is open (a port scan)."),
         N_("Nothing: the {peer} forgets the half-open connection, and its program never hears of "
            "it."),
         "RFC 9293 sections 3.5.2 and 3.10.7.3"},
        {gives_up_opening, N_("RST: the {me} breaks off the handshake"),
         N_("The {me} (in state {my_state}) ends the connection before it was open: its program "
            "closed, or its kernel ran out of patience or room."),
         N_("Nothing: a RST is not acknowledged."), "RFC 9293 sections 3.5.2 and 3.10.5"},
        {data_after_close, N_("RST: the program at the {me} is gone"),
         N_("The {me} had sent its FIN already, and its socket is closed for good: something from "
            "the {peer} arrived, or was still unread, that no program will ever read. RST tells "
            "the {peer} that it is lost."),
         READ_FAILS, "RFC 9293 section 3.10.7.1, RFC 1122 section 4.2.2.13"},
        {instead_of_fin, N_("RST: the {me} aborts instead of closing"),
         N_("The {peer} had closed its direction in order, but the {me} answers with RST instead "
            "of "
            "FIN: its program closed the socket with data unread, or asked for an abort (SO_LINGER "
            "with time 0)."),
         READ_FAILS, "RFC 2525 section 2.17, RFC 9293 section 3.10.5"},
        {aborts_unheard, N_("RST: the {me} aborts the connection"),
         N_("The program at the {me} closed its socket while data from the {peer} was unread, or "
            "asked for an abort (SO_LINGER with time 0); or no program had accepted the connection "
            "yet, and the listening socket was closed. An end with unread data must not look like "
            "a clean one, so the kernel sends RST and not FIN."),
         READ_FAILS, "RFC 2525 section 2.17, RFC 1122 section 4.2.2.13"},
        {aborts_after_data, N_("RST: the {me} aborts the connection"),
         N_("The program at the {me} closed its socket while data from the {peer} was unread, or "
            "asked for an abort (SO_LINGER with time 0). Closing with unread data must not look "
            "like a clean end, so the kernel sends RST and not FIN."),
         READ_FAILS, "RFC 2525 section 2.17, RFC 1122 section 4.2.2.13"},
        {aborts_unasked, N_("RST: the {me} aborts the connection"),
         N_("The {me} ends the connection at once. It had received no data, so unread data is not "
            "the reason: its program asked for an abort (SO_LINGER with time 0), or no program had "
            "accepted the connection yet and the listening socket was closed, or its kernel no "
            "longer knows the connection."),
         READ_FAILS, "RFC 9293 sections 3.5.2 and 3.10.5"},
        {aborts, N_("RST: the {me} aborts the connection"),
         N_("The {me} ends the connection at once. It had received no data, so unread data is not "
            "the reason: its program asked for an abort (SO_LINGER with time 0), or its kernel no "
            "longer knows the connection."),
         READ_FAILS, "RFC 9293 sections 3.5.2 and 3.10.5"},
        {data_after_end, N_("RST for a connection that is no more"),
         N_("The {me} has finished with this connection (state {my_state}), but the {peer} did not "
            "know and has sent data: no program will ever read it. The kernel answers what belongs "
            "to no connection with RST."),
         READ_FAILS, "RFC 9293 section 3.10.7.1"},
        {still_open_after_end, N_("RST for a connection that is no more"),
         N_("The {me} has finished with this connection (state {my_state}), but the {peer} did not "
            "know and has sent something: the kernel answers what belongs to no connection with "
            "RST."),
         READ_FAILS, "RFC 9293 section 3.10.7.1"},
        {after_end, N_("RST for a connection that is no more"),
         N_("The {me} has finished with this connection (state {my_state}), and something from the "
            "{peer} still arrived: the kernel answers what belongs to no connection with RST. At "
            "the {peer} the connection is over too, so nothing is changed by it."),
         N_("Nothing: a RST is not acknowledged, and no RST answers a RST."),
         "RFC 9293 section 3.10.7.1"},
        {is_rst, N_("RST from the {me}"),
         N_("The {me} ends the connection at once. What came before was not captured, so the "
            "reason "
            "cannot be told: a closed port, an abort, or a connection that it does not know."),
         N_("Nothing: a RST is not acknowledged."), "RFC 9293 section 3.5.2"},
        {0},
};
