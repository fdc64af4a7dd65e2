/* acks.c: segments that carry nothing but an acknowledgment and a window: RFC 9293 sections 3.4,
 * 3.8.6 (window) and 3.10.7.4, RFC 5681 (duplicate ACKs). */
#include "explain/rule.h"

static bool labelled(const struct scene *c, uint32_t flags)
{
	return c->seg->analysis.flags & flags;
}

static bool is_ack(const struct scene *c)
{
	return (c->seg->flags & (TCP_SYN | TCP_FIN | TCP_RST | TCP_ACK)) == TCP_ACK &&
	       c->seg->len == 0;
}

/* The peer's window and oldest unacknowledged number before this segment are known, and this ACK
 * moves nothing on. */
static bool repeats_ack(const struct scene *c)
{
	const uint8_t needed = KNOWN_SND | KNOWN_WND;
	return is_ack(c) && (c->theirs->known & needed) == needed &&
	       c->seg->ack_raw == c->theirs->snd_una;
}

static bool keep_alive_ack(const struct scene *c)
{
	return is_ack(c) && (find_diagnosis(c, D_KEEP_ALIVE_ACK) || labelled(c, A_KEEP_ALIVE_ACK));
}

static bool probe_ack(const struct scene *c)
{
	return is_ack(c) &&
	       (find_diagnosis(c, D_ZERO_WINDOW_PROBE_ACK) || labelled(c, A_ZERO_WINDOW_PROBE_ACK));
}

static bool challenge_ack(const struct scene *c)
{
	return is_ack(c) && find_diagnosis(c, D_CHALLENGE_ACK);
}

/* Neither end has sent more than its SYN, so the window known so far is that of a SYN, which is
 * never scaled: a difference to a scaled one is no news. */
static bool just_opened(const struct scene *c)
{
	return (c->mine->known & c->theirs->known & KNOWN_ISS) &&
	       c->mine->snd_nxt == c->mine->iss + 1 && c->theirs->snd_nxt == c->theirs->iss + 1;
}

/* The window was 0 before and still is. */
static bool still_zero(const struct scene *c)
{
	return repeats_ack(c) && c->seg->window == 0 && c->theirs->snd_wnd == 0;
}

/* The last number that it had allowed lies beyond what it allows now, by more than rounding. */
static bool takes_window_back(const struct scene *c)
{
	const uint8_t needed = KNOWN_SND | KNOWN_WND;
	return is_ack(c) && c->seg->window == 0 && (c->theirs->known & needed) == needed &&
	       !just_opened(c) && taken_back(c) > 0;
}

static bool zero_window(const struct scene *c)
{
	return is_ack(c) && c->seg->window == 0;
}

static bool window_reopens(const struct scene *c)
{
	return repeats_ack(c) && c->theirs->snd_wnd == 0;
}

static bool window_update(const struct scene *c)
{
	return repeats_ack(c) && !just_opened(c) && c->seg->window > c->theirs->snd_wnd;
}

static bool window_shrinks(const struct scene *c)
{
	return repeats_ack(c) && !just_opened(c) && c->seg->window < c->theirs->snd_wnd;
}

/* RFC 5681: the same ack and window again while data is under way. */
/* It tells of bytes that came twice; nothing is missing. */
static bool tells_of_copy(const struct scene *c)
{
	return is_ack(c) && find_diagnosis(c, D_SPURIOUS_SEEN);
}

static bool duplicate_ack(const struct scene *c)
{
	return repeats_ack(c) && c->flying > 0;
}

static bool acks_unseen(const struct scene *c)
{
	return is_ack(c) && (c->theirs->known & KNOWN_SND) &&
	       seq_gt(c->seg->ack_raw, c->theirs->snd_nxt);
}

static bool acks_all(const struct scene *c)
{
	return is_ack(c) && c->acked > 0 && c->flying == 0;
}

static bool acks_some(const struct scene *c)
{
	return is_ack(c) && c->acked > 0;
}

static bool old_ack(const struct scene *c)
{
	return is_ack(c) && (c->theirs->known & KNOWN_SND) &&
	       seq_lt(c->seg->ack_raw, c->theirs->snd_una);
}

static bool anything(const struct scene *c)
{
	(void)c; /* the last rule: whatever no other rule knows */
	return true;
}

