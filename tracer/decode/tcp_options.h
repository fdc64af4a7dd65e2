/* tcp_options.h: the options of a TCP header as plain values (RFC 9293 section 3.2, and the RFC
 * named at each). The walk is bounded by the header's own length and by the captured bytes. */
#ifndef WIRELAB_DECODE_TCP_OPTIONS_H
#define WIRELAB_DECODE_TCP_OPTIONS_H

#include "base/cursor.h"
#include "base/vocab.h"

enum tcp_option_bit {
	OPT_MSS = 1 << 0,            /* kind 2, RFC 9293 */
	OPT_WINDOW_SCALE = 1 << 1,   /* kind 3, RFC 7323 */
	OPT_SACK_PERMITTED = 1 << 2, /* kind 4, RFC 2018 */
	OPT_SACK = 1 << 3,           /* kind 5, RFC 2018 */
	OPT_TIMESTAMPS = 1 << 4,     /* kind 8, RFC 7323 */
	OPT_MD5 = 1 << 5,            /* kind 19, RFC 2385 */
	OPT_USER_TIMEOUT = 1 << 6,   /* kind 28, RFC 5482 */
	OPT_AO = 1 << 7,             /* kind 29, RFC 5925 */
	OPT_MPTCP = 1 << 8,          /* kind 30, RFC 8684 */
	OPT_FAST_OPEN = 1 << 9,      /* kind 34, RFC 7413; also 254 with magic 0xF989 */
	OPT_OTHER = 1 << 10,         /* any other kind, see other_kinds */
	OPT_MALFORMED = 1 << 11,     /* a length that lies; the options that can be read are kept */
	OPT_CUT = 1 << 12,           /* the capture stops before the last option's end */
};

enum { TCP_MAX_SACK = 4, TCP_MAX_OTHER = 4, TCP_MAX_COOKIE = 16 };

struct tcp_options {
	uint32_t present; /* enum tcp_option_bit */
	uint16_t mss;
	uint8_t window_scale; /* the shift as sent; readers cap it at 14 */
	uint8_t n_sack;
	uint32_t sack_left[TCP_MAX_SACK], sack_right[TCP_MAX_SACK]; /* raw sequence numbers */
	uint32_t timestamp_value, timestamp_echo;
	uint16_t user_timeout; /* seconds, or minutes if user_timeout_minutes */
	bool user_timeout_minutes;
	uint8_t ao_key_id, ao_next_key_id;
	uint8_t mptcp_subtype;
	uint8_t cookie_len; /* Fast Open; 0: a request for a cookie */
	uint8_t cookie[TCP_MAX_COOKIE];
	uint8_t n_other;
	uint8_t other_kinds[TCP_MAX_OTHER]; /* the first of them */
};

/* Reads the options from the cursor into *options, all of which it sets. `len` is their length by
 * the TCP header; the cursor may hold fewer bytes, since a capture can be cut. */
void tcp_options_parse(struct tcp_options *options, struct cursor *c, size_t len);

#endif
