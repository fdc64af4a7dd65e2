/* Explanations: each rule on the states that call for it, with the actual numbers; every word of
 * every sentence exists; nothing from outside reaches a terminal unescaped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdlib.h>

#include "explain/rule.h"
#include "story.h"

/* ---- the tables themselves ---- */

static void check_words(const struct vocabulary *vocabulary, const char *sentence)
{
	for (const char *open = sentence ? strchr(sentence, '{') : NULL; open;
	     open = strchr(open + 1, '{')) {
		const char *close = strchr(open, '}');
		assert_non_null(close);
		if (!word_find(vocabulary, open + 1, (size_t)(close - open - 1)))
			fail_msg("no word for %s", open);
	}
}

static void every_word_of_every_sentence_exists(void **state)
{
	(void)state;
	size_t n_rules = 0;
	for (int kind = 0; kind < N_EVENT_KINDS; kind++) {
		const struct topic *topic = topic_of((enum event_kind)kind);
		for (const struct rule *const *list = topic->lists; *list; list++) {
			for (const struct rule *rule = *list; rule->applies; rule++, n_rules++) {
				assert_non_null(rule->title);
				assert_non_null(rule->what);
				check_words(topic->vocabulary, rule->title);
				check_words(topic->vocabulary, rule->what);
				check_words(topic->vocabulary, rule->next);
			}
		}
	}
	for (const struct rule *rule = passage_rules; rule->applies; rule++) {
		check_words(&passage_words, rule->title);
		check_words(&passage_words, rule->what);
		check_words(&passage_words, rule->next);
	}
	for (const struct rule *rule = cause_rules; rule->applies; rule++)
		check_words(&cause_words, rule->what);
	assert_true(n_rules > 80);
}

static void words_are_in_alphabetical_order(void **state)
{
	(void)state;
	const struct vocabulary *const all[] = {&segment_words, &packet_words,  &story_words,
	                                        &call_words,    &passage_words, &kernel_words,
	                                        &cause_words,   &message_words};
	for (size_t v = 0; v < sizeof all / sizeof all[0]; v++)
		for (size_t i = 1; i < all[v]->n; i++)
			assert_true(strcmp(all[v]->words[i - 1].name, all[v]->words[i].name) < 0);
}

static void the_last_rule_of_a_kind_always_applies(void **state)
{
	(void)state;
	for (int kind = 0; kind < N_EVENT_KINDS; kind++) {
		struct event e = event_at((enum event_kind)kind, 0);
		struct explanation x;
		if (kind == EVENT_SESSION)
			(void)snprintf(e.session.program, sizeof e.session.program, "wirelab");
		explain_event(&x, &e);
		assert_true(x.title.len > 0);
		assert_true(x.what.len > 0 || kind == EVENT_NOTE);
	}
}

static void say_keeps_what_it_does_not_know(void **state)
{
	(void)state;
	struct event e = story_syn(0);
	struct scene scene;
	scene_set(&scene, &e);
	TEXT(t, 64);
	say(&t, &segment_words, "{nonsense} {me} {{x} {open", &scene);
	assert_string_equal(t.bytes, "{nonsense} client {x} {open");
}

/* ---- whole explanations ---- */

static void check(const struct event *e, const char *title, const char *what, const char *next)
{
	struct explanation x;
	explain_event(&x, e);
	assert_string_equal(x.title.bytes, title);
	if (!strstr(x.what.bytes, what))
		fail_msg("'%s' is not in '%s'", what, x.what.bytes);
	if (!strstr(x.next.bytes, next))
		fail_msg("'%s' is not in '%s'", next, x.next.bytes);
	assert_false(x.title.cut || x.what.cut || x.change.cut || x.next.cut || x.rfc.cut);
}

static void check_change(const struct event *e, const char *change)
{
	struct explanation x;
	explain_event(&x, e);
	assert_string_equal(x.change.bytes, change);
}

