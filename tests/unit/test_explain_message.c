/* Explanations of messages: what depends on more than the message's kind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "explain/explain.h"

static struct event message_of(const char *protocol, const char *kind, enum side from)
{
	struct event event = {.kind = EVENT_MESSAGE};
	message_begin(&event.message, protocol, kind);
	event.message.from = from;
	return event;
}

static void assert_says(const struct event *event, const char *words, bool expected)
{
	static struct explanation explanation;
	TEXT(all, 4096);
	explain_event(&explanation, event);
	explain_join(&explanation, &all);
	if ((strstr(all.bytes, words) != NULL) != expected)
		fail_msg("\"%s\" is %sin: %s", words, expected ? "not " : "", all.bytes);
}

static void an_answer_of_http_says_whether_the_connection_ends(void **state)
{
	(void)state; /* none of these tests needs one */
	static const struct {
		const char *version, *wish;
		bool closes;
	} cases[] = {
	        {"HTTP/1.0", NULL, true},    {"HTTP/1.0", "Keep-Alive", false},
	        {"HTTP/1.1", NULL, false},   {"HTTP/1.1", "close", true},
	        {"HTTP/1.0", "Close", true},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct event event = message_of("http", "response", SERVER);
		message_add_text(&event.message, "http.response.version", cases[i].version);
		message_add_text(&event.message, "http.response.code", "200");
		if (cases[i].wish)
			message_add_text(&event.message, "http.connection", cases[i].wish);
		assert_says(&event, "the server closes it behind this answer", cases[i].closes);
		assert_says(&event, "The client may ask again", !cases[i].closes);
	}
}

static void a_redirect_says_where_to_if_it_does(void **state)
{
	struct event event = message_of("http", "response", SERVER);
	(void)state;
	message_add_text(&event.message, "http.response.code", "302");
	assert_says(&event, "no Location says where", true);
	message_add_text(&event.message, "http.location", "/there");
	assert_says(&event, "What was asked for is at /there.", true);
}

static void an_answer_of_dns_that_nobody_asked_for_is_named(void **state)
{
	(void)state;
	struct event event = message_of("dns", "response", SERVER);
	message_add_text(&event.message, "dns.flags.rcode", "NOERROR");
	message_add_text(&event.message, "dns.answer", "a 1 A 192.0.2.1");
	message_add_text(&event.message, "dns.answer", "a 1 A 192.0.2.2");
	assert_says(&event, "No question was seen", true);
	event.message.request_frame = 1;
	assert_says(&event, "No question was seen", false);
	assert_says(&event, "The answer: a 1 A 192.0.2.1; a 1 A 192.0.2.2.", true);
}

static void behind_the_last_reply_of_ftp_comes_a_fin(void **state)
{
	(void)state;
	static const struct {
		const char *code;
		bool is_last;
	} cases[] = {{"221", true}, {"421", true}, {"220", false}, {"450", false}};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct event event = message_of("ftp", "response", SERVER);
		event.message.request_frame = 1;
		message_add_text(&event.message, "ftp.response.code", cases[i].code);
		assert_says(&event, "The server's FIN.", cases[i].is_last);
		assert_says(&event, "its next command", !cases[i].is_last);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(an_answer_of_http_says_whether_the_connection_ends),
	        cmocka_unit_test(a_redirect_says_where_to_if_it_does),
	        cmocka_unit_test(an_answer_of_dns_that_nobody_asked_for_is_named),
	        cmocka_unit_test(behind_the_last_reply_of_ftp_comes_a_fin),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
