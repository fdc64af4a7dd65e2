/* schema.c: the tables of all kinds of events but the two large ones, which have files of their
 * own. A row is a member of the line of JSON: {key, type, field, when it is there}. The order is
 * the stream's. Each key is described in README.md. */
#include "event/schema.h"

#include <assert.h>

static const struct member session_members[] = {
        MEMBERS_HEAD,
        {MEMBER("format", uint, session.format)},
        {MEMBER("program", text, session.program)},
        {MEMBER("lab", text_if, session.lab)},
};

static const struct member capture_members[] = {
        MEMBERS_HEAD,
        {MEMBER("action", word, capture.action), WORDS(capture_action)},
        {MEMBER("source", text, capture.source)},
        {MEMBER("filter", text_if, capture.filter)},
        {MEMBER("live", boolean, capture.live)},
        {MEMBER("linktype", int_known, capture.linktype)},
        {MEMBER("snaplen", uint_if, capture.snaplen)},
        {MEMBER("buffer", uint_if, capture.buffer_bytes)},
        {MEMBER("captured", uint, capture.captured), IF_SET(capture.action)},
        {MEMBER("received", uint, capture.received), IF_SET(capture.action)},
        {MEMBER("dropped", uint, capture.dropped), IF_SET(capture.action)},
        {MEMBER("dropped_by_interface", uint, capture.dropped_by_interface),
         IF_SET(capture.action)},
};

static const struct member datagram_members[] = {
        MEMBERS_HEAD,
        MEMBERS_FRAME_NUMBER,
        {MEMBER("ip.src", ipv4, datagram.src.addr)},
        {MEMBER("ip.dst", ipv4, datagram.dst.addr)},
        {MEMBER("ipv6.src", ipv6, datagram.src.addr)},
        {MEMBER("ipv6.dst", ipv6, datagram.dst.addr)},
        {MEMBER("udp.srcport", uint, datagram.src.port)},
        {MEMBER("udp.dstport", uint, datagram.dst.port)},
        {MEMBER("udp.length", uint, datagram.length)},
        {MEMBER("payload", uint, datagram.len)},
        {MEMBER("truncated", boolean_if, datagram.truncated)},
        {MEMBER("reason", text_if, datagram.reason)},
        MEMBERS_FRAGMENTS,
        MEMBERS_PASSAGE,
        MEMBERS_FRAME_SIZE,
};

static const struct member message_members[] = {
        MEMBERS_HEAD,
        MEMBERS_FRAME_NUMBER,
        {MEMBER("protocol", text, message.protocol)},
        {MEMBER("kind", text, message.kind)},
        {MEMBER("from", word, message.from), WORDS(side)},
        {MEMBER("transport", word, message.is_datagram), WORDS(transport)},
        {MEMBER("tcp.stream", int_known, message.stream)},
        {MEMBER("ip.src", ipv4, message.src.addr)},
        {MEMBER("ip.dst", ipv4, message.dst.addr)},
        {MEMBER("ipv6.src", ipv6, message.src.addr)},
        {MEMBER("ipv6.dst", ipv6, message.dst.addr)},
        {MEMBER("srcport", uint, message.src.port)},
        {MEMBER("dstport", uint, message.dst.port)},
        {MEMBER("length", uint, message.length)},
        {MEMBER("incomplete", boolean_if, message.incomplete)},
        {MEMBER("decrypted", boolean_if, message.decrypted)},
        {MEMBER("missing", uint_if, message.missing)},
        {MEMBER("summary", text, message.summary)},
        {MEMBER("trouble", text_if, message.trouble)},
        {MEMBER("fields", fields, message.fields), OTHER(message.fields_len)},
        {MEMBER("frames", frames, message.frames), OTHER(message.n_frames_named)},
        {MEMBER("frames.count", uint, message.n_frames)},
        {MEMBER("request_frame", uint_if, message.request_frame)},
        {MEMBER("latency", seconds_known, message.latency_ns)},
};

