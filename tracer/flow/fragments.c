/* fragments.c: an unfinished datagram holds its bytes in blocks of one pool, and for each eight of
 * them (the unit of fragment offsets) a bit that says whether they have come. So a fragment is
 * stored unit by unit, wherever it belongs and however small the others are. */
#include "flow/fragments.h"

#include <stdlib.h>
#include <string.h>

enum {
	UNIT = 8,
	MOST = 65535, /* bytes of a datagram */
	BLOCK = 1024,
	BLOCK_UNITS = BLOCK / UNIT,
	BLOCKS_EACH = (MOST + BLOCK - 1) / BLOCK,
	N_BLOCKS = FRAGMENTS_BYTES / BLOCK,
	N_BUCKETS = 1024,
};

struct block {
	uint8_t bytes[BLOCK];
	uint8_t came[BLOCK_UNITS / 8]; /* one bit a unit */
};

/* Links and blocks are indices; 0 is none. */
struct datagram {
	struct addr src, dst;
	uint32_t id;
	uint8_t protocol; /* IPv4 only: in IPv6 it does not belong to the key */
	bool dropped;     /* IPv6 fragments overlapped: later ones are dropped too */
	uint16_t bucket, chain;
	uint16_t older, newer;
	int64_t start_ns;
	struct ip_header first; /* of the fragment at offset 0; src.version 0: has not come */
	uint32_t total;         /* bytes in all; 0: the last fragment has not come */
	uint32_t end;           /* the highest byte that came, plus one */
	uint32_t have;          /* bytes that came */
	uint32_t n_frames;
	uint64_t frames[FRAGMENTS_FRAMES];
	uint16_t blocks[BLOCKS_EACH];
};

struct fragments {
	uint64_t seed;
	void (*on_loss)(void *arg, const struct fragment_loss *loss);
	void *arg;
	uint64_t n_lost[LOSS_TRACE_ENDED + 1];
	struct datagram datagrams[FRAGMENTS_DATAGRAMS + 1];
	uint16_t buckets[N_BUCKETS];
	uint16_t oldest, newest, free_datagram;
	uint16_t n_blocks, n_free; /* blocks used once, and given back */
	uint16_t free_blocks[N_BLOCKS];
	uint8_t whole[BLOCKS_EACH * BLOCK]; /* the last complete datagram */
	struct block pool[N_BLOCKS + 1];
};

/* The pool's pages take real memory only once they are used. */
struct fragments *fragments_new(uint64_t seed,
                                void (*on_loss)(void *arg, const struct fragment_loss *loss),
                                void *arg)
{
	struct fragments *f = calloc(1, sizeof *f);
	if (!f)
		return NULL;
	f->seed = seed;
	f->on_loss = on_loss;
	f->arg = arg;
	f->free_datagram = 1;
	for (int i = 1; i < FRAGMENTS_DATAGRAMS; i++)
		f->datagrams[i].chain = (uint16_t)(i + 1);
	return f;
}

void fragments_free(struct fragments *fragments)
{
	free(fragments);
}

/* ---- blocks ---- */

static uint16_t block_take(struct fragments *f)
{
	uint16_t index = 0;
	if (f->n_free > 0)
		index = f->free_blocks[--f->n_free];
	else if (f->n_blocks < N_BLOCKS)
		index = ++f->n_blocks;
	if (index)
		memset(f->pool[index].came, 0, sizeof f->pool[index].came);
	return index;
}

static void blocks_give_back(struct fragments *f, struct datagram *d)
{
	for (size_t i = 0; i < BLOCKS_EACH; i++) {
		if (d->blocks[i])
			f->free_blocks[f->n_free++] = d->blocks[i];
		d->blocks[i] = 0;
	}
}

/* ---- datagrams ---- */

static uint64_t mix(uint64_t h, const void *bytes, size_t n)
{
	const uint8_t *at = bytes;
	for (size_t i = 0; i < n; i++)
		h = (h ^ at[i]) * UINT64_C(0x100000001B3);
	return h;
}

static uint16_t bucket_of(const struct fragments *f, const struct ip_header *ip)
{
	uint64_t h = mix(f->seed ^ UINT64_C(0xCBF29CE484222325), &ip->src, sizeof ip->src);
	h = mix(h, &ip->dst, sizeof ip->dst);
	h = mix(h, &ip->id, sizeof ip->id) ^ f->seed;
	return (uint16_t)((h ^ h >> 32) % N_BUCKETS);
}

/* RFC 791: source, destination, protocol and identification; RFC 8200: all but the protocol. */
static bool is_of(const struct datagram *d, const struct ip_header *ip)
{
	return d->id == ip->id && memcmp(&d->src, &ip->src, sizeof d->src) == 0 &&
	       memcmp(&d->dst, &ip->dst, sizeof d->dst) == 0 &&
	       (ip->src.version == 6 || d->protocol == ip->protocol);
}

