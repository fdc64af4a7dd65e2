/* 40 SMTP and FTP, the server of SMTP (RFC 5321): speaks first, takes mail for lab.example and
 * shows it. The end of a mail is a line with a dot, so a line that begins with a dot comes with one
 * more. A client that speaks before the greeting follows no protocol (programs that send spam do):
 * refused. A thread for each client. Ends, with status 0, on SIGTERM or Ctrl-C. */
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "lib/lines.h"
#include "lib/net.h"

enum { IDLE_MS = 30000, GREETING_MS = 50 };
enum { MAX_TO = 100, MAX_BYTES = 64 * 1024, ADDRESS_BYTES = 255 };

/* What is known of the mail that is being sent. */
struct session {
	struct lines *lines;
	bool greeted, has_from, refused; /* refused: only QUIT is left */
	char from[ADDRESS_BYTES];
	int n_to;
};

/* Takes the address out of "FROM:<anna@lab.example> SIZE=100". "" is allowed: a mail that tells of
 * a failure comes from nobody, so that it cannot fail again. */
static bool take_address(const char *words, const char *key, char address[ADDRESS_BYTES])
{
	size_t n = strlen(key);
	if (strncasecmp(words, key, n) != 0)
		return false;
	words += n + strspn(words + n, " ");
	n = strcspn(words, ">");
	if (words[0] != '<' || words[n] != '>' || n > ADDRESS_BYTES)
		return false;
	memcpy(address, words + 1, n - 1);
	address[n - 1] = '\0';
	return strpbrk(address, "<\t ") == NULL;
}

static void forget_mail(struct session *s)
{
	s->has_from = false;
	s->n_to = 0;
}

static bool greet(struct session *s, const char *name)
{
	forget_mail(s);
	s->greeted = name[0] != '\0';
	if (!s->greeted)
		(void)lines_say(s->lines, "501 And who are you?");
	return s->greeted;
}

static void do_helo(struct session *s, const char *words)
{
	if (greet(s, words))
		(void)lines_say(s->lines, "250 mail.lab.example");
}

/* The same, with what is newer than 1982. */
static void do_ehlo(struct session *s, const char *words)
{
	if (greet(s, words))
		(void)lines_say(
		        s->lines,
		        "250-mail.lab.example\r\n250-PIPELINING\r\n250-SIZE %d\r\n250 8BITMIME",
		        MAX_BYTES);
}

static void do_mail(struct session *s, const char *words)
{
	const char *size = strcasestr(words, " SIZE=");
	if (s->has_from || !s->greeted)
		(void)lines_say(s->lines, "503 %s",
		                s->greeted ? "One mail at a time" : "Say EHLO first");
	else if (!take_address(words, "FROM:", s->from))
		(void)lines_say(s->lines, "501 MAIL FROM:<address>");
	else if (size && strtol(size + strlen(" SIZE="), NULL, 10) > MAX_BYTES)
		(void)lines_say(s->lines, "552 Too long: at most %d bytes", MAX_BYTES);
	else
		s->has_from = lines_say(s->lines, "250 From <%s>", s->from) == 0;
}

/* Only for our own: a server that passes on anything from anybody to anybody is a spammer's friend.
 */
static void do_rcpt(struct session *s, const char *words)
{
	char to[ADDRESS_BYTES];
	const char *domain;
	if (!s->has_from)
		(void)lines_say(s->lines, "503 Say MAIL first");
	else if (!take_address(words, "TO:", to) || !to[0])
		(void)lines_say(s->lines, "501 RCPT TO:<address>");
	else if (!(domain = strrchr(to, '@')) || strcasecmp(domain, "@lab.example") != 0)
		(void)lines_say(s->lines, "550 <%s> is not here, and I pass nothing on", to);
	else if (s->n_to == MAX_TO)
		(void)lines_say(s->lines, "452 Enough for one mail; send it again for the others");
	else
		s->n_to += lines_say(s->lines, "250 To <%s>", to) == 0;
}

/* Up to the dot, which has CR LF on both sides. With LF alone it is text: where two servers see
 * that in two ways, a mail can have another mail in it that nobody has sent ("smuggling"). */
