/* test_http_lab.c: how the labs read HTTP: whole messages, every piece of them, and what must be
 * refused. (The tracer has a reader of its own.) */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/http.h"

#define HOST "Host: x\r\n"

static int request(struct http_head *head, const char *text)
{
	return http_read_request(head, text, strlen(text));
}

static int refusal(const char *text)
{
	struct http_head head;
	return -request(&head, text);
}

static void is_text(struct text text, const char *wanted)
{
	assert_int_equal(text.n, strlen(wanted));
	assert_memory_equal(text.at, wanted, text.n);
}

static void a_request_is_read(void **state)
{
	(void)state;
	struct http_head head;
	const char *text = "GET /a?b=c HTTP/1.1\r\nHost: x\r\nAccept:  */* \r\n\r\nrest";
	assert_int_equal(request(&head, text), strlen(text) - 4);
	is_text(head.method, "GET");
	is_text(head.target, "/a?b=c");
	is_text(http_header(&head, "ACCEPT"), "*/*");
	assert_null(http_header(&head, "Accep").at);
	assert_int_equal(head.minor, 1);
	assert_int_equal(head.framing, HTTP_NO_BODY);
	assert_true(head.keep_alive);
}

static void a_request_that_is_cut_anywhere_is_waited_for(void **state)
{
	(void)state;
	struct http_head head;
	const char *text = "\r\nPOST / HTTP/1.1\r\nHost: x\nContent-Length: 5\r\n\r\n";
	for (size_t n = 0; n < strlen(text); n++)
		assert_int_equal(http_read_request(&head, text, n), 0);
	assert_int_equal(request(&head, text), strlen(text));
	assert_int_equal(head.framing, HTTP_LENGTH);
	assert_int_equal(head.body_len, 5);
}

