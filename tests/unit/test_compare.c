/* test_compare.c: what a kernel says of its socket, held against what the segments say: it agrees,
 * differs, or cannot be compared; and why. */
#include <netinet/in.h>

#include "segments.h"

#include "compare.h"
#include "merge.h"
#include "packets.h"

struct moment {
	struct wire wire;
	struct compare compare;
};

static void begin(struct moment *m, const char *const *lines)
{
	memset(&m->compare, 0, sizeof m->compare);
	wire_open(&m->wire);
	for (; *lines; lines++)
		(void)wire_send(&m->wire, *lines);
}

/* A sample of that end, so long after the last segment: "", "differs", "differs: …" or a reason. */
static const char *compared(struct moment *m, enum side side, enum tcp_state state,
                            int64_t after_ns, bool later)
{
	static char words[EVENT_TEXT_MAX + 16];
	struct kernel_event k = {.state = state};
	struct text t = text_of(words, sizeof words);
	k.local = m->wire.ends[side];
	k.remote = m->wire.ends[side_other(side)];
	compare_sample(&m->compare, m->wire.flow, &k, m->wire.now_ns + after_ns, later);
	text_add(&t, k.differs ? "differs" : "");
	text_add(&t, k.differs && k.reason[0] ? ": " : "");
	text_add(&t, k.reason);
	return words;
}

static const char *const open_connection[] = {"C S 0:0(0) win 1000", "S SA 0:0(0) ack 1 win 2000",
                                              "C A 1:1(0) ack 1 win 1000", NULL};

static void both_ends_agree(void **state)
{
	(void)state;
	struct moment m;
	struct kernel_event k = {.state = TCP_ESTABLISHED};
	begin(&m, open_connection);
	assert_string_equal(compared(&m, CLIENT, TCP_ESTABLISHED, NS_PER_SECOND, false), "");
	assert_string_equal(compared(&m, SERVER, TCP_ESTABLISHED, 0, true), "");
	k.local = m.wire.ends[SERVER];
	k.remote = m.wire.ends[CLIENT];
	compare_sample(&m.compare, m.wire.flow, &k, m.wire.now_ns, false);
	assert_int_equal(k.stream, 0);
	assert_int_equal(k.inferred, TCP_ESTABLISHED);
	wire_close(&m.wire);
}

static void a_socket_that_no_segment_was_seen_of_has_no_connection(void **state)
{
	(void)state;
	struct moment m;
	struct kernel_event k = {.state = TCP_LISTEN, .stream = 5, .differs = true};
	begin(&m, open_connection);
	k.local = m.wire.ends[SERVER];
	compare_sample(&m.compare, m.wire.flow, &k, m.wire.now_ns, false);
	assert_int_equal(k.stream, -1);
	assert_int_equal(k.inferred, TCP_STATE_UNKNOWN);
	assert_false(k.differs);
	wire_close(&m.wire);
}

static void a_difference_at_rest_is_one(void **state)
{
	(void)state;
	struct moment m;
	begin(&m, open_connection);
	assert_string_equal(compared(&m, CLIENT, TCP_CLOSE_WAIT, NS_PER_SECOND, false), "differs");
	wire_close(&m.wire);
}

static void what_is_under_way_keeps_from_comparing(void **state)
{
	(void)state;
	struct moment m;
	begin(&m, open_connection);
	assert_string_equal(compared(&m, CLIENT, TCP_FIN_WAIT_1, NS_PER_SECOND, true),
	                    "a segment of it is under way");
	assert_string_equal(compared(&m, CLIENT, TCP_FIN_WAIT_1, NS_PER_MS / 2, false),
	                    "a segment of it has only just come");
	compare_sent(&m.compare, 7);
	compare_sent(&m.compare, 8);
	compare_ended(&m.compare, 7);
	assert_string_equal(compared(&m, CLIENT, TCP_FIN_WAIT_1, NS_PER_SECOND, false),
	                    "a segment of it is under way");
	compare_ended(&m.compare, 99); /* of a frame that was not told of */
	compare_ended(&m.compare, 8);
	assert_string_equal(compared(&m, CLIENT, TCP_FIN_WAIT_1, NS_PER_SECOND, false), "differs");
	for (uint64_t id = 1; id <= 2 * COMPARE_FRAMES; id++)
		compare_sent(&m.compare, id);
	assert_int_equal(m.compare.n_under_way, COMPARE_FRAMES);
	wire_close(&m.wire);
}

