/* FTP: exact outputs, however the conversation is cut, hostile input, and the data connections that
 * belong to their control connection. */
#include "stream/ftp.h"
#include "talks.h"

#define GREETING      SAYS(SERVER, "220 FTP\r\n")
#define GREETING_TOLD "server ftp response (9) 220 FTP\n"

static void a_dialogue_is_told_wherever_it_is_cut(void **state)
{
	(void)state; /* none of these tests needs one */
	static const struct said said[] = {
	        SAYS(SERVER, "220-lab FTP\r\n220 ready\r\n"),
	        SAYS(CLIENT, "USER ann\r\n"),
	        SAYS(SERVER, "331 and?\r\n"),
	        SAYS(CLIENT, "pass secret word\r\n"),
	        SAYS(SERVER, "230 in\r\n"),
	        SAYS(CLIENT, "FEAT\r\n"),
	        SAYS(SERVER, "211-Features:\r\n EPSV\r\n211-SIZE\r\n 211 MDTM\r\n211 End\r\n"),
	        SAYS(CLIENT, "TYPE I\r\n\xff\xf4\xff\xf2"
	                     "ABOR\r\nQUIT\r\n"),
	        SAYS(SERVER, "200 ok\r\n226 none\r\n221\r\n"),
	};
	assert_messages(said, COUNT(said), 4021, true,
	                "server ftp response (24) 220 lab FTP / ready\n"
	                "  ftp.response.code=220\n  ftp.response.arg=lab FTP\n"
	                "  ftp.response.arg=ready\n"
	                "client ftp command (10) USER ann\n"
	                "  ftp.request.command=USER\n  ftp.request.arg=ann\n"
	                "server ftp response (10) 331 and?\n"
	                "  ftp.response.code=331\n  ftp.response.arg=and?\n  ftp.response.to=USER\n"
	                "client ftp command (18) pass (11 characters, not shown here)\n"
	                "  ftp.request.command=pass\n"
	                "server ftp response (8) 230 in\n"
	                "  ftp.response.code=230\n  ftp.response.arg=in\n  ftp.response.to=PASS\n"
	                "client ftp command (6) FEAT\n"
	                "  ftp.request.command=FEAT\n"
	                "server ftp response (52) 211 Features: /  EPSV / SIZE /  211 MDTM / End\n"
	                "  ftp.response.code=211\n  ftp.response.arg=Features:\n"
	                "  ftp.response.arg= EPSV\n  ftp.response.arg=SIZE\n"
	                "  ftp.response.arg= 211 MDTM\n  ftp.response.arg=End\n"
	                "  ftp.response.to=FEAT\n"
	                "client ftp command (8) TYPE I\n"
	                "  ftp.request.command=TYPE\n  ftp.request.arg=I\n"
	                "client ftp command (10) ABOR\n"
	                "  ftp.request.command=ABOR\n"
	                "client ftp command (6) QUIT\n"
	                "  ftp.request.command=QUIT\n"
	                "server ftp response (8) 200 ok\n"
	                "  ftp.response.code=200\n  ftp.response.arg=ok\n  ftp.response.to=TYPE\n"
	                "server ftp response (10) 226 none\n"
	                "  ftp.response.code=226\n  ftp.response.arg=none\n"
	                "  ftp.response.to=ABOR\n"
	                "server ftp response (5) 221 \n"
	                "  ftp.response.code=221\n  ftp.response.arg=\n  ftp.response.to=QUIT\n");
}