static struct datagram *find(struct fragments *f, uint16_t bucket, const struct ip_header *ip)
{
	for (uint16_t i = f->buckets[bucket]; i; i = f->datagrams[i].chain)
		if (is_of(&f->datagrams[i], ip))
			return &f->datagrams[i];
	return NULL;
}

static void forget(struct fragments *f, struct datagram *d)
{
	uint16_t index = (uint16_t)(d - f->datagrams);
	uint16_t *link = &f->buckets[d->bucket];
	while (*link != index)
		link = &f->datagrams[*link].chain;
	*link = d->chain;
	*(d->older ? &f->datagrams[d->older].newer : &f->oldest) = d->newer;
	*(d->newer ? &f->datagrams[d->newer].older : &f->newest) = d->older;
	blocks_give_back(f, d);
	d->chain = f->free_datagram;
	f->free_datagram = index;
}

static void give_up(struct fragments *f, struct datagram *d, enum fragment_loss_reason reason)
{
	struct fragment_loss loss = {
	        .reason = reason,
	        .src = d->src,
	        .dst = d->dst,
	        .id = d->id,
	        .have = d->have,
	        .total = d->total,
	        .frame = d->frames[0],
	        .n_frames = d->n_frames,
	};
	bool was_told = d->dropped; /* when its fragments overlapped */
	forget(f, d);
	if (was_told)
		return;
	loss.count = ++f->n_lost[reason];
	if (f->on_loss)
		f->on_loss(f->arg, &loss);
}

/* Datagrams stand in the order in which they began. A clock that steps back makes none old. */
static void give_up_old(struct fragments *f, int64_t now)
{
	while (f->oldest) {
		struct datagram *d = &f->datagrams[f->oldest];
		if (now < d->start_ns || (uint64_t)now - (uint64_t)d->start_ns < FRAGMENTS_WAIT_NS)
			return;
		give_up(f, d, LOSS_TIMEOUT);
	}
}

static struct datagram *begin(struct fragments *f, uint16_t bucket, const struct ip_header *ip,
                              int64_t now)
{
	if (!f->free_datagram)
		give_up(f, &f->datagrams[f->oldest], LOSS_NO_ROOM);
	uint16_t index = f->free_datagram;
	struct datagram *d = &f->datagrams[index];
	f->free_datagram = d->chain;
	*d = (struct datagram){
	        .src = ip->src,
	        .dst = ip->dst,
	        .id = ip->id,
	        .protocol = ip->protocol,
	        .bucket = bucket,
	        .chain = f->buckets[bucket],
	        .older = f->newest,
	        .start_ns = now,
	};
	f->buckets[bucket] = index;
	*(f->newest ? &f->datagrams[f->newest].newer : &f->oldest) = index;
	f->newest = index;
	return d;
}

/* ---- one fragment ---- */

/* What it says of itself; false: it cannot be used, and the fate says why. */
static bool is_usable(const struct packet *packet, struct fragment_news *news)
{
	bool last = !packet->ip.more_fragments;
	if (packet->status != PACKET_OK || packet->payload_len < packet->payload_wirelen)
		news->fate = FRAGMENT_CUT;
	else if (news->len == 0)
		news->fate = FRAGMENT_EMPTY;
	else if (!last && (news->len < UNIT || (packet->ip.src.version == 6 && news->len % UNIT)))
		news->fate = FRAGMENT_UNEVEN;
	else if (news->len > MOST || news->at > MOST - news->len)
		news->fate = FRAGMENT_TOO_FAR;
	else
		return true;
	return false;
}

/* A datagram has one end: nothing lies behind it, and no second last fragment ends elsewhere. */
static bool fits_end(const struct datagram *d, const struct fragment_news *news, bool last)
{
	uint32_t end = news->at + news->len;
	if (d->total)
		return end <= d->total && (!last || end == d->total);
	return !last || end >= d->end;
}

/* Makes sure of a block for every unit; older datagrams make room. */
static bool make_room(struct fragments *f, struct datagram *d, uint32_t at, uint32_t end)
{
	for (uint32_t i = at / BLOCK; i <= (end - 1) / BLOCK; i++) {
		while (!d->blocks[i] && !(d->blocks[i] = block_take(f))) {
			struct datagram *victim = &f->datagrams[f->oldest];
			if (victim == d && d->newer)
				victim = &f->datagrams[d->newer];
			if (victim == d)
				return false; /* cannot be: one datagram is smaller than the pool */
			give_up(f, victim, LOSS_NO_ROOM);
		}
	}
	return true;
}

/* How the fragment lies on what is there. */
struct overlay {
	uint32_t old_bytes, different;
};

