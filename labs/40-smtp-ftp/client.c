/* 40 SMTP and FTP, the client of FTP (RFC 959, 2428): reads "get NAME", "put NAME WORDS", "list"
 * and commands of FTP from its input. Each file comes on a connection of its own, which the client
 * opens (passive, as usual) or, with -a, which it lets the server open (active). -e: with the
 * commands that know IPv6, too. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/ftp.h"
#include "lib/lines.h"
#include "lib/net.h"

enum { LIMIT_MS = 8000, PIECE = 4096, TEXT_MAX = 512 };
static const char usage[] = "client [-h] [-a] [-e] [host [port]] <commands    (127.0.0.1 8080)";

struct session {
	struct lines lines;
	struct ftp_data data;
	bool active, extended;
};

static int ask(struct session *s, const char *command, const char *words)
{
	int number = lines_ask(&s->lines, LIMIT_MS, "%s%s", command, words);
	if (number < 0)
		die("the server's reply");
	return number;
}

/* The port in "227 Entering Passive Mode (127,0,0,1,156,64)" or "229 ... (|||40000|)"; 0 none. The
 * address in it we do not need: it is where the dialogue goes, and nobody is to send us elsewhere.
 */
static unsigned read_port(const char *reply)
{
	unsigned high, low, port;
	const char *open = strchr(reply, '(');
	if (open && sscanf(open, "(%*u,%*u,%*u,%*u,%3u,%3u)", &high, &low) == 2)
		return high * 256 + low;
	return open && sscanf(open, "(|||%5u|)", &port) == 1 ? port : 0;
}

/* Passive: the server says where it listens, and we connect there. The socket, or -1. */
static int connect_data(struct session *s)
{
	int number = ask(s, s->extended ? "EPSV" : "PASV", "");
	unsigned port = number == 227 || number == 229 ? read_port(s->lines.line) : 0;
	if (port == 0)
		return -1;
	printf("It listens on port %u: I connect\n", port);
	return ftp_data_call(&s->data, s->data.peer, port) ? ftp_data_open(&s->data, LIMIT_MS) : -1;
}

/* Active: we listen, and say where. True when the server is content. */
static bool offer_data(struct session *s)
{
	char words[TEXT_MAX];
	int port = ftp_data_listen(&s->data);
	if (port < 0)
		die("listen");
	if (s->extended)
		(void)snprintf(words, sizeof words, " |%d|%s|%d|", strchr(s->data.me, ':') ? 2 : 1,
		               s->data.me, port);
	else
		(void)snprintf(words, sizeof words, " %s,%d,%d", s->data.me, port / 256,
		               port % 256);
	for (char *at = words; !s->extended && (at = strchr(at, '.')) != NULL;)
		*at = ','; /* PORT wants commas for the dots */
	return ask(s, s->extended ? "EPRT" : "PORT", words) == 200;
}

/* Its end is the end of the file. */
static void take_file(int fd)
{
	char piece[PIECE];
	ssize_t n;
	while ((n = recv(fd, piece, sizeof piece, 0)) > 0 || (n < 0 && errno == EINTR))
		printf("%.*s", n > 0 ? (int)n : 0, piece);
	if (n < 0)
		die("recv");
}

/* True when the server says that all went well. text: what is sent, NULL: something is fetched. */
static bool transfer(struct session *s, const char *command, const char *name, const char *text)
{
	int fd = s->active ? -1 : connect_data(s);
	bool may = s->active ? offer_data(s) : fd >= 0;
	int number = may ? ask(s, command, name) : 0;
	if (number == 150 && s->active)
		fd = ftp_data_open(&s->data, LIMIT_MS);
	bool goes = number == 150 && fd >= 0;
	if (goes && text && send_all(fd, text, strlen(text)) < 0)
		die("send");
	if (goes && !text)
		take_file(fd);
	if (fd >= 0)
		close(fd);
	ftp_data_forget(&s->data);
	return goes && lines_reply(&s->lines, LIMIT_MS) == 226;
}

static bool obey(struct session *s, char *line)
{
	char *name = line + strcspn(line, " "), *text;
	line[strcspn(line, "\r\n")] = '\0';
	if (strcmp(line, "list") == 0)
		return transfer(s, "LIST", "", NULL);
	if (strncmp(line, "get ", 4) == 0)
		return transfer(s, "RETR", name, NULL);
	if (strncmp(line, "put ", 4) != 0)
		return ask(s, line, "") < 400;
	text = name + 1 + strcspn(name + 1, " ");
	if (*text)
		*text++ = '\0';
	return transfer(s, "STOR", name, text);
}

int main(int argc, char **argv)
{
	struct session s = {0};
	char line[TEXT_MAX];
	int option;
	while ((option = getopt(argc, argv, "hae")) != -1) {
		s.active |= option == 'a';
		s.extended |= option == 'e';
		if (option == 'h' || option == '?')
			end_with_usage(usage, option == 'h');
	}
	struct place place = rest_of_line(argc, argv, "8080", usage);
	int fd = connect_to(place, SOCK_STREAM, LIMIT_MS);
	if (fd < 0)
		die("connect");
	lines_init(&s.lines, fd);
	ftp_data_init(&s.data, fd);
	bool well = lines_reply(&s.lines, LIMIT_MS) == 220 && ask(&s, "USER anna", "") == 331 &&
	            ask(&s, "PASS tulip", "") == 230;
	while (well && fgets(line, sizeof line, stdin) != NULL)
		well = obey(&s, line);
	well = ask(&s, "QUIT", "") == 221 && well;
	return close(fd) < 0 || !well;
}
