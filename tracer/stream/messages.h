/* messages.h: the conversations of all connections, and the messages in them. Bounded: so many
 * conversations at once, so many bytes in all; the least recently used makes room. Only connections
 * that carry payload take a place, and only if somebody looks at messages is this made at all. */
#ifndef WIRELAB_STREAM_MESSAGES_H
#define WIRELAB_STREAM_MESSAGES_H

#include "flow/segment.h"
#include "stream/message.h"

enum { MESSAGES_TALKS = 2048, MESSAGES_MEMORY = 32 * 1024 * 1024 };

/* Are they looked for? */
enum messages_when {
	MESSAGES_IF_SHOWN, /* where something prints more than sums */
	MESSAGES_ALWAYS,   /* --messages */
	MESSAGES_NEVER     /* --no-messages */
};

struct messages;
struct secrets;

struct messages_config {
	uint32_t max_talks;      /* 0: MESSAGES_TALKS */
	size_t memory;           /* bytes; 0: MESSAGES_MEMORY */
	struct secrets *secrets; /* borrowed; NULL: none */
	/* A message is complete; its time is that of the frame at hand. */
	void (*on_message)(void *arg, const struct message *message);
	void *arg;
};

/* The bytes behind a transport header. */
struct payload {
	const uint8_t *bytes; /* borrowed */
	uint32_t len;         /* that were captured */
	uint32_t wirelen;     /* that were sent */
	uint64_t frame;
	int64_t time_ns;
};

/* NULL without memory. */
struct messages *messages_new(const struct messages_config *config);
void messages_free(struct messages *messages);

/* A segment that has arrived, with its payload. */
void messages_segment(struct messages *messages, const struct segment *segment,
                      const struct payload *payload);

/* A whole datagram. */
void messages_datagram(struct messages *messages, const struct endpoint *src,
                       const struct endpoint *dst, const struct payload *payload);

/* Nothing more will come of that connection. */
void messages_close(struct messages *messages, uint32_t stream);

/* Nothing more will come at all: tells what is unfinished. */
void messages_end(struct messages *messages);

/* Bytes that are kept of all conversations, beside the places themselves. */
size_t messages_memory(const struct messages *messages);

#endif
