/* protocol.h: what a protocol of applications has to tell the frame (talk.c, messages.c), and what
 * it may ask of it. A protocol is one file that ends in a `const struct app_protocol`, and one line
 * in protocols.c. It gets the bytes of both directions in order, and makes messages of them.
 *
 * feed() gets all bytes of one direction that it has not taken yet, reads what it can through the
 * cursor, and says FEED_TOOK when the cursor stands behind what is done with. FEED_MORE leaves
 * everything as it was: it is called again from the same byte when more has come. So a protocol
 * never cares where segments begin and end. */
#ifndef WIRELAB_STREAM_PROTOCOL_H
#define WIRELAB_STREAM_PROTOCOL_H

#include "base/cursor.h"
#include "stream/expected.h"
#include "stream/message.h"

/* Bytes of one direction that a protocol may want to see at once: the longest head of HTTP or
 * record of TLS, and a segment more. */
enum { TALK_BUFFER_MAX = 160 * 1024, TALK_HINT = 128 };

struct talk;
struct questions;
struct secrets;

enum feed {
	FEED_MORE, /* too little yet */
	FEED_TOOK, /* read up to the cursor; called again with what is left, even if that is nothing
	            */
	FEED_LOST, /* this is not the protocol, or beyond repair: silence until it begins anew */
};

enum recognised { RECOGNISED_NO, RECOGNISED_MAYBE, RECOGNISED_YES };

/* What has been said so far in a conversation whose protocol is not known. */
struct opening {
	enum side from; /* who spoke last */
	bool again; /* the protocol is known, but has lost its way: do these bytes begin anew? */
	struct endpoint ends[N_SIDES];
	struct cursor said[N_SIDES]; /* the first bytes of both directions */
};

struct app_protocol {
	const char *name;  /* Wireshark's filter name */
	size_t state_size; /* of what it remembers of a conversation; zeroed at the start */
	/* By what is said; a port only decides between two that begin alike. NULL: other protocols
	 * hand over to it (talk_switch()), it has no beginning of its own, and behind a gap nothing
	 * of it is told any more. */
	enum recognised (*recognise)(const struct opening *opening);
	enum feed (*feed)(struct talk *talk, enum side from, struct cursor *in);
	/* Bytes that talk_skip() has asked to pass over; `bytes` is NULL where the capture has
	 * missed them. May be NULL. */
	void (*skipped)(struct talk *talk, enum side from, const uint8_t *bytes, size_t n);
	/* Gives back what its state owns, before that is freed. May be NULL. */
	void (*release)(struct talk *talk);
	/* This direction is over. `whole`: by its FIN; else by a reset or the end of the trace, or
	 * because bytes are missing: then it may begin anew. May be NULL. */
	void (*end)(struct talk *talk, enum side from, bool whole);
	/* A whole datagram; src, dst, length and frames of *m are set, message_name() and the
	 * others set the rest. False: it is none of this protocol. NULL: it does not use them. */
	bool (*datagram)(struct questions *asked, struct message *m, struct cursor *in,
	                 int64_t time_ns);
};

/* All protocols; ends with NULL. */
extern const struct app_protocol *const app_protocols[];

extern const struct app_protocol app_dns, app_http, app_websocket, app_smtp, app_ftp, app_ftp_data,
        app_tls;

/* ---- for the protocols ---- */

/* What the protocol remembers of this conversation: state_size bytes. */
void *talk_state(struct talk *talk);

/* Both ends' address and port. */
const struct endpoint *talk_ends(const struct talk *talk);

/* The time of the bytes at hand, and their frame. */
int64_t talk_time_ns(const struct talk *talk);
uint64_t talk_frame(const struct talk *talk);

/* The capture has both directions from their first byte. */
bool talk_from_start(const struct talk *talk);

/* Nothing more will come of that direction: what feed() gets of it is all there is. */
bool talk_is_over(const struct talk *talk, enum side from);

/* Keys that make encrypted bytes readable; NULL: there are none. */
struct secrets *talk_secrets(const struct talk *talk);

