/* The JSON sink: the event's own line, with the sentences as one member, always in English. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <locale.h>

#include "story.h"

static char out[64 * 1024];

static void a_line_is_the_event_and_its_sentences(void **state)
{
	(void)state;
	static char storage[16 * 1024];
	struct event e = story_hello(0);
	struct explanation x;
	TEXT(joined, 4096);
	struct text expected = text_of(storage, sizeof storage);
	explain_event(&x, &e);
	explain_join(&x, &joined);
	event_write(&expected, &e, joined.bytes);
	struct sink_options options = {.width = 80, .explain = true};
	assert_int_equal(story_print("json", options, &e, 1, out, sizeof out), 0);
	assert_string_equal(out, expected.bytes);
	assert_non_null(strstr(out,
	                       "\"explain\":\"The program at the client speaks first: 13 bytes of "
	                       "what it wrote (sequence numbers 1 to 13; "));
}

static void without_explanations_the_member_is_absent(void **state)
{
	(void)state;
	struct event events[] = {story_hello(0), story_hello_ack(1)};
	struct sink_options options = {.width = 80};
	assert_int_equal(story_print("json", options, events, 2, out, sizeof out), 0);
	assert_null(strstr(out, "\"explain\""));
	char *second = strchr(out, '\n');
	assert_non_null(second);
	assert_string_equal(strchr(second + 1, '\n'), "\n");
}

static void an_event_written_is_read_back(void **state)
{
	(void)state;
	struct event e = story_output(0, SERVER, "\033[2J \"quoted\" \\ 中文");
	struct event back;
	char err[128];
	struct sink_options options = {.width = 80, .explain = true};
	e.number = 7;
	assert_int_equal(story_print("json", options, &e, 1, out, sizeof out), 0);
	assert_null(strchr(out, '\033'));
	assert_int_equal(event_read(&back, out, strlen(out) - 1, err, sizeof err), 0);
	assert_int_equal(back.number, 7);
	assert_string_equal(back.output.text, e.output.text);
}

/* The longest texts, every byte escaped, still make one whole line. */
static void the_largest_event_fits(void **state)
{
	(void)state;
	struct event e = event_at(EVENT_CAPTURE, 0);
	memset(e.capture.source, '\001', sizeof e.capture.source - 1);
	memset(e.capture.filter, '\001', sizeof e.capture.filter - 1);
	struct sink_options options = {.width = 80, .explain = true};
	assert_int_equal(story_print("json", options, &e, 1, out, sizeof out), 0);
	size_t n = strlen(out);
	assert_true(n > 6 * 2 * 511);
	assert_string_equal(out + n - 2, "}\n");
}

static void the_callers_locale_is_left_alone(void **state)
{
	(void)state;
	struct event e = story_syn(0);
	locale_t mine = newlocale(LC_ALL_MASK, "C.UTF-8", (locale_t)0);
	assert_true(mine != (locale_t)0);
	locale_t before = uselocale(mine);
	struct sink_options options = {.width = 80, .explain = true};
	assert_int_equal(story_print("json", options, &e, 1, out, sizeof out), 0);
	assert_true(uselocale((locale_t)0) == mine);
	(void)uselocale(before); /* back to what was in use */
	freelocale(mine);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_line_is_the_event_and_its_sentences),
	        cmocka_unit_test(without_explanations_the_member_is_absent),
	        cmocka_unit_test(an_event_written_is_read_back),
	        cmocka_unit_test(the_largest_event_fits),
	        cmocka_unit_test(the_callers_locale_is_left_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
