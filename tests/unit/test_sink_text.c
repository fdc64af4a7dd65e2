/* The text sink, exactly: one line a segment without explanations, a readable block with them. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <signal.h>

#include "sink/columns.h"
#include "story.h"

static char out[64 * 1024];

static void prints(struct sink_options options, const struct event *events, size_t n,
                   const char *expected)
{
	assert_int_equal(story_print("text", options, events, n, out, sizeof out), 0);
	assert_string_equal(out, expected);
}

#define TIME_ZERO "             time 0 is 2023-11-14 22:13:20 UTC, 1700000000.000000000\n"

static void without_explanations_a_segment_is_one_line(void **state)
{
	(void)state;
	const struct event events[] = {
	        story_opened(0),  story_syn(0),         story_syn_ack(17),  story_third_ack(36),
	        story_hello(120), story_hello_ack(150), story_fin(1020500),
	};
	prints((struct sink_options){.width = 80}, events, 7,
	       TIME_ZERO
	       "    0.000000 connection 0 opened: client 127.0.0.1:45360, server 127.0.0.1:8080\n"
	       "    0.000000 127.0.0.1:45360 > 127.0.0.1:8080 [S] seq 0 win 64240 len 0 "
	       "<mss 1460,sackOK,TS,ws 7>  client SYN-SENT, server SYN-RCVD (handshake 1/3)\n"
	       "    0.000017 127.0.0.1:8080 > 127.0.0.1:45360 [S.] seq 0 ack 1 win 65160 len 0 "
	       "<mss 1460,sackOK,TS,ws 7>  client ESTAB, server SYN-RCVD (handshake 2/3)\n"
	       "    0.000036 127.0.0.1:45360 > 127.0.0.1:8080 [.] ack 1 win 64256 len 0"
	       "  client ESTAB, server ESTAB (handshake 3/3)\n"
	       "    0.000120 127.0.0.1:45360 > 127.0.0.1:8080 [P.] seq 1:14 ack 1 win 64256 len 13"
	       "  client ESTAB, server ESTAB\n"
	       "    0.000150 127.0.0.1:8080 > 127.0.0.1:45360 [.] ack 14 win 65160 len 0"
	       "  client ESTAB, server ESTAB\n"
	       "    1.020500 127.0.0.1:45360 > 127.0.0.1:8080 [F.] seq 14 ack 14 win 64256 len 0"
	       "  client FIN-WT-1, server CLOSE-WT (teardown 1)\n");
}

static void with_explanations_lines_keep_to_80_columns(void **state)
{
	(void)state;
	const struct event events[] = {story_third_ack(36)};
	prints((struct sink_options){.width = 80, .explain = true}, events, 1,
	       "             time 0 is 2023-11-14 22:13:20 UTC, 1700000000.000036000\n"
	       "    0.000000 127.0.0.1:45360 > 127.0.0.1:8080 [.] ack 1 win 64256 len 0\n"
	       "             client ESTAB, server ESTAB (handshake 3/3)\n"
	       "             ACK: the handshake is complete\n"
	       "             The client acknowledges the SYN of the server: ack=1, because that\n"
	       "             SYN used up number 0. It carries no data, so seq=1 is only the\n"
	       "             number that the next byte of the client will have. Its window\n"
	       "             counts in the units agreed on: 502 x 128 = 64256 bytes.\n"
	       "             Server, once this arrives: SYN-RECEIVED -> ESTABLISHED, SND.UNA 0\n"
	       "             -> 1, SND.WND = 64256.\n"
	       "             Next: Data, from either end: both may send from now on. [RFC 9293\n"
	       "             section 3.5]\n"
	       "\n");
}

static void a_wider_terminal_keeps_the_segment_on_one_line(void **state)
{
	(void)state;
	const struct event events[] = {story_third_ack(36)};
	struct sink_options options = {.width = 120, .explain = true};
	assert_int_equal(story_print("text", options, events, 1, out, sizeof out), 0);
	assert_non_null(strstr(out, "    0.000000 127.0.0.1:45360 > 127.0.0.1:8080 [.] ack 1 win "
	                            "64256 len 0  client ESTAB, server ESTAB (handshake 3/3)\n"
	                            "             ACK: the handshake is complete\n"
	                            "             The client acknowledges the SYN of the server: "
	                            "ack=1, because that SYN used up number 0. It carries\n"));
}

static void no_line_is_wider_than_the_terminal(void **state)
{
	(void)state;
	const struct event events[] = {story_syn(0), story_syn_ack(1), story_hello(2),
	                               story_fin(3)};
	for (int color = 0; color < 2; color++) {
		struct sink_options options = {.width = 80, .explain = true, .color = color};
		assert_int_equal(story_print("text", options, events, 4, out, sizeof out), 0);
		size_t columns = 0;
		for (const char *c = out; *c; c++) {
			if (*c == '\033')
				c = strchr(c, 'm');
			else
				columns = *c == '\n' ? 0 : columns + 1;
			assert_true(columns <= 80);
		}
	}
}

static void labels_sack_and_odd_flags_are_shown(void **state)
{
	(void)state;
	struct event e = story_hello_ack(0);
	e.segment.flags = TCP_ACK | TCP_URG | TCP_ECE | TCP_CWR;
	e.segment.options.present = OPT_SACK | OPT_TIMESTAMPS | OPT_OTHER | OPT_MALFORMED;
	e.segment.options.n_sack = 2;
	for (unsigned i = 0; i < 2; i++) {
		e.segment.options.sack_left[i] = isn_of[CLIENT] + 20 + 20 * i;
		e.segment.options.sack_right[i] = isn_of[CLIENT] + 30 + 20 * i;
	}
	e.segment.options.n_other = 1;
	e.segment.options.other_kinds[0] = 253;
	e.segment.analysis.flags = A_ZERO_WINDOW | A_DUPLICATE_ACK;
	prints((struct sink_options){.width = 80}, &e, 1,
	       TIME_ZERO "    0.000000 127.0.0.1:8080 > 127.0.0.1:45360 [.UEW] ack 14 win 65160 "
	                 "len 0 <sack 20:30,sack 40:50,malformed,opt 253> "
	                 "!duplicate_ack,zero_window  client ESTAB, server ESTAB\n");
}

static void time_may_step_backwards(void **state)
{
	(void)state;
	const struct event events[] = {story_hello(5), story_hello_ack(3)};
	assert_int_equal(
	        story_print("text", (struct sink_options){.width = 80}, events, 2, out, sizeof out),
	        0);
	assert_non_null(strstr(out, "\n   -0.000002 127.0.0.1:8080 > "));
}

static void impossible_times_do_no_harm(void **state)
{
	(void)state;
	struct event events[] = {story_hello(0), story_hello(0), story_hello(0)};
	const char *const names[] = {"text", "ladder"};
	events[0].time_ns = INT64_MIN;
	events[1].time_ns = INT64_MAX;
	for (size_t i = 0; i < 2; i++) {
		struct sink_options options = {.width = 80, .explain = true};
		assert_int_equal(story_print(names[i], options, events, 3, out, sizeof out), 0);
		assert_non_null(strstr(out, "13 bytes"));
	}
}

static void what_programs_print_cannot_steer_the_terminal(void **state)
{
	(void)state;
	const struct event events[] = {
	        story_output(0, SERVER,
	                     "\033[2J\033]0;x\a\r\xC2\x9B"
	                     "31m \xFF ok"),
	        story_output(0, CLIENT, "中文"),
	};
	prints((struct sink_options){.width = 80, .explain = true}, events, 2,
	       "             server| \\x1b[2J\\x1b]0;x\\x07\\r\\xc2\\x9b31m \\xff ok\n"
	       "             client| 中文\n");
}

static void a_closed_connection_has_figures_of_both_directions(void **state)
{
	(void)state;
	struct event e = event_at(EVENT_CONNECTION, 0);
	e.connection = (struct connection){
	        .stream = 3,
	        .action = CONNECTION_CLOSED,
	        .open = OPEN_HANDSHAKE,
	        .close = CLOSE_THREE_WAY,
	        .first_fin = CLIENT,
	        .conn_state = CONN_STATE_SF,
	        .history = "ShADadFf",
	        .start_ns = START_NS,
	        .end_ns = START_NS + 12 * NS_PER_MS,
	        .sent = {{.segments = 5,
	                  .unique_bytes = 13,
	                  .data_segments = 2,
	                  .retransmitted_segments = 1,
	                  .rtt_count = 2,
	                  .rtt_min_ns = 17000,
	                  .rtt_sum_ns = 47000,
	                  .rtt_max_ns = 30000},
	                 {.segments = 1, .unique_bytes = 1, .duplicate_acks = 2}},
	};
	prints((struct sink_options){.width = 80}, &e, 1,
	       TIME_ZERO
	       "    0.000000 connection 3 closed (three-way, first FIN by client) after 12 ms, "
	       "SF ShADadFf\n"
	       "             client sent 13 bytes in 5 segments, 2 with data, 1 resent, "
	       "rtt min/avg/max 0.017/0.023/0.030 ms\n"
	       "             server sent 1 byte in 1 segment, 2 duplicate ACKs\n");
}

static void drops_of_the_kernel_are_never_hidden(void **state)
{
	(void)state;
	struct event e = event_at(EVENT_CAPTURE, 0);
	e.capture = (struct capture_event){
	        .action = CAPTURE_ENDED,
	        .source = "lo",
	        .live = true,
	        .captured = 12,
	        .received = 26,
	        .dropped = 2,
	        .dropped_by_interface = 1,
	};
	prints((struct sink_options){.width = 80}, &e, 1,
	       "             capture ended on lo: 12 frames, 26 received by the filter, "
	       "2 dropped by the kernel, 1 by the interface\n");
}

static void other_frames_are_one_line(void **state)
{
	(void)state;
	struct event events[4] = {event_at(EVENT_DATAGRAM, 0), event_at(EVENT_FRAME, 1),
	                          event_at(EVENT_FRAME, 2), event_at(EVENT_FRAME, 3)};
	const struct addr one = {4, {10, 0, 0, 1}};
	const struct addr two = {4, {10, 0, 0, 2}};
	events[0].datagram =
	        (struct datagram_event){.src = {one, 5000}, .dst = {two, 53}, .len = 29};
	events[1].frame_info.kind = KIND_ARP;
	events[1].frame_info.arp =
	        (struct arp_packet){.operation = 1, .sender = one, .target = two};
	events[2].frame_info.kind = KIND_ICMP;
	events[2].frame_info.ip = (struct ip_header){.src = two, .dst = one};
	events[2].frame_info.icmp = (struct icmp_header){.version = 4,
	                                                 .type = 3,
	                                                 .code = 3,
	                                                 .has_quote = true,
	                                                 .quote_src = {one, 5000},
	                                                 .quote_dst = {two, 53}};
	events[3].wirelen = 60;
	events[3].frame_info.status = PACKET_MALFORMED;
	(void)snprintf(events[3].frame_info.protocol, sizeof events[3].frame_info.protocol, "tcp");
	(void)snprintf(events[3].frame_info.reason, sizeof events[3].frame_info.reason,
	               "the header is longer than the packet");
	prints((struct sink_options){.width = 80}, events, 4,
	       TIME_ZERO "    0.000000 10.0.0.1:5000 > 10.0.0.2:53 UDP len 29\n"
	                 "    0.000001 ARP who-has 10.0.0.2 tell 10.0.0.1\n"
	                 "    0.000002 10.0.0.2 > 10.0.0.1 ICMP unreachable code 3 about "
	                 "10.0.0.1:5000 > 10.0.0.2:53\n"
	                 "    0.000003 tcp frame len 60 malformed: "
	                 "the header is longer than the packet\n");
}

static void a_lost_datagram_says_so(void **state)
{
	(void)state;
	struct event lost = event_at(EVENT_DATAGRAM, 0);
	lost.datagram = (struct datagram_event){
	        .src = {{4, {10, 0, 0, 1}}, 5000}, .dst = {{4, {10, 0, 0, 2}}, 53}, .len = 29};
	lost.passage.fate = FATE_DROPPED;
	prints((struct sink_options){.width = 80}, &lost, 1,
	       TIME_ZERO "    0.000000 LOST 10.0.0.1:5000 > 10.0.0.2:53 UDP len 29\n");
}

static void colours_are_only_there_when_asked_for(void **state)
{
	(void)state;
	const struct event events[] = {story_hello(0), story_output(1, CLIENT, "x")};
	struct sink_options options = {.width = 80, .explain = true};
	assert_int_equal(story_print("text", options, events, 2, out, sizeof out), 0);
	assert_null(strchr(out, '\033'));
	options.color = true;
	assert_int_equal(story_print("text", options, events, 2, out, sizeof out), 0);
	assert_non_null(strstr(out, "\033[38;5;33m127.0.0.1:45360 > 127.0.0.1:8080\033[0m"));
}

static void lines_break_at_spaces_and_count_columns(void **state)
{
	(void)state;
	TEXT(t, 64);
	text_add(&t, "one two 中文字 abcdefghij");
	struct lines lines = lines_of(&t);
	const char *expected[] = {"one two", "中文字", "abcdefgh", "ij"};
	const char *line;
	for (size_t i = 0; i < 4; i++) {
		size_t n = lines_next(&lines, 8, &line);
		assert_int_equal(n, strlen(expected[i]));
		assert_memory_equal(line, expected[i], n);
	}
	assert_int_equal(lines_next(&lines, 8, &line), 0);
}

static void columns_know_wide_and_combining_characters(void **state)
{
	(void)state;
	assert_int_equal(columns_of("abc", 3), 3);
	assert_int_equal(columns_of("中文", 6), 4);
	assert_int_equal(columns_of("e\xCC\x81", 3), 1);
	assert_int_equal(columns_of("\xF0\x9F\x98\x80", 4), 2);
	assert_int_equal(columns_of("\xFF\xFE", 2), 2);
	assert_int_equal(columns_of("─►", 6), 2);
}

static void a_reader_that_has_gone_is_reported(void **state)
{
	(void)state;
	int ends[2];
	struct err err;
	struct sink sink;
	struct event e = story_syn(0);
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(close(ends[0]), 0);
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	assert_int_equal(sigaction(SIGPIPE, &ignore, NULL), 0);
	struct sink_options options = {.fd = ends[1], .width = 80, .line_buffered = true};
	assert_int_equal(sink_open(&sink, sink_find("text"), &options, &err), 0);
	assert_int_equal(sink_event(&sink, &e), -1);
	assert_int_equal(sink.out.error, EPIPE);
	assert_int_equal(sink_close(&sink), -1);
	assert_int_equal(close(ends[1]), 0);
}

static void sinks_are_found_by_name(void **state)
{
	(void)state;
	for (size_t i = 0; sink_types[i]; i++) {
		assert_ptr_equal(sink_find(sink_types[i]->name), sink_types[i]);
		assert_non_null(sink_types[i]->help);
	}
	assert_null(sink_find("nothing like it"));
	struct event e = story_syn(0);
	assert_int_equal(
	        story_print("none", (struct sink_options){.width = 80}, &e, 1, out, sizeof out), 0);
	assert_string_equal(out, "");
}

int main(void)
{
	if (!setlocale(LC_CTYPE, "C.UTF-8")) /* what these terminals show */
		return 77;
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(without_explanations_a_segment_is_one_line),
	        cmocka_unit_test(with_explanations_lines_keep_to_80_columns),
	        cmocka_unit_test(a_wider_terminal_keeps_the_segment_on_one_line),
	        cmocka_unit_test(no_line_is_wider_than_the_terminal),
	        cmocka_unit_test(labels_sack_and_odd_flags_are_shown),
	        cmocka_unit_test(time_may_step_backwards),
	        cmocka_unit_test(impossible_times_do_no_harm),
	        cmocka_unit_test(what_programs_print_cannot_steer_the_terminal),
	        cmocka_unit_test(a_closed_connection_has_figures_of_both_directions),
	        cmocka_unit_test(drops_of_the_kernel_are_never_hidden),
	        cmocka_unit_test(other_frames_are_one_line),
	        cmocka_unit_test(a_lost_datagram_says_so),
	        cmocka_unit_test(colours_are_only_there_when_asked_for),
	        cmocka_unit_test(lines_break_at_spaces_and_count_columns),
	        cmocka_unit_test(columns_know_wide_and_combining_characters),
	        cmocka_unit_test(a_reader_that_has_gone_is_reported),
	        cmocka_unit_test(sinks_are_found_by_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