/* Memory that the state owns, counted with all the rest: `old` (may be NULL) with old_size bytes
 * becomes size bytes; 0 frees it. NULL: no room, `old` stays as it was. */
void *talk_memory(struct talk *talk, void *old, size_t old_size, size_t size);
/* When the first byte of the message at hand came. */
int64_t talk_began_ns(const struct talk *talk, enum side from);

/* What feed() has not taken of that direction: at its end() the beginning of a message whose rest
 * never comes. Borrowed until the return. */
struct cursor talk_kept(const struct talk *talk, enum side from);

/* Passes over the next n bytes of that direction behind the cursor, without keeping them. What the
 * capture has missed of them does no harm. UINT64_MAX: all until the end. */
void talk_skip(struct talk *talk, enum side from, uint64_t n);

/* Bytes that it has still to pass over. */
uint64_t talk_skipping(const struct talk *talk, enum side from);

/* A message is complete (or all that there will be): sets its ends, stream and frames (last_frame
 * too, of use for request_frame), and hands it on. The protocol sets the rest, length included.
 * What no protocol understands or what is missing the frame tells itself, as messages of the kinds
 * "unreadable", "unfinished" and "gap". */
void talk_emit(struct talk *talk, enum side from, struct message *m);

/* The frames that carried what is being fed and is not told yet. */
const struct carriers *talk_carriers(const struct talk *talk, enum side from);

/* The same as talk_emit() for a message whose frames are others. What talk_emit() says by itself
 * then has to be said: talk_told(), what has been fed belongs to what has been (or will be) told,
 * and the next byte begins something new. */
void talk_emit_carried(struct talk *talk, enum side from, struct message *m,
                       const struct carriers *carriers);
void talk_told(struct talk *talk, enum side from);

/* A conversation inside this one, whose bytes the protocol takes out of its own: they are
 * recognised anew, and their messages marked as decrypted. NULL: no room, or too deep. It ends and
 * is freed by talk_inside_free(), in release() at the latest. */
struct talk *talk_inside_new(struct talk *talk);
void talk_inside_say(struct talk *talk, struct talk *inside, enum side from, const uint8_t *bytes,
                     size_t n, const struct carriers *carriers);
void talk_inside_end(struct talk *inside, enum side from, bool whole);
void talk_inside_free(struct talk *inside);

/* The other direction may go on: what it has said is fed again. */
void talk_wake(struct talk *talk);

/* From here on both directions speak another protocol, as soon as feed() returns. NULL: whatever
 * is recognised; a name that nobody here knows: nothing more is looked at. `hint` (may be NULL) is
 * for the new protocol, talk_hint() there. */
void talk_switch(struct talk *talk, const char *name, const char *hint);
const char *talk_hint(const struct talk *talk);

/* A connection to that endpoint is to come, and will speak that protocol from its first byte;
 * `method` is the command that says so, in this frame. Both words are not copied. */
void talk_expect(struct talk *talk, const struct endpoint *to, const char *protocol,
                 const char *method);

/* What the connection that was announced last will carry: the command at hand, in words. */
void talk_expected_is(struct talk *talk, const char *what);

/* The announcement that this conversation is the connection of; NULL: none. */
const struct expected *talk_expected(const struct talk *talk);

/* ---- lines of text, for the protocols that have them ---- */

/* Bytes of a line, without its CRLF or LF; they are not terminated. */
struct line {
	const char *bytes;
	size_t len;
};

/* The next line; false when it has no end yet. */
bool line_take(struct cursor *c, struct line *line);

/* The line's next word, up to a space, tab or its end; takes it and the space behind it away. */
struct line line_word(struct line *line);

/* Without blanks at both ends. */
struct line line_trim(struct line line);

/* Compares without regard to the case of ASCII letters. */
bool line_is(struct line line, const char *word);

/* The decimal number that the line is; false if it is none, or 2^63 and more. */
bool line_number(struct line line, uint64_t *number);

#endif
