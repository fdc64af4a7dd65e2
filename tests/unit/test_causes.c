/* test_causes.c: the call that a segment goes out for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "causes.h"
#include "story.h"

static uint64_t last_id;

static void call_with(struct causes *causes, int64_t us, const char *name, struct endpoint local,
                      struct endpoint remote)
{
	struct event e = event_at(EVENT_CALL, us);
	e.call = (struct call_event){.action = CALL_ENTERED,
	                             .host = CLIENT,
	                             .id = ++last_id,
	                             .local = local,
	                             .remote = remote};
	(void)snprintf(e.call.name, sizeof e.call.name, "%s", name);
	causes_take(causes, &e);
}

static void call(struct causes *causes, int64_t us, const char *name)
{
	call_with(causes, us, name, end_of(CLIENT), end_of(SERVER));
}

static void expect(const struct causes *causes, struct event event, int64_t us, const char *name)
{
	causes_find(causes, &event, START_NS + us * NS_PER_US);
	assert_string_equal(event.cause.name, name);
	assert_int_equal(event.cause.call != 0, name[0] != '\0');
}

static struct event fin(void)
{
	struct event e = story_hello(0);
	e.segment.flags = TCP_FIN | TCP_ACK;
	e.segment.len = 0;
	return e;
}

static void each_segment_has_its_call(void **state)
{
	(void)state;
	struct causes *causes = calloc(1, sizeof *causes);
	assert_non_null(causes);
	call_with(causes, 10, "connect", (struct endpoint){0}, end_of(SERVER));
	call(causes, 20, "sendto");
	call(causes, 30, "recvfrom");
	call(causes, 40, "close");
	expect(causes, story_syn(0), 50, "connect");
	expect(causes, story_hello(0), 50, "sendto");
	expect(causes, fin(), 50, "close");
	expect(causes, story_third_ack(0), 50, ""); /* the kernel answers by itself */
	expect(causes, story_syn_ack(0), 50, "");
	free(causes);
}

/* RST with ACK comes from a socket that is closed; RST alone, from the kernel for no socket. */
static void a_reset_that_answers_for_no_socket_needs_no_call(void **state)
{
	(void)state;
	struct causes *causes = calloc(1, sizeof *causes);
	struct event reset = fin();
	assert_non_null(causes);
	call(causes, 10, "close");
	reset.segment.flags = TCP_RST | TCP_ACK;
	expect(causes, reset, 50, "close");
	reset.segment.flags = TCP_RST;
	expect(causes, reset, 50, "");
	free(causes);
}

static void a_call_that_came_later_is_no_cause(void **state)
{
	(void)state;
	struct causes *causes = calloc(1, sizeof *causes);
	assert_non_null(causes);
	call(causes, 20, "write");
	call(causes, 60, "sendmsg");
	expect(causes, story_hello(0), 50, "write");
	expect(causes, story_hello(0), 60, "sendmsg");
	expect(causes, story_hello(0), 19, "");
	free(causes);
}

static void a_call_on_another_socket_is_no_cause(void **state)
{
	(void)state;
	struct causes *causes = calloc(1, sizeof *causes);
	struct endpoint other = end_of(CLIENT);
	assert_non_null(causes);
	other.port++;
	call_with(causes, 10, "sendto", other, end_of(SERVER));
	expect(causes, story_hello(0), 50, "");
	free(causes);
}

static void what_is_sent_again_needs_no_call(void **state)
{
	(void)state;
	struct causes *causes = calloc(1, sizeof *causes);
	struct event again = story_hello(0);
	assert_non_null(causes);
	call(causes, 10, "sendto");
	again.segment.before[CLIENT] = again.segment.after[CLIENT];
	expect(causes, again, 50, "");
	free(causes);
}

static void old_calls_are_forgotten(void **state)
{
	(void)state;
	struct causes *causes = calloc(1, sizeof *causes);
	assert_non_null(causes);
	call(causes, 1, "sendto");
	for (int i = 0; i < CAUSES_RECENT; i++)
		call(causes, 2 + i, "close");
	expect(causes, story_hello(0), 50, "");
	expect(causes, fin(), 50, "close");
	free(causes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(each_segment_has_its_call),
	        cmocka_unit_test(a_reset_that_answers_for_no_socket_needs_no_call),
	        cmocka_unit_test(a_call_that_came_later_is_no_cause),
	        cmocka_unit_test(a_call_on_another_socket_is_no_cause),
	        cmocka_unit_test(what_is_sent_again_needs_no_call),
	        cmocka_unit_test(old_calls_are_forgotten),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
