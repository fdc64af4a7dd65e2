/* test_tui_filter.c: display filters: what they match, what they refuse and how they say it, and
 * that no text can hurt. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "event/schema.h"
#include "tui/filter.h"
#include "story.h"

static struct filter filter;

static void compile(const char *expression)
{
	struct err err = {""};
	if (filter_compile(&filter, expression, NULL, &err) < 0)
		fail_msg("%s: %s", expression, err.message);
}

static bool matches(const char *expression, const struct event *event)
{
	compile(expression);
	return filter_matches(&filter, event);
}

static void assert_fault(const char *expression, size_t at, const char *words)
{
	struct err err = {""};
	size_t where = 12345;
	assert_int_equal(filter_compile(&filter, expression, &where, &err), -1);
	if (!strstr(err.message, words))
		fail_msg("%s: %s", expression, err.message);
	assert_int_equal(where, at);
}

/* A resent segment of the client: 100 bytes, 1000 ms after the start. */
static struct event sample(void)
{
	struct event e = segment_at(1000000, CLIENT, TCP_PSH | TCP_ACK, 1, 1, 100, 64240);
	e.number = 7;
	e.frame = 5;
	e.wirelen = e.caplen = 154;
	e.linktype = 1;
	e.segment.analysis.flags = A_RETRANSMISSION | A_OUT_OF_ORDER;
	e.segment.analysis.ack_rtt_ns = 20 * NS_PER_MS;
	e.segment.step = 2;
	e.segment.step_total = 3;
	e.segment.phase = PHASE_HANDSHAKE;
	ends_before(&e, tcb_at(CLIENT, TCP_ESTABLISHED, 1, 101, 1, 64240),
	            tcb_at(SERVER, TCP_SYN_RECEIVED, 1, 1, 1, 64240));
	memcpy(e.bytes, "\x02GET /", 6);
	e.n_bytes = 6;
	return e;
}

static void names_alone_ask_whether_it_is_there(void **state)
{
	(void)state;
	struct event e = sample();
	static const char *const yes[] = {"",
	                                  "  ",
	                                  "tcp.len",
	                                  "frame",
	                                  "ack",
	                                  "PSH",
	                                  "retransmission",
	                                  "tcp.analysis",
	                                  "tcp",
	                                  "ip",
	                                  "bytes",
	                                  "tcp.flags.push",
	                                  "tcp.analysis.out_of_order",
	                                  "event",
	                                  "tcp.analysis.ack_rtt",
	                                  "ip.addr"};
	static const char *const no[] = {"syn",
	                                 "udp",
	                                 "ipv6",
	                                 "arp",
	                                 "tcp.urgent_pointer",
	                                 "duplicate_ack",
	                                 "udp.port",
	                                 "text",
	                                 "roles",
	                                 "tcp.analysis.rto",
	                                 "tcp.options.sack_perm",
	                                 "ipv6.addr"};
	for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++)
		if (!matches(yes[i], &e))
			fail_msg("%s", yes[i]);
	for (size_t i = 0; i < sizeof no / sizeof no[0]; i++)
		if (matches(no[i], &e))
			fail_msg("%s", no[i]);
}

