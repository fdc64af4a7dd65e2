/* whys.c: the sentences about why a segment was sent, one table: the rule that matched, with its
 * numbers and frames, and what stays undecidable. What each field of a diagnosis means for a label
 * shows in its sentence. It must not know how words become values: diagnosis.c. */
#include "explain/whys.h"

/* ---- conditions: which form of a sentence ---- */

static bool first(const struct diagnosis *d)
{
	return d->n <= 1;
}
static bool third(const struct diagnosis *d)
{
	return d->n >= 3;
}
static bool control(const struct diagnosis *d)
{
	return d->size == 0;
}
static bool first_control(const struct diagnosis *d)
{
	return first(d) && control(d) && d->frame == 0;
}
static bool control_again(const struct diagnosis *d)
{
	return !first(d) && control(d);
}
static bool many(const struct diagnosis *d)
{
	return d->n > 1;
}
static bool measured(const struct diagnosis *d)
{
	return d->limit_ns > 0;
}
static bool first_measured(const struct diagnosis *d)
{
	return d->n <= 1 && d->limit_ns > 0 && d->frame == 0;
}
static bool after_probe(const struct diagnosis *d)
{
	return d->n <= 1 && d->frame != 0;
}
static bool with_frame(const struct diagnosis *d)
{
	return d->frame != 0;
}
static bool with_ack(const struct diagnosis *d)
{
	return d->n != 0;
}
static bool with_range(const struct diagnosis *d)
{
	return d->end != d->seq;
}
static bool third_with_range(const struct diagnosis *d)
{
	return third(d) && with_range(d);
}
static bool with_limit(const struct diagnosis *d)
{
	return d->limit != 0;
}
static bool measured_third(const struct diagnosis *d)
{
	return measured(d) && third(d);
}
static bool with_ack_and_data(const struct diagnosis *d)
{
	return with_ack(d) && d->size > 0;
}
static bool without_data(const struct diagnosis *d)
{
	return with_frame(d) && d->size == 0;
}
static bool empty_handed(const struct diagnosis *d)
{
	return d->size == 0 && d->wait_ns > 0;
}

/* ---- sentences ---- */

