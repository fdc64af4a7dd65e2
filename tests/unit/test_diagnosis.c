/* The diagnosis: conversations written by hand, and what is said of each segment: "label(n)
 * seq:end", numbers left out where they are 0. */
#include "unit/segments.h"

#include "flow/checksum.h"
#include "unit/packets.h"

struct line {
	const char *text; /* NULL: the end */
	const char *says; /* "" nothing */
};

static void describe(const struct segment *s, char *out, size_t size)
{
	out[0] = '\0';
	for (unsigned i = 0; i < s->n_diagnoses; i++) {
		const struct diagnosis *d = &s->diagnoses[i];
		wire_add(out, size, "%s%s", i ? ", " : "",
		         diagnosis_name((enum diagnosis_label)d->label));
		if (d->n)
			wire_add(out, size, "(%u)", d->n);
		if (d->seq || d->end)
			wire_add(out, size, " %" PRIu32 ":%" PRIu32, d->seq, d->end);
	}
}

static void play(struct wire *w, const struct line *lines)
{
	for (; lines->text; lines++) {
		char said[256];
		describe(wire_send(w, lines->text), said, sizeof said);
		if (strcmp(said, lines->says) != 0)
			fail_msg("%s\n  says   %s\n  wanted %s", lines->text, said, lines->says);
	}
}

/* Without a handshake of their own the lines come behind a usual one: MSS 1000, window scale 2 (so
 * that "win 5000" means 20000), SACK, round trip 20 ms. */
static const struct line handshake[] = {
        {"C S 0:0(0) win 65535 <mss 1000,wscale 2,sackOK>", ""},
        {"+0.020 S SA 0:0(0) ack 1 win 65535 <mss 1000,wscale 2,sackOK>", ""},
        {"+0 C A 1:1(0) ack 1 win 5000", ""},
        {NULL, NULL},
};

static void tell_alone(const struct line *lines)
{
	struct wire w;
	wire_open(&w);
	play(&w, lines);
	wire_close(&w);
}

static void tell(const struct line *lines)
{
	struct wire w;
	wire_open(&w);
	play(&w, handshake);
	play(&w, lines);
	wire_close(&w);
}

/* Far numbers: the same over the wrap of sequence numbers. */
static void tell_wrapped(const struct line *lines)
{
	struct wire w;
	wire_open_with(&w, UINT32_MAX - 900, UINT32_MAX - 1, 0);
	play(&w, handshake);
	play(&w, lines);
	wire_close(&w);
}

static void what_is_in_order_says_nothing(void **state)
{
	(void)state;
	static const struct line lines[] = {
	        {"C PA 1:1001(1000) ack 1 win 5000", ""},
	        {"+0.020 S A 1:1(0) ack 1001 win 5000", ""},
	        {"S PA 1:501(500) ack 1001 win 4800", ""},
	        {"+0.020 C A 1001:1001(0) ack 501 win 5000", ""},
	        {"C FA 1001:1001(0) ack 501 win 5000", ""},
	        {"+0.020 S FA 501:501(0) ack 1002 win 5000", ""},
	        {"+0.020 C A 1002:1002(0) ack 502 win 5000", ""},
	        {NULL, NULL},
	};
	tell(lines);
	tell_wrapped(lines);
}

static void the_third_duplicate_ack_brings_a_fast_retransmission(void **state)
{
	(void)state;
	static const struct line lines[] = {
	        {"S A 1:1001(1000) ack 1 win 5000", ""},
	        {"+0 S A 1001:2001(1000) ack 1 win 5000", ""},
	        {"+0 S A 2001:3001(1000) ack 1 win 5000", ""},
	        {"+0 S A 3001:4001(1000) ack 1 win 5000", ""},
	        {"+0 S A 4001:5001(1000) ack 1 win 5000", ""},
	        {"+0.020 C A 1:1(0) ack 1001 win 5000", ""},
	        {"+0 C A 1:1(0) ack 1001 win 5000 <sack 2001:3001>", "duplicate_ack(1) 1001:2001"},
	        {"+0 C A 1:1(0) ack 1001 win 5000 <sack 2001:4001>", "duplicate_ack(2) 1001:2001"},
	        {"+0 C A 1:1(0) ack 1001 win 5000 <sack 2001:5001>", "duplicate_ack(3) 1001:2001"},
	        {"+0.0008 S A 1001:2001(1000) ack 1 win 5000", "fast(3) 1001:2001"},
	        {"+0.020 C A 1:1(0) ack 5001 win 5000", ""},
	        {NULL, NULL},
	};
	tell(lines);
	tell_wrapped(lines);
}