static void comparisons_follow_the_member_s_type(void **state)
{
	(void)state;
	struct event e = sample();
	static const char *const yes[] = {"tcp.len == 100",
	                                  "tcp.len = 0x64",
	                                  "tcp.len >= 100",
	                                  "tcp.len lt 101",
	                                  "tcp.len != 99",
	                                  "tcp.flags == 0x018",
	                                  "tcp.flags == 24",
	                                  "flags == PSH,ACK",
	                                  "flags contains psh",
	                                  "from == client",
	                                  "from != \"server\"",
	                                  "phase == handshake",
	                                  "step == 'handshake 2/3'",
	                                  "client.state == ESTABLISHED",
	                                  "server.state contains syn",
	                                  "ip.src == 127.0.0.1",
	                                  "ip.addr == 127.0.0.0/8",
	                                  "ip.src != 10.0.0.1",
	                                  "tcp.port == 8080",
	                                  "tcp.port == 45360",
	                                  "tcp.analysis contains retransmission",
	                                  "tcp.analysis contains order",
	                                  "tcp.analysis == out_of_order",
	                                  "tcp.analysis != duplicate_ack",
	                                  "tcp.analysis.retransmission",
	                                  "retransmission == 1",
	                                  "syn == 0",
	                                  "tcp.analysis.ack_rtt == 0.02",
	                                  "tcp.analysis.ack_rtt > 19ms",
	                                  "tcp.analysis.ack_rtt <= 20000us",
	                                  "time >= 1700000001",
	                                  "event == segment",
	                                  "event contains seg",
	                                  "bytes contains GET",
	                                  "bytes contains 474554",
	                                  "bytes contains \"GET\"",
	                                  "bytes contains 47:45:54",
	                                  "client.snd_nxt == 1000101",
	                                  "tcp.window_size_scalefactor == -2",
	                                  "frame.number == 5",
	                                  "NUMBER == 7"};
	for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++) {
		TEXT(opposite, 200);
		if (!matches(yes[i], &e))
			fail_msg("%s", yes[i]);
		text_addf(&opposite, "! (%s)", yes[i]);
		assert_false(matches(opposite.bytes, &e));
	}
}

static void unequal_means_that_none_is_equal(void **state)
{
	(void)state;
	struct event e = sample();
	assert_false(matches("tcp.port != 8080", &e));
	assert_true(matches("tcp.port != 80", &e));
	assert_false(matches("tcp.analysis != retransmission", &e));
	assert_false(matches("udp.port != 80", &e)); /* there is none */
	assert_false(matches("tcp.urgent_pointer != 3", &e));
}

static void operators_bind_as_in_c(void **state)
{
	(void)state;
	struct event e = sample();
	assert_true(matches("syn && fin || ack", &e));
	assert_false(matches("syn && (fin || ack)", &e));
	assert_true(matches("ack or syn and fin", &e));
	assert_true(matches("!syn && not !ack", &e));
	assert_true(matches("((((ack))))", &e));
	assert_true(matches("tcp.analysis contains retransmission && from == client", &e));
}

static void a_list_of_numbers_matches_by_any(void **state)
{
	(void)state;
	struct event e = sample();
	e.segment.options.present = OPT_SACK | OPT_OTHER;
	e.segment.options.n_sack = 2;
	e.segment.options.sack_left[1] = isn_of[SERVER] + 201;
	e.segment.options.n_other = 1;
	e.segment.options.other_kinds[0] = 77;
	assert_true(matches("tcp.options.sack_le == 201", &e));
	assert_true(matches("tcp.options.sack_le > 200", &e));
	assert_true(matches("tcp.options.unknown contains 77", &e));
	assert_false(matches("tcp.options.unknown == 78", &e));
	assert_true(matches("tcp.options.unknown != 78", &e));
}

static void what_was_not_known_before_is_not_compared(void **state)
{
	(void)state;
	struct event e = sample();
	e.segment.before[CLIENT].known = 0;
	assert_false(matches("client.snd_una_before == 0", &e));
	assert_false(matches("client.snd_una_before != 0", &e));
	e.segment.before[CLIENT].known = KNOWN_SND;
	e.segment.before[CLIENT].snd_una = 5;
	assert_true(matches("client.snd_una_before == 5", &e));
}

static void other_kinds_of_events_have_names_too(void **state)
{
	(void)state;
	struct event e = event_at(EVENT_PROGRAM, 0);
	e.program.action = PROGRAM_EXITED;
	e.program.status = 1;
	assert_true(matches("status == 1", &e));
	assert_true(matches("action == exited && status != 0", &e));
	e = event_at(EVENT_FRAME, 0);
	e.frame_info.status = PACKET_MALFORMED;
	(void)snprintf(e.frame_info.protocol, sizeof e.frame_info.protocol, "arp");
	assert_true(matches("status == malformed", &e));
	assert_true(matches("arp", &e));
	assert_false(matches("tcp", &e));
	e = event_at(EVENT_CONNECTION, 0);
	e.connection.start_ns = 5;
	e.connection.end_ns = 5 + 3 * NS_PER_SECOND;
	e.connection.sent[CLIENT].rtt_count = 2;
	e.connection.sent[CLIENT].rtt_sum_ns = 6 * NS_PER_MS;
	assert_true(matches("duration == 3", &e));
	assert_true(matches("client.rtt_avg == 3ms", &e));
	assert_false(matches("client.fin", &e));
}

