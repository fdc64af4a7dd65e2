/* test_ranges.c: what was sent and not yet acknowledged, against a plain list that is walked from
 * end to end for each question, as Wireshark keeps it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "flow/ranges.h"

static void add(struct ranges *r, struct trail *t, uint32_t seq, uint32_t end, uint64_t frame)
{
	struct range piece = {.seq = seq, .end = end, .frame = frame, .time_ns = (int64_t)frame};
	ranges_add(r, t, &piece);
}

static void acknowledgment_matches_the_piece_that_ends_there(void **state)
{
	(void)state;
	struct ranges *r = ranges_new();
	struct trail t = {0};
	struct range matched;
	add(r, &t, 100, 200, 1);
	add(r, &t, 200, 300, 2);
	ranges_acknowledge(r, &t, 250, &matched); /* in the middle of the second */
	assert_int_equal(matched.frame, 0);
	struct span span;
	assert_true(ranges_span(r, &t, 0, &span));
	assert_int_equal(span.low, 250);
	assert_int_equal(span.high, 300);
	assert_int_equal(span.oldest.frame, 2);
	ranges_acknowledge(r, &t, 300, &matched);
	assert_int_equal(matched.frame, 2);
	assert_int_equal(matched.time_ns, 2);
	assert_false(ranges_span(r, &t, 0, &span));
	ranges_free(r);
}

static void of_copies_the_oldest_is_matched(void **state)
{
	(void)state;
	struct ranges *r = ranges_new();
	struct trail t = {0};
	struct range matched;
	add(r, &t, 100, 200, 1);
	add(r, &t, 200, 300, 2);
	add(r, &t, 100, 200, 3);
	add(r, &t, 200, 300, 4);
	ranges_acknowledge(r, &t, 300, &matched);
	assert_int_equal(matched.frame, 2);
	assert_int_equal(t.n_pieces, 0);
	ranges_free(r);
}

static void numbers_may_wrap_around(void **state)
{
	(void)state;
	struct ranges *r = ranges_new();
	struct trail t = {0};
	struct range matched;
	struct span span;
	add(r, &t, UINT32_MAX - 99, 0, 1);
	add(r, &t, 0, 100, 2);
	assert_true(ranges_span(r, &t, UINT32_MAX - 199, &span));
	assert_int_equal(span.high - span.low, 200);
	ranges_acknowledge(r, &t, 0, &matched);
	assert_int_equal(matched.frame, 1);
	ranges_acknowledge(r, &t, 100, &matched);
	assert_int_equal(matched.frame, 2);
	ranges_free(r);
}

static void one_sender_cannot_take_the_whole_pool(void **state)
{
	(void)state;
	struct ranges *r = ranges_new();
	struct trail greedy = {0}, modest = {0};
	struct range matched;
	for (uint32_t i = 0; i < 50000; i++)
		add(r, &greedy, i, i + 1, i + 1); /* in order */
	for (uint32_t i = 0; i < 50000; i++)
		add(r, &greedy, 5, 6, i + 1); /* resent for ever */
	assert_in_range(greedy.n_pieces, 1000, 10000);
	add(r, &modest, 1, 2, 7);
	ranges_acknowledge(r, &modest, 2, &matched);
	assert_int_equal(matched.frame, 7);
	ranges_clear(r, &greedy);
	assert_int_equal(greedy.n_pieces, 0);
	add(r, &greedy, 1, 2, 8);
	ranges_acknowledge(r, &greedy, 2, &matched);
	assert_int_equal(matched.frame, 8);
	ranges_free(r);
}

static void full_pool_forgets_and_goes_on(void **state)
{
	(void)state;
	enum { SENDERS = RANGES_MAX / 8000 + 2, PIECES = 8000 };
	static struct trail senders[SENDERS];
	struct ranges *r = ranges_new();
	struct range matched;
	struct span span;
	for (int s = 0; s < SENDERS; s++)
		for (uint32_t i = 0; i < PIECES; i++)
			add(r, &senders[s], i, i + 1, i + 1);
	assert_false(ranges_span(r, &senders[SENDERS - 1], 0, &span)); /* nothing was left for it */
	ranges_acknowledge(r, &senders[0], PIECES, &matched);
	assert_int_equal(matched.frame, PIECES);
	add(r, &senders[SENDERS - 1], 1, 2, 9);
	assert_true(ranges_span(r, &senders[SENDERS - 1], 0, &span));
	ranges_free(r);
}

