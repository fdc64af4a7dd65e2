/* SMTP: exact outputs, however the conversation is cut, and hostile input. */
#include "talks.h"

#define GREETING "220 mail.lab ESMTP ready\r\n"
#define HELLO    SAYS(SERVER, GREETING), SAYS(CLIENT, "EHLO me\r\n"), SAYS(SERVER, "250 mail.lab\r\n")
#define HELLO_TOLD                                                                                 \
	"server smtp response (26) 220 mail.lab ESMTP ready\n"                                     \
	"client smtp command (9) EHLO me\n"                                                        \
	"server smtp response (14) 250 mail.lab\n"

static void a_mail_is_told_wherever_the_conversation_is_cut(void **state)
{
	(void)state; /* none of these tests needs one */
	static const struct said said[] = {
	        SAYS(SERVER, "220-mail.lab ESMTP\r\n220 ready\r\n"),
	        SAYS(CLIENT, "EHLO me\r\n"),
	        SAYS(SERVER, "250-mail.lab\r\n250-PIPELINING\r\n250 SIZE 1000\r\n"),
	        SAYS(CLIENT, "MAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\nDATA\r\n"),
	        SAYS(SERVER, "250 ok\r\n250 ok\r\n354 go on\r\n"),
	        SAYS(CLIENT, "From: a\r\nSubject: one\r\n\tand two\r\nX-Own: 1\r\n\r\n"
	                     "body: no header\r\n..\r\n..dots\r\n.\r\nQUIT\r\n"),
	        SAYS(SERVER, "250 taken\r\n221 bye\r\n"),
	};
	assert_messages(
	        said, COUNT(said), 25, false,
	        "server smtp response (31) 220 mail.lab ESMTP / ready\n"
	        "client smtp command (9) EHLO me\n"
	        "server smtp response (45) 250 mail.lab / PIPELINING / SIZE 1000\n"
	        "client smtp command (17) MAIL FROM:<a@x>\n"
	        "client smtp command (15) RCPT TO:<b@x>\n"
	        "client smtp command (6) DATA\n"
	        "server smtp response (8) 250 ok\n"
	        "server smtp response (8) 250 ok\n"
	        "server smtp response (11) 354 go on\n"
	        "client smtp data (77) mail \"one and two\", 8 lines, a dot taken off 2 of them\n"
	        "client smtp command (6) QUIT\n"
	        "server smtp response (11) 250 taken\n"
	        "server smtp response (9) 221 bye\n");
}

static void messages_have_their_fields(void **state)
{
	(void)state;
	static const struct said said[] = {
	        SAYS(SERVER, GREETING),
	        SAYS(CLIENT, "data\r\n"),
	        SAYS(SERVER, "354 go on\r\n"),
	        SAYS(CLIENT, "FROM : a\r\nTo:b\r\nSubject: s\r\nX-Own: 1\r\n\r\nhi\r\n.\r\n"),
	        SAYS(SERVER, "250-2.0.0 taken\r\n250 as 7\r\n"),
	};
	assert_messages(said, COUNT(said), 25, true,
	                "server smtp response (26) 220 mail.lab ESMTP ready\n"
	                "  smtp.response.code=220\n  smtp.rsp.parameter=mail.lab ESMTP ready\n"
	                "client smtp command (6) data\n"
	                "  smtp.req.command=data\n"
	                "server smtp response (11) 354 go on\n"
	                "  smtp.response.code=354\n  smtp.rsp.parameter=go on\n"
	                "  smtp.response.to=DATA\n"
	                "client smtp data (47) mail \"s\", 6 lines\n"
	                "  imf.from=a\n  imf.to=b\n  imf.subject=s\n  imf.extension=X-Own: 1\n"
	                "  smtp.data.reassembled.length=44\n"
	                "server smtp response (27) 250 2.0.0 taken / as 7\n"
	                "  smtp.response.code=250\n  smtp.rsp.parameter=2.0.0 taken\n"
	                "  smtp.rsp.parameter=as 7\n  smtp.response.to=mail\n");
}

