/* 40 SMTP and FTP, the server of FTP (RFC 959, 2428): talks in lines on one connection, and moves
 * each file and list on another, which it accepts (PASV, EPSV) or opens (PORT, EPRT), but to its
 * client only (RFC 2577): or it would knock on other doors for anybody. A thread for each client,
 * files in one folder, bytes as they are. Ends, with status 0, on SIGTERM or Ctrl-C. */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/ftp.h"
#include "lib/lines.h"
#include "lib/net.h"

enum { IDLE_MS = 30000, DATA_MS = 3000 };
enum { PIECE = 8192, FILE_MAX = 1 << 20 };

struct session {
	struct lines *lines;
	struct ftp_data data;
	int folder;
	bool named, known; /* has said USER; and PASS */
};

/* The data connection, after the reply that announces it; -1 after the one that tells why not. */
static int open_data(struct session *s)
{
	int fd = ftp_data_open(&s->data, DATA_MS);
	const char *why = errno == ENOTCONN ? "Say PASV or PORT first" : strerror(errno);
	(void)lines_say(s->lines, fd < 0 ? "425 No data connection: %s" : "150 Here it comes", why);
	return fd;
}

/* Closing is how the end of the file is said: there is no length, and no mark. */
static void finish_data(struct session *s, int fd, bool all_went)
{
	close(fd);
	(void)lines_say(s->lines, all_went ? "226 That was all" : "426 It broke off: %s",
	                strerror(errno));
}