static void do_data(struct session *s, const char *words)
{
	size_t n = 0;
	int result, n_lines = 0;
	bool too_long = false, began = true;
	(void)words;
	if (s->n_to == 0) {
		(void)lines_say(s->lines, s->has_from ? "554 To nobody?" : "503 Say MAIL first");
		return;
	}
	(void)lines_say(s->lines, "354 Go on; a dot alone ends it");
	while ((result = lines_read(s->lines, IDLE_MS)) > 0 || (result < 0 && errno == EMSGSIZE)) {
		const char *line = s->lines->line;
		if (began && result > 0 && s->lines->by_the_book && strcmp(line, ".") == 0)
			break;
		began = s->lines->by_the_book; /* the next line, after CR LF */
		line += result > 0 && line[0] == '.';
		too_long |= result < 0 || (n += strlen(line) + 2) > MAX_BYTES;
		if (result > 0 && !too_long && ++n_lines)
			printf("| %s\n", line);
	}
	if (result <= 0)
		return; /* the mail is not whole: it is nobody's */
	if (!too_long)
		printf("Mail from <%s> to %d: %d lines, %zu bytes\n", s->from, s->n_to, n_lines, n);
	(void)lines_say(s->lines, too_long ? "552 Too long" : "250 I take care of it now");
	forget_mail(s);
}

static void do_rset(struct session *s, const char *words)
{
	(void)words;
	forget_mail(s);
	(void)lines_say(s->lines, "250 Forgotten");
}

static void do_quit(struct session *s, const char *words)
{
	(void)words;
	(void)lines_say(s->lines, "221 Good-bye");
	(void)shutdown(s->lines->fd, SHUT_RD); /* the next line will be none */
}

static const struct command {
	const char *name, *reply; /* a reply alone, or something to do */
	void (*act)(struct session *s, const char *words);
} commands[] = {
        {"EHLO", NULL, do_ehlo},
        {"HELO", NULL, do_helo},
        {"MAIL", NULL, do_mail},
        {"RCPT", NULL, do_rcpt},
        {"DATA", NULL, do_data},
        {"RSET", NULL, do_rset},
        {"QUIT", NULL, do_quit},
        {"NOOP", "250 Still here", NULL},
        {"VRFY", "252 Try it: send a mail", NULL},
};

static void obey(struct session *s)
{
	const char *line = s->lines->line, *words = line + strcspn(line, " ");
	size_t n = (size_t)(words - line);
	words += strspn(words, " ");
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		const struct command *c = &commands[i];
		if (strlen(c->name) != n || strncasecmp(c->name, line, n) != 0)
			continue;
		if (s->refused && c->act != do_quit)
			(void)lines_say(s->lines, "503 Say QUIT: I have refused you");
		else if (c->act)
			c->act(s, words);
		else
			(void)lines_say(s->lines, "%s", c->reply);
		return;
	}
	(void)lines_say(s->lines, s->refused ? "503 Say QUIT" : "500 What?");
}

/* The server speaks first (RFC 5321, section 3.1); with 554 it says that it will not serve. */
static int say_greeting(struct session *s)
{
	struct pollfd wanted = {.fd = s->lines->fd, .events = POLLIN};
	s->refused = poll(&wanted, 1, GREETING_MS) > 0;
	if (s->refused)
		printf("This client does not wait for the greeting\n");
	return lines_say(s->lines, s->refused ? "554 You speak before I have greeted you"
	                                      : "220 mail.lab.example ESMTP, lab 40");
}

static void talk(struct lines *lines, void *unused)
{
	struct session s = {.lines = lines};
	int more = say_greeting(&s) == 0;
	(void)unused;
	while (more > 0) {
		more = lines_read(lines, IDLE_MS);
		if (more == 0 || (more < 0 && errno != EMSGSIZE))
			break;
		if (more > 0)
			obey(&s);
		else
			more = lines_say(lines, "500 That line is too long") == 0;
	}
	if (more < 0 && errno == ETIMEDOUT)
		(void)lines_say(lines, "421 You have been silent for too long");
}

int main(int argc, char **argv)
{
	struct place place =
	        begin(argc, argv, NULL, "server-smtp [-h] [host [port]]    (127.0.0.1 8080)");
	lines_serve(place, talk, NULL, "421 Too many clients: come again later");
}