static void a_syn_is_told_with_its_numbers_and_offers(void **state)
{
	(void)state;
	struct event e = story_syn(0);
	struct explanation x;
	TEXT(joined, 2048);
	explain_event(&x, &e);
	explain_join(&x, &joined);
	assert_string_equal(
	        joined.bytes,
	        "The client asks 127.0.0.1:8080 for a connection. Its initial sequence number "
	        "(ISN), "
	        "1000000, should be one that nobody can guess; from here on it is counted as 0. "
	        "The client has room for 64240 bytes. It offers: segments with at most 1460 bytes "
	        "(MSS), later windows counted in units of 128 bytes (window scale 7), selective "
	        "acknowledgments (SACK), timestamps. Client: CLOSED -> SYN-SENT, SND.UNA = 0, "
	        "SND.NXT = 1. Server, once this arrives: LISTEN -> SYN-RECEIVED, RCV.NXT = 1. "
	        "Next: SYN,ACK from the server with ack=1, because the SYN uses up sequence number "
	        "0. If nothing listens on port 8080, RST,ACK comes instead. [RFC 9293 section "
	        "3.5]");
	e.segment.options.present = 0;
	check(&e, "SYN: the client asks to open a connection", "has room for 64240 bytes.",
	      "with ack=1");
	explain_event(&x, &e);
	assert_null(strstr(x.what.bytes, "offers"));
}

static void a_syn_again_says_why(void **state)
{
	(void)state;
	struct event e = story_syn(0);
	ends_before(&e, e.segment.after[CLIENT], e.segment.after[SERVER]);
	e.segment.analysis.rto_ns = 1020 * NS_PER_MS;
	check(&e, "SYN again: no answer came", "Time since they were first sent: 1.02 s.",
	      "SYN,ACK with ack=1.");
	check_change(&e, "It changes no variable at either end.");
}

static void a_syn_ack_and_the_third_ack_say_why_one(void **state)
{
	(void)state;
	struct event e = story_syn_ack(0);
	check(&e, "SYN,ACK: the server agrees to the connection",
	      "ack=1, because that SYN used up number 0.", "ACK with ack=1 from the client");
	check_change(&e, "Server: SND.UNA = 0, SND.NXT = 1. Client, once this arrives: SYN-SENT -> "
	                 "ESTABLISHED, SND.UNA 0 -> 1, RCV.NXT = 1, SND.WND = 65160.");
	e = story_third_ack(0);
	check(&e, "ACK: the handshake is complete", "502 x 128 = 64256 bytes.", "from either end");
}

static void a_simultaneous_open_is_told_apart(void **state)
{
	(void)state;
	struct event syn = story_syn(0);
	struct event e = segment_at(0, SERVER, TCP_SYN, 0, 0, 0, 64240);
	ends_before(&e, syn.segment.after[CLIENT], syn.segment.after[SERVER]);
	check(&e, "SYN from the other side too: simultaneous open", "5000000", "four segments");
	e = segment_at(0, CLIENT, TCP_SYN | TCP_ACK, 0, 1, 0, 64240);
	ends_before(&e, tcb_at(CLIENT, TCP_SYN_RECEIVED, 0, 1, 1, 0),
	            tcb_at(SERVER, TCP_SYN_RECEIVED, 0, 1, 1, 0));
	check(&e, "SYN,ACK that completes a simultaneous open", "ack=1", "The same");
	e = segment_at(0, SERVER, TCP_SYN | TCP_ACK, 0, 1, 0, 64240);
	ends_before(&e, tcb_at(CLIENT, TCP_SYN_RECEIVED, 0, 1, 1, 0),
	            tcb_at(SERVER, TCP_ESTABLISHED, 1, 1, 1, 64240));
	check(&e, "SYN,ACK: the simultaneous open is complete", "seq=0", "Data");
}

static void fast_open_is_told_apart(void **state)
{
	(void)state;
	struct event e = story_syn(0);
	e.segment.len = 50;
	e.segment.options.present |= OPT_FAST_OPEN;
	e.segment.options.cookie_len = 8;
	check(&e, "SYN with data: TCP Fast Open", "cookie (8 bytes)", "ack=51");
	e = story_syn_ack(0);
	e.segment.before[CLIENT].snd_nxt = isn_of[CLIENT] + 51;
	check(&e, "SYN,ACK: agreed, but the data in the SYN was not taken", "50 bytes", "again");
	e.segment.ack = 51;
	e.segment.ack_raw = isn_of[CLIENT] + 51;
	check(&e, "SYN,ACK: agreed, and the data in the SYN was taken", "the 50 bytes", "ack=1");
}

