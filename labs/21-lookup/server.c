/* 21 lookup, the server: a name server for the names below wirelab.test, and at one of the
 * addresses of www.wirelab.test somebody who greets. What a name server answers, and how, is in
 * lib/zone.c and lib/nameserver.c: that is lab 22's lesson. Ends, with status 0, on SIGTERM or
 * Ctrl-C. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/nameserver.h"

static const char greeting[] = "Hello from where you looked me up\n";
static const char greeting_port[] = "8080";
enum { BACKLOG = 16, N_RECORDS = 8, TIRED_MS = 10 };

/* Where we greet: not at the first address that getaddrinfo() makes of our answers. */
static const char *place_of_greeting(const char *host)
{
	return strcmp(host, "127.0.0.1") == 0 ? "127.0.0.2" : host;
}

/* The names: one has several addresses, and only at `here` somebody is; one has an address of IPv4,
 * one of IPv6, and one is but another name. */
static void make_records(struct zone_record *records, const char *here)
{
	const struct zone_record all[N_RECORDS] = {
	        {"www.wirelab.test", strchr(here, ':') != NULL ? DNS_AAAA : DNS_A, here},
	        {"www.wirelab.test", DNS_A, "127.0.0.1"},
	        {"www.wirelab.test", DNS_AAAA, strcmp(here, "::1") == 0 ? "::2" : "::1"},
	        {"four.wirelab.test", DNS_A, "127.0.0.1"},
	        {"six.wirelab.test", DNS_AAAA, "::1"},
	        {"alias.wirelab.test", DNS_CNAME, "www.wirelab.test"},
	        {"wirelab.test", DNS_NS, "ns.wirelab.test"},
	        {NULL, DNS_A, NULL},
	};
	memcpy(records, all, sizeof all);
}

/* Greets whoever connects, one after the other. */
static void *greet(void *arg)
{
	const int *listener = arg;
	for (;;) {
		int fd = accept4(*listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0 && accept_has_no_room(errno))
			pause_ms(TIRED_MS); /* else we would be back at once, again and again */
		if (fd < 0)
			continue; /* that client has gone already: on to the next */
		if (send_all(fd, greeting, sizeof greeting - 1) < 0)
			perror("server: send");
		(void)close(fd); /* nothing is lost: what was sent, the kernel keeps */
	}
	return NULL;
}

int main(int argc, char **argv)
{
	struct zone_record records[N_RECORDS];
	const struct zone zones[] = {{"wirelab.test", records}, {NULL, NULL}};
	struct nameserver server = {.who = "Name server", .answer = zone_answer, .arg = zones};
	const struct number_option options[] = {{'d', &server.deaf, 0, INT_MAX}, {0, NULL, 0, 0}};
	server.place = begin(argc, argv, options,
	                     "server [-h] [-d how many queries are not answered] [host [port]]"
	                     "    (127.0.0.1 8080)");
	stop_on_signals();

	struct place there = {place_of_greeting(server.place.host), greeting_port};
	make_records(records, there.host);
	int listener = listen_on(there, SOCK_STREAM, BACKLOG);
	struct nameserver_sockets sockets = nameserver_open(server.place);
	if (start_detached(greet, &listener) != 0)
		die("cannot start a thread");
	printf("Listening on %s port %s, for UDP and TCP\n", server.place.host, server.place.port);
	nameserver_serve(&server, sockets);
}
