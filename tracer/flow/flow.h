/* flow.h: from packets to connections. Finds the connection of a TCP packet by its 4-tuple, keeps
 * both ends' inferred state, and reports each segment and each connection's beginning and end.
 * Pure: no clock (time comes with packets), no file, no terminal. Memory is bounded by the
 * configured number of connections; the least recently used one makes room. */
#ifndef WIRELAB_FLOW_FLOW_H
#define WIRELAB_FLOW_FLOW_H

#include "decode/packet.h"
#include "flow/segment.h"

enum connection_action {
	CONNECTION_OPENED,     /* its first segment was seen */
	CONNECTION_CLOSED,     /* both ends have closed, or it was reset */
	CONNECTION_EVICTED,    /* forgotten to make room */
	CONNECTION_UNFINISHED, /* the trace ended first */
	N_CONNECTION_ACTIONS
};

enum close_kind {
	CLOSE_NONE,
	CLOSE_THREE_WAY,
	CLOSE_FOUR_WAY,
	CLOSE_SIMULTANEOUS,
	CLOSE_RESET,
	N_CLOSE_KINDS
};
enum open_kind {
	OPEN_UNSEEN,
	OPEN_HANDSHAKE,
	OPEN_SIMULTANEOUS,
	OPEN_REFUSED,
	OPEN_UNANSWERED,
	N_OPEN_KINDS
};

/* Zeek's word for how a connection went. */
enum conn_state {
	CONN_STATE_OTH,    /* in the middle, or nothing that fits */
	CONN_STATE_S0,     /* SYN without answer */
	CONN_STATE_S1,     /* open, not closed */
	CONN_STATE_SF,     /* opened and closed in order */
	CONN_STATE_REJ,    /* refused */
	CONN_STATE_S2,     /* the client closed, the server did not */
	CONN_STATE_S3,     /* the server closed, the client did not */
	CONN_STATE_RSTO,   /* reset by the client */
	CONN_STATE_RSTR,   /* reset by the server */
	CONN_STATE_RSTOS0, /* the client sent SYN, then RST; nothing of the server */
	CONN_STATE_RSTRH,  /* the server sent SYN,ACK, then RST; no SYN of the client */
	CONN_STATE_SH,     /* the client sent SYN, then FIN; nothing of the server */
	CONN_STATE_SHR,    /* the server sent SYN,ACK, then FIN; no SYN of the client */
	N_CONN_STATES
};

enum { HISTORY_MAX = 19 }; /* letters kept */

const char *conn_state_name(enum conn_state state);                /* "SF" */
const char *connection_action_name(enum connection_action action); /* "opened" … */
const char *close_kind_name(enum close_kind kind); /* "none", "three-way", "four-way" … */
const char *open_kind_name(enum open_kind kind);   /* "unseen", "three-way", "simultaneous" … */

/* What one end sent over the connection's life. */
struct direction {
	uint64_t segments;
	uint64_t bytes;        /* payload, resends included */
	uint64_t unique_bytes; /* payload, each byte once (highest sequence number seen) */
	uint64_t data_segments;
	uint64_t retransmitted_segments;
	uint64_t retransmitted_bytes;
	uint32_t out_of_order;
	uint32_t duplicate_acks;
	uint32_t zero_windows;
	uint32_t windows_filled; /* times that its data reached the end of the other end's window */
	int64_t rtt_min_ns, rtt_max_ns,
	        rtt_sum_ns; /* of ACKs that the other end sent for this data */
	uint64_t rtt_count;
	uint32_t window_min, window_max; /* advertised by this end, scaled, after its SYN */
	uint16_t mss;                    /* from its SYN; 0: not seen */
	int8_t window_scale;             /* -1 unknown, -2 not used */
	bool sack_permitted, timestamps; /* offered in its SYN */
};

/* A connection's report, plain data. */
struct connection {
	uint32_t stream;
	enum connection_action action;
	bool roles_guessed;
	struct endpoint ends[N_SIDES];
	enum tcp_state states[N_SIDES];
	enum open_kind open;
	enum close_kind close;
	bool fin_seen[N_SIDES];
	enum side first_fin;  /* meaningful if either fin_seen */
	enum side reset_by;   /* meaningful if close is CLOSE_RESET */
	uint8_t completeness; /* Wireshark's tcp.completeness bits */
	enum conn_state conn_state;
	uint16_t reset_cause; /* enum diagnosis_label of the first RST; 0: none, or unknown */
	/* Zeek's letters: what each end did, in order of appearance */
	char history[HISTORY_MAX + 1];
	int64_t start_ns, end_ns; /* of its first and last segment so far */
	struct direction sent[N_SIDES];
};

enum { FLOW_MAX_CONNECTIONS = 200000 };

struct flow_config {
	uint32_t max_connections; /* 0: FLOW_MAX_CONNECTIONS */
	uint64_t seed;            /* of the hash: random, so that no sender can choose collisions */
	void (*on_segment)(void *arg, const struct segment *segment);
	void (*on_connection)(void *arg, const struct connection *connection);
	void *arg;
};

struct flow;

/* NULL without memory. The caller frees it. */
struct flow *flow_new(const struct flow_config *config);
void flow_free(struct flow *flow);

/* What became of a frame after it was sent. A capture cannot know that; an emulated wire does. */
enum fate {
	FATE_ASSUMED, /* nobody knows: it counts as arrived (lifecycle.c) */
	FATE_ARRIVED,
	FATE_DROPPED,
	FATE_CORRUPTED, /* it arrived with a wrong checksum: the receiver throws it away */
	FATE_DUPLICATE, /* a copy that the wire has made arrived; its sender did not send it again
	                 */
	N_FATES
};

/* "assumed", "arrived", "dropped" … */
const char *fate_name(enum fate fate);

/* Takes one packet of KIND_TCP whose header is whole; calls back in order: a connection that made
 * room or ended by port reuse, a connection opened, the segment, a connection closed. */
void flow_packet(struct flow *flow, const struct packet *packet, int64_t time_ns, uint64_t frame);

/* The same for one whose fate is known: what did not arrive changes only its sender. */
void flow_packet_of_fate(struct flow *flow, const struct packet *packet, enum fate fate,
                         int64_t time_ns, uint64_t frame);

/* What is known of one end of a connection now. */
struct flow_look {
	uint32_t stream;
	enum tcp_state state;
	int64_t last_ns; /* time of the connection's last segment */
	bool unacked;    /* something that this end has sent is not acknowledged */
};

/* Looks at the end that is `local`. False: no connection between these two was seen. */
bool flow_look(struct flow *flow, const struct endpoint *local, const struct endpoint *remote,
               struct flow_look *look);

/* The end of the trace: reports each connection that has not been reported as closed. */
void flow_end(struct flow *flow);

/* Connections tracked now, and seen in all. */
uint32_t flow_open_count(const struct flow *flow);
uint64_t flow_total_count(const struct flow *flow);

#endif