static void first_data_and_its_ack_have_their_ranges(void **state)
{
	(void)state;
	struct event e = story_hello(0);
	check(&e, "13 bytes from the client: the first data of the connection",
	      "sequence numbers 1 to 13", "ACK with ack=14");
	check_change(&e, "Client: SND.NXT 1 -> 14. Server, once this arrives: RCV.NXT 1 -> 14.");
	e = story_hello_ack(0);
	e.segment.analysis.ack_rtt_ns = 17000;
	check(&e, "ACK: 13 bytes arrived",
	      "(sequence numbers 1 to 13). Time since the last of them "
	      "was sent: 17 us.",
	      "Nothing is under way from the client");
}

static void an_answer_with_data_acknowledges_too(void **state)
{
	(void)state;
	struct event e = segment_at(0, SERVER, TCP_PSH | TCP_ACK, 1, 14, 1, 65160);
	ends_before(&e, tcb_at(CLIENT, TCP_ESTABLISHED, 1, 14, 1, 65160),
	            tcb_at(SERVER, TCP_ESTABLISHED, 1, 1, 14, 64256));
	check(&e, "1 byte from the server: its first, after the client spoke",
	      "(sequence number 1; numbers begin at 1, since the SYN used up 0). Its ack=14 also "
	      "acknowledges 13 bytes of the client (sequence numbers 1 to 13). PSH",
	      "ack=2");
}

static void some_acknowledged_leaves_the_rest(void **state)
{
	(void)state;
	struct event e = story_hello_ack(0);
	e.segment.ack = 5;
	e.segment.ack_raw = isn_of[CLIENT] + 5;
	check(&e, "ACK: 4 bytes arrived", "sequence numbers 1 to 4", "9 bytes");
}

/* Data of the client, sent when it had sent up to 100 and 50 was acknowledged. */
static struct event late_data(uint32_t seq, uint32_t len, uint32_t labels)
{
	struct event e = segment_at(0, CLIENT, TCP_ACK, seq, 1, len, 64256);
	ends_before(&e, tcb_at(CLIENT, TCP_ESTABLISHED, 50, 100, 1, 65160),
	            tcb_at(SERVER, TCP_ESTABLISHED, 1, 1, 50, 64256));
	e.segment.analysis.flags = labels;
	return e;
}

