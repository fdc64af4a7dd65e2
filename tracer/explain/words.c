/* words.c: the words of sentences about TCP segments. Numbers are relative, windows are scaled. A
 * word may be a whole further sentence that is only said when it is true. */
#include "explain/rule.h"

static void add_me(struct text *t, const struct scene *scene)
{
	add_role(t, scene, scene->me);
}
static void add_peer(struct text *t, const struct scene *scene)
{
	add_role(t, scene, scene->peer);
}
static void add_src(struct text *t, const struct scene *scene)
{
	text_add_endpoint(t, &scene->seg->src);
}
static void add_dst(struct text *t, const struct scene *scene)
{
	text_add_endpoint(t, &scene->seg->dst);
}
static void add_port(struct text *t, const struct scene *scene)
{
	text_add_uint(t, scene->seg->dst.port);
}
static void add_src_port(struct text *t, const struct scene *scene)
{
	text_add_uint(t, scene->seg->src.port);
}
static void add_flags(struct text *t, const struct scene *scene)
{
	text_add_flags(t, scene->seg->flags);
}
static void add_seq(struct text *t, const struct scene *scene)
{
	text_add_uint(t, scene->seg->seq);
}
static void add_seq_raw(struct text *t, const struct scene *scene)
{
	text_add_uint(t, scene->seg->seq_raw);
}
static void add_ack(struct text *t, const struct scene *scene)
{
	text_add_uint(t, scene->seg->ack);
}
static void add_ack_last(struct text *t, const struct scene *scene)
{
	text_add_uint(t, scene->seg->ack - 1);
}
static void add_end(struct text *t, const struct scene *scene)
{
	text_add_uint(t, scene->end);
}
static void add_payload(struct text *t, const struct scene *scene)
{
	add_bytes(t, scene, scene->seg->len);
}
static void add_my_state(struct text *t, const struct scene *scene)
{
	text_add(t, tcp_state_name(scene->mine->state));
}
static void add_peer_state(struct text *t, const struct scene *scene)
{
	text_add(t, tcp_state_name(scene->theirs->state));
}
static void add_win(struct text *t, const struct scene *scene)
{
	add_bytes(t, scene, scene->seg->window);
}
/* What of the peer is not acknowledged; of these numbers the last may be its FIN's. */
static void add_flying(struct text *t, const struct scene *scene)
{
	bool fin = !scene->acks_fin && waits_for_ack_of_fin(scene->theirs);
	uint32_t bytes = scene->flying - (fin && scene->flying > 0);
	if (bytes > 0 || !fin)
		add_bytes(t, scene, bytes);
	if (bytes > 0 && fin)
		text_add(t, tr(scene, N_(" and the FIN")));
	else if (fin)
		text_add(t, tr(scene, N_("the FIN")));
}
/* The peer has received payload: RCV.NXT is beyond the number of the SYN. */
static bool peer_got_data(const struct scene *scene)
{
	return (scene->theirs->known & KNOWN_RCV) && scene->has_base[scene->me] &&
	       seq_gt(scene->theirs->rcv_nxt, scene->base[scene->me] + 1);
}

/* What the calls of the peer's program meet after a RST that it obeys. An end that has received the
 * FIN reads end of file; elsewhere the first call learns of the reset. What came before and is
 * unread can still be read, first of all (tried on Linux). */
static void add_failing_calls(struct text *t, const struct scene *scene)
{
	enum tcp_state state = scene->theirs->state;
	bool has_fin = state == TCP_CLOSE_WAIT || state == TCP_LAST_ACK || state == TCP_CLOSING ||
	               state == TCP_TIME_WAIT;
	bool data = peer_got_data(scene);
	if (has_fin)
		text_add(t, tr(scene, N_("read() returns 0, since the FIN came first, and "
		                         "write() fails with EPIPE")));
	else
		text_add(t, tr(scene, N_("the next call, read() or write(), fails with ECONNRESET, "
		                         "and each write() after it with EPIPE")));
	if (data)
		text_add(t, tr(scene, N_("; but what had arrived before and was not yet read, "
		                         "read() still returns first (on Linux)")));
}
static void add_cookie(struct text *t, const struct scene *scene)
{
	add_bytes(t, scene, scene->seg->options.cookie_len);
}

static const char *sequence_word(const struct scene *scene, uint32_t n)
{
	if (scene->translated)
		return ngettext("sequence number", "sequence numbers", n);
	return n == 1 ? "sequence number" : "sequence numbers";
}

