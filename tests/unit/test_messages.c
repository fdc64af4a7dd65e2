/* Conversations: which protocol they speak, what is missing or unreadable, and how much is kept. */
#include "talks.h"

#define REQUEST  "GET /a HTTP/1.1\r\n\r\n"
#define RESPONSE "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789"

static void a_port_alone_makes_no_protocol(void **state)
{
	(void)state; /* none of these tests needs one */
	static const struct said said[] = {
	        SAYS(CLIENT, "HELLO server\r\n"),
	        SAYS(SERVER, "nice to meet you\r\n"),
	};
	assert_messages(said, COUNT(said), 80, false, "");
}

static void a_protocol_is_recognised_in_the_middle_of_a_connection(void **state)
{
	(void)state;
	struct talking t;
	talking_begin(&t, 12345);
	t.next[CLIENT] = 77777777;
	t.next[SERVER] = 99999999;
	SAY(&t, CLIENT, "the end of something\n");
	SAY(&t, CLIENT, REQUEST);
	SAY(&t, SERVER, RESPONSE);
	assert_string_equal(t.ear.heard, "client http request (19) GET /a HTTP/1.1\n"
	                                 "server http response (49) HTTP/1.1 200 OK\n");
	talking_free(&t);
}

static void a_hole_in_a_body_has_a_length(void **state)
{
	(void)state;
	struct talking t;
	talking_begin(&t, 80);
	SAY(&t, CLIENT, REQUEST);
	SAY(&t, SERVER, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n012");
	miss_bytes(&t, SERVER, 4);
	SAY(&t, SERVER, "789");
	segment(&t, CLIENT, t.next[CLIENT], "", 0, 0); /* the receiver has them */
	SAY(&t, SERVER, "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n");
	assert_string_equal(t.ear.heard, "client http request (19) GET /a HTTP/1.1\n"
	                                 "server http response (49) HTTP/1.1 200 OK missing 4 "
	                                 "!the capture has missed bytes of it\n"
	                                 "server http response (38) HTTP/1.1 404 No\n");
	talking_free(&t);
}

static void behind_a_hole_in_a_head_the_next_message_is_read(void **state)
{
	(void)state;
	struct talking t;
	talking_begin(&t, 80);
	SAY(&t, CLIENT, REQUEST "GET /b HT");
	miss_bytes(&t, CLIENT, 7);
	SAY(&t, CLIENT, "of a header\r\n\r\n");
	segment(&t, SERVER, t.next[SERVER], "", 0, 0);
	SAY(&t, CLIENT, REQUEST);
	messages_end(t.messages);
	assert_string_equal(t.ear.heard, "client http request (19) GET /a HTTP/1.1\n"
	                                 "client http gap (9) GET /b HT incomplete missing 7 "
	                                 "!the capture has missed bytes of it\n"
	                                 "client http request (19) GET /a HTTP/1.1\n");
	talking_free(&t);
}

static void a_reset_ends_what_has_begun(void **state)
{
	(void)state;
	struct talking t;
	talking_begin(&t, 80);
	SAY(&t, CLIENT, REQUEST);
	SAY(&t, SERVER, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n012");
	segment(&t, SERVER, t.next[SERVER], "", 0, TCP_RST);
	SAY(&t, CLIENT, REQUEST);
	assert_string_equal(t.ear.heard, "client http request (19) GET /a HTTP/1.1\n"
	                                 "server http response (42) HTTP/1.1 200 OK incomplete\n");
	talking_free(&t);
}

static void a_fin_may_come_before_all_that_it_ends(void **state)
{
	(void)state;
	struct talking t;
	talking_begin(&t, 80);
	SAY(&t, CLIENT, REQUEST);
	uint32_t lost = t.next[SERVER];
	miss_bytes(&t, SERVER, sizeof RESPONSE - 1);
	say_fin(&t, SERVER);
	segment(&t, SERVER, lost, RESPONSE, sizeof RESPONSE - 1, TCP_PSH); /* sent again */
	assert_string_equal(t.ear.heard, "client http request (19) GET /a HTTP/1.1\n"
	                                 "server http response (49) HTTP/1.1 200 OK\n");
	talking_free(&t);
}

static void what_is_open_at_the_end_of_the_trace_is_told(void **state)
{
	(void)state;
	struct talking t;
	talking_begin(&t, 80);
	SAY(&t, CLIENT, "GET /a HTTP/1.1\r\nHost: x\r\n");
	messages_end(t.messages);
	assert_string_equal(t.ear.heard, "client http request (26) GET /a HTTP/1.1 incomplete\n");
	talking_free(&t);
}

/* ---- bounds ---- */

static void the_least_recently_used_conversation_makes_room(void **state)
{
	(void)state;
	struct ear ear = {.heard = calloc(1, HEARD_SIZE)};
	assert_non_null(ear.heard);
	struct messages_config config = {.max_talks = 3, .on_message = hear_message, .arg = &ear};
	struct talking t = {.port = 80, .messages = messages_new(&config)};
	assert_non_null(t.messages);
	for (uint32_t i = 0; i < 100; i++) {
		t.stream = i;
		t.next[CLIENT] = 1001;
		SAY(&t, CLIENT, "GET /a HTTP/1.1\r\nHost: x\r\n");
	}
	assert_int_equal(strlen(ear.heard),
	                 97 * strlen("client http request (26) GET /a HTTP/1.1 incomplete\n"));
	t.next[CLIENT] = 1001 + 26;
	SAY(&t, CLIENT, "\r\n");
	assert_non_null(strstr(ear.heard, "client http request (28) GET /a HTTP/1.1\n"));
	messages_free(t.messages);
	free(ear.heard);
}

/* Each waits for a segment that never comes, and would like to keep the whole rest. */
static void a_flood_of_holes_stays_within_the_budget(void **state)
{
	(void)state;
	enum { PIECE = 1400, MEMORY = 1 << 20 };
	char bytes[PIECE];
	struct ear ear = {.heard = calloc(1, HEARD_SIZE)};
	assert_non_null(ear.heard);
	struct messages_config config = {.memory = MEMORY, .on_message = hear_message, .arg = &ear};
	struct talking t = {.port = 80, .messages = messages_new(&config)};
	assert_non_null(t.messages);
	memset(bytes, 'x', sizeof bytes);
	for (uint32_t i = 0; i < 20000; i++) {
		t.stream = i % 500;
		uint32_t seq = 1001 + 1 + i / 500 * (PIECE + 1);
		segment(&t, CLIENT, seq, bytes, PIECE, 0);
		assert_true(messages_memory(t.messages) <= MEMORY);
	}
	messages_free(t.messages);
	free(ear.heard);
}

static void what_nobody_understands_is_forgotten(void **state)
{
	(void)state;
	struct talking t;
	talking_begin(&t, 4444);
	char bytes[1000];
	memset(bytes, '\x17', sizeof bytes);
	for (int i = 0; i < 1000; i++)
		say_bytes(&t, CLIENT, bytes, sizeof bytes);
	assert_int_equal(messages_memory(t.messages), 0);
	assert_string_equal(t.ear.heard, "");
	talking_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_port_alone_makes_no_protocol),
	        cmocka_unit_test(a_protocol_is_recognised_in_the_middle_of_a_connection),
	        cmocka_unit_test(a_hole_in_a_body_has_a_length),
	        cmocka_unit_test(behind_a_hole_in_a_head_the_next_message_is_read),
	        cmocka_unit_test(a_reset_ends_what_has_begun),
	        cmocka_unit_test(a_fin_may_come_before_all_that_it_ends),
	        cmocka_unit_test(what_is_open_at_the_end_of_the_trace_is_told),
	        cmocka_unit_test(the_least_recently_used_conversation_makes_room),
	        cmocka_unit_test(a_flood_of_holes_stays_within_the_budget),
	        cmocka_unit_test(what_nobody_understands_is_forgotten),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
