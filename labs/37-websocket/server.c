/* 37 WebSocket, the server that speaks first: a page for a browser at "/", and at "/push" a
 * WebSocket, to which it says something every so often, asked or not; what a client says comes
 * back. One port, one loop, for HTTP and WebSocket: the handshake is a request. The bytes of frames
 * are in labs/lib/ws.c, a server's duties in wsconn.c. Ends, with status 0, on SIGTERM or Ctrl-C:
 * then each client is told 1001, "going away". */
#include <stdio.h>
#include <string.h>

#include "lib/ws.h"

static const char page[] =
        "<!DOCTYPE html>\n<meta charset=\"utf-8\">\n<title>Lab 37</title>\n"
        "<style>li { margin: 4px } .push { background: limegreen }</style>\n"
        "<h1>What the server says</h1>\n<ul id=\"log\"></ul>\n<script>\n"
        "const show = text => { console.log(text); const item = document.createElement('li');\n"
        "  item.textContent = text; item.className = text.split(' ')[0];\n"
        "  document.getElementById('log').append(item); };\n"
        "const mark = colour => document.body.style.borderTop = '1em solid ' + colour;\n"
        "const socket = new WebSocket(location.origin.replace(/^http/, 'ws') + '/push');\n"
        "let n = 0;\n"
        "socket.onopen = () => { show('open'); mark('gold');\n"
        "  socket.send('from the page: gr\\u00fc\\u00df dich'); };\n"
        "socket.onmessage = event => { show(event.data); if (++n == 5) socket.close(1000); };\n"
        "socket.onclose = event => { mark('silver');\n"
        "  show('closed with ' + event.code + ', clean: ' + event.wasClean); };\n"
        "</script>\n";

/* What is known of a client. */
struct talk {
	struct ws_talk ws;
	int n_pushed;
};

/* The site, and what the options say. */
struct station {
	struct web_site site;
	int push_ms, pushes; /* 0: without end */
};

static const struct station *station_of(const struct conn *c)
{
	return c->loop->service->context;
}

static void answer_page(struct conn *c, const struct web_request *request)
{
	web_say(c, request, 200, "Content-Type: text/html; charset=utf-8\r\n",
	        (struct text){page, sizeof page - 1});
}

static void answer_push(struct conn *c, const struct web_request *request)
{
	if (ws_open(c, request))
		conn_wake(c, station_of(c)->push_ms);
}

/* Says something of its own, and thinks of the next time. */
static void push(struct conn *c)
{
	char text[32];
	struct talk *talk = c->state;
	int n = snprintf(text, sizeof text, "push %d", talk->n_pushed + 1);
	if (!ws_say(c, WS_TEXT, text, (size_t)n))
		return; /* it does not read, or is going: no pile of news for it */
	talk->n_pushed++;
	if (talk->n_pushed != station_of(c)->pushes)
		conn_wake(c, station_of(c)->push_ms);
}

static void echo(struct conn *c, int opcode, struct text message)
{
	if (!station_of(c)->site.quiet)
		printf("Heard %zu bytes%s%.*s\n", message.n, opcode == WS_TEXT ? ": " : "",
		       opcode == WS_TEXT && message.n <= 60 ? (int)message.n : 0, message.at);
	(void)ws_say(c, opcode, message.at, message.n); /* there is room for one */
}

static void serve(struct conn *c)
{
	struct talk *talk = c->state;
	if (!talk->ws.open) {
		web_serve(c);
		return;
	}
	ws_serve(c, echo);
	bool all = station_of(c)->pushes > 0 && talk->n_pushed == station_of(c)->pushes;
	if (c->wake_ms == 0 && !all && !c->finishing && !talk->ws.closing)
		push(c);
}

static const struct web_route routes[] = {{"GET", "/", answer_page}, {"GET", "/push", answer_push}};

int main(int argc, char **argv)
{
	struct loop loop;
	struct limits limits = {.in_max = WS_IN_MAX, .idle_ms = 10000, .total_ms = 60000};
	struct station station = {
	        .site = {.routes = routes, .n_routes = sizeof routes / sizeof *routes},
	        .push_ms = 100};
	int quiet = 0;
	const struct service service = {
	        .serve = serve, .state_size = sizeof(struct talk), .context = &station};
	const struct number_option options[] = {{'p', &station.push_ms, 1, 60000},
	                                        {'n', &station.pushes, 0, 1000000},
	                                        {'i', &limits.idle_ms, 10, 60000},
	                                        {'t', &limits.total_ms, 10, 600000},
	                                        {'q', &quiet, 0, 1},
	                                        {0}};
	struct place place =
	        begin(argc, argv, options,
	              "server [-h] [-p PUSH_MS] [-n PUSHES] [-i IDLE_MS] [-t SILENT_MS] "
	              "[-q 0|1 quiet] [host [port]]    (100, 0 without end, 10000, "
	              "60000, 0, 127.0.0.1 8080)");
	station.site.quiet = quiet;
	loop_open(&loop, place, &service, &limits);
	printf("Listening on %s port %s\n", place.host, place.port);
	loop_run(&loop);
	loop_close(&loop);
	return 0;
}
