/* talk.h: one conversation over a TCP connection: both directions put in order, the protocol that
 * was recognised, and what is not understood yet. Private to this folder, but for tests. */
#ifndef WIRELAB_STREAM_TALK_H
#define WIRELAB_STREAM_TALK_H

#include "stream/protocol.h"
#include "stream/stream.h"

enum { OPENING_MAX = 1024, TALK_TRIES = 64, TALK_DEPTH = 2 };

/* One direction. */
struct speech {
	struct stream stream;
	uint8_t *buffer; /* bytes that no protocol has taken yet */
	uint32_t n, size;
	uint64_t skip; /* bytes to be passed over next */
	bool lost;     /* the protocol gave up: until it begins anew at the start of a segment */
	bool emitted;  /* the frames so far belong to a message that has been told */
	bool over;
	uint8_t n_tries;          /* segments that no protocol recognised */
	struct carriers carriers; /* of what is not told yet: its frames, */
	int64_t began_ns;         /* and when the first of its bytes came */
};

struct talk {
	const struct app_protocol *protocol; /* NULL: not recognised yet */
	bool deaf;                           /* nobody here understands it */
	bool woken;
	bool switches; /* to next_protocol, once feed() has returned */
	const struct app_protocol *next_protocol;
	void *state;
	struct speech speech[N_SIDES];
	struct endpoint ends[N_SIDES];
	bool from_start; /* neither end had said anything before */
	int64_t number;  /* tcp.stream */
	int64_t time_ns; /* of the bytes at hand */
	uint64_t frame;
	struct budget *budget;
	struct expectations *expectations; /* of all conversations */
	struct secrets *secrets;           /* NULL: none */
	unsigned depth;                    /* of a conversation inside another; else 0 */
	const struct carriers *lent;       /* inside: the frames of the bytes at hand */
	void (*on_message)(void *arg, const struct message *m);
	void *arg;
	char hint[TALK_HINT];
};

/* If the conversation was announced by another one, it speaks what that has said. */
void talk_meet(struct talk *talk);

/* What a segment says to its conversation, in the order of its effects. */
struct utterance {
	enum side from;
	struct piece piece; /* len 0: nothing */
	bool fin, reset;
	bool has_ack;
	uint32_t ack;
};

/* Begins at a connection's first payload. The caller has zeroed it and set ends, number, budget,
 * on_message and arg. */
void talk_hear(struct talk *talk, const struct utterance *u);

/* No more will come. */
void talk_end(struct talk *talk);

/* Brings bytes of one direction that are in order already. */
void talk_bring(struct talk *talk, enum side from, const uint8_t *bytes, size_t n);

/* That direction is over; `whole`: by its FIN. */
void talk_end_direction(struct talk *talk, enum side from, bool whole);

/* Frees what it has. */
void talk_release(struct talk *talk);

/* ---- between talk*.c ---- */

/* The protocol of that name, or NULL. */
const struct app_protocol *talk_protocol_named(const char *name);

/* A message begins, unless one has begun. */
void talk_note_beginning(struct talk *talk, struct speech *speech);

/* The frame at hand carries a part of it. */
void talk_note_frame(struct talk *talk, struct speech *speech);

/* Tells bytes that are no message, but should not go by unseen. */
void talk_tell_rest(struct talk *talk, enum side from, const char *kind, const char *trouble,
                    const struct cursor *bytes);

#endif
