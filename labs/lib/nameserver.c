/* nameserver.c: see nameserver.h. What every query gets, good or bad (RFC 1035, RFC 6891 for EDNS,
 * RFC 9619: one question), and the loop: UDP in one thread, each TCP connection in its own. It must
 * not know what the answers are. */
#include "lib/nameserver.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 64, MAX_CLIENTS = 64, IDLE_MS = 5000, TIRED_MS = 10 };

/* ---- one query ---- */

/* EDNS is a record of the additional section whose class is a size and whose ttl has flags. */
static void note_edns(struct query *query, const struct dns_record *record)
{
	query->edns = true;
	query->edns_version = (uint8_t)(record->ttl >> 16);
	if (record->class > DNS_UDP)
		query->most = record->class < DNS_UDP_EDNS ? record->class : DNS_UDP_EDNS;
}

/* False: it is not as the counts in its header say, or not one question. */
static bool read_query(struct query *query, struct dns_reader *r)
{
	const uint16_t *counts = query->header.counts;
	if (counts[DNS_QUESTIONS] != 1)
		return false;
	dns_read_question(r, &query->question);
	int records = counts[DNS_ANSWERS] + counts[DNS_AUTHORITY] + counts[DNS_ADDITIONAL];
	for (int i = 0; i < records && !r->bad; i++) {
		struct dns_record record;
		dns_read_record(r, &record);
		if (record.type != DNS_OPT || r->bad)
			continue;
		if (query->edns || record.name.len != 1)
			return false; /* RFC 6891 section 6.1.1: at most one, of the root */
		note_edns(query, &record);
	}
	return !r->bad;
}

static void write_edns(struct dns_writer *w, unsigned rcode)
{
	struct dns_name root = {.len = 1};
	uint32_t upper = (uint32_t)(rcode >> 4) << 24;
	(void)dns_end_record(w, dns_begin_record(w, &root, DNS_OPT, DNS_UDP_EDNS, upper),
	                     DNS_ADDITIONAL); /* there was left room for it */
}

/* The question stands in the answer too, and EDNS answers EDNS. */
static void write_answer(answer_function *answer, const void *arg, const struct query *query,
                         struct dns_writer *w)
{
	enum { EDNS_LEN = 11 };
	size_t room = w->size;
	w->size = query->most - (query->edns ? EDNS_LEN : 0);
	dns_write_question(w, &query->question);
	if (query->edns_version == 0 && query->question.class == DNS_IN)
		answer(arg, query, w);
	else if (query->edns_version == 0)
		dns_add_flags(w, DNS_REFUSED);
	w->size = room;
	if (query->edns)
		write_edns(w, query->edns_version != 0 ? DNS_BADVERS : 0);
}

/* The answer to some bytes that came: w->len 0 if there is to be none. `over_tcp`: then it may be
 * as long as w has room. */
static void answer_query(answer_function *answer, const void *arg, const uint8_t *bytes, size_t n,
                         bool over_tcp, struct dns_writer *w)
{
	struct dns_reader r = {.bytes = bytes, .len = n};
	struct query query = {.bytes = bytes, .len = n, .header = dns_read_header(&r)};
	uint16_t flags = query.header.flags;
	w->len = 0;
	if (r.bad || flags & DNS_QR)
		return; /* an answer to an answer could go on for ever */
	query.most = DNS_UDP;
	dns_begin(w, query.header.id, DNS_QR | (flags & (DNS_OPCODE | DNS_RD)));
	if (flags & DNS_OPCODE)
		dns_add_flags(w, DNS_NOTIMP);
	else if (!read_query(&query, &r))
		dns_add_flags(w, DNS_FORMERR);
	else {
		if (over_tcp)
			query.most = w->size;
		write_answer(answer, arg, &query, w);
	}
}

/* What has been asked, for people. */
static void tell(const struct nameserver *server, const uint8_t *bytes, size_t n, const char *how)
{
	char name[DNS_TEXT], type[DNS_TYPE_TEXT];
	struct dns_reader r = {.bytes = bytes, .len = n};
	struct dns_question question;
	(void)dns_read_header(&r);
	dns_read_question(&r, &question);
	if (r.bad)
		printf("%s: %zu bytes that are no question%s\n", server->who, n, how);
	else
		printf("%s: asked for %s %s%s\n", server->who, dns_name_text(&question.name, name),
		       dns_type_text(question.type, type), how);
}

/* ---- UDP ---- */

enum { QUERY_MAX = 4096 };

/* A query on its way to an answer. */
struct datagram {
	const struct nameserver *server;
	int fd;
	struct sockaddr_storage peer;
	socklen_t peer_len;
	size_t n;
	uint8_t bytes[QUERY_MAX];
};

static atomic_int n_datagrams, n_clients;

static void send_to(int fd, const struct dns_writer *w, const struct datagram *d)
{
	if (sendto(fd, w->bytes, w->len, 0, (const struct sockaddr *)&d->peer, d->peer_len) < 0)
		perror("sendto"); /* its misfortune: on to the next */
}

/* What a stranger might send: once with a number that is wrong, once from a port that is. Its last
 * byte, part of the last address, says 66. */
