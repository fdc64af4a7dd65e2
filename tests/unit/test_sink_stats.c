/* The table of connections, exactly. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/story.h"

static void prints(const struct event *events, size_t n, const char *expected)
{
	static char out[16 * 1024];
	struct sink_options options = {.width = 80};
	assert_int_equal(story_print("stats", options, events, n, out, sizeof out), 0);
	assert_string_equal(out, expected);
}

static struct event closed(uint32_t stream)
{
	struct event e = event_at(EVENT_CONNECTION, 0);
	e.connection = (struct connection){
	        .stream = stream,
	        .action = CONNECTION_CLOSED,
	        .ends = {end_of(CLIENT), end_of(SERVER)},
	        .conn_state = CONN_STATE_SF,
	        .history = "ShADadFf",
	        .start_ns = START_NS,
	        .end_ns = START_NS + 12 * NS_PER_MS,
	        .sent = {{.segments = 5,
	                  .unique_bytes = 13,
	                  .retransmitted_segments = 1,
	                  .rtt_count = 2,
	                  .rtt_min_ns = 17000,
	                  .rtt_sum_ns = 47000,
	                  .rtt_max_ns = 30000,
	                  .window_min = 100,
	                  .window_max = 64000},
	                 {.segments = 4, .unique_bytes = 1000}},
	};
	return e;
}

static void connections_stand_in_order_and_aligned(void **state)
{
	(void)state;
	struct event events[] = {closed(10), closed(2), closed(3)};
	events[1].connection.conn_state = CONN_STATE_REJ;
	events[1].connection.reset_cause = D_RST_CLOSED_PORT;
	memcpy(events[1].connection.history, "Sr", 3);
	events[2].connection.action = CONNECTION_OPENED; /* not yet a row */
	prints(events, 3,
	       "stream  client           server          state  history   duration  segments    "
	       "bytes  resent  rtt ms min/avg/max  windows min-max  reset\n"
	       "     2  127.0.0.1:45360  127.0.0.1:8080  REJ    Sr           12 ms       5/4  "
	       "13/1000     1/0   0.017/0.023/0.030    100-64000/0-0  rst_closed_port\n"
	       "    10  127.0.0.1:45360  127.0.0.1:8080  SF     ShADadFf     12 ms       5/4  "
	       "13/1000     1/0   0.017/0.023/0.030    100-64000/0-0\n");
}

static void without_connections_there_is_only_the_head(void **state)
{
	(void)state;
	struct event e = event_at(EVENT_NOTE, 0);
	prints(&e, 1,
	       "stream  client  server  state  history  duration  segments  bytes  resent  "
	       "rtt ms min/avg/max  windows min-max  reset\n");
}

static struct event said(enum side from, const char *protocol, uint64_t bytes, int64_t latency_us)
{
	struct event e = event_at(EVENT_MESSAGE, 0);
	message_begin(&e.message, protocol, "any");
	e.message.from = from;
	e.message.length = bytes;
	e.message.latency_ns = latency_us < 0 ? -1 : latency_us * NS_PER_US;
	return e;
}

static void messages_are_counted_for_each_protocol(void **state)
{
	(void)state;
	struct event events[] = {
	        said(CLIENT, "http", 100, -1), said(SERVER, "http", 1000, 5000),
	        said(CLIENT, "http", 100, -1), said(SERVER, "http", 2000, 1000),
	        said(CLIENT, "dns", 30, -1),   said(SERVER, "http", 3000, 250000),
	};
	message_trouble(&events[5].message, "something");
	prints(events, 6,
	       "stream  client  server  state  history  duration  segments  bytes  resent  "
	       "rtt ms min/avg/max  windows min-max  reset\n"
	       "\n"
	       "protocol    messages client/server    bytes client/server   answers  "
	       "latency median       max  trouble\n"
	       "http                           2/3               200/6000         3  "
	       "          5 ms    250 ms        1\n"
	       "dns                            1/0                   30/0         0  "
	       "             -         -        0\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(connections_stand_in_order_and_aligned),
	        cmocka_unit_test(without_connections_there_is_only_the_head),
	        cmocka_unit_test(messages_are_counted_for_each_protocol),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