static void what_is_no_request_is_refused(void **state)
{
	(void)state;
	static const struct {
		int status;
		const char *text;
	} cases[] = {
	        {400, "GET /\r\n\r\n"}, /* HTTP/0.9 */
	        {400, "GET  / HTTP/1.1\r\n" HOST "\r\n"},
	        {400, "G@T / HTTP/1.1\r\n" HOST "\r\n"},
	        {400, "GET / HTTP/1.1 \r\n" HOST "\r\n"},
	        {400, "GET / http/1.1\r\n" HOST "\r\n"},
	        {400, "GET /\x01 HTTP/1.1\r\n" HOST "\r\n"},
	        {400, "GET / HTTP/1.1\r\n\r\n"}, /* no Host */
	        {400, "GET / HTTP/1.1\r\n" HOST HOST "\r\n"},
	        {400, "GET / HTTP/1.1\r\nHost : x\r\n\r\n"},
	        {400, "GET / HTTP/1.1\r\n" HOST " folded\r\n\r\n"},
	        {400, "GET / HTTP/1.1\r\n" HOST "no colon\r\n\r\n"},
	        {400, "GET / HTTP/1.1\r\n" HOST "A: b\rc\r\n\r\n"},
	        {400, "POST / HTTP/1.1\r\n" HOST "Content-Length: -1\r\n\r\n"},
	        {400, "POST / HTTP/1.1\r\n" HOST "Content-Length: +1\r\n\r\n"},
	        {400, "POST / HTTP/1.1\r\n" HOST "Content-Length: 1, 1\r\n\r\n"},
	        {400, "POST / HTTP/1.1\r\n" HOST "Content-Length: 99999999999999999999\r\n\r\n"},
	        {400, "POST / HTTP/1.1\r\n" HOST "Content-Length: 1\r\nContent-Length: 2\r\n\r\n"},
	        {400, "POST / HTTP/1.1\r\n" HOST
	              "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"},
	        {400, "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"},
	        {417, "GET / HTTP/1.1\r\n" HOST "Expect: wonders\r\n\r\n"},
	        {501, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip, chunked\r\n\r\n"},
	        {505, "GET / HTTP/2.0\r\n" HOST "\r\n"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(refusal(cases[i].text), cases[i].status);
}

static void what_is_too_long_is_refused_before_it_ends(void **state)
{
	(void)state;
	static char long_line[3000], long_head[12000], many[12000];
	struct http_head head;
	memset(long_line, 'a', sizeof long_line);
	memcpy(long_line, "GET /", 5);
	assert_int_equal(http_read_request(&head, long_line, 1000), 0);
	assert_int_equal(http_read_request(&head, long_line, sizeof long_line), -414);
	memcpy(long_line + 2500, " HTTP/1.1\r\n", 11);
	assert_int_equal(http_read_request(&head, long_line, sizeof long_line), -414);
	int n = snprintf(long_head, sizeof long_head, "GET / HTTP/1.1\r\nA: ");
	memset(long_head + n, 'a', sizeof long_head - (size_t)n);
	assert_int_equal(http_read_request(&head, long_head, 8000), 0);
	assert_int_equal(http_read_request(&head, long_head, sizeof long_head), -431);
	n = snprintf(many, sizeof many, "GET / HTTP/1.1\r\n");
	for (int i = 0; i < HTTP_HEADERS + 1; i++)
		n += snprintf(many + n, sizeof many - (size_t)n, "A: b\r\n");
	assert_int_equal(http_read_request(&head, many, (size_t)n), -431);
}

static void connection_says_whether_to_go_on(void **state)
{
	(void)state;
	static const struct {
		bool keeps;
		const char *text;
	} cases[] = {
	        {true, "GET / HTTP/1.1\r\n" HOST "\r\n"},
	        {false, "GET / HTTP/1.0\r\n\r\n"},
	        {true, "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"},
	        {false, "GET / HTTP/1.1\r\n" HOST "Connection: foo, CLOSE\r\n\r\n"},
	        {true, "GET / HTTP/1.1\r\n" HOST "Connection: closed\r\n\r\n"},
	};
	struct http_head head;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_true(request(&head, cases[i].text) > 0);
		assert_int_equal(head.keep_alive, cases[i].keeps);
	}
}

static void a_response_says_where_its_body_ends(void **state)
{
	(void)state;
	static const struct {
		enum http_framing framing;
		bool to_head;
		const char *text;
	} cases[] = {
	        {HTTP_UNTIL_CLOSE, false, "HTTP/1.0 200 OK\r\n\r\n"},
	        {HTTP_LENGTH, false, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n"},
	        {HTTP_NO_BODY, true, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n"},
	        {HTTP_CHUNKED, false, "HTTP/1.1 200 \r\nTransfer-Encoding: Chunked\r\n\r\n"},
	        {HTTP_NO_BODY, false, "HTTP/1.1 204 No Content\r\n\r\n"},
	        {HTTP_NO_BODY, false, "HTTP/1.1 304\r\nContent-Length: 3\r\n\r\n"},
	        {HTTP_NO_BODY, false, "HTTP/1.1 100 Continue\r\n\r\n"},
	};
	struct http_head head;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		size_t n = strlen(cases[i].text);
		for (size_t k = 0; k < n; k++)
			assert_int_equal(http_read_response(&head, cases[i].text, k, false), 0);
		assert_int_equal(http_read_response(&head, cases[i].text, n, cases[i].to_head), n);
		assert_int_equal(head.framing, cases[i].framing);
	}
	assert_true(http_read_response(&head, "hello, world\n", 13, false) < 0);
	assert_true(http_read_response(&head, "HTTP/1.1 20 OK\n\n", 16, false) < 0);
}

/* All content of a body that comes in pieces of `step` bytes; how it ended. */
static enum http_part content(const char *bytes, size_t step, char *to, size_t *n_to)
{
	struct http_body body = {.framing = HTTP_CHUNKED};
	size_t n = strlen(bytes), at = 0, taken;
	struct text piece;
	enum http_part part = HTTP_MORE;
	*n_to = 0;
	for (size_t end = step; part != HTTP_END && part != HTTP_BAD && at < n; end += step) {
		do {
			part = http_read_body(&body, bytes + at, (end < n ? end : n) - at, &taken,
			                      &piece);
			at += taken;
			if (part == HTTP_PIECE)
				memcpy(to + *n_to, piece.at, piece.n);
			*n_to += part == HTTP_PIECE ? piece.n : 0;
		} while (part == HTTP_PIECE);
	}
	return part;
}

static void chunks_are_joined_however_they_come(void **state)
{
	(void)state;
	static const char *const whole =
	        "5\r\nhello\r\nA;x=\"y\"\r\n, my world\r\n0001 \r\n!\r\n0\r\n"
	        "Trailer: t\r\n\r\n";
	char to[100];
	size_t n;
	for (size_t step = 1; step <= strlen(whole); step++) {
		assert_int_equal(content(whole, step, to, &n), HTTP_END);
		is_text((struct text){to, n}, "hello, my world!");
	}
}

static void chunks_that_are_none_are_refused(void **state)
{
	(void)state;
	static const char *const cases[] = {
	        "\r\n",         "x\r\n",           "-5\r\nhello",   "5\nhello\r\n0\r\n\r\n",
	        "0x5\r\nhello", "5\r\nhelloX\r\n", "5\r\nhello\rX", "11111111111111111\r\n",
	        "5;a\nhello"};
	char to[100];
	size_t n;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(content(cases[i], 1, to, &n), HTTP_BAD);
}

static void a_trailer_without_end_is_refused(void **state)
{
	(void)state;
	static char bytes[10000] = "0\r\nA: ";
	struct http_body body = {.framing = HTTP_CHUNKED};
	struct text piece;
	size_t taken;
	memset(bytes + 6, 'a', sizeof bytes - 6);
	assert_int_equal(http_read_body(&body, bytes, sizeof bytes, &taken, &piece), HTTP_BAD);
	assert_int_equal(http_read_body(&body, bytes, 1, &taken, &piece), HTTP_BAD);
}

static void a_length_is_neither_exceeded_nor_missed(void **state)
{
	(void)state;
	struct http_body body = {.framing = HTTP_LENGTH, .left = 5};
	struct text piece;
	size_t taken;
	assert_int_equal(http_read_body(&body, "hel", 3, &taken, &piece), HTTP_PIECE);
	is_text(piece, "hel");
	assert_int_equal(http_read_body(&body, "", 0, &taken, &piece), HTTP_MORE);
	assert_int_equal(http_read_body(&body, "lo, world", 9, &taken, &piece), HTTP_PIECE);
	is_text(piece, "lo");
	assert_int_equal(taken, 2);
	assert_int_equal(http_read_body(&body, ", world", 7, &taken, &piece), HTTP_END);
	assert_int_equal(taken, 0);
}

static void a_path_is_decoded_and_stays_inside(void **state)
{
	(void)state;
	static const struct {
		const char *target, *path; /* NULL: refused */
	} cases[] = {
	        {"/", "/"},
	        {"/a%20b?c=d", "/a b"},
	        {"http://host:80/x", "/x"},
	        {"HTTP://host", NULL},
	        {"/..a/b..", "/..a/b.."},
	        {"/../etc/passwd", NULL},
	        {"/a/%2e%2E/%2e./b", NULL},
	        {"/a/..", NULL},
	        {"/a%00b", NULL},
	        {"/a%4", NULL},
	        {"/a%zz", NULL},
	        {"a", NULL},
	        {"*", NULL},
	        {"/too-long-for-its-buffer", NULL},
	};
	char path[16];
	struct text query;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct text target = {cases[i].target, strlen(cases[i].target)};
		assert_int_equal(http_path(target, path, sizeof path, &query),
		                 cases[i].path != NULL);
		if (cases[i].path)
			assert_string_equal(path, cases[i].path);
	}
	assert_true(http_path((struct text){"/a?b=1", 6}, path, sizeof path, &query));
	is_text(query, "b=1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_request_is_read),
	        cmocka_unit_test(a_request_that_is_cut_anywhere_is_waited_for),
	        cmocka_unit_test(what_is_no_request_is_refused),
	        cmocka_unit_test(what_is_too_long_is_refused_before_it_ends),
	        cmocka_unit_test(connection_says_whether_to_go_on),
	        cmocka_unit_test(a_response_says_where_its_body_ends),
	        cmocka_unit_test(chunks_are_joined_however_they_come),
	        cmocka_unit_test(chunks_that_are_none_are_refused),
	        cmocka_unit_test(a_trailer_without_end_is_refused),
	        cmocka_unit_test(a_length_is_neither_exceeded_nor_missed),
	        cmocka_unit_test(a_path_is_decoded_and_stays_inside),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
