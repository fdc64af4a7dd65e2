/* conn.h: one connection's memory, private to flow/. Bounded: nothing in it grows. */
#ifndef WIRELAB_FLOW_CONN_H
#define WIRELAB_FLOW_CONN_H

#include <string.h>

#include "flow/flow.h"

/* What Wireshark's analysis remembers of one sender (see analysis.c). In next, contig and ack, 0
 * stands for "not known yet", as it does there: a refusal's RST with sequence number 0 leaves next
 * unknown, and later segments are judged by that. */
struct trail {
	uint32_t next;   /* highest sequence number seen, plus one */
	int64_t next_ns; /* when and by which frame it got there */
	uint64_t next_frame;
	uint32_t contig; /* end of the part without holes */
	uint32_t ack;    /* last acknowledgment number */
	int64_t ack_ns;
	uint64_t non_dup_frame; /* the frame that the duplicates repeat */
	uint32_t n_dups;        /* or DUPS_VOID */
	uint32_t last_flags;    /* labels of its previous segment */
	uint32_t push_sum;
	uint32_t sacked; /* bytes that its latest segment reported by SACK */
	uint16_t window; /* as sent */
	bool window_known;
	bool syn_pending;    /* from its SYN until its first ACK without SYN */
	bool in_flight_void; /* a piece was missed: bytes in flight cannot be told until an ACK */
	bool push_seen;
	uint32_t first, last;         /* sent and not yet acknowledged, in order (ranges.h) */
	uint32_t odd_first, odd_last; /* resent and late pieces */
	uint16_t n_pieces;            /* in both lists */
	uint16_t n_odd;
};

/* The other end acknowledged what this one was never seen to send: Wireshark 4.0 says so once, and
 * from then on counts this end's duplicate ACKs as "many" until its acknowledgment number moves. */
#define DUPS_VOID UINT32_MAX

enum { WATCH_HOLES = 2, CHECKSUMS_VERIFIED = 3 };

/* Numbers of one sender that have not been seen though later ones have; seq == end: none. */
struct hole {
	uint32_t seq, end;
	int64_t time_ns; /* of the segment behind it */
	uint64_t frame;
};

/* What the diagnosis remembers of one sender (see diagnosis.c). Numbers are raw. */
struct watch {
	int64_t sent_ns; /* when it last sent something that uses numbers, and in which frame */
	uint64_t sent_frame;
	uint32_t sent_len; /* payload of that frame */
	int64_t srtt_ns;   /* smoothed round trip of its data, RFC 6298; 0: not measured */

	/* as a receiver: duplicate ACKs (RFC 5681) of the number that it waits for */
	uint64_t dup_frame; /* the last of them, or of those that tell by SACK of data beyond */
	int64_t dup_ns;
	uint32_t n_dups;
	uint32_t sack_high; /* the highest number that its last ACK reports, if beyond that ACK */

	/* as a sender: what it sends again */
	uint32_t recover;    /* SND.NXT when it began to; everything below belongs to it */
	uint16_t recovery;   /* the label that it began with; 0: it is not recovering */
	uint16_t n_timeouts; /* of timeout_seq, in a row */
	uint32_t timeout_seq;
	uint32_t resent_seq;     /* the last piece */
	int64_t timeout_wait_ns; /* the last wait */
	uint64_t resent_frame;

	struct hole holes[WATCH_HOLES];
	uint32_t unseen; /* the highest number that was acknowledged unseen */

	/* probes in a row, for keep-alive and for a closed window */
	uint16_t probe; /* the label; 0: its last segment was none */
	uint16_t n_probes;
	uint16_t n_unanswered; /* of them, since the last answer */
	int64_t probe_ns;
	uint64_t probe_frame;

	uint64_t offence_frame; /* its segment that calls for a challenge ACK; 0: none */
	uint8_t n_checksums;    /* verified so far */
	bool has_unseen, said_offload, said_checksum;
	bool probe_answered; /* the last of its probes */
	bool last_was_empty; /* its latest segment used no number */
};

/* One end. */
struct peer {
	struct tcb tcb;
	uint32_t zero;    /* the raw number shown as 0: its ISN, or the first seen minus 1 */
	uint32_t fin_end; /* the number after its FIN; meaningful if fin_sent */
	uint32_t wnd_seq, wnd_ack; /* numbers of the segment that set snd_wnd (SND.WL1, SND.WL2) */
	enum tcp_state before_reset; /* where its own RST found it, if the other end ignored that */
	bool zero_known;
	bool syn_sent;
	bool reset_ignored;
	bool fin_sent;
	bool fin_arrived; /* its FIN is known or assumed to have reached the other end */
	int8_t scale;     /* shift of the windows it advertises; -1 unknown, -2 not used */
	struct trail trail;
	struct watch watch;
	struct direction sent;
};

struct conn {
	/* the table's */
	uint32_t hash;
	uint32_t chain;                /* next in the bucket, 0: none */
	uint32_t lru_older, lru_newer; /* 0: none */

	uint32_t stream;
	struct endpoint ends[N_SIDES];
	struct peer peers[N_SIDES];
	int64_t start_ns, end_ns;
	int64_t syn_ns;         /* the latest SYN without ACK; 0: none */
	int64_t initial_rtt_ns; /* from it to the first ACK; 0: not known */

	uint32_t history_seen; /* verdict.c: a bit for each letter */
	uint16_t reset_cause;
	uint8_t n_history;
	char history[HISTORY_MAX];
	uint8_t completeness;
	uint8_t teardown_step;
	bool roles_guessed;
	bool self; /* one socket connected to itself: the same address and port at both ends */
	bool fast_open_data;  /* a SYN carried a Fast Open cookie and data */
	bool opened;          /* the handshake is over, or was not seen */
	bool syn_crossed;     /* simultaneous open */
	bool fin_crossed;     /* simultaneous close */
	bool fin_acked_alone; /* the first FIN was acknowledged before the second came */
	bool ended;           /* reported as closed */
	bool reset;
	bool refused; /* the reset answered a SYN */
	bool any_fin;
	enum side first_fin;
	enum side reset_by;
};

/* Which end sent the packet. A socket that connected to itself counts as the client. */
static inline enum side conn_side_of(const struct conn *conn, const struct packet *packet)
{
	struct endpoint src = {packet->ip.src, packet->tcp.src_port};
	return endpoint_equal(&src, &conn->ends[CLIENT]) ? CLIENT : SERVER;
}

/* ---- lifecycle.c ---- */

/* Sets both ends up for the first segment of a connection: who is the client, which states they
 * must have been in. */
void lifecycle_start(struct conn *conn, const struct packet *packet);

/* A SYN with the old number on a connection that has ended: both ends start again. */
void lifecycle_restart(struct conn *conn);

/* Applies one segment to both ends, or, if it does not arrive, to its sender: fills before, after,
 * phase and step. */
void lifecycle_segment(struct conn *conn, struct segment *segment, bool arrives);

/* True once both ends have finished with the connection. */
bool lifecycle_over(const struct conn *conn);

/* ---- verdict.c ---- */

/* Notes what the segment shows for the first time. */
void verdict_count(struct conn *conn, const struct segment *segment);

/* Sets conn_state, history and reset_cause. */
void verdict_fill(const struct conn *conn, struct connection *out);

/* ---- report.c ---- */

/* Counts the segment in its direction's figures and in the completeness bits. */
void report_count(struct conn *conn, const struct segment *segment);

/* The connection as plain data. */
void report_fill(const struct conn *conn, enum connection_action action, struct connection *out);

#endif
