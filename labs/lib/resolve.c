/* resolve.c: see resolve.h. It must not know which servers there are, but for the first. */
#include "lib/resolve.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TRIES = 3, WAIT_MS = 1000, TCP_MS = 3000, ALIASES = 8, DEPTH = 2 };

/* ---- one question to one server ---- */

/* True if this is the answer to our question: its number, its sort, and the question itself. The
 * numbers and ports are few, and a stranger can guess them: so all is compared. */
static bool is_ours(struct dns_reply *reply, size_t n, uint16_t id,
                    const struct dns_question *question)
{
	struct dns_question asked;
	reply->records = (struct dns_reader){.bytes = reply->bytes, .len = n};
	reply->header = dns_read_header(&reply->records);
	if (reply->records.bad || reply->header.id != id || !(reply->header.flags & DNS_QR))
		return false;
	if (reply->header.counts[DNS_QUESTIONS] == 0) /* "I do not understand" need not repeat it */
		return (reply->header.flags & DNS_RCODE) != DNS_OK;
	dns_read_question(&reply->records, &asked);
	return !reply->records.bad && reply->header.counts[DNS_QUESTIONS] == 1 &&
	       asked.type == question->type && asked.class == question->class &&
	       dns_name_is(&asked.name, &question->name);
}

/* Waits for the answer, and passes over what is none. 0, or -1 with errno. */
static int wait_for_datagram(int fd, uint16_t id, const struct dns_question *question,
                             struct dns_reply *reply)
{
	int64_t until = now_us() + WAIT_MS * INT64_C(1000);
	struct pollfd wanted = {.fd = fd, .events = POLLIN};
	for (;;) {
		int64_t left = until - now_us();
		int ready = left > 0 ? poll(&wanted, 1, (int)(left / 1000) + 1) : 0;
		if (ready == 0)
			errno = ETIMEDOUT;
		ssize_t n = ready > 0 ? recv(fd, reply->bytes, sizeof reply->bytes, 0) : -1;
		if (n < 0 && errno != EINTR)
			return -1; /* ECONNREFUSED: its host says that nobody is there */
		if (n >= 0 && is_ours(reply, (size_t)n, id, question))
			return 0;
	}
}

/* The socket is connected: the kernel passes on only what comes from there. */
static int ask_by_udp(const struct place *server, const struct dns_writer *query, uint16_t id,
                      const struct dns_question *question, struct dns_reply *reply)
{
	int fd = connect_to(*server, SOCK_DGRAM, 0), result = -1;
	for (int i = 0; fd >= 0 && i < TRIES; i++) {
		result = send(fd, query->bytes, query->len, 0) < 0
		                 ? -1
		                 : wait_for_datagram(fd, id, question, reply);
		if (result == 0 || errno != ETIMEDOUT)
			break;
	}
	int error = errno;
	if (fd >= 0)
		(void)close(fd); /* nothing is lost */
	errno = error;
	return result;
}

/* Each message has its length before it (RFC 1035 section 4.2.2). */
static int talk_by_tcp(int fd, const struct dns_writer *query, struct dns_reply *reply, size_t *n)
{
	uint8_t length[2] = {(uint8_t)(query->len >> 8), (uint8_t)query->len};
	uint8_t message[2 + DNS_UDP];
	memcpy(message, length, 2);
	memcpy(message + 2, query->bytes, query->len); /* one send(): one segment */
	if (send_all(fd, message, query->len + 2) < 0)
		return -1;
	*n = 0;
	if (receive_exactly(fd, length, 2, TCP_MS) == 2) {
		size_t wanted = (size_t)length[0] << 8 | length[1];
		*n = receive_exactly(fd, reply->bytes, wanted, TCP_MS);
		if (*n == wanted)
			return 0;
	}
	errno = errno == 0 ? EPROTO : errno; /* it ended in the middle */
	return -1;
}

static int ask_by_tcp(const struct place *server, const struct dns_writer *query, uint16_t id,
                      const struct dns_question *question, struct dns_reply *reply)
{
	size_t n;
	int fd = connect_to(*server, SOCK_STREAM, TCP_MS);
	if (fd < 0)
		return -1;
	int result = talk_by_tcp(fd, query, reply, &n);
	int error = errno;
	(void)close(fd); /* we have what we wanted, or will not get it */
	errno = error;
	if (result == 0 && !is_ours(reply, n, id, question)) {
		errno = EPROTO;
		return -1;
	}
	reply->over_tcp = true;
	return result;
}