static void faults_say_where_and_what_was_meant(void **state)
{
	(void)state;
	assert_fault("tcp.le > 3", 0, "did you mean tcp.len");
	assert_fault("ack && frmo == client", 7, "from");
	assert_fault("tcp.analysis contains retransmision", 22, "nearest: retransmission");
	assert_fault("tcp.analysis.retransmision", 0, "tcp.analysis.retransmission");
	assert_fault("from == clent", 8, "client, server");
	assert_fault("event == segmnt", 9, "segment");
	assert_fault("tcp.len == many", 11, "number");
	assert_fault("tcp.len contains 3", 17, "==");
	assert_fault("ip.src == 10.0.0", 10, "10.0.0.1");
	assert_fault("ip.src == 10.0.0.1/33", 10, "10.0.0.1");
	assert_fault("ip.src < 10.0.0.1", 9, "address");
	assert_fault("text > 3", 7, "text");
	assert_fault("syn == yes", 7, "1 or 0");
	assert_fault("tcp.analysis.rto > soon", 19, "seconds");
	assert_fault("udp == 3", 0, "alone");
	assert_fault("tcp.len ==", 10, "value is missing");
	assert_fault("ack &&", 6, "name is missing");
	assert_fault("(ack", 4, ") is missing");
	assert_fault("ack)", 3, "&& or ||");
	assert_fault("ack syn", 4, "&& or ||");
	assert_fault("ack & syn", 4, "&& or ||");
	assert_fault("text == \"open", 9, "quote");
	assert_fault("\"open", 1, "quote");
	assert_fault("== 3", 0, "name is missing");
	assert_fault("ack && \x1b[31m", 7, "\\x1b");
}

static char *repeat(const char *piece, int n, const char *end)
{
	size_t len = strlen(piece);
	char *s = malloc(len * (size_t)n + strlen(end) + 1);
	assert_non_null(s);
	for (int i = 0; i < n; i++)
		memcpy(s + (size_t)i * len, piece, len);
	memcpy(s + len * (size_t)n, end, strlen(end) + 1);
	return s;
}

static void depth_and_length_are_bounded(void **state)
{
	(void)state;
	static const struct {
		const char *piece, *end;
		int n;
		bool fits;
	} cases[] = {
	        {"(", "ack", 100000, false}, {"!", "ack", 100000, true},
	        {"!(", "ack", 60, false},    {"ack||", "ack", 1000, false},
	        {"ack||", "ack", 120, true}, {"x", "", 100000, false},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct err err;
		char *s = repeat(cases[i].piece, cases[i].n, cases[i].end);
		int result = filter_compile(&filter, s, NULL, &err);
		assert_int_equal(result, cases[i].fits ? 0 : -1);
		free(s);
	}
	char *deep = repeat("(ack||syn&&", 49, "ack");
	char *whole = malloc(strlen(deep) + 50);
	assert_non_null(whole);
	memcpy(whole, deep, strlen(deep) + 1);
	memset(whole + strlen(deep), ')', 49);
	whole[strlen(deep) + 49] = '\0';
	struct event e = sample();
	assert_true(matches(whole, &e));
	free(whole);
	free(deep);
}

/* Every key of every kind compiles alone and compared with its own value's kind, and evaluating it
 * on any kind of event does no harm. */
static void every_key_of_the_stream_is_a_name(void **state)
{
	(void)state;
	for (enum event_kind kind = EVENT_SESSION; kind < N_EVENT_KINDS; kind++) {
		const struct schema *schema = event_schema(kind);
		for (size_t i = 0; i < schema->n; i++) {
			compile(schema->members[i].key);
			for (int other = 0; other < N_EVENT_KINDS; other++) {
				struct event e = event_at((enum event_kind)other, 0);
				(void)filter_matches(&filter, &e); /* only must not fail */
			}
		}
	}
}

