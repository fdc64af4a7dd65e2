/* 36 HTTP/1.1, the server: a connection is for many requests, one behind the other or all at once;
 * so each answer says how long it is (Content-Length), or comes in chunks. How requests are read,
 * and what becomes of wrong ones, is in labs/lib/web.c; what can be asked for is here. Many clients
 * at once, on labs/lib/loop.c. Ends, with status 0, on SIGTERM or Ctrl-C. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/web.h"

enum { WORD_MIN = 16, WORD_SPREAD = 24, LINE_BYTES = 32, LINES_MAX = 10000000 };

/* What is known of a client. */
struct talk {
	struct web_talk web;
	long line, lines;                      /* of the numbers: said, all */
	char word[WORD_MIN + WORD_SPREAD + 1]; /* of its riddle; "" before it was asked */
	size_t word_said;                      /* so much of it */
	bool numbers;                          /* which of the two it is told just now */
};

/* The site, and what the options say. */
struct shop {
	struct web_site site;
	int pause_ms;
};

static void answer_home(struct conn *c, const struct web_request *request)
{
	static const char home[] = "<!DOCTYPE html>\n<title>Lab 36</title>\n<h1>Still here</h1>\n";
	web_say(c, request, 200, "Content-Type: text/html\r\n", (struct text){home, strlen(home)});
}

static void answer_hello(struct conn *c, const struct web_request *request)
{
	web_say_text(c, request, 200, "Hello, World!\n");
}

static void answer_echo(struct conn *c, const struct web_request *request)
{
	web_say(c, request, 200, "Content-Type: application/octet-stream\r\n", request->body);
}

/* "/numbers?1000": so many lines. Nobody has counted their bytes before, so no length is told. */
static void answer_numbers(struct conn *c, const struct web_request *request)
{
	struct talk *talk = c->state;
	char digits[9] = "10";
	if (request->query.n > 0)
		(void)snprintf(digits, sizeof digits, "%.*s", (int)request->query.n,
		               request->query.at); /* cut: then it is less than LINES_MAX, too */
	talk->line = 0;
	talk->lines = strtol(digits, NULL, 10);
	talk->numbers = true;
	web_begin(c, request, 200, "Content-Type: text/plain\r\n", -1);
}

/* A word of some length, for this connection only; half of it comes after a pause. */
static void ask_riddle(struct conn *c, const struct web_request *request)
{
	struct talk *talk = c->state;
	const struct shop *shop = c->loop->service->context;
	size_t n = WORD_MIN + (size_t)(now_us() % WORD_SPREAD);
	for (size_t i = 0; i < n; i++)
		talk->word[i] = (char)('a' + (now_us() / 7 + (int64_t)(i * i)) % 26);
	talk->word[n] = '\0';
	talk->word_said = 0;
	talk->numbers = false;
	web_begin(c, request, 200, "Content-Type: text/plain\r\n", (long)n);
	if (shop->pause_ms > 0) {
		talk->word_said = n / 2;
		(void)web_more(c, talk->word, n / 2); /* there is room */
		conn_wake(c, shop->pause_ms);
	}
}

static void judge_riddle(struct conn *c, const struct web_request *request)
{
	const struct talk *talk = c->state;
	if (talk->word[0] != '\0' && text_is(request->body, talk->word))
		web_say_text(c, request, 200, "right\n");
	else
		web_say_text(c, request, 400, "wrong\n");
}

/* Goes on with an answer, as far as there is room. */
static void say_more(struct conn *c)
{
	struct talk *talk = c->state;
	char line[LINE_BYTES];
	if (!talk->numbers) {
		const char *rest = talk->word + talk->word_said;
		if (c->wake_ms == 0 && web_more(c, rest, strlen(rest)))
			(void)web_end(c); /* has a length: nothing to be said, so it cannot fail */
		return;
	}
	for (; talk->line < talk->lines; talk->line++) {
		int n = snprintf(line, sizeof line, "line %ld\n", talk->line + 1);
		if (!web_more(c, line, (size_t)n))
			return;
	}
	(void)web_end(c); /* or when there is room */
}

static const struct web_route routes[] = {
        {"GET", "/", answer_home},           {"GET", "/hello.txt", answer_hello},
        {"GET", "/numbers", answer_numbers}, {"POST", "/echo", answer_echo},
        {"GET", "/riddle", ask_riddle},      {"POST", "/riddle", judge_riddle},
};

int main(int argc, char **argv)
{
	struct loop loop;
	struct limits limits = {.idle_ms = 5000, .total_ms = 10000};
	struct shop shop = {.site = {.routes = routes,
	                             .n_routes = sizeof routes / sizeof *routes,
	                             .more = say_more}};
	int quiet = 0, abrupt = 0;
	const struct service service = {
	        .serve = web_serve, .state_size = sizeof(struct talk), .context = &shop};
	const struct number_option options[] = {{'i', &limits.idle_ms, 10, 60000},
	                                        {'t', &limits.total_ms, 10, 60000},
	                                        {'p', &shop.pause_ms, 0, 10000},
	                                        {'w', &shop.site.wrong_by, -1000, 1000},
	                                        {'a', &abrupt, 0, 1},
	                                        {'q', &quiet, 0, 1},
	                                        {0}};
	struct place place = begin(argc, argv, options,
	                           "server [-h] [-i IDLE_MS] [-t REQUEST_MS] [-p PAUSE_MS] "
	                           "[-w WRONG_BY] [-a 0|1 abrupt] [-q 0|1 quiet] [host [port]]    "
	                           "(5000, 10000, 0, 0, 0, 0, 127.0.0.1 8080)");
	shop.site.quiet = quiet;
	shop.site.abrupt = abrupt;
	loop_open(&loop, place, &service, &limits);
	printf("Listening on %s port %s\n", place.host, place.port);
	loop_run(&loop);
	loop_close(&loop);
	return 0;
}
