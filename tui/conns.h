/* conns.h: the connections seen so far, in order of appearance, with what lists and headers need of
 * them. Fed by the model, record by record. */
#ifndef WIRELAB_TUI_CONNS_H
#define WIRELAB_TUI_CONNS_H

#include "log.h"

/* Labels that mean loss or trouble. */
#define CONN_ALERTS                                                                                \
	(A_RETRANSMISSION | A_FAST_RETRANSMISSION | A_SPURIOUS_RETRANSMISSION | A_OUT_OF_ORDER |   \
	 A_LOST_SEGMENT | A_ACK_LOST_SEGMENT | A_ZERO_WINDOW | A_WINDOW_FULL | A_DUPLICATE_ACK)

struct conn_entry {
	uint32_t stream;
	uint32_t key;            /* no other entry has it; a new one when the roles are exchanged */
	uint32_t opened, closed; /* records of its connection events, or NO_RECORD */
	uint32_t syn[N_SIDES];   /* records of each end's first SYN, or NO_RECORD */
	uint32_t first, last;    /* records of its first and last segment */
	uint32_t n_segments[N_SIDES]; /* sent by each end */
	uint64_t n_bytes[N_SIDES];    /* payload, resends included */
	uint32_t n_alerts;            /* segments with a label that means loss or trouble */
	int64_t first_ns, last_ns;    /* of these */
	struct endpoint ends[N_SIDES];
	uint8_t states[N_SIDES]; /* enum tcp_state, the latest */
	uint8_t close;           /* enum close_kind, once it is closed */
	bool roles_guessed;
	bool roles_swapped; /* a person has exchanged them */
	bool is_closed;
};

struct conns {
	struct conn_entry *entries;
	uint32_t n, room;
	uint32_t *slots; /* hash of the stream number: index + 1, 0 free */
	uint32_t n_slots;
	uint32_t n_open;   /* not closed yet */
	uint32_t last_key; /* of those handed out */
};

void conns_release(struct conns *conns);

/* Takes record i (which is `record`) of the log. 0, or -1 without memory. */
int conns_add(struct conns *conns, uint32_t i, const struct record *record,
              const struct event *event);

/* Exchanges client and server of a connection that is there. The records are the caller's. */
void conns_swap_roles(struct conns *conns, uint32_t stream);

/* The connection of that stream number, or NULL. */
const struct conn_entry *conns_find(const struct conns *conns, uint32_t stream);

#endif
