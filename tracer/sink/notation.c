/* notation.c: every other event as one line, see notation.h. */
#include "sink/notation_lines.h"

#include <string.h>

#include "explain/elapsed.h"
#include "sink/marks.h"

static void add_pair(struct text *t, const struct endpoint *src, const struct endpoint *dst)
{
	text_add_endpoint(t, src);
	text_add(t, " > ");
	text_add_endpoint(t, dst);
}

static void add_addrs(struct text *t, const struct ip_header *ip)
{
	text_add_addr(t, &ip->src);
	text_add(t, " > ");
	text_add_addr(t, &ip->dst);
	text_add_char(t, ' ');
}

static void session_line(struct text *t, const struct event *e)
{
	notation_outside(t, e->session.program);
	if (e->session.lab[0]) {
		text_add(t, " lab ");
		notation_outside(t, e->session.lab);
	}
}

static void capture_counts(struct text *t, const struct capture_event *c)
{
	text_add(t, ": ");
	text_add_uint(t, c->captured);
	text_add(t, c->captured == 1 ? " frame" : " frames");
	if (!c->live)
		return;
	text_add(t, ", ");
	text_add_uint(t, c->received);
	text_add(t, " received by the filter, ");
	text_add_uint(t, c->dropped);
	text_add(t, " dropped by the kernel, ");
	text_add_uint(t, c->dropped_by_interface);
	text_add(t, " by the interface");
}

static void capture_line(struct text *t, const struct event *e)
{
	const struct capture_event *c = &e->capture;
	text_add(t, "capture ");
	text_add(t, capture_action_name(c->action));
	if (c->source[0]) {
		text_add(t, c->live ? " on " : " from ");
		notation_outside(t, c->source);
	}
	if (c->action != CAPTURE_STARTED) {
		capture_counts(t, c);
	} else if (c->filter[0]) {
		text_add(t, ", filter ");
		notation_outside(t, c->filter);
	}
}

/* "LOST 10.0.0.1:..." */
static void add_fate(struct text *t, const struct event *e)
{
	const char *fate = mark_of_fate(e->passage.fate);
	text_add(t, fate);
	if (fate[0])
		text_add_char(t, ' ');
}

static void datagram_end(struct text *t, const struct datagram_event *d)
{
	text_add(t, "len ");
	text_add_uint(t, d->len);
	if (d->truncated)
		text_add(t, " truncated");
}

static void datagram_line(struct text *t, const struct event *e)
{
	add_fate(t, e);
	add_pair(t, &e->datagram.src, &e->datagram.dst);
	text_add(t, " UDP ");
	datagram_end(t, &e->datagram);
}

static void arp_line(struct text *t, const struct arp_packet *arp)
{
	if (arp->operation == 1) {
		text_add(t, "ARP who-has ");
		text_add_addr(t, &arp->target);
		text_add(t, " tell ");
		text_add_addr(t, &arp->sender);
		return;
	}
	text_add(t, "ARP ");
	text_add_addr(t, &arp->sender);
	text_add(t, " is-at");
	for (int i = 0; i < 6; i++) {
		text_add_char(t, i == 0 ? ' ' : ':');
		text_add_hex(t, arp->sender_mac[i], 2);
	}
}

/* The usual types of ICMP and ICMPv6; others by number. */
static const char *icmp_name(const struct icmp_header *icmp)
{
	static const struct {
		uint8_t version, type;
		const char *name;
	} names[] = {
	        {4, 0, "echo reply"},         {4, 3, "unreachable"},
	        {4, 5, "redirect"},           {4, 8, "echo request"},
	        {4, 11, "time exceeded"},     {6, 1, "unreachable"},
	        {6, 2, "packet too big"},     {6, 3, "time exceeded"},
	        {6, 128, "echo request"},     {6, 129, "echo reply"},
	        {6, 133, "router solicit"},   {6, 134, "router advert"},
	        {6, 135, "neighbor solicit"}, {6, 136, "neighbor advert"},
	        {6, 137, "redirect"},
	};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (names[i].version == icmp->version && names[i].type == icmp->type)
			return names[i].name;
	return NULL;
}

