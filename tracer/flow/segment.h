/* segment.h: what flow knows of one TCP segment in its connection, as plain data without pointers.
 * The event stream, explanations and screens are all made from it. */
#ifndef WIRELAB_FLOW_SEGMENT_H
#define WIRELAB_FLOW_SEGMENT_H

#include "decode/tcp_options.h"
#include "flow/analysis_names.h"
#include "flow/diagnosis_names.h"

/* Which of a peer's variables are known (a capture may start in mid-connection). */
enum peer_known {
	KNOWN_ISS = 1 << 0,
	KNOWN_SND = 1 << 1, /* snd_una and snd_nxt */
	KNOWN_WND = 1 << 2, /* snd_wnd */
	KNOWN_RCV = 1 << 3, /* rcv_nxt */
};

/* One end's inferred transmission control block (RFC 9293 section 3.3.1), raw sequence numbers. */
struct tcb {
	enum tcp_state state;
	uint8_t known;    /* enum peer_known */
	uint32_t iss;     /* initial send sequence number */
	uint32_t snd_una; /* oldest byte sent and not acknowledged */
	uint32_t snd_nxt; /* next byte to send */
	uint32_t snd_wnd; /* bytes the other end allows, scaled */
	uint32_t rcv_nxt; /* next byte expected from the other end */
};

enum phase { PHASE_HANDSHAKE, PHASE_DATA, PHASE_TEARDOWN, PHASE_RESET, PHASE_CLOSED, N_PHASES };

/* "handshake", "data", "teardown", "reset", "closed". */
const char *phase_name(enum phase phase);

/* The shift of a SYN's window: none, whatever the SYN offers (RFC 7323 section 2.2). */
enum { WINDOW_OF_SYN = -3 };

struct segment {
	uint32_t stream; /* tcp.stream: connections in order of appearance, from 0 */
	enum side from;
	bool roles_guessed; /* no SYN was seen: who is the client is a guess */
	bool arrives;       /* at the other end, as far as anybody knows */
	bool is_copy;       /* made by the wire, not by its sender */
	struct endpoint src, dst;

	uint32_t seq_raw, ack_raw;
	uint32_t seq, ack; /* relative to the ISNs; ack 0 without ACK */
	uint16_t flags;
	uint32_t len; /* payload bytes */
	uint16_t window_value;
	uint32_t window;     /* scaled */
	int8_t window_scale; /* shift for this sender; -1 unknown, -2 not used, or WINDOW_OF_SYN */
	uint16_t urgent;
	struct tcp_options options;

	struct tcb before[N_SIDES]; /* both ends as they were */
	struct tcb after[N_SIDES];  /* and once this segment has been sent and has arrived */
	enum phase phase;
	uint8_t step;       /* which segment of a handshake or teardown, from 1; 0: none */
	uint8_t step_total; /* 3 in a three-way handshake; 0: not known */

	struct analysis analysis; /* Wireshark's labels and figures */

	uint8_t n_diagnoses; /* the ones behind are not set */
	struct diagnosis diagnoses[DIAGNOSES_MAX];
};

#endif
