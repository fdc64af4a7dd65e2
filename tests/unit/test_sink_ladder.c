/* The ladder, exactly: lanes, arrows, labels that give way, idle rows, several connections. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sink/columns.h"
#include "sink/label.h"
#include "story.h"

static char out[64 * 1024];

static void prints(struct sink_options options, const struct event *events, size_t n,
                   const char *expected)
{
	assert_int_equal(story_print("ladder", options, events, n, out, sizeof out), 0);
	assert_string_equal(out, expected);
}

#define HEAD " +ms      CLIENT 127.0.0.1:45360                        SERVER 127.0.0.1:8080\n"

static void handshake_at_80_columns(void **state)
{
	(void)state;
	struct event events[] = {story_opened(0), story_syn(0), story_syn_ack(17),
	                         story_third_ack(36)};
	events[1].segment.options.present = OPT_MSS; /* as in the design's figure */
	prints((struct sink_options){.width = 80}, events, 4,
	       HEAD
	       "   0.000  SYN-SENT |---SYN seq=0 win=64240 mss=1460------------------>| SYN-RCVD\n"
	       "   0.017  ESTAB    |<--SYN,ACK seq=0 ack=1 win=65160 mss=1460 ws=7----|\n"
	       "   0.036           |---ACK ack=1------------------------------------->| ESTAB\n");
}

static void data_outputs_idle_and_close(void **state)
{
	(void)state;
	struct event events[] = {
	        story_hello(0),
	        story_hello_ack(30),
	        story_output(400, SERVER, "Received: Hello\033[2J"),
	        story_output(500, CLIENT, "中文 ok"),
	        story_fin(1020500),
	        event_at(EVENT_PROGRAM, 1021000),
	        event_at(EVENT_PROGRAM, 1021500),
	};
	events[5].program.action = events[6].program.action = PROGRAM_EXITED;
	events[6].program.host = SERVER;
	events[6].program.status = -1;
	events[6].program.signal = 15;
	events[6].program.by_runner = true;
	prints((struct sink_options){.width = 80}, events, 7,
	       "   0.000           |---PSH,ACK seq=1 ack=1 len=13-------------------->|\n"
	       "   0.030           |<--ACK ack=14-------------------------------------|\n"
	       "   0.400           |                           Received: Hello\\x1b[2J | prints\n"
	       "   0.500  prints   | 中文 ok                                          |\n"
	       "          ~~ 1.02 s idle ~~\n"
	       "1020.500  FIN-WT-1 |---FIN,ACK seq=14 ack=14------------------------->| CLOSE-WT\n"
	       "1021.000  exit 0   |                                                  |\n"
	       "1021.500           |                           SIGTERM, by the runner | killed\n");
}

static void box_drawing_and_titles(void **state)
{
	(void)state;
	const struct event events[] = {story_syn(0), story_syn_ack(17), story_hello(20)};
	prints((struct sink_options){.width = 80, .unicode = true, .explain = true}, events, 3,
	       "   0.000  SYN-SENT │───SYN seq=0 win=64240 mss=1460 ws=7 sack ts─────►│ SYN-RCVD\n"
	       "                   │ SYN: the client asks to open a connection        │\n"
	       "   0.017  ESTAB    │◄──SYN,ACK seq=0 ack=1 win=65160 mss=1460 ws=7────│\n"
	       "                   │     SYN,ACK: the server agrees to the connection │\n"
	       "   0.020           │───PSH,ACK seq=1 ack=1 len=13────────────────────►│\n"
	       "                   │ 13 bytes from the client: the first data of the  │\n"
	       "                   │ connection                                       │\n");
}

static void a_wider_terminal_has_longer_arrows(void **state)
{
	(void)state;
	const struct event events[] = {story_opened(0), story_syn_ack(0)};
	prints((struct sink_options){.width = 120}, events, 2,
	       " +ms      CLIENT 127.0.0.1:45360                                        "
	       "                        SERVER 127.0.0.1:8080\n"
	       "   0.000  ESTAB    |<--SYN,ACK seq=0 ack=1 win=65160 mss=1460 ws=7 sack ts"
	       "------------------------------------|\n");
	prints((struct sink_options){.width = 120, .unicode = true}, events + 1, 1,
	       "   0.000  ESTAB    │◄──SYN,ACK seq=0 ack=1 win=65160 mss=1460 ws=7 sack ts"
	       "────────────────────────────────────│\n");
}

