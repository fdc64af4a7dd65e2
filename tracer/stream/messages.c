/* messages.c: finds the conversation of a segment, or begins one; the least recently used makes
 * room. Numbers of connections rise one by one, so their low bits are hash enough. */
#include "stream/messages.h"

#include <stdlib.h>

#include "stream/questions.h"
#include "stream/talk.h"

/* A place for a conversation; numbers of places count from 1, 0 is none. */
struct place {
	uint32_t stream;
	uint32_t chain;        /* next in the bucket, or in the list of free places */
	uint32_t older, newer; /* by use */
	struct talk talk;
};

enum { NEAR = 1 << 16 }; /* to a connection's first number */

struct messages {
	struct messages_config config;
	struct budget budget;
	struct place *places; /* [0] is not used */
	uint32_t *buckets;
	uint32_t n_buckets; /* a power of two */
	uint32_t n_used;    /* places that were ever used */
	uint32_t free_list;
	uint32_t oldest, newest;
	struct questions asked;
	struct expectations expectations;
};

struct messages *messages_new(const struct messages_config *config)
{
	struct messages *m = calloc(1, sizeof *m);
	if (!m)
		return NULL;
	m->config = *config;
	if (!m->config.max_talks)
		m->config.max_talks = MESSAGES_TALKS;
	m->budget.limit = config->memory ? config->memory : MESSAGES_MEMORY;
	for (m->n_buckets = 1; m->n_buckets < m->config.max_talks;)
		m->n_buckets *= 2;
	m->places = calloc((size_t)m->config.max_talks + 1, sizeof *m->places);
	m->buckets = calloc(m->n_buckets, sizeof *m->buckets);
	if (!m->places || !m->buckets) {
		messages_free(m);
		return NULL;
	}
	return m;
}

/* ---- the list by use ---- */

static void unlink_place(struct messages *m, uint32_t i)
{
	struct place *p = &m->places[i];
	if (p->older)
		m->places[p->older].newer = p->newer;
	else
		m->oldest = p->newer;
	if (p->newer)
		m->places[p->newer].older = p->older;
	else
		m->newest = p->older;
}

static void link_newest(struct messages *m, uint32_t i)
{
	struct place *p = &m->places[i];
	p->older = m->newest;
	p->newer = 0;
	if (m->newest)
		m->places[m->newest].newer = i;
	else
		m->oldest = i;
	m->newest = i;
}

/* ---- places ---- */

static uint32_t *bucket_of(struct messages *m, uint32_t stream)
{
	return &m->buckets[stream & (m->n_buckets - 1)];
}

static uint32_t find(struct messages *m, uint32_t stream)
{
	uint32_t i = *bucket_of(m, stream);
	while (i && m->places[i].stream != stream)
		i = m->places[i].chain;
	return i;
}

static void forget(struct messages *m, uint32_t i)
{
	uint32_t *at = bucket_of(m, m->places[i].stream);
	while (*at != i)
		at = &m->places[*at].chain;
	*at = m->places[i].chain;
	unlink_place(m, i);
	talk_release(&m->places[i].talk);
	m->places[i].chain = m->free_list;
	m->free_list = i;
}

/* The least recently used tells what it has, and goes. */
static void make_place(struct messages *m)
{
	talk_end(&m->places[m->oldest].talk);
	forget(m, m->oldest);
}

static uint32_t free_place(struct messages *m)
{
	if (!m->free_list && m->n_used < m->config.max_talks)
		return ++m->n_used;
	if (!m->free_list)
		make_place(m);
	uint32_t i = m->free_list;
	m->free_list = m->places[i].chain;
	return i;
}

/* Its sender has only begun, and the other end has said nothing yet. */
static bool is_first(const struct segment *s)
{
	const struct tcb *mine = &s->after[s->from], *theirs = &s->after[side_other(s->from)];
	return (mine->known & KNOWN_ISS) && (theirs->known & KNOWN_ISS) &&
	       s->seq_raw - mine->iss < NEAR && s->ack_raw == theirs->iss + 1;
}

