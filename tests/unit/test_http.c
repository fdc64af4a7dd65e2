/* Messages of HTTP/1.x: exact outputs, however the conversation is cut, and hostile input. */
#include "talks.h"

#define GET_A "GET /a HTTP/1.1\r\nHost: x\r\n\r\n"

static void a_request_and_its_response_have_their_fields(void **state)
{
	(void)state; /* none of these tests needs one */
	static const struct said said[] = {
	        SAYS(CLIENT, "GET /index.html?q=1 HTTP/1.1\r\nHost: example.com\r\n"
	                     "User-Agent: lab/1\r\nX-Own: 7\r\n\r\n"),
	        SAYS(SERVER, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
	                     "Content-Length: 5\r\n\r\nhello"),
	};
	assert_messages(said, COUNT(said), 8080, true,
	                "client http request (80) GET /index.html?q=1 HTTP/1.1\n"
	                "  http.request.method=GET\n"
	                "  http.request.uri=/index.html?q=1\n"
	                "  http.request.version=HTTP/1.1\n"
	                "  http.host=example.com\n"
	                "  http.user_agent=lab/1\n"
	                "  http.request.line=X-Own: 7\n"
	                "server http response (69) HTTP/1.1 200 OK\n"
	                "  http.response.version=HTTP/1.1\n"
	                "  http.response.code=200\n"
	                "  http.response.phrase=OK\n"
	                "  http.content_type=text/plain\n"
	                "  http.content_length_header=5\n"
	                "  http.content_length=5\n"
	                "  http.body_length=5\n"
	                "  http.file_data=hello\n");
}

static void requests_in_one_segment_are_answered_in_turn(void **state)
{
	(void)state;
	static const struct said said[] = {
	        SAYS(CLIENT, GET_A "POST /b HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc"
	                           "HEAD /c HTTP/1.1\r\n\r\n"),
	        SAYS(SERVER, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
	                     "HTTP/1.1 204 No Content\r\n\r\n"
	                     "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"),
	};
	assert_messages(said, COUNT(said), 80, false,
	                "client http request (28) GET /a HTTP/1.1\n"
	                "client http request (42) POST /b HTTP/1.1\n"
	                "client http request (20) HEAD /c HTTP/1.1\n"
	                "server http response (40) HTTP/1.1 200 OK\n"
	                "server http response (27) HTTP/1.1 204 No Content\n"
	                "server http response (41) HTTP/1.1 200 OK\n");
}

static void chunks_are_put_together_and_trailers_read(void **state)
{
	(void)state;
	static const struct said said[] = {
	        SAYS(CLIENT, GET_A),
	        SAYS(SERVER, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	                     "5;note=x\r\nhello\r\n6\r\n world\r\n0\r\nX-Sum: 11\r\n\r\n"),
	        SAYS(CLIENT, GET_A),
	        SAYS(SERVER, "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n"),
	};
	assert_messages(said, COUNT(said), 80, true,
	                "client http request (28) GET /a HTTP/1.1\n"
	                "  http.request.method=GET\n  http.request.uri=/a\n"
	                "  http.request.version=HTTP/1.1\n  http.host=x\n"
	                "server http response (91) HTTP/1.1 200 OK\n"
	                "  http.response.version=HTTP/1.1\n  http.response.code=200\n"
	                "  http.response.phrase=OK\n  http.transfer_encoding=chunked\n"
	                "  http.response.line=X-Sum: 11\n"
	                "  http.body_length=11\n  http.file_data=hello world\n"
	                "client http request (28) GET /a HTTP/1.1\n"
	                "  http.request.method=GET\n  http.request.uri=/a\n"
	                "  http.request.version=HTTP/1.1\n  http.host=x\n"
	                "server http response (48) HTTP/1.1 304 Not Modified\n"
	                "  http.response.version=HTTP/1.1\n  http.response.code=304\n"
	                "  http.response.phrase=Not Modified\n"
	                "  http.content_length_header=9\n  http.content_length=9\n");
}

