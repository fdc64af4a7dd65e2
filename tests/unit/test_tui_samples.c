/* test_tui_samples.c: what the kernels said, found for an end and a moment. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tui/samples.h"

static const struct endpoint client = {.addr = {.version = 4, .bytes = {10, 0, 0, 1}},
                                       .port = 4000};
static const struct endpoint server = {.addr = {.version = 4, .bytes = {10, 0, 0, 2}}, .port = 80};

static void add(struct samples *samples, uint32_t at, int64_t stream, const struct endpoint *local,
                enum tcp_state state, const char *reason)
{
	struct kernel_event k = {.stream = stream, .local = *local, .state = state};
	struct text t = text_of(k.reason, sizeof k.reason);
	text_add(&t, reason);
	assert_int_equal(samples_add(samples, at, 1, &k), 0);
}

static enum tcp_state state_at(const struct samples *samples, uint32_t stream,
                               const struct endpoint *local, uint32_t until)
{
	const struct sample *sample = samples_find(samples, stream, local, until);
	return sample ? (enum tcp_state)sample->state : TCP_STATE_UNKNOWN;
}

static void the_last_one_of_that_end_counts(void **state)
{
	(void)state;
	struct samples samples = {0};
	add(&samples, 3, 0, &client, TCP_SYN_SENT, "");
	add(&samples, 4, 0, &server, TCP_SYN_RECEIVED, "");
	add(&samples, 6, 0, &client, TCP_ESTABLISHED, "");
	add(&samples, 8, 1, &client, TCP_CLOSED, "");
	assert_int_equal(state_at(&samples, 0, &client, 1), TCP_STATE_UNKNOWN);
	assert_int_equal(state_at(&samples, 0, &client, 2), TCP_SYN_SENT); /* before row 3 */
	assert_int_equal(state_at(&samples, 0, &client, 4), TCP_SYN_SENT);
	assert_int_equal(state_at(&samples, 0, &client, 100), TCP_ESTABLISHED);
	assert_int_equal(state_at(&samples, 0, &server, 100), TCP_SYN_RECEIVED);
	assert_int_equal(state_at(&samples, 2, &server, 100), TCP_STATE_UNKNOWN);
	samples_release(&samples);
	assert_int_equal(state_at(&samples, 0, &client, 100), TCP_STATE_UNKNOWN);
}

static void a_reason_is_kept_once_and_made_safe(void **state)
{
	(void)state;
	struct samples samples = {0};
	for (uint32_t i = 0; i < 1000; i++)
		add(&samples, i, 0, &client, TCP_ESTABLISHED, i % 2 ? "it \x1b[31mwaits" : "");
	assert_int_equal(samples.n_reasons, 1);
	const struct sample *sample = samples_find(&samples, 0, &client, 1000);
	assert_non_null(sample);
	assert_non_null(strstr(samples_reason(&samples, sample), "waits"));
	assert_null(strchr(samples_reason(&samples, sample), '\x1b'));
	assert_string_equal(samples_reason(&samples, samples_find(&samples, 0, &client, 997)), "");
	samples_release(&samples);
}

static void too_many_reasons_are_none(void **state)
{
	(void)state;
	struct samples samples = {0};
	for (int i = 0; i < 2 * SAMPLES_REASONS; i++) {
		TEXT(reason, 32);
		text_addf(&reason, "reason %d", i);
		add(&samples, (uint32_t)i, 0, &client, TCP_ESTABLISHED, reason.bytes);
	}
	assert_int_equal(samples.n_reasons, SAMPLES_REASONS);
	assert_string_equal(samples_reason(&samples, samples_find(&samples, 0, &client, 1000)), "");
	assert_string_equal(samples_reason(&samples, samples_find(&samples, 0, &client, 0)),
	                    "reason 1");
	samples_release(&samples);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(the_last_one_of_that_end_counts),
	        cmocka_unit_test(a_reason_is_kept_once_and_made_safe),
	        cmocka_unit_test(too_many_reasons_are_none),
	};
	return cmocka_run_group_tests_name("samples", tests, NULL, NULL);
}