/* "ICMP unreachable code 4 mtu 1200" */
static void icmp_words(struct text *t, const struct icmp_header *icmp)
{
	const char *name = icmp_name(icmp);
	text_add(t, icmp->version == 6 ? "ICMPv6 " : "ICMP ");
	if (name) {
		text_add(t, name);
	} else {
		text_add(t, "type ");
		text_add_uint(t, icmp->type);
	}
	if (name && strncmp(name, "echo", 4) == 0) {
		text_add(t, " seq ");
		text_add_uint(t, icmp->sequence);
	} else {
		text_add(t, " code ");
		text_add_uint(t, icmp->code);
	}
	if (icmp->mtu > 0) {
		text_add(t, " mtu ");
		text_add_uint(t, icmp->mtu);
	}
}

static void icmp_line(struct text *t, const struct frame_event *f)
{
	add_addrs(t, &f->ip);
	icmp_words(t, &f->icmp);
	if (f->icmp.has_quote) {
		text_add(t, " about ");
		add_pair(t, &f->icmp.quote_src, &f->icmp.quote_dst);
	}
}

static void other_line(struct text *t, const struct event *e)
{
	const struct frame_event *f = &e->frame_info;
	if (f->ip.src.version)
		add_addrs(t, &f->ip);
	notation_outside(t, f->protocol);
	text_add_char(t, ' ');
	if (f->ip.is_fragment) {
		text_add(t, "fragment id ");
		text_add_uint(t, f->ip.id);
		text_add(t, " at ");
		text_add_uint(t, f->ip.fragment_at);
		text_add(t, f->ip.more_fragments ? "+ " : " ");
	}
	text_add(t, "frame len ");
	text_add_uint(t, e->wirelen);
}

static void frame_line(struct text *t, const struct event *e)
{
	static const char *const faults[] = {
	        [PACKET_OK] = "",
	        [PACKET_TRUNCATED] = " truncated",
	        [PACKET_MALFORMED] = " malformed",
	        [PACKET_UNKNOWN] = " not decoded",
	};
	const struct frame_event *f = &e->frame_info;
	bool whole = f->status == PACKET_OK;
	add_fate(t, e);
	if (whole && f->kind == KIND_ARP)
		arp_line(t, &f->arp);
	else if (whole && f->kind == KIND_ICMP)
		icmp_line(t, f);
	else
		other_line(t, e);
	if ((unsigned)f->status < sizeof faults / sizeof faults[0])
		text_add(t, faults[f->status]);
	if (f->reason[0]) {
		text_add(t, ": ");
		notation_outside(t, f->reason);
	}
}

/* ", 3 resent" if there were any. */
static void add_count(struct text *t, uint64_t n, const char *what)
{
	if (n == 0)
		return;
	text_add(t, ", ");
	text_add_uint(t, n);
	text_add(t, what);
}

void notation_direction(struct text *t, const struct connection *c, enum side side)
{
	const struct direction *d = &c->sent[side];
	text_add(t, side_name(side));
	text_add(t, " sent ");
	text_add_uint(t, d->unique_bytes);
	text_add(t, d->unique_bytes == 1 ? " byte in " : " bytes in ");
	text_add_uint(t, d->segments);
	text_add(t, d->segments == 1 ? " segment" : " segments");
	add_count(t, d->data_segments, " with data");
	add_count(t, d->retransmitted_segments, " resent");
	add_count(t, d->out_of_order, " out of order");
	add_count(t, d->duplicate_acks, " duplicate ACKs");
	add_count(t, d->zero_windows, " zero windows");
	add_count(t, d->windows_filled, " windows filled");
	if (d->rtt_count == 0 || d->rtt_count > INT64_MAX) /* a saved stream may say anything */
		return;
	text_add(t, ", rtt min/avg/max ");
	text_add_ms(t, d->rtt_min_ns);
	text_add_char(t, '/');
	text_add_ms(t, d->rtt_sum_ns / (int64_t)d->rtt_count);
	text_add_char(t, '/');
	text_add_ms(t, d->rtt_max_ns);
	text_add(t, " ms");
}

