/* 22 resolver, the servers: at one address the root, which knows who has "test", at the next the
 * one that has "test" and knows who has "wirelab.test", at the next that one. With -r 1 there is
 * one before them that knows nothing and asks for you. What they answer, and how, is in lib/zone.c,
 * lib/nameserver.c and lib/recursor.c. Ends, with status 0, on SIGTERM or Ctrl-C. */
#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/recursor.h"

enum { N_SERVERS = 4, TEXT_SIZE = 64, MANY = 40, N_FEW = 16 };
enum role { ROOT, TEST, WIRELAB, RECURSIVE };

/* An answer that does not fit into 512 bytes. */
static const char *const long_texts[] = {
        "An answer of more than 512 bytes does not go into a datagram of old. The server says so "
        "with one bit, TC, and who wants all of it asks again over TCP.",
        "It is cut between two records. What has come is whole, but nobody knows what is missing: "
        "so it is thrown away, and asked for again.",
        "512 bytes always fitted, through every network of 1983. With EDNS (RFC 6891) the one who "
        "asks can say that more will do. This lab's client does not.",
        "Over TCP each message has its length before it, for a stream has no borders: lab 11. "
        "Servers must do TCP (RFC 7766), and firewalls must let it through.",
};
enum { N_LONG = sizeof long_texts / sizeof *long_texts };

/* What all servers know, each its part of it. */
struct world {
	char addresses[N_SERVERS][TEXT_SIZE];
	enum dns_type type; /* of the addresses: A or AAAA */
	char many[MANY][TEXT_SIZE];
	struct zone_record root[N_FEW], test[N_FEW], shop[N_FEW], wirelab[N_FEW + N_LONG + MANY];
	struct zone zones[WIRELAB + 1][3];
};

/* The i-th address from the first on: on the loopback and on the lab's wire they are ours too.
 * Behind ::1 there is none: then those of IPv4. */
static int count_on(const char *first, int i, char *text)
{
	struct in6_addr six;
	struct in_addr four;
	if (strcmp(first, "::1") == 0 && i > 0)
		first = "127.0.0.1";
	if (inet_pton(AF_INET, first, &four) == 1) {
		four.s_addr = htonl(ntohl(four.s_addr) + (uint32_t)i);
		return inet_ntop(AF_INET, &four, text, TEXT_SIZE) != NULL ? 0 : -1;
	}
	if (inet_pton(AF_INET6, first, &six) != 1)
		return -1;
	six.s6_addr[15] = (uint8_t)(six.s6_addr[15] + i);
	return inet_ntop(AF_INET6, &six, text, TEXT_SIZE) != NULL ? 0 : -1;
}

static enum dns_type type_of(const char *address)
{
	return strchr(address, ':') != NULL ? DNS_AAAA : DNS_A;
}

/* A referral is an NS record of a name below the zone's own; the address with it is glue. For
 * shop.test there is none: the name of its server has to be looked up first. */
static void make_upper_zones(struct world *w)
{
	const char *top = w->addresses[ROOT];
	const char *test = w->addresses[TEST], *wirelab = w->addresses[WIRELAB];
	const struct zone_record root[] = {
	        {".", DNS_NS, "ns.root"},    {"ns.root", type_of(top), top},
	        {"test", DNS_NS, "ns.test"}, {"ns.test", type_of(test), test},
	        {NULL, DNS_A, NULL},
	};
	const struct zone_record below[] = {
	        {"test", DNS_NS, "ns.test"},
	        {"ns.test", type_of(test), test},
	        {"wirelab.test", DNS_NS, "ns.wirelab.test"},
	        {"ns.wirelab.test", type_of(wirelab), wirelab},
	        {"shop.test", DNS_NS, "names.wirelab.test"},
	        {NULL, DNS_A, NULL},
	};
	memcpy(w->root, root, sizeof root);
	memcpy(w->test, below, sizeof below);
}

