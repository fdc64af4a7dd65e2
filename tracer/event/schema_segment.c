/* schema_segment.c: the table of a TCP segment. Keys of packet fields are Wireshark's
 * display-filter names; what a key means is in README.md. BRIEF: what a list of segments needs. */
#include "event/schema.h"

#define OPTION(name, codec, field, bit)                                                            \
	{                                                                                          \
		MEMBER("tcp.options." name, codec, segment.options.field),                         \
		        IF_BITS(segment.options.present, bit)                                      \
	}
/* An option that has no value of its own: true, or absent. */
#define BARE_OPTION(name, mask) OPTION(name, bit, present, mask)

#define ANALYSIS(name, codec, field)                                                               \
	{                                                                                          \
		MEMBER("tcp.analysis." name, codec, segment.analysis.field)                        \
	}

/* One end's transmission control block after the segment, and before it where that was otherwise.
 */
#define TCB_VARIABLE(side, index, name, bit)                                                       \
	{MEMBER(side "." #name, uint, segment.after[index].name),                                  \
	 IF_BITS(segment.after[index].known, bit)},                                                \
	{                                                                                          \
		MEMBER(side "." #name "_before", before, segment.before[index].name),              \
		        CONDITION(WHEN_CODEC, segment.before[index].known, bit)                    \
	}
#define TCB(side, index)                                                                           \
	{MEMBER(side ".state_before", word, segment.before[index].state), WORDS(state), BRIEF},    \
	        {MEMBER(side ".state", word, segment.after[index].state), WORDS(state), BRIEF},    \
	        TCB_VARIABLE(side, index, iss, KNOWN_ISS),                                         \
	        TCB_VARIABLE(side, index, snd_una, KNOWN_SND),                                     \
	        TCB_VARIABLE(side, index, snd_nxt, KNOWN_SND),                                     \
	        TCB_VARIABLE(side, index, snd_wnd, KNOWN_WND),                                     \
	        TCB_VARIABLE(side, index, rcv_nxt, KNOWN_RCV)

static const struct member segment_members[] = {
        MEMBERS_HEAD,
        MEMBERS_FRAME_NUMBER,
        {MEMBER("tcp.stream", uint, segment.stream), BRIEF},
        {MEMBER("from", word, segment.from), BRIEF, WORDS(side)},
        {MEMBER("roles", word_true, segment.roles_guessed), BRIEF, WORDS(guessed)},
        {MEMBER("ip.src", ipv4, segment.src.addr), BRIEF},
        {MEMBER("ip.dst", ipv4, segment.dst.addr), BRIEF},
        {MEMBER("ipv6.src", ipv6, segment.src.addr), BRIEF},
        {MEMBER("ipv6.dst", ipv6, segment.dst.addr), BRIEF},
        {MEMBER("tcp.srcport", uint, segment.src.port), BRIEF},
        {MEMBER("tcp.dstport", uint, segment.dst.port), BRIEF},
        {MEMBER("tcp.seq", uint, segment.seq), BRIEF},
        {MEMBER("tcp.ack", uint, segment.ack), BRIEF},
        {MEMBER("tcp.seq_raw", uint, segment.seq_raw)},
        {MEMBER("tcp.ack_raw", uint, segment.ack_raw)},
        {MEMBER("tcp.flags", flags, segment.flags), BRIEF},
        {MEMBER("flags", flag_names, segment.flags)},
        {MEMBER("tcp.len", uint, segment.len), BRIEF},
        {MEMBER("tcp.window_size", uint, segment.window), BRIEF},
        {MEMBER("tcp.window_size_value", uint, segment.window_value)},
        {MEMBER("tcp.window_size_scalefactor", scale_if, segment.window_scale)},
        {MEMBER("tcp.urgent_pointer", uint_if, segment.urgent)},

        OPTION("mss_val", uint, mss, OPT_MSS),
        OPTION("wscale.shift", uint, window_scale, OPT_WINDOW_SCALE),
        BARE_OPTION("sack_perm", OPT_SACK_PERMITTED),
        {MEMBER("tcp.options.sack_le", sacks, segment.options.sack_left),
         IF_BITS(segment.options.present, OPT_SACK), OTHER(segment.options.n_sack), BRIEF},
        {MEMBER("tcp.options.sack_re", sacks, segment.options.sack_right),
         IF_BITS(segment.options.present, OPT_SACK), OTHER(segment.options.n_sack)},
        OPTION("timestamp.tsval", uint, timestamp_value, OPT_TIMESTAMPS),
        OPTION("timestamp.tsecr", uint, timestamp_echo, OPT_TIMESTAMPS),
        BARE_OPTION("md5", OPT_MD5),
        OPTION("user_to_granularity", boolean, user_timeout_minutes, OPT_USER_TIMEOUT),
        OPTION("user_to_val", uint, user_timeout, OPT_USER_TIMEOUT),
        OPTION("ao.keyid", uint, ao_key_id, OPT_AO),
        OPTION("ao.rnextkeyid", uint, ao_next_key_id, OPT_AO),
        OPTION("mptcp.subtype", uint, mptcp_subtype, OPT_MPTCP),
        BARE_OPTION("tfo", OPT_FAST_OPEN),
        {MEMBER("tcp.options.tfo.cookie", hex, segment.options.cookie),
         IF_BITS(segment.options.present, OPT_FAST_OPEN), OTHER(segment.options.cookie_len)},
        {MEMBER("tcp.options.unknown", uints, segment.options.other_kinds),
         IF_BITS(segment.options.present, OPT_OTHER), OTHER(segment.options.n_other)},
        BARE_OPTION("malformed", OPT_MALFORMED),
        BARE_OPTION("cut", OPT_CUT),

        {MEMBER("tcp.analysis", labels, segment.analysis.flags), BRIEF},
        ANALYSIS("acks_frame", uint_if, acks_frame),
        ANALYSIS("ack_rtt", seconds_known, ack_rtt_ns),
        ANALYSIS("initial_rtt", seconds_known, initial_rtt_ns),
        ANALYSIS("bytes_in_flight", uint_if, bytes_in_flight),
        ANALYSIS("push_bytes_sent", uint_if, push_bytes_sent),
        ANALYSIS("duplicate_ack_num", uint_if, duplicate_ack_num),
        ANALYSIS("duplicate_ack_frame", uint_if, duplicate_ack_frame),
        ANALYSIS("rto", seconds_known, rto_ns),
        ANALYSIS("rto_frame", uint_if, rto_frame),

        {MEMBER("diagnosis", diagnoses, segment.diagnoses), OTHER(segment.n_diagnoses)},
        {MEMBER("call", uint_if, cause.call)},
        {MEMBER("call.name", text_if, cause.name)},
        {MEMBER("phase", word, segment.phase), BRIEF, WORDS(phase)},
        {MEMBER("step", step, segment.step), OTHER(segment.step_total)},
        TCB("client", CLIENT),
        TCB("server", SERVER),
        MEMBERS_FRAGMENTS,
        MEMBERS_PASSAGE,
        MEMBERS_FRAME_SIZE,
};

const struct schema schema_segment = {
        .members = segment_members,
        .n = sizeof segment_members / sizeof segment_members[0],
        .has_brief = true,
};
