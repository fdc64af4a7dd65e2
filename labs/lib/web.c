/* web.c: see web.h. */
#include "lib/web.h"

#include <stdio.h>
#include <string.h>

enum { PATH_BYTES = 256, CHUNK_FRAME = 24 };

static const struct web_site *site_of(const struct conn *c)
{
	return c->loop->service->context;
}

/* ---- answers ---- */

/* What the client is told about the connection; nothing where both know it. */
static const char *persistence(const struct http_head *to)
{
	if (!to->keep_alive)
		return "Connection: close\r\n";
	return to->minor == 0 ? "Connection: keep-alive\r\n" : "";
}

static void say_head(struct conn *c, const struct http_head *to, int status, const char *fields,
                     const char *framing)
{
	char head[WEB_ANSWER_MAX - WEB_BODY_MAX], date[HTTP_DATE];
	http_date(date);
	int n = snprintf(head, sizeof head, "HTTP/1.1 %d %s\r\nDate: %s\r\n%s%s%s\r\n", status,
	                 http_reason(status), date, fields, framing, persistence(to));
	(void)conn_say(c, head, (size_t)n); /* there is room for WEB_ANSWER_MAX */
}

static void say(struct conn *c, const struct http_head *to, int status, const char *fields,
                struct text body)
{
	char length[48];
	(void)snprintf(length, sizeof length, "Content-Length: %ld\r\n",
	               (long)body.n + site_of(c)->wrong_by); /* fits */
	say_head(c, to, status, fields, length);
	if (!text_is(to->method, "HEAD"))
		(void)conn_say(c, body.at, body.n); /* as above */
}

void web_say(struct conn *c, const struct web_request *to, int status, const char *fields,
             struct text body)
{
	say(c, &to->head, status, fields, body);
}

void web_say_text(struct conn *c, const struct web_request *to, int status, const char *text)
{
	say(c, &to->head, status, "Content-Type: text/plain\r\n",
	    (struct text){text, strlen(text)});
}

/* Answers with an error, and that is the last answer here: nobody knows where another request would
 * begin, or wants to read that far. */
static void refuse(struct conn *c, int status)
{
	char body[64];
	struct web_talk *talk = c->state;
	const struct http_head to = {.keep_alive = false};
	int n = snprintf(body, sizeof body, "%d %s\n", status, http_reason(status));
	say(c, &to, status, "Content-Type: text/plain\r\n", (struct text){body, (size_t)n});
	talk->refused = true;
	if (!site_of(c)->abrupt)
		conn_finish(c); /* reads on until the client's FIN: a lingering close */
}

void web_begin(struct conn *c, const struct web_request *to, int status, const char *fields,
               long len)
{
	char framing[48] = "";
	struct http_head head = to->head;
	struct web_talk *talk = c->state;
	*talk = (struct web_talk){.busy = true, .silent = text_is(head.method, "HEAD")};
	talk->chunked = len < 0 && head.minor > 0;
	if (len >= 0)
		(void)snprintf(framing, sizeof framing, "Content-Length: %ld\r\n",
		               len + site_of(c)->wrong_by); /* fits */
	else if (talk->chunked)
		(void)snprintf(framing, sizeof framing,
		               "Transfer-Encoding: chunked\r\n"); /* fits */
	else
		head.keep_alive = false;
	talk->closes = !head.keep_alive;
	say_head(c, &head, status, fields, framing);
}

bool web_more(struct conn *c, const char *bytes, size_t n)
{
	char size[CHUNK_FRAME];
	const struct web_talk *talk = c->state;
	conn_renew(c); /* who takes a long answer slowly is not late, who takes nothing is idle */
	if (talk->silent || n == 0)
		return true;
	if (!talk->chunked)
		return conn_say(c, bytes, n);
	if (conn_room(c) < n + CHUNK_FRAME)
		return false;
	int digits = snprintf(size, sizeof size, "%zx\r\n", n);
	return conn_say(c, size, (size_t)digits) && conn_say(c, bytes, n) && conn_say(c, "\r\n", 2);
}

bool web_end(struct conn *c)
{
	struct web_talk *talk = c->state;
	if (talk->chunked && !talk->silent && !conn_say(c, "0\r\n\r\n", 5))
		return false;
	talk->busy = false;
	if (talk->closes)
		conn_finish(c);
	return true;
}

/* ---- who answers ---- */

/* Methods that there are, though not for each path: 405 for them, 501 for others. */
static bool is_known(struct text method)
{
	static const char *const known[] = {"GET",     "HEAD",    "POST",  "PUT",  "DELETE",
	                                    "CONNECT", "OPTIONS", "TRACE", "PATCH"};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (text_is(method, known[i]))
			return true;
	return false;
}