static void a_refused_mail_is_followed_by_commands(void **state)
{
	(void)state;
	static const struct said said[] = {
	        HELLO,
	        SAYS(CLIENT, "RCPT TO:<b@x>\r\nDATA\r\n"),
	        SAYS(SERVER, "550 nobody\r\n503 nobody to send it to\r\n"),
	        SAYS(CLIENT, "RSET\r\n"),
	        SAYS(SERVER, "250 fine\r\n"),
	};
	assert_messages(said, COUNT(said), 25, false,
	                HELLO_TOLD "client smtp command (15) RCPT TO:<b@x>\n"
	                           "client smtp command (6) DATA\n"
	                           "server smtp response (12) 550 nobody\n"
	                           "server smtp response (26) 503 nobody to send it to\n"
	                           "client smtp command (6) RSET\n"
	                           "server smtp response (10) 250 fine\n");
}

static void secrets_are_not_shown(void **state)
{
	(void)state;
	static const struct said said[] = {
	        HELLO,
	        SAYS(CLIENT, "AUTH PLAIN AGFubgBzZWNyZXQ=\r\n"),
	        SAYS(SERVER, "535 no\r\n"),
	        SAYS(CLIENT, "auth login\r\n"),
	        SAYS(SERVER, "334 VXNlcm5hbWU6\r\n"),
	        SAYS(CLIENT, "YW5u\r\n"),
	        SAYS(SERVER, "334 UGFzc3dvcmQ6\r\n"),
	        SAYS(CLIENT, "c2VjcmV0\r\n"),
	        SAYS(SERVER, "235 welcome\r\n"),
	        SAYS(CLIENT, "AUTH LOGIN\r\n"),
	        SAYS(SERVER, "334 VXNlcm5hbWU6\r\n"),
	        SAYS(CLIENT, "*\r\n"),
	        SAYS(SERVER, "501 as you like\r\n"),
	        SAYS(CLIENT, "NOOP\r\n"),
	};
	assert_messages(said, COUNT(said), 25, false,
	                HELLO_TOLD
	                "client smtp command (29) AUTH PLAIN (16 characters, not shown here)\n"
	                "server smtp response (8) 535 no\n"
	                "client smtp command (12) auth login\n"
	                "server smtp response (18) 334 VXNlcm5hbWU6\n"
	                "client smtp command (6) answer to the challenge (4 characters, not shown "
	                "here)\n"
	                "server smtp response (18) 334 UGFzc3dvcmQ6\n"
	                "client smtp command (10) answer to the challenge (8 characters, not shown "
	                "here)\n"
	                "server smtp response (13) 235 welcome\n"
	                "client smtp command (12) AUTH LOGIN\n"
	                "server smtp response (18) 334 VXNlcm5hbWU6\n"
	                "client smtp command (3) * (no AUTH after all)\n"
	                "server smtp response (17) 501 as you like\n"
	                "client smtp command (6) NOOP\n");
	char *got = messages_of(said, COUNT(said), 25, true, CUT_WHOLE, 0);
	assert_null(strstr(got, "AGFubgBzZWNyZXQ"));
	assert_null(strstr(got, "c2VjcmV0"));
	assert_non_null(strstr(got, "smtp.req.parameter=PLAIN\n  smtp.auth.length=16\n"));
	free(got);
}

static void chunks_are_passed_over(void **state)
{
	(void)state;
	static const struct said said[] = {
	        HELLO,
	        SAYS(CLIENT, "BDAT 7\r\nQUIT\r\n.BDAT 4 LAST\r\n\r\n.\r"),
	        SAYS(SERVER, "250 got 7\r\n250 taken\r\n"),
	        SAYS(CLIENT, "BDAT many\r\n"),
	        SAYS(SERVER, "501 how many?\r\n"),
	};
	assert_messages(said, COUNT(said), 25, false,
	                HELLO_TOLD "client smtp command (8) BDAT 7\n"
	                           "client smtp data (7) chunk of a mail\n"
	                           "client smtp command (13) BDAT 4 LAST\n"
	                           "client smtp data (4) chunk of a mail\n"
	                           "server smtp response (11) 250 got 7\n"
	                           "server smtp response (11) 250 taken\n"
	                           "client smtp command (11) BDAT many !BDAT without a length\n"
	                           "server smtp response (15) 501 how many?\n");
}