static void resends_are_told_with_and_without_labels(void **state)
{
	(void)state;
	const struct {
		uint32_t seq, len, labels;
		const char *title, *what, *next;
	} cases[] = {
	        {50, 50, A_RETRANSMISSION, "Retransmission of 50 bytes", "50 to 99", "ack=100"},
	        {50, 50, A_FAST_RETRANSMISSION, "Fast retransmission of 50 bytes",
	         "kept asking for number 50", "from 50"},
	        {50, 50, A_OUT_OF_ORDER, "50 bytes out of order", "up to 100", "ACK"},
	        {50, 50, 0, "50 bytes a second time, or late", "below 100", "ack=100"},
	        {10, 40, A_SPURIOUS_RETRANSMISSION, "40 bytes sent again without need",
	         "acknowledged already", "ACK"},
	        {80, 40, 0, "40 bytes, in part sent before", "80 to 119", "ack=120"},
	        {130, 10, 0, "10 bytes, and some missing before them", "30 bytes between",
	         "ack=100"},
	        {100, 10, 0, "10 bytes from the client", "numbers 100 to 109", "ack=110"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct event e = late_data(cases[i].seq, cases[i].len, cases[i].labels);
		check(&e, cases[i].title, cases[i].what, cases[i].next);
	}
}

static void probes_depend_on_the_window(void **state)
{
	(void)state;
	struct event e = segment_at(0, CLIENT, TCP_ACK, 99, 1, 0, 64256);
	ends_before(&e, tcb_at(CLIENT, TCP_ESTABLISHED, 100, 100, 1, 65160),
	            tcb_at(SERVER, TCP_ESTABLISHED, 1, 1, 100, 64256));
	check(&e, "Keep-alive: is the server still there?", "seq=99", "if it is still there");
	e.segment.before[CLIENT].snd_wnd = 0;
	check(&e, "Zero-window probe: is there room again?", "number 99", "the window it has");
}

/* An ACK of the server, which had said before: ack=50, window 1000. */
static struct event repeated_ack(uint32_t window, uint32_t client_nxt)
{
	struct event e = segment_at(0, SERVER, TCP_ACK, 1, 50, 0, window);
	ends_before(&e, tcb_at(CLIENT, TCP_ESTABLISHED, 50, client_nxt, 1, 1000),
	            tcb_at(SERVER, TCP_ESTABLISHED, 1, 1, 50, 64256));
	return e;
}

static void acks_that_move_nothing_are_told_apart(void **state)
{
	(void)state;
	struct event e = repeated_ack(1000, 100);
	e.segment.analysis.duplicate_ack_num = 2;
	check(&e, "Duplicate ACK: number 50 is still missing", "Repeats so far: 2.", "number 50");
	e = repeated_ack(2000, 100);
	check(&e, "Window update: room for 2000 bytes", "1000 bytes announced before", "from 50");
	e = repeated_ack(500, 100);
	check(&e, "Less room: 500 bytes", "(1000 bytes)", "500 bytes");
	e = repeated_ack(0, 50);
	check(&e, "Zero window: stop sending", "below 50", "probes");
	e.segment.before[CLIENT].snd_wnd = 0;
	check(&e, "The window is still closed", "window 0", "probe");
	e = repeated_ack(700, 50);
	e.segment.before[CLIENT].snd_wnd = 0;
	check(&e, "Window update: sending may go on", "700 bytes", "Data");
	e = repeated_ack(1000, 50);
	check(&e, "ACK: the server expects number 50", "Nothing new", "usual");
}

static void sack_blocks_are_gaps_or_duplicates(void **state)
{
	(void)state;
	struct event e = repeated_ack(1000, 100);
	e.segment.options.present = OPT_SACK;
	e.segment.options.n_sack = 1;
	e.segment.options.sack_left[0] = isn_of[CLIENT] + 60;
	e.segment.options.sack_right[0] = isn_of[CLIENT] + 100;
	check(&e, "Duplicate ACK: number 50 is still missing",
	      "beyond the gap: sequence numbers 60 to 99.", "50");
	e.segment.options.sack_left[0] = isn_of[CLIENT] + 40;
	e.segment.options.sack_right[0] = isn_of[CLIENT] + 50;
	check(&e, "Duplicate ACK: number 50 is still missing",
	      "a second time: sequence numbers 40 to 49.", "50");
}

static void the_first_fin_uses_up_a_number(void **state)
{
	(void)state;
	struct event e = story_fin(0);
	check(&e, "FIN: the client has nothing more to send", "uses up a sequence number: 14.",
	      "ACK with ack=15");
	e.segment.len = 6;
	e.segment.after[CLIENT].snd_nxt += 6;
	check(&e, "FIN: the client has nothing more to send",
	      "carries the last 6 bytes (sequence numbers 14 to 19). Like a byte, it uses up a "
	      "sequence number: 20.",
	      "ack=21");
}

/* A segment of the server after the client's FIN (number 14). */
static struct event after_fin(unsigned flags, uint32_t ack, enum tcp_state client_then,
                              enum tcp_state server_then)
{
	struct event e = segment_at(0, SERVER, flags, 14, ack, 0, 65160);
	ends_before(&e, tcb_at(CLIENT, TCP_FIN_WAIT_1, 14, 15, 14, 65160),
	            tcb_at(SERVER, TCP_CLOSE_WAIT, 14, 14, 15, 64256));
	e.segment.after[CLIENT].state = client_then;
	e.segment.after[SERVER].state = server_then;
	e.segment.phase = PHASE_TEARDOWN;
	return e;
}

static void answers_to_a_fin_are_told_apart(void **state)
{
	(void)state;
	struct event e = after_fin(TCP_ACK, 15, TCP_FIN_WAIT_2, TCP_CLOSE_WAIT);
	check(&e, "ACK of the FIN: one direction is closed", "ack=15, because it used up number 14",
	      "its FIN");
	e = after_fin(TCP_FIN | TCP_ACK, 15, TCP_TIME_WAIT, TCP_LAST_ACK);
	check(&e, "FIN,ACK: the server closes too", "three segments instead of four", "ack=15");
	e = after_fin(TCP_FIN | TCP_ACK, 14, TCP_CLOSING, TCP_CLOSING);
	check(&e, "FIN from the other side too: simultaneous close",
	      "does not cover the FIN of the client, number 14", "TIME-WAIT");
	e = after_fin(TCP_FIN | TCP_ACK, 15, TCP_TIME_WAIT, TCP_LAST_ACK);
	e.segment.before[CLIENT].state = TCP_FIN_WAIT_2;
	e.segment.before[CLIENT].snd_una++;
	check(&e, "FIN: the server closes too", "could still send", "last ACK");
}

static void the_last_ack_speaks_of_time_wait(void **state)
{
	(void)state;
	struct event e = segment_at(0, CLIENT, TCP_ACK, 15, 15, 0, 64256);
	ends_before(&e, tcb_at(CLIENT, TCP_TIME_WAIT, 15, 15, 15, 65160),
	            tcb_at(SERVER, TCP_LAST_ACK, 14, 15, 15, 64256));
	e.segment.after[SERVER].state = TCP_CLOSED;
	check(&e, "The last ACK: both directions are closed", "the client stays in TIME-WAIT",
	      "Nothing more");
	check_change(&e, "Server, once this arrives: LAST-ACK -> CLOSED.");
	e.segment.before[SERVER].state = TCP_CLOSING;
	check(&e, "ACK of the FIN that crossed", "ack=15", "One such ACK");
}

static void data_after_the_others_fin_is_half_closed(void **state)
{
	(void)state;
	struct event e = segment_at(0, SERVER, TCP_ACK, 14, 15, 10, 65160);
	ends_before(&e, tcb_at(CLIENT, TCP_FIN_WAIT_1, 14, 15, 14, 65160),
	            tcb_at(SERVER, TCP_CLOSE_WAIT, 14, 14, 15, 64256));
	check(&e, "10 bytes in a half-closed connection",
	      "acknowledges the FIN of the client, which used up number 14", "ack=24");
}

static void a_reset_is_told_by_the_state_of_its_sender(void **state)
{
	(void)state;
	const struct {
		enum tcp_state mine, theirs;
		uint32_t received; /* RCV.NXT of its sender */
		const char *title, *what;
	} cases[] = {
	        {TCP_SYN_RECEIVED, TCP_SYN_SENT, 1, "RST: the server refuses the connection",
	         "port 8080"},
	        {TCP_ESTABLISHED, TCP_SYN_RECEIVED, 1,
	         "RST: the server wants no connection after all", "SYN,ACK"},
	        {TCP_ESTABLISHED, TCP_ESTABLISHED, 14, "RST: the server aborts the connection",
	         "unread, or asked"},
	        {TCP_ESTABLISHED, TCP_ESTABLISHED, 1, "RST: the server aborts the connection",
	         "received no data"},
	        {TCP_CLOSE_WAIT, TCP_FIN_WAIT_2, 14, "RST: the server aborts instead of closing",
	         "closed its direction"},
	        {TCP_FIN_WAIT_2, TCP_CLOSE_WAIT, 14, "RST: the program at the server is gone",
	         "sent its FIN already"},
	        {TCP_CLOSED, TCP_ESTABLISHED, 14, "RST for a connection that is no more",
	         "state CLOSED"},
	        {TCP_STATE_UNKNOWN, TCP_STATE_UNKNOWN, 1, "RST from the server", "not captured"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct event e = segment_at(0, SERVER, TCP_RST | TCP_ACK, 0, 1, 0, 0);
		ends_before(&e, tcb_at(CLIENT, cases[i].theirs, 0, 1, 1, 0),
		            tcb_at(SERVER, cases[i].mine, 1, 1, cases[i].received, 0));
		check(&e, cases[i].title, cases[i].what, "Nothing");
	}
}

static void mid_stream_says_that_roles_are_guessed(void **state)
{
	(void)state;
	struct event e = segment_at(0, CLIENT, TCP_ACK, 1, 1, 10, 501);
	ends_before(&e, tcb_new(TCP_ESTABLISHED), tcb_new(TCP_ESTABLISHED));
	e.segment.roles_guessed = true;
	check(&e, "10 bytes from the client", "is a guess", "ack=11");
}

/* ---- other kinds ---- */

static void port_unreachable_names_what_it_quotes(void **state)
{
	(void)state;
	struct event e = event_at(EVENT_FRAME, 0);
	e.frame_info.kind = KIND_ICMP;
	e.frame_info.ip.src = (struct addr){4, {10, 0, 0, 2}};
	e.frame_info.ip.dst = (struct addr){4, {10, 0, 0, 1}};
	e.frame_info.icmp = (struct icmp_header){
	        .version = 4,
	        .type = 3,
	        .code = 3,
	        .has_quote = true,
	        .quote_protocol = 17,
	        .quote_src = {{4, {10, 0, 0, 1}}, 5000},
	        .quote_dst = {{4, {10, 0, 0, 2}}, 9999},
	};
	check(&e, "ICMP: nobody uses UDP port 9999", "UDP 10.0.0.1:5000 > 10.0.0.2:9999.",
	      "ECONNREFUSED");
	e.frame_info.icmp.code = 4;
	e.frame_info.icmp.mtu = 1400;
	check(&e, "ICMP: packet too big, 1400 bytes fit", "10.0.0.2 could not", "path MTU");
}

static void arp_asks_and_answers(void **state)
{
	(void)state;
	struct event e = event_at(EVENT_FRAME, 0);
	e.frame_info.kind = KIND_ARP;
	e.frame_info.arp = (struct arp_packet){
	        .operation = 1,
	        .sender_mac = {2, 0, 0, 0, 0, 0x1a},
	        .sender = {4, {10, 0, 0, 1}},
	        .target = {4, {10, 0, 0, 2}},
	};
	check(&e, "ARP request: who has 10.0.0.2?", "02:00:00:00:00:1a", "ARP reply");
	e.frame_info.arp.operation = 2;
	check(&e, "ARP reply: 10.0.0.1 is at 02:00:00:00:00:1a", "tells 10.0.0.2", "hold back");
	e.frame_info.arp.target = e.frame_info.arp.sender;
	check(&e, "ARP announcement of 10.0.0.1", "unasked", "Nothing");
}

static void a_lossy_capture_is_confessed(void **state)
{
	(void)state;
	struct event e = event_at(EVENT_CAPTURE, 0);
	e.capture.action = CAPTURE_STATISTICS;
	e.capture.captured = 90;
	check(&e, "90 frames captured, none lost by the capture", "everything", "");
	e.capture.dropped = 7;
	check(&e, "90 frames captured, 7 lost by the capture", "no room for 7 frames", "");
}

static void a_program_killed_by_sigpipe_learns_why(void **state)
{
	(void)state;
	struct event e = event_at(EVENT_PROGRAM, 0);
	e.program.action = PROGRAM_EXITED;
	e.program.status = -1;
	e.program.signal = SIGPIPE;
	check(&e, "The client was killed by SIGPIPE", "had reset", "");
	e.program.signal = SIGSEGV;
	check(&e, "The client was killed by SIGSEGV", "by itself", "");
	e.program.signal = 0;
	e.program.status = 3;
	check(&e, "The client failed with status 3", "wrong", "");
	e.program.expected = true;
	check(&e, "The client ended with status 3, as this lab expects", "there to show", "");
}

static void nothing_from_outside_reaches_the_terminal(void **state)
{
	(void)state;
	struct event e = event_at(EVENT_PROGRAM, 0);
	struct explanation x;
	e.program.action = PROGRAM_STARTED;
	(void)snprintf(e.program.command, sizeof e.program.command, "./a\033]0;owned\a");
	explain_event(&x, &e);
	assert_null(strchr(x.title.bytes, '\033'));
	assert_non_null(strstr(x.title.bytes, "\\x1b]0;owned\\x07"));
	e = event_at(EVENT_NOTE, 0);
	(void)snprintf(e.note.text, sizeof e.note.text, "%%s%%n {me} \033[2J");
	explain_event(&x, &e);
	assert_string_equal(x.what.bytes, "%s%n {me} \\x1b[2J");
}

/* Any mixture of states, flags and numbers gets a title, and the storage is never overrun. */
static void every_segment_is_explained(void **state)
{
	(void)state;
	unsigned seed = 1;
	for (int i = 0; i < 20000; i++) {
		unsigned r[16];
		for (size_t k = 0; k < 16; k++)
			r[k] = (seed = seed * 1103515245 + 12345) >> 3;
		struct event e = segment_at(0, r[0] & 1 ? SERVER : CLIENT, r[1] & 0x1FF, r[2] % 9,
		                            r[3] % 9, r[4] % 4, r[5] % 3 * 1000);
		ends_before(&e,
		            tcb_at(CLIENT, r[6] % N_TCP_STATES, r[7] % 9, r[8] % 9, r[9] % 9, 0),
		            tcb_at(SERVER, r[10] % N_TCP_STATES, r[11] % 9, r[12] % 9, 1, 1000));
		e.segment.before[r[13] & 1].known = r[14] & 15;
		e.segment.after[CLIENT].state = r[15] % N_TCP_STATES;
		e.segment.options.present = r[9];
		e.segment.options.n_sack = (uint8_t)r[8];
		e.segment.analysis.flags = r[7];
		struct explanation x;
		explain_event(&x, &e);
		assert_true(x.title.len > 0 && x.what.len > 0);
		assert_false(x.title.cut || x.what.cut || x.change.cut || x.next.cut);
		assert_null(strchr(x.what.bytes, '{'));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(every_word_of_every_sentence_exists),
	        cmocka_unit_test(words_are_in_alphabetical_order),
	        cmocka_unit_test(the_last_rule_of_a_kind_always_applies),
	        cmocka_unit_test(say_keeps_what_it_does_not_know),
	        cmocka_unit_test(a_syn_is_told_with_its_numbers_and_offers),
	        cmocka_unit_test(a_syn_again_says_why),
	        cmocka_unit_test(a_syn_ack_and_the_third_ack_say_why_one),
	        cmocka_unit_test(a_simultaneous_open_is_told_apart),
	        cmocka_unit_test(fast_open_is_told_apart),
	        cmocka_unit_test(first_data_and_its_ack_have_their_ranges),
	        cmocka_unit_test(an_answer_with_data_acknowledges_too),
	        cmocka_unit_test(some_acknowledged_leaves_the_rest),
	        cmocka_unit_test(resends_are_told_with_and_without_labels),
	        cmocka_unit_test(probes_depend_on_the_window),
	        cmocka_unit_test(acks_that_move_nothing_are_told_apart),
	        cmocka_unit_test(sack_blocks_are_gaps_or_duplicates),
	        cmocka_unit_test(the_first_fin_uses_up_a_number),
	        cmocka_unit_test(answers_to_a_fin_are_told_apart),
	        cmocka_unit_test(the_last_ack_speaks_of_time_wait),
	        cmocka_unit_test(data_after_the_others_fin_is_half_closed),
	        cmocka_unit_test(a_reset_is_told_by_the_state_of_its_sender),
	        cmocka_unit_test(mid_stream_says_that_roles_are_guessed),
	        cmocka_unit_test(port_unreachable_names_what_it_quotes),
	        cmocka_unit_test(arp_asks_and_answers),
	        cmocka_unit_test(a_lossy_capture_is_confessed),
	        cmocka_unit_test(a_program_killed_by_sigpipe_learns_why),
	        cmocka_unit_test(nothing_from_outside_reaches_the_terminal),
	        cmocka_unit_test(every_segment_is_explained),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
