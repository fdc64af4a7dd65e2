/* segments.h: segments written by hand, for the tests of flow. A line reads like packetdrill's:
 *
 *	+0.020 C PA 1:101(100) ack 1 win 64240 <mss 1460,wscale 7,sackOK,TS 1 2>
 *
 * Time since the line before (a millisecond if left out), sender (C or S), flags (S F R P A U E W,
 *or
 * - for none), first and last sequence number with the payload's length, then what it needs of ack,
 * win and options (also: sack 1:2 5:6, FO, FO 0102, cut), and what a wire says of it: lost,
 *spoiled, copy. Numbers are relative to the ISNs in struct wire; `wire` has the two ends, a flow,
 *and what the flow last said. */
#ifndef WIRELAB_TESTS_SEGMENTS_H
#define WIRELAB_TESTS_SEGMENTS_H

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "flow/flow.h"

enum { WIRE_REPORTS = 16 };

struct wire {
	uint32_t isn[N_SIDES];
	struct endpoint ends[N_SIDES];
	struct flow *flow;
	int64_t now_ns;
	uint64_t frame;
	struct segment last; /* the segment of the line fed last */
	struct connection reports[WIRE_REPORTS];
	int n_reports;
	uint64_t n_segments;
};

static inline void wire_on_segment(void *arg, const struct segment *segment)
{
	struct wire *w = arg;
	w->last = *segment;
	w->n_segments++;
}

static inline void wire_on_connection(void *arg, const struct connection *connection)
{
	struct wire *w = arg;
	w->reports[w->n_reports++ % WIRE_REPORTS] = *connection;
}

static inline struct endpoint wire_end(uint8_t host, uint16_t port)
{
	return (struct endpoint){.addr = {.version = 4, .bytes = {10, 0, 0, host}}, .port = port};
}

/* Two hosts, 10.0.0.1:40000 and 10.0.0.2:80, and a flow that watches them. */
static inline void wire_open_with(struct wire *w, uint32_t client_isn, uint32_t server_isn,
                                  uint32_t max_connections)
{
	*w = (struct wire){
	        .isn = {client_isn, server_isn},
	        .ends = {wire_end(1, 40000), wire_end(2, 80)},
	        .now_ns = 1000 * NS_PER_SECOND,
	};
	struct flow_config config = {
	        .max_connections = max_connections,
	        .on_segment = wire_on_segment,
	        .on_connection = wire_on_connection,
	        .arg = w,
	};
	w->flow = flow_new(&config);
	assert_non_null(w->flow);
}

static inline void wire_open(struct wire *w)
{
	wire_open_with(w, 1000, 5000, 0);
}

static inline void wire_close(struct wire *w)
{
	flow_free(w->flow);
}

/* ---- the notation ---- */

static inline uint16_t wire_flags(const char *word)
{
	static const char letters[] = "FSRPAUEW";
	unsigned flags = 0;
	for (; *word; word++) {
		const char *at = strchr(letters, *word);
		if (at)
			flags |= 1U << (at - letters);
		else
			assert_int_equal(*word, '-');
	}
	return (uint16_t)flags;
}

static inline void wire_sack(struct tcp_options *o, const char *text, uint32_t isn)
{
	uint32_t left, right;
	int used;
	o->present |= OPT_SACK;
	while (sscanf(text, " %" SCNu32 ":%" SCNu32 "%n", &left, &right, &used) == 2) {
		o->sack_left[o->n_sack] = isn + left;
		o->sack_right[o->n_sack++] = isn + right;
		text += used;
	}
}

static inline void wire_cookie(struct tcp_options *o, const char *hex)
{
	unsigned byte;
	o->present |= OPT_FAST_OPEN;
	for (; sscanf(hex, "%2x", &byte) == 1; hex += 2)
		o->cookie[o->cookie_len++] = (uint8_t)byte;
}

static inline void wire_option(struct tcp_options *o, const char *text, uint32_t other_isn)
{
	unsigned value = 0;
	if (sscanf(text, "mss %u", &value) == 1) {
		o->present |= OPT_MSS;
		o->mss = (uint16_t)value;
	} else if (sscanf(text, "wscale %u", &value) == 1) {
		o->present |= OPT_WINDOW_SCALE;
		o->window_scale = (uint8_t)value;
	} else if (sscanf(text, "TS %" SCNu32 " %" SCNu32, &o->timestamp_value,
	                  &o->timestamp_echo) == 2) {
		o->present |= OPT_TIMESTAMPS;
	} else if (strncmp(text, "sackOK", 6) == 0) {
		o->present |= OPT_SACK_PERMITTED;
	} else if (strncmp(text, "sack ", 5) == 0) {
		wire_sack(o, text + 5, other_isn);
	} else if (strncmp(text, "FO", 2) == 0) {
		wire_cookie(o, text[2] == ' ' ? text + 3 : "");
	} else if (strncmp(text, "cut", 3) == 0) {
		o->present |= OPT_CUT;
	} else {
		fail_msg("no such option: %s", text);
	}
}

static inline void wire_options(struct tcp_options *o, const char *text, uint32_t other_isn)
{
	wire_option(o, text, other_isn);
	while ((text = strchr(text, ',')) != NULL)
		wire_option(o, ++text, other_isn);
}