static void behind_starttls_it_is_not_smtp_any_more(void **state)
{
	(void)state;
	static const struct said granted[] = {
	        HELLO,
	        SAYS(CLIENT, "STARTTLS\r\n"),
	        SAYS(SERVER, "220 go on\r\n"),
	        SAYS(CLIENT, "NOOP\r\n"),
	};
	static const struct said refused[] = {
	        HELLO,
	        SAYS(CLIENT, "STARTTLS\r\n"),
	        SAYS(SERVER, "454 not now\r\n"),
	        SAYS(CLIENT, "NOOP\r\n"),
	};
	static const struct said hasty[] = {
	        HELLO,
	        SAYS(CLIENT, "STARTTLS\r\nMAIL FROM:<a@x>\r\n"),
	        SAYS(SERVER, "220 go on\r\n"),
	};
	char *got = messages_of(granted, COUNT(granted), 25, false, CUT_WHOLE, 0);
	assert_null(strstr(got, "smtp command (6) NOOP"));
	free(got);
	assert_messages(refused, COUNT(refused), 25, false,
	                HELLO_TOLD "client smtp command (10) STARTTLS\n"
	                           "server smtp response (13) 454 not now\n"
	                           "client smtp command (6) NOOP\n");
	got = messages_of(hasty, COUNT(hasty), 25, false, CUT_WHOLE, 0);
	assert_non_null(strstr(got, "220 go on !more came behind STARTTLS before this: an attacker "
	                            "in the middle may have put it there\n"));
	free(got);
}

static void who_speaks_before_the_greeting_is_named(void **state)
{
	(void)state;
	static const struct said said[] = {
	        SAYS(CLIENT, "EHLO me\r\nMAIL FROM:<a@x>\r\n"),
	        SAYS(SERVER, GREETING "250 mail.lab\r\n250 fine\r\n"),
	};
	assert_messages(
	        said, COUNT(said), 4025, true,
	        "client smtp command (9) EHLO me !it does not wait for the server's greeting\n"
	        "  smtp.req.command=EHLO\n  smtp.req.parameter=me\n"
	        "client smtp command (17) MAIL FROM:<a@x> !it does not wait for the server's "
	        "greeting\n"
	        "  smtp.req.command=MAIL\n  smtp.req.parameter=FROM:<a@x>\n"
	        "server smtp response (26) 220 mail.lab ESMTP ready !commands came before "
	        "this greeting\n"
	        "  smtp.response.code=220\n  smtp.rsp.parameter=mail.lab ESMTP ready\n"
	        "server smtp response (14) 250 mail.lab\n"
	        "  smtp.response.code=250\n  smtp.rsp.parameter=mail.lab\n"
	        "  smtp.response.to=EHLO\n"
	        "server smtp response (10) 250 fine\n"
	        "  smtp.response.code=250\n  smtp.rsp.parameter=fine\n"
	        "  smtp.response.to=MAIL\n");
}

static void only_crlf_dot_crlf_ends_a_mail(void **state)
{
	(void)state;
	static const char *const smuggled[] = {
	        "a\r\n.\nMAIL FROM:<b@x>\r\n.\r\n",
	        "a\n.\r\nMAIL FROM:<b@x>\r\n.\r\n",
	        "a\n.\nMAIL FROM:<b@x>\r\n.\r\n",
	};
	for (size_t i = 0; i < COUNT(smuggled); i++) {
		const struct said said[] = {
		        HELLO,
		        SAYS(CLIENT, "DATA\r\n"),
		        SAYS(SERVER, "354 go on\r\n"),
		        {CLIENT, smuggled[i], strlen(smuggled[i])},
		};
		char *got = messages_of(said, COUNT(said), 25, false, CUT_BYTES, 0);
		assert_null(strstr(got, "command (17) MAIL"));
		assert_non_null(strstr(got, "a dot between bare line ends: a lenient server takes "
		                            "it for the end, and the rest for commands\n"));
		free(got);
	}
	static const struct said bare[] = {
	        HELLO,
	        SAYS(CLIENT, "DATA\r\n"),
	        SAYS(SERVER, "354 go on\r\n"),
	        SAYS(CLIENT, "a\nb\r\n.\r\n"),
	        SAYS(SERVER, "250 ok\r\n"),
	        SAYS(CLIENT, "NOOP\n"),
	};
	assert_messages(bare, COUNT(bare), 25, false,
	                HELLO_TOLD
	                "client smtp command (6) DATA\n"
	                "server smtp response (11) 354 go on\n"
	                "client smtp data (8) mail, 2 lines !lines that end in LF alone\n"
	                "server smtp response (8) 250 ok\n"
	                "client smtp command (5) NOOP !a line that ends in LF alone\n");
}

