/* web.h: a server of HTTP/1.1 on the loop. Reads requests, one behind the other, also many at once;
 * finds who answers each; keeps the connection or ends it; refuses what is wrong, as RFC 9110 and
 * 9112 have it. What there is to be asked for is the site's own business. */
#ifndef LABS_LIB_WEB_H
#define LABS_LIB_WEB_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/http.h"
#include "lib/loop.h"

enum { WEB_BODY_MAX = 8192, WEB_ANSWER_MAX = WEB_BODY_MAX + 1024 };

/* A request, whole; good until its answer function returns. */
struct web_request {
	struct http_head head;
	struct text query, body;
	char content[WEB_BODY_MAX]; /* what `body` is in */
};

/* What can be asked for. GET is there for HEAD, too: then nothing is sent but the head. */
struct web_route {
	const char *method, *path;
	void (*answer)(struct conn *c, const struct web_request *request);
};

/* The site: service.context points to it, or to what begins with it. */
struct web_site {
	const struct web_route *routes;
	size_t n_routes;
	void (*more)(struct conn *c); /* NULL, or: goes on with an answer after web_begin() */
	bool quiet;                   /* does not print what it is asked */
	int wrong_by;                 /* to see what happens: lengths are told wrong by so many */
	bool abrupt;                  /* and what is refused is closed at once */
};

/* What is known of a client: conn->state begins with it, and what a site adds stands behind it. */
struct web_talk {
	bool continued; /* has been told to send its body */
	bool refused;   /* nothing that it says counts any more */
	bool busy;      /* an answer is not all said yet */
	bool chunked, closes,
	        silent; /* how that one is told; what comes then; to a HEAD: not at all */
};

/* Serves a client: to be service.serve. */
void web_serve(struct conn *c);

/* The whole answer, at most WEB_BODY_MAX bytes of it. `fields` are header lines, each with its end,
 * or "". For answer functions: there is room. */
void web_say(struct conn *c, const struct web_request *to, int status, const char *fields,
             struct text body);

/* The same for a text, of type text/plain. */
void web_say_text(struct conn *c, const struct web_request *to, int status, const char *text);

/* Begins an answer: site->more() goes on with it, until web_end(). len: of its body; -1 when nobody
 * knows yet: then it is told in chunks, or, to a client of HTTP/1.0, ended by the connection's end.
 */
void web_begin(struct conn *c, const struct web_request *to, int status, const char *fields,
               long len);

/* A piece of it. False, and nothing is said, when there is no room: serve() is called again. */
bool web_more(struct conn *c, const char *bytes, size_t n);

/* That was all of it. False: no room yet for the last chunk. */
bool web_end(struct conn *c);

#endif