/* Words in random order: refused or not, never harmful. */
static void random_words_do_no_harm(void **state)
{
	(void)state;
	static const char *const words[] = {"ack",
	                                    "(",
	                                    ")",
	                                    "!",
	                                    "&&",
	                                    "||",
	                                    "==",
	                                    "!=",
	                                    "<",
	                                    "contains",
	                                    "tcp.len",
	                                    "3",
	                                    "tcp.analysis",
	                                    "retransmission",
	                                    "ip.src",
	                                    "10.0.0.0/8",
	                                    "\"",
	                                    "'",
	                                    "0x",
	                                    "-",
	                                    "1e9",
	                                    "\xff\xfe",
	                                    "::1/129",
	                                    "99999999999999999999",
	                                    "bytes",
	                                    "time",
	                                    "step"};
	enum { N_WORDS = sizeof words / sizeof words[0] };
	struct event e = sample();
	unsigned random = 1, accepted = 0;
	for (int round = 0; round < 20000; round++) {
		TEXT(expression, 512);
		for (int i = 0; i < 1 + round % 12; i++) {
			random = random * 1103515245 + 12345;
			text_add(&expression, words[(random >> 16) % N_WORDS]);
			text_add_char(&expression, ' ');
		}
		struct err err;
		size_t at = 0;
		if (filter_compile(&filter, expression.bytes, &at, &err) == 0) {
			accepted++;
			(void)filter_matches(&filter, &e); /* only must not fail */
		} else {
			assert_true(at <= expression.len);
		}
	}
	assert_true(accepted > 100);
}

static void fields_of_messages_are_compared(void **state)
{
	(void)state;
	struct event e = event_at(EVENT_MESSAGE, 0), segment = sample();
	message_begin(&e.message, "http", "response");
	message_add_uint(&e.message, "http.response.code", 404);
	message_add_text(&e.message, "http.server", "nginx/1.22");
	message_add_text(&e.message, "http.response.line", "X-A: 1");
	message_add_text(&e.message, "http.response.line", "X-B: 2");
	static const char *const yes[] = {"http",
	                                  "http.response.code",
	                                  "http.response.code == 404",
	                                  "http.response.code >= 400",
	                                  "http.response.code < 1000",
	                                  "http.server contains NGINX",
	                                  "http.response.line == \"x-b: 2\"",
	                                  "http.response.line != other",
	                                  "protocol == http && kind == response"};
	static const char *const no[] = {"dns",
	                                 "http.host",
	                                 "http.host != x",
	                                 "http.response.code == 40",
	                                 "http.response.line != \"X-A: 1\"",
	                                 "http.server == nginx"};
	for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++)
		if (!matches(yes[i], &e))
			fail_msg("does not match: %s", yes[i]);
	for (size_t i = 0; i < sizeof no / sizeof no[0]; i++)
		if (matches(no[i], &e))
			fail_msg("matches: %s", no[i]);
	assert_false(matches("http.response.code", &segment));
	assert_fault("htp.response.code == 3", 0, "no such name");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(fields_of_messages_are_compared),
	        cmocka_unit_test(names_alone_ask_whether_it_is_there),
	        cmocka_unit_test(comparisons_follow_the_member_s_type),
	        cmocka_unit_test(unequal_means_that_none_is_equal),
	        cmocka_unit_test(operators_bind_as_in_c),
	        cmocka_unit_test(a_list_of_numbers_matches_by_any),
	        cmocka_unit_test(what_was_not_known_before_is_not_compared),
	        cmocka_unit_test(other_kinds_of_events_have_names_too),
	        cmocka_unit_test(faults_say_where_and_what_was_meant),
	        cmocka_unit_test(depth_and_length_are_bounded),
	        cmocka_unit_test(every_key_of_the_stream_is_a_name),
	        cmocka_unit_test(random_words_do_no_harm),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