static void bad_replies_are_named(void **state)
{
	(void)state;
	static const struct said said[] = {
	        HELLO,
	        SAYS(CLIENT, "NOOP\r\nNOOP\r\n"),
	        SAYS(SERVER, "250-a\r\n251 b\r\nwhat?\r\n"),
	};
	assert_messages(said, COUNT(said), 25, false,
	                HELLO_TOLD "client smtp command (6) NOOP\n"
	                           "client smtp command (6) NOOP\n"
	                           "server smtp response (14) 250 a / 251 b "
	                           "!a line of a reply without the reply's code\n"
	                           "server smtp response (7) what? "
	                           "!a reply without a code of three digits\n");
}

static void lines_without_an_end_are_told_in_parts(void **state)
{
	(void)state;
	enum { LONG = 40000 };
	char *line = malloc(LONG);
	assert_non_null(line);
	memset(line, 'x', LONG);
	const struct said said[] = {HELLO, {CLIENT, line, LONG}, SAYS(CLIENT, "\r\nNOOP\r\n")};
	char *got = messages_of(said, COUNT(said), 25, false, CUT_WHOLE, 0);
	assert_non_null(strstr(got, " !a line that does not end\n"));
	assert_non_null(strstr(got, "client smtp command (6) NOOP\n"));
	free(got);
	free(line);
}

static void a_mail_that_breaks_off_is_told(void **state)
{
	(void)state;
	static const struct said said[] = {
	        HELLO,
	        SAYS(CLIENT, "DATA\r\n"),
	        SAYS(SERVER, "354 go on\r\n"),
	        SAYS(CLIENT, "Subject: half\r\n\r\nof it\r\n"),
	};
	assert_messages(said, COUNT(said), 25, false,
	                HELLO_TOLD "client smtp command (6) DATA\n"
	                           "server smtp response (11) 354 go on\n"
	                           "client smtp data (24) mail \"half\", 3 lines incomplete\n");
}

static void answers_are_tied_to_their_commands(void **state)
{
	(void)state;
	struct talking t;
	talking_begin(&t, 25);
	t.ear.frames = true;
	say_bytes(&t, SERVER, "220 ESMTP\r\n", 11);
	say_bytes(&t, CLIENT, "EHLO a\r\n", 8);
	say_bytes(&t, CLIENT, "NOOP\r\nDA", 8);
	say_bytes(&t, CLIENT, "TA\r\n", 4);
	say_bytes(&t, SERVER, "250 a\r\n250 b\r\n354 c\r\n", 21);
	say_bytes(&t, CLIENT, "\r\nx\r\n", 5);
	say_bytes(&t, CLIENT, ".\r\n", 3);
	say_bytes(&t, SERVER, "250 d\r\n", 7);
	assert_string_equal(t.ear.heard, "server smtp response (11) 220 ESMTP @1\n"
	                                 "client smtp command (8) EHLO a @2\n"
	                                 "client smtp command (6) NOOP @3\n"
	                                 "client smtp command (6) DATA @3,4\n"
	                                 "server smtp response (7) 250 a @5 <2\n"
	                                 "server smtp response (7) 250 b @5 <3\n"
	                                 "server smtp response (7) 354 c @5 <4\n"
	                                 "client smtp data (8) mail, 2 lines @6,7\n"
	                                 "server smtp response (7) 250 d @8 <7\n");
	talking_free(&t);
}

static void what_was_kept_came_with_its_own_frames(void **state)
{
	(void)state;
	struct talking t;
	talking_begin(&t, 4025);
	t.ear.frames = true;
	say_bytes(&t, SERVER, "220 x\r\n", 7);
	say_bytes(&t, CLIENT, "EHLO a\r\n", 8);
	assert_string_equal(t.ear.heard, "server smtp response (7) 220 x @1\n"
	                                 "client smtp command (8) EHLO a @2\n");
	talking_free(&t);
}

