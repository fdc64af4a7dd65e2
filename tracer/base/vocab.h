/* vocab.h: the words the whole project uses. Addresses, the two sides of a connection, TCP flags,
 * TCP states and sequence-number arithmetic. Names are those of RFC 9293 and of Wireshark. */
#ifndef WIRELAB_BASE_VOCAB_H
#define WIRELAB_BASE_VOCAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* ---- times: int64_t nanoseconds since the epoch, always named *_ns ---- */
#define NS_PER_US     INT64_C(1000)
#define NS_PER_MS     INT64_C(1000000)
#define NS_PER_SECOND INT64_C(1000000000)

/* ---- addresses ---- */

/* An IPv4 or IPv6 address in network byte order; unused bytes are zero, so memcmp compares. */
struct addr {
	uint8_t version; /* 4, 6, or 0: none */
	uint8_t bytes[16];
};

/* One end of a conversation: address and port (host order). */
struct endpoint {
	struct addr addr;
	uint16_t port;
};

static inline bool endpoint_equal(const struct endpoint *a, const struct endpoint *b)
{
	return a->port == b->port && memcmp(&a->addr, &b->addr, sizeof a->addr) == 0;
}

/* ---- the two ends of a connection ---- */

/* The client sent the first SYN, the server answered it; each indexes arrays of two. */
enum side { CLIENT = 0, SERVER = 1, N_SIDES = 2 };

static inline enum side side_other(enum side side)
{
	return side == CLIENT ? SERVER : CLIENT;
}

/* "client" or "server": the stream's word, never translated. */
const char *side_name(enum side side);

/* ---- TCP header flags (RFC 9293 section 3.1; AE: RFC 7560 and the accurate-ECN work) ---- */
enum tcp_flag {
	TCP_FIN = 0x001,
	TCP_SYN = 0x002,
	TCP_RST = 0x004,
	TCP_PSH = 0x008,
	TCP_ACK = 0x010,
	TCP_URG = 0x020,
	TCP_ECE = 0x040,
	TCP_CWR = 0x080,
	TCP_AE = 0x100,
};

/* ---- TCP connection states (RFC 9293 section 3.3.2) ---- */
enum tcp_state {
	TCP_STATE_UNKNOWN, /* nothing seen that would tell */
	TCP_CLOSED,
	TCP_LISTEN,
	TCP_SYN_SENT,
	TCP_SYN_RECEIVED,
	TCP_ESTABLISHED,
	TCP_FIN_WAIT_1,
	TCP_FIN_WAIT_2,
	TCP_CLOSE_WAIT,
	TCP_CLOSING,
	TCP_LAST_ACK,
	TCP_TIME_WAIT,
	N_TCP_STATES
};

/* The RFC's full name, "SYN-RECEIVED"; "UNKNOWN" for the first. Never translated. */
const char *tcp_state_name(enum tcp_state state);

/* The name in at most 8 columns, for lanes: "SYN-RCVD", "ESTAB", "FIN-WT-1", "?" when unknown. */
const char *tcp_state_short(enum tcp_state state);

/* The state with that full name, or TCP_STATE_UNKNOWN. */
enum tcp_state tcp_state_parse(const char *name);

/* ---- sequence numbers: 32 bits, compared modulo 2^32 (RFC 9293 section 3.4) ---- */
static inline int32_t seq_diff(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b);
}
static inline bool seq_lt(uint32_t a, uint32_t b)
{
	return seq_diff(a, b) < 0;
}
static inline bool seq_le(uint32_t a, uint32_t b)
{
	return seq_diff(a, b) <= 0;
}
static inline bool seq_gt(uint32_t a, uint32_t b)
{
	return seq_diff(a, b) > 0;
}
static inline bool seq_ge(uint32_t a, uint32_t b)
{
	return seq_diff(a, b) >= 0;
}

#endif
