/* stats_messages.h: the second table of the sink `stats`: what each protocol of applications said,
 * and how long answers took. Bounded: so many protocols, so many times; the rest is only counted.
 */
#ifndef WIRELAB_SINK_STATS_MESSAGES_H
#define WIRELAB_SINK_STATS_MESSAGES_H

#include "base/out.h"
#include "stream/message.h"

enum { STATS_PROTOCOLS = 16, STATS_LATENCIES = 1 << 20 };

struct protocol_stats {
	char name[MESSAGE_WORD];
	uint64_t messages[N_SIDES], bytes[N_SIDES]; /* by who said them */
	uint64_t troubles;                          /* messages with something wrong */
	uint64_t n_answers;                         /* whose latency is known */
	int64_t *latencies;                         /* owned; the first n_kept, in ns */
	size_t n_kept, room;
	int64_t longest_ns;
};

struct message_stats {
	struct protocol_stats protocols[STATS_PROTOCOLS];
	unsigned n;
};

/* Counts a message. */
void message_stats_take(struct message_stats *stats, const struct message *message);

/* Prints the table; nothing without a message. */
void message_stats_print(struct message_stats *stats, struct out *out);

/* Frees what it keeps. */
void message_stats_release(struct message_stats *stats);

#endif