static void a_fast_retransmission_carries_what_it_matched(void **state)
{
	(void)state;
	struct wire w;
	wire_open(&w);
	play(&w, handshake);
	wire_send(&w, "S A 1:1001(1000) ack 1 win 5000");
	wire_send(&w, "S A 1001:2001(1000) ack 1 win 5000");
	for (int i = 0; i < 3; i++)
		wire_send(&w, "+0.020 C A 1:1(0) ack 1 win 5000 <sack 1001:2001>");
	const struct segment *s = wire_send(&w, "+0.0008 S A 1:1001(1000) ack 1 win 5000");
	assert_int_equal(s->n_diagnoses, 1);
	const struct diagnosis *d = &s->diagnoses[0];
	assert_int_equal(d->label, D_FAST);
	assert_int_equal(d->frame, 8);       /* the third duplicate ACK */
	assert_int_equal(d->since_frame, 4); /* the first copy */
	assert_int_equal(d->limit_ns, 800000);
	assert_int_equal(d->wait_ns, 61800000);
	assert_int_equal(d->size, 1000);
	wire_close(&w);
}

static void two_duplicate_acks_and_sack_are_told_from_three(void **state)
{
	(void)state;
	static const struct line lines[] = {
	        {"S A 1:1001(1000) ack 1 win 5000", ""},
	        {"+0 S A 1001:2001(1000) ack 1 win 5000", ""},
	        {"+0 S A 2001:3001(1000) ack 1 win 5000", ""},
	        {"+0.020 C A 1:1(0) ack 1 win 5000 <sack 1001:3001>", "duplicate_ack(1) 1:1001"},
	        {"+0.010 S A 1:1001(1000) ack 1 win 5000", "sack(1) 1:1001"},
	        {NULL, NULL},
	};
	tell(lines);
}

/* A receiver that merges segments (GRO) acknowledges and reports in one. */
static void an_ack_of_new_data_may_report_a_hole_too(void **state)
{
	(void)state;
	static const struct line lines[] = {
	        {"S A 1:1001(1000) ack 1 win 5000", ""},
	        {"+0 S A 1001:2001(1000) ack 1 win 5000", ""},
	        {"+0 S A 2001:3001(1000) ack 1 win 5000", ""},
	        {"+0.020 C A 1:1(0) ack 1001 win 5000 <sack 2001:3001>", ""},
	        {"+0.010 S A 1001:2001(1000) ack 1 win 5000", "sack 1001:2001"},
	        {NULL, NULL},
	};
	tell(lines);
}

static void an_ack_that_is_lost_acknowledges_nothing(void **state)
{
	(void)state;
	static const struct line lines[] = {
	        {"S A 1:1001(1000) ack 1 win 5000", ""},
	        {"+0 S A 1001:2001(1000) ack 1 win 5000", ""},
	        {"+0.020 C A 1:1(0) ack 2001 win 5000 lost", ""},
	        {"+0.300 S A 1:1001(1000) ack 1 win 5000", "rto(1) 1:1001"},
	        {"+0.600 S A 1:1001(1000) ack 1 win 5000", "rto(2) 1:1001"},
	        {"+0.020 C A 1:1(0) ack 2001 win 5000", ""},
	        {NULL, NULL},
	};
	tell(lines);
}

static void a_fin_is_sent_again_by_timer_when_its_ack_is_lost(void **state)
{
	(void)state;
	static const struct line lines[] = {
	        {"C FA 1:1(0) ack 1 win 5000", ""},
	        {"+0.020 S FA 1:1(0) ack 2 win 5000", ""},
	        {"+0.020 C A 2:2(0) ack 2 win 5000 lost", ""},
	        {"+0.226 S FA 1:1(0) ack 2 win 5000", "rto_or_probe(1) 1:2"},
	        {"+0.020 C A 2:2(0) ack 2 win 5000", ""},
	        {NULL, NULL},
	};
	tell(lines);
	tell_wrapped(lines);
}