static void where_data_goes_is_told(void **state)
{
	(void)state;
	static const struct said said[] = {
	        GREETING,
	        SAYS(CLIENT, "PASV\r\nEPSV\r\nPORT 10,0,0,1,7,138\r\nEPRT |1|10.0.0.1|1930|\r\n"),
	        SAYS(SERVER, "227 Entering (10,0,0,2,7,138).\r\n229 Extended (|||1930|)\r\n"),
	};
	assert_messages(said, COUNT(said), 21, true,
	                "server ftp response (9) 220 FTP\n"
	                "  ftp.response.code=220\n  ftp.response.arg=FTP\n"
	                "client ftp command (6) PASV\n  ftp.request.command=PASV\n"
	                "client ftp command (6) EPSV\n  ftp.request.command=EPSV\n"
	                "client ftp command (21) PORT 10,0,0,1,7,138\n"
	                "  ftp.request.command=PORT\n  ftp.request.arg=10,0,0,1,7,138\n"
	                "  ftp.active.cip=10.0.0.1\n  ftp.active.port=1930\n"
	                "client ftp command (24) EPRT |1|10.0.0.1|1930|\n"
	                "  ftp.request.command=EPRT\n  ftp.request.arg=|1|10.0.0.1|1930|\n"
	                "  ftp.eprt.af=1\n  ftp.eprt.ip=10.0.0.1\n  ftp.eprt.port=1930\n"
	                "server ftp response (32) 227 Entering (10,0,0,2,7,138).\n"
	                "  ftp.response.code=227\n  ftp.response.arg=Entering (10,0,0,2,7,138).\n"
	                "  ftp.response.to=PASV\n"
	                "  ftp.passive.ip=10.0.0.2\n  ftp.passive.port=1930\n"
	                "server ftp response (25) 229 Extended (|||1930|)\n"
	                "  ftp.response.code=229\n  ftp.response.arg=Extended (|||1930|)\n"
	                "  ftp.response.to=EPSV\n  ftp.epsv.port=1930\n");
}

static void other_hosts_and_broken_addresses_are_named(void **state)
{
	(void)state;
	static const struct said said[] = {
	        GREETING,
	        SAYS(CLIENT, "PORT 10,0,0,9,0,25\r\nEPRT |2|::1|25|\r\nPORT 10,0,0,1,0,25\r\n"
	                     "PORT 1,2,3,4,5\r\nEPRT |3|x|1|\r\nPASV\r\nPASV\r\nEPSV\r\n"),
	        SAYS(SERVER, "500 no\r\n500 no\r\n500 no\r\n500 no\r\n500 no\r\n"
	                     "227 =10,0,0,9,7,138\r\n227 somewhere\r\n229 (||1930|)\r\n"),
	};
	assert_messages(
	        said, COUNT(said), 21, false,
	        GREETING_TOLD
	        "client ftp command (20) PORT 10,0,0,9,0,25 !an FTP bounce: the server is to "
	        "connect "
	        "to another host than the client's\n"
	        "client ftp command (17) EPRT |2|::1|25| !an FTP bounce: the server is to connect "
	        "to "
	        "another host than the client's\n"
	        "client ftp command (20) PORT 10,0,0,1,0,25 !the server is to connect to a port "
	        "below "
	        "1024, where other services listen\n"
	        "client ftp command (16) PORT 1,2,3,4,5 !PORT without six numbers of a byte each\n"
	        "client ftp command (14) EPRT |3|x|1| !EPRT without family, address and port\n"
	        "client ftp command (6) PASV\n"
	        "client ftp command (6) PASV\n"
	        "client ftp command (6) EPSV\n"
	        "server ftp response (8) 500 no\n"
	        "server ftp response (8) 500 no\n"
	        "server ftp response (8) 500 no\n"
	        "server ftp response (8) 500 no\n"
	        "server ftp response (8) 500 no\n"
	        "server ftp response (21) 227 =10,0,0,9,7,138 !the server names another host than "
	        "itself: one behind a translating router, or one that the client is to be led to\n"
	        "server ftp response (15) 227 somewhere !an answer to PASV without six numbers of "
	        "a "
	        "byte each\n"
	        "server ftp response (15) 229 (||1930|) !an answer to EPSV without (|||port|)\n");
}

/* A data connection to that port of the server, with these bytes from that side. */
static void carry(struct talking *t, uint16_t port, enum side from, const char *bytes)
{
	struct talking control = *t;
	t->stream = control.stream + 1 + (uint32_t)t->frame; /* a new one */
	t->port = port;
	t->next[CLIENT] = 1001;
	t->next[SERVER] = 4294967001;
	say_bytes(t, from, bytes, strlen(bytes));
	say_fin(t, from);
	say_fin(t, side_other(from));
	messages_close(t->messages, t->stream);
	t->stream = control.stream;
	t->port = control.port;
	memcpy(t->next, control.next, sizeof t->next);
}

static void speak(struct talking *t, enum side from, const char *words)
{
	say_bytes(t, from, words, strlen(words));
}

