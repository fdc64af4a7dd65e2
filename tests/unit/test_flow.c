/* test_flow.c: connections as a whole: their numbers, roles, reports and figures; eviction; and a
 * million random segments, which nothing may crash or contradict. */
#include "flow_stories.h"

/* ---- reports ---- */

static void streams_are_numbered_and_opened_in_order(void **state)
{
	struct wire w;
	(void)state;
	wire_open(&w);
	for (uint16_t i = 0; i < 5; i++) {
		w.ends[CLIENT].port = (uint16_t)(40000 + i);
		(void)wire_send(&w, "C S 0:0(0) win 1000");
		assert_int_equal(w.last.stream, i);
		assert_int_equal(wire_report(&w)->stream, i);
		assert_int_equal(wire_report(&w)->action, CONNECTION_OPENED);
		assert_int_equal(wire_report(&w)->ends[CLIENT].port, 40000 + i);
	}
	assert_int_equal(flow_total_count(w.flow), 5);
	assert_int_equal(flow_open_count(w.flow), 5);
	w.ends[CLIENT].port = 40002;
	(void)wire_send(&w, "S SA 0:0(0) ack 1 win 1000");
	assert_int_equal(w.last.stream, 2);
	wire_close(&w);
}

static void least_recently_used_connection_is_evicted(void **state)
{
	struct wire w;
	(void)state;
	wire_open_with(&w, 1000, 5000, 2);
	(void)wire_send(&w, "C S 0:0(0) win 1000");
	w.ends[CLIENT].port = 40001;
	(void)wire_send(&w, "C S 0:0(0) win 1000");
	w.ends[CLIENT].port = 40000;
	(void)wire_send(&w, "S SA 0:0(0) ack 1 win 1000"); /* stream 0 is the newer now */
	w.ends[CLIENT].port = 40002;
	(void)wire_send(&w, "C S 0:0(0) win 1000");
	assert_int_equal(w.n_reports, 4);
	assert_int_equal(w.reports[2].action, CONNECTION_EVICTED);
	assert_int_equal(w.reports[2].stream, 1);
	assert_int_equal(w.reports[3].action, CONNECTION_OPENED);
	assert_int_equal(w.reports[3].stream, 2);
	assert_int_equal(flow_open_count(w.flow), 2);
	wire_close(&w);
}

static void reused_ports_end_the_old_connection_first(void **state)
{
	struct wire w;
	(void)state;
	story_begin(&w, START_OPEN);
	w.isn[CLIENT] = 900000;
	(void)wire_send(&w, "C S 0:0(0) win 1000");
	assert_int_equal(w.n_reports, 3);
	assert_int_equal(w.reports[1].action, CONNECTION_UNFINISHED);
	assert_int_equal(w.reports[1].stream, 0);
	assert_int_equal(w.reports[2].action, CONNECTION_OPENED);
	assert_int_equal(w.last.stream, 1);
	assert_int_equal(w.last.seq, 0);
	wire_close(&w);
}

static void closed_connection_is_reported_once(void **state)
{
	struct wire w;
	(void)state;
	story_begin(&w, START_OPEN);
	(void)wire_send(&w, "S RA 1:1(0) ack 1 win 0");
	(void)wire_send(&w, "S RA 1:1(0) ack 1 win 0");
	w.isn[CLIENT] = 900000;
	(void)wire_send(&w, "C S 0:0(0) win 1000"); /* the same ports */
	flow_end(w.flow);
	assert_int_equal(w.n_reports, 4);
	assert_int_equal(w.reports[1].action, CONNECTION_CLOSED);
	assert_int_equal(w.reports[2].action, CONNECTION_OPENED);
	assert_int_equal(w.reports[3].action, CONNECTION_UNFINISHED);
	assert_int_equal(w.reports[3].stream, 1);
	wire_close(&w);
}

/* ---- segments ---- */

static void first_syn_makes_the_client_whatever_the_ports(void **state)
{
	struct wire w;
	(void)state;
	wire_open(&w);
	w.ends[CLIENT].port = 20;
	w.ends[SERVER].port = 50000;
	(void)wire_send(&w, "C S 0:0(0) win 1000");
	assert_int_equal(w.last.from, CLIENT);
	assert_false(w.last.roles_guessed);
	(void)wire_send(&w, "S SA 0:0(0) ack 1 win 1000");
	assert_int_equal(w.last.from, SERVER);
	assert_int_equal(w.last.src.port, 50000);
	assert_int_equal(w.last.dst.port, 20);
	wire_close(&w);
}

