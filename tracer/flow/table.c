/* table.c: a chained hash table over a pool of connections. Links are indices (index 0 is never a
 * connection), so that the pool can grow by blocks without moving anything. */
#include "flow/table.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCK = 256 }; /* connections in one allocation */

struct table {
	uint32_t max;
	uint64_t seed;
	struct conn **blocks;
	uint32_t n_blocks, max_blocks;
	uint32_t n_made;    /* indices handed out so far, 0 included */
	uint32_t free_list; /* chained through conn->chain */
	uint32_t *buckets;
	uint32_t bucket_mask;
	uint32_t oldest, newest;
	uint32_t count;
};

static struct conn *at(const struct table *t, uint32_t index)
{
	return &t->blocks[index / BLOCK][index % BLOCK];
}

/* The index is not stored: the bucket or the list that led here knows it, or the hash finds it. */
static uint32_t index_of(const struct table *t, const struct conn *conn)
{
	for (uint32_t i = t->buckets[conn->hash & t->bucket_mask]; i; i = at(t, i)->chain)
		if (at(t, i) == conn)
			return i;
	return 0;
}

static uint64_t mix(uint64_t h, uint64_t word)
{
	h = (h ^ word) * UINT64_C(0x9E3779B97F4A7C15);
	return h ^ h >> 29;
}

static uint64_t hash_end(uint64_t seed, const struct endpoint *e)
{
	uint64_t low, high;
	memcpy(&low, e->addr.bytes, sizeof low);
	memcpy(&high, e->addr.bytes + sizeof low, sizeof high);
	return mix(mix(mix(seed, low), high), (uint64_t)e->port << 8 | e->addr.version);
}

/* The same for both directions: the two ends' hashes are added. */
static uint32_t hash_pair(const struct table *t, const struct endpoint *a, const struct endpoint *b)
{
	uint64_t h = mix(t->seed, hash_end(t->seed, a) + hash_end(t->seed, b));
	return (uint32_t)(h >> 32);
}

static bool is_between(const struct conn *c, const struct endpoint *a, const struct endpoint *b)
{
	return (endpoint_equal(&c->ends[CLIENT], a) && endpoint_equal(&c->ends[SERVER], b)) ||
	       (endpoint_equal(&c->ends[CLIENT], b) && endpoint_equal(&c->ends[SERVER], a));
}

struct table *table_new(uint32_t max, uint64_t seed)
{
	struct table *t = calloc(1, sizeof *t);
	if (!t)
		return NULL;
	uint32_t buckets = 1024;
	while (buckets < max && buckets < 1U << 30)
		buckets *= 2;
	t->max = max;
	t->seed = seed;
	t->n_made = 1;
	t->bucket_mask = buckets - 1;
	t->max_blocks = max / BLOCK + 1;
	t->buckets = calloc(buckets, sizeof *t->buckets);
	t->blocks = calloc(t->max_blocks, sizeof(struct conn *));
	if (!t->buckets || !t->blocks) {
		table_free(t);
		return NULL;
	}
	return t;
}

void table_free(struct table *t)
{
	if (!t)
		return;
	for (uint32_t i = 0; i < t->n_blocks; i++)
		free(t->blocks[i]);
	free(t->blocks);
	free(t->buckets);
	free(t);
}

static void lru_unlink(struct table *t, const struct conn *c)
{
	if (c->lru_older)
		at(t, c->lru_older)->lru_newer = c->lru_newer;
	else
		t->oldest = c->lru_newer;
	if (c->lru_newer)
		at(t, c->lru_newer)->lru_older = c->lru_older;
	else
		t->newest = c->lru_older;
}

static void lru_append(struct table *t, struct conn *c, uint32_t index)
{
	c->lru_older = t->newest;
	c->lru_newer = 0;
	if (t->newest)
		at(t, t->newest)->lru_newer = index;
	else
		t->oldest = index;
	t->newest = index;
}

struct conn *table_find(struct table *t, const struct endpoint *a, const struct endpoint *b)
{
	uint32_t hash = hash_pair(t, a, b);
	for (uint32_t i = t->buckets[hash & t->bucket_mask]; i; i = at(t, i)->chain) {
		struct conn *c = at(t, i);
		if (c->hash != hash || !is_between(c, a, b))
			continue;
		if (t->newest != i) {
			lru_unlink(t, c);
			lru_append(t, c, i);
		}
		return c;
	}
	return NULL;
}

struct conn *table_victim(struct table *t)
{
	return t->count < t->max ? NULL : at(t, t->oldest);
}

/* A free index, making a new block when all are used; 0 without memory. */
static uint32_t take_index(struct table *t)
{
	uint32_t index = t->free_list;
	if (index) {
		t->free_list = at(t, index)->chain;
		return index;
	}
	if (t->n_made / BLOCK >= t->n_blocks) {
		struct conn *block =
		        t->n_blocks < t->max_blocks ? calloc(BLOCK, sizeof *block) : NULL;
		if (!block)
			return 0;
		t->blocks[t->n_blocks++] = block;
	}
	return t->n_made++;
}

struct conn *table_add(struct table *t, const struct endpoint *a, const struct endpoint *b)
{
	uint32_t index = t->count < t->max ? take_index(t) : 0;
	if (!index)
		return NULL;
	struct conn *c = at(t, index);
	*c = (struct conn){.ends = {*a, *b}, .hash = hash_pair(t, a, b)};
	uint32_t *bucket = &t->buckets[c->hash & t->bucket_mask];
	c->chain = *bucket;
	*bucket = index;
	lru_append(t, c, index);
	t->count++;
	return c;
}

void table_remove(struct table *t, struct conn *c)
{
	uint32_t index = index_of(t, c);
	uint32_t *link = &t->buckets[c->hash & t->bucket_mask];
	while (*link != index)
		link = &at(t, *link)->chain;
	*link = c->chain;
	lru_unlink(t, c);
	c->chain = t->free_list;
	t->free_list = index;
	t->count--;
}

struct conn *table_newer(struct table *t, const struct conn *c)
{
	uint32_t index = c ? c->lru_newer : t->oldest;
	return index ? at(t, index) : NULL;
}

uint32_t table_count(const struct table *t)
{
	return t->count;
}
