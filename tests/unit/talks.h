/* talks.h: conversations for the tests of protocols: what both ends say, cut into segments in one
 * way or another, and the messages that come of it as lines of text. The client is 10.0.0.1:40000
 * (ISN 1000), the server 10.0.0.2 with the port at hand (ISN 4294967000: its numbers wrap). */
#ifndef WIRELAB_TESTS_TALKS_H
#define WIRELAB_TESTS_TALKS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "stream/messages.h"

enum { HEARD_SIZE = 1 << 17 };

struct said {
	enum side from;
	const char *bytes;
	size_t n;
};

#define SAYS(side, words)                                                                          \
	{                                                                                          \
		side, words, sizeof(words) - 1                                                     \
	}

/* Which members of a message the lines show. */
struct ear {
	bool fields, frames;
	char *heard; /* of HEARD_SIZE */
};

struct talking {
	struct messages *messages;
	struct ear ear;
	uint16_t port;
	uint32_t stream;
	uint32_t next[N_SIDES];
	uint64_t frame;
};

static inline void hear_message(void *arg, const struct message *m)
{
	const struct ear *ear = arg;
	struct text t = {.bytes = ear->heard, .len = strlen(ear->heard), .size = HEARD_SIZE};
	const char *name, *value;
	text_addf(&t, "%s %s %s (%llu)", side_name(m->from), m->protocol, m->kind,
	          (unsigned long long)m->length);
	text_add_char(&t, ' ');
	text_add_safe(&t, m->summary, strlen(m->summary));
	if (m->decrypted)
		text_add(&t, " decrypted");
	if (m->incomplete)
		text_add(&t, " incomplete");
	if (m->missing)
		text_addf(&t, " missing %llu", (unsigned long long)m->missing);
	if (m->trouble[0])
		text_addf(&t, " !%s", m->trouble);
	for (unsigned i = 0; ear->frames && i < m->n_frames_named; i++)
		text_addf(&t, "%s%llu", i ? "," : " @", (unsigned long long)m->frames[i]);
	if (ear->frames && m->request_frame)
		text_addf(&t, " <%llu", (unsigned long long)m->request_frame);
	text_add_char(&t, '\n');
	for (size_t at = 0; ear->fields && message_next(m, &at, &name, &value);) {
		text_addf(&t, "  %s=", name);
		text_add_safe(&t, value, strlen(value));
		text_add_char(&t, '\n');
	}
}

/* The same with keys for what is encrypted; NULL: none. */
static inline void talking_begin_with(struct talking *t, uint16_t port, struct secrets *secrets)
{
	*t = (struct talking){.port = port, .next = {1001, 4294967001}};
	t->ear.heard = calloc(1, HEARD_SIZE);
	assert_non_null(t->ear.heard);
	struct messages_config config = {
	        .on_message = hear_message, .arg = &t->ear, .secrets = secrets};
	t->messages = messages_new(&config);
	assert_non_null(t->messages);
}

static inline void talking_begin(struct talking *t, uint16_t port)
{
	talking_begin_with(t, port, NULL);
}

static inline void talking_free(struct talking *t)
{
	messages_free(t->messages);
	free(t->ear.heard);
}

static inline struct endpoint talker(const struct talking *t, enum side side)
{
	return (struct endpoint){.addr = {4, {10, 0, 0, side == CLIENT ? 1 : 2}},
	                         .port = side == CLIENT ? 40000 : t->port};
}

/* A segment with n bytes that begin at raw number `seq`; the capture has `captured` of them. The
 * bytes are copied to where the sanitizer sees each that is read beyond them. */
static inline void segment(struct talking *t, enum side from, uint32_t seq, const char *bytes,
                           size_t n, unsigned flags)
{
	struct segment s = {.stream = t->stream,
	                    .from = from,
	                    .src = talker(t, from),
	                    .dst = talker(t, side_other(from)),
	                    .seq_raw = seq,
	                    .ack_raw = t->next[side_other(from)],
	                    .flags = (uint16_t)(flags | TCP_ACK),
	                    .len = (uint32_t)n};
	s.after[CLIENT] = (struct tcb){.known = KNOWN_ISS, .iss = 1000};
	s.after[SERVER] = (struct tcb){.known = KNOWN_ISS, .iss = 4294967000};
	uint8_t *copy = malloc(n + 1);
	assert_non_null(copy);
	if (n > 0)
		memcpy(copy, bytes, n);
	struct payload p = {.bytes = copy,
	                    .len = (uint32_t)n,
	                    .wirelen = (uint32_t)n,
	                    .frame = ++t->frame,
	                    .time_ns = (int64_t)t->frame * NS_PER_MS};
	messages_segment(t->messages, &s, &p);
	free(copy);
}