static void data_is_tied_to_its_command(void **state)
{
	(void)state;
	struct talking t;
	talking_begin(&t, 21);
	speak(&t, SERVER, "220 FTP\r\n");
	speak(&t, CLIENT, "PASV\r\n");
	speak(&t, SERVER, "227 at (10,0,0,2,7,138).\r\n"); /* 3 */
	speak(&t, CLIENT, "RETR nothing\r\n");
	speak(&t, SERVER, "550 no such file\r\n");
	speak(&t, CLIENT, "RETR file\r\n"); /* 6 */
	*t.ear.heard = '\0';
	t.ear.fields = t.ear.frames = true;
	carry(&t, 1930, SERVER, "GET / HTTP/1.1\r\n\r\n"); /* 7, 8, 9 */
	carry(&t, 1930, SERVER, "GET / HTTP/1.1\r\n\r\n"); /* it was expected once */
	speak(&t, SERVER, "150 it comes\r\n226 done\r\n"); /* 13 */
	speak(&t, CLIENT, "EPSV\r\n");
	speak(&t, SERVER, "229 (|||1931|)\r\n"); /* 15 */
	t.ear.fields = false;
	speak(&t, CLIENT, "STOR a file\r\n"); /* 16 */
	carry(&t, 1931, CLIENT, "abc");
	assert_string_equal(t.ear.heard,
	                    "server ftp data (18) RETR file, 18 bytes @7 <6\n"
	                    "  ftp-data.setup-method=PASV\n  ftp-data.setup-frame=3\n"
	                    "  ftp-data.command=RETR file\n  ftp-data.command-frame=6\n"
	                    "server http request (18) GET / HTTP/1.1 @10\n"
	                    "  http.request.method=GET\n  http.request.uri=/\n"
	                    "  http.request.version=HTTP/1.1\n"
	                    "server ftp response (14) 150 it comes @13 <6\n"
	                    "  ftp.response.code=150\n  ftp.response.arg=it comes\n"
	                    "  ftp.response.to=RETR\n"
	                    "server ftp response (10) 226 done @13 <6\n"
	                    "  ftp.response.code=226\n  ftp.response.arg=done\n"
	                    "  ftp.response.to=RETR\n"
	                    "client ftp command (6) EPSV @14\n"
	                    "  ftp.request.command=EPSV\n"
	                    "server ftp response (16) 229 (|||1931|) @15 <14\n"
	                    "  ftp.response.code=229\n  ftp.response.arg=(|||1931|)\n"
	                    "  ftp.response.to=EPSV\n  ftp.epsv.port=1931\n"
	                    "client ftp command (13) STOR a file @16\n"
	                    "client ftp data (3) STOR a file, 3 bytes @17 <16\n");
	talking_free(&t);
}

static void data_may_come_before_its_command_is_known(void **state)
{
	(void)state;
	struct talking t;
	talking_begin(&t, 21);
	speak(&t, SERVER, "220 FTP\r\n");
	speak(&t, CLIENT, "PORT 10,0,0,2,7,138\r\n");
	*t.ear.heard = '\0';
	carry(&t, 1930, CLIENT, "x");
	assert_string_equal(t.ear.heard, "client ftp data (1) data, 1 byte\n");
	talking_free(&t);
}

static void many_announcements_do_not_grow(void **state)
{
	(void)state;
	struct talking t;
	talking_begin(&t, 21);
	speak(&t, SERVER, "220 FTP\r\n");
	for (unsigned port = 2000; port < 3000; port++) {
		TEXT(line, 64);
		text_addf(&line, "PORT 10,0,0,2,%u,%u\r\n", port >> 8, port & 255);
		speak(&t, CLIENT, line.bytes);
	}
	*t.ear.heard = '\0';
	carry(&t, 2999, SERVER, "new");
	carry(&t, 2000, SERVER, "long ago");
	assert_string_equal(t.ear.heard, "server ftp data (3) data, 3 bytes\n");
	talking_free(&t);
}

static void private_data_is_left_to_others(void **state)
{
	(void)state;
	struct talking t;
	talking_begin(&t, 21);
	speak(&t, SERVER, "220 FTP\r\n");
	speak(&t, CLIENT, "PROT P\r\nPASV\r\n");
	speak(&t, SERVER, "200 ok\r\n227 (10,0,0,2,7,138)\r\n");
	*t.ear.heard = '\0';
	carry(&t, 1930, SERVER, "\x16\x03\x01");
	assert_null(strstr(t.ear.heard, "ftp"));
	talking_free(&t);
}

