/* zone.c: what a name server answers from its zone: RFC 1034 section 4.3.2, RFC 2308 for "there is
 * no such thing". See nameserver.h. It must not know how queries come. */
#include <arpa/inet.h>
#include <string.h>

#include "lib/nameserver.h"

enum { TTL = 300, NEGATIVE_TTL = 60, MANY_ALIASES = 8 };

/* One lookup. */
struct lookup {
	const struct zone *zone;
	struct dns_name apex; /* the zone's name */
	struct dns_writer *w;
};

static struct dns_name name_of(const char *text)
{
	struct dns_name name;
	if (dns_name_of(&name, text) < 0) /* a name that cannot be is not found */
		name = (struct dns_name){.len = 1};
	return name;
}

/* ---- writing ---- */

static void write_data(struct dns_writer *w, const struct zone_record *record)
{
	uint8_t bytes[sizeof(struct in6_addr)];
	struct dns_name name;
	size_t n = strlen(record->data);
	if (record->type == DNS_A && inet_pton(AF_INET, record->data, bytes) == 1) {
		dns_write_bytes(w, bytes, sizeof(struct in_addr));
	} else if (record->type == DNS_AAAA && inet_pton(AF_INET6, record->data, bytes) == 1) {
		dns_write_bytes(w, bytes, sizeof(struct in6_addr));
	} else if (record->type == DNS_TXT) {
		uint8_t len = (uint8_t)(n > UINT8_MAX ? UINT8_MAX : n);
		dns_write_bytes(w, &len, 1);
		dns_write_bytes(w, record->data, len);
	} else {
		name = name_of(record->data);
		dns_write_name(w, &name);
	}
}

/* What does not fit into the answer or the authority is missed: TC. Glue is not. */
static void write_record(const struct lookup *l, const struct zone_record *record,
                         const struct dns_name *name, enum dns_section section)
{
	size_t begin = dns_begin_record(l->w, name, (uint16_t)record->type, DNS_IN, TTL);
	write_data(l->w, record);
	if (!dns_end_record(l->w, begin, section) && section != DNS_ADDITIONAL)
		dns_add_flags(l->w, DNS_TC);
}

/* "There is none, and you may remember that for so long." */
static void write_soa(const struct lookup *l)
{
	const uint32_t numbers[] = {1, 3600, 600, 86400, NEGATIVE_TTL};
	struct dns_name root = name_of(".");
	size_t begin = dns_begin_record(l->w, &l->apex, DNS_SOA, DNS_IN, NEGATIVE_TTL);
	dns_write_name(l->w, &l->apex); /* where the zone is made */
	dns_write_name(l->w, &root);    /* whom to write to: nobody */
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		dns_write_32(l->w, numbers[i]);
	if (!dns_end_record(l->w, begin, DNS_AUTHORITY))
		dns_add_flags(l->w, DNS_TC);
}

/* ---- looking up ---- */

static bool is_of(const struct zone_record *record, const struct dns_name *name)
{
	struct dns_name owner = name_of(record->name);
	return dns_name_is(&owner, name);
}

/* The part of the zone that has been handed over and that the name lies in, or NULL. */
static const struct zone_record *find_cut(const struct lookup *l, const struct dns_name *name)
{
	for (const struct zone_record *r = l->zone->records; r->name != NULL; r++) {
		struct dns_name owner = name_of(r->name);
		if (r->type == DNS_NS && !dns_name_is(&owner, &l->apex) &&
		    dns_name_within(name, &owner))
			return r;
	}
	return NULL;
}

/* "Ask them": the servers of that part, and the addresses of those that we know. */
static void refer(const struct lookup *l, const struct zone_record *cut)
{
	struct dns_name owner = name_of(cut->name);
	for (const struct zone_record *r = l->zone->records; r->name != NULL; r++)
		if (r->type == DNS_NS && is_of(r, &owner))
			write_record(l, r, &owner, DNS_AUTHORITY);
	for (const struct zone_record *r = l->zone->records; r->name != NULL; r++) {
		if (r->type != DNS_NS || !is_of(r, &owner))
			continue;
		struct dns_name server = name_of(r->data);
		for (const struct zone_record *g = l->zone->records; g->name != NULL; g++)
			if ((g->type == DNS_A || g->type == DNS_AAAA) && is_of(g, &server))
				write_record(l, g, &server, DNS_ADDITIONAL);
	}
}

/* Writes the name's records of that type. How many there are. */
static int write_answers(const struct lookup *l, const struct dns_name *name, uint16_t type)
{
	int n = 0;
	for (const struct zone_record *r = l->zone->records; r->name != NULL; r++) {
		if (!is_of(r, name) || (r->type != type && type != DNS_ANY))
			continue;
		write_record(l, r, name, DNS_ANSWERS);
		n++;
	}
	return n;
}

/* The name that this one is another word for: writes that record, and goes on from there. */
static bool follow_alias(const struct lookup *l, struct dns_name *name)
{
	for (const struct zone_record *r = l->zone->records; r->name != NULL; r++) {
		if (r->type != DNS_CNAME || !is_of(r, name))
			continue;
		write_record(l, r, name, DNS_ANSWERS);
		*name = name_of(r->data);
		return true;
	}
	return false;
}

/* Is there such a name, with whatever type, or one below it? */
static bool exists(const struct lookup *l, const struct dns_name *name)
{
	for (const struct zone_record *r = l->zone->records; r->name != NULL; r++) {
		struct dns_name owner = name_of(r->name);
		if (dns_name_within(&owner, name))
			return true;
	}
	return dns_name_is(name, &l->apex);
}

/* The zone that the name lies in; the smallest, if several. NULL: none of ours. */
static const struct zone *find_zone(const struct zone *zones, const struct dns_name *name)
{
	const struct zone *found = NULL;
	size_t len = 0;
	for (; zones->name != NULL; zones++) {
		struct dns_name apex = name_of(zones->name);
		if (!dns_name_within(name, &apex) || apex.len <= len)
			continue;
		found = zones;
		len = apex.len;
	}
	return found;
}

/* One name, without the names that it may be another word for. True: go on with *name. */
static bool answer_name(const struct lookup *l, struct dns_name *name, uint16_t type)
{
	const struct zone_record *cut = find_cut(l, name);
	if (cut != NULL) {
		refer(l, cut);
		return false;
	}
	if (write_answers(l, name, type) > 0)
		return false;
	if (follow_alias(l, name))
		return true;
	if (!exists(l, name))
		dns_add_flags(l->w, DNS_NXDOMAIN);
	write_soa(l);
	return false;
}

void zone_answer(const void *zones, const struct query *query, struct dns_writer *w)
{
	struct dns_name name = query->question.name;
	uint16_t type = query->question.type;
	struct lookup l = {.zone = find_zone(zones, &name), .w = w};
	if (l.zone == NULL || type == DNS_AXFR || type == DNS_IXFR) {
		dns_add_flags(w, DNS_REFUSED); /* not ours; and nobody gets the whole zone */
		return;
	}
	l.apex = name_of(l.zone->name);
	if (find_cut(&l, &name) == NULL)
		dns_add_flags(w, DNS_AA); /* else it is not ours to say */
	for (int i = 0; i < MANY_ALIASES && answer_name(&l, &name, type); i++) {
		l.zone = find_zone(zones, &name);
		if (l.zone == NULL)
			return; /* the alias is ours, the name is not: whoever asked goes on */
		l.apex = name_of(l.zone->name);
	}
}
