/* diagnosis_names.h: what really happened, as far as the capture proves it: labels, and the numbers
 * and frames that a rule has matched, from which explain/diagnosis.c makes a sentence. The labels
 * of analysis_names.h are Wireshark's; these say the cause. */
#ifndef WIRELAB_FLOW_DIAGNOSIS_NAMES_H
#define WIRELAB_FLOW_DIAGNOSIS_NAMES_H

#include <stdint.h>

/* Name in the stream, mark in the ladder (may be empty). */
#define DIAGNOSES(X)                                                                               \
	/* data sent again, and why */                                                             \
	X(RTO, "rto", "R!")                                                                        \
	X(RTO_OR_PROBE, "rto_or_probe", "R!")                                                      \
	X(AFTER_RTO, "after_rto", "R!")                                                            \
	X(FAST, "fast", "R3")                                                                      \
	X(SACK, "sack", "R3")                                                                      \
	X(PARTIAL_ACK, "partial_ack", "R3")                                                        \
	X(TAIL_LOSS_PROBE, "tail_loss_probe", "TLP")                                               \
	X(SPURIOUS, "spurious", "R?")                                                              \
	X(SPURIOUS_SEEN, "spurious_seen", "R?")                                                    \
	X(TWICE, "twice", "X2")                                                                    \
	X(ANSWER_AGAIN, "answer_again", "R!")                                                      \
	X(RESENT, "resent", "R!")                                                                  \
	X(RESENT_OR_LATE, "resent_or_late", "OOO?")                                                \
	X(OUT_OF_ORDER, "out_of_order", "OOO")                                                     \
	/* holes */                                                                                \
	X(GAP, "gap", "GAP")                                                                       \
	X(CAPTURE_GAP, "capture_gap", "GAP")                                                       \
	X(DUPLICATE_ACK, "duplicate_ack", "D")                                                     \
	/* windows and probes */                                                                   \
	X(ZERO_WINDOW, "zero_window", "ZW")                                                        \
	X(WINDOW_FULL, "window_full", "WF")                                                        \
	X(WINDOW_UPDATE, "window_update", "WU")                                                    \
	X(WINDOW_REOPENED, "window_reopened", "WU")                                                \
	X(ZERO_WINDOW_PROBE, "zero_window_probe", "P0")                                            \
	X(ZERO_WINDOW_PROBE_ACK, "zero_window_probe_ack", "P0")                                    \
	X(KEEP_ALIVE, "keep_alive", "KA")                                                          \
	X(KEEP_ALIVE_ACK, "keep_alive_ack", "KA")                                                  \
	/* beginning and end */                                                                    \
	X(SIMULTANEOUS_OPEN, "simultaneous_open", "SO")                                            \
	X(SIMULTANEOUS_CLOSE, "simultaneous_close", "SC")                                          \
	X(RST_CLOSED_PORT, "rst_closed_port", "")                                                  \
	X(RST_UNASKED, "rst_unasked", "")                                                          \
	X(RST_AFTER_CLOSE, "rst_after_close", "")                                                  \
	X(RST_HALF_OPEN, "rst_half_open", "")                                                      \
	X(RST_UNREAD_DATA, "rst_unread_data", "")                                                  \
	X(RST_GAVE_UP, "rst_gave_up", "")                                                          \
	X(RST_LINGER, "rst_linger", "")                                                            \
	X(RST_ABORT, "rst_abort", "")                                                              \
	X(RST_IGNORED, "rst_ignored", "")                                                          \
	X(CHALLENGE_ACK, "challenge_ack", "CA")                                                    \
	X(UNFITTING, "unfitting", "?!")                                                            \
	X(FAST_OPEN_REQUEST, "fast_open_request", "TFO")                                           \
	X(FAST_OPEN_DATA, "fast_open_data", "TFO")                                                 \
	X(FAST_OPEN_ACCEPTED, "fast_open_accepted", "TFO")                                         \
	X(FAST_OPEN_REFUSED, "fast_open_refused", "TFO")                                           \
	/* what the capture point makes of segments */                                             \
	X(OFFLOAD, "offload", "")                                                                  \
	X(CHECKSUM_UNFILLED, "checksum_unfilled", "")                                              \
	X(CHECKSUM_BAD, "checksum_bad", "!C")

enum diagnosis_label {
	DIAGNOSIS_NONE,
#define X(name, string, mark) D_##name,
	DIAGNOSES(X)
#undef X
	        N_DIAGNOSES
};

enum { DIAGNOSES_MAX = 3 }; /* of one segment */

/* One label with what it is based on. Sequence numbers are relative, as in the segment; 0 stands
 * for "does not matter here". What a number means depends on the label: explain/diagnosis.c. */
struct diagnosis {
	uint16_t label;    /* enum diagnosis_label */
	uint16_t n;        /* how many so far: backoff, duplicate, probe */
	uint32_t seq, end; /* the numbers in question, end exclusive */
	uint32_t size;     /* bytes */
	uint32_t limit;    /* bytes that `size` is compared with */
	int64_t wait_ns;   /* a measured time … */
	int64_t limit_ns;  /* … and what it is compared with */
	uint64_t frame;    /* the frame that decides, and another one */
	uint64_t since_frame;
};

/* "rto"; "" for DIAGNOSIS_NONE. */
const char *diagnosis_name(enum diagnosis_label label);

/* "R!", or "". */
const char *diagnosis_mark(enum diagnosis_label label);

#endif