static void every_lane_ends_in_the_same_column(void **state)
{
	(void)state;
	const struct event events[] = {
	        story_syn(0),
	        story_syn_ack(17),
	        story_third_ack(36),
	        story_hello(40),
	        story_output(50, CLIENT,
	                     "e\xCC\x81 combining, 中文 wide, and long enough to need a "
	                     "second row beside the lane of the client"),
	        story_output(60, SERVER, "中文"),
	        story_fin(99999),
	};
	for (int width = 60; width <= 160; width += 20) {
		struct sink_options options = {.width = width, .unicode = true, .explain = true};
		assert_int_equal(story_print("ladder", options, events, 7, out, sizeof out), 0);
		for (char *line = out, *end; (end = strchr(line, '\n')); line = end + 1) {
			*end = '\0';
			char *first = strstr(line, "│");
			char *last = first ? strstr(first + 1, "│") : NULL;
			if (!last)
				fail_msg("no lanes: %s", line);
			assert_int_equal(columns_of(line, (size_t)(first - line)), 19);
			assert_int_equal(columns_of(line, (size_t)(last - line)), width - 10);
		}
	}
}

static void labels_lose_whole_items_in_order(void **state)
{
	(void)state;
	struct event e = story_hello(0);
	e.segment.before[SERVER].snd_wnd = 1;
	e.segment.options.present = OPT_SACK;
	e.segment.options.n_sack = 1;
	e.segment.options.sack_left[0] = isn_of[SERVER] + 5;
	e.segment.options.sack_right[0] = isn_of[SERVER] + 9;
	const struct {
		size_t columns;
		const char *label;
	} cases[] = {
	        {60, "PSH,ACK seq=1 ack=1 len=13 win=64256 sack=5:9"},
	        {44, "PSH,ACK seq=1 ack=1 len=13 win=64256"},
	        {35, "PSH,ACK seq=1 ack=1 len=13"},
	        {25, "PSH,ACK ack=1 len=13"},
	        {19, "PSH,ACK len=13"},
	        {13, "PSH,ACK"},
	        {1, "PSH,ACK"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		TEXT(label, 128);
		label_add(&label, &e, cases[i].columns);
		assert_string_equal(label.bytes, cases[i].label);
	}
}

static void marks_stand_in_front(void **state)
{
	(void)state;
	static const struct {
		uint16_t labels[2];
		const char *mark;
	} cases[] = {
	        {{D_RTO}, "R! "},           {{D_FAST}, "R3 "},
	        {{D_SPURIOUS}, "R? "},      {{D_TAIL_LOSS_PROBE}, "TLP "},
	        {{D_OUT_OF_ORDER}, "OOO "}, {{D_DUPLICATE_ACK}, "D2 "},
	        {{D_ZERO_WINDOW}, "ZW "},   {{D_ZERO_WINDOW_PROBE}, "P0 "},
	        {{D_KEEP_ALIVE}, "KA "},    {{D_GAP, D_WINDOW_FULL}, "GAP WF "},
	        {{D_OFFLOAD}, ""},          {{DIAGNOSIS_NONE}, ""},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct event e = story_hello(0);
		TEXT(label, 128);
		TEXT(expected, 128);
		for (unsigned n = 0; n < 2 && cases[i].labels[n]; n++)
			e.segment.diagnoses[e.segment.n_diagnoses++] =
			        (struct diagnosis){.label = cases[i].labels[n], .n = 2};
		label_add(&label, &e, 60);
		text_add(&expected, cases[i].mark);
		text_add(&expected, "PSH,ACK seq=1 ack=1 len=13");
		assert_string_equal(label.bytes, expected.bytes);
	}
}

static void a_crossing_syn_ack_is_no_retransmission(void **state)
{
	(void)state;
	struct event e = story_syn_ack(0);
	TEXT(label, 128);
	e.segment.analysis.flags = A_RETRANSMISSION;
	step_of(&e, PHASE_HANDSHAKE, 3, 4);
	label_add(&label, &e, 24);
	assert_string_equal(label.bytes, "SYN,ACK seq=0 ack=1");
}

static void silence_is_one_row_with_its_timer(void **state)
{
	(void)state;
	struct event events[] = {story_hello(0), story_hello(250000), story_hello(449000)};
	ends_before(&events[1], events[0].segment.after[CLIENT], events[0].segment.after[SERVER]);
	ends_before(&events[2], events[0].segment.after[CLIENT], events[0].segment.after[SERVER]);
	prints((struct sink_options){.width = 80}, events, 3,
	       "   0.000           |---PSH,ACK seq=1 ack=1 len=13-------------------->|\n"
	       "          ~~ 250 ms idle: the client's retransmission timer ran ~~\n"
	       " 250.000           |---PSH,ACK seq=1 ack=1 len=13-------------------->|\n"
	       " 449.000           |---PSH,ACK seq=1 ack=1 len=13-------------------->|\n");
}

static void long_times_stay_in_their_column(void **state)
{
	(void)state;
	const int64_t us[] = {0, 12345678, 123456789, 1234567890, 12345678901};
	struct event events[5];
	for (size_t i = 0; i < 5; i++)
		events[i] = story_hello(us[i]);
	assert_int_equal(story_print("ladder", (struct sink_options){.width = 80}, events, 5, out,
	                             sizeof out),
	                 0);
	assert_non_null(strstr(out, "\n12345.67           |---PSH"));
	assert_non_null(strstr(out, "\n123456.7           |---PSH"));
	assert_non_null(strstr(out, "\n 1234567           |---PSH"));
	assert_non_null(strstr(out, "\n12345678           |---PSH"));
}

static void interleaved_connections_get_numbers(void **state)
{
	(void)state;
	struct event events[] = {story_opened(0), story_hello(0), story_opened(10), story_hello(10),
	                         story_hello_ack(20)};
	events[2].connection.stream = events[3].segment.stream = 1;
	prints((struct sink_options){.width = 80}, events, 5,
	       HEAD
	       "   0.000           |---PSH,ACK seq=1 ack=1 len=13-------------------->|\n"
	       "#1              CLIENT 127.0.0.1:45360                  SERVER 127.0.0.1:8080\n"
	       "#1       0.010           |---PSH,ACK seq=1 ack=1 len=13-------------->|\n"
	       "#0       0.020           |<--ACK ack=14-------------------------------|\n");
}

static void guessed_roles_and_known_offers_are_in_the_header(void **state)
{
	(void)state;
	struct event e = story_opened(0);
	e.connection.roles_guessed = true;
	e.connection.sent[CLIENT] = (struct direction){
	        .mss = 1460, .window_scale = 7, .sack_permitted = true, .timestamps = true};
	e.connection.sent[SERVER].mss = 1400;
	prints((struct sink_options){.width = 80}, &e, 1,
	       " +ms      CLIENT? 127.0.0.1:45360                       SERVER? 127.0.0.1:8080\n"
	       "          MSS 1460 WS 7 SACK TS                         MSS 1400\n");
}

static void long_addresses_still_leave_a_gap(void **state)
{
	(void)state;
	struct event e = story_opened(0);
	for (int side = 0; side < N_SIDES; side++) {
		e.connection.ends[side].addr.version = 6;
		memset(e.connection.ends[side].addr.bytes, 0xab, 16);
	}
	assert_int_equal(
	        story_print("ladder", (struct sink_options){.width = 80}, &e, 1, out, sizeof out),
	        0);
	assert_non_null(strstr(out, ":abab]:45360  SERVER [abab:"));
}

static void other_frames_have_their_rows(void **state)
{
	(void)state;
	struct event events[] = {event_at(EVENT_DATAGRAM, 0), event_at(EVENT_NOTE, 1000)};
	events[0].datagram.src = end_of(CLIENT);
	events[0].datagram.dst = end_of(SERVER);
	events[0].datagram.len = 5;
	(void)snprintf(events[1].note.text, sizeof events[1].note.text, "a note \033[31m");
	prints((struct sink_options){.width = 80}, events, 2,
	       " +ms      CLIENT 127.0.0.1:45360                        SERVER "
	       "127.0.0.1:8080\n"
	       "   0.000           |---UDP 45360 > 8080 len 5------------------------>|\n"
	       "   1.000  note: a note \\x1b[31m\n");
}

int main(void)
{
	if (!setlocale(LC_CTYPE, "C.UTF-8")) /* what these terminals show */
		return 77;
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(handshake_at_80_columns),
	        cmocka_unit_test(data_outputs_idle_and_close),
	        cmocka_unit_test(box_drawing_and_titles),
	        cmocka_unit_test(a_wider_terminal_has_longer_arrows),
	        cmocka_unit_test(every_lane_ends_in_the_same_column),
	        cmocka_unit_test(labels_lose_whole_items_in_order),
	        cmocka_unit_test(marks_stand_in_front),
	        cmocka_unit_test(a_crossing_syn_ack_is_no_retransmission),
	        cmocka_unit_test(silence_is_one_row_with_its_timer),
	        cmocka_unit_test(long_times_stay_in_their_column),
	        cmocka_unit_test(interleaved_connections_get_numbers),
	        cmocka_unit_test(guessed_roles_and_known_offers_are_in_the_header),
	        cmocka_unit_test(long_addresses_still_leave_a_gap),
	        cmocka_unit_test(other_frames_have_their_rows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
