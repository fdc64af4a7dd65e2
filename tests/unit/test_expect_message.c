/* Expectations about messages of applications: how they are written, and both ways how they are
 * judged, on messages made by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runner/expect.h"

enum { MOST = 16 };

struct story {
	struct event events[MOST];
	size_t n;
};

static struct message *message(struct story *s, enum side from, const char *protocol,
                               const char *kind, const char *summary)
{
	assert_true(s->n < MOST);
	struct event *e = &s->events[s->n];
	*e = (struct event){.kind = EVENT_MESSAGE,
	                    .number = ++s->n,
	                    .frame = s->n,
	                    .time_ns = (int64_t)s->n * NS_PER_MS};
	message_begin(&e->message, protocol, kind);
	message_say(&e->message, summary, strlen(summary));
	e->message.from = from;
	e->message.stream = 0;
	return &e->message;
}

/* Two requests on the first connection, and a question for a name. */
static struct story *story_new(void)
{
	struct story *s = calloc(1, sizeof *s);
	assert_non_null(s);
	struct message *m = message(s, CLIENT, "dns", "query", "query A x.lab");
	m->stream = -1;
	m->is_datagram = true;
	m = message(s, SERVER, "dns", "response", "response A x.lab: 10.0.0.1, 10.0.0.2");
	m->stream = -1;
	m->latency_ns = 25 * NS_PER_MS;
	message_add_text(m, "dns.a", "10.0.0.1");
	message_add_text(m, "dns.a", "10.0.0.2");
	m = message(s, CLIENT, "http", "request", "GET / HTTP/1.1");
	m->length = 40;
	message_add_text(m, "http.request.method", "GET");
	message_add_text(m, "http.host", "x.lab");
	m = message(s, SERVER, "http", "response", "HTTP/1.1 200 OK");
	message_add_uint(m, "http.response.code", 200);
	m = message(s, CLIENT, "http", "request", "HEAD /b HTTP/1.1");
	m->length = 42;
	message_add_text(m, "http.request.method", "HEAD");
	m = message(s, SERVER, "http", "response", "HTTP/1.1 404 Not Found");
	message_add_uint(m, "http.response.code", 404);
	message_trouble(m, "something");
	return s;
}

static bool judge(struct story *s, const char *words, struct expect_verdict *verdict)
{
	struct expectation *x = calloc(1, sizeof *x);
	struct err err;
	const struct expect_run run = {.events = s->events, .n = s->n, .port = 80};
	assert_non_null(x);
	if (expect_parse(x, words, &err) < 0)
		fail_msg("%s: %s", words, err.message);
	expect_eval(x, &run, verdict);
	free(x);
	assert_true(verdict->holds || verdict->observed[0] != '\0');
	return verdict->holds;
}

static void holds(struct story *s, const char *words)
{
	struct expect_verdict verdict;
	if (!judge(s, words, &verdict))
		fail_msg("does not hold: %s: %s", words, verdict.observed);
}

static void fails(struct story *s, const char *words, const char *observed)
{
	struct expect_verdict verdict;
	if (judge(s, words, &verdict))
		fail_msg("holds: %s", words);
	assert_string_equal(verdict.observed, observed);
}

static void messages_are_counted(void **state)
{
	(void)state; /* none of these tests needs one */
	struct story *s = story_new();
	holds(s, "messages client http request = 2");
	holds(s, "messages http = 4");
	holds(s, "messages server http response in 1..2");
	holds(s, "messages http request >= 2");
	holds(s, "messages client tls alert = 0");
	fails(s, "messages client http request = 1", "there were 2");
	fails(s, "messages websocket close = 1", "there were none");
	free(s);
}

static void messages_are_events(void **state)
{
	(void)state;
	struct story *s = story_new();
	holds(s, "client http request");
	holds(s, "client http request[2]");
	holds(s, "client dns query before client http request before server http response");
	holds(s, "never client websocket close");
	holds(s, "gap client http request server http response = 1ms");
	fails(s, "client http request[3]",
	      "the client's last message was http request: HEAD /b HTTP/1.1");
	fails(s, "server http response before client http request",
	      "client http request came too early");
	fails(s, "never server dns response", "it happened");
	fails(s, "server http request before client FIN",
	      "the server's last message was http response: HTTP/1.1 404 Not Found");
	free(s);
}

