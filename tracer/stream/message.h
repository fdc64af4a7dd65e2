/* message.h: one message of an application, as plain data without pointers: an HTTP request, a DNS
 * response. Decoders make it, the event stream carries it; nothing here knows a protocol. */
#ifndef WIRELAB_STREAM_MESSAGE_H
#define WIRELAB_STREAM_MESSAGE_H

#include "base/text.h"

enum {
	MESSAGE_WORD = 24,     /* bytes of protocol and kind, terminator included */
	MESSAGE_SUMMARY = 256, /* of the one line */
	MESSAGE_TROUBLE = 128,
	MESSAGE_FIELDS = 3072, /* of all names and values */
	MESSAGE_VALUE = 256,   /* the longest value that is kept */
	MESSAGE_FRAMES = 16    /* frames that are named */
};

/* Frames that carried something, in rising order: the first ones, and how many there were. One that
 * had to wait for an earlier part of its stream has a lower number than that. */
struct carriers {
	uint64_t frames[MESSAGE_FRAMES];
	uint64_t last; /* 0: none */
	uint32_t n;
	uint8_t n_named;
	uint64_t missing; /* bytes between that the capture has not */
};

struct message {
	char protocol[MESSAGE_WORD]; /* Wireshark's filter name: "http" */
	char kind[MESSAGE_WORD];     /* the protocol's own word: "request" */
	enum side from;              /* who said it; of a datagram: the role that it plays */
	bool is_datagram;
	struct endpoint src, dst;
	int64_t stream;   /* tcp.stream; -1: a datagram */
	uint64_t length;  /* bytes that it took of its stream or datagram */
	bool incomplete;  /* its end was not seen */
	bool decrypted;   /* the wire carries it encrypted; a key log made it readable */
	uint64_t missing; /* bytes of it that the capture has not */
	char summary[MESSAGE_SUMMARY]; /* raw bytes from outside, not yet made safe */
	char trouble[MESSAGE_TROUBLE]; /* what is wrong with it, marked English (N_), or "" */
	uint16_t fields_len;           /* bytes of fields[] used */
	char fields[MESSAGE_FIELDS];   /* name, NUL, value, NUL, name …: in the message's order */
	uint64_t frames[MESSAGE_FRAMES]; /* that carried it, the first ones */
	uint8_t n_frames_named;
	uint64_t last_frame;    /* of them; not in the stream, where it is the event's own */
	uint32_t n_frames;      /* how many there were */
	uint64_t request_frame; /* of an answer: the last frame of what it answers; 0: none */
	int64_t latency_ns;     /* from there to this message's first frame; -1: not known */
};

/* An empty message of that protocol and kind. */
void message_begin(struct message *m, const char *protocol, const char *kind);

/* Names its protocol and kind, and leaves the rest. */
void message_name(struct message *m, const char *protocol, const char *kind);

/* Adds a field; what does not fit is left out whole (a value longer than MESSAGE_VALUE is cut). A
 * NUL in the value, and what is not UTF-8, become U+FFFD. */
void message_add(struct message *m, const char *name, const char *value, size_t n);
void message_add_text(struct message *m, const char *name, const char *value);
void message_add_uint(struct message *m, const char *name, uint64_t value);

/* Adds a frame (0: none), or all of another's; the same frame is not added twice. */
void carriers_add(struct carriers *carriers, uint64_t frame);
void carriers_join(struct carriers *carriers, const struct carriers *more);

/* Names the frames that carried it, and what is missing. */
void message_carried(struct message *m, const struct carriers *carriers);

/* Names what is wrong; the first trouble stays. */
void message_trouble(struct message *m, const char *sentence);

/* Adds to the summary; `n` bytes from outside. */
void message_say(struct message *m, const char *words, size_t n);

/* The value of the first field of that name, or NULL. */
const char *message_field(const struct message *m, const char *name);

/* The next field: *at counts from 0 and is moved on. False: there is none. */
bool message_next(const struct message *m, size_t *at, const char **name, const char **value);

#endif
