/* nameserver.h: a name server (RFC 1034 section 4.3.2) for labs 21 and 22: what it answers from a
 * zone (zone.c), and the loop that serves it over UDP and TCP. The labs are about those who ask. */
#ifndef LABS_LIB_NAMESERVER_H
#define LABS_LIB_NAMESERVER_H

#include "lib/dns.h"
#include "lib/net.h"

/* One record of a zone, as in a zone file. */
struct zone_record {
	const char *name; /* whole, without the dot at the end; NULL behind the last one */
	enum dns_type type;
	const char *data; /* an address, a name, or a text of at most 255 bytes */
};

/* What this server knows itself. NS records of a name below the zone's own hand that part over to
 * other servers; what else is there of it is glue. */
struct zone {
	const char *name; /* NULL behind the last one */
	const struct zone_record *records;
};

/* A query as the server got it. */
struct query {
	const uint8_t *bytes; /* borrowed */
	size_t len;
	struct dns_header header;
	struct dns_question question;
	bool edns;
	uint8_t edns_version;
	size_t most; /* bytes that the answer may have */
};

/* Writes the answer to a query that can be answered. */
typedef void answer_function(const void *arg, const struct query *query, struct dns_writer *w);

/* Answers from the zone that the name lies in; `zones` is an array of struct zone. */
void zone_answer(const void *zones, const struct query *query, struct dns_writer *w);

struct nameserver {
	struct place place;
	const char *who; /* begins the lines that it prints */
	answer_function *answer;
	const void *arg;
	int deaf;   /* so many datagrams are not answered, the first ones */
	bool slow;  /* an answer may take its time: each in a thread of its own */
	bool forge; /* before each answer over UDP come two that are not from us */
};

/* Sockets of a server; -1: none. */
struct nameserver_sockets {
	int udp, tcp;
};

/* Opens both, or ends the process with a message. */
struct nameserver_sockets nameserver_open(struct place place);

/* Serves for ever. */
_Noreturn void nameserver_serve(const struct nameserver *server, struct nameserver_sockets sockets);

#endif
