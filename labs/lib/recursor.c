/* recursor.c: see recursor.h. What it remembers is bounded: the oldest makes room. It must not know
 * of sockets. */
#include "lib/recursor.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "lib/resolve.h"

enum { KEPT = 64, KEPT_BYTES = 2048, QUESTIONS = 24, SECOND_US = 1000000 };

/* An answer that may be given again for a while. */
struct kept {
	struct dns_question question;
	int64_t since_us;
	uint32_t ttl; /* seconds; 0: nothing is here */
	size_t len;
	uint8_t bytes[KEPT_BYTES];
};

struct memory {
	pthread_mutex_t lock; /* for what follows */
	struct kept kept[KEPT];
	unsigned next;
};

struct recursor {
	struct place root;
	struct memory *memory;
};

struct recursor *recursor_new(struct place root)
{
	struct recursor *r = calloc(1, sizeof *r);
	struct memory *memory = calloc(1, sizeof *memory);
	if (r == NULL || memory == NULL || pthread_mutex_init(&memory->lock, NULL) != 0) {
		free(r);
		free(memory);
		return NULL;
	}
	*r = (struct recursor){root, memory};
	return r;
}

/* ---- one answer, put together from several ---- */

struct gathering {
	struct dns_writer *w;
	uint32_t ttl; /* the shortest so far */
	bool broken;
};

/* Copies a section's records, as old as they are. */
static void copy_section(struct gathering *g, struct dns_reader *r, enum dns_section section,
                         int count, uint32_t age)
{
	for (int i = 0; i < count; i++) {
		struct dns_record record;
		dns_read_record(r, &record);
		g->broken |= r->bad;
		if (r->bad || record.type == DNS_OPT)
			continue;
		uint32_t left = record.ttl > age ? record.ttl - age : 0;
		g->ttl = left < g->ttl ? left : g->ttl;
		if (!dns_copy_record(g->w, r, &record, left, section))
			dns_add_flags(g->w, DNS_TC);
	}
}

static void gather(void *arg, const struct dns_reply *reply)
{
	struct gathering *g = arg;
	struct dns_reader r = reply->records;
	const uint16_t *counts = reply->header.counts;
	dns_add_flags(g->w, reply->header.flags & DNS_RCODE);
	copy_section(g, &r, DNS_ANSWERS, counts[DNS_ANSWERS], 0);
	if (counts[DNS_ANSWERS] == 0) /* "there is none": how long may that be believed? */
		copy_section(g, &r, DNS_AUTHORITY, counts[DNS_AUTHORITY], 0);
}

/* ---- what is remembered ---- */

static bool is_kept(const struct kept *kept, const struct dns_question *question, int64_t now_us_)
{
	return now_us_ - kept->since_us < (int64_t)kept->ttl * SECOND_US &&
	       kept->question.type == question->type &&
	       dns_name_is(&kept->question.name, &question->name);
}

/* True if the answer was there. */
static bool recall(const struct memory *m, const struct dns_question *question,
                   struct dns_writer *w)
{
	struct gathering g = {.w = w, .ttl = UINT32_MAX};
	int64_t now = now_us();
	for (int i = 0; i < KEPT; i++) {
		const struct kept *kept = &m->kept[i];
		if (!is_kept(kept, question, now))
			continue;
		struct dns_reader reader = {.bytes = kept->bytes, .len = kept->len};
		struct dns_header header = dns_read_header(&reader);
		struct dns_question again;
		uint32_t age = (uint32_t)((now - kept->since_us) / SECOND_US);
		dns_read_question(&reader, &again);
		dns_add_flags(w, header.flags & DNS_RCODE);
		for (int s = DNS_ANSWERS; s < DNS_ADDITIONAL; s++)
			copy_section(&g, &reader, (enum dns_section)s, header.counts[s], age);
		return true;
	}
	return false;
}

static void keep(struct memory *m, const struct dns_question *question, const struct dns_writer *w,
                 uint32_t ttl)
{
	bool cut = (w->bytes[2] << 8 & DNS_TC) != 0;
	if (cut || ttl == 0 || w->len > KEPT_BYTES)
		return;
	struct kept *kept = &m->kept[m->next++ % KEPT];
	kept->question = *question;
	kept->since_us = now_us();
	kept->ttl = ttl;
	kept->len = w->len;
	memcpy(kept->bytes, w->bytes, w->len);
}

/* ---- one question ---- */

static void ask_others(const struct recursor *r, const struct query *query, struct dns_writer *w)
{
	struct gathering g = {.w = w, .ttl = UINT32_MAX};
	struct resolution resolution = {
	        .root = r->root, .questions = QUESTIONS, .found = gather, .arg = &g};
	if (dns_resolve(&resolution, &query->question) < 0 || g.broken) {
		dns_add_flags(w, DNS_SERVFAIL);
		return;
	}
	if (g.ttl == UINT32_MAX)
		return; /* no record said how long */
	(void)pthread_mutex_lock(
	        &r->memory->lock); /* a plain mutex: it cannot fail, here and below */
	keep(r->memory, &query->question, w, g.ttl);
	(void)pthread_mutex_unlock(&r->memory->lock);
}

void recursor_answer(const void *recursor, const struct query *query, struct dns_writer *w)
{
	const struct recursor *r = recursor;
	dns_add_flags(w, DNS_RA);
	if (!(query->header.flags & DNS_RD)) {
		dns_add_flags(w, DNS_REFUSED); /* we know nothing ourselves */
		return;
	}
	(void)pthread_mutex_lock(&r->memory->lock);
	bool known = recall(r->memory, &query->question, w);
	(void)pthread_mutex_unlock(&r->memory->lock);
	if (!known)
		ask_others(r, query, w);
}