static void without_a_syn_the_lower_port_is_taken_for_the_server(void **state)
{
	struct wire w;
	(void)state;
	wire_open(&w);
	(void)wire_send(&w, "S PA 1:11(10) ack 1 win 1000");
	assert_int_equal(w.last.from, SERVER);
	assert_true(w.last.roles_guessed);
	wire_close(&w);
}

static void numbers_are_relative_to_the_isn_or_to_the_first_seen(void **state)
{
	struct wire w;
	(void)state;
	wire_open_with(&w, UINT32_MAX - 1, 7, 0);
	(void)wire_send(&w, "C S 0:0(0) win 1000");
	assert_int_equal(w.last.seq, 0);
	assert_int_equal(w.last.ack, 0); /* without ACK the field says nothing */
	(void)wire_send(&w, "S SA 0:0(0) ack 1 win 1000");
	(void)wire_send(&w, "C PA 1:101(100) ack 1 win 1000");
	assert_int_equal(w.last.seq, 1);
	assert_int_equal(w.last.ack, 1);
	assert_int_equal(w.last.seq_raw, UINT32_MAX);
	wire_close(&w);

	wire_open(&w);
	(void)wire_send(&w, "C PA 5000:5100(100) ack 700 win 1000");
	assert_int_equal(w.last.seq, 1);
	assert_int_equal(w.last.ack, 1);
	wire_close(&w);
}

struct scale_case {
	const char *syn, *answer;
	int8_t client, server; /* shifts in use afterwards */
};

static void windows_are_scaled_only_if_both_offer_it(void **state)
{
	static const struct scale_case cases[] = {
	        {"C S 0:0(0) win 9 <wscale 7>", "S SA 0:0(0) ack 1 win 9 <wscale 2>", 7, 2},
	        {"C S 0:0(0) win 9 <wscale 7>", "S SA 0:0(0) ack 1 win 9", -2, -2},
	        {"C S 0:0(0) win 9", "S SA 0:0(0) ack 1 win 9 <wscale 2>", -2, -2},
	        {"C S 0:0(0) win 9", "S SA 0:0(0) ack 1 win 9", -2, -2},
	        {"C S 0:0(0) win 9 <wscale 0>", "S SA 0:0(0) ack 1 win 9 <wscale 15>", 0, 14},
	        {"C S 0:0(0) win 9 <cut>", "S SA 0:0(0) ack 1 win 9 <wscale 2>", -1, 2},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct scale_case *c = &cases[i];
		struct wire w;
		wire_open(&w);
		(void)wire_send(&w, c->syn);
		assert_int_equal(w.last.window, 9);
		(void)wire_send(&w, c->answer);
		assert_int_equal(w.last.window, 9); /* a SYN's window is never scaled */
		(void)wire_send(&w, "C A 1:1(0) ack 1 win 3");
		assert_int_equal(w.last.window_scale, c->client);
		assert_int_equal(w.last.window, 3 << (c->client > 0 ? c->client : 0));
		(void)wire_send(&w, "S A 1:1(0) ack 1 win 3");
		assert_int_equal(w.last.window_scale, c->server);
		assert_int_equal(w.last.window, 3 << (c->server > 0 ? c->server : 0));
		wire_close(&w);
	}
}

/* ---- figures ---- */

