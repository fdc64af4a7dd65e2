/* schema_connection.c: the table of a connection's report. */
#include "event/schema.h"

#define END(side, index)                                                                           \
	{MEMBER(side ".ip", addr, connection.ends[index].addr)},                                   \
	        {MEMBER(side ".port", uint, connection.ends[index].port)},                         \
	        {MEMBER(side ".state", word, connection.states[index]), WORDS(state)},             \
	{                                                                                          \
		MEMBER(side ".fin", boolean, connection.fin_seen[index])                           \
	}

#define WAY(side, index, name, codec, field)                                                       \
	{                                                                                          \
		MEMBER(side "." name, codec, connection.sent[index].field)                         \
	}
#define WAY_RTT(side, index, name, field)                                                          \
	{                                                                                          \
		MEMBER(side "." name, seconds, connection.sent[index].field),                      \
		        IF_SET(connection.sent[index].rtt_count)                                   \
	}

/* What one end sent. */
#define DIRECTION(side, index)                                                                     \
	WAY(side, index, "segments", uint, segments), WAY(side, index, "bytes", uint, bytes),      \
	        WAY(side, index, "unique_bytes", uint, unique_bytes),                              \
	        WAY(side, index, "data_segments", uint, data_segments),                            \
	        WAY(side, index, "retransmitted_segments", uint, retransmitted_segments),          \
	        WAY(side, index, "retransmitted_bytes", uint, retransmitted_bytes),                \
	        WAY(side, index, "out_of_order", uint, out_of_order),                              \
	        WAY(side, index, "duplicate_acks", uint, duplicate_acks),                          \
	        WAY(side, index, "zero_windows", uint, zero_windows),                              \
	        WAY(side, index, "windows_filled", uint_if, windows_filled),                       \
	        WAY(side, index, "rtt_count", uint, rtt_count),                                    \
	        WAY_RTT(side, index, "rtt_min", rtt_min_ns),                                       \
	        {MEMBER(side ".rtt_avg", average, connection.sent[index].rtt_sum_ns),              \
	         OTHER(connection.sent[index].rtt_count)},                                         \
	        WAY_RTT(side, index, "rtt_max", rtt_max_ns),                                       \
	        WAY_RTT(side, index, "rtt_sum", rtt_sum_ns),                                       \
	        WAY(side, index, "window_min", uint, window_min),                                  \
	        WAY(side, index, "window_max", uint, window_max),                                  \
	        WAY(side, index, "mss", uint_if, mss),                                             \
	        WAY(side, index, "window_size_scalefactor", scale, window_scale),                  \
	        WAY(side, index, "sack_permitted", boolean, sack_permitted),                       \
	        WAY(side, index, "timestamps", boolean, timestamps)

static const struct member connection_members[] = {
        MEMBERS_HEAD,
        MEMBERS_FRAME_NUMBER,
        {MEMBER("action", word, connection.action), WORDS(connection_action)},
        {MEMBER("tcp.stream", uint, connection.stream)},
        {MEMBER("roles", word_true, connection.roles_guessed), WORDS(guessed)},
        {MEMBER("open", word, connection.open), WORDS(open)},
        {MEMBER("close", word, connection.close), WORDS(close)},
        {MEMBER("first_fin", word, connection.first_fin), WORDS(side), IF_SET(connection.fin_seen)},
        {MEMBER("reset_by", word, connection.reset_by), WORDS(side),
         IF_EQUAL(connection.close, CLOSE_RESET)},
        {MEMBER("reset_cause", word, connection.reset_cause), WORDS(diagnosis),
         IF_SET(connection.reset_cause)},
        {MEMBER("tcp.completeness", uint, connection.completeness)},
        {MEMBER("conn_state", word, connection.conn_state), WORDS(conn_state)},
        {MEMBER("history", text_if, connection.history)},
        {MEMBER("start", time, connection.start_ns)},
        {MEMBER("end", time, connection.end_ns)},
        {MEMBER("duration", duration, connection.start_ns), OTHER(connection.end_ns)},
        END("client", CLIENT),
        END("server", SERVER),
        DIRECTION("client", CLIENT),
        DIRECTION("server", SERVER),
};

const struct schema schema_connection = SCHEMA_OF(connection_members);