static bool takes(const struct web_route *route, struct text method)
{
	return text_is(method, route->method) ||
	       (text_is(method, "HEAD") && strcmp(route->method, "GET") == 0);
}

/* The path is there, for other methods perhaps: those, as a header line. How many. */
static int list_methods(const struct web_site *site, const char *path, char *line, size_t size)
{
	int n_methods = 0, n = snprintf(line, size, "Allow:");
	for (size_t i = 0; i < site->n_routes && n > 0 && (size_t)n < size; i++)
		if (strcmp(site->routes[i].path, path) == 0)
			n += snprintf(line + n, size - (size_t)n, "%s %s",
			              n_methods++ > 0 ? "," : "", site->routes[i].method);
	if (n > 0 && (size_t)n < size)
		(void)snprintf(line + n, size - (size_t)n, "\r\n"); /* cut: routes are few */
	return n_methods;
}

static void answer(struct conn *c, struct web_request *request)
{
	char path[PATH_BYTES], allowed[80];
	const struct web_site *site = site_of(c);
	struct text method = request->head.method, target = request->head.target;
	if (!site->quiet)
		printf("Asked: %.*s %.*s\n", (int)method.n, method.at, (int)target.n, target.at);
	if (!is_known(method)) {
		web_say_text(c, request, 501, "this method is not known here\n");
		return;
	}
	if (!http_path(target, path, sizeof path, &request->query)) {
		web_say_text(c, request, 400, "this is no path\n");
		return;
	}
	for (size_t i = 0; i < site->n_routes; i++)
		if (strcmp(site->routes[i].path, path) == 0 && takes(&site->routes[i], method)) {
			site->routes[i].answer(c, request);
			return;
		}
	if (list_methods(site, path, allowed, sizeof allowed) > 0)
		web_say(c, request, 405, allowed, (struct text){"not with this method\n", 21});
	else
		web_say_text(c, request, 404, "there is no such page\n");
}

/* ---- requests ---- */

/* The head is there, its body is not: a client that waits for permission gets it. */
static void let_it_continue(struct conn *c, const struct http_head *head)
{
	static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
	struct web_talk *talk = c->state;
	if (head->expects_continue && head->minor > 0 && !talk->continued)
		talk->continued = conn_say(c, go_on, strlen(go_on));
}

/* How many bytes the request at the beginning of c->in has; 0: it is not whole, or -status. */
static int read_request(struct conn *c, struct web_request *request)
{
	size_t used;
	int len = http_read_request(&request->head, c->in.start, c->in.n);
	if (len <= 0)
		return len;
	int body = http_whole_body(&request->head, c->in.start + len, c->in.n - (size_t)len,
	                           request->content, sizeof request->content, &used);
	request->body = (struct text){request->content, body > 0 ? (size_t)body : 0};
	if (body >= 0)
		return len + (int)used;
	if (body != -1)
		return body;
	if (c->in.n == c->in.max)
		return -413; /* chunks with more around them than in them */
	let_it_continue(c, &request->head);
	return 0;
}

/* Answers the next request. False: there is none, or no room for its answer. */
static bool serve_one(struct conn *c)
{
	struct web_request request;
	struct web_talk *talk = c->state;
	if (c->in.n == 0 || c->finishing || talk->busy || talk->refused ||
	    conn_room(c) < WEB_ANSWER_MAX)
		return false;
	int len = read_request(c, &request);
	if (len == 0)
		return false;
	if (len < 0) {
		refuse(c, -len);
		return false;
	}
	/* The last one: of those that the client means to send, or because we are to end. */
	request.head.keep_alive &= !c->loop->stopping;
	*talk = (struct web_talk){.busy = false};
	answer(c, &request);
	conn_take(c, (size_t)len);
	conn_renew(c);
	if (!request.head.keep_alive && !talk->busy)
		conn_finish(c);
	return !c->finishing;
}

void web_serve(struct conn *c)
{
	const struct web_talk *talk = c->state;
	if (talk->refused) { /* and abrupt: once it is said, the end, whatever is unread */
		if (c->out.n == 0)
			conn_drop(c);
		return;
	}
	do
		if (talk->busy && site_of(c)->more)
			site_of(c)->more(c);
	while (serve_one(c));
	if (talk->busy || talk->refused || c->out.n > 0)
		return;
	if (c->late && c->in.n > 0)
		refuse(c, 408);
	else if (c->ended && c->in.n > 0)
		refuse(c, 400); /* half a request, and no more to come */
	else if (c->late || c->ended || c->loop->stopping)
		conn_finish(c);
}