const struct rule ack_rules[] = {
        {challenge_ack, N_("Challenge ACK: what is right"),
         N_("Something came from the {peer} that does not fit this connection. The {me} changes "
            "nothing and answers with what is right: its next number {seq}, and ack={ack}."),
         N_("Nothing, if the segment was forged. If the {peer} really has lost the connection, it "
            "answers with an exact RST."),
         "RFC 9293 section 3.10.7.4, RFC 5961"},
        {keep_alive_ack, N_("The {me} is still there"),
         N_("The {me} answers the keep-alive of the {peer} with what it expects next: ack={ack}. "
            "That is all that the probe was for."),
         N_("Nothing, until there is data or the keep-alive timer runs out again."),
         "RFC 9293 section 3.8.4"},
        {probe_ack, N_("The window is still closed"),
         N_("The {me} answers the probe: ack={ack}, and its window is {win}. Its program has read "
            "nothing in the meantime."),
         N_("Another probe later, or a window update as soon as the program reads."),
         "RFC 9293 section 3.8.6.1"},
        {still_zero, N_("The window is still closed"),
         N_("The {me} says again that it has no room: ack={ack}, window 0. Its program has not "
            "read "
            "enough in the meantime."),
         N_("A probe from the {peer}, or a window update as soon as the program reads."),
         "RFC 9293 section 3.8.6.1"},
        {takes_window_back, N_("Zero window: stop sending"),
         N_("Everything below {ack} has arrived, and the {me} has room for no byte more: its "
            "program does not read fast enough. A window closes as data fills the buffer; this "
            "one is {taken_back} smaller than that, room that had been promised (\"shrinking the "
            "window\": RFC 9293 advises against it)."),
         N_("The {peer} waits and probes from time to time; a window update follows when the "
            "program "
            "at the {me} reads."),
         "RFC 9293 sections 3.8.6 and 3.8.6.2.1"},
        {zero_window, N_("Zero window: stop sending"),
         N_("The receive buffer of the {me} is full, because its program does not read fast "
            "enough: "
            "everything below {ack} has arrived, and there is room for no byte more."),
         N_("The {peer} waits and probes from time to time; a window update follows when the "
            "program "
            "at the {me} reads."),
         "RFC 9293 section 3.8.6"},
        {window_reopens, N_("Window update: sending may go on"),
         N_("The program at the {me} has read: there is room for {win} again. ack={ack} is as "
            "before; only the window is news."),
         N_("Data from the {peer}, which was waiting for this."), "RFC 9293 section 3.8.6"},
        {window_update, N_("Window update: room for {win}"),
         N_("The program at the {me} has read, so there is more room than the {old_window} "
            "announced "
            "before. ack={ack} is as before: nothing new is acknowledged.{sacked}"),
         N_("The {peer} may have up to {win} under way, counted from {ack}."),
         "RFC 9293 section 3.8.6"},
        {window_shrinks, N_("Less room: {win}"),
         N_("The {me} announces less room than before ({old_window}) while ack={ack} stays: its "
            "buffer has filled in the meantime.{sacked}"),
         N_("The {peer} should keep within {win}, counted from {ack}."), "RFC 9293 section 3.8.6"},
        {tells_of_copy, N_("D-SACK: some bytes came twice"),
         N_("The {me} got bytes that it had already, threw them away, and says so: the first SACK "
            "block lies below ack={ack}, or inside the next block.{sacked}"),
         N_("The {peer} learns that it, or the network, has sent them once too often. Nothing has "
            "to "
            "be sent for that."),
         "RFC 2883 section 4"},
        {duplicate_ack, N_("Duplicate ACK: number {ack} is still missing"),
         N_("The {me} repeats ack={ack} although the {peer} has sent up to {peer_next}: something "
            "arrived that was not number {ack}, so a segment was lost or overtaken.{dup}{sacked}"),
         N_("The missing bytes from number {ack} on. The third repeat makes the {peer} send them "
            "again at once; otherwise its timer does."),
         "RFC 5681 section 3.2"},
        {acks_unseen, N_("ACK of data that was not seen here"),
         N_("The {me} has everything below {ack}, but the last number seen from the {peer} is "
            "below {peer_next}: what lies between was on the wire, but the capture missed it or a "
            "filter left it out."),
         N_("The connection goes on as usual."), "RFC 9293 section 3.10.7.4"},
        {acks_all, N_("ACK: {acked} arrived"),
         N_("The {me} has received everything below {ack}, all that the {peer} has sent; new in "
            "this ACK: {acked} ({acked_numbers}).{rtt}"),
         N_("Nothing is under way from the {peer} now. Either end may send, or close."),
         "RFC 9293 sections 3.4 and 3.10.7.4"},
        {acks_some, N_("ACK: {acked} arrived"),
         N_("The {me} has received everything below {ack}; new in this ACK: {acked} "
            "({acked_numbers}).{rtt}{sacked}"),
         N_("ACKs of what is still under way from the {peer}: {flying}."),
         "RFC 9293 sections 3.4 and 3.10.7.4"},
        {old_ack, N_("A late ACK"),
         N_("ack={ack} says less than the {me} has said before: this ACK was overtaken on its way. "
            "It tells nothing new and does no harm."),
         N_("The connection goes on as usual."), "RFC 9293 section 3.10.7.4"},
        {is_ack, N_("ACK: the {me} expects number {ack}"),
         N_("The {me} sends no data; it only says that it expects number {ack} next and has room "
            "for "
            "{win}. Nothing new is acknowledged: it answers something that it could not use or "
            "already had.{sacked}"),
         N_("The connection goes on as usual."), "RFC 9293 section 3.10.7.4"},
        {anything, N_("{flags} from the {me}"),
         N_("The {me} sends a segment with flags {flags}, seq={seq} and {bytes} of data, which "
            "fits "
            "no step of a connection: without ACK it says nothing that the {peer} could use."),
         N_("The {peer} should drop it."), "RFC 9293 section 3.10.7"},
        {0},
};
