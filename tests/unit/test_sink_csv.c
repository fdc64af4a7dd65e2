/* The CSV of connections: a header, a line at each end, cells in their columns. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "story.h"

static char out[64 * 1024];

static void print(const struct event *events, size_t n)
{
	struct sink_options options = {.width = 80};
	assert_int_equal(story_print("csv", options, events, n, out, sizeof out), 0);
}

/* The cell of that column in that line (0: the header). None of these cells holds a comma. */
static void cell(const char *column, int line, char *value, size_t size)
{
	size_t index = 0, at = 0;
	const char *row = out;
	for (const char *c = out;
	     strncmp(c, column, strlen(column)) != 0 || strchr(",\r", c[strlen(column)]) == NULL ||
	     (c > out && c[-1] != ',');
	     c++) {
		assert_true(*c != '\r' && *c != '\0'); /* there is such a column */
		index += *c == ',';
	}
	while (line-- > 0)
		row = strchr(row, '\n') + 1;
	for (; index > 0; row++)
		index -= *row == ',';
	for (; row[at] != ',' && row[at] != '\r' && at + 1 < size; at++)
		value[at] = row[at];
	value[at] = '\0';
}

static void expect(const char *column, const char *expected)
{
	char value[128];
	cell(column, 1, value, sizeof value);
	assert_string_equal(value, expected);
}

static struct event closed(void)
{
	struct event e = story_opened(5000);
	struct connection *c = &e.connection;
	c->action = CONNECTION_CLOSED;
	c->stream = 3;
	c->open = OPEN_HANDSHAKE;
	c->close = CLOSE_FOUR_WAY;
	c->fin_seen[CLIENT] = c->fin_seen[SERVER] = true;
	c->first_fin = SERVER;
	c->start_ns = START_NS;
	c->end_ns = START_NS + 5 * NS_PER_MS;
	c->sent[CLIENT] = (struct direction){.segments = 5, .bytes = 26, .window_scale = -1};
	c->sent[SERVER] = (struct direction){
	        .rtt_count = 2, .rtt_min_ns = 1000, .rtt_sum_ns = 4000, .rtt_max_ns = 3000};
	return e;
}

static void each_line_has_as_many_cells_as_the_header(void **state)
{
	(void)state;
	const struct event events[] = {closed(), closed()};
	size_t cells[3] = {0};
	int line = 0;
	print(events, 2);
	for (const char *c = out; *c; c++) {
		assert_true(line < 3);
		cells[line] += *c == ',';
		if (*c == '\n') {
			assert_int_equal(c[-1], '\r');
			line++;
		}
	}
	assert_int_equal(line, 3);
	assert_true(cells[0] > 40);
	assert_int_equal(cells[1], cells[0]);
	assert_int_equal(cells[2], cells[0]);
}

static void figures_stand_under_the_names_of_the_stream(void **state)
{
	(void)state;
	const struct event event = closed();
	print(&event, 1);
	expect("action", "closed");
	expect("tcp.stream", "3");
	expect("close", "four-way");
	expect("first_fin", "server");
	expect("reset_by", "");
	expect("duration", "0.005000000");
	expect("client.ip", "127.0.0.1");
	expect("client.port", "45360");
	expect("server.port", "8080");
	expect("client.bytes", "26");
	expect("client.rtt_avg", "");
	expect("server.rtt_avg", "0.000002000");
}

static void only_the_end_of_a_connection_is_a_line(void **state)
{
	(void)state;
	const struct event events[] = {story_opened(0), story_syn(0), closed()};
	print(events, 3);
	const char *first = strchr(out, '\n');
	assert_non_null(first);
	assert_non_null(strchr(first + 1, '\n'));
	assert_string_equal(strchr(first + 1, '\n'), "\n");
}

static void without_connections_there_is_the_header_alone(void **state)
{
	(void)state;
	print(NULL, 0);
	assert_memory_equal(out, "number,time,", 12);
	assert_string_equal(strchr(out, '\n'), "\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(each_line_has_as_many_cells_as_the_header),
	        cmocka_unit_test(figures_stand_under_the_names_of_the_stream),
	        cmocka_unit_test(only_the_end_of_a_connection_is_a_line),
	        cmocka_unit_test(without_connections_there_is_the_header_alone),
	};
	return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
