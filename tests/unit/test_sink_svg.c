/* The SVG ladder: the shapes of a row exactly, well-formed whatever comes from outside, bounded. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "story.h"

static char out[1 << 20];

static const char *print(struct sink_options options, const struct event *events, size_t n)
{
	assert_int_equal(story_print("svg", options, events, n, out, sizeof out), 0);
	const char *body = strstr(out, "</style>\n");
	assert_non_null(body);
	return body + strlen("</style>\n");
}

static void an_arrow_has_label_states_time_and_explanation(void **state)
{
	(void)state;
	const struct event events[] = {story_syn(0)};
	struct sink_options options = {.width = 80};
	assert_string_equal(
	        print(options, events, 1),
	        "<rect class=\"bg\" x=\"0\" y=\"0\" width=\"1000\" height=\"122\" rx=\"0\"/>\n"
	        "<text x=\"24\" y=\"32\" text-anchor=\"start\" class=\"h\">wirelab</text>\n"
	        "<text x=\"84\" y=\"54\" text-anchor=\"end\" class=\"t\">ms</text>\n"
	        "<line class=\"lane\" x1=\"215\" y1=\"56\" x2=\"215\" y2=\"102\"/>\n"
	        "<line class=\"lane\" x1=\"785\" y1=\"56\" x2=\"785\" y2=\"102\"/>\n"
	        "<g>\n"
	        "<text x=\"84\" y=\"81\" text-anchor=\"end\" class=\"t\">0.000</text>\n"
	        "<text x=\"203\" y=\"81\" text-anchor=\"end\" class=\"s\">SYN-SENT</text>\n"
	        "<text x=\"797\" y=\"81\" text-anchor=\"start\" class=\"s\">SYN-RCVD</text>\n"
	        "<text x=\"500\" y=\"69\" text-anchor=\"middle\" class=\"c\">SYN seq=0 win=64240 "
	        "mss=1460 ws=7 sack ts</text>\n"
	        "<line class=\"c\" x1=\"215\" y1=\"75\" x2=\"776\" y2=\"83\"/>\n"
	        "<path class=\"c\" d=\"M784 83l-11 -6v11z\"/>\n"
	        "</g>\n"
	        "</svg>\n");
}

static void explanations_stand_below_and_for_who_points(void **state)
{
	(void)state;
	const struct event events[] = {story_syn(0)};
	const char *body = print((struct sink_options){.width = 80, .explain = true}, events, 1);
	assert_non_null(strstr(body, "class=\"below\">SYN: the client asks to open a connection<"));
	assert_non_null(strstr(body, "<g><title>The client asks 127.0.0.1:8080"));
}

static void bytes_from_outside_cannot_leave_their_text(void **state)
{
	(void)state;
	const struct event events[] = {
	        story_syn(0),
	        story_output(10, CLIENT, "</text><script>&amp;\"'\033[2J\xEF\xBF\xBE\xff]]>")};
	const char *body = print((struct sink_options){.width = 80}, events, 2);
	assert_null(strstr(body, "<script"));
	assert_non_null(strstr(body, "&lt;/text&gt;&lt;script&gt;&amp;amp;\"'\\x1b[2J"));
	assert_null(strstr(body, "\xEF\xBF\xBE"));
	assert_non_null(strstr(body, "]]&gt;"));
}

static void both_ends_stand_on_their_lanes_and_a_gap_interrupts_them(void **state)
{
	(void)state;
	const struct event events[] = {story_opened(0), story_hello(0), story_hello_ack(1020000)};
	const char *body = print((struct sink_options){.width = 80}, events, 3);
	assert_non_null(strstr(body, "class=\"c\">CLIENT 127.0.0.1:45360</text>"));
	assert_non_null(strstr(body, "class=\"v\">SERVER 127.0.0.1:8080</text>"));
	assert_non_null(strstr(body, "class=\"gap\" x1=\"215\""));
	assert_non_null(strstr(body, "~~ 1.02 s idle ~~"));
}

static void it_is_light_and_dark_and_needs_nothing_else(void **state)
{
	(void)state;
	(void)print((struct sink_options){.width = 80}, NULL, 0);
	assert_non_null(strstr(out, "@media(prefers-color-scheme:dark)"));
	assert_null(strstr(out, "href"));
	assert_null(strstr(out, "url("));
	assert_null(strstr(out, "@import"));
}

static void rows_beyond_a_thousand_are_counted(void **state)
{
	enum { N = 1200 };
	struct event *events = calloc(N, sizeof *events);
	size_t arrows = 0;
	(void)state;
	assert_non_null(events);
	for (int i = 0; i < N; i++)
		events[i] = story_hello(i);
	for (const char *c = print((struct sink_options){.width = 80}, events, N);
	     (c = strstr(c, "<path")) != NULL; c++)
		arrows++;
	assert_int_equal(arrows, 1000);
	assert_non_null(strstr(out, "and 200 more rows"));
	free(events);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(an_arrow_has_label_states_time_and_explanation),
	        cmocka_unit_test(explanations_stand_below_and_for_who_points),
	        cmocka_unit_test(bytes_from_outside_cannot_leave_their_text),
	        cmocka_unit_test(both_ends_stand_on_their_lanes_and_a_gap_interrupts_them),
	        cmocka_unit_test(it_is_light_and_dark_and_needs_nothing_else),
	        cmocka_unit_test(rows_beyond_a_thousand_are_counted),
	};
	return cmocka_run_group_tests_name("svg", tests, NULL, NULL);
}