static void in_one_recovery_sack_and_partial_acks_bring_the_next(void **state)
{
	(void)state;
	static const struct line sack[] = {
	        {"S A 1:1001(1000) ack 1 win 5000", ""},
	        {"+0 S A 1001:2001(1000) ack 1 win 5000", ""},
	        {"+0 S A 2001:3001(1000) ack 1 win 5000", ""},
	        {"+0 S A 3001:4001(1000) ack 1 win 5000", ""},
	        {"+0 S A 4001:5001(1000) ack 1 win 5000", ""},
	        {"+0.020 C A 1:1(0) ack 1 win 5000 <sack 1001:2001>", "duplicate_ack(1) 1:1001"},
	        {"+0 C A 1:1(0) ack 1 win 5000 <sack 3001:4001 1001:2001>",
	         "duplicate_ack(2) 1:1001"},
	        {"+0 C A 1:1(0) ack 1 win 5000 <sack 3001:5001 1001:2001>",
	         "duplicate_ack(3) 1:1001"},
	        {"+0 S A 1:1001(1000) ack 1 win 5000", "fast(3) 1:1001"},
	        {"+0 S A 2001:3001(1000) ack 1 win 5000", "sack(3) 2001:3001"},
	        {NULL, NULL},
	};
	tell(sack);
	static const struct line partial[] = {
	        {"S A 1:1001(1000) ack 1 win 5000", ""},
	        {"+0 S A 1001:2001(1000) ack 1 win 5000", ""},
	        {"+0 S A 2001:3001(1000) ack 1 win 5000", ""},
	        {"+0 S A 3001:4001(1000) ack 1 win 5000", ""},
	        {"+0.020 C A 1:1(0) ack 1 win 5000", "duplicate_ack(1) 1:1"},
	        {"+0 C A 1:1(0) ack 1 win 5000", "duplicate_ack(2) 1:1"},
	        {"+0 C A 1:1(0) ack 1 win 5000", "duplicate_ack(3) 1:1"},
	        {"+0 S A 1:1001(1000) ack 1 win 5000", "fast(3) 1:1001"},
	        {"+0.020 C A 1:1(0) ack 2001 win 5000", ""},
	        {"+0 S A 2001:3001(1000) ack 1 win 5000", "partial_ack 2001:3001"},
	        {NULL, NULL},
	};
	tell(partial);
}

static void timeouts_are_counted_while_the_timer_doubles(void **state)
{
	(void)state;
	static const struct line lines[] = {
	        {"C A 1:1001(1000) ack 1 win 5000", ""},
	        {"+0 C A 1001:2001(1000) ack 1 win 5000", ""},
	        {"+0.220 C A 1:1001(1000) ack 1 win 5000", "rto(1) 1:1001"},
	        {"+0.440 C A 1:1001(1000) ack 1 win 5000", "rto(2) 1:1001"},
	        {"+0.880 C A 1:1001(1000) ack 1 win 5000", "rto(3) 1:1001"},
	        {"+0.020 S A 1:1(0) ack 1001 win 5000", ""},
	        {"+0 C A 1001:2001(1000) ack 1 win 5000", "after_rto 1001:2001"},
	        {"+0.020 S A 1:1(0) ack 2001 win 5000", ""},
	        {"C A 2001:3001(1000) ack 1 win 5000", ""},
	        {"+0 C A 3001:4001(1000) ack 1 win 5000", ""},
	        {"+0.220 C A 2001:3001(1000) ack 1 win 5000", "rto(1) 2001:3001"},
	        {NULL, NULL},
	};
	tell(lines);
	tell_wrapped(lines);
}

/* With one segment in flight Linux's probe comes when a timeout would: the next wait tells. */
static void the_wait_after_tells_a_probe_from_a_timeout(void **state)
{
	(void)state;
	static const struct line timeout[] = {
	        {"C A 1:1001(1000) ack 1 win 5000", ""},
	        {"+0.220 C A 1:1001(1000) ack 1 win 5000", "rto_or_probe(1) 1:1001"},
	        {"+0.440 C A 1:1001(1000) ack 1 win 5000", "rto(2) 1:1001"},
	        {NULL, NULL},
	};
	tell(timeout);
	static const struct line probe[] = {
	        {"C A 1:1001(1000) ack 1 win 5000", ""},
	        {"+0.220 C A 1:1001(1000) ack 1 win 5000", "rto_or_probe(1) 1:1001"},
	        {"+0.225 C A 1:1001(1000) ack 1 win 5000", "rto(1) 1:1001"},
	        {"+0.450 C A 1:1001(1000) ack 1 win 5000", "rto(2) 1:1001"},
	        {NULL, NULL},
	};
	tell(probe);
}

static void a_tail_loss_probe_is_the_last_segment_and_no_timeout(void **state)
{
	(void)state;
	static const struct line lines[] = {
	        {"C A 1:1001(1000) ack 1 win 5000", ""},
	        {"+0 C A 1001:2001(1000) ack 1 win 5000", ""},
	        {"+0.045 C A 1001:2001(1000) ack 1 win 5000", "tail_loss_probe 1001:2001"},
	        {"+0.020 S A 1:1(0) ack 1 win 5000 <sack 1001:2001>", "duplicate_ack(1) 1:1001"},
	        {NULL, NULL},
	};
	tell(lines);
}