/* Rows of an IPv4 header, of an IPv6 header, of ICMP and ICMPv6, of ARP. */
#define IS_IPV4   IF_EQUAL(frame_info.ip.src.version, 4)
#define IS_IPV6   IF_EQUAL(frame_info.ip.src.version, 6)
#define IS_ICMP   IF_EQUAL(frame_info.icmp.version, 4)
#define IS_ICMPV6 IF_EQUAL(frame_info.icmp.version, 6)
#define IS_QUOTE  IF_BITS(frame_info.icmp.has_quote, 1)
#define IS_ARP    IF_EQUAL(frame_info.kind, KIND_ARP)

static const struct member frame_members[] = {
        MEMBERS_HEAD,
        MEMBERS_FRAME_NUMBER,
        {MEMBER("kind", word, frame_info.kind), WORDS(packet_kind)},
        {MEMBER("status", word, frame_info.status), WORDS(packet_status)},
        {MEMBER("protocol", text, frame_info.protocol)},
        {MEMBER("reason", text_if, frame_info.reason)},

        {MEMBER("ip.src", ipv4, frame_info.ip.src)},
        {MEMBER("ip.dst", ipv4, frame_info.ip.dst)},
        {MEMBER("ip.ttl", uint, frame_info.ip.ttl), IS_IPV4},
        {MEMBER("ip.proto", uint, frame_info.ip.protocol), IS_IPV4},
        {MEMBER("ip.len", uint, frame_info.ip.total_len), IS_IPV4},
        {MEMBER("ip.id", uint, frame_info.ip.id), IS_IPV4},
        {MEMBER("ip.flags.df", boolean_if, frame_info.ip.dont_fragment), IS_IPV4},
        {MEMBER("ip.flags.mf", boolean_if, frame_info.ip.more_fragments), IS_IPV4},
        {MEMBER("ip.frag_offset", uint_if, frame_info.ip.fragment_at), IS_IPV4},
        {MEMBER("ip.dsfield.dscp", uint_if, frame_info.ip.dscp), IS_IPV4},
        {MEMBER("ip.dsfield.ecn", uint_if, frame_info.ip.ecn), IS_IPV4},

        {MEMBER("ipv6.src", ipv6, frame_info.ip.src)},
        {MEMBER("ipv6.dst", ipv6, frame_info.ip.dst)},
        {MEMBER("ipv6.hlim", uint, frame_info.ip.ttl), IS_IPV6},
        {MEMBER("ipv6.nxt", uint, frame_info.ip.protocol), IS_IPV6},
        {MEMBER("ipv6.len", uint, frame_info.ip.total_len), IS_IPV6},
        {MEMBER("ipv6.fraghdr.ident", uint_if, frame_info.ip.id), IS_IPV6},
        {MEMBER("ipv6.fraghdr.more", boolean_if, frame_info.ip.more_fragments), IS_IPV6},
        {MEMBER("ipv6.fraghdr.offset", uint_if, frame_info.ip.fragment_at), IS_IPV6},
        {MEMBER("ipv6.tclass.dscp", uint_if, frame_info.ip.dscp), IS_IPV6},
        {MEMBER("ipv6.tclass.ecn", uint_if, frame_info.ip.ecn), IS_IPV6},
        {MEMBER("fragment", boolean_if, frame_info.ip.is_fragment)},

        {MEMBER("icmp.type", uint, frame_info.icmp.type), IS_ICMP},
        {MEMBER("icmp.code", uint, frame_info.icmp.code), IS_ICMP},
        {MEMBER("icmp.ident", uint_if, frame_info.icmp.id), IS_ICMP},
        {MEMBER("icmp.seq", uint_if, frame_info.icmp.sequence), IS_ICMP},
        {MEMBER("icmp.mtu", uint_if, frame_info.icmp.mtu), IS_ICMP},
        {MEMBER("icmpv6.type", uint, frame_info.icmp.type), IS_ICMPV6},
        {MEMBER("icmpv6.code", uint, frame_info.icmp.code), IS_ICMPV6},
        {MEMBER("icmpv6.echo.identifier", uint_if, frame_info.icmp.id), IS_ICMPV6},
        {MEMBER("icmpv6.echo.sequence_number", uint_if, frame_info.icmp.sequence), IS_ICMPV6},
        {MEMBER("icmpv6.mtu", uint_if, frame_info.icmp.mtu), IS_ICMPV6},
        {MEMBER("quote.protocol", uint, frame_info.icmp.quote_protocol), IS_QUOTE},
        {MEMBER("quote.src", addr, frame_info.icmp.quote_src.addr), IS_QUOTE},
        {MEMBER("quote.dst", addr, frame_info.icmp.quote_dst.addr), IS_QUOTE},
        {MEMBER("quote.srcport", uint_if, frame_info.icmp.quote_src.port), IS_QUOTE},
        {MEMBER("quote.dstport", uint_if, frame_info.icmp.quote_dst.port), IS_QUOTE},
        {MEMBER("quote.seq_raw", uint, frame_info.icmp.quote_seq),
         IF_BITS(frame_info.icmp.has_quote_seq, 1)},

        {MEMBER("arp.opcode", uint, frame_info.arp.operation), IS_ARP},
        {MEMBER("arp.src.hw_mac", mac, frame_info.arp.sender_mac), IS_ARP},
        {MEMBER("arp.src.proto_ipv4", ipv4, frame_info.arp.sender)},
        {MEMBER("arp.dst.hw_mac", mac, frame_info.arp.target_mac), IS_ARP},
        {MEMBER("arp.dst.proto_ipv4", ipv4, frame_info.arp.target)},
        MEMBERS_FRAGMENTS,
        MEMBERS_PASSAGE,
        MEMBERS_FRAME_SIZE,
};