/* The next n bytes of that end, in one segment. */
static inline void say_bytes(struct talking *t, enum side from, const char *bytes, size_t n)
{
	segment(t, from, t->next[from], bytes, n, TCP_PSH);
	t->next[from] += (uint32_t)n;
}

#define SAY(t, side, words) say_bytes(t, side, words, sizeof(words) - 1)

static inline void say_fin(struct talking *t, enum side from)
{
	segment(t, from, t->next[from]++, "", 0, TCP_FIN);
}

/* Bytes that the capture does not have. */
static inline void miss_bytes(struct talking *t, enum side from, size_t n)
{
	t->next[from] += (uint32_t)n;
}

/* How utterances become segments. */
enum cutting {
	CUT_WHOLE,     /* as they are */
	CUT_AT,        /* in two at byte `at` */
	CUT_SWAPPED,   /* the two halves in the wrong order */
	CUT_REPEATED,  /* each half comes twice, the second time together with the first half */
	CUT_BYTES,     /* a byte a segment */
	CUT_BACKWARDS, /* a byte a segment, the last one first */
	N_CUTTINGS
};

static inline void say_backwards(struct talking *t, const struct said *said)
{
	uint32_t first = t->next[said->from];
	for (size_t i = said->n; i > 0; i--)
		segment(t, said->from, first + (uint32_t)i - 1, said->bytes + i - 1, 1, 0);
	t->next[said->from] += (uint32_t)said->n;
}

static inline void say_cut(struct talking *t, const struct said *said, enum cutting how, size_t at)
{
	uint32_t first = t->next[said->from];
	size_t rest = said->n - at;
	t->next[said->from] += (uint32_t)said->n;
	if (how == CUT_SWAPPED)
		segment(t, said->from, first + (uint32_t)at, said->bytes + at, rest, 0);
	segment(t, said->from, first, said->bytes, at, 0);
	if (how == CUT_REPEATED)
		segment(t, said->from, first, said->bytes, at, 0);
	if (how != CUT_SWAPPED)
		segment(t, said->from, first + (uint32_t)at, said->bytes + at, rest, 0);
	if (how == CUT_REPEATED)
		segment(t, said->from, first, said->bytes, said->n, 0);
}

static inline void say(struct talking *t, const struct said *said, enum cutting how, size_t at)
{
	if (how == CUT_BACKWARDS)
		say_backwards(t, said);
	else if (how == CUT_BYTES)
		for (size_t i = 0; i < said->n; i++)
			say_bytes(t, said->from, said->bytes + i, 1);
	else if (how == CUT_WHOLE || at == 0 || at >= said->n)
		say_bytes(t, said->from, said->bytes, said->n);
	else
		say_cut(t, said, how, at);
}

/* Both ends close, and the connection is over. */
static inline void talking_close(struct talking *t)
{
	say_fin(t, CLIENT);
	say_fin(t, SERVER);
	messages_close(t->messages, t->stream);
}

/* The messages of a conversation, cut that way. The caller frees them. */
static inline char *messages_of(const struct said *said, size_t n, uint16_t port, bool fields,
                                enum cutting how, size_t at)
{
	struct talking t;
	talking_begin(&t, port);
	t.ear.fields = fields;
	for (size_t i = 0; i < n; i++)
		say(&t, &said[i], how, at);
	talking_close(&t);
	messages_free(t.messages);
	return t.ear.heard;
}

/* It gives exactly these messages, wherever it is cut and in whatever order the pieces come. */
static inline void assert_messages(const struct said *said, size_t n, uint16_t port, bool fields,
                                   const char *want)
{
	size_t longest = 0;
	for (size_t i = 0; i < n; i++)
		longest = said[i].n > longest ? said[i].n : longest;
	for (enum cutting how = CUT_WHOLE; how < N_CUTTINGS; how++) {
		bool in_two = how == CUT_AT || how == CUT_SWAPPED || how == CUT_REPEATED;
		for (size_t at = 1; at <= (in_two ? longest : 1); at++) {
			char *got = messages_of(said, n, port, fields, how, at);
			if (strcmp(got, want) != 0)
				print_error("cut in way %d at %zu\n", (int)how, at);
			assert_string_equal(got, want);
			free(got);
		}
	}
}

/* How many there are of an array. */
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

#endif