static void make_lower_zones(struct world *w)
{
	const char *here = w->addresses[WIRELAB];
	const struct zone_record few[] = {
	        {"wirelab.test", DNS_NS, "ns.wirelab.test"},
	        {"ns.wirelab.test", type_of(here), here},
	        {"names.wirelab.test", type_of(here), here},
	        {"www.wirelab.test", DNS_A, "192.0.2.10"},
	        {"www.wirelab.test", DNS_A, "192.0.2.11"},
	        {"www.wirelab.test", DNS_AAAA, "2001:db8::10"},
	        {"alias.wirelab.test", DNS_CNAME, "www.wirelab.test"},
	};
	const struct zone_record shop[] = {
	        {"shop.test", DNS_NS, "names.wirelab.test"},
	        {"www.shop.test", DNS_CNAME, "www.wirelab.test"},
	        {NULL, DNS_A, NULL},
	};
	struct zone_record *next = w->wirelab + sizeof few / sizeof *few;
	memcpy(w->wirelab, few, sizeof few);
	for (int i = 0; i < N_LONG; i++)
		*next++ = (struct zone_record){"long.wirelab.test", DNS_TXT, long_texts[i]};
	for (int i = 0; i < MANY; i++) {
		(void)snprintf(w->many[i], TEXT_SIZE, "192.0.2.%d", 100 + i); /* fits */
		*next++ = (struct zone_record){"many.wirelab.test", DNS_A, w->many[i]};
	}
	*next = (struct zone_record){NULL, DNS_A, NULL};
	memcpy(w->shop, shop, sizeof shop);
}

static struct world *make_world(const char *first, bool recursive)
{
	struct world *w = calloc(1, sizeof *w);
	if (w == NULL)
		die("no memory");
	for (int i = 0; i < N_SERVERS; i++) {
		int at = recursive ? (i + RECURSIVE) % N_SERVERS : i; /* that one comes first */
		if (count_on(first, i, w->addresses[at]) < 0) {
			fprintf(stderr, "server: %s is no address\n", first);
			exit(2);
		}
	}
	make_upper_zones(w);
	make_lower_zones(w);
	w->zones[ROOT][0] = (struct zone){".", w->root};
	w->zones[TEST][0] = (struct zone){"test", w->test};
	w->zones[WIRELAB][0] = (struct zone){"wirelab.test", w->wirelab};
	w->zones[WIRELAB][1] = (struct zone){"shop.test", w->shop};
	return w;
}

/* One of the servers, with its sockets. */
struct one {
	struct nameserver server;
	struct nameserver_sockets sockets;
};

static void *serve(void *arg)
{
	const struct one *one = arg;
	nameserver_serve(&one->server, one->sockets);
}

static void open_one(struct one *one, const struct world *world, enum role role, const char *port)
{
	static const char *const names[] = {"root", "test", "wirelab.test", "recursive"};
	one->server.place = (struct place){world->addresses[role], port};
	one->server.who = names[role];
	if (role == RECURSIVE) {
		one->server.answer = recursor_answer;
		one->server.arg = recursor_new((struct place){world->addresses[ROOT], port});
		one->server.slow = true;
	} else {
		one->server.answer = zone_answer;
		one->server.arg = world->zones[role];
	}
	if (one->server.arg == NULL)
		die("no memory");
	one->sockets = nameserver_open(one->server.place);
	printf("%s: listening on %s port %s\n", names[role], world->addresses[role], port);
}

int main(int argc, char **argv)
{
	int recursive = 0, deaf = 0, forge = 0;
	const struct number_option options[] = {{'r', &recursive, 0, 1},
	                                        {'d', &deaf, 0, INT_MAX},
	                                        {'f', &forge, 0, 1},
	                                        {0, NULL, 0, 0}};
	struct place place =
	        begin(argc, argv, options,
	              "server [-h] [-r 1: one that asks for you comes first] [-d how many "
	              "queries the first does not answer] [-f 1: strangers answer them "
	              "too] [address [port]]    (127.0.0.1 8080)");
	stop_on_signals();

	struct one all[N_SERVERS] = {0};
	struct world *world = make_world(place.host, recursive != 0);
	int first = recursive != 0 ? RECURSIVE : ROOT;
	all[first].server.deaf = deaf;
	all[first].server.forge = forge != 0;
	for (int i = 0; i <= (recursive != 0 ? RECURSIVE : WIRELAB); i++)
		open_one(&all[i], world, (enum role)i, place.port);
	for (int i = 0; i < N_SERVERS; i++)
		if (i != first && all[i].server.arg != NULL && start_detached(serve, &all[i]) != 0)
			die("cannot start a thread");
	(void)serve(&all[first]);
}
