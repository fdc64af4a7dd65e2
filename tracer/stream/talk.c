/* talk.c: brings the bytes of a conversation to its protocol. Knows the table of protocols and none
 * of them by name. */
#include "stream/talk.h"

#include <assert.h>
#include <stdlib.h>

#include "base/i18n.h"

/* ---- memory ---- */

static void forget_bytes(struct talk *talk, struct speech *s)
{
	free(s->buffer);
	talk->budget->used -= s->size;
	s->buffer = NULL;
	s->n = s->size = 0;
}

static void forget_state(struct talk *talk)
{
	if (!talk->state || !talk->protocol)
		return;
	assert(talk->protocol); /* whose state it is */
	if (talk->protocol->release)
		talk->protocol->release(talk);
	free(talk->state);
	talk->budget->used -= talk->protocol->state_size;
	talk->state = NULL;
}

/* Nothing more of this conversation is looked at. */
static void go_deaf(struct talk *talk)
{
	forget_state(talk);
	talk->protocol = NULL;
	talk->deaf = true;
	for (enum side side = CLIENT; side < N_SIDES; side++) {
		forget_bytes(talk, &talk->speech[side]);
		stream_release(&talk->speech[side].stream);
	}
}

static void speak(struct talk *talk, const struct app_protocol *protocol)
{
	bool room = protocol->state_size <= talk->budget->limit &&
	            talk->budget->used <= talk->budget->limit - protocol->state_size;
	void *state = room ? calloc(1, protocol->state_size + 1) : NULL;
	if (!state) {
		go_deaf(talk);
		return;
	}
	forget_state(talk);
	talk->budget->used += protocol->state_size;
	talk->state = state;
	talk->protocol = protocol;
}

/* Keeps bytes until more have come. False: too many. */
static bool keep(struct talk *talk, struct speech *s, const uint8_t *bytes, size_t n)
{
	enum { FIRST = 512 };
	if (n > TALK_BUFFER_MAX - s->n)
		return false;
	uint32_t need = s->n + (uint32_t)n;
	uint32_t size = s->size ? s->size : FIRST;
	while (size < need)
		size *= 2;
	if (size > s->size) {
		uint32_t more = size - s->size;
		if (talk->budget->used > talk->budget->limit ||
		    more > talk->budget->limit - talk->budget->used)
			return false;
		uint8_t *grown = realloc(s->buffer, size);
		if (!grown)
			return false;
		s->buffer = grown;
		s->size = size;
		talk->budget->used += more;
	}
	if (n > 0 && bytes)
		memcpy(s->buffer + s->n, bytes, n);
	s->n = need;
	return true;
}

/* ---- recognising ---- */

void talk_meet(struct talk *talk)
{
	const struct expected *e = talk_expected(talk); /* it may have had to make room before */
	if (!e && talk->expectations)
		e = expected_take(talk->expectations, talk->ends, talk->number);
	const struct app_protocol *protocol = e ? talk_protocol_named(e->protocol) : NULL;
	if (protocol)
		speak(talk, protocol);
}

/* Asks all protocols, or one that was lost whether this is its beginning. */
static enum recognised ask(struct talk *talk, const struct opening *opening)
{
	enum recognised best = RECOGNISED_NO;
	for (size_t i = 0; app_protocols[i]; i++) {
		const struct app_protocol *p = app_protocols[i];
		if (!p->recognise || (talk->protocol && p != talk->protocol))
			continue;
		enum recognised answer = p->recognise(opening);
		if (answer == RECOGNISED_YES && !talk->protocol)
			speak(talk, p);
		if (answer == RECOGNISED_YES)
			return answer;
		if (answer == RECOGNISED_MAYBE)
			best = answer;
	}
	return best;
}

/* The protocol is not known: both directions are kept until one is sure, or none can be. */
static void recognise(struct talk *talk, enum side from)
{
	struct speech *s = &talk->speech[from];
	struct opening opening = {.from = from,
	                          .ends = {talk->ends[CLIENT], talk->ends[SERVER]},
	                          .said = {talk_kept(talk, CLIENT), talk_kept(talk, SERVER)}};
	enum recognised answer = ask(talk, &opening);
	if (answer == RECOGNISED_MAYBE && s->n < OPENING_MAX)
		return;
	if (answer == RECOGNISED_YES) {
		talk->woken = true; /* the other direction may have spoken first */
		return;
	}
	s->n = 0; /* perhaps the next segment begins something */
	s->emitted = true;
	if (++s->n_tries == TALK_TRIES)
		go_deaf(talk);
}

/* The protocol lost its way in this direction: does it begin anew with these bytes? */
static bool begins_anew(struct talk *talk, enum side from, const struct cursor *in)
{
	struct opening opening = {
	        .from = from, .again = true, .ends = {talk->ends[CLIENT], talk->ends[SERVER]}};
	opening.said[from] = *in;
	return ask(talk, &opening) == RECOGNISED_YES;
}