static void both_directions_are_counted(void **state)
{
	struct wire w;
	(void)state;
	wire_open(&w);
	(void)wire_send(&w, "C S 0:0(0) win 64240 <mss 1460,sackOK,TS 1 0,wscale 7>");
	(void)wire_send(&w, "+0.020 S SA 0:0(0) ack 1 win 65160 <mss 1400,wscale 9>");
	(void)wire_send(&w, "C A 1:1(0) ack 1 win 502");
	(void)wire_send(&w, "C PA 1:101(100) ack 1 win 502");
	(void)wire_send(&w, "C PA 101:201(100) ack 1 win 500");
	(void)wire_send(&w, "+0.010 S A 1:1(0) ack 101 win 128");
	(void)wire_send(&w, "S A 1:1(0) ack 101 win 128");
	(void)wire_send(&w, "+0.3 C PA 101:201(100) ack 1 win 502");
	(void)wire_send(&w, "+0.040 S PA 1:51(50) ack 201 win 0");
	flow_end(w.flow);
	const struct direction *c = &wire_report(&w)->sent[CLIENT];
	const struct direction *s = &wire_report(&w)->sent[SERVER];
	assert_int_equal(c->segments, 5);
	assert_int_equal(c->data_segments, 3);
	assert_int_equal(c->bytes, 300);
	assert_int_equal(c->unique_bytes, 200);
	assert_int_equal(c->retransmitted_segments, 1);
	assert_int_equal(c->retransmitted_bytes, 100);
	assert_int_equal(c->mss, 1460);
	assert_true(c->sack_permitted);
	assert_true(c->timestamps);
	assert_int_equal(c->window_min, 500 << 7);
	assert_int_equal(c->window_max, 502 << 7);
	assert_int_equal(c->window_scale, 7);
	assert_int_equal(c->zero_windows, 0);
	assert_int_equal(c->rtt_count, 3); /* the SYN, the first and the second data */
	assert_int_equal(c->rtt_min_ns, 11 * NS_PER_MS);
	assert_int_equal(s->segments, 4);
	assert_int_equal(s->bytes, 50);
	assert_int_equal(s->duplicate_acks, 1);
	assert_int_equal(s->zero_windows, 1);
	assert_int_equal(s->window_min, 0);
	assert_int_equal(s->window_max, 128 << 9);
	assert_false(s->sack_permitted);
	assert_int_equal(wire_report(&w)->end_ns - wire_report(&w)->start_ns, 374 * NS_PER_MS);
	wire_close(&w);
}

/* Wireshark calls a resend that comes sooner than a round trip "out of order". */
static void a_resend_of_known_cause_is_counted_as_one_however_soon(void **state)
{
	struct wire w;
	(void)state;
	wire_open(&w);
	(void)wire_send(&w, "C S 0:0(0) win 65535 <mss 1000,sackOK>");
	(void)wire_send(&w, "+0.030 S SA 0:0(0) ack 1 win 65535 <mss 1000,sackOK>");
	(void)wire_send(&w, "+0.030 C A 1:1(0) ack 1 win 50000");
	(void)wire_send(&w, "+0 S A 1:1001(1000) ack 1 win 50000 lost");
	(void)wire_send(&w, "+0 S A 1001:2001(1000) ack 1 win 50000");
	(void)wire_send(&w, "+0 S A 2001:3001(1000) ack 1 win 50000");
	(void)wire_send(&w, "+0.058 S A 3001:4001(1000) ack 1 win 50000");
	(void)wire_send(&w, "+0 C A 1:1(0) ack 1 win 51000 <sack 1001:2001>");
	(void)wire_send(&w, "+0 C A 1:1(0) ack 1 win 52000 <sack 1001:3001>");
	(void)wire_send(&w, "+0 C A 1:1(0) ack 1 win 53000 <sack 1001:4001>");
	(void)wire_send(&w, "+0.002 S A 1:1001(1000) ack 1 win 50000");
	assert_true(w.last.analysis.flags & A_OUT_OF_ORDER);
	assert_int_equal(w.last.diagnoses[0].label, D_FAST);
	flow_end(w.flow);
	const struct direction *s = &wire_report(&w)->sent[SERVER];
	assert_int_equal(s->retransmitted_segments, 1);
	assert_int_equal(s->retransmitted_bytes, 1000);
	assert_int_equal(s->out_of_order, 0);
	wire_close(&w);
}

/* ---- a million random segments ---- */

struct random_run {
	struct wire wire;
	uint64_t digest; /* of all that was said */
};

static uint64_t mix(uint64_t digest, uint64_t word)
{
	return (digest ^ word) * UINT64_C(0x100000001b3);
}

static void check_tcb(const struct tcb *t)
{
	assert_in_range(t->state, 0, N_TCP_STATES - 1);
	if (t->known & KNOWN_SND)
		assert_true(seq_le(t->snd_una, t->snd_nxt));
}