static void what_no_segment_shows_has_a_reason(void **state)
{
	(void)state;
	static const char *const closing[] = {
	        "C S 0:0(0) win 1000",       "S SA 0:0(0) ack 1 win 2000",
	        "C A 1:1(0) ack 1 win 1000", "C FA 1:1(0) ack 1 win 1000",
	        "S A 1:1(0) ack 2 win 2000", NULL};
	static const char *const asked[] = {"C S 0:0(0) win 1000", NULL};
	static const char *const sent[] = {"C S 0:0(0) win 1000", "S SA 0:0(0) ack 1 win 2000",
	                                   "C A 1:1(0) ack 1 win 1000",
	                                   "C PA 1:101(100) ack 1 win 1000", NULL};
	static const char *const over[] = {"C S 0:0(0) win 1000",
	                                   "S SA 0:0(0) ack 1 win 2000",
	                                   "C A 1:1(0) ack 1 win 1000",
	                                   "C FA 1:1(0) ack 1 win 1000",
	                                   "S FA 1:1(0) ack 2 win 2000",
	                                   "C A 2:2(0) ack 2 win 1000",
	                                   NULL};
	struct moment m;
	begin(&m, closing);
	assert_non_null(strstr(compared(&m, CLIENT, TCP_CLOSED, 70 * NS_PER_SECOND, false),
	                       "differs: its program has closed it, and Linux waits only"));
	wire_close(&m.wire);
	begin(&m, asked);
	assert_non_null(strstr(compared(&m, CLIENT, TCP_CLOSED, NS_PER_SECOND, false),
	                       "differs: its program gave up connecting"));
	assert_non_null(strstr(compared(&m, SERVER, TCP_CLOSED, NS_PER_SECOND, false),
	                       "differs: it gave up waiting for the handshake's last ACK"));
	wire_close(&m.wire);
	begin(&m, sent);
	assert_non_null(strstr(compared(&m, CLIENT, TCP_CLOSED, NS_PER_SECOND, false),
	                       "differs: what it sent was not acknowledged in time"));
	assert_string_equal(compared(&m, SERVER, TCP_CLOSED, NS_PER_SECOND, false), "differs");
	assert_non_null(strstr(compared(&m, SERVER, TCP_SYN_RECEIVED, NS_PER_SECOND, false),
	                       "differs: Linux ignores the handshake's last ACK"));
	wire_close(&m.wire);
	begin(&m, over);
	assert_string_equal(compared(&m, CLIENT, TCP_CLOSED, NS_PER_SECOND, false), "differs");
	assert_non_null(strstr(compared(&m, CLIENT, TCP_CLOSED, 60 * NS_PER_SECOND, false),
	                       "differs: its time in TIME-WAIT is over"));
	wire_close(&m.wire);
}

static void a_difference_is_news_once(void **state)
{
	(void)state;
	struct moment m;
	struct kernel_event k = {.state = TCP_CLOSE_WAIT, .news = KERNEL_NEWS_FIGURES};
	begin(&m, open_connection);
	k.local = m.wire.ends[CLIENT];
	k.remote = m.wire.ends[SERVER];
	compare_sample(&m.compare, m.wire.flow, &k, m.wire.now_ns + NS_PER_SECOND, false);
	assert_true(k.differs);
	assert_int_equal(k.news, KERNEL_NEWS_STATE);
	k.news = KERNEL_NEWS_FIGURES;
	compare_sample(&m.compare, m.wire.flow, &k, m.wire.now_ns + 2 * NS_PER_SECOND, false);
	assert_true(k.differs);
	assert_int_equal(k.news, KERNEL_NEWS_FIGURES);
	wire_close(&m.wire);
}

static void a_fin_that_waits_behind_data_is_a_reason(void **state)
{
	(void)state;
	struct moment m;
	struct kernel_event k = {.state = TCP_FIN_WAIT_1, .send_queue = 1000};
	begin(&m, open_connection);
	k.local = m.wire.ends[CLIENT];
	k.remote = m.wire.ends[SERVER];
	compare_sample(&m.compare, m.wire.flow, &k, m.wire.now_ns + NS_PER_SECOND, false);
	assert_true(k.differs);
	assert_non_null(strstr(k.reason, "the FIN waits behind data"));
	wire_close(&m.wire);
}

/* ---- frames that wait behind the sample ---- */

static bool is_marked(const struct record *frame, const void *data)
{
	return frame->caplen > 0 && frame->data[0] == *(const uint8_t *)data;
}

static void a_frame_that_waits_is_found(void **state)
{
	(void)state;
	struct merge *merge = merge_new();
	uint8_t bytes[] = {'a', 'b'}, last = 'z', none = '!';
	assert_non_null(merge);
	assert_false(merge_has_frame(merge, is_marked, &last));
	for (int i = 0; i < 100; i++) {
		bytes[0] = i == 99 ? last : (uint8_t)'a';
		struct record r = {.time_ns = i, .caplen = 2, .wirelen = 2, .data = bytes};
		assert_true(merge_add_frame(merge, &r));
	}
	assert_true(merge_has_frame(merge, is_marked, &last));
	assert_false(merge_has_frame(merge, is_marked, &none));
	for (int i = 0; i < 5000; i++) {
		struct record r = {.time_ns = 100 + i, .caplen = 2, .wirelen = 2, .data = bytes};
		assert_true(merge_add_frame(merge, &r));
	}
	assert_true(merge_has_frame(merge, is_marked, &none)); /* it does not look at so many */
	merge_free(merge);
}

