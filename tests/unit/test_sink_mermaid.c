/* The Mermaid diagram, exactly: participants, arrows, notes, and characters that mean something. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "story.h"

static char out[64 * 1024];

static void prints(const struct event *events, size_t n, const char *expected)
{
	struct sink_options options = {.width = 80, .explain = true};
	assert_int_equal(story_print("mermaid", options, events, n, out, sizeof out), 0);
	assert_string_equal(out, expected);
}

static void a_handshake_is_three_arrows_with_states_beside(void **state)
{
	(void)state;
	const struct event events[] = {story_opened(0), story_syn(0), story_syn_ack(17),
	                               story_third_ack(36)};
	prints(events, 4,
	       "sequenceDiagram\n"
	       "    participant client0 as CLIENT 127.0.0.1:45360\n"
	       "    participant server0 as SERVER 127.0.0.1:8080\n"
	       "    client0->>server0: 0.000 ms SYN seq=0 win=64240 mss=1460 ws=7 sack ts\n"
	       "    Note left of client0: SYN-SENT\n"
	       "    Note right of server0: SYN-RCVD\n"
	       "    server0->>client0: 0.017 ms SYN,ACK seq=0 ack=1 win=65160 mss=1460 ws=7 sack "
	       "ts\n"
	       "    Note left of client0: ESTAB\n"
	       "    client0->>server0: 0.036 ms ACK ack=1\n"
	       "    Note right of server0: ESTAB\n");
}

static void what_means_something_to_mermaid_or_html_is_written_by_number(void **state)
{
	(void)state;
	const struct event events[] = {
	        story_opened(0), story_hello(0),
	        story_output(10, SERVER, "a; b # <c> & \"d\" %% {e} `f` \\")};
	prints(events, 3,
	       "sequenceDiagram\n"
	       "    participant client0 as CLIENT 127.0.0.1:45360\n"
	       "    participant server0 as SERVER 127.0.0.1:8080\n"
	       "    client0->>server0: 0.000 ms PSH,ACK seq=1 ack=1 len=13\n"
	       "    Note right of server0: prints: a#59; b #35; #60;c#62; #38; #34;d#34; #37;#37; "
	       "#123;e#125; #96;f#96; #92;#92;\n");
}

static void a_silence_is_a_note_over_both(void **state)
{
	(void)state;
	const struct event events[] = {story_opened(0), story_hello(0), story_hello_ack(1020000)};
	prints(events, 3,
	       "sequenceDiagram\n"
	       "    participant client0 as CLIENT 127.0.0.1:45360\n"
	       "    participant server0 as SERVER 127.0.0.1:8080\n"
	       "    client0->>server0: 0.000 ms PSH,ACK seq=1 ack=1 len=13\n"
	       "    Note over client0,server0: ~~ 1.02 s idle ~~\n"
	       "    server0->>client0: 1020.000 ms ACK ack=14\n");
}

static void two_connections_have_participants_of_their_own(void **state)
{
	(void)state;
	struct event events[] = {story_opened(0), story_opened(5), story_hello(10)};
	events[1].connection.stream = events[2].segment.stream = 7;
	events[1].connection.ends[CLIENT].port = 45361;
	prints(events, 3,
	       "sequenceDiagram\n"
	       "    participant client0 as CLIENT 127.0.0.1:45360\n"
	       "    participant server0 as SERVER 127.0.0.1:8080\n"
	       "    participant client7 as CLIENT 127.0.0.1:45361\n"
	       "    participant server7 as SERVER 127.0.0.1:8080\n"
	       "    client7->>server7: 0.010 ms PSH,ACK seq=1 ack=1 len=13\n");
}

static void programs_and_outputs_before_any_connection_have_no_place(void **state)
{
	(void)state;
	const struct event events[] = {event_at(EVENT_PROGRAM, 0), story_output(1, CLIENT, "x")};
	prints(events, 2, "sequenceDiagram\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_handshake_is_three_arrows_with_states_beside),
	        cmocka_unit_test(what_means_something_to_mermaid_or_html_is_written_by_number),
	        cmocka_unit_test(a_silence_is_a_note_over_both),
	        cmocka_unit_test(two_connections_have_participants_of_their_own),
	        cmocka_unit_test(programs_and_outputs_before_any_connection_have_no_place),
	};
	return cmocka_run_group_tests_name("mermaid", tests, NULL, NULL);
}
