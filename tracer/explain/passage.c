/* passage.c: what the emulated wire did to a frame, beside what the frame says by itself; and what
 * it tells of frames under way. */
#include <string.h>

#include "explain/rule.h"

static const struct passage *passage_of(const struct scene *c)
{
	return &c->event->passage;
}

static const struct wire_event *wire_of(const struct scene *c)
{
	return &c->event->wire;
}

/* ---- words ---- */

static void add_by(struct text *t, const struct scene *c)
{
	const char *by = passage_of(c)->by;
	text_add_terminal(t, by, strlen(by));
}
static void add_frame_of(struct text *t, const struct scene *c)
{
	text_add_uint(t, wire_of(c)->id);
}
static void add_host(struct text *t, const struct scene *c)
{
	add_role(t, c, wire_of(c)->from);
}
static void add_way(struct text *t, const struct scene *c)
{
	text_add_span(t, c->event->time_ns - passage_of(c)->sent_ns);
}
static void add_what(struct text *t, const struct scene *c)
{
	text_add_terminal(t, wire_of(c)->what, strlen(wire_of(c)->what));
}

static const struct word words[] = {
        {"by", add_by},   {"frame", add_frame_of}, {"host", add_host},
        {"way", add_way}, {"what", add_what},
};
const struct vocabulary passage_words = {words, sizeof words / sizeof words[0]};

/* ---- what became of a frame ---- */

static bool has_fate(const struct scene *c, enum fate fate)
{
	return passage_of(c)->fate == fate;
}

static bool uses_numbers(const struct scene *c)
{
	return c->seg && (c->seg->len > 0 || (c->seg->flags & (TCP_SYN | TCP_FIN)));
}

static bool lost_with_numbers(const struct scene *c)
{
	return has_fate(c, FATE_DROPPED) && uses_numbers(c);
}

static bool lost_reset(const struct scene *c)
{
	return has_fate(c, FATE_DROPPED) && c->seg && (c->seg->flags & TCP_RST);
}

/* An ACK without data that its sender counts, and sends again. */
static bool lost_probe(const struct scene *c)
{
	if (!has_fate(c, FATE_DROPPED) || !c->seg || c->seg->n_diagnoses == 0)
		return false;
	uint16_t label = c->seg->diagnoses[0].label;
	return label == D_KEEP_ALIVE || label == D_ZERO_WINDOW_PROBE;
}

static bool lost_ack(const struct scene *c)
{
	return has_fate(c, FATE_DROPPED) && c->seg;
}

static bool lost(const struct scene *c)
{
	return has_fate(c, FATE_DROPPED);
}

static bool corrupted(const struct scene *c)
{
	return has_fate(c, FATE_CORRUPTED);
}

static bool copied(const struct scene *c)
{
	return has_fate(c, FATE_DUPLICATE);
}

static bool overtaken(const struct scene *c)
{
	return passage_of(c)->reordered;
}

static bool touched(const struct scene *c)
{
	return passage_of(c)->by[0] != '\0';
}

/* The title is what is put behind the segment's own. */
const struct rule passage_rules[] = {
        {lost_with_numbers, N_("lost on the wire"),
         N_("But it never arrives: the wire loses it ({by}). The receiver knows nothing of it."),
         N_("Nothing answers it. Its sender finds out when its retransmission timer runs out, or "
            "earlier by acknowledgments that stand still, and sends it again."),
         "RFC 6298 section 5"},
        {lost_reset, N_("lost on the wire"),
         N_("But it never arrives: the wire loses it ({by}). A RST is not sent again: the other "
            "end goes on as if nothing had happened, until it sends something."),
         N_("If the other end sends anything, another RST answers it."), NULL},
        {lost_probe, N_("lost on the wire"),
         N_("But it never arrives: the wire loses it ({by}). Its sender counts it as a probe "
            "without an answer."),
         N_("No answer, and another probe when the timer runs out again; after some of them the "
            "sender gives the connection up."),
         NULL},
        {lost_ack, N_("lost on the wire"),
         N_("But it never arrives: the wire loses it ({by}). An ACK alone is not sent again; the "
            "next one says all that this one said, since acknowledgments count from the start."),
         N_("Either a later ACK makes up for it, or the other end sends again what it thinks is "
            "not acknowledged."),
         NULL},
        {lost, N_("lost on the wire"),
         N_("But it never arrives: the wire loses it ({by}). Nothing below the programs will send "
            "it again."),
         NULL, NULL},
        {corrupted, N_("changed on the wire"),
         N_("On its way a byte changes ({by}). The receiver finds that the checksum is wrong and "
            "throws it away, without a word: as if it had been lost."),
         N_("As after a loss, its sender must find out by itself."), "RFC 9293 section 3.1"},
        {copied, N_("a copy made on the wire"),
         N_("The wire has made this second one ({by}); the sender sent it once. The receiver "
            "cannot tell: it has these bytes already and throws them away."),
         NULL, NULL},
        {overtaken, N_("overtaken on the wire"),
         N_("It took {way}, and something that was sent later has arrived before it ({by})."), NULL,
         NULL},
        {touched, NULL, N_("It took {way} ({by})."), NULL, NULL},
        {NULL, NULL, NULL, NULL, NULL},
};

/* ---- what the wire tells ---- */

static bool does(const struct scene *c, enum wire_action action)
{
	return wire_of(c)->action == action;
}
static bool is_held(const struct scene *c)
{
	return does(c, WIRE_HELD);
}
static bool is_released(const struct scene *c)
{
	return does(c, WIRE_RELEASED);
}
static bool is_other(const struct scene *c)
{
	(void)c;
	return true;
}

const struct rule wire_rules[] = {
        {is_held, N_("The {host}'s {what} waits on the wire"),
         N_("It has left its sender and not arrived: you decide what becomes of it. The sender's "
            "timers do not wait: after a second or so it sends again what it has no answer to."),
         N_("Release it, drop it, duplicate it or corrupt it."), NULL},
        {is_released, N_("The {host}'s {what} goes on"),
         N_("It was held on the wire, and arrives now."), NULL, NULL},
        {is_other, N_("On the wire: the {host}'s frame {frame}"),
         N_("The row of the frame itself says what became of it."), NULL, NULL},
        {NULL, NULL, NULL, NULL, NULL},
};
