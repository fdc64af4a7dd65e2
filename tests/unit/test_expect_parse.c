/* The language of the file `expect`: every form that there is, and what is said of a wrong one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runner/expect.h"

static void each_form_of_the_grammar_is_understood(void **state)
{
	static const char *const lines[] = {
	        "handshakes = 1",
	        "handshakes != 0",
	        "connections in 1..2",
	        "fins = 2",
	        "fins client = 1",
	        "resets = 0",
	        "retransmissions >= 1",
	        "data-segments client <= 3",
	        "segments server > 0",
	        "datagrams client = 1",
	        "icmp = 0",
	        "zero-windows >= 1",
	        "data client = 13",
	        "data server >= 1000",
	        "data < 100",
	        "data client \"Hello\\n\\r\\t\\\\\\\"\\x00\"",
	        "data client begins \"a\"",
	        "data client ends \"a\"",
	        "data client contains \"a\"",
	        "data server = data client",
	        "datagram client[2] \"a # b\"",
	        "datagram server[1] = datagram client[2]",
	        "order: client SYN before server SYN,ACK before client ACK",
	        "client data before server data",
	        "client SYN[2]",
	        "never server RST",
	        "never client call connect",
	        "first-fin in {client, server}",
	        "first-fin in server",
	        "close in {three-way, four-way, simultaneous, reset, open}",
	        "gap client SYN[1] client SYN[2] ~ 1s ±30%",
	        "gap client SYN[1] client SYN[2] ~ 1s +-30%",
	        "gap client SYN client SYN[2] ~ 1s",
	        "gap client data server data > 200ms",
	        "gap client data server data in 50ms..1.5s",
	        "nothing within 300ms after server recv returns timeout",
	        "kernel server CLOSE-WAIT at end",
	        "never kernel server CLOSE-WAIT at end",
	        "never kernel server {CLOSE-WAIT, LAST-ACK}",
	        "ends client = 0",
	        "ends server != 0",
	        "each connection: handshakes = 1",
	        "each connection: data client = data server",
	        "server retransmission[2]",
	        "client icmp",
	        "client datagram[4]",
	        "server zero-window",
	        "client window-update",
	        "client keep-alive[2]",
	        "client call connect[2]",
	        "server accept4 returns[2]",
	        "server recv returns 0",
	        "server poll returns -1",
	        "client connect fails ECONNREFUSED",
	        "client send fails",
	        "client exits",
	        "client says \"Hello # World\"",
	};
	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct expectation x;
		struct err err = {""};
		if (expect_parse(&x, lines[i], &err) < 0)
			fail_msg("%s: %s", lines[i], err.message);
		assert_string_equal(x.words, lines[i]);
	}
}

static void a_mistake_is_told_with_the_nearest_word(void **state)
{
	static const struct {
		const char *line, *message;
	} wrong[] = {
	        {"handshake = 1", "handshakes"},
	        {"handshakes client = 1", "not counted for a side"},
	        {"handshakes", "a comparison is missing"},
	        {"handshakes == 1", "'==' is not a comparison"},
	        {"handshakes = one", "a number is expected at 'one'"},
	        {"handshakes = 1 2", "nothing is expected at '2'"},
	        {"handshakes in 3", "A..B"},
	        {"handshakes in 3..2", "nothing is in that range"},
	        {"data clint \"x\"", "client"},
	        {"data client is \"x\"", "what is true of the bytes"},
	        {"data client \"x", "no closing quote"},
	        {"data client \"\\q\"", "only \\n"},
	        {"data client = datas server", "there is data"},
	        {"datagram client[0] \"x\"", "such as [2]"},
	        {"order: client SYN", "EVENT before EVENT"},
	        {"client SIN", "SYN"},
	        {"client", "is missing"},
	        {"client SYN[two]", "such as [2]"},
	        {"server call conect", "connect"},
	        {"server recv return 0", "returns"},
	        {"server recv fails EFOO", "'EFOO' is no error"},
	        {"first-fin client", "'in {"},
	        {"first-fin in {client", "'{' without '}'"},
	        {"close in {slow}", "three-way"},
	        {"gap client SYN", "a side is missing"},
	        {"gap client SYN server SYN,ACK ~ fast", "a time is expected at 'fast'"},
	        {"gap client SYN server SYN,ACK ~ 1s ±x%", "±30%"},
	        {"nothing in 3s", "within"},
	        {"nothing within 3s before client SYN", "after"},
	        {"kernel server CLOSING-WAIT at end", "CLOSE-WAIT"},
	        {"kernel server CLOSE-WAIT at start", "at end"},
	        {"ends client", "a comparison is missing"},
	        {"each handshakes = 1", "'each connection:'"},
	        {"each connection: each connection: fins = 2", "twice"},
	        {"first-fin in {}", "is missing"},
	        {"nonsense", "how an expectation begins"},
	        {"client SYN before client SYN before client SYN before client SYN before client "
	         "SYN before client SYN before client SYN",
	         "at most"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct expectation x;
		struct err err = {""};
		if (expect_parse(&x, wrong[i].line, &err) == 0)
			fail_msg("understood: %s", wrong[i].line);
		if (!strstr(err.message, wrong[i].message))
			fail_msg("%s: %s", wrong[i].line, err.message);
	}
}

static void every_beginning_of_a_line_is_read_without_harm(void **state)
{
	static const char line[] =
	        "each connection: gap client recv returns 0 server data[2] ~ 1.5s ±30%";
	char part[sizeof line];
	(void)state;
	for (size_t n = 0; n < sizeof line - 1; n++) {
		struct expectation x;
		struct err err = {""};
		memcpy(part, line, n);
		part[n] = '\0';
		if (expect_parse(&x, part, &err) < 0)
			assert_true(err.message[0] != '\0');
	}
}

static void a_file_has_comments_reasons_and_line_numbers(void **state)
{
	struct expectations *list = calloc(1, sizeof *list);
	struct err err;
	(void)state;
	assert_non_null(list);
	assert_int_equal(expect_parse_all(list,
	                                  "# what must be true\n"
	                                  "\n"
	                                  "handshakes = 1   # connect() makes it  \n"
	                                  "  client says \"a # b\"\r\n"
	                                  "fins = 2",
	                                  "expect", &err),
	                 0);
	assert_int_equal(list->n, 3);
	assert_int_equal(list->all[0].line, 3);
	assert_string_equal(list->all[0].words, "handshakes = 1");
	assert_string_equal(list->all[0].reason, "connect() makes it");
	assert_int_equal(list->all[1].line, 4);
	assert_string_equal(list->all[1].words, "client says \"a # b\"");
	assert_string_equal(list->all[1].reason, "");
	assert_int_equal(list->all[2].line, 5);
	free(list);
}

static void a_mistake_in_a_file_is_told_with_its_line(void **state)
{
	struct expectations *list = calloc(1, sizeof *list);
	struct err err;
	(void)state;
	assert_non_null(list);
	assert_int_equal(expect_parse_all(list, "fins = 2\n\nfinz = 2\n", "labs/x/expect", &err),
	                 -1);
	assert_non_null(strstr(err.message, "labs/x/expect:3: "));
	assert_non_null(strstr(err.message, "fins"));
	assert_int_equal(expect_parse_all(list, "# nothing\n", "labs/x/expect", &err), -1);
	assert_non_null(strstr(err.message, "expects nothing"));
	char many[EXPECT_MAX * 12 + 100] = "";
	for (int i = 0; i <= EXPECT_MAX; i++)
		(void)snprintf(many + strlen(many), 12, "fins = 2\n");
	assert_int_equal(expect_parse_all(list, many, "labs/x/expect", &err), -1);
	assert_non_null(strstr(err.message, "at most"));
	free(list);
}

static void values_are_counts_fields_gaps_and_ends(void **state)
{
	static const char *const right[] = {"segments",
	                                    "data client",
	                                    "value tcp.ack of server SYN,ACK",
	                                    "gap client SYN client SYN[2]",
	                                    "ends client",
	                                    "first-fin",
	                                    "close"};
	static const char *const wrong[] = {"segment",
	                                    "value tcp.akc of server SYN,ACK",
	                                    "value tcp.ack",
	                                    "gap client SYN",
	                                    "ends",
	                                    "close 1",
	                                    ""};
	struct expect_value value;
	struct err err;
	(void)state;
	for (size_t i = 0; i < sizeof right / sizeof *right; i++)
		assert_int_equal(expect_parse_value(&value, right[i], &err), 0);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_int_equal(expect_parse_value(&value, wrong[i], &err), -1);
}

static void an_event_is_said_as_it_is_written(void **state)
{
	static const char *const events[] = {
	        "client SYN",
	        "server SYN,ACK[2]",
	        "client data[3]",
	        "server call accept",
	        "server recv returns 0",
	        "server recv returns[2]",
	        "client recv returns timeout",
	        "client connect fails ECONNREFUSED",
	        "client exits",
	        "client says \"a\\n\"",
	        "server datagram[2]",
	};
	struct expect_event event;
	struct err err;
	(void)state;
	for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
		TEXT(words, 200);
		assert_int_equal(expect_parse_event(&event, events[i], &err), 0);
		expect_event_say(&words, &event);
		assert_string_equal(words.bytes, events[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(each_form_of_the_grammar_is_understood),
	        cmocka_unit_test(a_mistake_is_told_with_the_nearest_word),
	        cmocka_unit_test(every_beginning_of_a_line_is_read_without_harm),
	        cmocka_unit_test(a_file_has_comments_reasons_and_line_numbers),
	        cmocka_unit_test(a_mistake_in_a_file_is_told_with_its_line),
	        cmocka_unit_test(values_are_counts_fields_gaps_and_ends),
	        cmocka_unit_test(an_event_is_said_as_it_is_written),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