static void on_random_segment(void *arg, const struct segment *s)
{
	struct random_run *run = arg;
	for (int i = 0; i < N_SIDES; i++) {
		check_tcb(&s->before[i]);
		check_tcb(&s->after[i]);
		run->digest = mix(run->digest, s->after[i].state);
		run->digest = mix(run->digest, s->after[i].snd_nxt);
	}
	assert_true(!s->step_total || s->step <= s->step_total);
	run->digest = mix(run->digest, s->stream);
	run->digest = mix(run->digest, s->analysis.flags);
	run->digest = mix(run->digest, (uint64_t)s->analysis.ack_rtt_ns);
	run->digest = mix(run->digest, s->analysis.bytes_in_flight);
	run->wire.n_segments++;
}

static void on_random_connection(void *arg, const struct connection *c)
{
	struct random_run *run = arg;
	assert_in_range(c->action, 0, N_CONNECTION_ACTIONS - 1);
	assert_true(c->sent[CLIENT].unique_bytes <= c->sent[CLIENT].bytes);
	assert_true(c->sent[SERVER].unique_bytes <= c->sent[SERVER].bytes);
	run->digest = mix(run->digest, c->stream << 8 | (uint64_t)c->action);
	run->wire.n_reports++;
}

static uint32_t draw(uint64_t *rng, uint32_t below)
{
	*rng ^= *rng << 13;
	*rng ^= *rng >> 7;
	*rng ^= *rng << 17;
	return (uint32_t)(*rng >> 32) % below;
}

/* A number near the sender's, sometimes far off. */
static uint32_t draw_number(uint64_t *rng, uint32_t isn)
{
	static const uint32_t spread[] = {2, 20, 3000, 100000, UINT32_MAX};
	return isn + draw(rng, spread[draw(rng, 5)]);
}

static void draw_packet(uint64_t *rng, const struct wire *w, struct packet *p)
{
	static const uint16_t likely[] = {
	        TCP_SYN,           TCP_SYN | TCP_ACK, TCP_ACK, TCP_ACK,           TCP_ACK,
	        TCP_PSH | TCP_ACK, TCP_FIN | TCP_ACK, TCP_RST, TCP_RST | TCP_ACK, 0};
	enum side from = draw(rng, 2) ? CLIENT : SERVER, to = side_other(from);
	struct endpoint ends[N_SIDES] = {wire_end(1, 40000), wire_end(2, 80)};
	ends[CLIENT].port = (uint16_t)(40000 + draw(rng, 300));
	if (draw(rng, 200) == 0)
		ends[SERVER] = ends[CLIENT];
	*p = (struct packet){.kind = KIND_TCP};
	p->ip.src = ends[from].addr;
	p->ip.dst = ends[to].addr;
	p->tcp.src_port = ends[from].port;
	p->tcp.dst_port = ends[to].port;
	p->tcp.flags = likely[draw(rng, 10)];
	if (draw(rng, 50) == 0)
		p->tcp.flags = (uint16_t)draw(rng, 0x200);
	p->tcp.seq = draw_number(rng, w->isn[from]);
	p->tcp.ack = draw(rng, 20) ? draw_number(rng, w->isn[to]) : 0;
	p->tcp.len = draw(rng, 3) ? 0 : draw(rng, 3000);
	p->tcp.window = (uint16_t)(draw(rng, 5) ? draw(rng, 0x10000) : 0);
	p->tcp.options.present = draw(rng, 1 << 13);
	p->tcp.options.window_scale = (uint8_t)draw(rng, 256);
	p->tcp.options.n_sack = (uint8_t)draw(rng, TCP_MAX_SACK + 1);
	for (int i = 0; i < p->tcp.options.n_sack; i++) {
		p->tcp.options.sack_left[i] = draw_number(rng, w->isn[to]);
		p->tcp.options.sack_right[i] = draw_number(rng, w->isn[to]);
	}
}