static const struct member program_members[] = {
        MEMBERS_HEAD,
        {MEMBER("action", word, program.action), WORDS(program_action)},
        {MEMBER("host", word, program.host), WORDS(side)},
        {MEMBER("pid", int, program.pid)},
        {MEMBER("command", text_if, program.command)},
        {MEMBER("status", int_known, program.status)},
        {MEMBER("signal", uint_if, program.signal)},
        {MEMBER("by", word_true, program.by_runner), WORDS(runner)},
        {MEMBER("expected", boolean_if, program.expected)},
};

static const struct member output_members[] = {
        MEMBERS_HEAD,
        {MEMBER("host", word, output.host), WORDS(side)},
        {MEMBER("stream", word, output.is_stderr), WORDS(output)},
        {MEMBER("text", text, output.text)},
};

static const struct member call_members[] = {
        MEMBERS_HEAD,
        {MEMBER("action", word, call.action), WORDS(call_action)},
        {MEMBER("host", word, call.host), WORDS(side)},
        {MEMBER("id", uint, call.id)},
        {MEMBER("pid", int, call.pid)},
        {MEMBER("tid", int, call.tid)},
        {MEMBER("program", text_if, call.program)},
        {MEMBER("name", text, call.name)},
        {MEMBER("fd", int_known, call.fd)},
        {MEMBER("arguments", text_if, call.arguments)},
        {MEMBER("local.ip", addr, call.local.addr)},
        {MEMBER("local.port", uint_if, call.local.port)},
        {MEMBER("remote.ip", addr, call.remote.addr)},
        {MEMBER("remote.port", uint_if, call.remote.port)},
        {MEMBER("enter", time, call.enter_ns), IF_SET(call.action)},
        {MEMBER("result", int, call.result), IF_SET(call.action)},
        {MEMBER("errno", errno, call.error)},
        {MEMBER("transfer", boolean_if, call.is_transfer)},
};

#define HAS_INFO IF_BITS(kernel.has_info, 1)