static void forge(const struct datagram *d, const struct dns_writer *w)
{
	uint8_t bytes[DNS_UDP_EDNS];
	struct dns_writer false_one = {.bytes = bytes, .len = w->len};
	int fd = socket(d->peer.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	memcpy(bytes, w->bytes, w->len);
	bytes[w->len - 1] = 66;
	if (fd >= 0) {
		send_to(fd, &false_one, d);
		(void)close(fd); /* it is sent */
	}
	bytes[0] = (uint8_t)~bytes[0];
	send_to(d->fd, &false_one, d);
}

static void *answer_datagram(void *arg)
{
	struct datagram *d = arg;
	uint8_t answer[DNS_UDP_EDNS];
	struct dns_writer w = {.bytes = answer, .size = sizeof answer};
	answer_query(d->server->answer, d->server->arg, d->bytes, d->n, false, &w);
	if (w.len > 0 && d->server->forge)
		forge(d, &w);
	if (w.len > 0)
		send_to(d->fd, &w, d);
	free(d);
	atomic_fetch_sub(&n_datagrams, 1);
	return NULL;
}

static void take_datagram(const struct nameserver *server, int fd, int *deaf)
{
	struct datagram *d = malloc(sizeof *d);
	ssize_t n = -1;
	if (d != NULL) {
		d->peer_len = sizeof d->peer;
		n = recvfrom(fd, d->bytes, sizeof d->bytes, 0, (struct sockaddr *)&d->peer,
		             &d->peer_len);
	}
	if (n >= 0)
		tell(server, d->bytes, (size_t)n, *deaf > 0 ? ": no answer" : "");
	if (n < 0 || *deaf > 0) { /* below 0: poll() wakes us again, if there is one */
		*deaf -= n >= 0;
		free(d);
		return;
	}
	d->server = server;
	d->fd = fd;
	d->n = (size_t)n;
	bool own = atomic_fetch_add(&n_datagrams, 1) < MAX_CLIENTS && server->slow;
	if (!own || start_detached(answer_datagram, d) != 0)
		(void)answer_datagram(d);
}

/* ---- TCP: each message has its length before it (RFC 7766) ---- */

struct client {
	const struct nameserver *server;
	int fd;
	uint8_t bytes[2 + DNS_MESSAGE], answer[2 + DNS_MESSAGE];
};

/* True if there may be more. */
static bool serve_message(struct client *c)
{
	struct dns_writer w = {.bytes = c->answer + 2, .size = DNS_MESSAGE};
	if (receive_exactly(c->fd, c->bytes, 2, IDLE_MS) != 2)
		return false;
	size_t n = (size_t)c->bytes[0] << 8 | c->bytes[1];
	if (receive_exactly(c->fd, c->bytes, n, IDLE_MS) != n)
		return false;
	tell(c->server, c->bytes, n, " over TCP");
	answer_query(c->server->answer, c->server->arg, c->bytes, n, true, &w);
	c->answer[0] = (uint8_t)(w.len >> 8);
	c->answer[1] = (uint8_t)w.len;
	return w.len > 0 && send_all(c->fd, c->answer, w.len + 2) == 0;
}

static void *serve_connection(void *arg)
{
	struct client *client = arg;
	while (serve_message(client))
		;
	(void)close(client->fd); /* nothing to lose */
	free(client);
	atomic_fetch_sub(&n_clients, 1);
	return NULL;
}

static void take_client(const struct nameserver *server, int listener)
{
	struct timeval limit = {.tv_sec = IDLE_MS / 1000};
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	if (fd < 0 && accept_has_no_room(errno))
		pause_ms(TIRED_MS); /* else poll() would wake us at once, again and again */
	if (fd < 0)
		return;
	struct client *client = malloc(sizeof *client);
	if (client != NULL && atomic_fetch_add(&n_clients, 1) < MAX_CLIENTS &&
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit) == 0) {
		client->server = server;
		client->fd = fd;
		if (start_detached(serve_connection, client) == 0)
			return;
	}
	if (client != NULL)
		atomic_fetch_sub(&n_clients, 1);
	free(client);
	(void)close(fd); /* it may ask over UDP */
}

/* ---- the loop ---- */

struct nameserver_sockets nameserver_open(struct place place)
{
	struct nameserver_sockets sockets = {.udp = listen_on(place, SOCK_DGRAM, 0)};
	sockets.tcp = listen_on(place, SOCK_STREAM, BACKLOG);
	if (set_nonblocking(sockets.udp) < 0 || set_nonblocking(sockets.tcp) < 0)
		die("fcntl"); /* what poll() has seen may be gone when we come for it */
	return sockets;
}

_Noreturn void nameserver_serve(const struct nameserver *server, struct nameserver_sockets sockets)
{
	int deaf = server->deaf;
	struct pollfd ready[] = {{.fd = sockets.udp, .events = POLLIN},
	                         {.fd = sockets.tcp, .events = POLLIN}};
	for (;;) {
		if (poll(ready, 2, -1) < 0 && errno != EINTR)
			die("poll");
		if (ready[0].revents != 0)
			take_datagram(server, sockets.udp, &deaf);
		if (ready[1].revents != 0)
			take_client(server, sockets.tcp);
	}
}