const struct why whys[] = {
        {D_RTO, after_probe,
         N_("Retransmission timeout: numbers {range} went out last in frame {since}, {wait} ago, "
            "and nothing came back. The wait before was {limit_time} and did not double: so frame "
            "{frame} was a tail loss probe, and this is the timer's first turn.")},
        {D_RTO, first_control,
         N_("Retransmission timeout: the {flags} of frame {since} had no answer for {wait}, so it "
            "goes out again. The timer begins at about a second and doubles each time (RFC "
            "6298).")},
        {D_RTO, control_again,
         N_("Retransmission timeout number {n} in a row for the {flags}: it went out last in frame "
            "{since}, {wait} ago; the wait before was {limit_time}. The timer doubles each time "
            "(RFC 6298 section 5.5).")},
        {D_RTO, first_measured,
         N_("Retransmission timeout: numbers {range} went out in frame {since}, {wait} ago, and no "
            "ACK asked for them in the meantime; a round trip takes about {limit_time}.")},
        {D_RTO, first,
         N_("Retransmission timeout: numbers {range} went out in frame {since}, {wait} ago, and no "
            "ACK asked for them in the meantime.")},
        {D_RTO, NULL,
         N_("Retransmission timeout number {n} in a row: numbers {range} went out last in frame "
            "{since}, {wait} ago; the wait before was {limit_time}. The timer doubles each time "
            "(RFC 6298 section 5.5).")},
        {D_RTO_OR_PROBE, control,
         N_("The {flags} of frame {since} had no ACK for {wait}, and nothing else is in flight. "
            "Whether the retransmission timer ran out or Linux sent a tail loss probe (RFC 8985) "
            "cannot be told. If the next wait is twice as long it was the timer.")},
        {D_RTO_OR_PROBE, NULL,
         N_("The only segment in flight, numbers {range} of frame {since}, had no ACK for {wait}. "
            "Whether the retransmission timer ran out or Linux sent a tail loss probe (RFC 8985) "
            "cannot be told: both look like this. If the next wait is twice as long it was the "
            "timer.")},
        {D_AFTER_RTO, NULL,
         N_("After the timeout resend of frame {frame} the {me} takes everything that was in "
            "flight for lost and sends it again step by step: numbers {range}, which went out in "
            "frame {since}, {wait} ago (RFC 5681 section 3.1).")},
        {D_FAST, NULL,
         N_("Fast retransmission: {n} duplicate ACKs, the last at frame {frame}, ask for number "
            "{seq}; the third one decides (RFC 5681 section 3.2). Numbers {range} of frame "
            "{since} are sent again {limit_time} after it.")},
        {D_SACK, measured_third,
         N_("Resent because of SACK: frame {frame} reports data up to {limit_number} beyond "
            "numbers {range} of frame {since}; {n} duplicate ACKs in all, this follows the last "
            "by {limit_time} (RFC 6675).")},
        {D_SACK, NULL,
         N_("Resent because of SACK: frame {frame} reports data up to {limit_number} beyond "
            "numbers {range} of frame {since}. Fewer than three duplicate ACKs were seen here, so "
            "the {me} either judges by time (RACK, RFC 8985) or saw more of them than the "
            "capture.")},
        {D_PARTIAL_ACK, NULL,
         N_("Resent after a partial ACK: the ACK of frame {frame} ends inside what was in flight "
            "when the loss showed, so numbers {range} of frame {since} are missing too "
            "(RFC 6582).")},
        {D_TAIL_LOSS_PROBE, measured,
         N_("Tail loss probe: the last segment, numbers {range} of frame {since}, goes out again "
            "after {wait}, about two round trips ({limit_time} each), to draw an ACK; the timer "
            "would take longer and begin with the oldest (RFC 8985 section 7).")},
        {D_TAIL_LOSS_PROBE, NULL,
         N_("Tail loss probe: the last segment, numbers {range} of frame {since}, goes out again "
            "after {wait} to draw an ACK, though older ones are missing one as well: a timeout "
            "would begin with those (RFC 8985 section 7).")},
        {D_SPURIOUS, with_frame,
         N_("Not needed: the {peer} had acknowledged everything below {limit_number} in frame "
            "{frame}, numbers {range} included. Either that ACK had not reached the {me} yet, or "
            "it was lost behind the capture point; or the network delivered an old copy.")},
        {D_SPURIOUS, NULL,
         N_("Not needed: the {peer} had acknowledged everything below {limit_number} before, "
            "numbers {range} included.")},
        {D_SPURIOUS_SEEN, with_frame,
         N_("Its first SACK block reports that numbers {range} arrived twice (DSACK, RFC 2883): "
            "the resend in frame {frame} was not needed.")},
        {D_SPURIOUS_SEEN, NULL,
         N_("Its first SACK block reports that numbers {range} arrived twice (DSACK, RFC 2883): a "
            "resend was not needed, or the network doubled a segment.")},
        {D_TWICE, NULL,
         N_("The same numbers {range} as in frame {since}, only {wait} later: no sender reacts so "
            "fast. The network doubled the segment, or the capture sees it at two places.")},
        {D_ANSWER_AGAIN, NULL,
         N_("The SYN came again in frame {frame}, so the SYN,ACK of frame {since} is repeated: it "
            "did not arrive in time, or not at all.")},
        {D_RESENT, third,
         N_("Numbers {range} were seen in frame {since}, {wait} ago, and are sent again; {n} "
            "duplicate ACKs had come. No rule says why now.")},
        {D_RESENT, NULL,
         N_("Numbers {range} were seen in frame {since}, {wait} ago, and are sent again. It is too "
            "soon for a timer of 200 ms, and no ACK asked for them: the cause cannot be told from "
            "here.")},
        {D_RESENT_OR_LATE, measured_third,
         N_("Numbers {range} were never seen before, and the hole showed in frame {frame}, {wait} "
            "ago; a round trip takes {limit_time}. {n} duplicate ACKs had asked for them: most "
            "likely their first copy was lost before the capture point and this is the resend.")},
        {D_RESENT_OR_LATE, measured,
         N_("Numbers {range} were never seen before, and the hole showed in frame {frame}, {wait} "
            "ago, which is as long as a round trip ({limit_time}) or longer. Whether this is a "
            "resend (the first copy lost before the capture point) or the first copy, late, "
            "cannot be decided.")},
        {D_RESENT_OR_LATE, NULL,
         N_("Numbers {range} were never seen before; later ones were, in frame {frame}, {wait} "
            "ago. No round trip was measured: whether this is a resend (the first copy lost "
            "before the capture point) or the first copy, late, cannot be decided.")},
        {D_OUT_OF_ORDER, measured,
         N_("Out of order: numbers {range} were never seen before and come {wait} after frame "
            "{frame}, which is behind them. A resend would take at least a round trip "
            "({limit_time}): so this is the first copy, overtaken on the way.")},
        {D_OUT_OF_ORDER, NULL,
         N_("Out of order: numbers {range} were never seen before and come only {wait} after frame "
            "{frame}, which is behind them. Most likely it was overtaken; no round trip was "
            "measured that would prove it.")},
        {D_GAP, NULL,
         N_("Numbers {range} ({size}) are missing before this segment. Duplicate ACKs of {seq} "
            "would mean that they were lost on the way; an ACK that covers them, that they are "
            "missing only here: not captured, or left out by a filter.")},
        {D_CAPTURE_GAP, NULL,
         N_("The {me} acknowledges numbers {range} ({size}) of the {peer}, which were never seen "
            "here: they arrived, so they are missing only here: not captured, or left out by a "
            "filter.")},
        {D_DUPLICATE_ACK, third_with_range,
         N_("Duplicate ACK number {n} since frame {frame}: the numbers {range} are missing at the "
            "{me}, and later ones have arrived. The third tells the {peer} to send them again "
            "without waiting (RFC 5681 section 3.2).")},
        {D_DUPLICATE_ACK, third,
         N_("Duplicate ACK number {n} since frame {frame}: data is in flight, but number {seq} "
            "does not arrive. The third tells the {peer} to send it again without waiting "
            "(RFC 5681 section 3.2).")},
        {D_DUPLICATE_ACK, with_range,
         N_("Duplicate ACK number {n} since frame {frame}: the numbers {range} are missing at the "
            "{me}, and later ones have arrived. One or two can also mean that segments overtook "
            "each other.")},
        {D_DUPLICATE_ACK, NULL,
         N_("Duplicate ACK number {n} since frame {frame}: data is in flight, but number {seq} "
            "does not arrive. One or two can also mean that segments overtook each other.")},
        {D_ZERO_WINDOW, with_limit, N_("The window of the {me} closes: {limit} before, 0 now.")},
        {D_ZERO_WINDOW, NULL, N_("The window of the {me} is closed.")},
        {D_WINDOW_FULL, NULL,
         N_("Everything below {end} is in flight, and the {peer} allows {limit} beyond what it has "
            "acknowledged: there is room for no byte more.")},
        {D_WINDOW_UPDATE, NULL,
         N_("Nothing new is acknowledged, but the window grows from {limit} to {size} (compared "
            "scaled).")},
        {D_WINDOW_REOPENED, with_frame,
         N_("The answer to the probe of frame {frame}: the window is open again, {size}.")},
        {D_WINDOW_REOPENED, NULL, N_("The window was closed and opens: {size}.")},
        {D_ZERO_WINDOW_PROBE, many,
         N_("Zero-window probe number {n}, {wait} after the one of frame {frame}: the window of "
            "the {peer} is 0, and this asks whether it still is. The wait doubles while there is "
            "no room (RFC 9293 section 3.8.6.1).")},
        {D_ZERO_WINDOW_PROBE, empty_handed,
         N_("Zero-window probe in Linux's form: no payload, and number {seq}, the one before the "
            "oldest that is not acknowledged ({end}); the window of the {peer} is 0. It comes "
            "{wait} after the last data. With an open window the same segment would be a "
            "keep-alive, and Wireshark calls it that.")},
        {D_ZERO_WINDOW_PROBE, NULL,
         N_("Zero-window probe: the window of the {peer} is 0, and this asks whether it still "
            "is. The {peer} must answer (RFC 9293 section 3.8.6.1).")},
        {D_ZERO_WINDOW_PROBE_ACK, NULL,
         N_("The answer to probe number {n}, frame {frame}, after {wait}: the window is still 0.")},
        {D_KEEP_ALIVE, many,
         N_("Keep-alive number {n} in a row, {wait} after the one of frame {frame}: number {seq} "
            "was acknowledged long ago, nothing is in flight, and the window is open (so it is no "
            "zero-window probe).")},
        {D_KEEP_ALIVE, NULL,
         N_("Keep-alive: nothing is in flight, the window is open (so it is no zero-window probe), "
            "and number {seq}, acknowledged long ago, is used only to draw an answer.")},
        {D_KEEP_ALIVE_ACK, NULL,
         N_("The answer to the keep-alive of frame {frame}, after {wait}.")},
        {D_SIMULTANEOUS_OPEN, NULL,
         N_("Simultaneous open: both ends sent a SYN before they saw the other's (the last in "
            "frame {frame}), and both answer. Wireshark calls the SYN,ACKs retransmissions; they "
            "are steps of this handshake (RFC 9293 section 3.5, figure 7).")},
        {D_SIMULTANEOUS_CLOSE, NULL,
         N_("Simultaneous close: this FIN does not acknowledge the FIN of frame {frame}; the two "
            "crossed on the way (RFC 9293 section 3.6, figure 13).")},
        {D_RST_CLOSED_PORT, NULL,
         N_("Certain: it answers the SYN of frame {frame} (ack={end}). Inferred: nothing listens "
            "on "
            "the port. A firewall that rejects looks the same.")},
        {D_RST_UNASKED, NULL,
         N_("Certain: it answers the SYN,ACK of frame {frame}; the {me} does not go on with the "
            "handshake. Undecidable: it gave up, it never asked (a forged or old SYN), or it "
            "scans.")},
        {D_RST_AFTER_CLOSE, with_ack_and_data,
         N_("Certain: the {me} had sent its FIN (state {state}) when frame {frame} of the {peer} "
            "came. Undecidable: its program had closed before, or closes only now and has not "
            "read that; either way what that frame carried ({size}) is lost.")},
        {D_RST_AFTER_CLOSE, without_data,
         N_("Certain: the {me} had closed (state {state}) when frame {frame} of the {peer} came. "
            "Inferred: its socket is gone, so the kernel answers with RST; that frame carried no "
            "data, so nothing is lost by that.")},
        {D_RST_AFTER_CLOSE, with_frame,
         N_("Certain: the {me} had closed (state {state}) when frame {frame} of the {peer} came. "
            "Inferred: its socket is gone, so the kernel answers data with RST; what that "
            "frame carried ({size}) is lost.")},
        {D_RST_AFTER_CLOSE, NULL,
         N_("Certain: the {me} had closed (state {state}) when a segment without data came from "
            "the {peer}. Inferred: its socket is gone, so the kernel answers with RST; nothing is "
            "lost by that.")},
        {D_RST_HALF_OPEN, with_ack,
         N_("Certain: seq 0 and ack={end} answer just the segment of frame {frame}, which had no "
            "ACK: this is how a kernel answers what belongs to no connection (RFC 9293 section "
            "3.10.7.1). Inferred: the port is closed or the connection forgotten, or something "
            "between answers in its place.")},
        {D_RST_HALF_OPEN, NULL,
         N_("Certain: no ACK flag, and seq={seq} repeats the number that the {peer} acknowledged "
            "last: this is how a kernel answers a segment of a connection that it "
            "does not have (RFC 9293 section 3.10.7.1). Inferred: the {me} had closed, and its "
            "FIN or RST is lost or still under way; or it crashed, was restarted or timed out. "
            "Either way the connection was half-open (section 3.5.1). Or something between "
            "answers in its place.")},
        {D_RST_UNREAD_DATA, NULL,
         N_("Certain: a socket sent it in state {state} (RST with its own next number, {seq}). "
            "Inferred: its program closed with data unread; the window was {size} below its "
            "largest, as with a buffer that fills.{queue} SO_LINGER with time 0 looks the "
            "same.")},
        {D_RST_GAVE_UP, NULL,
         N_("Inferred: the {me} gives up, because {n} probes or resends in a row had no answer. "
            "Certain: nothing came from the {peer} since frame {frame}.")},
        {D_RST_LINGER, NULL,
         N_("Certain: a socket sent it in state {state}, and the {me} had received no data, so "
            "unread data is not the reason. Inferred: an abort (SO_LINGER with time 0), or the "
            "program was ended that way.{queue}")},
        {D_RST_ABORT, with_limit,
         N_("Certain: the {me} ends the connection at once in state {state}; it had received "
            "{limit}. Undecidable: it closed with some of them unread, or asked for an abort "
            "(SO_LINGER with time 0): the wire shows no difference.{queue}")},
        {D_RST_ABORT, NULL,
         N_("Certain: the {me} ends the connection at once in state {state}. Undecidable: why, "
            "since what it had received was not captured.")},
        {D_RST_IGNORED, with_range,
         N_("Its number {seq} is not the {end} that the {peer} expects next, so the {peer} does "
            "not obey: it drops the RST, or answers with a challenge ACK if the number lies in "
            "its window (RFC 9293 section 3.5.3, RFC 5961). Blind attackers send such.")},
        {D_RST_IGNORED, NULL,
         N_("It does not acknowledge the SYN of the {peer}, so the {peer} drops it (RFC 9293 "
            "section 3.10.7.3).")},
        {D_CHALLENGE_ACK, NULL,
         N_("Challenge ACK: frame {frame} did not fit the connection, so the {me} says what it "
            "expects. A true sender would answer with an exact RST (RFC 5961).")},
        {D_UNFITTING, NULL,
         N_("Flags {flags} and these numbers do not fit an end in state {state}: no step of the "
            "protocol sends this. A scan, an attack, or a sender that is broken.")},
        {D_FAST_OPEN_REQUEST, NULL,
         N_("The {me} asks for a Fast Open cookie, with which its next SYN may carry data "
            "(RFC 7413).")},
        {D_FAST_OPEN_DATA, NULL,
         N_("Fast Open: the SYN carries {size} and the cookie that allows it (RFC 7413); the "
            "SYN,ACK will tell whether they are taken.")},
        {D_FAST_OPEN_ACCEPTED, NULL,
         N_("Fast Open worked: the SYN,ACK acknowledges the {size} that came with the SYN.")},
        {D_FAST_OPEN_REFUSED, NULL,
         N_("Fast Open was refused: the SYN,ACK acknowledges the SYN but not its data, which must "
            "be sent again.")},
        {D_OFFLOAD, NULL,
         N_("{size} are more than the MSS of {limit} that the {peer} announced: the network card "
            "cuts the segment up after the capture point, or has joined several before it "
            "(offload). On the wire they are smaller. Said once for each end.")},
        {D_CHECKSUM_UNFILLED, NULL,
         N_("The checksum ({checksum}) is not filled in yet: on loopback and with offload the "
            "network card does that after the capture point. It is not an error. Said once for "
            "each end.")},
        {D_CHECKSUM_BAD, NULL,
         N_("The checksum ({checksum}) is wrong: the {peer} drops the segment if it arrives like "
            "this. (Only the first three segments of each end are verified.)")},
        {0, NULL, NULL},
};