static const struct member kernel_members[] = {
        MEMBERS_HEAD,
        {MEMBER("host", word, kernel.host), WORDS(side)},
        {MEMBER("local.ip", addr, kernel.local.addr)},
        {MEMBER("local.port", uint_if, kernel.local.port)},
        {MEMBER("remote.ip", addr, kernel.remote.addr)},
        {MEMBER("remote.port", uint_if, kernel.remote.port)},
        {MEMBER("state", word, kernel.state), WORDS(state)},
        {MEMBER("news", word, kernel.news), WORDS(kernel_news)},
        {MEMBER("timer", word, kernel.timer), WORDS(kernel_timer), IF_SET(kernel.timer)},
        {MEMBER("timer_left", seconds, kernel.timer_ns), IF_SET(kernel.timer)},
        {MEMBER("retransmits", uint_if, kernel.retransmits)},
        {MEMBER("probes", uint_if, kernel.probes)},
        {MEMBER("backoff", uint_if, kernel.backoff)},
        {MEMBER("send_queue", uint, kernel.send_queue)},
        {MEMBER("receive_queue", uint, kernel.receive_queue)},
        {MEMBER("congestion", text_if, kernel.congestion)},
        {MEMBER("cwnd", uint, kernel.snd_cwnd), HAS_INFO},
        {MEMBER("ssthresh", uint_if, kernel.snd_ssthresh), HAS_INFO},
        {MEMBER("mss", uint, kernel.snd_mss), HAS_INFO},
        {MEMBER("rtt", seconds, kernel.rtt_ns), HAS_INFO},
        {MEMBER("rttvar", seconds, kernel.rttvar_ns), HAS_INFO},
        {MEMBER("rto", seconds, kernel.rto_ns), HAS_INFO},
        {MEMBER("unacked", uint, kernel.unacked), HAS_INFO},
        {MEMBER("sacked", uint, kernel.sacked), HAS_INFO},
        {MEMBER("lost", uint, kernel.lost), HAS_INFO},
        {MEMBER("retrans", uint, kernel.retrans), HAS_INFO},
        {MEMBER("total_retrans", uint, kernel.total_retrans), HAS_INFO},
        {MEMBER("tcp.stream", int_known, kernel.stream)},
        {MEMBER("inferred", word, kernel.inferred), WORDS(state), IF_SET(kernel.inferred)},
        {MEMBER("differs", boolean_if, kernel.differs)},
        {MEMBER("reason", text_if, kernel.reason)},
};

static const struct member wire_members[] = {
        MEMBERS_HEAD,
        {MEMBER("action", word, wire.action), WORDS(wire_action)},
        {MEMBER("from", word, wire.from), WORDS(side)},
        {MEMBER("wire.id", uint, wire.id)},
        {MEMBER("of", uint_if, wire.of)},
        {MEMBER("what", text_if, wire.what)},
        {MEMBER("by", text_if, wire.fault)},
};

static const struct member note_members[] = {
        MEMBERS_HEAD,
        {MEMBER("about", uint_if, note.about)},
        {MEMBER("text", text, note.text)},
};

const struct member member_bytes = {MEMBER("bytes", hex, bytes), OTHER(n_bytes)};

static const struct schema schema_session = SCHEMA_OF(session_members);
static const struct schema schema_capture = SCHEMA_OF(capture_members);
static const struct schema schema_datagram = SCHEMA_OF(datagram_members);
static const struct schema schema_message = SCHEMA_OF(message_members);
static const struct schema schema_frame = SCHEMA_OF(frame_members);
static const struct schema schema_program = SCHEMA_OF(program_members);
static const struct schema schema_output = SCHEMA_OF(output_members);
static const struct schema schema_call = SCHEMA_OF(call_members);
static const struct schema schema_kernel = SCHEMA_OF(kernel_members);
static const struct schema schema_wire = SCHEMA_OF(wire_members);
static const struct schema schema_note = SCHEMA_OF(note_members);

const struct schema *event_schema(enum event_kind kind)
{
	static const struct schema *const schemas[N_EVENT_KINDS] = {
	        [EVENT_SESSION] = &schema_session,
	        [EVENT_CAPTURE] = &schema_capture,
	        [EVENT_SEGMENT] = &schema_segment,
	        [EVENT_DATAGRAM] = &schema_datagram,
	        [EVENT_MESSAGE] = &schema_message,
	        [EVENT_FRAME] = &schema_frame,
	        [EVENT_CONNECTION] = &schema_connection,
	        [EVENT_PROGRAM] = &schema_program,
	        [EVENT_OUTPUT] = &schema_output,
	        [EVENT_CALL] = &schema_call,
	        [EVENT_KERNEL] = &schema_kernel,
	        [EVENT_WIRE] = &schema_wire,
	        [EVENT_NOTE] = &schema_note,
	};
	assert(kind < N_EVENT_KINDS);
	return schemas[kind];
}
