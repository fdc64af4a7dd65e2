/* The sentences of the diagnosis: every label has one, with no word left open, true for its
 * numbers; and an event that is read back says the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "explain/explain.h"
#include "unit/story.h"

static struct event event_with(const struct diagnosis *d)
{
	struct event e = story_hello(0);
	e.segment.n_diagnoses = 1;
	e.segment.diagnoses[0] = *d;
	return e;
}

static void assert_why(const struct diagnosis *d, const char *expected)
{
	struct event e = event_with(d);
	TEXT(why, 1024);
	explain_diagnosis(&why, &e, 0);
	assert_string_equal(why.bytes, expected);
}

/* All combinations of numbers that are there or not. */
static void every_label_has_a_whole_sentence(void **state)
{
	(void)state;
	for (unsigned label = 1; label < N_DIAGNOSES; label++) {
		for (unsigned bits = 0; bits < 64; bits++) {
			struct diagnosis d = {
			        .label = (uint16_t)label,
			        .n = bits & 1 ? 3 : 1,
			        .seq = 1449,
			        .end = bits & 2 ? 2897 : 1449,
			        .size = bits & 4 ? 1448 : 0,
			        .limit = bits & 8 ? 2896 : 0,
			        .wait_ns = 33400000,
			        .limit_ns = bits & 16 ? 12100000 : 0,
			        .frame = bits & 32 ? 41 : 0,
			        .since_frame = 7,
			};
			struct event e = event_with(&d);
			TEXT(why, 512);
			explain_diagnosis(&why, &e, 0);
			assert_true(why.len > 20);
			assert_false(why.cut);
			assert_int_equal(why.bytes[why.len - 1] == '.' ||
			                         why.bytes[why.len - 1] == ')',
			                 true);
			if (strpbrk(why.bytes, "{}"))
				fail_msg("%s", why.bytes);
		}
	}
}

static void a_fast_retransmission_names_frames_and_times(void **state)
{
	(void)state;
	assert_why(&(struct diagnosis){.label = D_FAST,
	                               .n = 3,
	                               .seq = 1449,
	                               .end = 2897,
	                               .limit_ns = 800000,
	                               .wait_ns = 61800000,
	                               .frame = 41,
	                               .since_frame = 30},
	           "Fast retransmission: 3 duplicate ACKs, the last at frame 41, ask for number "
	           "1449; the third one decides (RFC 5681 section 3.2). Numbers 1449 to 2896 of "
	           "frame 30 are sent again 800 us after it.");
}

static void a_backoff_names_both_waits(void **state)
{
	(void)state;
	assert_why(&(struct diagnosis){.label = D_RTO,
	                               .n = 2,
	                               .seq = 1,
	                               .end = 101,
	                               .size = 100,
	                               .wait_ns = 408 * NS_PER_MS,
	                               .limit_ns = 204 * NS_PER_MS,
	                               .frame = 5,
	                               .since_frame = 5},
	           "Retransmission timeout number 2 in a row: numbers 1 to 100 went out last in "
	           "frame 5, 408 ms ago; the wait before was 204 ms. The timer doubles each time "
	           "(RFC 6298 section 5.5).");
}

static void what_cannot_be_told_is_said(void **state)
{
	(void)state;
	assert_why(&(struct diagnosis){.label = D_RESENT_OR_LATE,
	                               .seq = 1,
	                               .end = 101,
	                               .wait_ns = 25 * NS_PER_MS,
	                               .limit_ns = 20 * NS_PER_MS,
	                               .frame = 5},
	           "Numbers 1 to 100 were never seen before, and the hole showed in frame 5, 25 ms "
	           "ago, which is as long as a round trip (20 ms) or longer. Whether this is a "
	           "resend (the first copy lost before the capture point) or the first copy, late, "
	           "cannot be decided.");
}

static void the_explanation_says_why_too(void **state)
{
	(void)state;
	struct diagnosis d = {.label = D_OFFLOAD, .size = 3000, .limit = 1460};
	struct event e = event_with(&d);
	struct explanation explanation;
	TEXT(all, 4096);
	explain_event(&explanation, &e);
	assert_non_null(strstr(explanation.why.bytes, "3000 bytes are more than the MSS of 1460"));
	explain_join(&explanation, &all);
	assert_non_null(strstr(all.bytes, explanation.why.bytes));
}

static void a_line_read_back_says_the_same(void **state)
{
	(void)state;
	static char line[EVENT_LINE_MAX + 1];
	for (unsigned label = 1; label < N_DIAGNOSES; label++) {
		struct diagnosis d = {.label = (uint16_t)label,
		                      .n = 2,
		                      .seq = 1,
		                      .end = 101,
		                      .size = 100,
		                      .limit = 1460,
		                      .wait_ns = 25 * NS_PER_MS,
		                      .limit_ns = 20 * NS_PER_MS,
		                      .frame = 5,
		                      .since_frame = 4};
		struct event e = event_with(&d), back;
		struct text t = text_of(line, sizeof line);
		char err[128];
		TEXT(before, 512);
		TEXT(after, 512);
		event_write(&t, &e, NULL);
		assert_int_equal(event_read(&back, line, t.len - 1, err, sizeof err), 0);
		explain_diagnosis(&before, &e, 0);
		explain_diagnosis(&after, &back, 0);
		assert_string_equal(before.bytes, after.bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(every_label_has_a_whole_sentence),
	        cmocka_unit_test(a_fast_retransmission_names_frames_and_times),
	        cmocka_unit_test(a_backoff_names_both_waits),
	        cmocka_unit_test(what_cannot_be_told_is_said),
	        cmocka_unit_test(the_explanation_says_why_too),
	        cmocka_unit_test(a_line_read_back_says_the_same),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