static struct overlay lay_over(struct fragments *f, const struct datagram *d, uint32_t at,
                               uint32_t end, const uint8_t *bytes)
{
	struct overlay o = {0, 0};
	for (uint32_t unit = at; unit < end; unit += UNIT) {
		const struct block *b = &f->pool[d->blocks[unit / BLOCK]];
		uint32_t in = unit % BLOCK, n = end - unit < UNIT ? end - unit : UNIT;
		if (!(b->came[in / UNIT / 8] >> in / UNIT % 8 & 1))
			continue;
		o.old_bytes += n;
		if (memcmp(b->bytes + in, bytes + (unit - at), n) != 0)
			o.different += n;
	}
	return o;
}

/* Keeps the units that had not come. A last unit may be short: nothing comes behind it. */
static void store(struct fragments *f, struct datagram *d, uint32_t at, uint32_t end,
                  const uint8_t *bytes)
{
	for (uint32_t unit = at; unit < end; unit += UNIT) {
		struct block *b = &f->pool[d->blocks[unit / BLOCK]];
		uint32_t in = unit % BLOCK, n = end - unit < UNIT ? end - unit : UNIT;
		uint8_t bit = (uint8_t)(1U << in / UNIT % 8);
		if (b->came[in / UNIT / 8] & bit)
			continue;
		memcpy(b->bytes + in, bytes + (unit - at), n);
		b->came[in / UNIT / 8] |= bit;
		d->have += n;
	}
	if (end > d->end)
		d->end = end;
}

static void note_frame(struct datagram *d, uint64_t frame)
{
	if (d->n_frames < FRAGMENTS_FRAMES)
		d->frames[d->n_frames] = frame;
	d->n_frames++;
}

/* RFC 8200 section 4.5 and RFC 5722: an IPv6 datagram whose fragments overlap is dropped, with what
 * comes later of it; a fragment that came twice is no overlap. IPv4 keeps what came first. */
static enum fragment_fate lay(struct fragments *f, struct datagram *d, const struct packet *packet,
                              struct fragment_news *news)
{
	const uint8_t *bytes = packet->data + packet->payload_at;
	uint32_t end = news->at + news->len;
	if (d->dropped)
		return FRAGMENT_OVERLAPS;
	if (!fits_end(d, news, !packet->ip.more_fragments))
		return FRAGMENT_END_DIFFERS;
	if (!make_room(f, d, news->at, end))
		return FRAGMENT_NO_ROOM;
	struct overlay o = lay_over(f, d, news->at, end, bytes);
	bool again = o.old_bytes == news->len && o.different == 0;
	if (packet->ip.src.version == 6 && o.old_bytes > 0 && !again) {
		d->dropped = true;
		blocks_give_back(f, d);
		return FRAGMENT_OVERLAPS;
	}
	news->conflicts = o.different > 0;
	store(f, d, news->at, end, bytes);
	if (!packet->ip.more_fragments)
		d->total = end;
	if (news->at == 0 && !d->first.src.version)
		d->first = packet->ip;
	return again ? FRAGMENT_REPEATS : FRAGMENT_KEPT;
}

static void copy_whole(struct fragments *f, const struct datagram *d)
{
	for (uint32_t at = 0; at < d->total; at += BLOCK)
		memcpy(f->whole + at, f->pool[d->blocks[at / BLOCK]].bytes, BLOCK);
}

static void tell(const struct datagram *d, struct fragment_news *news)
{
	news->have = d->have;
	news->total = d->total;
	news->n_frames = d->n_frames;
	memcpy(news->frames, d->frames, sizeof news->frames);
}

void fragments_add(struct fragments *f, const struct packet *packet, int64_t time_ns,
                   uint64_t frame, struct fragment_news *news)
{
	*news = (struct fragment_news){.at = packet->ip.fragment_at, .len = packet->payload_len};
	give_up_old(f, time_ns);
	if (!is_usable(packet, news))
		return;
	if (packet->ip.more_fragments)
		news->len -= news->len % UNIT; /* IPv4: bytes of no whole unit have no place */
	uint16_t bucket = bucket_of(f, &packet->ip);
	struct datagram *d = find(f, bucket, &packet->ip);
	if (!d)
		d = begin(f, bucket, &packet->ip, time_ns);
	note_frame(d, frame);
	news->fate = lay(f, d, packet, news);
	tell(d, news);
	if (d->dropped || !d->total || d->have < d->total)
		return;
	news->fate = FRAGMENT_COMPLETES;
	news->first = d->first;
	news->data = f->whole;
	copy_whole(f, d);
	forget(f, d);
}

void fragments_end(struct fragments *f)
{
	while (f->oldest)
		give_up(f, &f->datagrams[f->oldest], LOSS_TRACE_ENDED);
}
