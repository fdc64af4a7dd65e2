/* story.h: events made by hand for the tests of explanations and sinks: a client 127.0.0.1:45360
 * (ISN 1000000) and a server 127.0.0.1:8080 (ISN 5000000). All numbers given here are relative. */
#ifndef WIRELAB_TESTS_STORY_H
#define WIRELAB_TESTS_STORY_H

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sink/sink.h"

/* 2023-11-14 22:13:20 UTC */
#define START_NS (INT64_C(1700000000) * NS_PER_SECOND)

static const uint32_t isn_of[N_SIDES] = {1000000, 5000000};

static inline struct endpoint end_of(enum side side)
{
	struct endpoint end = {.addr = {4, {127, 0, 0, 1}}, .port = side == CLIENT ? 45360 : 8080};
	return end;
}

/* An end that knows everything about itself. */
static inline struct tcb tcb_at(enum side side, enum tcp_state state, uint32_t una, uint32_t nxt,
                                uint32_t rcv, uint32_t wnd)
{
	uint32_t other = isn_of[side_other(side)];
	return (struct tcb){
	        .state = state,
	        .known = KNOWN_ISS | KNOWN_SND | KNOWN_WND | KNOWN_RCV,
	        .iss = isn_of[side],
	        .snd_una = isn_of[side] + una,
	        .snd_nxt = isn_of[side] + nxt,
	        .snd_wnd = wnd,
	        .rcv_nxt = other + rcv,
	};
}

/* An end of which only the state is known: before it has sent or received anything. */
static inline struct tcb tcb_new(enum tcp_state state)
{
	return (struct tcb){.state = state};
}

static inline struct event event_at(enum event_kind kind, int64_t us)
{
	return (struct event){.kind = kind, .time_ns = START_NS + us * NS_PER_US};
}

/* A segment; both ends are set by the caller, before and after. */
static inline struct event segment_at(int64_t us, enum side from, unsigned flags, uint32_t seq,
                                      uint32_t ack, uint32_t len, uint32_t window)
{
	struct event e = event_at(EVENT_SEGMENT, us);
	bool has_ack = flags & TCP_ACK;
	e.segment = (struct segment){
	        .from = from,
	        .src = end_of(from),
	        .dst = end_of(side_other(from)),
	        .seq_raw = isn_of[from] + seq,
	        .ack_raw = has_ack ? isn_of[side_other(from)] + ack : 0,
	        .seq = seq,
	        .ack = has_ack ? ack : 0,
	        .flags = (uint16_t)flags,
	        .len = len,
	        .window_value = (uint16_t)window,
	        .window = window,
	        .window_scale = -2,
	        .phase = PHASE_DATA,
	        .analysis = {.ack_rtt_ns = -1, .initial_rtt_ns = -1, .rto_ns = -1},
	};
	return e;
}

static inline void ends_before(struct event *e, struct tcb client, struct tcb server)
{
	e->segment.before[CLIENT] = e->segment.after[CLIENT] = client;
	e->segment.before[SERVER] = e->segment.after[SERVER] = server;
}

static inline void ends_after(struct event *e, struct tcb client, struct tcb server)
{
	e->segment.after[CLIENT] = client;
	e->segment.after[SERVER] = server;
}

static inline void step_of(struct event *e, enum phase phase, uint8_t step, uint8_t total)
{
	e->segment.phase = phase;
	e->segment.step = step;
	e->segment.step_total = total;
}

static inline struct event story_syn(int64_t us)
{
	struct event e = segment_at(us, CLIENT, TCP_SYN, 0, 0, 0, 64240);
	struct tcb server = tcb_new(TCP_SYN_RECEIVED);
	server.known = KNOWN_RCV;
	server.rcv_nxt = isn_of[CLIENT] + 1;
	struct tcb client = tcb_new(TCP_SYN_SENT);
	client.known = KNOWN_ISS | KNOWN_SND;
	client.iss = client.snd_una = isn_of[CLIENT];
	client.snd_nxt = isn_of[CLIENT] + 1;
	ends_before(&e, tcb_new(TCP_CLOSED), tcb_new(TCP_LISTEN));
	ends_after(&e, client, server);
	step_of(&e, PHASE_HANDSHAKE, 1, 3);
	e.segment.options.present =
	        OPT_MSS | OPT_WINDOW_SCALE | OPT_SACK_PERMITTED | OPT_TIMESTAMPS;
	e.segment.options.mss = 1460;
	e.segment.options.window_scale = 7;
	return e;
}