/* Takes "+0.020 " (or "-0.5 ": clocks can go back) from the front of the line. */
static inline const char *wire_time(struct wire *w, const char *line)
{
	double seconds = 0.001;
	int used = 0;
	if (strchr("+-", *line) && sscanf(line, "%lf %n", &seconds, &used) == 1)
		line += used;
	w->now_ns += (int64_t)(seconds * 1e9 + (seconds < 0 ? -0.5 : 0.5));
	return line;
}

/* The packet that the line (its time taken off) describes. */
static inline void wire_packet(const struct wire *w, const char *line, struct packet *p)
{
	char who, flags[12];
	uint32_t seq, end, len, ack = 0;
	unsigned window = 0;
	int used = 0;
	if (sscanf(line, "%c %11s %" SCNu32 ":%" SCNu32 "(%" SCNu32 ")%n", &who, flags, &seq, &end,
	           &len, &used) != 5)
		fail_msg("not in the notation: %s", line);
	assert_int_equal(end - seq, len);
	enum side from = who == 'C' ? CLIENT : SERVER, to = side_other(from);
	*p = (struct packet){.kind = KIND_TCP};
	p->ip.src = w->ends[from].addr;
	p->ip.dst = w->ends[to].addr;
	p->tcp.src_port = w->ends[from].port;
	p->tcp.dst_port = w->ends[to].port;
	p->tcp.flags = wire_flags(flags);
	p->tcp.seq = w->isn[from] + seq;
	p->tcp.len = len;
	const char *rest = line + used, *word;
	if ((word = strstr(rest, "ack ")) != NULL && sscanf(word, "ack %" SCNu32, &ack) == 1)
		p->tcp.ack = w->isn[to] + ack;
	if ((word = strstr(rest, "win ")) != NULL && sscanf(word, "win %u", &window) == 1)
		p->tcp.window = (uint16_t)window;
	if ((word = strchr(rest, '<')) != NULL)
		wire_options(&p->tcp.options, word + 1, w->isn[to]);
}

static inline enum fate wire_fate(const char *line)
{
	static const char *const words[N_FATES] = {[FATE_DROPPED] = " lost",
	                                           [FATE_CORRUPTED] = " spoiled",
	                                           [FATE_DUPLICATE] = " copy"};
	for (enum fate fate = 0; fate < N_FATES; fate++)
		if (words[fate] && strstr(line, words[fate]))
			return fate;
	return FATE_ASSUMED;
}

/* Shows the flow what the line describes; what the flow says of it is in w->last. */
static inline const struct segment *wire_send(struct wire *w, const char *line)
{
	struct packet packet;
	wire_packet(w, wire_time(w, line), &packet);
	w->last = (struct segment){0};
	flow_packet_of_fate(w->flow, &packet, wire_fate(line), w->now_ns, ++w->frame);
	return &w->last;
}

/* ---- saying what happened ---- */

static inline void wire_add(char *out, size_t size, const char *format, ...)
        __attribute__((format(printf, 3, 4)));
static inline void wire_add(char *out, size_t size, const char *format, ...)
{
	size_t len = strlen(out);
	va_list args;
	va_start(args, format);
	(void)vsnprintf(out + len, size - len, format, args);
	va_end(args);
}

static inline void wire_number(char *out, size_t size, bool known, uint32_t number)
{
	if (known)
		wire_add(out, size, " %" PRId32, (int32_t)number);
	else
		wire_add(out, size, " ?");
}

/* " C una nxt wnd rcv", relative, ? where not known. */
static inline void wire_tcb(const struct wire *w, char *out, size_t size, enum side side)
{
	const struct tcb *t = &w->last.after[side];
	uint32_t mine = w->isn[side], others = w->isn[side_other(side)];
	wire_add(out, size, side == CLIENT ? " C" : " S");
	wire_number(out, size, t->known & KNOWN_SND, t->snd_una - mine);
	wire_number(out, size, t->known & KNOWN_SND, t->snd_nxt - mine);
	wire_number(out, size, t->known & KNOWN_WND, t->snd_wnd);
	wire_number(out, size, t->known & KNOWN_RCV, t->rcv_nxt - others);
}

/* "SYN-SENT SYN-RECEIVED handshake 1/3 C 0 1 ? ? S ? ? ? 1": both states after the segment, the
 * phase and step, both ends' snd_una, snd_nxt, snd_wnd and rcv_nxt. */
static inline void wire_describe(const struct wire *w, char *out, size_t size)
{
	const struct segment *s = &w->last;
	out[0] = '\0';
	wire_add(out, size, "%s %s %s", tcp_state_name(s->after[CLIENT].state),
	         tcp_state_name(s->after[SERVER].state), phase_name(s->phase));
	if (s->step)
		wire_add(out, size, " %u", s->step);
	if (s->step_total)
		wire_add(out, size, "/%u", s->step_total);
	wire_tcb(w, out, size, CLIENT);
	wire_tcb(w, out, size, SERVER);
}

/* The labels of the last segment, "duplicate_ack,zero_window", or "-". */
static inline void wire_labels(const struct wire *w, char *out, size_t size)
{
	out[0] = '\0';
	for (int i = 0; i < N_ANALYSIS_FLAGS; i++)
		if (w->last.analysis.flags >> i & 1)
			wire_add(out, size, "%s%s", out[0] ? "," : "",
			         analysis_name((enum analysis_index)i));
	if (!out[0])
		wire_add(out, size, "-");
}

/* The newest report; fails if there is none. */
static inline const struct connection *wire_report(const struct wire *w)
{
	assert_true(w->n_reports > 0);
	return &w->reports[(w->n_reports - 1) % WIRE_REPORTS];
}

#endif