static void behind_auth_tls_it_is_not_ftp_any_more(void **state)
{
	(void)state;
	static const struct said granted[] = {
	        GREETING,
	        SAYS(CLIENT, "AUTH TLS\r\n"),
	        SAYS(SERVER, "234 go on\r\n"),
	        SAYS(CLIENT, "NOOP\r\n"),
	};
	static const struct said refused[] = {
	        GREETING,
	        SAYS(CLIENT, "AUTH TLS\r\n"),
	        SAYS(SERVER, "504 what?\r\n"),
	        SAYS(CLIENT, "NOOP\r\n"),
	};
	char *got = messages_of(granted, COUNT(granted), 21, false, CUT_WHOLE, 0);
	assert_null(strstr(got, "ftp command (6) NOOP"));
	free(got);
	assert_messages(refused, COUNT(refused), 21, false,
	                GREETING_TOLD "client ftp command (10) AUTH TLS\n"
	                              "server ftp response (11) 504 what?\n"
	                              "client ftp command (6) NOOP\n");
}

static void addresses_are_read_or_refused(void **state)
{
	(void)state;
	static const char *const good_eprt[] = {"|1|10.0.0.1|1930|", "!1!10.0.0.1!1930!",
	                                        "|2|2001:db8::1|65535|"};
	static const char *const bad_eprt[] = {
	        "",
	        "|",
	        "|1|10.0.0.1",
	        "|1|10.0.0.1|",
	        "|1|::1|80|",
	        "|2|10.0.0.1|80|",
	        "|1|10.0.0.1|65536|",
	        "|1|10.0.0.1|-1|",
	        "|1|10.0.0.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1|80|"};
	static const char *const bad_port[] = {
	        "",           "(",          "1,2,3,4,5", "1,2,3,4,5,256", "256,1,1,1,1,1",
	        "1,2,,4,5,6", "1,2,3,4,5,x"};
	static const char *const bad_epsv[] = {
	        "", "(", "()", "(|||)", "(|||1930|", "(||1930|)", "(|||65536|)", "(|1||1930|)"};
	struct endpoint end;
	uint16_t port;
	for (size_t i = 0; i < COUNT(good_eprt); i++)
		assert_true(ftp_read_eprt((struct line){good_eprt[i], strlen(good_eprt[i])}, &end));
	assert_int_equal(end.port, 65535);
	for (size_t i = 0; i < COUNT(bad_eprt); i++)
		assert_false(ftp_read_eprt((struct line){bad_eprt[i], strlen(bad_eprt[i])}, &end));
	for (size_t i = 0; i < COUNT(bad_port); i++)
		assert_false(ftp_read_port((struct line){bad_port[i], strlen(bad_port[i])}, &end));
	for (size_t i = 0; i < COUNT(bad_epsv); i++)
		assert_false(ftp_read_epsv((struct line){bad_epsv[i], strlen(bad_epsv[i])}, &port));
	assert_true(ftp_read_epsv((struct line){"x (!!!80!) y", 12}, &port));
	assert_int_equal(port, 80);
	assert_true(ftp_read_port((struct line){"at ( 1,2,3,4,5,6 )", 18}, &end));
	assert_int_equal(end.port, 5 * 256 + 6);
}

static void answers_are_tied_to_their_commands(void **state)
{
	(void)state;
	struct talking t;
	talking_begin(&t, 21);
	t.ear.frames = true;
	speak(&t, SERVER, "120 wait\r\n");
	speak(&t, SERVER, "220 FTP\r\n");
	speak(&t, CLIENT, "LIST\r\n");
	speak(&t, SERVER, "150 a\r\n");
	speak(&t, SERVER, "226 b\r\n421 tired\r\n");
	assert_string_equal(t.ear.heard, "server ftp response (10) 120 wait @1\n"
	                                 "server ftp response (9) 220 FTP @2\n"
	                                 "client ftp command (6) LIST @3\n"
	                                 "server ftp response (7) 150 a @4 <3\n"
	                                 "server ftp response (7) 226 b @5 <3\n"
	                                 "server ftp response (11) 421 tired @5\n");
	talking_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_dialogue_is_told_wherever_it_is_cut),
	        cmocka_unit_test(where_data_goes_is_told),
	        cmocka_unit_test(other_hosts_and_broken_addresses_are_named),
	        cmocka_unit_test(data_is_tied_to_its_command),
	        cmocka_unit_test(data_may_come_before_its_command_is_known),
	        cmocka_unit_test(many_announcements_do_not_grow),
	        cmocka_unit_test(private_data_is_left_to_others),
	        cmocka_unit_test(behind_auth_tls_it_is_not_ftp_any_more),
	        cmocka_unit_test(addresses_are_read_or_refused),
	        cmocka_unit_test(answers_are_tied_to_their_commands),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
