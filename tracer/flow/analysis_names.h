/* analysis_names.h: Wireshark's labels for a segment (its display-filter names without the prefix
 * "tcp.analysis.") and the figures that go with them. */
#ifndef WIRELAB_FLOW_ANALYSIS_NAMES_H
#define WIRELAB_FLOW_ANALYSIS_NAMES_H

#include <stdint.h>

/* In alphabetical order, which is the order in which the stream prints them. */
#define ANALYSIS_FLAGS(X)                                                                          \
	X(ACK_LOST_SEGMENT, "ack_lost_segment")                                                    \
	X(DUPLICATE_ACK, "duplicate_ack")                                                          \
	X(FAST_RETRANSMISSION, "fast_retransmission")                                              \
	X(KEEP_ALIVE, "keep_alive")                                                                \
	X(KEEP_ALIVE_ACK, "keep_alive_ack")                                                        \
	X(LOST_SEGMENT, "lost_segment")                                                            \
	X(OUT_OF_ORDER, "out_of_order")                                                            \
	X(RETRANSMISSION, "retransmission")                                                        \
	X(REUSED_PORTS, "reused_ports")                                                            \
	X(SPURIOUS_RETRANSMISSION, "spurious_retransmission")                                      \
	X(TFO_ACK, "tfo_ack")                                                                      \
	X(TFO_IGNORED, "tfo_ignored")                                                              \
	X(TFO_SYN, "tfo_syn")                                                                      \
	X(WINDOW_FULL, "window_full")                                                              \
	X(WINDOW_UPDATE, "window_update")                                                          \
	X(ZERO_WINDOW, "zero_window")                                                              \
	X(ZERO_WINDOW_PROBE, "zero_window_probe")                                                  \
	X(ZERO_WINDOW_PROBE_ACK, "zero_window_probe_ack")

enum analysis_index {
#define X(name, string) AI_##name,
	ANALYSIS_FLAGS(X)
#undef X
	        N_ANALYSIS_FLAGS
};

enum analysis_flag {
#define X(name, string) A_##name = 1 << AI_##name,
	ANALYSIS_FLAGS(X)
#undef X
};

/* Figures: absent where the value is 0 (times: -1). */
struct analysis {
	uint32_t flags;         /* enum analysis_flag */
	int64_t ack_rtt_ns;     /* -1: none */
	int64_t initial_rtt_ns; /* -1: none */
	int64_t rto_ns;         /* -1: none */
	uint64_t acks_frame;    /* the frame that this one acknowledges */
	uint64_t rto_frame;
	uint64_t duplicate_ack_frame;
	uint32_t duplicate_ack_num;
	uint32_t bytes_in_flight;
	uint32_t push_bytes_sent;
};

/* The label of one flag, "duplicate_ack". */
const char *analysis_name(enum analysis_index index);

#endif
