/* ladder_words.h: the words of a ladder's rows, wherever a ladder is drawn: as lines (ladder.c) or
 * on a screen. */
#ifndef WIRELAB_SINK_LADDER_WORDS_H
#define WIRELAB_SINK_LADDER_WORDS_H

#include "event/event.h"

/* A silence of that length gets a row of its own. */
#define LADDER_IDLE_NS (200 * NS_PER_MS)

/* "~~ 1.02 s idle: the client's retransmission timer ran ~~": the silence that `event` has ended.
 */
void ladder_idle(struct text *t, const struct event *event, int64_t silence_ns);

/* The short name of one end's new state, or NULL: the segment has left it as it was. */
const char *ladder_state(const struct segment *segment, enum side side);

/* "CLIENT 127.0.0.1:45360"; "CLIENT? …" when the roles are a guess. */
void ladder_head(struct text *t, const struct endpoint *ends, enum side side, bool guessed);

/* "MSS 1460 WS 7 SACK TS": what an end's SYN has offered; nothing when none was seen. */
void ladder_offer(struct text *t, const struct direction *direction);

/* "exit 0", "killed", "ready": at most the columns of a state. */
void ladder_fate(struct text *t, const struct program_event *program);

/* True if the frame did not arrive, as the emulated wire says. */
bool ladder_is_lost(const struct event *event);

/* True for an event without a row of its own. What the emulated wire tells of a frame: the frame's
 * own event says the same; screens draw the frame under way from it. What a kernel says of a
 * socket, unless the segments say otherwise or TIME-WAIT begins. */
bool ladder_is_repetition(const struct event *event);

/* The state of a socket, short, with a mark in front if the segments say otherwise. */
void ladder_kernel(struct text *t, const struct kernel_event *kernel);

/* "calls", "returns". */
const char *ladder_call(const struct call_event *call);

/* The command that starts, the signal that ended it. */
void ladder_fate_details(struct text *t, const struct program_event *program);

#endif