/* ---- feeding ---- */

/* Passes over what the protocol does not want to read. */
static void pass_over(struct talk *talk, enum side from, struct cursor *in)
{
	struct speech *s = &talk->speech[from];
	uint64_t left = cursor_left(in);
	size_t n = (size_t)(s->skip < left ? s->skip : left);
	if (n == 0)
		return;
	const uint8_t *bytes = cursor_take(in, n);
	if (s->skip != UINT64_MAX)
		s->skip -= n;
	if (talk->protocol->skipped)
		talk->protocol->skipped(talk, from, bytes, n);
}

/* The protocol does not understand what comes: silence, once that has been told. */
static void lose(struct talk *talk, enum side from, struct cursor *in)
{
	struct speech *s = &talk->speech[from];
	if (!s->emitted && cursor_left(in) > 0)
		talk_tell_rest(talk, from, "unreadable",
		               N_("bytes that are no message of this protocol"), in);
	cursor_skip(in, cursor_left(in));
	s->lost = true;
	s->skip = 0;
	s->emitted = true;
}

/* Lets the protocol read until it wants more, the other direction may go on first, or the
 * conversation turns to another protocol. */
static void feed(struct talk *talk, enum side from, struct cursor *in)
{
	enum { IDLE_TURNS = 8 }; /* that take nothing: a protocol's slip must not hang us */
	struct speech *s = &talk->speech[from];
	for (int idle = 0; idle < IDLE_TURNS && !talk->switches && !talk->woken;) {
		if (cursor_left(in) > 0)
			talk_note_frame(talk, s);
		pass_over(talk, from, in);
		if (s->skip > 0)
			return;
		size_t left = cursor_left(in);
		struct cursor look = cursor_of(in->start + in->at, left);
		enum feed got = talk->protocol->feed(talk, from, &look);
		if (got == FEED_MORE)
			return;
		if (got == FEED_LOST || look.failed) {
			lose(talk, from, in);
			return;
		}
		idle = look.at == 0 ? idle + 1 : 0;
		cursor_skip(in, look.at);
	}
}

/* There is no room for what the protocol wants to see at once. */
static void overflow(struct talk *talk, enum side from)
{
	struct speech *s = &talk->speech[from];
	struct cursor kept = talk_kept(talk, from);
	talk_tell_rest(talk, from, "unreadable", N_("more bytes without an end than are kept"),
	               &kept);
	s->n = 0;
	s->lost = true;
}

/* A protocol is known: it gets what was kept of this direction and the new bytes behind
 * that. */
static void feed_bytes(struct talk *talk, enum side from, const uint8_t *bytes, size_t n)
{
	struct speech *s = &talk->speech[from];
	bool kept = s->n > 0;
	if (kept && !keep(talk, s, bytes, n)) {
		overflow(talk, from);
		return;
	}
	struct cursor in = kept ? cursor_of(s->buffer, s->n) : cursor_of(bytes, n);
	if (s->lost && !begins_anew(talk, from, &in)) {
		s->n = 0;
		return;
	}
	s->lost = false;
	feed(talk, from, &in);
	size_t left = cursor_left(&in);
	if (kept) {
		if (in.at > 0)
			memmove(s->buffer, s->buffer + in.at, left);
		s->n = (uint32_t)left;
	} else if (left > 0 && !keep(talk, s, bytes + in.at, left)) {
		overflow(talk, from);
	}
	if (s->n == 0 && s->size > 0)
		forget_bytes(talk, s);
}

/* The conversation turns to another protocol; what is left of both directions belongs to
 * that. */
static void turn(struct talk *talk)
{
	talk->switches = false;
	if (talk->deaf) {
		go_deaf(talk);
		return;
	}
	for (enum side side = CLIENT; side < N_SIDES; side++) {
		talk->speech[side].skip = 0;
		talk->speech[side].n_tries = 0;
		talk->speech[side].lost = false;
		talk->speech[side].emitted = true;
	}
	if (talk->next_protocol) {
		speak(talk, talk->next_protocol);
		return;
	}
	forget_state(talk);
	talk->protocol = NULL;
}

/* What was kept came with earlier frames than the one at hand. */
static void feed_kept(struct talk *talk, enum side from)
{
	static const uint8_t nothing[1];
	const struct speech *s = &talk->speech[from];
	uint64_t frame = talk->frame;
	if (s->n > 0 && s->carriers.last)
		talk->frame = s->carriers.last;
	feed_bytes(talk, from, nothing, 0);
	talk->frame = frame;
}