static void a_body_may_last_until_the_connection_ends(void **state)
{
	(void)state;
	static const struct said said[] = {
	        SAYS(CLIENT, "GET / HTTP/1.0\r\n\r\n"),
	        SAYS(SERVER, "HTTP/1.0 200 OK\r\n\r\nall of this, HTTP/1.0 200 OK\r\n\r\ntoo"),
	};
	assert_messages(said, COUNT(said), 80, false,
	                "client http request (18) GET / HTTP/1.0\n"
	                "server http response (54) HTTP/1.0 200 OK\n");
}

static void an_interim_response_is_not_yet_the_answer(void **state)
{
	(void)state;
	static const struct said said[] = {
	        SAYS(CLIENT,
	             "PUT /f HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n"),
	        SAYS(SERVER, "HTTP/1.1 100 Continue\r\n\r\n"),
	        SAYS(CLIENT, "data"),
	        SAYS(SERVER, "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"),
	};
	assert_messages(said, COUNT(said), 80, false,
	                "server http response (25) HTTP/1.1 100 Continue\n"
	                "client http request (64) PUT /f HTTP/1.1\n"
	                "server http response (43) HTTP/1.1 201 Created\n");
}

static void what_follows_an_upgrade_is_not_http(void **state)
{
	(void)state;
	static const struct said said[] = {
	        SAYS(CLIENT, "GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: chat\r\n\r\n"
	                     "GET /not-http HTTP/1.1\r\n\r\n"),
	        SAYS(SERVER, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: chat\r\n\r\n"
	                     "HTTP/1.1 200 OK\r\n\r\n"),
	        SAYS(CLIENT, GET_A),
	};
	assert_messages(said, COUNT(said), 80, false,
	                "client http request (54) GET / HTTP/1.1\n"
	                "server http response (51) HTTP/1.1 101 Switching Protocols\n");
}

static void a_refused_upgrade_leaves_http_as_it_is(void **state)
{
	(void)state;
	static const struct said said[] = {
	        SAYS(CLIENT, "GET / HTTP/1.1\r\nUpgrade: chat\r\n\r\n" GET_A),
	        SAYS(SERVER, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
	                     "HTTP/1.1 200 Too\r\nContent-Length: 0\r\n\r\n"),
	};
	assert_messages(said, COUNT(said), 80, false,
	                "client http request (33) GET / HTTP/1.1\n"
	                "server http response (38) HTTP/1.1 200 OK\n"
	                "client http request (28) GET /a HTTP/1.1\n"
	                "server http response (39) HTTP/1.1 200 Too\n");
}

