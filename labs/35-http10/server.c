/* 35 HTTP/1.0, the server: reads a request to its empty line, answers, and closes: the FIN is what
 * ends the body (RFC 1945 section 7.2.2). A connection is one request. Many clients at once, on the
 * loop of lab 27, which is labs/lib/loop.c now. Ends, with status 0, on SIGTERM or Ctrl-C. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "lib/http.h"
#include "lib/loop.h"

enum { PATH_BYTES = 256, LINES = 3000, LINE_BYTES = 10 };

static const char home[] = "<!DOCTYPE html>\n<title>Lab 35</title>\n<h1>It works</h1>\n";

static const struct page {
	const char *path, *type, *content; /* content: NULL for LINES lines of LINE_BYTES */
} pages[] = {
        {"/", "text/html", home},
        {"/hello.txt", "text/plain", "Hello, World!\n"},
        {"/long.txt", "text/plain", NULL},
};

/* What is known of a client: how many lines of a long answer are said. */
struct talk {
	bool is_long;
	int said;
};

static const struct page *find_page(const struct http_head *head)
{
	char path[PATH_BYTES];
	struct text query;
	if (!http_path(head->target, path, sizeof path, &query))
		return NULL;
	for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
		if (strcmp(pages[i].path, path) == 0)
			return &pages[i];
	return NULL;
}

/* The first line, the type, an empty line. No length: the end of the connection tells it. */
static void say_head(struct conn *c, int status, const char *type)
{
	char head[128];
	int n = snprintf(head, sizeof head, "HTTP/1.0 %d %s\r\nContent-Type: %s\r\n\r\n", status,
	                 http_reason(status), type);
	(void)conn_say(c, head, (size_t)n); /* there is room: nothing has been said yet */
}

static void refuse(struct conn *c, int status, bool with_body)
{
	char body[64];
	int n = snprintf(body, sizeof body, "%d %s\n", status, http_reason(status));
	say_head(c, status, "text/plain");
	if (with_body)
		(void)conn_say(c, body, (size_t)n); /* as above */
	conn_finish(c);
}

static void answer(struct conn *c, const struct http_head *head)
{
	struct talk *talk = c->state;
	bool get = text_is(head->method, "GET");
	const struct page *page = find_page(head);
	const int *quiet = c->loop->service->context;
	if (!*quiet)
		printf("Asked: %.*s %.*s\n", (int)head->method.n, head->method.at,
		       (int)head->target.n, head->target.at);
	if (!get && !text_is(head->method, "HEAD")) {
		refuse(c, 501, true);
		return;
	}
	if (!page) {
		refuse(c, 404, get);
		return;
	}
	say_head(c, 200, page->type);
	if (get && page->content)
		(void)conn_say(c, page->content, strlen(page->content)); /* as above */
	talk->is_long = get && !page->content;
	if (!talk->is_long)
		conn_finish(c);
}

/* As many lines as there is room for; the rest when the client has taken some. */
static void say_lines(struct conn *c, struct talk *talk)
{
	char line[LINE_BYTES + 8];
	for (; talk->said < LINES && conn_room(c) >= LINE_BYTES; talk->said++) {
		(void)snprintf(line, sizeof line, "line %4d\n", talk->said + 1); /* fits */
		(void)conn_say(c, line, LINE_BYTES);                             /* there is room */
	}
	if (talk->said == LINES)
		conn_finish(c);
}

static void serve(struct conn *c)
{
	struct http_head head;
	struct talk *talk = c->state;
	if (talk->is_long) {
		say_lines(c, talk);
		return;
	}
	int len = http_read_request(&head, c->in.start, c->in.n);
	if (len > 0)
		answer(c, &head);
	else if (len < 0)
		refuse(c, -len, true);
	else if (c->late && c->in.n > 0)
		refuse(c, 408, true);
	else if (c->ended || c->loop->stopping)
		conn_finish(c); /* half a request, or none */
}

int main(int argc, char **argv)
{
	struct loop loop;
	struct limits limits = {.idle_ms = 5000, .total_ms = 10000};
	int quiet = 0;
	const struct service service = {
	        .serve = serve, .state_size = sizeof(struct talk), .context = &quiet};
	const struct number_option options[] = {{'i', &limits.idle_ms, 10, 60000},
	                                        {'t', &limits.total_ms, 10, 60000},
	                                        {'q', &quiet, 0, 1},
	                                        {0}};
	struct place place = begin(argc, argv, options,
	                           "server [-h] [-i IDLE_MS] [-t REQUEST_MS] [-q 0|1 quiet] [host "
	                           "[port]]    (5000, 10000, 0, 127.0.0.1 8080)");
	loop_open(&loop, place, &service, &limits);
	printf("Listening on %s port %s\n", place.host, place.port);
	loop_run(&loop);
	loop_close(&loop);
	return 0;
}