/* What the first words make of a conversation, on a port that nobody knows. */
static void it_is_recognised_by_what_is_said(void **state)
{
	(void)state;
	static const struct {
		const char *server, *client;
		bool is_smtp;
	} talks[] = {
	        {"220 x ESMTP Postfix\r\n", "", true},
	        {"220-x\r\n220 y\r\n", "EHLO me\r\n", true},
	        {"220 x\r\n", "USER ann\r\n", false},
	        {"220 x FTP\r\n", "EHLO me\r\n", false},
	        {"200 x SMTP\r\n", "", true},
	        {"2200 SMTP\r\n", "", false},
	        {"554 go away\r\n", "", true},
	        {"554 too early\r\n", "NOOP\r\n", true},
	        {"120 later\r\n", "", false},
	        {"22", "", false},
	        {"", "EHLO me\r\n", true},
	        {"", "MAIL FROM:<a@x>\r\n", true},
	        {"", "EHLO\r\n", false},
	};
	for (size_t i = 0; i < COUNT(talks); i++) {
		const struct said said[] = {{SERVER, talks[i].server, strlen(talks[i].server)},
		                            {CLIENT, talks[i].client, strlen(talks[i].client)}};
		char *got = messages_of(said, COUNT(said), 4025, false, CUT_WHOLE, 0);
		if ((strstr(got, " smtp ") != NULL) != talks[i].is_smtp)
			fail_msg("conversation %zu: %s", i, got);
		free(got);
	}
}

/* A server of SMTP on a port of FTP, and the other way round. */
static void words_tell_more_than_the_port(void **state)
{
	(void)state;
	static const struct said mail[] = {
	        SAYS(SERVER, "220 mail.lab.example, ready\r\n"),
	        SAYS(CLIENT, "EHLO me\r\n"),
	        SAYS(SERVER, "250 mail.lab.example\r\n"),
	};
	static const struct said files[] = {
	        SAYS(SERVER, "220 FTP server\r\n"),
	        SAYS(CLIENT, "USER me\r\n"),
	};
	static const struct said early[] = {
	        SAYS(CLIENT, "NOOP\r\n"),
	        SAYS(SERVER, "554 too early\r\n"),
	};
	assert_messages(mail, COUNT(mail), 21, false,
	                "server smtp response (29) 220 mail.lab.example, ready\n"
	                "client smtp command (9) EHLO me\n"
	                "server smtp response (22) 250 mail.lab.example\n");
	assert_messages(files, COUNT(files), 25, false,
	                "server ftp response (16) 220 FTP server\n"
	                "client ftp command (9) USER me\n");
	assert_messages(early, COUNT(early), 2121, false,
	                "client smtp command (6) NOOP !it does not wait for the server's greeting\n"
	                "server smtp response (15) 554 too early !commands came before this "
	                "greeting\n");
}

static void after_a_gap_it_goes_on(void **state)
{
	(void)state;
	struct talking t;
	talking_begin(&t, 4025);
	say_bytes(&t, SERVER, "220 ESMTP\r\n", 11);
	say_bytes(&t, CLIENT, "EHLO a\r\n", 8);
	say_bytes(&t, SERVER, "250 a\r\n", 7);
	miss_bytes(&t, CLIENT, 100);
	miss_bytes(&t, SERVER, 100);
	*t.ear.heard = '\0';
	say_bytes(&t, CLIENT, "MAIL FROM:<a@x>\r\n", 17);
	say_bytes(&t, SERVER, "250 b\r\n", 7);
	say_bytes(&t, CLIENT, "NOOP\r\n", 6);
	messages_end(t.messages);
	assert_non_null(strstr(t.ear.heard, "client smtp command (17) MAIL FROM:<a@x>\n"));
	assert_non_null(strstr(t.ear.heard, "server smtp response (7) 250 b\n"));
	assert_non_null(strstr(t.ear.heard, "client smtp command (6) NOOP\n"));
	talking_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_mail_is_told_wherever_the_conversation_is_cut),
	        cmocka_unit_test(messages_have_their_fields),
	        cmocka_unit_test(a_refused_mail_is_followed_by_commands),
	        cmocka_unit_test(secrets_are_not_shown),
	        cmocka_unit_test(chunks_are_passed_over),
	        cmocka_unit_test(behind_starttls_it_is_not_smtp_any_more),
	        cmocka_unit_test(who_speaks_before_the_greeting_is_named),
	        cmocka_unit_test(only_crlf_dot_crlf_ends_a_mail),
	        cmocka_unit_test(bad_replies_are_named),
	        cmocka_unit_test(lines_without_an_end_are_told_in_parts),
	        cmocka_unit_test(a_mail_that_breaks_off_is_told),
	        cmocka_unit_test(answers_are_tied_to_their_commands),
	        cmocka_unit_test(what_was_kept_came_with_its_own_frames),
	        cmocka_unit_test(it_is_recognised_by_what_is_said),
	        cmocka_unit_test(words_tell_more_than_the_port),
	        cmocka_unit_test(after_a_gap_it_goes_on),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