/* "sequence numbers 1 to 13", "sequence number 1" */
static void add_range(struct text *t, const struct scene *scene, uint32_t first, uint32_t n)
{
	text_add(t, sequence_word(scene, n));
	text_add_char(t, ' ');
	text_add_uint(t, first);
	if (n <= 1)
		return;
	text_add_char(t, ' ');
	text_add(t, tr(scene, N_("to")));
	text_add_char(t, ' ');
	text_add_uint(t, first + n - 1);
}

/* The payload's numbers; a SYN in front has used one up. */
static void add_numbers(struct text *t, const struct scene *scene)
{
	add_range(t, scene, scene->seg->seq + !!(scene->seg->flags & TCP_SYN), scene->seg->len);
}

static void add_acked(struct text *t, const struct scene *scene)
{
	add_bytes(t, scene, scene->acked_bytes);
}

/* The acknowledged payload ends before the FIN, if that is acknowledged too. */
static void add_acked_numbers(struct text *t, const struct scene *scene)
{
	uint32_t end = scene->seg->ack - scene->acks_fin;
	add_range(t, scene, end - scene->acked_bytes, scene->acked_bytes);
}

/* The next number that the sender had not used yet, before this segment. */
static void add_my_next(struct text *t, const struct scene *scene)
{
	text_add_uint(t, scene->mine->snd_nxt - scene->base[scene->me]);
}

/* The peer's SND.NXT. */
static void add_peer_next(struct text *t, const struct scene *scene)
{
	text_add_uint(t, scene->theirs->snd_nxt - scene->base[scene->peer]);
}

static void add_missing(struct text *t, const struct scene *scene)
{
	add_bytes(t, scene, scene->seg->seq_raw - scene->mine->snd_nxt);
}

/* The number that the FIN of the peer has used up. */
static void add_peer_fin(struct text *t, const struct scene *scene)
{
	text_add_uint(t, scene->theirs->snd_nxt - 1 - scene->base[scene->peer]);
}

/* The number of the sender's FIN. */
static void add_fin(struct text *t, const struct scene *scene)
{
	text_add_uint(t, scene->end - 1);
}

static void add_dup(struct text *t, const struct scene *scene)
{
	uint32_t n = scene->seg->analysis.duplicate_ack_num;
	if (n == 0)
		return;
	text_add_char(t, ' ');
	text_add(t, tr(scene, N_("Repeats so far:")));
	text_add_char(t, ' ');
	text_add_uint(t, n);
	text_add_char(t, '.');
}

static void add_old_window(struct text *t, const struct scene *scene)
{
	add_bytes(t, scene, scene->theirs->snd_wnd);
}

static void add_taken_back(struct text *t, const struct scene *scene)
{
	add_bytes(t, scene, taken_back(scene));
}

/* ---- whole sentences, said when they are true; each starts with its space ---- */

static void say_more(struct text *t, const char *sentence, const struct scene *scene)
{
	text_add_char(t, ' ');
	say(t, &segment_words, sentence, scene);
}

/* What an ACK that travels with data or FIN acknowledges besides. */
static void add_acks_too(struct text *t, const struct scene *scene)
{
	if (scene->acks_syn && scene->acked_bytes == 0)
		say_more(t,
		         N_("Its ack={ack} also acknowledges the SYN of the {peer}, which used up "
		            "number {ack_last}."),
		         scene);
	else if (scene->acked_bytes > 0)
		say_more(t,
		         N_("Its ack={ack} also acknowledges {acked} of the {peer} "
		            "({acked_numbers})."),
		         scene);
}

/* The same of a FIN, where no other sentence speaks of it. */
static void add_acks_fin(struct text *t, const struct scene *scene)
{
	if (scene->acks_fin)
		say_more(t,
		         N_("Its ack={ack} acknowledges the FIN of the {peer}, which used up "
		            "number {ack_last}."),
		         scene);
}

static void add_push(struct text *t, const struct scene *scene)
{
	if (scene->seg->flags & TCP_PSH)
		say_more(t, N_("PSH asks to hand them to the program without waiting for more."),
		         scene);
}

static void add_with_data(struct text *t, const struct scene *scene)
{
	if (scene->seg->len > 0)
		say_more(t, N_("It also carries the last {bytes} ({numbers})."), scene);
}

static void add_window_full(struct text *t, const struct scene *scene)
{
	if (scene->seg->analysis.flags & A_WINDOW_FULL)
		say_more(t,
		         N_("With them the window of the {peer} is full: the {me} must wait until "
		            "the {peer} announces more room."),
		         scene);
}

