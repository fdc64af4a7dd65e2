/* 40 SMTP and FTP, the client of SMTP (RFC 5321): sends its input as a mail. A line that begins
 * with a dot gets one more, since a dot alone would be the end. -e: it does not wait for the
 * greeting. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/lines.h"
#include "lib/net.h"

enum { LIMIT_MS = 5000, MAX_TO = 16, TEXT_MAX = 900 };
static const char usage[] = "client-smtp [-h] [-e] [-f FROM] [-t TO]... [host [port]] <mail    "
                            "(anna@lab.example, ben@lab.example, 127.0.0.1 8080)";

struct mail {
	const char *from, *to[MAX_TO];
	int n_to;
	bool early;
};

/* Another number is no reason to die, but to say QUIT. */
static bool well(int number, int wanted)
{
	if (number < 0)
		die("the server's reply");
	return number == wanted;
}

/* Line by line: one dot more where one is, CR LF, and the dot at the end. */
static bool send_text(struct lines *lines)
{
	char line[TEXT_MAX];
	while (fgets(line, sizeof line, stdin) != NULL) {
		line[strcspn(line, "\r\n")] = '\0';
		printf("> %s%s\n", line[0] == '.' ? "." : "", line);
		if (lines_say(lines, "%s%s", line[0] == '.' ? "." : "", line) < 0)
			die("send");
	}
	return well(lines_ask(lines, LIMIT_MS, "."), 250);
}

/* Who sends, for whom, what; true when the server has taken care of it. */
static bool send_mail(struct lines *lines, const struct mail *mail)
{
	int n_taken = 0;
	if (!well(lines_ask(lines, LIMIT_MS, "EHLO client.lab.example"), 250) ||
	    !well(lines_ask(lines, LIMIT_MS, "MAIL FROM:<%s>", mail->from), 250))
		return false;
	for (int i = 0; i < mail->n_to; i++)
		n_taken += well(lines_ask(lines, LIMIT_MS, "RCPT TO:<%s>", mail->to[i]), 250);
	return n_taken > 0 && well(lines_ask(lines, LIMIT_MS, "DATA"), 354) && send_text(lines) &&
	       n_taken == mail->n_to;
}

int main(int argc, char **argv)
{
	struct mail mail = {.from = "anna@lab.example"};
	struct lines lines;
	int option;
	while ((option = getopt(argc, argv, "hef:t:")) != -1) {
		mail.early |= option == 'e';
		mail.from = option == 'f' ? optarg : mail.from;
		if (option == 't' && mail.n_to < MAX_TO)
			mail.to[mail.n_to++] = optarg;
		if (option == 'h' || option == '?')
			end_with_usage(usage, option == 'h');
	}
	struct place place = rest_of_line(argc, argv, "8080", usage);
	if (mail.n_to == 0)
		mail.to[mail.n_to++] = "ben@lab.example";
	int fd = connect_to(place, SOCK_STREAM, LIMIT_MS);
	if (fd < 0)
		die("connect");
	lines_init(&lines, fd);
	if (mail.early && lines_say(&lines, "NOOP") < 0)
		die("send");
	bool sent = well(lines_reply(&lines, LIMIT_MS), 220) && send_mail(&lines, &mail);
	if (mail.early)
		(void)lines_reply(&lines, LIMIT_MS); /* the one to what was said too early */
	bool polite = well(lines_ask(&lines, LIMIT_MS, "QUIT"), 221);
	printf(sent ? "Sent\n" : "Not sent, or not to all\n");
	if (close(fd) < 0)
		die("close");
	return sent && polite ? 0 : 1;
}