static uint32_t begin(struct messages *m, const struct segment *s)
{
	uint32_t i = free_place(m);
	struct place *p = &m->places[i];
	uint32_t *bucket = bucket_of(m, s->stream);
	*p = (struct place){.stream = s->stream,
	                    .chain = *bucket,
	                    .talk = {.from_start = is_first(s),
	                             .number = s->stream,
	                             .budget = &m->budget,
	                             .expectations = &m->expectations,
	                             .secrets = m->config.secrets,
	                             .on_message = m->config.on_message,
	                             .arg = m->config.arg}};
	p->talk.ends[s->from] = s->src;
	p->talk.ends[side_other(s->from)] = s->dst;
	talk_meet(&p->talk);
	*bucket = i;
	link_newest(m, i);
	return i;
}

/* What others keep is given up for the conversation at hand. */
static void make_room(struct messages *m)
{
	while (m->budget.used > m->budget.limit / 4 * 3 && m->oldest != m->newest)
		make_place(m);
}

void messages_free(struct messages *m)
{
	if (!m)
		return;
	while (m->places && m->oldest)
		forget(m, m->oldest);
	free(m->places);
	free(m->buckets);
	free(m);
}

/* ---- segments ---- */

/* A direction begins behind its SYN, if that was seen and is not long ago (this conversation may
 * have had to make room). */
static void start_stream(struct stream *stream, const struct segment *s, uint32_t seq)
{
	const struct tcb *tcb = &s->after[s->from];
	if (stream->started)
		return;
	uint32_t first = tcb->known & KNOWN_ISS ? tcb->iss + 1 : seq;
	stream_start(stream, seq - first < NEAR ? first : seq);
}

void messages_segment(struct messages *m, const struct segment *s, const struct payload *payload)
{
	uint32_t i = find(m, s->stream);
	if (!i && payload->wirelen == 0)
		return;
	if (i && i != m->newest) {
		unlink_place(m, i);
		link_newest(m, i);
	}
	make_room(m); /* the newest stays */
	if (!i)
		i = begin(m, s);
	struct utterance u = {
	        .from = s->from,
	        .piece = {.seq = s->seq_raw + (s->flags & TCP_SYN ? 1 : 0),
	                  .len = payload->wirelen,
	                  .captured = payload->len,
	                  .bytes = payload->bytes,
	                  .frame = payload->frame,
	                  .time_ns = payload->time_ns},
	        .fin = (s->flags & TCP_FIN) != 0,
	        .reset = (s->flags & TCP_RST) != 0,
	        .has_ack = (s->flags & TCP_ACK) != 0,
	        .ack = s->ack_raw,
	};
	if (u.piece.len > 0 || u.fin) /* a FIN may overtake the first data that it ends */
		start_stream(&m->places[i].talk.speech[s->from].stream, s, u.piece.seq);
	if (u.reset)
		u.piece.len = 0; /* what a reset carries is a reason for people, not data */
	talk_hear(&m->places[i].talk, &u);
}

void messages_close(struct messages *m, uint32_t stream)
{
	uint32_t i = find(m, stream);
	if (!i)
		return;
	talk_end(&m->places[i].talk);
	talk_release(&m->places[i].talk); /* its place stays: what comes again is nothing new */
}

void messages_end(struct messages *m)
{
	for (uint32_t i = m->oldest; i; i = m->places[i].newer)
		messages_close(m, m->places[i].stream);
}

size_t messages_memory(const struct messages *m)
{
	return m->budget.used;
}

/* ---- datagrams ---- */

void messages_datagram(struct messages *m, const struct endpoint *src, const struct endpoint *dst,
                       const struct payload *payload)
{
	if (payload->len < payload->wirelen || payload->len == 0)
		return; /* the capture has cut it */
	for (size_t i = 0; app_protocols[i]; i++) {
		if (!app_protocols[i]->datagram)
			continue;
		struct message message = {.src = *src,
		                          .dst = *dst,
		                          .is_datagram = true,
		                          .stream = -1,
		                          .latency_ns = -1,
		                          .length = payload->wirelen,
		                          .frames = {payload->frame},
		                          .n_frames_named = 1,
		                          .last_frame = payload->frame,
		                          .n_frames = 1};
		struct cursor in = cursor_of(payload->bytes, payload->len);
		if (!app_protocols[i]->datagram(&m->asked, &message, &in, payload->time_ns))
			continue;
		m->config.on_message(m->config.arg, &message);
		return;
	}
}