static void add_in_flight(struct text *t, const struct scene *scene)
{
	uint32_t out = scene->mine_after->snd_nxt - scene->mine_after->snd_una;
	if (!(scene->mine_after->known & KNOWN_SND) || out <= scene->seg->len)
		return;
	text_add_char(t, ' ');
	text_add(t, tr(scene, N_("Sent and not yet acknowledged, with these:")));
	text_add_char(t, ' ');
	add_bytes(t, scene, out);
	text_add_char(t, '.');
}

/* The window field means units of 2^shift bytes: shown where it is first used. */
static void add_window_unit(struct text *t, const struct scene *scene)
{
	const struct segment *s = scene->seg;
	if (s->window_scale <= 0)
		return;
	text_add_char(t, ' ');
	text_add(t, tr(scene, N_("Its window counts in the units agreed on:")));
	text_add_char(t, ' ');
	text_add_uint(t, s->window_value);
	text_add(t, " x ");
	text_add_uint(t, 1U << (s->window_scale > 14 ? 14 : s->window_scale));
	text_add(t, " = ");
	add_bytes(t, scene, s->window);
	text_add_char(t, '.');
}

static void add_rtt(struct text *t, const struct scene *scene)
{
	if (scene->seg->analysis.ack_rtt_ns <= 0)
		return;
	text_add_char(t, ' ');
	text_add(t, tr(scene, N_("Time since the last of them was sent:")));
	text_add_char(t, ' ');
	text_add_span(t, scene->seg->analysis.ack_rtt_ns);
	text_add_char(t, '.');
}

static void add_rto(struct text *t, const struct scene *scene)
{
	if (scene->seg->analysis.rto_ns <= 0)
		return;
	text_add_char(t, ' ');
	text_add(t, tr(scene, N_("Time since they were first sent:")));
	text_add_char(t, ' ');
	text_add_span(t, scene->seg->analysis.rto_ns);
	text_add_char(t, '.');
}

static void add_reused(struct text *t, const struct scene *scene)
{
	if (scene->seg->analysis.flags & A_REUSED_PORTS)
		say_more(t,
		         N_("The same addresses and ports were used before: this is a new "
		            "connection."),
		         scene);
}

/* Selective acknowledgment: what has arrived beyond the gap (RFC 2018), or, in a first block below
 * the acknowledgment, what has arrived twice (RFC 2883). */
static void add_sacked(struct text *t, const struct scene *scene)
{
	const struct segment *s = scene->seg;
	const struct tcp_options *o = &s->options;
	if (!(o->present & OPT_SACK) || o->n_sack == 0 || !scene->has_base[scene->peer])
		return;
	uint32_t base = scene->base[scene->peer];
	bool twice = seq_le(o->sack_right[0], s->ack_raw);
	text_add_char(t, ' ');
	text_add(t, twice ? tr(scene, N_("Its SACK option says what arrived a second time:"))
	                  : tr(scene, N_("Its SACK option says what did arrive beyond the gap:")));
	unsigned n = twice ? 1 : o->n_sack;
	for (unsigned i = 0; i < n && i < TCP_MAX_SACK; i++) {
		text_add(t, i ? ", " : " ");
		add_range(t, scene, o->sack_left[i] - base, o->sack_right[i] - o->sack_left[i]);
	}
	text_add_char(t, '.');
}

static const struct word words[] = {
        {"ack", add_ack},
        {"ack_last", add_ack_last},
        {"acked", add_acked},
        {"acked_numbers", add_acked_numbers},
        {"acks_fin", add_acks_fin},
        {"acks_too", add_acks_too},
        {"bytes", add_payload},
        {"cookie", add_cookie},
        {"dst", add_dst},
        {"dup", add_dup},
        {"end", add_end},
        {"failing_calls", add_failing_calls},
        {"fin", add_fin},
        {"flags", add_flags},
        {"flying", add_flying},
        {"in_flight", add_in_flight},
        {"me", add_me},
        {"missing", add_missing},
        {"my_next", add_my_next},
        {"my_state", add_my_state},
        {"numbers", add_numbers},
        {"offers", add_offers},
        {"old_window", add_old_window},
        {"peer", add_peer},
        {"peer_fin", add_peer_fin},
        {"peer_next", add_peer_next},
        {"peer_state", add_peer_state},
        {"port", add_port},
        {"push", add_push},
        {"reused", add_reused},
        {"rto", add_rto},
        {"rtt", add_rtt},
        {"sacked", add_sacked},
        {"seq", add_seq},
        {"seq_raw", add_seq_raw},
        {"src", add_src},
        {"src_port", add_src_port},
        {"taken_back", add_taken_back},
        {"win", add_win},
        {"window_full", add_window_full},
        {"window_unit", add_window_unit},
        {"with_data", add_with_data},
};

const struct vocabulary segment_words = {words, sizeof words / sizeof words[0]};
