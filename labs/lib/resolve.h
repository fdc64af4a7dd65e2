/* resolve.h: the other side of DNS, for lab 22: asks one server, or goes from server to server
 * until one of them knows (RFC 1034 section 5.3.3). */
#ifndef LABS_LIB_RESOLVE_H
#define LABS_LIB_RESOLVE_H

#include "lib/dns.h"
#include "lib/net.h"

enum { SERVER_TEXT = 64, SERVERS_MAX = 8 };

/* An answer that has been checked: it is to our question, from whom we asked. */
struct dns_reply {
	uint8_t bytes[DNS_MESSAGE];
	struct dns_reader records; /* stands before the first of them */
	struct dns_header header;
	bool over_tcp; /* over UDP it was cut */
};

/* Asks one server, over UDP, three times if need be, and over TCP if the answer is cut. `flags`:
 * DNS_RD or 0. 0, or -1 with errno: ETIMEDOUT is silence. */
int dns_ask(const struct place *server, const struct dns_question *question, uint16_t flags,
            struct dns_reply *reply);

/* Servers that may know more, and which part of the tree they have. */
struct referral {
	struct dns_name zone;
	char name[DNS_TEXT]; /* of the first of them */
	char addresses[SERVERS_MAX][SERVER_TEXT];
	int n_addresses; /* 0: none was told, only names */
};

/* Where to begin, and who wants to know how it goes. */
struct resolution {
	struct place root;
	int questions; /* that may still be asked: it ends, whatever the servers say */
	/* A server has answered; `next` is where it sends us, or NULL. May be NULL. */
	void (*told)(void *arg, const struct place *server, const struct dns_reply *reply,
	             const struct referral *next);
	/* Records for the answer, of the name or of one that it is another word for. */
	void (*found)(void *arg, const struct dns_reply *reply);
	void *arg;
};

/* Goes from the root to whoever knows, and from each alias to its name. 0: found() has got it all,
 * good or bad; -1 with errno. */
int dns_resolve(struct resolution *resolution, const struct dns_question *question);

#endif