/* ---- the model ---- */

enum { MODEL_MAX = 4096 };

struct model {
	struct range pieces[MODEL_MAX]; /* in the order in which they were sent */
	size_t n;
};

static void model_acknowledge(struct model *m, uint32_t ack, struct range *matched)
{
	size_t kept = 0;
	*matched = (struct range){0};
	for (size_t i = 0; i < m->n; i++) {
		struct range *p = &m->pieces[i];
		if (p->end == ack && matched->frame == 0)
			*matched = *p;
		if (seq_le(p->end, ack))
			continue;
		if (seq_lt(p->seq, ack))
			p->seq = ack;
		m->pieces[kept++] = *p;
	}
	m->n = kept;
}

static void check_span(const struct ranges *r, const struct trail *t, const struct model *m,
                       uint32_t zero)
{
	struct span span;
	uint32_t low = UINT32_MAX, high = 0;
	assert_int_equal(ranges_span(r, t, zero, &span), m->n > 0);
	assert_int_equal(t->n_pieces, m->n);
	if (m->n == 0)
		return;
	for (size_t i = 0; i < m->n; i++) {
		uint32_t from = m->pieces[i].seq - zero, to = m->pieces[i].end - zero;
		low = from < low ? from : low;
		high = to > high ? to : high;
	}
	assert_int_equal(span.low, low);
	assert_int_equal(span.high, high);
	assert_int_equal(span.oldest.frame, m->pieces[0].frame);
}

static uint32_t next_random(uint32_t *rng)
{
	*rng = *rng * 1664525 + 1013904223;
	return *rng >> 8;
}

/* A sender with losses, resends of what is not acknowledged, and partial acknowledgments. */
static void random_story(uint32_t seed, uint32_t zero)
{
	static struct model m;
	struct ranges *r = ranges_new();
	struct trail t = {0};
	struct range matched, expected;
	uint32_t rng = seed, una = zero + 1, next = zero + 1;
	m.n = 0;
	for (uint64_t frame = 1; frame <= 20000; frame++) {
		uint32_t what = next_random(&rng) % 10;
		if (what < 5 || next == una) {
			uint32_t from = next + (what == 0 ? 100 : 0),
			         len = 1 + next_random(&rng) % 1460;
			add(r, &t, from, from + len, frame);
			m.pieces[m.n++] =
			        (struct range){.seq = from, .end = from + len, .frame = frame};
			next = from + len;
		} else if (what < 7 && t.n_odd < 200) {
			uint32_t from = una + next_random(&rng) % (next - una);
			uint32_t len = 1 + next_random(&rng) % (next - from);
			add(r, &t, from, from + len, frame);
			m.pieces[m.n++] =
			        (struct range){.seq = from, .end = from + len, .frame = frame};
		} else {
			una += next_random(&rng) % (next - una + 1);
			if (what == 8 && m.n > 0 && seq_gt(m.pieces[m.n / 2].end, una))
				una = m.pieces[m.n / 2].end;
			ranges_acknowledge(r, &t, una, &matched);
			model_acknowledge(&m, una, &expected);
			assert_int_equal(matched.frame, expected.frame);
		}
		check_span(r, &t, &m, zero);
	}
	ranges_clear(r, &t);
	ranges_free(r);
}

static void random_operations_agree_with_a_list(void **state)
{
	(void)state;
	random_story(1, 1000);
	random_story(2, UINT32_MAX - 100000);
	random_story(3, UINT32_MAX / 2 - 5000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(acknowledgment_matches_the_piece_that_ends_there),
	        cmocka_unit_test(of_copies_the_oldest_is_matched),
	        cmocka_unit_test(numbers_may_wrap_around),
	        cmocka_unit_test(one_sender_cannot_take_the_whole_pool),
	        cmocka_unit_test(full_pool_forgets_and_goes_on),
	        cmocka_unit_test(random_operations_agree_with_a_list),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