static inline struct event story_syn_ack(int64_t us)
{
	struct event syn = story_syn(us);
	struct event e = segment_at(us, SERVER, TCP_SYN | TCP_ACK, 0, 1, 0, 65160);
	struct tcb server = syn.segment.after[SERVER];
	ends_before(&e, syn.segment.after[CLIENT], server);
	server.known |= KNOWN_ISS | KNOWN_SND;
	server.iss = server.snd_una = isn_of[SERVER];
	server.snd_nxt = isn_of[SERVER] + 1;
	ends_after(&e, tcb_at(CLIENT, TCP_ESTABLISHED, 1, 1, 1, 65160), server);
	step_of(&e, PHASE_HANDSHAKE, 2, 3);
	e.segment.options = syn.segment.options;
	return e;
}

static inline struct event story_third_ack(int64_t us)
{
	struct event syn_ack = story_syn_ack(us);
	struct event e = segment_at(us, CLIENT, TCP_ACK, 1, 1, 0, 64256);
	ends_before(&e, syn_ack.segment.after[CLIENT], syn_ack.segment.after[SERVER]);
	ends_after(&e, syn_ack.segment.after[CLIENT],
	           tcb_at(SERVER, TCP_ESTABLISHED, 1, 1, 1, 64256));
	step_of(&e, PHASE_HANDSHAKE, 3, 3);
	e.segment.window_value = 502;
	e.segment.window_scale = 7;
	return e;
}

/* 13 bytes from the client, right after the handshake. */
static inline struct event story_hello(int64_t us)
{
	struct event e = segment_at(us, CLIENT, TCP_PSH | TCP_ACK, 1, 1, 13, 64256);
	ends_before(&e, tcb_at(CLIENT, TCP_ESTABLISHED, 1, 1, 1, 65160),
	            tcb_at(SERVER, TCP_ESTABLISHED, 1, 1, 1, 64256));
	ends_after(&e, tcb_at(CLIENT, TCP_ESTABLISHED, 1, 14, 1, 65160),
	           tcb_at(SERVER, TCP_ESTABLISHED, 1, 1, 14, 64256));
	return e;
}

/* Its acknowledgment. */
static inline struct event story_hello_ack(int64_t us)
{
	struct event e = segment_at(us, SERVER, TCP_ACK, 1, 14, 0, 65160);
	ends_before(&e, tcb_at(CLIENT, TCP_ESTABLISHED, 1, 14, 1, 65160),
	            tcb_at(SERVER, TCP_ESTABLISHED, 1, 1, 14, 64256));
	ends_after(&e, tcb_at(CLIENT, TCP_ESTABLISHED, 14, 14, 1, 65160),
	           tcb_at(SERVER, TCP_ESTABLISHED, 1, 1, 14, 64256));
	return e;
}

/* The client's FIN, when each side has sent 13 bytes and everything is acknowledged. */
static inline struct event story_fin(int64_t us)
{
	struct event e = segment_at(us, CLIENT, TCP_FIN | TCP_ACK, 14, 14, 0, 64256);
	ends_before(&e, tcb_at(CLIENT, TCP_ESTABLISHED, 14, 14, 14, 65160),
	            tcb_at(SERVER, TCP_ESTABLISHED, 14, 14, 14, 64256));
	ends_after(&e, tcb_at(CLIENT, TCP_FIN_WAIT_1, 14, 15, 14, 65160),
	           tcb_at(SERVER, TCP_CLOSE_WAIT, 14, 14, 15, 64256));
	step_of(&e, PHASE_TEARDOWN, 1, 0);
	return e;
}

static inline struct event story_opened(int64_t us)
{
	struct event e = event_at(EVENT_CONNECTION, us);
	e.connection = (struct connection){.action = CONNECTION_OPENED,
	                                   .ends = {end_of(CLIENT), end_of(SERVER)}};
	return e;
}

static inline struct event story_output(int64_t us, enum side host, const char *text)
{
	struct event e = event_at(EVENT_OUTPUT, us);
	e.output.host = host;
	(void)snprintf(e.output.text, sizeof e.output.text, "%s", text);
	return e;
}

/* Runs events through a sink into `out` (always terminated). 0, or -1. */
static inline int story_print(const char *sink_name, struct sink_options options,
                              const struct event *events, size_t n, char *out, size_t size)
{
	struct sink sink;
	struct err err;
	options.fd = memfd_create("sink", MFD_CLOEXEC);
	if (options.fd < 0 || sink_open(&sink, sink_find(sink_name), &options, &err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (sink_event(&sink, &events[i]) < 0)
			return -1;
	if (sink_close(&sink) < 0)
		return -1;
	ssize_t len = pread(options.fd, out, size - 1, 0);
	out[len < 0 ? 0 : len] = '\0';
	return close(options.fd) < 0 || len < 0 ? -1 : 0;
}

#endif
