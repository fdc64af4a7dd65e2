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

/* What follows the gap waits, as it may be filled; then its answers have gone by. */
static void what_waited_behind_a_gap_is_not_what_is_answered(void **state)
{
	(void)state;
	static const struct {
		uint16_t port;
		const char *server[5], *client[4];
		const char *want;
	} cases[] = {
	        {80,
	         {NULL, "HTTP/1.1 204 A\r\n\r\n", "HTTP/1.1 204 B\r\n\r\n",
	          "HTTP/1.1 204 C\r\n\r\n", "HTTP/1.1 204 D\r\n\r\n"},
	         {"GET /a HTTP/1.1\r\n\r\n", "GET /b HTTP/1.1\r\n\r\n", "GET /c HTTP/1.1\r\n\r\n",
	          "GET /d HTTP/1.1\r\n\r\n"},
	         "HTTP/1.1 204 D @8 <7\n"},
	        {21,
	         {"220 FTP\r\n", "200 A\r\n", "200 B\r\n", "200 C\r\n", "200 D\r\n"},
	         {"PWD\r\n", "NOOP\r\n", "SYST\r\n", "HELP\r\n"},
	         "200 D @9 <8\n"},
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct talking t;
		talking_begin(&t, cases[i].port);
		t.ear.frames = true;
		if (cases[i].server[0])
			say_bytes(&t, SERVER, cases[i].server[0], strlen(cases[i].server[0]));
		for (int j = 0; j < 4; j++) {
			const char *asks = cases[i].client[j], *tells = cases[i].server[j + 1];
			if (j == 1)
				miss_bytes(&t, CLIENT, 30);
			say_bytes(&t, CLIENT, asks, strlen(asks));
			say_bytes(&t, SERVER, tells, strlen(tells));
		}
		talking_close(&t);
		TEXT(c, 64);
		text_addf(&c, "C @%d\n", i == 0 ? 6 : 7);
		assert_non_null(strstr(t.ear.heard, c.bytes)); /* tied to none */
		assert_non_null(strstr(t.ear.heard, cases[i].want));
		talking_free(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(behind_a_gap_the_rest_of_a_word_is_no_method),
	        cmocka_unit_test(behind_a_gap_nobody_knows_what_is_answered),
	        cmocka_unit_test(what_waited_behind_a_gap_is_not_what_is_answered),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