static void a_tunnel_speaks_what_it_speaks(void **state)
{
	(void)state;
	static const struct said said[] = {
	        SAYS(CLIENT, "CONNECT h:80 HTTP/1.1\r\nHost: h\r\n\r\n"),
	        SAYS(SERVER, "HTTP/1.1 200 Connected\r\n\r\n"),
	        SAYS(CLIENT, GET_A),
	        SAYS(SERVER, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"),
	};
	assert_messages(said, COUNT(said), 3128, false,
	                "client http request (34) CONNECT h:80 HTTP/1.1\n"
	                "server http response (26) HTTP/1.1 200 Connected\n"
	                "client http request (28) GET /a HTTP/1.1\n"
	                "server http response (45) HTTP/1.1 404 Not Found\n");
}

/* ---- hostile input ---- */

static void assert_heard(const struct said *said, size_t n, const char *want)
{
	char *got = messages_of(said, n, 80, false, CUT_WHOLE, 0);
	assert_string_equal(got, want);
	free(got);
}

static void a_content_length_too_long_is_named_at_the_end(void **state)
{
	(void)state;
	static const struct said said[] = {
	        SAYS(CLIENT, GET_A),
	        SAYS(SERVER, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"),
	};
	assert_messages(said, COUNT(said), 80, false,
	                "client http request (28) GET /a HTTP/1.1\n"
	                "server http response (44) HTTP/1.1 200 OK incomplete "
	                "!it ended before as many bytes had come as Content-Length says\n");
}

static void bytes_behind_a_content_length_too_short_are_unreadable(void **state)
{
	(void)state;
	static const struct said said[] = {
	        SAYS(CLIENT, GET_A),
	        SAYS(SERVER, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhello\n"),
	        SAYS(CLIENT, GET_A),
	        SAYS(SERVER, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
	};
	assert_heard(said, COUNT(said),
	             "client http request (28) GET /a HTTP/1.1\n"
	             "server http response (40) HTTP/1.1 200 OK\n"
	             "server http unreadable (4) llo\\n incomplete "
	             "!bytes that are no message of this protocol\n"
	             "client http request (28) GET /a HTTP/1.1\n"
	             "server http response (38) HTTP/1.1 200 OK\n");
}

static void two_lengths_that_differ_are_named(void **state)
{
	(void)state;
	static const struct said said[] = {
	        SAYS(CLIENT, "POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n"),
	        SAYS(CLIENT, "POST / HTTP/1.1\r\nContent-Length: 3, 3\r\n\r\nabc"),
	        SAYS(CLIENT, "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n"),
	        SAYS(CLIENT, "POST / HTTP/1.1\r\nContent-Length: 3\r\n"
	                     "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
	};
	assert_heard(said, COUNT(said),
	             "client http request (57) POST / HTTP/1.1 "
	             "!a Content-Length that is no single number\n"
	             "client http request (44) POST / HTTP/1.1\n"
	             "client http request (39) POST / HTTP/1.1 "
	             "!a Content-Length that is no single number\n"
	             "client http request (71) POST / HTTP/1.1 "
	             "!both Content-Length and Transfer-Encoding: who reads the one and who the "
	             "other disagree on its end\n");
}

static void bad_chunks_are_named(void **state)
{
	(void)state;
	static const char head[] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
	static const struct bad {
		const char *chunk, *trouble;
	} bad[] = {
	        {"xyz\r\n", "a chunk's length that is no hexadecimal number"},
	        {"\r\n", "a chunk's length that is no hexadecimal number"},
	        {"-5\r\nhello\r\n", "a chunk's length that is no hexadecimal number"},
	        {"ffffffffffffffffff\r\n", "a chunk's length that is no hexadecimal number"},
	        {"3\r\nhello\r\n", "more bytes in a chunk than its length says"},
	        {"fffffffffffff\r\nhello",
	         "it ended before the chunk of length 0, which ends a chunked body"},
	};
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct said said[] = {{SERVER, head, sizeof head - 1},
		                      {SERVER, bad[i].chunk, strlen(bad[i].chunk)}};
		char *got = messages_of(said, 2, 80, false, CUT_WHOLE, 0);
		assert_non_null(strstr(got, "incomplete !"));
		assert_non_null(strstr(got, bad[i].trouble));
		free(got);
	}
}

static void a_head_that_ends_too_early_is_told_as_far_as_it_goes(void **state)
{
	(void)state;
	static const struct said said[] = {SAYS(CLIENT, "GET /half HTTP/1.1\r\nHost: x\r\nUser-A")};
	assert_messages(said, COUNT(said), 80, true,
	                "client http request (35) GET /half HTTP/1.1 incomplete "
	                "!it ended inside its headers\n"
	                "  http.request.method=GET\n  http.request.uri=/half\n"
	                "  http.request.version=HTTP/1.1\n  http.host=x\n");
	static const struct said less[] = {SAYS(CLIENT, "GET /ha")};
	assert_heard(less, 1, "");
	static const struct said more[] = {SAYS(CLIENT, GET_A), SAYS(CLIENT, "GET /ha")};
	assert_messages(more, COUNT(more), 80, false,
	                "client http request (28) GET /a HTTP/1.1\n"
	                "client http unfinished (7) GET /ha incomplete "
	                "!a message without its end\n");
}

static void a_giant_head_is_named_and_the_next_request_is_read(void **state)
{
	(void)state;
	struct talking t;
	char line[1024];
	talking_begin(&t, 80);
	memset(line, 'a', sizeof line);
	memcpy(line, "X: ", 3);
	memcpy(line + sizeof line - 2, "\r\n", 2);
	SAY(&t, CLIENT, "GET /big HTTP/1.1\r\n");
	for (int i = 0; i < 80; i++)
		say_bytes(&t, CLIENT, line, sizeof line);
	SAY(&t, CLIENT, GET_A);
	assert_string_equal(t.ear.heard, "client http request (65555) GET /big HTTP/1.1 "
	                                 "incomplete !headers without an end\n"
	                                 "client http request (28) GET /a HTTP/1.1\n");
	talking_free(&t);
}

static void header_lines_without_a_name_are_named(void **state)
{
	(void)state;
	static const struct said said[] = {
	        SAYS(CLIENT, "GET / HTTP/1.1\r\nno colon\r\nHost: y\r\n\r\n"),
	        SAYS(CLIENT, "GET / HTTP/1.1\r\n folded: x\r\n\r\n"),
	};
	assert_heard(said, COUNT(said),
	             "client http request (37) GET / HTTP/1.1 !a header line without a name\n"
	             "client http request (30) GET / HTTP/1.1 !a header line without a name\n");
}

static void a_header_may_go_on_in_the_lines_below(void **state)
{
	(void)state;
	static const struct said said[] = {
	        SAYS(CLIENT,
	             "GET / HTTP/1.1\r\nX-Long: one\r\n two\r\n\t three\r\nHost: y\r\n\r\n"),
	        SAYS(SERVER, "HTTP/1.1 200\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"),
	};
	assert_messages(said, COUNT(said), 80, true,
	                "client http request (55) GET / HTTP/1.1\n"
	                "  http.request.method=GET\n  http.request.uri=/\n"
	                "  http.request.version=HTTP/1.1\n"
	                "  http.request.line=X-Long: one two three\n  http.host=y\n"
	                "server http response (51) HTTP/1.1 200\n"
	                "  http.response.version=HTTP/1.1\n  http.response.code=200\n"
	                "  http.transfer_encoding=chunked\n");
}

static void a_method_of_its_own_is_read_whole(void **state)
{
	(void)state;
	static const struct said said[] = {SAYS(CLIENT, "PURGE /x HTTP/1.1\r\n\r\n")};
	assert_messages(said, COUNT(said), 80, false,
	                "client http request (21) PURGE /x HTTP/1.1\n");
}

static void a_nul_in_a_header_cannot_hide_what_follows(void **state)
{
	(void)state;
	static const struct said said[] = {SAYS(CLIENT, "GET / HTTP/1.1\r\nHost: a\0b\r\n\r\n")};
	char *got = messages_of(said, 1, 80, true, CUT_WHOLE, 0);
	assert_non_null(strstr(got, "http.host=a\xef\xbf\xbd"
	                            "b\n"));
	free(got);
}

/* ---- frames ---- */

static void each_message_names_its_frames_and_what_it_answers(void **state)
{
	(void)state;
	struct talking t;
	talking_begin(&t, 80);
	t.ear.frames = true;
	SAY(&t, CLIENT, "GET /a HT");
	SAY(&t, CLIENT, "TP/1.1\r\n\r\nGET /b HTTP/1.1\r\n");
	SAY(&t, CLIENT, "\r\n");
	SAY(&t, SERVER, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\na");
	SAY(&t, SERVER, "bcd");
	SAY(&t, SERVER, "efHTTP/1.1 404 No\r\n\r\nrest");
	talking_close(&t);
	assert_string_equal(t.ear.heard, "client http request (19) GET /a HTTP/1.1 @1,2\n"
	                                 "client http request (19) GET /b HTTP/1.1 @2,3\n"
	                                 "server http response (44) HTTP/1.1 200 OK @4,5,6 <2\n"
	                                 "server http response (23) HTTP/1.1 404 No @6 <3\n");
	talking_free(&t);
}

/* The request behind the wish for another protocol is read when that has been answered. */
static void bytes_that_waited_keep_their_frames(void **state)
{
	(void)state;
	struct talking t;
	talking_begin(&t, 80);
	t.ear.frames = true;
	SAY(&t, CLIENT, "GET /a HTTP/1.1\r\nUpgrade: x\r\n\r\n");
	SAY(&t, CLIENT, "GET /b HTTP/1.1\r\n\r\n");
	SAY(&t, SERVER, "HTTP/1.1 204 No\r\n\r\n");
	assert_string_equal(t.ear.heard, "client http request (31) GET /a HTTP/1.1 @1\n"
	                                 "server http response (19) HTTP/1.1 204 No @3 <1\n"
	                                 "client http request (19) GET /b HTTP/1.1 @2\n");
	talking_free(&t);
}

/* Old browsers sent one behind a body (RFC 9112 section 2.2). */
static void an_empty_line_between_messages_belongs_to_none(void **state)
{
	(void)state;
	static const struct said said[] = {
	        SAYS(CLIENT, "POST /a HTTP/1.1\r\nContent-Length: 1\r\n\r\nx\r\n\n" GET_A "\r\n"),
	};
	assert_messages(said, COUNT(said), 80, false,
	                "client http request (40) POST /a HTTP/1.1\n"
	                "client http request (28) GET /a HTTP/1.1\n");
}

static void more_requests_than_are_remembered_are_named(void **state)
{
	(void)state;
	struct talking t;
	talking_begin(&t, 80);
	for (int i = 0; i < 33; i++)
		SAY(&t, CLIENT, GET_A);
	assert_non_null(strstr(t.ear.heard, "!too many requests wait for an answer"));
	talking_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_request_and_its_response_have_their_fields),
	        cmocka_unit_test(requests_in_one_segment_are_answered_in_turn),
	        cmocka_unit_test(chunks_are_put_together_and_trailers_read),
	        cmocka_unit_test(a_body_may_last_until_the_connection_ends),
	        cmocka_unit_test(an_interim_response_is_not_yet_the_answer),
	        cmocka_unit_test(what_follows_an_upgrade_is_not_http),
	        cmocka_unit_test(a_refused_upgrade_leaves_http_as_it_is),
	        cmocka_unit_test(a_tunnel_speaks_what_it_speaks),
	        cmocka_unit_test(a_content_length_too_long_is_named_at_the_end),
	        cmocka_unit_test(bytes_behind_a_content_length_too_short_are_unreadable),
	        cmocka_unit_test(two_lengths_that_differ_are_named),
	        cmocka_unit_test(bad_chunks_are_named),
	        cmocka_unit_test(a_head_that_ends_too_early_is_told_as_far_as_it_goes),
	        cmocka_unit_test(a_giant_head_is_named_and_the_next_request_is_read),
	        cmocka_unit_test(header_lines_without_a_name_are_named),
	        cmocka_unit_test(a_header_may_go_on_in_the_lines_below),
	        cmocka_unit_test(a_method_of_its_own_is_read_whole),
	        cmocka_unit_test(a_nul_in_a_header_cannot_hide_what_follows),
	        cmocka_unit_test(each_message_names_its_frames_and_what_it_answers),
	        cmocka_unit_test(bytes_that_waited_keep_their_frames),
	        cmocka_unit_test(an_empty_line_between_messages_belongs_to_none),
	        cmocka_unit_test(more_requests_than_are_remembered_are_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