static void a_resend_of_what_was_acknowledged_is_spurious(void **state)
{
	(void)state;
	static const struct line lines[] = {
	        {"C A 1:1001(1000) ack 1 win 5000", ""},
	        {"+0.020 S A 1:1(0) ack 1001 win 5000", ""},
	        {"+0.220 C A 1:1001(1000) ack 1 win 5000", "spurious 1:1001"},
	        {"+0.020 S A 1:1(0) ack 1001 win 5000 <sack 1:1001>", "spurious_seen 1:1001"},
	        {NULL, NULL},
	};
	tell(lines);
}

static void a_dsack_names_the_resend(void **state)
{
	(void)state;
	struct wire w;
	wire_open(&w);
	play(&w, handshake);
	wire_send(&w, "C A 1:1001(1000) ack 1 win 5000");
	wire_send(&w, "+0.220 C A 1:1001(1000) ack 1 win 5000");
	uint64_t resend = w.frame;
	wire_send(&w, "+0.001 S A 1:1(0) ack 1001 win 5000");
	const struct segment *s =
	        wire_send(&w, "+0.001 S A 1:1(0) ack 1001 win 5000 <sack 1:1001>");
	assert_int_equal(s->diagnoses[0].label, D_SPURIOUS_SEEN);
	assert_int_equal(s->diagnoses[0].frame, resend);
	wire_close(&w);
}

static void a_dsack_is_no_duplicate_ack(void **state)
{
	(void)state;
	static const struct line lines[] = {
	        {"C A 1:1001(1000) ack 1 win 5000", ""},
	        {"+0.020 S A 1:1(0) ack 1001 win 5000", ""},
	        {"C A 1001:2001(1000) ack 1 win 5000", ""},
	        {"S A 1:1(0) ack 1001 win 5000 <sack 1:1001>", "spurious_seen 1:1001"},
	        {NULL, NULL},
	};
	tell(lines);
}

static void the_same_segment_at_once_was_doubled_by_the_network_or_the_capture(void **state)
{
	(void)state;
	static const struct line lines[] = {
	        {"C A 1:1001(1000) ack 1 win 5000", ""},
	        {"+0.00001 C A 1:1001(1000) ack 1 win 5000", "twice 1:1001"},
	        {NULL, NULL},
	};
	tell(lines);
}

static void a_late_segment_is_out_of_order_or_undecidable_by_the_round_trip(void **state)
{
	(void)state;
	static const struct line soon[] = {
	        {"C A 1:1001(1000) ack 1 win 5000", ""},
	        {"+0 C A 2001:3001(1000) ack 1 win 5000", "gap 1001:2001"},
	        {"+0.005 C A 1001:2001(1000) ack 1 win 5000", "out_of_order 1001:2001"},
	        {NULL, NULL},
	};
	tell(soon);
	static const struct line late[] = {
	        {"C A 1:1001(1000) ack 1 win 5000", ""},
	        {"+0 C A 2001:3001(1000) ack 1 win 5000", "gap 1001:2001"},
	        {"+0.025 C A 1001:2001(1000) ack 1 win 5000", "resent_or_late 1001:2001"},
	        {NULL, NULL},
	};
	tell(late);
	tell_wrapped(late);
}

static void what_is_acknowledged_unseen_was_missed_by_the_capture(void **state)
{
	(void)state;
	static const struct line hole[] = {
	        {"C A 1:1001(1000) ack 1 win 5000", ""},
	        {"+0 C A 2001:3001(1000) ack 1 win 5000", "gap 1001:2001"},
	        {"+0.020 S A 1:1(0) ack 3001 win 5000", "capture_gap 1001:2001"},
	        {"C A 3001:4001(1000) ack 1 win 5000", ""},
	        {"+0.020 S A 1:1(0) ack 4001 win 5000", ""},
	        {NULL, NULL},
	};
	tell(hole);
	tell_wrapped(hole);
	static const struct line tail[] = {
	        {"C A 1:1001(1000) ack 1 win 5000", ""},
	        {"+0.020 S A 1:1(0) ack 2001 win 5000", "capture_gap 1001:2001"},
	        {"C A 2001:3001(1000) ack 1 win 5000", ""}, /* told already */
	        {NULL, NULL},
	};
	tell(tail);
	static const struct line filled[] = {
	        {"C A 1:1001(1000) ack 1 win 5000", ""},
	        {"+0 C A 2001:3001(1000) ack 1 win 5000", "gap 1001:2001"},
	        {"+0.005 C A 1001:2001(1000) ack 1 win 5000", "out_of_order 1001:2001"},
	        {"+0.020 S A 1:1(0) ack 3001 win 5000", ""},
	        {NULL, NULL},
	};
	tell(filled);
}

