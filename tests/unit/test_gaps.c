/* What comes behind bytes that the capture has missed: no words are put together that nobody said,
 * and nothing is ascribed to what it may not belong to. */
#include "talks.h"

static void behind_a_gap_the_rest_of_a_word_is_no_method(void **state)
{
	(void)state; /* none of these tests needs one */
	struct talking t;
	talking_begin(&t, 80);
	SAY(&t, CLIENT, "GET /a HTTP/1.1\r\n\r\n");
	miss_bytes(&t, CLIENT, 30);
	SAY(&t, CLIENT, "ET /b HTTP/1.1\r\n\r\n");
	SAY(&t, CLIENT, "DELETE /c HTTP/1.1\r\n\r\n");
	talking_close(&t);
	assert_null(strstr(t.ear.heard, "ET /b"));
	assert_non_null(strstr(t.ear.heard, "client http request (22) DELETE /c HTTP/1.1\n"));
	talking_free(&t);
}

/* The answer to the first request is not in the capture. */
static void behind_a_gap_nobody_knows_what_is_answered(void **state)
{
	(void)state;
	struct talking t;
	talking_begin(&t, 80);
	t.ear.frames = true;
	SAY(&t, CLIENT, "GET /a HTTP/1.1\r\n\r\n");
	miss_bytes(&t, SERVER, 38);
	SAY(&t, CLIENT, "GET /b HTTP/1.1\r\n\r\n");
	SAY(&t, SERVER, "HTTP/1.1 200 B\r\nContent-Length: 0\r\n\r\n");
	SAY(&t, CLIENT, "GET /c HTTP/1.1\r\n\r\n");
	SAY(&t, SERVER, "HTTP/1.1 200 C\r\nContent-Length: 0\r\n\r\n"); /* now the gap is sure */
	SAY(&t, CLIENT, "GET /d HTTP/1.1\r\n\r\n");
	SAY(&t, SERVER, "HTTP/1.1 200 D\r\nContent-Length: 0\r\n\r\n");
	talking_close(&t);
	assert_non_null(strstr(t.ear.heard, "HTTP/1.1 200 B @3\n"));
	assert_non_null(strstr(t.ear.heard, "HTTP/1.1 200 D @7 <6\n"));
	talking_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(behind_a_gap_the_rest_of_a_word_is_no_method),
	        cmocka_unit_test(behind_a_gap_nobody_knows_what_is_answered),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