static void a_frame_is_of_the_socket_whichever_end_sent_it(void **state)
{
	(void)state;
	struct frame f = frame_data("", 0);
	struct packet packet;
	frame_tcp(&f);
	frame_ipv4(&f, IPPROTO_TCP);
	frame_ethernet(&f, 0x0800);
	struct record r = {.linktype = 1,
	                   .caplen = (uint32_t)frame_len(&f),
	                   .wirelen = (uint32_t)frame_len(&f),
	                   .data = frame_bytes(&f)};
	packet_decode(&packet, r.linktype, r.data, r.caplen, r.wirelen);
	assert_int_equal(packet.kind, KIND_TCP);
	struct kernel_event k = {.local = {packet.ip.src, packet.tcp.src_port},
	                         .remote = {packet.ip.dst, packet.tcp.dst_port}};
	struct kernel_event other = {.local = k.remote, .remote = k.local};
	assert_true(compare_is_of(&r, &k));
	assert_true(compare_is_of(&r, &other));
	k.local.port++;
	assert_false(compare_is_of(&r, &k));
	r.caplen = 20;
	assert_false(compare_is_of(&r, &other));
}

/* ---- at rest ---- */

static bool rests_differing(struct moment *m, int64_t after_ns, struct kernel_event *told)
{
	return compare_at_rest(&m->compare, m->wire.flow, m->wire.now_ns + after_ns, told);
}

static void what_comes_to_rest_in_another_state_is_told_once(void **state)
{
	(void)state;
	struct moment m;
	struct kernel_event told;
	begin(&m, open_connection);
	assert_string_equal(compared(&m, CLIENT, TCP_ESTABLISHED, 0, false), "");
	assert_false(rests_differing(&m, 200 * NS_PER_MS, &told));
	(void)wire_send(&m.wire,
	                "+0.500 S FA 1:1(0) ack 1 win 2000"); /* the client's kernel has no news */
	compare_disturb(&m.compare);
	assert_false(rests_differing(&m, 10 * NS_PER_MS, &told));
	assert_true(rests_differing(&m, 200 * NS_PER_MS, &told));
	assert_true(told.differs);
	assert_int_equal(told.state, TCP_ESTABLISHED);
	assert_int_equal(told.inferred, TCP_CLOSE_WAIT);
	assert_int_equal(told.stream, 0);
	assert_int_equal(told.local.port, m.wire.ends[CLIENT].port);
	assert_false(rests_differing(&m, 300 * NS_PER_MS, &told));
	compare_disturb(&m.compare);
	assert_false(rests_differing(&m, 400 * NS_PER_MS, &told));
	wire_close(&m.wire);
}

static void with_a_frame_on_the_wire_nothing_rests(void **state)
{
	(void)state;
	struct moment m;
	struct kernel_event told;
	begin(&m, open_connection);
	(void)compared(&m, CLIENT, TCP_FIN_WAIT_1, 0, true);
	compare_sent(&m.compare, 5);
	assert_false(rests_differing(&m, NS_PER_SECOND, &told));
	compare_ended(&m.compare, 5);
	assert_true(rests_differing(&m, 2 * NS_PER_SECOND, &told));
	wire_close(&m.wire);
}

static void a_crowd_of_sockets_is_not_compared_at_rest(void **state)
{
	(void)state;
	struct moment m;
	struct kernel_event told, k = {.state = TCP_ESTABLISHED};
	begin(&m, open_connection);
	(void)compared(&m, CLIENT, TCP_FIN_WAIT_1, 0, true);
	k.remote = m.wire.ends[SERVER];
	for (int i = 1; i < COMPARE_SOCKETS; i++) {
		k.local.port = (uint16_t)i;
		compare_sample(&m.compare, m.wire.flow, &k, m.wire.now_ns, false);
	}
	assert_false(m.compare.crowded);
	k.local.port = 1001;
	compare_sample(&m.compare, m.wire.flow, &k, m.wire.now_ns, false);
	assert_true(m.compare.crowded);
	assert_false(rests_differing(&m, NS_PER_SECOND, &told));
	wire_close(&m.wire);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(both_ends_agree),
	        cmocka_unit_test(a_socket_that_no_segment_was_seen_of_has_no_connection),
	        cmocka_unit_test(a_difference_at_rest_is_one),
	        cmocka_unit_test(what_is_under_way_keeps_from_comparing),
	        cmocka_unit_test(what_no_segment_shows_has_a_reason),
	        cmocka_unit_test(a_difference_is_news_once),
	        cmocka_unit_test(a_fin_that_waits_behind_data_is_a_reason),
	        cmocka_unit_test(a_frame_that_waits_is_found),
	        cmocka_unit_test(a_frame_is_of_the_socket_whichever_end_sent_it),
	        cmocka_unit_test(what_comes_to_rest_in_another_state_is_told_once),
	        cmocka_unit_test(with_a_frame_on_the_wire_nothing_rests),
	        cmocka_unit_test(a_crowd_of_sockets_is_not_compared_at_rest),
	};
	return cmocka_run_group_tests_name("compare", tests, NULL, NULL);
}