static void send_file(struct session *s, char *name)
{
	char piece[PIECE];
	ssize_t n = -1;
	int file = openat(s->folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	int fd = file < 0 ? -1 : open_data(s);
	if (file < 0)
		(void)lines_say(s->lines, "550 %s: %s", name, strerror(errno));
	while (fd >= 0 && (n = read(file, piece, sizeof piece)) > 0)
		if (send_all(fd, piece, (size_t)n) < 0)
			break;
	if (fd >= 0)
		finish_data(s, fd, n == 0);
	if (file >= 0)
		close(file);
}

static void store_file(struct session *s, char *name)
{
	char piece[PIECE];
	size_t n = PIECE, total = 0;
	int file = openat(s->folder, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
	                  0644);
	int fd = file < 0 ? -1 : open_data(s);
	if (file < 0)
		(void)lines_say(s->lines, "550 %s: %s", name, strerror(errno));
	for (; fd >= 0 && n == PIECE; total += n) {
		n = receive_exactly(fd, piece, PIECE, DATA_MS);
		if (errno == 0 && total + n > FILE_MAX)
			errno = EFBIG;
		if (errno || write(file, piece, n) != (ssize_t)n)
			break;
	}
	if (fd >= 0)
		finish_data(s, fd, n < PIECE && errno == 0);
	if (file >= 0)
		close(file);
}

/* As ls has it (or names alone): programs have learned to read that. */
static void send_list(struct session *s, bool names_only)
{
	struct dirent *entry;
	struct stat status;
	int copy = openat(s->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = copy < 0 ? NULL : fdopendir(copy);
	int fd = folder ? open_data(s) : -1;
	struct lines out = {.fd = fd};
	bool goes = fd >= 0;
	while (goes && (entry = readdir(folder)) != NULL) {
		if (entry->d_name[0] == '.' || fstatat(copy, entry->d_name, &status, 0) < 0)
			continue;
		goes = (names_only ? lines_say(&out, "%s", entry->d_name)
		                   : lines_say(&out, "-rw-r--r-- 1 lab lab %9lld Jan  1 00:00 %s",
		                               (long long)status.st_size, entry->d_name)) == 0;
	}
	if (fd >= 0)
		finish_data(s, fd, goes);
	if (folder)
		(void)closedir(folder); /* was only read */
}

/* ---- commands ---- */

static void do_user(struct session *s, char *name)
{
	s->named = true;
	s->known = false;
	(void)lines_say(s->lines, "331 Password for %.64s? All can read it on the wire", name);
}

static void do_pass(struct session *s, char *password)
{
	(void)password; /* any is good here */
	s->known = s->named;
	(void)lines_say(s->lines, s->known ? "230 Logged in" : "503 Who are you? Say USER first");
}

static void do_pasv(struct session *s, char *none)
{
	unsigned a, b, c, d;
	(void)none;
	int port = sscanf(s->data.me, "%3u.%3u.%3u.%3u", &a, &b, &c, &d) == 4
	                   ? ftp_data_listen(&s->data)
	                   : 0; /* an address of IPv6 does not fit into the reply */
	if (port > 0)
		(void)lines_say(s->lines, "227 Entering Passive Mode (%u,%u,%u,%u,%d,%d)", a, b, c,
		                d, port / 256, port % 256);
	else
		(void)lines_say(s->lines, port ? "425 No port for you" : "522 Say EPSV");
}

static void do_epsv(struct session *s, char *none)
{
	(void)none;
	int port = ftp_data_listen(&s->data);
	if (port > 0)
		(void)lines_say(s->lines, "229 Entering Extended Passive Mode (|||%d|)", port);
	else
		(void)lines_say(s->lines, "425 No port for you");
}

/* The client listens there, it says: its own host, we hope. */
static void set_active(struct session *s, const char *host, unsigned port)
{
	if (ftp_data_call(&s->data, host, port))
		(void)lines_say(s->lines, "200 I shall connect to port %u", port);
	else
		(void)lines_say(s->lines, "504 Not to %.45s port %u: only to yourself", host, port);
}

static void do_port(struct session *s, char *numbers)
{
	unsigned n[6];
	char host[FTP_HOST_BYTES], more;
	if (sscanf(numbers, "%3u,%3u,%3u,%3u,%3u,%3u%c", &n[0], &n[1], &n[2], &n[3], &n[4], &n[5],
	           &more) != 6) {
		(void)lines_say(s->lines, "501 PORT wants six numbers");
		return;
	}
	(void)snprintf(host, sizeof host, "%u.%u.%u.%u", n[0], n[1], n[2], n[3]);
	set_active(s, host, n[4] * 256 + n[5]);
}

static void do_eprt(struct session *s, char *words)
{
	unsigned family, port;
	char host[FTP_HOST_BYTES];
	unsigned char address[sizeof(struct in6_addr)];
	if (sscanf(words, "|%1u|%45[0-9a-fA-F:.]|%5u|", &family, host, &port) != 3 ||
	    inet_pton(family == 2 ? AF_INET6 : AF_INET, host, address) != 1 ||
	    !inet_ntop(family == 2 ? AF_INET6 : AF_INET, address, host, sizeof host))
		(void)lines_say(s->lines, "501 EPRT wants |1|address|port| (2 for IPv6)");
	else if (family != 1 && family != 2)
		(void)lines_say(s->lines, "522 Only (1,2)");
	else
		set_active(s, host, port);
}

static void do_list(struct session *s, char *none)
{
	(void)none;
	send_list(s, false);
}

static void do_nlst(struct session *s, char *none)
{
	(void)none;
	send_list(s, true);
}

static void do_quit(struct session *s, char *none)
{
	(void)none;
	(void)lines_say(s->lines, "221 Good-bye");
	(void)shutdown(s->lines->fd, SHUT_RD); /* the next line will be none */
}

enum { ANYBODY = 1, FILE_NAME = 2 };

/* A reply alone, or something to do. */
static const struct command {
	const char *name, *reply;
	void (*act)(struct session *s, char *words);
	int flags;
} commands[] = {
        {"USER", NULL, do_user, ANYBODY},
        {"PASS", NULL, do_pass, ANYBODY},
        {"QUIT", NULL, do_quit, ANYBODY},
        {"NOOP", "200 Still here", NULL, ANYBODY},
        {"SYST", "215 UNIX Type: L8", NULL, ANYBODY},
        {"PWD", "257 \"/\"", NULL, 0},
        {"TYPE", "200 All the same here: bytes", NULL, 0},
        {"MODE", "200 A stream", NULL, 0},
        {"STRU", "200 A file", NULL, 0},
        {"PASV", NULL, do_pasv, 0},
        {"EPSV", NULL, do_epsv, 0},
        {"PORT", NULL, do_port, 0},
        {"EPRT", NULL, do_eprt, 0},
        {"LIST", NULL, do_list, 0},
        {"NLST", NULL, do_nlst, 0},
        {"RETR", NULL, send_file, FILE_NAME},
        {"STOR", NULL, store_file, FILE_NAME},
};

static void obey(struct session *s)
{
	char *words = s->lines->line + strcspn(s->lines->line, " ");
	size_t n = (size_t)(words - s->lines->line);
	words += *words == ' ';
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		const struct command *c = &commands[i];
		if (strlen(c->name) != n || strncasecmp(c->name, s->lines->line, n) != 0)
			continue;
		if (!(c->flags & ANYBODY) && !s->known)
			(void)lines_say(s->lines, "530 Log in first, with USER and PASS");
		else if (c->flags & FILE_NAME && (!*words || *words == '.' || strchr(words, '/')))
			(void)lines_say(s->lines, "553 Only a name of a file in this folder");
		else if (c->act)
			c->act(s, words);
		else
			(void)lines_say(s->lines, "%s", c->reply);
		return;
	}
	(void)lines_say(s->lines, "502 Not here");
}

/* ---- clients ---- */

static void talk(struct lines *lines, void *context)
{
	const int *folder = context;
	struct session s = {.lines = lines, .folder = *folder};
	ftp_data_init(&s.data, lines->fd);
	int more = lines_say(lines, "220 Files of lab 40") == 0;
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
	ftp_data_forget(&s.data);
}

/* A folder with one file in it, for a first look. */
static int open_folder(const char *path)
{
	static const char hello[] = "Hello, World!\n";
	if (mkdir(path, 0755) < 0 && errno != EEXIST)
		die(path);
	int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int file = folder < 0 ? -1
	                      : openat(folder, "hello.txt", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
	                               0644);
	if (folder < 0 || (file < 0 && errno != EEXIST) ||
	    (file >= 0 && write(file, hello, sizeof hello - 1) < 0))
		die(path);
	if (file >= 0)
		close(file);
	return folder;
}

int main(int argc, char **argv)
{
	static const char usage[] =
	        "server [-h] [-d FOLDER] [host [port]]    (/tmp/ftp, 127.0.0.1 8080)";
	const char *path = "/tmp/ftp";
	int option;
	while ((option = getopt(argc, argv, "hd:")) != -1) {
		path = option == 'd' ? optarg : path;
		if (option == 'h' || option == '?')
			end_with_usage(usage, option == 'h');
	}
	struct place place = rest_of_line(argc, argv, "8080", usage);
	int folder = open_folder(path);
	lines_serve(place, talk, &folder, "421 Too many clients: come again later");
}
