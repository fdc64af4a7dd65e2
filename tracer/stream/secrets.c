/* secrets.c: a hash table of secrets by label and client random, grown on demand, and the reader of
 * key log lines. */
#include "stream/secrets.h"

#include <stdlib.h>
#include <string.h>

#include "stream/tls_crypto.h"

enum { LINE_SIZE = 512, N_BUCKETS = 1 << 14 };

struct entry {
	uint8_t label;
	uint8_t random[SECRET_RANDOM];
	struct secret secret;
	uint32_t chain; /* next in the bucket; numbers count from 1 */
};

struct secrets {
	struct entry *entries;
	uint32_t n, size;
	uint32_t next; /* place that is used anew, once all are in use */
	uint32_t buckets[N_BUCKETS];
	char line[LINE_SIZE];
	size_t line_len; /* LINE_SIZE: too long to be one */
	bool (*more)(void *arg);
	void *arg;
	struct tls_crypto *crypto;
};

static const char *const labels[N_SECRET_LABELS] = {
        [SECRET_MASTER] = "CLIENT_RANDOM",
        [SECRET_CLIENT_EARLY] = "CLIENT_EARLY_TRAFFIC_SECRET",
        [SECRET_CLIENT_HANDSHAKE] = "CLIENT_HANDSHAKE_TRAFFIC_SECRET",
        [SECRET_SERVER_HANDSHAKE] = "SERVER_HANDSHAKE_TRAFFIC_SECRET",
        [SECRET_CLIENT_TRAFFIC] = "CLIENT_TRAFFIC_SECRET_0",
        [SECRET_SERVER_TRAFFIC] = "SERVER_TRAFFIC_SECRET_0",
};

struct secrets *secrets_new(void)
{
	struct secrets *s = calloc(1, sizeof *s);
	if (!s)
		return NULL;
	s->crypto = tls_crypto_new();
	if (s->crypto)
		return s;
	free(s);
	return NULL;
}

void secrets_free(struct secrets *s)
{
	if (!s)
		return;
	tls_crypto_free(s->crypto);
	free(s->entries);
	free(s);
}

/* ---- the table ---- */

/* FNV-1a: the random is the client's choice, but then it only slows down itself. */
static uint32_t bucket_of(unsigned label, const uint8_t *random)
{
	uint32_t hash = 2166136261U ^ label;
	for (int i = 0; i < SECRET_RANDOM; i++)
		hash = (hash ^ random[i]) * 16777619U;
	return (hash ^ hash >> 16) % N_BUCKETS;
}

static struct entry *find(const struct secrets *s, unsigned label, const uint8_t *random)
{
	uint32_t i = s->buckets[bucket_of(label, random)];
	while (i && (s->entries[i - 1].label != label ||
	             memcmp(s->entries[i - 1].random, random, SECRET_RANDOM) != 0))
		i = s->entries[i - 1].chain;
	return i ? &s->entries[i - 1] : NULL;
}

static void unlink_entry(struct secrets *s, uint32_t number)
{
	struct entry *e = &s->entries[number - 1];
	uint32_t *at = &s->buckets[bucket_of(e->label, e->random)];
	while (*at != number)
		at = &s->entries[*at - 1].chain;
	*at = e->chain;
}

/* A free place, or the oldest. 0: no memory. */
static uint32_t place(struct secrets *s)
{
	enum { FIRST = 64 };
	if (s->n == SECRETS_MAX) {
		uint32_t oldest = s->next++ % SECRETS_MAX + 1;
		unlink_entry(s, oldest);
		return oldest;
	}
	if (s->n == s->size) {
		uint32_t size = s->size ? s->size * 2 : FIRST;
		struct entry *larger = reallocarray(s->entries, size, sizeof *larger);
		if (!larger)
			return 0;
		s->entries = larger;
		s->size = size;
	}
	return ++s->n;
}

static void add(struct secrets *s, const struct entry *entry)
{
	struct entry *known = find(s, entry->label, entry->random);
	if (known) {
		known->secret = entry->secret;
		return;
	}
	uint32_t number = place(s);
	if (!number)
		return;
	uint32_t *bucket = &s->buckets[bucket_of(entry->label, entry->random)];
	s->entries[number - 1] = *entry;
	s->entries[number - 1].chain = *bucket;
	*bucket = number;
}

/* ---- lines ---- */

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Bytes of the word of hexadecimal digits at *at, which is moved behind it and one blank. Their
 * number; 0: it is no such word, or longer than `most` bytes. */
static size_t take_hex(const char **at, uint8_t *bytes, size_t most)
{
	size_t n = 0;
	const char *p = *at;
	for (; hex_value(p[0]) >= 0 && hex_value(p[1]) >= 0; p += 2) {
		if (n == most)
			return 0;
		bytes[n++] = (uint8_t)((unsigned)hex_value(p[0]) << 4 | (unsigned)hex_value(p[1]));
	}
	if (*p != ' ' && *p != '\0')
		return 0;
	*at = *p ? p + 1 : p;
	return n;
}

static void read_line(struct secrets *s)
{
	struct entry entry = {0};
	size_t n = s->line_len;
	s->line_len = 0;
	if (n == LINE_SIZE)
		return;
	s->line[n] = '\0';
	const char *at = s->line + strcspn(s->line, " ");
	size_t word = (size_t)(at - s->line);
	for (unsigned label = 0; label < N_SECRET_LABELS && *at; label++) {
		if (strlen(labels[label]) != word || memcmp(labels[label], s->line, word) != 0)
			continue;
		at++;
		entry.label = (uint8_t)label;
		if (take_hex(&at, entry.random, SECRET_RANDOM) != SECRET_RANDOM)
			return;
		entry.secret.len = (uint8_t)take_hex(&at, entry.secret.bytes, SECRET_SIZE);
		if (entry.secret.len > 0)
			add(s, &entry);
		return;
	}
}

void secrets_feed(struct secrets *s, const char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (bytes[i] == '\n')
			read_line(s);
		else if (bytes[i] != '\r' && s->line_len < LINE_SIZE - 1)
			s->line[s->line_len++] = bytes[i];
		else if (bytes[i] != '\r')
			s->line_len = LINE_SIZE; /* until the line's end */
	}
}

void secrets_end(struct secrets *s)
{
	read_line(s);
}

/* ---- asking ---- */

void secrets_on_miss(struct secrets *s, bool (*more)(void *arg), void *arg)
{
	s->more = more;
	s->arg = arg;
}

bool secrets_grow(const struct secrets *s)
{
	return s->more != NULL;
}

bool secrets_look_again(struct secrets *s)
{
	return s->more && s->more(s->arg);
}

bool secrets_find(const struct secrets *s, enum secret_label label,
                  const uint8_t random[SECRET_RANDOM], struct secret *secret)
{
	const struct entry *found = find(s, label, random);
	if (found)
		*secret = found->secret;
	return found != NULL;
}

size_t secrets_count(const struct secrets *s)
{
	return s->n;
}

struct tls_crypto *secrets_crypto(const struct secrets *s)
{
	return s->crypto;
}