static void windows_are_compared_scaled(void **state)
{
	(void)state;
	static const struct line lines[] = {
	        {"C PA 1:1001(1000) ack 1 win 5000", ""},
	        {"+0.020 S A 1:1(0) ack 1001 win 100", ""},
	        {"S A 1:1(0) ack 1001 win 2500", "window_update"},
	        {"C PA 1001:11001(10000) ack 1 win 5000", "window_full 0:11001, offload"},
	        {"S A 1:1(0) ack 11001 win 0", "zero_window"},
	        {"+0.300 S A 1:1(0) ack 11001 win 700", "window_reopened"},
	        {NULL, NULL},
	};
	tell(lines);
}

/* Its own form: no byte, and the number before the oldest; the answers are limited to two a
 * second. */
static void linux_zero_window_probes_are_no_keep_alives(void **state)
{
	(void)state;
	static const struct line lines[] = {
	        {"C PA 1:1001(1000) ack 1 win 5000", ""},
	        {"+0.020 S A 1:1(0) ack 1001 win 0", "zero_window"},
	        {"+0.200 C A 1000:1000(0) ack 1 win 5000", "zero_window_probe(1) 1000:1001"},
	        {"+0.020 S A 1:1(0) ack 1001 win 0", "zero_window_probe_ack(1)"},
	        {"+0.400 C A 1000:1000(0) ack 1 win 5000", "zero_window_probe(2) 1000:1001"},
	        {"+0.020 S A 1:1(0) ack 1001 win 500", "window_reopened(2)"},
	        {"C PA 1001:2001(1000) ack 1 win 5000", ""},
	        {NULL, NULL},
	};
	tell(lines);
	tell_wrapped(lines);
}

static void a_probe_may_carry_the_next_byte(void **state)
{
	(void)state;
	static const struct line lines[] = {
	        {"C PA 1:1001(1000) ack 1 win 5000", ""},
	        {"+0.020 S A 1:1(0) ack 1001 win 0", "zero_window"},
	        {"+0.200 C A 1001:1002(1) ack 1 win 5000", "zero_window_probe(1) 1001:1001"},
	        {"+0.020 S A 1:1(0) ack 1001 win 0", "zero_window_probe_ack(1)"},
	        {"+0.400 C A 1001:1002(1) ack 1 win 5000", "zero_window_probe(2) 1001:1001"},
	        {"+0.020 S A 1:1(0) ack 1001 win 500", "window_reopened(2)"},
	        {"C PA 1001:2001(1000) ack 1 win 5000", ""}, /* held back, not resent */
	        {NULL, NULL},
	};
	tell(lines);
}

static void only_probes_without_an_answer_count_for_giving_up(void **state)
{
	(void)state;
	static const struct line lines[] = {
	        {"+1 C A 0:0(0) ack 1 win 5000", "keep_alive(1) 0:1"},
	        {"+0.020 S A 1:1(0) ack 1 win 5000", "keep_alive_ack(1)"},
	        {"+1 C A 0:0(0) ack 1 win 5000", "keep_alive(2) 0:1"},
	        {"+1 C A 0:0(0) ack 1 win 5000", "keep_alive(3) 0:1"},
	        {"+1 C A 0:0(0) ack 1 win 5000", "keep_alive(4) 0:1"},
	        {"+1 C RA 1:1(0) ack 1 win 0", "rst_gave_up(3) 1:1"},
	        {NULL, NULL},
	};
	tell(lines);
}

static void keep_alives_are_counted_and_answered(void **state)
{
	(void)state;
	static const struct line lines[] = {
	        {"C PA 1:101(100) ack 1 win 5000", ""},
	        {"+0.020 S A 1:1(0) ack 101 win 5000", ""},
	        {"+60 C A 100:100(0) ack 1 win 5000", "keep_alive(1) 100:101"},
	        {"+0.020 S A 1:1(0) ack 101 win 5000", "keep_alive_ack(1)"},
	        {"+60 C A 100:101(1) ack 1 win 5000", "keep_alive(2) 100:101"},
	        {"+0.020 S A 1:1(0) ack 101 win 5000", "keep_alive_ack(2)"},
	        {"+1 C PA 101:201(100) ack 1 win 5000", ""},
	        {NULL, NULL},
	};
	tell(lines);
}

static void an_end_that_gets_no_answer_gives_up(void **state)
{
	(void)state;
	static const struct line lines[] = {
	        {"+60 C A 0:0(0) ack 1 win 5000", "keep_alive(1) 0:1"},
	        {"+10 C A 0:0(0) ack 1 win 5000", "keep_alive(2) 0:1"},
	        {"+10 C A 0:0(0) ack 1 win 5000", "keep_alive(3) 0:1"},
	        {"+10 C RA 1:1(0) ack 1 win 0", "rst_gave_up(3) 1:1"},
	        {NULL, NULL},
	};
	tell(lines);
}

