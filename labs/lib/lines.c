/* lines.c: see lines.h. */
#include "lib/lines.h"

#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { REPLY_LINES = 200, BACKLOG = 64, MAX_CLIENTS = 64, SEND_S = 10, FULL_PAUSE_MS = 10 };

void lines_init(struct lines *lines, int fd)
{
	*lines = (struct lines){.fd = fd};
}

/* Takes what waits, up to and with the first LF, into lines->line. False if none is there. */
static bool take_line(struct lines *lines)
{
	char *end = memchr(lines->waiting, '\n', lines->n_waiting);
	if (!end)
		return false;
	size_t n = (size_t)(end - lines->waiting);
	lines->by_the_book = n > 0 && end[-1] == '\r';
	lines->len = n - lines->by_the_book;
	memcpy(lines->line, lines->waiting, lines->len);
	lines->line[lines->len] = '\0';
	lines->n_waiting -= n + 1;
	memmove(lines->waiting, end + 1, lines->n_waiting);
	return true;
}

/* 1: something more has come; 0: the end; -1 with errno. */
static int receive_more(struct lines *lines, int64_t until_us)
{
	struct pollfd wanted = {.fd = lines->fd, .events = POLLIN};
	int64_t left_us = until_us - now_us();
	int ready = left_us > 0 ? poll(&wanted, 1, (int)(left_us / 1000) + 1) : 0;
	if (ready == 0)
		errno = ETIMEDOUT;
	if (ready <= 0)
		return ready < 0 && errno == EINTR ? 1 : -1;
	ssize_t n = recv(lines->fd, lines->waiting + lines->n_waiting,
	                 sizeof lines->waiting - lines->n_waiting, 0);
	if (n > 0)
		lines->n_waiting += (size_t)n;
	return n > 0 || (n < 0 && errno == EINTR) ? 1 : (int)n;
}

int lines_read(struct lines *lines, int limit_ms)
{
	bool too_long = false;
	int64_t until_us = now_us() + limit_ms * INT64_C(1000); /* for the whole line */
	while (!take_line(lines)) {
		if (lines->n_waiting == sizeof lines->waiting) {
			too_long = true;
			lines->n_waiting = 0;
		}
		int more = receive_more(lines, until_us);
		if (more <= 0)
			return more;
	}
	errno = too_long ? EMSGSIZE : 0;
	return too_long ? -1 : 1;
}

__attribute__((format(printf, 3, 0))) static int say(struct lines *lines, bool aloud,
                                                     const char *format, va_list words)
{
	char line[LINE_BYTES + 2];
	int n = vsnprintf(line, LINE_BYTES, format, words);
	if (n < 0 || n >= LINE_BYTES) {
		errno = EMSGSIZE;
		return -1;
	}
	if (aloud)
		printf("> %s\n", line);
	memcpy(line + n, "\r\n", 2);
	return send_all(lines->fd, line, (size_t)n + 2);
}

int lines_say(struct lines *lines, const char *format, ...)
{
	va_list words;
	va_start(words, format);
	int result = say(lines, false, format, words);
	va_end(words);
	return result;
}

/* "250 Yes" and "250-Yes, and": the number, or -1 if it is no reply. */
static int number_of(const char *line, bool *last)
{
	if (!isdigit((unsigned char)line[0]) || !isdigit((unsigned char)line[1]) ||
	    !isdigit((unsigned char)line[2]) || (line[3] != ' ' && line[3] != '-' && line[3]))
		return -1;
	*last = line[3] != '-';
	return (int)strtol(line, NULL, 10);
}

int lines_reply(struct lines *lines, int limit_ms)
{
	int first = -1;
	for (int n = 0; n < REPLY_LINES; n++) {
		bool last = false;
		int result = lines_read(lines, limit_ms);
		if (result <= 0) {
			errno = result == 0 ? ECONNRESET : errno;
			return -1;
		}
		printf("< %s\n", lines->line);
		int number = number_of(lines->line, &last);
		first = first < 0 ? number : first;
		if (first < 0)
			errno = EPROTO; /* it does not begin with a number */
		if (first < 0 || (last && number == first))
			return first;
	}
	errno = EMSGSIZE;
	return -1;
}

int lines_ask(struct lines *lines, int limit_ms, const char *format, ...)
{
	va_list words;
	va_start(words, format);
	int result = say(lines, true, format, words);
	va_end(words);
	return result < 0 ? -1 : lines_reply(lines, limit_ms);
}

/* ---- a server with a thread for each client ---- */

struct talks {
	void (*talk)(struct lines *lines, void *context);
	void *context;
	atomic_int n; /* threads */
};

struct talk {
	struct lines lines;
	struct talks *talks;
};

static void *serve(void *arg)
{
	struct talk *talk = arg;
	talk->talks->talk(&talk->lines, talk->talks->context);
	(void)close(talk->lines.fd); /* all has been said, or cannot be */
	(void)atomic_fetch_sub(&talk->talks->n, 1);
	free(talk);
	return NULL;
}

static bool begin_talk(struct talks *talks, int fd)
{
	struct timeval limit = {.tv_sec = SEND_S}; /* for a client that takes nothing */
	struct talk *talk = malloc(sizeof *talk);
	if (!talk || setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit) < 0) {
		free(talk);
		return false;
	}
	talk->talks = talks;
	lines_init(&talk->lines, fd);
	if (start_detached(serve, talk) == 0)
		return true;
	free(talk);
	return false;
}

_Noreturn void lines_serve(struct place place, void (*talk)(struct lines *lines, void *context),
                           void *context, const char *full)
{
	struct talks talks = {.talk = talk, .context = context};
	stop_on_signals();
	int listener = listen_on(place, SOCK_STREAM, BACKLOG);
	printf("Listening on %s port %s\n", place.host, place.port);
	for (;;) {
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0 && accept_has_no_room(errno))
			pause_ms(FULL_PAUSE_MS); /* or the loop would spin */
		else if (fd < 0 && errno != EINTR && errno != ECONNABORTED && errno != EPROTO)
			die("accept");
		if (fd < 0)
			continue;
		if (atomic_fetch_add(&talks.n, 1) < MAX_CLIENTS && begin_talk(&talks, fd))
			continue;
		struct lines lines = {.fd = fd};
		(void)lines_say(&lines, "%s", full); /* if it goes: we close all the same */
		(void)close(fd);
		(void)atomic_fetch_sub(&talks.n, 1);
	}
}