int dns_ask(const struct place *server, const struct dns_question *question, uint16_t flags,
            struct dns_reply *reply)
{
	uint8_t bytes[DNS_UDP];
	uint16_t id;
	struct dns_writer query = {.bytes = bytes, .size = sizeof bytes};
	if (getrandom(&id, sizeof id, 0) != (ssize_t)sizeof id)
		return -1;
	dns_begin(&query, id, flags & DNS_RD);
	dns_write_question(&query, question);
	reply->over_tcp = false;
	if (ask_by_udp(server, &query, id, question, reply) < 0)
		return -1;
	if (!(reply->header.flags & DNS_TC))
		return 0;
	return ask_by_tcp(server, &query, id, question, reply);
}

/* ---- what an answer says ---- */

/* Calls each() for the records of a section until it says stop (false). The reply's own reader
 * stays where it is. False: the message is broken. */
static bool each_record(const struct dns_reply *reply, enum dns_section section,
                        bool (*each)(void *arg, const struct dns_reader *r,
                                     const struct dns_record *record),
                        void *arg)
{
	struct dns_reader r = reply->records;
	for (int s = DNS_ANSWERS; s <= (int)section; s++) {
		for (int i = 0; i < reply->header.counts[s]; i++) {
			struct dns_record record;
			dns_read_record(&r, &record);
			if (r.bad)
				return false;
			if (s == (int)section && !each(arg, &r, &record))
				return true;
		}
	}
	return true;
}

/* Looks for the servers of one part of the tree. */
struct search {
	const struct dns_name *name, *zone;
	struct referral *referral;
	struct dns_name servers[SERVERS_MAX];
	int n_servers;
};

static bool take_server(void *arg, const struct dns_reader *r, const struct dns_record *record)
{
	struct search *s = arg;
	struct dns_name server;
	struct dns_reader data = dns_data(r, record);
	if (record->type != DNS_NS || record->name.len <= s->zone->len ||
	    !dns_name_within(&record->name, s->zone) || !dns_name_within(s->name, &record->name))
		return true; /* not ours, or not further down: it could send us round and round */
	dns_read_name(&data, &server);
	if (data.bad || s->n_servers == SERVERS_MAX)
		return true;
	s->referral->zone = record->name;
	if (s->n_servers == 0)
		(void)dns_name_text(&server, s->referral->name);
	s->servers[s->n_servers++] = server;
	return true;
}

/* Glue: the address of a server whose name we would else have to ask it for. */
static bool take_glue(void *arg, const struct dns_reader *r, const struct dns_record *record)
{
	struct search *s = arg;
	struct referral *referral = s->referral;
	bool known = record->type == DNS_A && record->data_len == sizeof(struct in_addr);
	known |= record->type == DNS_AAAA && record->data_len == sizeof(struct in6_addr);
	for (int i = 0; i < s->n_servers && known && referral->n_addresses < SERVERS_MAX; i++) {
		if (!dns_name_is(&record->name, &s->servers[i]))
			continue;
		int family = record->type == DNS_A ? AF_INET : AF_INET6;
		(void)inet_ntop(family, r->bytes + record->data,
		                referral->addresses[referral->n_addresses++],
		                SERVER_TEXT); /* fits */
	}
	return true;
}

/* True if this reply knows nothing itself and sends us on, to servers of a part that lies below
 * `zone` and has the name. What it says of anything else is none of its business. */
static bool find_referral(const struct dns_reply *reply, const struct dns_name *name,
                          const struct dns_name *zone, struct referral *referral)
{
	struct search search = {.name = name, .zone = zone, .referral = referral};
	referral->n_addresses = 0;
	if ((reply->header.flags & (DNS_AA | DNS_RCODE)) != 0 ||
	    reply->header.counts[DNS_ANSWERS] != 0)
		return false;
	return each_record(reply, DNS_AUTHORITY, take_server, &search) && search.n_servers > 0 &&
	       each_record(reply, DNS_ADDITIONAL, take_glue, &search);
}