/* Brings new bytes (or none: what was kept) of one direction to where they belong. */
static void bring(struct talk *talk, enum side from, const uint8_t *bytes, size_t n)
{
	if (talk->deaf)
		return;
	if (talk->protocol && n == 0) {
		feed_kept(talk, from);
	} else if (talk->protocol) {
		feed_bytes(talk, from, bytes, n);
	} else if (n > 0) {
		talk_note_frame(talk, &talk->speech[from]);
		if (keep(talk, &talk->speech[from], bytes, n))
			recognise(talk, from);
		else
			go_deaf(talk);
	} else if (talk->speech[from].n > 0) {
		recognise(talk, from);
	}
}

void talk_bring(struct talk *talk, enum side from, const uint8_t *bytes, size_t n)
{
	enum { TURNS = 16 };
	bring(talk, from, bytes, n);
	for (int i = 0; i < TURNS && (talk->woken || talk->switches); i++) {
		if (talk->switches)
			turn(talk);
		talk->woken = false;
		if (talk->speech[side_other(from)].n > 0)
			bring(talk, side_other(from), NULL, 0);
		bring(talk, from, NULL, 0);
	}
}

/* ---- gaps ---- */

/* The end of a message is not in the capture, and perhaps the next one's beginning. */
static void miss_message(struct talk *talk, enum side from)
{
	struct speech *s = &talk->speech[from];
	if (talk->protocol->end && !s->lost)
		talk->protocol->end(talk, from, false);
	if (!s->emitted && !s->lost) {
		struct cursor kept = talk_kept(talk, from);
		talk_tell_rest(talk, from, "gap", N_("the capture has missed bytes of it"), &kept);
	}
	forget_bytes(talk, s);
	s->lost = true;
	s->skip = 0;
	s->emitted = true;
}

/* Bytes are missing. Where the protocol passes over them anyway, that does no harm. */
static void miss(struct talk *talk, enum side from, uint64_t n)
{
	struct speech *s = &talk->speech[from];
	if (!talk->protocol) {
		s->n = 0;
		return;
	}
	talk_note_beginning(talk, s);
	s->carriers.missing += n;
	bool harmless = s->skip == UINT64_MAX || n <= s->skip;
	if (!harmless) {
		miss_message(talk, from);
		return;
	}
	if (s->skip != UINT64_MAX)
		s->skip -= n;
	if (talk->protocol->skipped)
		talk->protocol->skipped(talk, from, NULL, (size_t)n);
	if (s->skip == 0)
		talk_bring(talk, from, NULL, 0);
}

struct hearing {
	struct talk *talk;
	enum side from;
};

static void take(void *arg, const struct piece *p)
{
	const struct hearing *h = arg;
	struct talk *talk = h->talk;
	if (p->frame)
		talk->frame = p->frame;
	if (!p->bytes)
		miss(talk, h->from, p->len);
	else
		talk_bring(talk, h->from, p->bytes, p->len);
}

/* ---- the ends ---- */

void talk_end_direction(struct talk *talk, enum side from, bool whole)
{
	struct speech *s = &talk->speech[from];
	if (s->over)
		return;
	s->over = true;
	if (talk->protocol && s->n > 0)
		talk_bring(talk, from, NULL, 0); /* it may have waited for more */
	if (talk->protocol && talk->protocol->end && !s->lost)
		talk->protocol->end(talk, from, whole);
	if (talk->protocol && !s->emitted && s->n > 0 && !s->lost) {
		struct cursor kept = talk_kept(talk, from);
		talk_tell_rest(talk, from, "unfinished", N_("a message without its end"), &kept);
	}
	if (talk->switches)
		turn(talk);
	if (!talk->deaf)
		forget_bytes(talk, s);
}

static void flush(struct talk *talk, enum side from)
{
	struct hearing h = {talk, from};
	stream_flush(&talk->speech[from].stream, take, &h);
}

void talk_hear(struct talk *talk, const struct utterance *u)
{
	struct hearing h = {talk, u->from};
	struct speech *mine = &talk->speech[u->from];
	mine->stream.budget = talk->speech[side_other(u->from)].stream.budget = talk->budget;
	talk->time_ns = u->piece.time_ns;
	talk->frame = u->piece.frame;
	if (u->has_ack)
		stream_acked(&talk->speech[side_other(u->from)].stream, u->ack);
	if (talk->deaf)
		return;
	if (u->piece.len > 0 && !mine->over)
		stream_add(&mine->stream, &u->piece, take, &h);
	if (u->fin)
		stream_fin(&mine->stream, u->piece.seq + u->piece.len);
	if (stream_is_over(&mine->stream))
		talk_end_direction(talk, u->from, true);
	if (u->reset)
		talk_end(talk);
}

void talk_end(struct talk *talk)
{
	for (enum side side = CLIENT; side < N_SIDES && !talk->deaf; side++) {
		flush(talk, side);
		talk_end_direction(talk, side, stream_is_over(&talk->speech[side].stream));
	}
}

void talk_release(struct talk *talk)
{
	go_deaf(talk);
}