static void fields_are_compared(void **state)
{
	(void)state;
	struct story *s = story_new();
	holds(s, "http.request.method of client http request = \"GET\"");
	holds(s, "http.request.method of client http request[2] != \"GET\"");
	holds(s, "http.response.code of server http response = 200");
	holds(s, "http.response.code of server http response[2] in 400..499");
	holds(s, "http.response.code of server http response != 500");
	holds(s, "http.host of client http request contains \"lab\"");
	holds(s, "http.host of client http request begins \"x.\"");
	holds(s, "http.host of client http request ends \".lab\"");
	holds(s, "http.connection of client http request != \"close\"");
	holds(s, "summary of client http request = \"GET / HTTP/1.1\"");
	holds(s, "length of client http request > 39");
	holds(s, "trouble of server http response[2] = \"something\"");
	fails(s, "http.request.method of client http request = \"PUT\"",
	      "http.request.method was \"GET\"");
	fails(s, "http.response.code of server http response >= 300",
	      "http.response.code was \"200\"");
	fails(s, "http.connection of client http request = \"close\"", "it has no http.connection");
	fails(s, "http.host of client http request > 3", "http.host was \"x.lab\"");
	fails(s, "http.host of client http request[7] = \"x\"",
	      "the client's last message was http request: HEAD /b HTTP/1.1");
	free(s);
}

static void one_of_several_values_is_enough(void **state)
{
	(void)state;
	struct story *s = story_new();
	holds(s, "dns.a of server dns response = \"10.0.0.1\"");
	holds(s, "dns.a of server dns response = \"10.0.0.2\"");
	holds(s, "dns.a of server dns response != \"10.0.0.3\"");
	fails(s, "dns.a of server dns response = \"10.0.0.3\"", "dns.a was \"10.0.0.2\"");
	fails(s, "dns.a of server dns response != \"10.0.0.2\"", "dns.a was \"10.0.0.2\"");
	free(s);
}

static void compute(struct story *s, const char *words, struct expect_answer *answer)
{
	struct expect_value *value = calloc(1, sizeof *value);
	struct err err;
	const struct expect_run run = {.events = s->events, .n = s->n, .port = 80};
	assert_non_null(value);
	if (expect_parse_value(value, words, &err) < 0)
		fail_msg("%s: %s", words, err.message);
	expect_compute(value, &run, answer);
	free(value);
}

static void values_are_computed(void **state)
{
	(void)state;
	struct story *s = story_new();
	struct expect_answer answer;
	compute(s, "value http.response.code of server http response[2]", &answer);
	assert_true(answer.known && !answer.is_word && answer.number == 404);
	compute(s, "value http.request.method of client http request", &answer);
	assert_true(answer.known && answer.is_word);
	assert_string_equal(answer.word, "GET");
	compute(s, "value dns.a of server dns response", &answer);
	assert_string_equal(answer.word, "10.0.0.1");
	compute(s, "value latency of server dns response", &answer);
	assert_int_equal(answer.number, 25);
	assert_string_equal(answer.unit, "ms");
	compute(s, "messages client http request", &answer);
	assert_int_equal(answer.number, 2);
	compute(s, "value http.host of server http response", &answer);
	assert_false(answer.known);
	free(s);
}

static void a_connection_has_its_own_messages(void **state)
{
	(void)state;
	struct story *s = story_new();
	struct event *e = &s->events[s->n];
	*e = (struct event){.kind = EVENT_SEGMENT, .number = ++s->n};
	holds(s, "each connection: messages client http request = 2");
	fails(s, "each connection: messages dns = 2", "there were none");
	free(s);
}

static void a_mistake_is_told_with_the_nearest_word(void **state)
{
	static const struct {
		const char *line, *message;
	} wrong[] = {
	        {"client htp request", "http"},
	        {"client http requests", "'requests' is not a kind of message; there is request"},
	        {"messages = 2", "is not a protocol"},
	        {"messages client = 2", "is not a protocol"},
	        {"messages client http request", "a comparison is missing"},
	        {"http.host of client http request", "a comparison is missing"},
	        {"http.host of client http request = lab", "a number is expected at 'lab'"},
	        {"lengt of client http request = 3", "length"},
	        {"http.host of client SYN = 3", "is not a field of an event"},
	        {"http.host of client http request contains 3", "a text in quotes"},
	        {"http.host in client http request = 3", "how an expectation begins"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct expectation *x = calloc(1, sizeof *x);
		struct err err = {""};
		assert_non_null(x);
		if (expect_parse(x, wrong[i].line, &err) == 0)
			fail_msg("understood: %s", wrong[i].line);
		if (!strstr(err.message, wrong[i].message))
			fail_msg("%s: %s", wrong[i].line, err.message);
		free(x);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(messages_are_counted),
	        cmocka_unit_test(messages_are_events),
	        cmocka_unit_test(fields_are_compared),
	        cmocka_unit_test(one_of_several_values_is_enough),
	        cmocka_unit_test(values_are_computed),
	        cmocka_unit_test(a_connection_has_its_own_messages),
	        cmocka_unit_test(a_mistake_is_told_with_the_nearest_word),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