static void syns_are_resent_by_timer_and_answered_again(void **state)
{
	(void)state;
	static const struct line lines[] = {
	        {"C S 0:0(0) win 65535", ""},
	        {"+1 C S 0:0(0) win 65535", "rto(1) 0:1"},
	        {"+2 C S 0:0(0) win 65535", "rto(2) 0:1"},
	        {"+0.001 S SA 0:0(0) ack 1 win 65535", ""},
	        {"+4 C S 0:0(0) win 65535", "spurious 0:1"},
	        {"+0.001 S SA 0:0(0) ack 1 win 65535", "answer_again 0:1"},
	        {NULL, NULL},
	};
	tell_alone(lines);
}

static void a_simultaneous_open_is_a_handshake(void **state)
{
	(void)state;
	static const struct line lines[] = {
	        {"C S 0:0(0) win 65535", ""},
	        {"+0.001 S S 0:0(0) win 65535", "simultaneous_open"},
	        {"+0.020 C SA 0:0(0) ack 1 win 65535", "simultaneous_open"},
	        {"+0.001 S SA 0:0(0) ack 1 win 65535", "simultaneous_open"},
	        {NULL, NULL},
	};
	tell_alone(lines);
}

static void fins_that_cross_are_a_simultaneous_close(void **state)
{
	(void)state;
	static const struct line lines[] = {
	        {"C FA 1:1(0) ack 1 win 5000", ""},
	        {"+0.001 S FA 1:1(0) ack 1 win 5000", "simultaneous_close"},
	        {"+0.020 C A 2:2(0) ack 2 win 5000", ""},
	        {"S A 2:2(0) ack 2 win 5000", ""},
	        {NULL, NULL},
	};
	tell(lines);
}

static void the_place_of_a_reset_tells_its_cause(void **state)
{
	(void)state;
	static const struct line closed_port[] = {
	        {"C S 0:0(0) win 65535", ""},
	        {"S RA 0:0(0) ack 1 win 0", "rst_closed_port(1) 1:1"},
	        {NULL, NULL},
	};
	tell_alone(closed_port);
	static const struct line scan[] = {
	        {"C S 0:0(0) win 65535", ""},
	        {"S SA 0:0(0) ack 1 win 65535", ""},
	        {"C R 1:1(0) win 0", "rst_unasked 1:0"},
	        {NULL, NULL},
	};
	tell_alone(scan);
	static const struct line linger[] = {
	        {"C PA 1:101(100) ack 1 win 5000", ""},
	        {"C RA 101:101(0) ack 1 win 5000", "rst_linger(1) 101:1"},
	        {NULL, NULL},
	};
	tell(linger);
	static const struct line unread[] = {
	        {"C PA 1:1001(1000) ack 1 win 5000", ""},
	        {"S A 1:1(0) ack 1 win 5000", ""},
	        {"S A 1:1(0) ack 1001 win 4750", ""},
	        {"S RA 1:1(0) ack 1001 win 4750", "rst_unread_data(1) 1:1001"},
	        {NULL, NULL},
	};
	tell(unread);
	static const struct line either[] = {
	        {"C PA 1:1001(1000) ack 1 win 5000", ""},
	        {"S RA 1:1(0) ack 1001 win 5000", "rst_abort(1) 1:1001"},
	        {NULL, NULL},
	};
	tell(either);
	static const struct line after_close[] = {
	        {"S FA 1:1(0) ack 1 win 5000", ""},
	        {"C A 1:1(0) ack 2 win 5000", ""},
	        {"C PA 1:101(100) ack 2 win 5000", ""},
	        {"S R 2:2(0) win 0", "rst_after_close 2:0"},
	        {NULL, NULL},
	};
	tell(after_close);
	/* with ACK it is a program that closes, and answers nothing */
	static const struct line after_shutdown[] = {
	        {"C PA 1:1001(1000) ack 1 win 5000", ""},
	        {"S A 1:1(0) ack 1 win 5000", ""},
	        {"S FA 1:1(0) ack 1001 win 4750", ""},
	        {"C A 1001:1001(0) ack 2 win 5000", ""},
	        {"S RA 2:2(0) ack 1001 win 4750", "rst_unread_data(1) 2:1001"},
	        {NULL, NULL},
	};
	tell(after_shutdown);
	static const struct line half_open[] = {
	        {"C PA 1:101(100) ack 1 win 5000", ""},
	        {"S A 1:1(0) ack 101 win 5000", ""},
	        {"+900 C PA 101:201(100) ack 1 win 5000", ""},
	        {"S R 1:1(0) win 0", "rst_half_open 1:0"},
	        {NULL, NULL},
	};
	tell(half_open);
}