struct alias {
	const struct dns_question *question;
	struct dns_name name; /* what the question's name has become so far */
	bool answered, changed;
};

/* The records of a chain come in its order. */
static bool take_alias(void *arg, const struct dns_reader *r, const struct dns_record *record)
{
	struct alias *a = arg;
	struct dns_reader data = dns_data(r, record);
	if (!dns_name_is(&record->name, &a->name))
		return true;
	a->answered = record->type != DNS_CNAME || a->question->type == DNS_CNAME;
	if (a->answered)
		return false;
	dns_read_name(&data, &a->name);
	a->changed = !data.bad;
	return !data.bad;
}

/* The name that the question's name is another word for, if the reply says that and no more. */
static bool find_alias(const struct dns_reply *reply, const struct dns_question *question,
                       struct dns_name *target)
{
	struct alias alias = {.question = question, .name = question->name};
	if (!each_record(reply, DNS_ANSWERS, take_alias, &alias) || alias.answered)
		return false;
	*target = alias.name;
	return alias.changed;
}

/* ---- from server to server ---- */

static int descend(struct resolution *r, const struct dns_question *question,
                   struct dns_reply *reply, int depth);

/* The address of a server of which only the name was told: a question of its own. */
static int find_server(struct resolution *r, struct referral *referral, int depth)
{
	struct dns_question question = {.type = DNS_A, .class = DNS_IN};
	struct dns_reply *reply = malloc(sizeof *reply);
	struct search search = {.referral = referral, .n_servers = 1};
	int result = -1;
	if (reply != NULL && depth < DEPTH && dns_name_of(&question.name, referral->name) == 0)
		result = descend(r, &question, reply, depth + 1);
	search.servers[0] = question.name;
	if (result == 0 &&
	    (!each_record(reply, DNS_ANSWERS, take_glue, &search) || referral->n_addresses == 0))
		result = -1;
	free(reply);
	errno = result < 0 ? EHOSTUNREACH : errno;
	return result;
}

/* "I cannot", "I do not want to": another one may. */
static bool is_of_use(const struct dns_reply *reply)
{
	uint16_t rcode = reply->header.flags & DNS_RCODE;
	return rcode == DNS_OK || rcode == DNS_NXDOMAIN;
}

/* Asks one after the other until one answers; the one that did is in *server. */
static int ask_any(struct resolution *r, const struct referral *referral,
                   const struct dns_question *question, struct place *server,
                   struct dns_reply *reply)
{
	for (int i = 0; i < referral->n_addresses; i++) {
		server->host = referral->addresses[i];
		if (r->questions-- <= 0) {
			errno = ELOOP;
			return -1;
		}
		bool last = i == referral->n_addresses - 1;
		if (dns_ask(server, question, 0, reply) == 0 && (last || is_of_use(reply)))
			return 0;
	}
	return -1;
}

/* From the root down, until a server has more to say than whom to ask. */
static int descend(struct resolution *r, const struct dns_question *question,
                   struct dns_reply *reply, int depth)
{
	struct referral here = {.zone = {.len = 1}, .n_addresses = 1}, next;
	struct place server = r->root;
	if (strlen(r->root.host) >= SERVER_TEXT) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(here.addresses[0], r->root.host, strlen(r->root.host) + 1);
	for (;;) {
		if (ask_any(r, &here, question, &server, reply) < 0)
			return -1;
		bool on = find_referral(reply, &question->name, &here.zone, &next);
		if (r->told != NULL)
			r->told(r->arg, &server, reply, on ? &next : NULL);
		if (!on)
			return 0;
		if (next.n_addresses == 0 && find_server(r, &next, depth) < 0)
			return -1;
		here = next;
	}
}

int dns_resolve(struct resolution *r, const struct dns_question *question)
{
	struct dns_question current = *question;
	struct dns_reply *reply = malloc(sizeof *reply);
	int result = reply == NULL ? -1 : 0;
	for (int i = 0; i < ALIASES && result == 0; i++) {
		result = descend(r, &current, reply, 0);
		if (result < 0)
			break;
		r->found(r->arg, reply);
		if (!find_alias(reply, &current, &current.name))
			break;
	}
	int error = errno;
	free(reply);
	errno = error;
	return result;
}
