/* 40 SMTP and FTP, the exercise done: fetches hello.txt. It asks where the server listens for the
 * second connection, connects there, and reads to its end. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/lines.h"
#include "lib/net.h"

enum { LIMIT_MS = 5000, PIECE = 4096, PORT_BYTES = 16 };

/* Says a command, and gives the number of the reply; its line is in lines->line. */
static int ask(struct lines *lines, const char *command)
{
	int number = lines_ask(lines, LIMIT_MS, "%s", command);
	if (number < 0)
		die("the server's reply");
	return number;
}

/* The port in "227 Entering Passive Mode (127,0,0,1,156,64)", 0 if there is none. */
static int read_port(const char *reply)
{
	int high, low;
	const char *open = strchr(reply, '(');
	if (open && sscanf(open, "(%*d,%*d,%*d,%*d,%3d,%3d)", &high, &low) == 2)
		return high * 256 + low;
	return 0;
}

/* Prints what comes, to the end. */
static void take_file(int fd)
{
	char piece[PIECE];
	ssize_t n;
	while ((n = recv(fd, piece, sizeof piece, 0)) > 0 || (n < 0 && errno == EINTR))
		printf("%.*s", n > 0 ? (int)n : 0, piece);
	if (n < 0)
		die("recv");
}

static bool fetch(struct lines *lines, const char *host)
{
	char port[PORT_BYTES];
	if (ask(lines, "PASV") != 227)
		return false;
	(void)snprintf(port, sizeof port, "%d", read_port(lines->line));
	int data = connect_to((struct place){host, port}, SOCK_STREAM, LIMIT_MS);
	if (data < 0)
		die(port);
	bool comes = ask(lines, "RETR hello.txt") == 150;
	if (comes)
		take_file(data);
	close(data);
	return comes && lines_reply(lines, LIMIT_MS) == 226;
}

int main(int argc, char **argv)
{
	struct place place =
	        begin(argc, argv, NULL, "client [-h] [host [port]]    (127.0.0.1 8080)");
	struct lines lines;
	int fd = connect_to(place, SOCK_STREAM, LIMIT_MS);
	if (fd < 0)
		die("connect");
	lines_init(&lines, fd);
	bool well = lines_reply(&lines, LIMIT_MS) == 220 && ask(&lines, "USER anna") == 331 &&
	            ask(&lines, "PASS tulip") == 230 && fetch(&lines, place.host);
	(void)ask(&lines, "QUIT");
	close(fd);
	return well ? 0 : 1;
}