static void an_inexact_reset_is_ignored_and_challenged(void **state)
{
	(void)state;
	static const struct line lines[] = {
	        {"C PA 1:101(100) ack 1 win 5000", ""},
	        {"S A 1:1(0) ack 101 win 5000", ""},
	        {"C R 500:500(0) win 0", "rst_ignored 500:101"},
	        {"S A 1:1(0) ack 101 win 5000", "challenge_ack"},
	        {"S A 1:1(0) ack 101 win 5000", ""},
	        {NULL, NULL},
	};
	tell(lines);
}

static void flags_and_numbers_that_no_sender_combines_do_not_fit(void **state)
{
	(void)state;
	static const struct line odd[] = {
	        {"C SF 0:0(0) win 65535", "unfitting(1)"},
	        {"C - 0:0(0) win 65535", "unfitting(3)"},
	        {NULL, NULL},
	};
	tell_alone(odd);
	static const struct line behind_fin[] = {
	        {"C FA 1:1(0) ack 1 win 5000", ""},
	        {"S A 1:1(0) ack 2 win 5000", ""},
	        {"C PA 2:102(100) ack 1 win 5000", "unfitting(7)"},
	        {NULL, NULL},
	};
	tell(behind_fin);
}

static void fast_open_is_told_step_by_step(void **state)
{
	(void)state;
	static const struct line request[] = {
	        {"C S 0:0(0) win 65535 <FO>", "fast_open_request"},
	        {NULL, NULL},
	};
	tell_alone(request);
	static const struct line taken[] = {
	        {"C S 0:100(100) win 65535 <FO 0102030405060708>", "fast_open_data"},
	        {"S SA 0:0(0) ack 101 win 65535", "fast_open_accepted"},
	        {NULL, NULL},
	};
	tell_alone(taken);
	static const struct line refused[] = {
	        {"C S 0:100(100) win 65535 <FO 0102030405060708>", "fast_open_data"},
	        {"S SA 0:0(0) ack 1 win 65535", "fast_open_refused"},
	        {NULL, NULL},
	};
	tell_alone(refused);
}

static void a_segment_above_the_mss_is_told_once_for_each_end(void **state)
{
	(void)state;
	static const struct line lines[] = {
	        {"C PA 1:3001(3000) ack 1 win 5000", "offload"},
	        {"C PA 3001:6001(3000) ack 1 win 5000", ""},
	        {"S PA 1:2001(2000) ack 6001 win 5000", "offload"},
	        {NULL, NULL},
	};
	tell(lines);
}

/* ---- checksums ---- */