static void add_ending(struct text *t, const struct connection *c)
{
	text_add(t, " (");
	if (c->open == OPEN_REFUSED) {
		text_add(t, open_kind_name(c->open));
	} else if (c->close == CLOSE_RESET) {
		text_add(t, "reset by ");
		text_add(t, side_name(c->reset_by));
		if (c->reset_cause) {
			text_add(t, ", ");
			text_add(t, diagnosis_name((enum diagnosis_label)c->reset_cause));
		}
	} else if (c->close != CLOSE_NONE) {
		text_add(t, close_kind_name(c->close));
		text_add(t, ", first FIN by ");
		text_add(t, side_name(c->first_fin));
	} else {
		text_add(t, tcp_state_short(c->states[CLIENT]));
		text_add(t, ", ");
		text_add(t, tcp_state_short(c->states[SERVER]));
	}
	text_add(t, ") after ");
	text_add_span(t, elapsed_ns(c->start_ns, c->end_ns));
	text_add(t, ", ");
	text_add(t, conn_state_name(c->conn_state));
	if (c->history[0] == '\0')
		return;
	text_add_char(t, ' ');
	notation_outside(t, c->history);
}

static void connection_line(struct text *t, const struct event *e)
{
	const struct connection *c = &e->connection;
	text_add(t, "connection ");
	text_add_uint(t, c->stream);
	text_add_char(t, ' ');
	text_add(t, connection_action_name(c->action));
	if (c->action != CONNECTION_OPENED) {
		add_ending(t, c);
		return;
	}
	text_add(t, ": client ");
	text_add_endpoint(t, &c->ends[CLIENT]);
	text_add(t, ", server ");
	text_add_endpoint(t, &c->ends[SERVER]);
	if (c->roles_guessed)
		text_add(t, " (roles guessed)");
}

static void note_line(struct text *t, const struct event *e)
{
	text_add(t, "note");
	if (e->note.about) {
		text_add(t, " on ");
		text_add_uint(t, e->note.about);
	}
	text_add(t, ": ");
	notation_outside(t, e->note.text);
}

void notation_event(struct text *t, const struct event *event)
{
	static void (*const lines[N_EVENT_KINDS])(struct text *, const struct event *) = {
	        [EVENT_SESSION] = session_line,
	        [EVENT_CAPTURE] = capture_line,
	        [EVENT_DATAGRAM] = datagram_line,
	        [EVENT_MESSAGE] = notation_message_line,
	        [EVENT_FRAME] = frame_line,
	        [EVENT_CONNECTION] = connection_line,
	        [EVENT_PROGRAM] = notation_program_line,
	        [EVENT_OUTPUT] = notation_output_line,
	        [EVENT_CALL] = notation_call_line,
	        [EVENT_KERNEL] = notation_kernel_line,
	        [EVENT_WIRE] = notation_wire_line,
	        [EVENT_NOTE] = note_line,
	};
	if ((unsigned)event->kind < N_EVENT_KINDS && lines[event->kind])
		lines[event->kind](t, event);
}

void notation_arrow(struct text *t, const struct event *e)
{
	const struct datagram_event *d = &e->datagram;
	add_fate(t, e);
	if (e->kind == EVENT_FRAME) {
		icmp_words(t, &e->frame_info.icmp);
		return;
	}
	text_add(t, "UDP ");
	text_add_uint(t, d->src.port);
	text_add(t, " > ");
	text_add_uint(t, d->dst.port);
	text_add_char(t, ' ');
	datagram_end(t, d);
}

void notation_title(struct text *t, const struct event *event, const struct explanation *e)
{
	if (event->frame > 0) {
		text_add_char(t, '#');
		text_add_uint(t, event->frame);
		text_add_char(t, ' ');
	}
	text_add_bytes(t, e->title.bytes, e->title.len);
}