static uint64_t run_random(uint64_t seed, uint64_t n)
{
	struct random_run run = {.wire = {.isn = {1000, UINT32_MAX - 1000}}, .digest = seed};
	struct flow_config config = {
	        .max_connections = 100,
	        .on_segment = on_random_segment,
	        .on_connection = on_random_connection,
	        .arg = &run,
	};
	struct flow *flow = flow_new(&config);
	uint64_t rng = seed;
	int64_t now_ns = 0;
	assert_non_null(flow);
	for (uint64_t frame = 1; frame <= n; frame++) {
		struct packet p;
		draw_packet(&rng, &run.wire, &p);
		now_ns += draw(&rng, 1000) ? (int64_t)draw(&rng, 5000000)
		                           : -(int64_t)draw(&rng, 1000000000);
		flow_packet(flow, &p, now_ns, frame);
		assert_in_range(flow_open_count(flow), 1, 100);
	}
	flow_end(flow);
	assert_int_equal(run.wire.n_segments, n);
	flow_free(flow);
	return run.digest;
}

static void million_random_segments_break_no_promise(void **state)
{
	(void)state;
	(void)run_random(88172645463325252U, 1000000);
}

static void same_input_twice_gives_the_same_output(void **state)
{
	(void)state;
	assert_true(run_random(4711, 50000) == run_random(4711, 50000));
	assert_true(run_random(4711, 50000) != run_random(4712, 50000));
}

static void extreme_times_do_not_overflow(void **state)
{
	static const int64_t times[] = {0, INT64_MAX, INT64_MIN, -1, INT64_MAX, 0, INT64_MIN};
	struct wire w;
	struct packet p;
	(void)state;
	wire_open(&w);
	for (size_t i = 0; i < 7; i++) {
		wire_packet(&w, i % 2 ? "S SA 0:0(0) ack 1 win 9" : "C SPA 0:9(9) ack 1 win 9", &p);
		flow_packet(w.flow, &p, times[i], i + 1);
		wire_packet(&w, i % 2 ? "S A 1:9(8) ack 9 win 9" : "C A 1:5(4) ack 1 win 9", &p);
		flow_packet(w.flow, &p, times[6 - i], i + 1);
	}
	assert_int_equal(w.n_segments, 14);
	wire_close(&w);
}

/* A mutated if_tsresol makes round-trip times of centuries. */
static void endless_round_trip_times_stay_the_longest_there_is(void **state)
{
	static const char *const segments[] = {
	        "C S 0:0(0) win 9",         "S SA 0:0(0) ack 1 win 9", "C PA 1:5(4) ack 1 win 9",
	        "S A 1:1(0) ack 5 win 9",   "C PA 5:9(4) ack 1 win 9", "S A 1:1(0) ack 9 win 9",
	        "C PA 9:13(4) ack 1 win 9", "S A 1:1(0) ack 13 win 9"};
	struct wire w;
	struct packet p;
	(void)state;
	wire_open(&w);
	for (size_t i = 0; i < 8; i++) {
		wire_packet(&w, segments[i], &p);
		flow_packet(w.flow, &p, i % 2 ? INT64_MAX : 0, i + 1);
	}
	flow_end(w.flow);
	const struct direction *client = &w.reports[w.n_reports - 1].sent[CLIENT];
	assert_true(client->rtt_count >= 3);
	assert_true(client->rtt_max_ns == INT64_MAX);
	assert_true(client->rtt_sum_ns == INT64_MAX);
	wire_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(streams_are_numbered_and_opened_in_order),
	        cmocka_unit_test(least_recently_used_connection_is_evicted),
	        cmocka_unit_test(reused_ports_end_the_old_connection_first),
	        cmocka_unit_test(closed_connection_is_reported_once),
	        cmocka_unit_test(first_syn_makes_the_client_whatever_the_ports),
	        cmocka_unit_test(without_a_syn_the_lower_port_is_taken_for_the_server),
	        cmocka_unit_test(numbers_are_relative_to_the_isn_or_to_the_first_seen),
	        cmocka_unit_test(windows_are_scaled_only_if_both_offer_it),
	        cmocka_unit_test(both_directions_are_counted),
	        cmocka_unit_test(a_resend_of_known_cause_is_counted_as_one_however_soon),
	        cmocka_unit_test(million_random_segments_break_no_promise),
	        cmocka_unit_test(same_input_twice_gives_the_same_output),
	        cmocka_unit_test(extreme_times_do_not_overflow),
	        cmocka_unit_test(endless_round_trip_times_stay_the_longest_there_is),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