static uint16_t folded(uint64_t sum)
{
	while (sum > 0xffff)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

/* "hello" in TCP in IPv4, with this checksum field. */
static enum checksum verdict(uint16_t field)
{
	struct frame f = frame_hello();
	uint8_t *bytes = frame_bytes(&f);
	struct packet p;
	bytes[20 + 16] = (uint8_t)(field >> 8);
	bytes[20 + 17] = (uint8_t)field;
	packet_decode(&p, 101, bytes, (uint32_t)frame_len(&f), (uint32_t)frame_len(&f));
	assert_int_equal(p.kind, KIND_TCP);
	return checksum_tcp(&p);
}

static void checksums_are_good_unfilled_or_wrong(void **state)
{
	(void)state;
	struct frame f = frame_hello();
	const uint8_t *bytes = frame_bytes(&f);
	size_t n = frame_len(&f) - 20;
	uint64_t pseudo = 6 + n, sum = 0;
	for (size_t i = 12; i < 20; i++)
		pseudo += (uint64_t)bytes[i] << (i % 2 ? 0 : 8);
	for (size_t i = 0; i < n; i++)
		if (i != 16 && i != 17)
			sum += (uint64_t)bytes[20 + i] << (i % 2 ? 0 : 8);
	uint16_t good = (uint16_t)~folded(pseudo + sum);
	assert_int_equal(verdict(good), CHECKSUM_GOOD);
	assert_int_equal(verdict(folded(pseudo)), CHECKSUM_UNFILLED);
	assert_int_equal(verdict((uint16_t)(good ^ 0x0100)), CHECKSUM_WRONG);
}

static void a_cut_packet_has_no_verdict(void **state)
{
	(void)state;
	struct frame f = frame_hello();
	struct packet p;
	packet_decode(&p, 101, frame_bytes(&f), (uint32_t)frame_len(&f) - 1,
	              (uint32_t)frame_len(&f));
	assert_int_equal(checksum_tcp(&p), CHECKSUM_UNKNOWN);
}

/* ---- hostile ---- */

/* Whatever comes: at most three, each with a label, and no time below 0. */
static void noise_gets_well_formed_diagnoses(void **state)
{
	(void)state;
	struct wire w;
	uint64_t x = 88172645463325252;
	wire_open_with(&w, 0xFFFFFF00, 77, 100);
	for (int i = 0; i < 20000; i++) {
		char line[160];
		x ^= x << 13, x ^= x >> 7, x ^= x << 17;
		uint32_t seq = (uint32_t)(x >> 8) % 6000, len = (uint32_t)(x >> 24) % 3 * 500;
		static const char *const flags[] = {"A",  "PA", "A",  "PA", "A", "FA",
		                                    "RA", "S",  "SA", "R",  "-", "PA"};
		if (x >> 60 == 0)
			w.now_ns -= 3 * NS_PER_SECOND; /* some clocks step back */
		snprintf(line, sizeof line, "+%u.%03u %c %s %u:%u(%u) ack %u win %u <sack %u:%u>",
		         (unsigned)(x >> 56) % 3 / 2, (unsigned)(x >> 30) % 400, x & 1 ? 'C' : 'S',
		         flags[x % 12], seq, seq + len, len, (unsigned)(x >> 40) % 6000,
		         (unsigned)(x >> 50) % 3, (unsigned)(x >> 16) % 6000,
		         (unsigned)(x >> 20) % 6000);
		const struct segment *s = wire_send(&w, line);
		assert_true(s->n_diagnoses <= DIAGNOSES_MAX);
		for (unsigned k = 0; k < s->n_diagnoses; k++) {
			assert_in_range(s->diagnoses[k].label, 1, N_DIAGNOSES - 1);
			assert_true(s->diagnoses[k].wait_ns >= 0);
			assert_true(s->diagnoses[k].limit_ns >= 0);
		}
	}
	wire_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(what_is_in_order_says_nothing),
	        cmocka_unit_test(the_third_duplicate_ack_brings_a_fast_retransmission),
	        cmocka_unit_test(a_fast_retransmission_carries_what_it_matched),
	        cmocka_unit_test(two_duplicate_acks_and_sack_are_told_from_three),
	        cmocka_unit_test(an_ack_of_new_data_may_report_a_hole_too),
	        cmocka_unit_test(an_ack_that_is_lost_acknowledges_nothing),
	        cmocka_unit_test(a_fin_is_sent_again_by_timer_when_its_ack_is_lost),
	        cmocka_unit_test(in_one_recovery_sack_and_partial_acks_bring_the_next),
	        cmocka_unit_test(timeouts_are_counted_while_the_timer_doubles),
	        cmocka_unit_test(the_wait_after_tells_a_probe_from_a_timeout),
	        cmocka_unit_test(a_tail_loss_probe_is_the_last_segment_and_no_timeout),
	        cmocka_unit_test(a_resend_of_what_was_acknowledged_is_spurious),
	        cmocka_unit_test(a_dsack_names_the_resend),
	        cmocka_unit_test(a_dsack_is_no_duplicate_ack),
	        cmocka_unit_test(
	                the_same_segment_at_once_was_doubled_by_the_network_or_the_capture),
	        cmocka_unit_test(a_late_segment_is_out_of_order_or_undecidable_by_the_round_trip),
	        cmocka_unit_test(what_is_acknowledged_unseen_was_missed_by_the_capture),
	        cmocka_unit_test(windows_are_compared_scaled),
	        cmocka_unit_test(linux_zero_window_probes_are_no_keep_alives),
	        cmocka_unit_test(a_probe_may_carry_the_next_byte),
	        cmocka_unit_test(only_probes_without_an_answer_count_for_giving_up),
	        cmocka_unit_test(keep_alives_are_counted_and_answered),
	        cmocka_unit_test(an_end_that_gets_no_answer_gives_up),
	        cmocka_unit_test(syns_are_resent_by_timer_and_answered_again),
	        cmocka_unit_test(a_simultaneous_open_is_a_handshake),
	        cmocka_unit_test(fins_that_cross_are_a_simultaneous_close),
	        cmocka_unit_test(the_place_of_a_reset_tells_its_cause),
	        cmocka_unit_test(an_inexact_reset_is_ignored_and_challenged),
	        cmocka_unit_test(flags_and_numbers_that_no_sender_combines_do_not_fit),
	        cmocka_unit_test(fast_open_is_told_step_by_step),
	        cmocka_unit_test(a_segment_above_the_mss_is_told_once_for_each_end),
	        cmocka_unit_test(checksums_are_good_unfilled_or_wrong),
	        cmocka_unit_test(a_cut_packet_has_no_verdict),
	        cmocka_unit_test(noise_gets_well_formed_diagnoses),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
